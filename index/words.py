"""The words of a text: tokens, stems, stop words and the repair of typos.

Knows the English language a little and the corpus not at all, except for the
vocabulary that it is given. Shared by keyword search and by the gate, so that both
mean the same thing by "a word".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
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


def repair(text: str, vocabulary: frozenset[str], english: frozenset[str]) -> str:
    """Replace words that nobody spells that way by the closest word of the vocabulary.

    A word is left alone if it is short, is in the vocabulary or is English; and where
    no word of the vocabulary is near (Damerau-Levenshtein similarity below 0.75).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    def mend(found: re.Match[str]) -> str:
        word = found[0]
        low = word.lower()
        if len(low) < 4 or low in vocabulary or low in english:
            return word
        best = process.extractOne(
            low,
            [w for w in vocabulary if abs(len(w) - len(low)) <= 2 and w[0] == low[0]],
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=0.75,
        )
        return best[0] if best else word

    return re.sub(r"[A-Za-z]+", mend, text)
