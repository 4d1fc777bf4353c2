"""Just enough English grammar to take a question apart and to put another together.

A frame is question word, auxiliary and the rest: "how far apart | should | my feet be".
Knows nothing of glutes and nothing of what was said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|am|can|could|should|shall|will|would|may|might|must|has|have"
    r"|don't|doesn't|isn't|aren't|can't|couldn't|shouldn't|won't|wouldn't)"
)
QUESTION_WORD = r"(?:what|which|who|whom|whose|where|when|why|how)"
_SOMEBODY = r"(?:I|you|we|one|they|people|someone|anyone|beginners?|women|men|my client)"
_FRAME = re.compile(
    rf"(?P<ask>{QUESTION_WORD}(?:\s+(?!(?:if|that)\b)[\w'-]+){{0,4}}?)?\s*\b(?P<aux>{AUXILIARY})\s+"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\b(?:should|can|could|must|may|might|would|will|shall|do|does|did)\s+"
    rf"{_SOMEBODY}\s+(?:have to\s+|need to\s+)?(?!(?:be|have|do)\b)(?P<doing>[a-z]+\b.*)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
_CONTRACTED = re.compile(r"\b(what|who|where|when|why|how|that|it|there|here)'s\b", re.IGNORECASE)
_PLURAL_CONTRACTED = re.compile(r"\b(they|we|you|these|those)'re\b", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:(?:give|show|send|drop|set|list|write|find|recommend)\s+(?:me|us)|(?:walk|talk"
    r"|take) me through|translate)\b",
    re.IGNORECASE,
)
_PROPER = re.compile(
    r"(?:I|I'[a-z]+|Bulgarian|Romanian|Olympic|American|Smith|Nordic|[A-Z]{2,}\w*)$"
)

ONE_OR_MANY = {
    "does": "do",
    "is": "are",
    "was": "were",
    "has": "have",
    "doesn't": "don't",
    "isn't": "aren't",
}
_MANY_OR_ONE = {many: one for one, many in ONE_OR_MANY.items()}


@dataclass(frozen=True)
class Frame:
    """A question in its three parts; `ask` is empty for a yes/no question."""

    ask: str
    aux: str
    rest: str


def plain(text: str) -> str:
    """Straight apostrophes, and "what's" written as "what is"."""
    text = _CONTRACTED.sub(r"\1 is", text.replace("’", "'"))
    return _PLURAL_CONTRACTED.sub(r"\1 are", text)


def bare(text: str) -> str:
    """Without the marks around it."""
    return text.strip(" \t?!.,;:-–—…\"'")


def sentences(text: str) -> list[str]:
    """The sentences of a message."""
    return [part for part in _SENTENCE_END.split(text) if bare(part)]


def frame(question: str) -> Frame | None:
    """The parts of a question, or None if it is not built that way."""
    found = _FRAME.fullmatch(bare(question))
    if found is None:
        return None
    return Frame((found["ask"] or "").strip(), found["aux"], found["rest"])


def doing(question: str) -> str | None:
    """What somebody does, in the infinitive: "pause at the top" of "Should I pause ...?"."""
    parts = frame(question)
    if parts is None or parts.ask.lower().startswith(("what", "which", "who")):
        return None
    found = _DOING.search(f"{parts.aux} {parts.rest}")
    return found["doing"] if found else None


def is_order(text: str) -> bool:
    """Whether it tells somebody to do something: "give me a plan"."""
    return bool(_ORDER.match(text))


def is_clause(text: str) -> bool:
    """Whether there is a verb with its subject, as far as a list of small words can tell."""
    return bool(
        re.match(rf"(?:{QUESTION_WORD}|{AUXILIARY})\b", text, re.IGNORECASE)
        or re.search(
            rf"\b(?:{AUXILIARY}|I'm|it's|needs?|makes?|feels?|hurts?|tell|explain)\b", text
        )
        or re.search(r"\b(?:I|you|we|they|he|she|it)\s+[a-z]+", text)
    )


def as_question(text: str) -> str:
    """With a capital letter and one mark at its end."""
    core = " ".join(bare(text).split())
    core = re.sub(r"\s+([,.?!;:])", r"\1", core)
    core = re.sub(r"\bi\b(?=$|[\s'])", "I", core)
    mark = "." if re.match(r"(?:tell|explain|describe)\b", core, re.IGNORECASE) else "?"
    return f"{core[:1].upper()}{core[1:]}{mark}" if core else ""


def uncapitalised(text: str) -> str:
    """To go on within a sentence; "I" and names keep their capitals."""
    first = text.split(" ", 1)[0]
    return text if _PROPER.match(first) else text[:1].lower() + text[1:]


def asking(word: str, question: str) -> str:
    """Another question word to the same matter: "why" and "Should I pause?" give "Why should I
    pause?"."""
    core = bare(plain(question))
    parts = frame(core)
    if parts is None or re.match(r"(?:why|how come)\b", parts.ask, re.IGNORECASE):
        if parts is not None and word.lower().startswith("why"):
            return as_question(core)
        if parts is not None:
            return as_question(f"{word} {parts.aux} {parts.rest}")
        return as_question(f"{word}: {uncapitalised(core)}")
    ask, aux, rest = parts.ask.lower(), parts.aux.lower(), parts.rest
    if ask and aux in {"is", "are", "was", "were"} and not ask.startswith(("how", "where", "when")):
        return as_question(f"{word}: {uncapitalised(core)}")
    if word.lower().startswith("why"):
        rest = _with_what_was_asked(ask, rest)
    return as_question(f"{word} {aux} {rest}")


def _with_what_was_asked(ask: str, rest: str) -> str:
    """The rest of a question, with "that" in the place of what it asked for."""
    if ask == "what":
        return re.sub(r"\b(do|doing)\b(?! (?:that|it|this)\b)", r"\1 that", rest, count=1)
    if noun := re.fullmatch(r"what (angle|height|width|distance|speed|position)", ask):
        return re.sub(r"\bbe\b", f"be at that {noun[1]}", rest, count=1)
    counted = re.match(r"how (many|much)\b ?(.*)", ask)
    if counted:
        return f"{rest} that {counted[1]} {counted[2]}".strip()
    degree = re.match(r"how (?!often|long|do)(.+)", ask)
    return f"{rest} that {degree[1]}" if degree else rest


def agreeing(before: str, plural: bool) -> str:
    """The words before a subject, their last verb in its number: "What does" → "What do"."""
    table = ONE_OR_MANY if plural else _MANY_OR_ONE
    return re.sub(
        r"\b([a-z']+)(\s+)$",
        lambda found: table.get(found[1].lower(), found[1]) + found[2],
        before,
        flags=re.IGNORECASE,
    )


def agreeing_after(after: str, plural: bool) -> str:
    """The words after a subject, their first verb in its number."""
    table = ONE_OR_MANY if plural else _MANY_OR_ONE
    return re.sub(
        r"^(\s+)([a-z']+)\b",
        lambda found: found[1] + table.get(found[2].lower(), found[2]),
        after,
        flags=re.IGNORECASE,
    )
