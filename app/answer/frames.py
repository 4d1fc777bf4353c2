"""The few words of our own that may stand before quoted ones, and how to take them off.

Each is true whatever sentence follows: a frame says how the sentence bears on the
question or on the sentence before it, never anything about the world. Knows nothing of
how a frame is chosen, but for the rank of a study's design.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answer.evidence import LADDER, strength_of
from index.bank import Opening
from index.claim import Relation
from index.reference import Design, Reference

OPENINGS: dict[Opening, str] = {
    "yes": "Yes. ",
    "no": "No. ",
    "not quite": "Not quite. ",
    "unclear": "That is not clear. ",
}
"""Before the first sentence: what it comes to."""

_CALLED: dict[Design, str] = {
    "meta-analysis": "a meta-analysis",
    "systematic review": "a systematic review",
    "RCT": "a randomised trial",
    "guideline": "a guideline",
    "position stand": "a position stand",
    "cohort": "a cohort study",
    "cross-sectional": "a cross-sectional study",
    "EMG cross-sectional": "a study of muscle activity",
}
_TURN = {"contradicts": "disagrees", "nuances": "adds"}
_SETTLED = re.compile(
    r"\b(?:disagree|mixed|conflict\w*|no consensus|unclear|whether|unknown|uncertain)\b", re.I
)
SOUGHT = re.compile(r"^(?:Our|As far as our) search\b")
"""How a passage begins that tells for what no study was found: it needs no introduction."""

_FRAME = re.compile(
    "|".join(re.escape(frame) for frame in OPENINGS.values())
    + r"|(?:Stronger evidence(?:, [a-z -]+,)?|Another source) (?:disagrees|adds|is divided): "
)


def opening_frame(opening: Opening | None, sentence: str) -> str:
    """What comes before the first sentence; nothing where the sentence says so itself."""
    if opening is None or (opening == "unclear" and _SETTLED.search(sentence)):
        return ""
    return OPENINGS[opening]


def study_frame(relation: Relation, studies: Sequence[Reference], sentence: str) -> str:
    """What comes before a sentence on studies that question the claim of a coach's article.

    An article is expert opinion, the lowest rung, so any design above it is stronger.
    """
    if SOUGHT.search(sentence):
        return ""
    turn = "is divided" if _SETTLED.search(sentence) else _TURN[relation]
    if all(strength_of(study) == LADDER[-1] for study in studies):
        return f"Another source {turn}: "
    called = _CALLED.get(studies[0].design) if len(studies) == 1 else None
    return f"Stronger evidence, {called}, {turn}: " if called else f"Stronger evidence {turn}: "


def unframed(text: str) -> str:
    """A sentence of an answer without the frame before it: the words that were quoted."""
    found = _FRAME.match(text)
    return text[found.end() :] if found else text
