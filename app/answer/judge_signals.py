"""A claim and a passage in, signals out: named numbers that speak for or against support.

Each check is a small function over two readings. It compares what the claim says with
its best sentences of the passage and with the whole of it: a value that the passage
does not have, while it has another of that kind, is a conflict. Knows nothing of
weights: what a signal is worth is learnt in eval/train_judge.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.answer import lexicon
from app.answer.judge_bound import bonds
from app.answer.judge_clauses import alignment, exchanged
from app.answer.judge_compare import comparison
from app.answer.judge_copying import copying, news, order, reporting, substance
from app.answer.judge_degree import degrees
from app.answer.judge_numbers import binding, numbers
from app.answer.judge_pair import Pair, Signals, denials, lay_side_by_side, likeness
from app.answer.judge_parity import parity
from app.answer.judge_people import people
from app.answer.judge_relation import relation
from app.answer.judge_substitutions import substitutions
from app.answer.judge_turns import turns

_BY_VALUE = {
    "hedge": ("may", "sure"),
    "amount": ("all", "most", "some", "only", "none"),
    "cause": ("cause", "link"),
    "change": ("more", "less", "same"),
    "side": ("before", "after", "first", "last"),
    "design": ("trial", "meta", "systematic", "guideline"),
}


def signals(claim: str, passage: str) -> Signals:
    """All signals of a claim against a passage."""
    pair = lay_side_by_side(claim, passage)
    found = Signals()
    for check in _CHECKS:
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


def _listed(values: Iterable[str]) -> str:
    return " and ".join(sorted(values))


_CHECKS = (
    numbers,
    terms,
    negation,
    copying,
    news,
    order,
    comparison,
    binding,
    substance,
    alignment,
    exchanged,
    substitutions,
    reporting,
    turns,
    bonds,
    degrees,
    relation,
    people,
    parity,
)
