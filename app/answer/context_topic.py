"""What a question is about, as words: its subject, and the whole of it as a clause.

"Does the tilt at the top protect my spine?" is about "the tilt at the top", and as a
clause it is "whether the tilt at the top does protect my spine". Knows no earlier turn.
"""

from __future__ import annotations

import re

from app.answer.context_grammar import AUXILIARY, as_question, bare, frame, plain, uncapitalised
from app.answer.context_subjects import mentions

_VERB = re.compile(
    r"\b(?:activat|affect|beat|build|burn|caus|chang|com|contribut|do|fix|giv|grow|happen|help|hit"
    r"|hurt|impair|improv|increas|involv|kill|lead|lower|mak|matter|mean|need|prevent|protect"
    r"|reduc|relat|rais|shift|slow|stop|strain|strengthen|support|target|train|transfer|treat"
    r"|us|work)(?:e|es|s|ing)?\b|\b(?:get|gets|be|go|goes|differ|count|ease|eases|fix|press)\b",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"\b(?:really |actually |that |so |very )*(?:a (?:good|bad|must|waste|myth)|bad|good|safe|okay"
    r"|ok|fine|normal|abnormal|dangerous|risky|enough|necessary|important|better|worse|best|worth"
    r"|useful|harmful|harder|easier|linked|real|suitable|kinder|right|wrong|effective)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:I|you|we|one|they|it|this|that|these|those|he|she|people|someone|anyone|there|beginners?"
    r"|newbies|women|men)\b",
    re.IGNORECASE,
)
_FELT = re.compile(r"I (?:(?:keep|always|only|just|mostly|still) )?(?:feel|get|feeling)\b", re.I)
_OF_STUDY = re.compile(
    r"(?:is|are|was) there (?:any |an? )?(?:good |real )?(?:study|studies|research"
    r"|evidence|science)"
    r" (?:of|on|about|for|in|behind)\s+",
    re.IGNORECASE,
)
_LONGEST = 8
"""Words of the longest subject."""


def subject_of(question: str) -> str | None:
    """The words that a yes/no question's verb belongs to, where it is no person; else None."""
    parts = frame(question)
    if parts is None or parts.ask.lower() not in {"", "why", "how", "what", "how much"}:
        return None
    to_be = parts.aux.lower() in {"is", "are", "was", "were"}
    start = next((m.end for m in mentions(parts.rest) if m.start <= len("the ")), 0)
    verb = (_QUALITY if to_be else _VERB).search(parts.rest, max(start, 1))
    if verb is None or _PERSON.match(parts.rest):
        return None
    words = parts.rest[: verb.start()].strip()
    return words if 0 < len(words.split()) <= _LONGEST else None


def whole(question: str) -> str:
    """A question with the auxiliary that it left out: "thrusts make you faster?"."""
    text = bare(plain(question))
    if frame(text) or re.search(rf"[,.;]\s.*\b{AUXILIARY}\b", text, re.IGNORECASE):
        return question
    if _FELT.match(text):
        return as_question(f"Why do {text}")
    first = next(iter(mentions(text)), None)
    if first is None or len(text[: first.start].split()) > 1:
        return question
    after = text[first.end :].lstrip()
    said = f"{uncapitalised(text[: first.end])} {after}"
    if first.plural and _VERB.match(after):
        return as_question(f"Do {said}")
    if _QUALITY.match(after) and not after.startswith("best"):
        return as_question(f"{'Are' if first.plural else 'Is'} {said}")
    return question


def as_clause(question: str) -> str:
    """A question within a sentence: "whether hip thrusts do make you faster", "how to breathe"."""
    text = _OF_STUDY.sub("", bare(whole(question)))
    parts = frame(text)
    if parts is None:
        return uncapitalised(text)
    person = _PERSON.match(parts.rest)
    subject = subject_of(text) or (person[0] if person else None)
    ask = uncapitalised(parts.ask) or "whether"
    if subject is None:
        named = next((m for m in mentions(parts.rest) if m.start <= len("the ")), None)
        if named is None:
            return uncapitalised(text)
        subject = parts.rest[: named.end]
    rest = parts.rest[len(subject) :].strip()
    aux = parts.aux.lower()
    if aux in {"do", "does"} and (ask != "whether" or subject[-1] == "s" or person):
        return f"{ask} {subject} {rest}".strip()
    return f"{ask} {subject} {aux} {rest}".strip()
