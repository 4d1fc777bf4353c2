"""Groups of phrases in, the places where a message voices them out.

A phrase is words with blanks between them; every word stands for all its forms:

    numb|dead      one of these words
    (really)       a word that may be missing
    _   ..   ...   up to one, three or six words of any kind in the same sentence
    <leg>          any phrase of the group `leg`
    /3[89]/|fever  what the pattern matches, for numbers, or one of these words
    ^              the beginning of a sentence

Each phrase is a regular expression that is tried only where one of its words stands, so a
message costs little however many phrases there are. Gaps are bounded: no phrase can take
more than a few steps at a place. Knows nothing of rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.answer.triage_words import Words, base
from index.words import STOP_WORDS

_GAPS = {
    "^": r"(?:(?<=\A )|(?<=\. ))",
    "_": r"(?:[^ .,]+ )??",
    "..": r"(?:[^ .]+ ){0,3}?",
    "...": r"(?:[^ .]+ ){0,6}?",
}
_REFERENCE = re.compile(r"<([a-z-]+)>")

Place = tuple[int, int]
"""First word and the word after the last one."""


@dataclass(frozen=True)
class _Phrase:
    group: str
    pattern: re.Pattern[str]


class Phrasebook:
    """All groups, ready to be found in a message."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Compile the groups.

        Raises:
            ValueError: naming the group and phrase that is malformed.
        """
        self._groups = groups
        self._by_word: dict[str, list[_Phrase]] = {}
        self.words: set[str] = set()
        for group, phrases in groups.items():
            for phrase in phrases:
                try:
                    pattern = re.compile(f"(?<= ){self._pattern(phrase, (group,))}")
                except (ValueError, re.error, RecursionError) as error:
                    raise ValueError(f"group '{group}', phrase '{phrase}': {error}") from error
                compiled = _Phrase(group, pattern)
                for word in self._anchors(phrase):
                    self._by_word.setdefault(word, []).append(compiled)

    def find(self, words: Words) -> dict[str, list[Place]]:
        """Where each group is voiced, in the order of the message."""
        found: dict[str, set[Place]] = {}
        tried: set[int] = set()
        for stem in set(words.stems):
            for phrase in self._by_word.get(stem, ()):
                if id(phrase) in tried:
                    continue
                tried.add(id(phrase))
                for match in phrase.pattern.finditer(words.text):
                    first = words.places[match.start()]
                    place = (first, first + match[0].count(" "))
                    found.setdefault(phrase.group, set()).add(place)
        return {group: sorted(places) for group, places in found.items()}

    def _pattern(self, phrase: str, inside: tuple[str, ...]) -> str:
        parts = [self._element(element, inside) for element in _elements(phrase)]
        if not any(_solid(element) for element in _elements(phrase)):
            raise ValueError("it holds no word that must be there")
        return "".join(parts)

    def _element(self, element: str, inside: tuple[str, ...]) -> str:
        if element in _GAPS:
            return _GAPS[element]
        if element[0] == "(":
            return f"(?:{self._element(element[1:-1], inside)})?"
        if element[0] == "/":
            pattern, _, rest = element[1:].rpartition("/")
            others = f"|{self._element(rest[1:], inside).rstrip()}" if rest else ""
            return f"(?:{pattern}{others}) "
        if named := _REFERENCE.fullmatch(element):
            if named[1] not in self._groups:
                raise ValueError(f"there is no group '{named[1]}'")
            if named[1] in inside:
                raise ValueError(f"the group '{named[1]}' holds itself")
            within = (self._pattern(p, (*inside, named[1])) for p in self._groups[named[1]])
            return f"(?:{'|'.join(within)})"
        words = element.split("|")
        if not all(re.fullmatch(r"[a-z]+|\d+|[,.]", word) for word in words):
            raise ValueError(f"'{element}' is no word, gap or <group>")
        self.words.update(words)
        return f"(?:{'|'.join(sorted(map(re.escape, _forms(words))))}) "

    def _anchors(self, phrase: str) -> frozenset[str]:
        """Words of which one must stand in a message that voices the phrase."""
        choices = [self._openings(e) for e in _elements(phrase) if _solid(e) and e[0] != "/"]
        if not choices:
            raise ValueError(f"phrase '{phrase}': needs a word beside the pattern")
        return min(choices, key=lambda words: (bool(words & STOP_WORDS), len(words)))

    def _openings(self, element: str) -> frozenset[str]:
        if named := _REFERENCE.fullmatch(element):
            return frozenset().union(*map(self._anchors, self._groups[named[1]]))
        return frozenset(_forms(element.split("|")))


def _forms(words: Iterable[str]) -> set[str]:
    """The stems that words stand for: `leg` for both legs too, `legs` not for one."""
    found = set(map(base, words))
    return found | {"legs"} if "leg" in found else found


def _elements(phrase: str) -> Iterator[str]:
    return iter(phrase.split())


def _solid(element: str) -> bool:
    return element not in _GAPS and element[0] != "("
