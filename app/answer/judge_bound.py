"""Which things of a claim belong together, and do they in the passage?

"Squats grew the thighs, thrusts the glutes" and "squats grew the glutes" share all their
words. For each thing that has a rival in the passage (another muscle, number, group, the
opposite word) its neighbours in the claim are looked up: do they stand closer to the
thing or to its rival? Knows no grammar: closeness is counted in points and clauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_points import Point, clauses, match, rivals

_REACH = 5
_PLACES = 12
"""In how many places of the passage a point is looked for."""
_GROUPS = {
    "number": "number",
    "muscle": "thing",
    "part": "thing",
    "exercise": "thing",
    "sex": "thing",
    "people": "thing",
    "side": "turn",
    "change": "turn",
    "particle": "turn",
}


def bonds(pair: Pair, out: Signals) -> None:
    """Are the claim's neighbours neighbours in the passage, or a rival's?"""
    ours = [p for clause in clauses(pair.claim_text) for p in clause.points]
    theirs = [p for clause in clauses(pair.passage_text) for p in clause.points]
    places = [[q for q in theirs if match(p, q)][:_PLACES] for p in ours]
    gaps: dict[str, float] = {"number": 0.0, "thing": 0.0, "turn": 0.0, "word": 0.0}
    worst, wrong, right = -1.0, 0, 0
    who: Point | None = None
    for n, point in enumerate(ours):
        others = [q for q in theirs if rivals(point, q)][:_PLACES] if places[n] else []
        if not others:
            continue
        own, rival, weight = 0.0, 0.0, 0.0
        for m in range(max(0, n - _REACH), min(len(ours), n + _REACH + 1)):
            if m == n or not places[m] or any(q in others for q in places[m]):
                continue
            near = ours[m].weight / abs(n - m)
            if ours[m].clause != point.clause:
                near *= 0.5
            weight += near
            own += near * _nearness(places[n], places[m])
            rival += near * _nearness(others, places[m])
        if not weight:
            continue
        gap = (rival - own) / weight
        if gap > worst:
            worst, who = gap, point
        wrong, right = wrong + (gap > 0.05), right + (gap < -0.05)
        group = _GROUPS.get(point.kind, "word")
        gaps[group] = max(gaps[group], gap)
    edges = _edges(ours, places)
    out.values |= {f"bound_{group}": gap for group, gap in gaps.items()}
    out.values |= {
        "bound_worst": worst,
        "bound_wrong": min(wrong, 4),
        "bound_right": min(right, 4),
        "edge_mean": sum(edges) / len(edges) if edges else 0.5,
        "edge_low": min(edges, default=0.5),
        "edge_loose": min(sum(edge < 0.2 for edge in edges), 4),
        "swapped_pairs": _swapped(ours, places),
    }
    if worst > 0.2 and who is not None:
        out.reasons.append(f'order: "{who.stem}" stands with something else in the passage')


def _nearness(some: Sequence[Point], others: Sequence[Point]) -> float:
    """1 for neighbours, less for each point, clause and sentence between them."""
    return max(
        (
            1
            / (
                abs(p.place - q.place)
                + 1.0 * abs(p.clause - q.clause)
                + 3.0 * abs(p.sentence - q.sentence)
            )
            for p in some
            for q in others
            if p.place != q.place
        ),
        default=0.0,
    )


def _edges(ours: Sequence[Point], places: Sequence[Sequence[Point]]) -> list[float]:
    """How near the passage has each two neighbours of the claim."""
    known = [n for n in range(len(ours)) if places[n]]
    return [
        _nearness(places[a], places[b])
        for a, b in pairwise(known)
        if ours[a].clause == ours[b].clause
    ]


def _swapped(ours: Sequence[Point], places: Sequence[Sequence[Point]]) -> float:
    """How many rivals both texts name once, in another order, three at most."""
    count = 0
    known = [n for n in range(len(ours)) if len(places[n]) == 1]
    for i, a in enumerate(known):
        for b in known[i + 1 :]:
            if rivals(ours[a], ours[b]) and places[a][0].place > places[b][0].place:
                count += 1
    return min(count, 3)
