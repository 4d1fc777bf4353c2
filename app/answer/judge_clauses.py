"""Each clause of a claim laid on the clause of the passage that it restates.

What is then missing, opposed or denied on one side only? Two denials, or a denial and
an opposite, cancel each other: "not slower" beside "faster" is no contradiction. Knows
nothing of numbers' arithmetic, and no grammar but where clauses begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.answer.judge_degree import raised
from app.answer.judge_pair import Pair, Signals
from app.answer.judge_points import Clause, Point, best_match, clauses, match, opposed, rivals


def alignment(pair: Pair, out: Signals) -> None:
    """How much of each clause is found in one place, and what is turned round there."""
    theirs = clauses(pair.passage_text)
    everything = [point for clause in theirs for point in clause.points]
    total = cover = fresh = elsewhere = against = rival = 0.0
    steps = dict.fromkeys(("amount+", "amount-", "sure+", "sure-", "cause+", "cause-"), 0.0)
    denial_new = denial_lost = bare_denial = bare_flip = 0.0
    lowest, odd, even, denied, undenied, flips_even = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for clause in _joined(clauses(pair.claim_text)):
        weight = sum(p.weight for p in clause.points)
        if not weight:
            continue
        window = _closest(clause.points, theirs)
        there = [p for part in window for p in part.points]
        covered = flips = 0.0
        for point in clause.points:
            found = best_match(point, there)
            if found and point.kind != "number":
                same_sign = [q.denied for q in there if match(point, q)]
                denial_new += point.denied and not any(same_sign)
                denial_lost += not point.denied and all(same_sign)
            covered += point.weight * found
            if found:
                continue
            if any(opposed(point, other) and not _taken(other, clause.points) for other in there):
                flips += 1
            elif any(rivals(point, other) for other in there):
                rival += 1
            if best_match(point, everything):
                elsewhere += point.weight
            else:
                fresh += point.weight
        share = covered / weight
        total, cover, lowest = total + weight, cover + covered, min(lowest, share)
        more = clause.denials - sum(part.denials for part in window)
        compares = bool({"than", "as"} & set(clause.words)) and any(
            {"than", "as"} & set(part.words) for part in window
        )  # judge_compare knows better
        turned = 0.0 if compares else (flips + abs(more)) % 2
        said, there_words = clause.words, tuple(w for part in window for w in part.words)
        for scale, step in raised(said, there_words).items():
            steps[scale] = max(steps[scale], step * share)
        odd = max(odd, turned * share)
        even = max(even, share * (not turned))
        if share >= 0.95 - 0.5 / max(len(clause.points), 1) and not compares:
            bare_denial = max(bare_denial, float(more != 0 and not flips) * len(clause.points))
            bare_flip = max(bare_flip, float(more == 0 and flips == 1) * len(clause.points))
        flips_even += flips > 0 and not turned
        against += flips
        denied = max(denied, share * (more > 0))
        undenied = max(undenied, share * (more < 0))
        if turned and share >= 0.6 and flips:
            out.reasons.append("opposite: the passage says the reverse of one clause")
        elif turned and share >= 0.6:
            out.reasons.append("negation: only one of claim and passage denies it")
    out.values |= {
        "clause_cover": cover / max(total, 1),
        "clause_cover_low": lowest,
        "clause_fresh": min(fresh, 8),
        "clause_fresh_share": fresh / max(total, 1),
        "clause_elsewhere": min(elsewhere, 6),
        "clause_opposed": min(against, 3),
        "clause_rivals": min(rival, 4),
        "clause_odd": odd,
        "clause_even": even,
        "clause_denied": denied,
        "clause_undenied": undenied,
        "clause_flip_denied": min(flips_even, 2),
        "bare_denial": min(bare_denial, 6.0),
        "bare_flip": min(bare_flip, 6.0),
        "denial_new": min(denial_new, 3),
        "denial_lost": min(denial_lost, 3),
        "amount_step_up": steps["amount+"],
        "amount_step_down": steps["amount-"],
        "sure_step_up": steps["sure+"],
        "sure_step_down": steps["sure-"],
        "cause_step_up": steps["cause+"],
    }


def exchanged(pair: Pair, out: Signals) -> None:
    """Does every clause that says the same otherwise turn something round?

    "Breathe in on the way up" beside "breathe out on the way up, in on the way down": each
    word is there, but no clause has them together. Weighed by a rule of `verify`.
    """
    theirs = clauses(pair.passage_text)
    found = 0.0
    for clause in clauses(pair.claim_text):
        fixed = [p for p in clause.points if p.kind not in _TURNING and p.mark != "way"]
        turning = [p for p in clause.points if p.kind in _TURNING]
        if not fixed or not turning:
            continue
        same = [part for part in theirs if all(best_match(p, part.points) == 1 for p in fixed)]
        clean = [part for part in same if not _turned(turning, part.points)]
        if same and not clean:
            found = 1.0
            out.reasons.append("direction: the passage has it the other way round")
    out.values["exchanged"] = found


def _turned(turning: Sequence[Point], there: Sequence[Point]) -> bool:
    return any(
        best_match(p, there) < 1 and any(opposed(p, other) for other in there) for p in turning
    )


_TURNING = frozenset({"particle", "side"})


def _joined(found: Sequence[Clause]) -> list[Clause]:
    """Clauses of a claim, those of a single point joined to their neighbour."""
    joined: list[Clause] = []
    for clause in found:
        small = sum(p.weight for p in clause.points) < 1.5
        if joined and (small or sum(p.weight for p in joined[-1].points) < 1.5):
            last = joined.pop()
            joined.append(
                Clause(last.points + clause.points, last.words + clause.words, last.sentence)
            )
        else:
            joined.append(clause)
    return joined


def _closest(points: Sequence[Point], theirs: Sequence[Clause]) -> Sequence[Clause]:
    """The run of at most three clauses of a sentence that has most of these points."""
    best: Sequence[Clause] = theirs[:1]
    most = float("-inf")
    single = [[match(p, q) for q in clause.points] for p in points for clause in theirs]
    width = len(theirs)
    tops = [max(row, default=0.0) for row in single]
    for start in range(width):
        for length in (1, 2, 3):
            run = theirs[start : start + length]
            if len(run) < length or run[-1].sentence != run[0].sentence:
                break
            have = sum(
                p.pull * max(tops[n * width + start : n * width + start + length])
                for n, p in enumerate(points)
            )
            value = have - 0.02 * sum(len(part.points) for part in run) - 0.01 * length
            if value > most:
                best, most = run, value
    return best


def _taken(point: Point, claims: Iterable[Point]) -> bool:
    """Whether the claim has this point itself, so that it is not what was turned round."""
    return any(match(point, other) == 1 for other in claims)
