"""Two pairs of rivals in one sentence: do both stand the same way round as in the passage?

"75 % for the maximus and 55 % for the medius" may be told with both pairs turned, or with
none; with one of them turned it says something else. Knows no grammar: who stands first
is all that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_points import Point, clauses, match, rivals

_MOST = 24
"""How many points of a claim are looked at."""
_CLOSE = 5
"""How far apart four points may stand at most in "75 and 55 % for maximus and medius"."""
_KINDS = frozenset("number muscle part exercise sex people condition source design tool".split())


def parity(pair: Pair, out: Signals) -> None:
    """How many couples of pairs stand the same way round, and how many with one turned."""
    ours = [p for clause in clauses(pair.claim_text) for p in clause.points][:_MOST]
    by_sentence: dict[int, list[Point]] = {}
    for clause in clauses(pair.passage_text):
        by_sentence.setdefault(clause.sentence, []).extend(clause.points)
    clash = agree = turned = 0
    for theirs in by_sentence.values():
        signs = couples(ours, theirs)
        numbers = [s for s in signs if s.kind == "number"]
        things = [s for s in signs if s.kind != "number"]
        for one in numbers:
            for other in things:
                if one.told_beside(other):
                    clash, agree = (
                        clash + (one.turned != other.turned),
                        agree + (one.turned == other.turned),
                    )
        turned += sum(s.turned for s in things) * (not any(s.turned for s in numbers))
    out.values |= {
        "parity_clash": min(clash, 3),
        "parity_agree": min(agree, 3),
        "parity_turned": min(turned, 3),
    }
    if clash and not agree:
        out.reasons.append("order: the numbers belong to the other one in the passage")


@dataclass(frozen=True)
class Couple:
    """Two rivals: their places in the claim and in the passage, in the claim's order."""

    kind: str
    ours: tuple[int, int]
    theirs: tuple[int, int]

    @property
    def turned(self) -> bool:
        return self.theirs[0] > self.theirs[1]

    def apart(self, other: Couple) -> int:
        """How far these stand from the others in the claim."""
        return abs(self.ours[0] - other.ours[0]) + abs(self.ours[1] - other.ours[1])

    def told_beside(self, other: Couple) -> bool:
        """Whether each of these stands beside one of the others, in both texts."""
        return _in_turns(self.ours, other.ours) and _in_turns(self.theirs, other.theirs)


def _in_turns(some: tuple[int, int], others: tuple[int, int]) -> bool:
    """Whether they stand as a, b, a, b, or as a, a, b, b with little between them."""
    row = sorted([(n, 0) for n in some] + [(n, 1) for n in others])
    kinds = [kind for _, kind in row]
    close = row[-1][0] - row[0][0] <= _CLOSE
    return kinds in ([0, 1, 0, 1], [1, 0, 1, 0]) or (
        close and kinds in ([0, 0, 1, 1], [1, 1, 0, 0])
    )


def couples(ours: Sequence[Point], theirs: Sequence[Point]) -> list[Couple]:
    """Rivals of the claim that one sentence names once each."""
    placed: list[tuple[Point, int]] = []
    for point in ours:
        found = [q.place for q in theirs if match(point, q) == 1]
        again = [p for p in ours if p is not point and match(point, p) == 1]
        if len(found) == 1 and not again:
            placed.append((point, found[0]))
    return [
        Couple(a.kind, (a.place, b.place), (at, to))
        for (a, at), (b, to) in combinations(placed, 2)
        if at != to and a.kind == b.kind and a.kind in _KINDS and rivals(a, b) and _alike(a, b)
    ]


def _alike(one: Point, other: Point) -> bool:
    """Whether two numbers are of one dimension: 12 weeks and 12 women are not."""
    if one.kind != "number":
        return True
    return one.mark.rstrip("0123456789.e+-") == other.mark.rstrip("0123456789.e+-")
