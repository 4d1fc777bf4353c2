"""Pure functions that score answers. They read no file and call no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKER = re.compile(r"\s*\[\d+\]")
_LIST = re.compile(r"^\s*(?:\d+\.|-)\s+", re.MULTILINE)


def normal(text: str) -> str:
    """Lower case, no citation markers, hyphens and line ends as blanks."""
    plain = _MARKER.sub("", _LIST.sub("", text)).casefold().replace("’", "'")
    return " ".join(re.sub(r"[-‐‑–]", " ", plain).split())


def holds(text: str, phrasings: Sequence[str]) -> bool:
    """Whether one of the phrasings starts at a word of the text.

    `activat` is held by "activates the glutes", `ham` not by "graham".
    """
    plain = normal(text)
    return any(re.search(rf"(?<!\w){re.escape(normal(phrasing))}", plain) for phrasing in phrasings)


def word_count(text: str) -> int:
    """Words a reader reads: markers of citations and lists do not count."""
    return len(_MARKER.sub("", _LIST.sub("", text)).split())


def fact_coverage(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Share of the required facts that the text holds; None if none is required."""
    return sum(holds(text, fact) for fact in facts) / len(facts) if facts else None


def exact_pass(
    text: str, facts: Sequence[Sequence[str]], forbidden: Sequence[str], max_words: int
) -> bool:
    """Every required fact, no forbidden statement, within the bound of words."""
    return (
        all(holds(text, fact) for fact in facts)
        and not any(holds(text, [statement]) for statement in forbidden)
        and word_count(text) <= max_words
    )
