"""What stands in whose place where a claim copies: a like word, a rival, an opposite, news.

Near copies differ from their passage in a word or two, and those decide. Knows nothing of
clauses and denials (judge_clauses).
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from app.answer.judge_pair import CLAIM, SENTENCES, Pair, Signals
from app.answer.judge_points import Point, clauses, match, opposed, rivals


def substitutions(pair: Pair, out: Signals) -> None:
    """What stands in whose place where the rest is copied: a like word, a rival, an opposite."""
    theirs = _restated(pair)[:SENTENCES]
    ours = [p for clause in clauses(pair.claim_text) for p in clause.points][:CLAIM]
    matcher = SequenceMatcher(a=[p.mark for p in theirs], b=[p.mark for p in ours], autojunk=False)
    kinds = dict.fromkeys(("alike", "opposed", "rival", "other", "put", "left"), 0.0)
    same = 0
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        gone, come = theirs[a0:a1], ours[b0:b1]
        if tag == "equal":
            same += b1 - b0
        for point in come if tag in {"replace", "insert"} else ():
            kinds[_role(point, gone, theirs)] += 1
        if tag in {"replace", "delete"} and a0 > 0 and a1 < len(theirs):
            kinds["left"] += max(0, len(gone) - len(come))
    share = same / max(len(ours), 1)
    harm = kinds["opposed"] + kinds["rival"]
    out.values |= {f"sub_{name}": min(count, 5.0) for name, count in kinds.items()}
    out.values |= {f"sub_{name}_x": min(count, 5.0) * share for name, count in kinds.items()}
    out.values |= {
        "sub_same": share,
        "sub_benign": float(harm + kinds["other"] + kinds["put"] == 0),
        "sub_only_alike": float(harm + kinds["other"] == 0 and kinds["alike"] > 0),
    }


def _role(point: Point, gone: Sequence[Point], theirs: Sequence[Point]) -> str:
    """What a point of the claim is to those in whose place it stands."""
    if any(match(point, other) for other in gone):
        return "alike"
    if any(opposed(point, other) for other in gone):
        return "opposed"
    if any(rivals(point, other) for other in gone):
        return "rival"
    if any(match(point, other) for other in theirs):
        return "alike"
    return "other" if gone else "put"


def _restated(pair: Pair) -> list[Point]:
    """The points of the sentences that the claim is most like."""
    by_sentence: dict[int, list[Point]] = {}
    for clause in clauses(pair.passage_text):
        by_sentence.setdefault(clause.sentence, []).extend(clause.points)
    return [p for n in pair.chosen for p in by_sentence.get(n, [])]
