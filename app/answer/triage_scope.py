"""What of a message is meant: not what is denied, long over, feared or asked in general.

Works on places that groups of phrases were found at. Groups of the safety rules, named in
GROUPS, say which words make a scope; this module says how far a scope reaches. Knows
nothing of how urgent anything is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.answer.triage_phrases import Place
from app.answer.triage_words import PAUSE, SENTENCE_END, Words

GROUPS = (
    "idiom",
    "denial",
    "no-denial",
    "denial-end",
    "past",
    "over",
    "still",
    "fear",
    "person",
    "general",
    "lookup",
    "own-case",
    "premise",
    "symptom",
)
"""Groups that the safety rules must have for the scopes."""

DENIAL_REACH = 9
FEAR_REACH = 7
OVER_REACH = 9

Found = Mapping[str, Sequence[Place]]


@dataclass(frozen=True)
class Scopes:
    """Numbers of the words under each scope."""

    idiom: frozenset[int]
    denied: frozenset[int]
    past: frozenset[int]
    feared: frozenset[int]
    general: frozenset[int]
    lookup: frozenset[int]
    over: tuple[int, ...]
    sentence: tuple[int, ...]

    def meant(self, place: Place, *, urgent: bool, lasting: bool, always: bool) -> bool:
        """Whether the words at a place are voiced as something that is so.

        Args:
            place: Where they stand.
            urgent: An emergency is not called off by a general tone or by "gone now".
            lasting: A matter that the past does not end, like an illness.
            always: A matter that is meant however generally or fearfully it is voiced.
        """
        first, last = place[0], place[1] - 1
        if first in self.denied or any(n in self.idiom for n in range(*place)):
            return False
        if not always and (first in self.feared or first in self.lookup):
            return False
        if first in self.past and not lasting:
            return False
        if urgent:
            return True
        if first in self.general:
            return False
        return lasting or not any(
            last < n <= last + OVER_REACH and self.sentence[n] == self.sentence[first]
            for n in self.over
        )


def scopes(words: Words, found: Found) -> Scopes:
    """Find the scopes of a message."""
    sentences = _sentences(words)
    supposed = {n for place in found.get("premise", ()) for n in range(*place)}
    people = _starts(found, "person") - supposed
    own = _starts(found, "own-case")
    still = _starts(found, "still")
    over = _starts(found, "over")
    general: set[int] = set()
    lookup: set[int] = set()
    past: set[int] = set()
    for number, sentence in enumerate(sentences):
        span = set(sentence)
        after = set(sentences[number + 1]) if number + 1 < len(sentences) else set()
        if (found_past := span & _starts(found, "past")) and not span & still:
            past |= span
            if (span | after) & over and not after & still:
                past |= {n for n in after if after & over}
        elif found_past and span & over:
            past |= span
        if span & _starts(found, "lookup") and not span & people:
            lookup |= span
        if span & _starts(found, "general") and not span & (people | own):
            general |= span
    return Scopes(
        idiom=frozenset(n for place in found.get("idiom", ()) for n in range(*place)),
        denied=frozenset(_denied(words, found)),
        past=frozenset(past),
        feared=frozenset(
            n
            for _, end in found.get("fear", ())
            for n in _reach(words, end, FEAR_REACH, frozenset())
        ),
        general=frozenset(general),
        lookup=frozenset(lookup),
        over=tuple(sorted(over)),
        sentence=words.sentence,
    )


def _starts(found: Found, group: str) -> set[int]:
    return {first for first, _ in found.get(group, ())}


def _sentences(words: Words) -> list[list[int]]:
    found: list[list[int]] = []
    for position, number in enumerate(words.sentence):
        if number == len(found):
            found.append([])
        found[number].append(position)
    return found


def _denied(words: Words, found: Found) -> set[int]:
    """Words after a denial, up to the end of what it denies."""
    pretended = {n for place in found.get("no-denial", ()) for n in range(*place)}
    ends = frozenset(_starts(found, "denial-end"))
    symptoms = _starts(found, "symptom")
    denied: set[int] = set()
    for first, end in found.get("denial", ()):
        if first not in pretended:
            reach = _reach(words, end, DENIAL_REACH, ends)
            pause = next((n for n in reach if words.stems[n] == PAUSE), reach.stop)
            # "No pain, numbness" denies both; "no warm-up, chest pain" denies no pain.
            lists = symptoms & set(range(end, pause))
            denied |= set(reach if lists else range(end, pause))
    return denied


def _reach(words: Words, start: int, reach: int, ends: frozenset[int]) -> range:
    """The words from `start` on that a scope covers; pauses do not count."""
    stop, counted = start, 0
    while stop < len(words.stems) and counted < reach:
        if words.stems[stop] == SENTENCE_END or stop in ends:
            break
        counted += words.stems[stop] != PAUSE
        stop += 1
    return range(start, stop)
