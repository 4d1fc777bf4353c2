"""A text in, what it names out: words, numbers with units, and phrases of the lexicon.

Everything carries the number of the word at which it stands, so that two texts can be
laid side by side. Knows nothing of claims and passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.answer import lexicon
from index.words import STOP_WORDS, stems

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z0-9\"“(])|\n+")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+", re.M)
_LABELS = frozenset("lane plan week day phase level type group number step stage part".split())
"""What is numbered: "lane one" is a number, "that one" is none."""
_SMALL = STOP_WORDS | frozenset("did says said per each both".split())


@dataclass(frozen=True)
class Quantity:
    """A number: `5 cm` is 5, of dimension length, 50 in the smallest unit (mm)."""

    value: float
    dimension: str
    base: float
    at: int
    text: str


@dataclass(frozen=True)
class Term:
    """A phrase of the lexicon: `hammies` is of kind muscle with the value hamstrings."""

    kind: str
    value: str
    at: int
    text: str


@dataclass(frozen=True)
class Reading:
    """What one text names."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    terms: tuple[Term, ...]

    @property
    def content(self) -> tuple[tuple[int, str], ...]:
        """The stems that carry meaning, each with the number of its word."""
        return tuple(
            (n, stem)
            for n, (word, stem) in enumerate(zip(self.words, self.stems, strict=True))
            if word not in _SMALL and not word.isdigit() and len(word) > 1
        )

    def values(self, kind: str) -> frozenset[str]:
        """The values of one kind that the text names."""
        return frozenset(term.value for term in self.terms if term.kind == kind)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Find words, quantities and terms."""
    words = tuple(_words(text))
    return Reading(words, tuple(stems(words)), tuple(_quantities(words)), tuple(_terms(words)))


@lru_cache(maxsize=1024)
def sentences(passage: str) -> tuple[str, ...]:
    """The sentences and list items of a passage."""
    plain = _LIST_MARKER.sub("", passage)
    return tuple(s.strip() for s in _SENTENCE_END.split(plain) if s and s.strip())


def _words(text: str) -> list[str]:
    known = lexicon.phrases()
    found: list[str] = []
    for word in lexicon.WORD.findall(text.lower().replace("’", "'")):
        whole = word.removesuffix("'s")
        if "-" in whole and whole not in known:
            found += whole.split("-")
        else:
            found.append(whole)
    return found


def _terms(words: tuple[str, ...]) -> list[Term]:
    """The longest phrases first, each word in one phrase only."""
    known, longest = lexicon.phrases(), lexicon.longest()
    found: list[Term] = []
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in known:
                found += [Term(kind, value, at, phrase) for kind, value in known[phrase]]
                at += length
                break
        else:
            at += 1
    return found


def _quantities(words: tuple[str, ...]) -> list[Quantity]:
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        quantity, used = _quantity(words, at)
        if quantity is not None:
            found.append(quantity)
        at += max(used, 1)
    return found


def _quantity(words: tuple[str, ...], at: int) -> tuple[Quantity | None, int]:
    """The number that starts at a word, and how many words it takes."""
    for length in (5, 4, 3, 2, 1):
        phrase = " ".join(words[at : at + length])
        if phrase in lexicon.SET_PHRASES and len(words[at : at + length]) == length:
            value, unit = lexicon.SET_PHRASES[phrase]
            return _made(value, unit, at, phrase), length
    value, used = _plain_number(words, at)
    if used == 0:
        return None, 1
    end = at + used
    share, taken = _share(words, value, end)
    if share is not None:
        return _made(share, "%", at, " ".join(words[at : end + taken])), used + taken
    if end < len(words) and words[end] in lexicon.PARTS and value < lexicon.PARTS[words[end]]:
        share = 100 * value / lexicon.PARTS[words[end]]
        return _made(share, "%", at, " ".join(words[at : end + 1])), used + 1
    for skip in (0, 1):
        unit = words[end + skip] if end + skip < len(words) else ""
        if unit in lexicon.UNITS and (
            skip == 0 or words[end] in {"full", "more", "fewer", "whole"}
        ):
            text = " ".join(words[at : end + skip + 1])
            return _made(value, unit, at, text), used + skip + 1
    if value == 1 and not words[at][0].isdigit() and words[at - 1 if at else 0] not in _LABELS:
        return None, 1  # "one" is mostly a pronoun
    return _made(value, "", at, " ".join(words[at:end])), used


def _share(words: tuple[str, ...], value: float, end: int) -> tuple[float | None, int]:
    """`four out of five`, `one in ten`, `23 in a hundred`: a share, and the words it takes."""
    for between in (("out", "of"), ("in", "every"), ("in", "a"), ("in",)):
        after = end + len(between)
        if words[end:after] == between and after < len(words):
            if words[after] == "hundred":
                return value, len(between) + 1
            whole, used = _plain_number(words, after)
            if used and value < whole <= 100:
                return 100 * value / whole, len(between) + used
    return None, 0


def _made(value: float, unit: str, at: int, text: str) -> Quantity:
    dimension, factor = lexicon.UNITS.get(unit, ("", 1.0))
    return Quantity(value, dimension, value * factor, at, text)


def _plain_number(words: tuple[str, ...], at: int) -> tuple[float, int]:
    """Digits or number words: `two hundred and four`, `five and a half thousand`."""
    word = words[at]
    if word[0].isdigit():
        value, used = float(word.replace(",", "")), 1
        if at + 1 < len(words) and words[at + 1] == "thousand":
            return value * 1000, 2
        return value, used
    total, current, used = 0.0, 0.0, 0
    while at + used < len(words):
        word = words[at + used]
        if word in lexicon.TENS:
            current += lexicon.TENS[word]
        elif word in lexicon.ONES:
            if used and words[at + used - 1] in lexicon.ONES:
                break
            current += lexicon.ONES[word]
        elif word in {"hundred", "thousand"} and (used or _is_a(words, at)):
            factor = 100 if word == "hundred" else 1000
            current = max(current, 1) * factor
            if word == "thousand":
                total, current = total + current, 0
        elif used and word == "and" and at + used + 1 < len(words):
            following = words[at + used + 1]
            if following == "a" and words[at + used + 2 : at + used + 3] == ("half",):
                current += 0.5
                used += 2
            elif not (words[at + used - 1] == "hundred" and _is_number(following)):
                break
        else:
            break
        used += 1
    return total + current, used


def _is_a(words: tuple[str, ...], at: int) -> bool:
    return at > 0 and words[at - 1] in {"a", "one"}


def _is_number(word: str) -> bool:
    return word in lexicon.ONES or word in lexicon.TENS
