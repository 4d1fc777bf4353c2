"""What kind of answer a question calls for, read off its words.

Knows English question words and nothing of the corpus.
"""

from __future__ import annotations

import re
from typing import Literal

Shape = Literal["polar", "steps", "quantity", "open"]
"""polar: yes or no. steps: a procedure. quantity: a figure. open: everything else."""

_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|can|could|should|would|will|has|have|had|must|may|might"
    r"|shall)(?:n['’]?t)?"
)
_LEAD_IN = re.compile(
    r"^(?:(?:so|and|but|or|ok(?:ay)?|hey|hi|bro|well|then|um+|also|now|please|coach|quick question)"
    r"\b[ ,:-]*)+",
    re.IGNORECASE,
)
_TELLING = (
    r"(?:tell|explain|show|list|give|take|walk|talk|run|outline|describe|define|name|summari[sz]e"
    r"|sum|clarify|compare|break|help|say|point|remind|teach|share|spell|go (?:over|through))"
)
_POLAR = re.compile(rf"^(?:{_AUXILIARY})\b(?! (?:you|u) (?:please )?{_TELLING}\b)", re.IGNORECASE)
_TAG = re.compile(
    r"(?:,|\s[-–])\s*(?:right|correct|true|yes|yeah|no|or not|innit|am i right"
    rf"|{_AUXILIARY} (?:it|they|i|that|we|you))"
    r"\s*\?+\s*$|\b(?:is (?:that|this|it) (?:right|true|so|correct))\s*\?+\s*$",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b(?! (?:not|so|something|anything|whatever)\b)", re.IGNORECASE)
_STEPS = re.compile(
    r"\bhow (?:do|should|can|to|would|does)\b.*\b(?:do|perform|execute|set ?up|learn|start)\b"
    r"|\bsteps?\b|step[ -]by[ -]step|\binstructions?\b|\bwalk me through\b|\btake me through\b"
    r"|\bbeginning to end\b|\bwhole (?:movement|exercise)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\bhow (?:many|much|often|far|long|high|wide|heavy|big|large|deep|old|strong an? )\b"
    r"|\bwhat (?:angle|percentage|share|width|distance|number|height)\b"
    r"|\bwhat['’ ]?s the (?:angle|distance|width)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NEXT_QUESTION = re.compile(
    r"(?<=\?)\s+|(?:,|;)?\s+and (?=(?:also )?"
    r"(?:how|what|why|which|when|where|who|should|do|does|is|are|can)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^(?:how|what|which|who|{_AUXILIARY})\b|^(?:why|when|where)(?:['’]s\b|\b(?=.*\b{_AUXILIARY}\b))",
    re.IGNORECASE,
)
"""`When do I breathe out` asks; `when out`, after an `and`, has no verb of its own."""


def shape_of(question: str) -> Shape:
    """The kind of answer that the last sentence of the question calls for."""
    asked = _LEAD_IN.sub("", _SENTENCE_END.split(question.strip())[-1])
    if _TAG.search(asked):
        return "polar"
    if _POLAR.match(asked) and not _CHOICE.search(asked):
        return "polar"
    if _STEPS.search(asked):
        return "steps"
    return "quantity" if _QUANTITY.search(asked) else "open"


def questions_in(message: str) -> list[str]:
    """The questions of a message, where it asks several that stand alone; else the message."""
    parts = [_LEAD_IN.sub("", part).strip() for part in _NEXT_QUESTION.split(message.strip())]
    asking = [part for part in parts if _ASKS.match(part) and len(part.split()) >= MIN_WORDS]
    return asking if len(asking) > 1 and len(asking) == len([p for p in parts if p]) else [message]


MIN_WORDS = 3
"""A question shorter than this leans on what stands before it."""
