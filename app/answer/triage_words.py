"""A message in, the words that safety rules are matched against out.

Lower case, contractions joined (`can't`, `can not` and `cant` are one word), irregular
forms and endings taken off, typos mended towards the words of the rules. Punctuation
stays as `.` between sentences and `,` inside them. Knows the English language a little
and no rule's meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.words import stems

SENTENCE_END = "."
PAUSE = ","

_IRREGULAR = {
    form: base
    for base, forms in {
        "bleed": "bled",
        "break": "broke broken broked",
        "burst": "bursted",
        "fall": "fell fallen",
        "feel": "felt feelin",
        "find": "found",
        "get": "got gotten gettin gets",
        "give": "gave given",
        "go": "went gone going goes gonna goin",
        "have": "had has having hav",
        "lie": "lying lay laying lies",
        "lose": "lost losing loses loosing",
        "poo": "pooed pooing poos",
        "run": "ran",
        "see": "saw seen",
        "shit": "shat shitting",
        "swell": "swollen swole swelled",
        "take": "took taken taking takes",
        "tear": "tore torn",
        "throw": "threw thrown",
        "wake": "woke woken waking wakes",
        "wear": "wore worn",
        "feet": "foot",
        "tooth": "teeth",
        "keep": "kept",
        "hold": "held",
        "stand": "stood",
        "sit": "sat",
        "stick": "stuck",
        "drink": "drank drunk",
        "eat": "ate eaten",
        "die": "dead dying died dies",
        "bit": "bitten",
        "achi": "achey achy achie",
        "mum": "mom mam mummy mommy mama",
        "urin": "urine urinating urinate urination",
    }.items()
    for form in forms.split()
}
_SPELLINGS = {
    "&": "and",
    "n": "and",
    "ur": "your",
    "u": "you",
    "cnt": "cant",
    "cannot": "cant",
    "dnt": "dont",
    "cudnt": "couldnt",
    "cud": "could",
    "shud": "should",
    "wud": "would",
    "wen": "when",
    "wat": "what",
    "wot": "what",
    "wats": "whats",
    "cos": "because",
    "coz": "because",
    "cuz": "because",
    "bc": "because",
    "bak": "back",
    "tho": "though",
    "pls": "please",
    "plz": "please",
    "yr": "year",
    "yrs": "years",
    "yo": "year",
    "wk": "week",
    "wks": "weeks",
    "mth": "month",
    "mths": "months",
    "mo": "month",
    "hrs": "hours",
    "gluts": "glutes",
    "nee": "knee",
    "nees": "knees",
    "hammy": "hamstring",
    "hammie": "hamstring",
    "hammies": "hamstrings",
    "hams": "hamstrings",
    "aint": "isnt",
    "kg": "kilo",
    "kgs": "kilo",
    "meds": "medicine",
    "medication": "medicine",
    "medications": "medicine",
    "preggers": "pregnant",
    "preggo": "pregnant",
    "prego": "pregnant",
    "temp": "temperature",
    "bleedin": "bleeding",
    "hurtin": "hurting",
    "achin": "aching",
    "pukin": "puking",
}
_WHOLE = {"legs"}
"""Words that keep their ending: both legs are another matter than one."""
_SPLIT = {
    "can not": "cant",
    "could not": "couldnt",
    "do not": "dont",
    "does not": "doesnt",
    "did not": "didnt",
    "is not": "isnt",
    "are not": "arent",
    "was not": "wasnt",
    "were not": "werent",
    "have not": "havent",
    "has not": "hasnt",
    "had not": "hadnt",
    "will not": "wont",
    "would not": "wouldnt",
    "should not": "shouldnt",
    "i am": "im",
    "i have": "ive",
    "pins & needles": "pins and needles",
    "a & e": "hospital",
    "x ray": "xray",
}
_JOIN = re.compile(rf"\b(?:{'|'.join(_SPLIT)})\b")
_TOKEN = re.compile(r"\d+(?:[.:]\d+)?|[a-z]+(?:'[a-z]+)*|&|[.!?;:\n,()]|[—–]| - ")
_STOPS = {".", "!", "?", ";", "\n", ":"}
_LONG = re.compile(r"([a-z])\1{2,}")
_MEND_FROM = 4


@dataclass(frozen=True)
class Words:
    """A message as stems, with the number of the sentence that each stands in."""

    stems: tuple[str, ...]
    sentence: tuple[int, ...]
    text: str
    """The stems with one blank before and after each."""
    places: Mapping[int, int]
    """Offset in `text` of each stem's first letter, to its number."""


def read(text: str, mend: Callable[[str], str]) -> Words:
    """Cut a message into words; `mend` spells an unknown word as one that it knows."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("`", "'")
    plain = _LONG.sub(r"\1\1", plain).replace("...", ", ").replace("…", ", ")
    plain = plain.replace("'", "")
    plain = _JOIN.sub(lambda found: _SPLIT[found[0]], plain)
    found: list[str] = []
    sentence: list[int] = []
    number = 0
    for token in _TOKEN.findall(plain):
        if token in _STOPS:
            if found and found[-1] != SENTENCE_END:
                found.append(SENTENCE_END)
                sentence.append(number)
                number += 1
        elif token[0].isalnum() or token[0] == "&":
            found.append(base(mend(token)))
            sentence.append(number)
        elif found and found[-1] not in {PAUSE, SENTENCE_END}:
            found.append(PAUSE)
            sentence.append(number)
    if found and found[-1] != SENTENCE_END:
        found.append(SENTENCE_END)
        sentence.append(number)
    offset, places = 1, {}
    for position, stem in enumerate(found):
        places[offset] = position
        offset += len(stem) + 1
    return Words(tuple(found), tuple(sentence), f" {' '.join(found)} ", places)


@lru_cache(maxsize=16_384)
def base(word: str) -> str:
    """The form in which a word is compared: `swollen`, `swelling` and `swells` are one."""
    word = _SPELLINGS.get(word, word)
    if word in _WHOLE:
        return word
    word = _IRREGULAR.get(word, word)
    if word[0].isdigit():
        return word
    stem = stems((word,))[0]
    return _IRREGULAR.get(stem, stem)


def mender(words: Iterable[str], correct: Iterable[str]) -> Callable[[str], str]:
    """A function that mends typos of `words`, and leaves `correct` and short words alone.

    Words of four letters are mended if two neighbours are swapped, up to seven if one slip
    away, longer ones if two slips away. The first letter must be right.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    targets = sorted({word for word in words if len(word) >= _MEND_FROM and word.isalpha()})
    known = {base(word) for word in words}
    left = frozenset(correct)
    buckets: dict[str, list[str]] = {}
    for word in targets:
        buckets.setdefault(word[0], []).append(word)

    @lru_cache(maxsize=16_384)
    def mend(word: str) -> str:
        if len(word) < _MEND_FROM or word in left or base(word) in known or not word.isalpha():
            return word
        if (single := re.sub(r"(.)\1", r"\1", word)) != word and base(single) in known:
            return single
        slips = 2 if len(word) >= 8 else 1
        near = process.extractOne(
            word,
            [w for w in buckets.get(word[0], ()) if abs(len(w) - len(word)) <= slips],
            scorer=OSA.distance,
            score_cutoff=slips,
        )
        if near is None:
            return word
        swapped = sorted(near[0]) == sorted(word)
        return str(near[0]) if swapped or min(len(word), len(near[0])) > _MEND_FROM else word

    return mend
