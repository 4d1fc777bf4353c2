"""How much, how often, how surely: degrees that a claim may not raise above its passage.

Some is less than most, may less than does, "goes with" less than "causes". The highest
degree of the claim is held against that of the sentences that it restates. Knows
nothing of what the degrees are degrees of.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_terms import Reading

_SCALES: dict[str, tuple[tuple[str, ...], ...]] = {
    "amount": (
        ("none nobody never nothing neither nor zero",),
        ("few hardly seldom rarely minority barely scarcely rare handful",),
        ("some several sometimes occasionally partly many often",),
        ("most mostly usually majority mainly generally commonly typically largely chiefly "
         "tend tends primarily normally frequently",),
        ("all every each everyone everybody always entirely any anyone completely both "
         "invariably only sole solely exclusively whoever whenever",),
    ),
    "sure": (
        ("unknown unclear uncertain unproven doubtful unsettled open untested",),
        ("may might could possibly perhaps possible plausible plausibly seem seems appear appears "
         "suggest suggests hint hints likely probably potentially argued thought tend tends "
         "looks reportedly borderline guess",),
        ("",),
        ("proves proven prove proved certain certainly sure definitely undoubtedly guaranteed "
         "guarantees guarantee settled settles beyond question bound reliably established "
         "must always never conclusively confirmed inevitably firm",),
    ),
    "cause": (
        ("linked associated association link goes accompany accompanied correlated related "
         "with predicted predicts predictor",),
        ("",),
        ("cause causes caused causing because made makes make leads led brings brought brought "
         "due produce produces why reason thanks results cures cure triggers",),
    ),
}  # fmt: skip
_RANKS: dict[str, dict[str, int]] = {
    scale: {word: n for n, words in enumerate(steps) for word in words[0].split()}
    for scale, steps in _SCALES.items()
}


def degrees(pair: Pair, out: Signals) -> None:
    """By how many steps the claim goes higher, or lower, than what it restates."""
    for scale, ranks in _RANKS.items():
        plain = 2 if scale == "sure" else 1 if scale == "cause" else -1
        ours, best = _range(pair.claim, ranks, plain), _range(pair.best, ranks, plain)
        whole = _range(pair.whole, ranks, plain)
        up = max(0, ours[1] - best[1]) if ours[1] >= 0 else 0
        out.values |= {
            f"{scale}_raised": up,
            f"{scale}_raised_whole": max(0, ours[1] - whole[1]) if ours[1] >= 0 else 0,
            f"{scale}_lowered": max(0, best[0] - ours[0]) if ours[0] >= 0 and best[0] >= 0 else 0,
            f"{scale}_named": float(ours[2]),
        }
    only = {"only", "sole", "solely", "exclusively", "just", "nothing"}
    said, there = only & set(pair.claim.words), only & set(pair.best.words)
    out.values["only_new"] = float(bool(said) and not there)
    out.values["only_lost"] = float(bool(there) and not said)
    if out.values["amount_raised"] >= 1 and ours:
        out.reasons.append("quantifier: the passage does not go that far")
    if out.values["sure_raised"] >= 2:
        out.reasons.append("hedge: the passage is less sure")


def _range(reading: Reading, ranks: dict[str, int], plain: int) -> tuple[int, int, bool]:
    """The lowest and highest degree that a text names, else that of plain speech."""
    found = [ranks[word] for word in reading.words if word in ranks]
    if not found:
        return plain, plain, False
    return min(found), max(found), True


def raised(ours: Sequence[str], theirs: Sequence[str]) -> dict[str, float]:
    """The same for one clause and its counterpart: steps up and down on each scale."""
    steps = {}
    for scale, ranks in _RANKS.items():
        plain = 2 if scale == "sure" else 1 if scale == "cause" else 2
        mine = [ranks[word] for word in ours if word in ranks] or [plain]
        other = [ranks[word] for word in theirs if word in ranks] or [plain]
        steps[f"{scale}+"] = float(max(0, max(mine) - max(other)))
        steps[f"{scale}-"] = float(max(0, min(other) - min(mine)))
    return steps
