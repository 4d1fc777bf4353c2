"""Pure functions that score texts, rankings and warnings. They read no file and call no model.

A score that is not defined for a case is None. How citations are scored is in
eval/citing.py, how scores are averaged in eval/stats.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from app.answer.schema import LEVELS

_MARKER = re.compile(r"\s*\[\d+\]")
_LIST = re.compile(r"^\s*(?:\d+\.|-)\s+", re.MULTILINE)


def normal(text: str) -> str:
    """Lower case, no citation markers, hyphens within words and line ends as blanks.

    A dash between blanks is punctuation and stays: a phrasing `no –` is held by "No – it
    does", not by every "not".
    """
    plain = _MARKER.sub("", _LIST.sub("", text)).casefold().replace("’", "'")
    joined = re.sub(r"(?<=\w)[-‐‑–](?=\w)", " ", plain)
    return " ".join(re.sub(r"[-‐‑–—]+", "–", joined).split())


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


def forbidden_found(text: str, forbidden: Sequence[str]) -> list[str]:
    """The forbidden statements that the text holds, as `holds` understands it."""
    return [statement for statement in forbidden if holds(text, [statement])]


def leaked(text: str, must_not_contain: Sequence[str]) -> list[str]:
    """What must not be in the text at all, not even inside a word; case does not matter."""
    plain = text.casefold()
    return [words for words in must_not_contain if words.casefold() in plain]


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant that stand among the first k; None if nothing is relevant."""
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant)) if relevant else None


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """One over the place of the first relevant; 0 if there is none in the ranking."""
    if not relevant:
        return None
    places = (place for place, name in enumerate(ranked, 1) if name in relevant)
    return next((1 / place for place in places), 0.0)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Discounted gain of the first k over that of the best possible order."""
    if not relevant:
        return None
    wanted = set(relevant)
    gain = sum(1 / math.log2(n + 1) for n, name in enumerate(ranked[:k], 1) if name in wanted)
    best = sum(1 / math.log2(n + 1) for n in range(1, min(k, len(wanted)) + 1))
    return gain / best


def warned_enough(expected: str, given: str) -> float | None:
    """Whether a message that needs a warning got one at least as urgent; else None."""
    if expected == "none":
        return None
    return float(LEVELS.index(given) >= LEVELS.index(expected))


def warned_needlessly(expected: str, given: str) -> float | None:
    """Whether a message that needs no warning got one; None if it needs one."""
    return float(given != "none") if expected == "none" else None
