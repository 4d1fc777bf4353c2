"""A text as a row of points: what each of its clauses says, word by word.

A point is a word, a phrase of the lexicon or a number that carries meaning, with the
clause and the sentence in which it stands. Small words that turn a meaning round (up,
out, before) are points too, as "breathe in" differs from "breathe out" in nothing else.
Two points of two texts may match, be opposed, or be rivals: things of one kind of which
one may stand in the other's place. Knows nothing of which text is the claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.answer import lexicon
from app.answer.judge_opposites import alike, opposite
from app.answer.judge_terms import Reading, read, sentences

_BREAK = re.compile(
    r"[,;:()\u2013\u2014]\s|\s(?=(?:but|while|whereas|although|though|because|since|unless|if|when|"
    r"until|which|who|and|so that|yet|as long as|provided|rather than)\b)",
    re.I,
)
_PARTICLES = frozenset("up down out off above below over under before after away again".split())
_IN_IS_A_PARTICLE = frozenset(
    "on and or as when while before after low at but through then".split()
)
_VAGUE = frozenset("hedge amount total proof why cause change".split())
_HIDDEN = frozenset("total proof why".split())
"""Kinds that double another one: no point of their own."""
_RIVALS = frozenset(
    "muscle part side sex people exercise tool design source condition measure".split()
)


@dataclass(frozen=True)
class Point:
    """One thing that a text says: its stem, its mark in the lexicon, and where it stands."""

    stem: str
    mark: str
    kind: str
    place: int
    clause: int
    sentence: int
    at: int
    denied: bool

    @property
    def weight(self) -> float:
        """How much it tells: a noun more than a hedge."""
        return 0.4 if self.kind in _VAGUE else 0.6 if self.kind == "particle" else 1.0

    @property
    def pull(self) -> float:
        """How much it helps to find the clause that is restated: degrees may have changed."""
        return 0.0 if self.kind in {"hedge", "amount"} else self.weight


@dataclass(frozen=True)
class Clause:
    """A stretch of a text between two breaks, with its points and its denials."""

    points: tuple[Point, ...]
    words: tuple[str, ...]
    sentence: int

    @property
    def denials(self) -> int:
        """How often it says no; `neither ... nor` and `not ... never` of one thing count once."""
        count = sum(word in lexicon.NEGATIONS for word in self.words)
        return count - sum(word == "nor" for word in self.words if "neither" in self.words)


@lru_cache(maxsize=2048)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order; one without a point joins the one before it."""
    found: list[Clause] = []
    place = 0
    for number, sentence in enumerate(sentences(text) or (text,)):
        for piece in _pieces(sentence):
            reading = read(piece)
            points = tuple(_points(reading, place, len(found), number))
            place += len(points)
            if found and found[-1].sentence == number and (not points or not found[-1].points):
                last = found.pop()
                points = last.points + tuple(replace(p, clause=p.clause - 1) for p in points)
                found.append(Clause(points, last.words + reading.words, number))
            else:
                found.append(Clause(points, reading.words, number))
    return tuple(found)


def points_of(reading: Reading) -> list[Point]:
    """The points of one sentence, clauses left aside."""
    return _points(reading, 0, 0, 0)


def _pieces(sentence: str) -> list[str]:
    return [piece for piece in _BREAK.split(sentence) if piece and piece.strip()]


def _points(reading: Reading, place: int, clause: int, sentence: int) -> list[Point]:
    found: list[tuple[int, str, str, str]] = []
    taken: set[int] = set()
    for q in reading.quantities:
        taken |= set(range(q.at, q.at + len(q.text.split())))
        found.append((q.at, q.text, f"#{q.dimension}{q.base:.4g}", "number"))
    for t in reading.terms:
        span = set(range(t.at, t.at + len(t.text.split())))
        if t.kind not in _HIDDEN and not span & taken:
            taken |= span
            stem = reading.stems[max(span)] if len(span) == 1 else t.text
            found.append((t.at, stem, f"{t.kind}:{t.value}", t.kind))
    found += [(n, stem, stem, "word") for n, stem in reading.content if n not in taken]
    for n, word in enumerate(reading.words):
        following = reading.words[n + 1] if n + 1 < len(reading.words) else "and"
        if n in taken:
            continue
        if word in _PARTICLES or (word == "in" and following in _IN_IS_A_PARTICLE):
            found.append((n, word, word, "particle"))
    found.sort()
    return [
        Point(
            stem,
            mark,
            kind,
            place + n,
            clause,
            sentence,
            at,
            any(word in lexicon.NEGATIONS for word in reading.words[max(0, at - 3) : at]),
        )
        for n, (at, stem, mark, kind) in enumerate(found)
    ]


@lru_cache(maxsize=65536)
def _match(stem: str, mark: str, other_stem: str, other_mark: str) -> float:
    if stem == other_stem or mark == other_mark:
        return 1.0
    if mark.startswith("#") or other_mark.startswith("#"):
        return 0.0
    return 0.7 if alike(stem, other_stem) else 0.0


def match(one: Point, other: Point) -> float:
    """1 for the same word or meaning, 0.7 for words that are alike, 0 otherwise."""
    return _match(one.stem, one.mark, other.stem, other.mark)


def best_match(point: Point, others: Iterable[Point]) -> float:
    """The most that one of the others matches a point."""
    return max((match(point, other) for other in others), default=0.0)


def shared(some: Iterable[Point], others: Sequence[Point]) -> float:
    """How many points have a match among the others, like words counting less."""
    return sum(best_match(point, others) for point in some)


@lru_cache(maxsize=65536)
def _opposed(stem: str, mark: str, other_stem: str, other_mark: str) -> bool:
    return {mark, other_mark} in _MARKS_OPPOSED or opposite(stem, other_stem)


def opposed(one: Point, other: Point) -> bool:
    """Whether one says the opposite of the other."""
    if "number" in {one.kind, other.kind} or match(one, other) >= 1:
        return False
    return _opposed(one.stem, one.mark, other.stem, other.mark)


def rivals(one: Point, other: Point) -> bool:
    """Whether they are things of one kind that do not match: two muscles, two numbers."""
    if match(one, other):
        return False
    same = one.kind == other.kind
    if same and one.kind == "number":
        return True
    return (same and one.kind in _RIVALS) or opposed(one, other)


_MARKS_OPPOSED = [
    {f"{kind}:{one}", f"{kind}:{other}"}
    for kind, one, other in (
        ("change", "more", "less"),
        ("side", "front", "rear"),
        ("side", "in", "out"),
        ("side", "upper", "lower"),
        ("side", "before", "after"),
        ("side", "up", "down"),
        ("side", "near", "far"),
        ("side", "narrow", "wide"),
        ("side", "flex", "extend"),
        ("side", "abduct", "adduct"),
        ("side", "first", "last"),
        ("sex", "men", "women"),
        ("people", "trained", "untrained"),
        ("people", "old", "young"),
        ("people", "patients", "healthy"),
        ("condition", "loaded", "unloaded"),
        ("condition", "full", "partial"),
        ("condition", "single", "double"),
        ("condition", "acute", "chronic"),
        ("condition", "alone", "combined"),
        ("condition", "supervised", "unsupervised"),
        ("condition", "seated", "standing"),
        ("condition", "prone", "supine"),
        ("hedge", "may", "sure"),
        ("amount", "all", "none"),
    )
]
