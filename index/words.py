"""The words of a text: tokens, stems, stop words, gym talk and the repair of typos.

Knows the English language a little and the corpus not at all, except for the
vocabulary and the slang that it is given. Shared by keyword search and by the gate, so that both
mean the same thing by "a word".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

STOP_WORDS = frozenset(
    """
    a about after again all also am an and any anyone anything are around as ask at b4 be because
    been before being but by can could did do does doing done for from get gets getting go goes
    going gonna got had has have having he her here hers him his how i if in into is isn it its
    just kind know let like lot make makes many maybe me mean much my need no not now of off ok
    okay on one only or our out over please pls really right said same say says see she should
    so some someone something sort still such tell than that the their them then there these they
    thing things think this those though to too u up us use very want was way we well were what
    whats when where which while who whom whose why will with without would yes you your yours
    ve ll re don doesn didn isn aren wasn won shouldn couldn wouldn im ive id s t d m
    actually anyway basically bit bro dude every ever guys hello help hey hi lol mate people
    person pretty quite sure thanks today try trying u ur whether wondering yeah
    """.split()
)
"""Words that say nothing about the subject of a question."""

_OPPOSITES = [
    group.split()
    for group in (
        "ab ad",
        "ante anti",
        "anterior posterior",
        "endo exo",
        "hyper hypo",
        "in ex",
        "infra inter intra",
        "internal external",
        "macro micro",
        "pre post",
        "sub super supra",
    )
]
"""Prefixes and words that look or sound alike and mean other things."""

_TOKEN = re.compile(r"[a-z0-9]+(?:[./][0-9]+)?")


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers: `Knees at 90°, don't` gives knees, at, 90, don, t."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def content_words(text: str) -> list[str]:
    """The tokens that carry the subject, in order."""
    return [token for token in tokens(text) if token not in STOP_WORDS]


def stems(words: Iterable[str]) -> list[str]:
    """Snowball stems: `thrusting` and `thrusts` become `thrust`."""
    return [_stem(word) for word in words]


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def in_plain_words(text: str, slang: Mapping[str, str]) -> str:
    """The text with gym talk replaced: `do HTs hit my hammies` asks about hip thrusts."""
    if not slang:
        return text
    # A match that is no entry is a meaning that stands there already.
    return _slang_pattern(tuple(slang.items())).sub(
        lambda found: slang.get(found[0].lower(), found[0]), text
    )


@lru_cache(maxsize=4)
def _slang_pattern(entries: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Entries, and meanings that hold their own entry: `glute bridges` has a `bridges` in it."""
    said = [(phrase, re.escape(phrase)) for phrase, _ in entries]
    said += [
        (meaning, r"\W+".join(map(re.escape, meaning.split())))
        for phrase, meaning in entries
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", meaning, re.I)
    ]
    said.sort(key=lambda pair: len(pair[0]), reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(pattern for _, pattern in said)})(?!\w)", re.I)


def _opposite(one: str, other: str) -> bool:
    """Whether two words begin with prefixes that turn a word into its opposite."""
    return any(
        mine != theirs and one.startswith(mine) and other.startswith(theirs)
        for group in _OPPOSITES
        for mine in group
        for theirs in group
    )


@lru_cache(maxsize=4)
def _by_initial(vocabulary: frozenset[str]) -> Mapping[str, Sequence[str]]:
    """Words by their first letter, in the order of the alphabet."""
    found: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        found.setdefault(word[0], []).append(word)
    return found


def repair(
    text: str,
    vocabulary: frozenset[str],
    english: frozenset[str],
    used: Mapping[str, int] = MappingProxyType({}),
) -> str:
    """Replace words that nobody spells that way by the closest word of the vocabulary.

    A word is left alone if it is short, is in the vocabulary or is English; and where
    no word of the vocabulary is near (Damerau-Levenshtein similarity below 0.75). It never
    becomes its opposite: `hypotension` is no typo of `hypertension`. Of equally near words the
    one most `used` is taken, then the first in the alphabet; between opposites none.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    initials = _by_initial(vocabulary)

    def mend(match: re.Match[str]) -> str:
        word = match[0]
        low = word.lower()
        if len(low) < 4 or low in vocabulary or low in english:
            return word
        near = [
            found
            for found in process.extract(
                low,
                [w for w in initials.get(low[0], ()) if abs(len(w) - len(low)) <= 2],
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=0.75,
                limit=None,
            )
            if not _opposite(found[0], low)
        ]
        nearest = [w for w, similarity, _ in near if similarity == near[0][1]]
        best = min(nearest, key=lambda w: (-used.get(w, 0), w), default=word)
        return word if any(_opposite(best, w) for w in nearest) else best

    return re.sub(r"[A-Za-z]+", mend, text)
