"""A claim and a passage in, signals out: named numbers that speak for or against support.

Each check is a small function over two readings. It compares what the claim says with
its best sentences of the passage and with the whole of it: a value that the passage
does not have, while it has another of that kind, is a conflict. Knows nothing of
weights: what a signal is worth is learnt in eval/train_judge.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.answer import lexicon
from app.answer.judge_copying import copying, news, order, substance
from app.answer.judge_numbers import binding, numbers
from app.answer.judge_pair import Pair, Signals, denials, lay_side_by_side, likeness
from app.answer.judge_terms import Reading

_BY_VALUE = {
    "hedge": ("may", "sure"),
    "amount": ("all", "most", "some", "only", "none"),
    "cause": ("cause", "link"),
    "change": ("more", "less", "same"),
    "side": ("before", "after", "first", "last"),
    "design": ("trial", "meta", "systematic", "guideline"),
}


_THAN = frozenset("than versus vs against compared unlike".split())


def signals(claim: str, passage: str) -> Signals:
    """All signals of a claim against a passage."""
    pair = lay_side_by_side(claim, passage)
    found = Signals()
    for check in (numbers, terms, negation, copying, news, order, comparison, binding, substance):
        check(pair, found)
    return found


def terms(pair: Pair, out: Signals) -> None:
    """For each kind of the lexicon: values that are new, in conflict, or said elsewhere."""
    for kind in lexicon.kinds():
        said, best, whole = (r.values(kind) for r in (pair.claim, pair.best, pair.whole))
        new, dropped = said - whole, best - said
        out.values[f"{kind}_new"] = min(len(new), 2)
        out.values[f"{kind}_conflict"] = float(bool(new and dropped))
        out.values[f"{kind}_elsewhere"] = float(bool((said & whole) - best))
        out.values[f"{kind}_dropped"] = min(len(dropped), 2)
        out.values[f"{kind}_kept"] = min(len(said & best), 2)
        if kind in _BY_VALUE:
            for value in _BY_VALUE[kind]:
                out.values[f"{kind}_{value}_new"] = float(value in new)
        if new and dropped and kind not in {"change", "amount", "measure", "side"}:
            out.reasons.append(
                f"{kind}: the claim says {_listed(new)}, the passage {_listed(dropped)}"
            )


def negation(pair: Pair, out: Signals) -> None:
    """Does one side deny what the other asserts?"""
    said, best = denials(pair.claim), denials(pair.best)
    closest = max(pair.parts, key=lambda part: likeness(pair.claim, part))
    out.values |= {
        "negation_said": min(said, 2),
        "negation_best": min(best, 2),
        "negation_odd": float(said % 2 != denials(closest) % 2),
        "negation_new": float(said > 0 and denials(pair.whole) == 0),
        "negation_lost": float(said == 0 and denials(closest) > 0),
    }


def comparison(pair: Pair, out: Signals) -> None:
    """`A more than B` against `B more than A`, and more against less."""
    ours, verdicts = _compared(pair.claim), []
    for part in pair.parts:
        theirs = _compared(part)
        if ours and theirs:
            straight = 2 * len(ours[2] & theirs[2])
            crossed = len(ours[0] & theirs[2]) + len(ours[2] & theirs[0])
            if straight == crossed or not ours[1] or not theirs[1]:
                continue
            agree = (straight > crossed) == (ours[1] == theirs[1])
            verdicts.append(1.0 if agree else -1.0)
    up, down = ("more" in pair.claim.values("change"), "less" in pair.claim.values("change"))
    there = pair.best.values("change")
    out.values |= {
        "compared_agree": float(1.0 in verdicts),
        "compared_clash": float(-1.0 in verdicts and 1.0 not in verdicts),
        "compares": float(bool(ours)),
        "compares_new": float(bool(ours) and not any(_compared(p) for p in pair.parts)),
        "change_flip": float(
            (up and not down and there == {"less"}) or (down and not up and there == {"more"})
        ),
    }
    if out.values["compared_clash"]:
        out.reasons.append("comparative: the passage compares the other way round")


def _compared(reading: Reading) -> tuple[frozenset[str], str, frozenset[str]] | None:
    """What stands left of `than`, whether more or less, and what stands right of it."""
    at = next((n for n, word in enumerate(reading.words) if word in _THAN), None)
    if at is None:
        return None
    change = [
        t.value for t in reading.terms if t.kind == "change" and t.value != "same" and t.at < at
    ]
    marks = [(n, s) for n, s in reading.content] + [
        (t.at, f"{t.kind}:{t.value}") for t in reading.terms if t.kind != "change"
    ]
    left = frozenset(mark for n, mark in marks if n < at)
    right = frozenset(mark for n, mark in marks if n > at)
    flip = sum(word in {"not", "no", "never"} for word in reading.words[:at]) % 2
    polarity = change[-1] if change else ""
    if flip and polarity:
        polarity = "less" if polarity == "more" else "more"
    return left - right, polarity, right - left


def _listed(values: Iterable[str]) -> str:
    return " and ".join(sorted(values))
