"""How two learners become one probability with a threshold, and how good that is.

Knows nothing of how the learners are trained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.answer.verify import CONTRADICTED, Blend, contradicted
from eval.dataset import Pair
from eval.judge_samples import Floats, Samples, copied_of, evened_out

FALSE_ALARMS = 0.08
"""The threshold lets at most this share of supported tuning claims raise an alarm ..."""
WORST_HABIT = 0.09
"""... and at most this share in the file where the judge raises most.

One in ten is allowed; new passages brought a quarter more than the folds did (eval/LOG.md).
"""
HABIT = 100
"""A file with fewer supported claims says little about its habit."""


def blend(trees: Floats, network: Floats | None, data: Samples) -> Blend:
    """Weights and threshold from held-out log-odds; quoted claims set apart."""
    from sklearn.linear_model import LogisticRegression

    copied = data.copied
    columns = [trees] if network is None else [trees, network, network * copied, copied]
    x, open_ = np.stack(columns, 1), ~data.quoted
    model = LogisticRegression(C=10.0, max_iter=2000).fit(
        x[open_], data.supported[open_], data.counts[open_]
    )
    weights = [round(float(w), 5) for w in model.coef_[0]] + [0.0] * (4 - len(columns))
    made = Blend(
        trees=weights[0],
        network=weights[1],
        network_copied=weights[2],
        copied=weights[3],
        offset=round(float(model.intercept_[0]), 5),
        threshold=0.0,
    )
    scores = blended(made, trees, network, data)
    return replace(made, threshold=round(bound_at(scores, data), 5))


def bound_at(scores: Floats, data: Samples) -> float:
    """The score under which few supported claims lie: of all, and of each habit."""
    bounds = [_low(scores, data.weights, data.supported, FALSE_ALARMS)]
    habits = np.array(data.habits)
    common = Counter(habits[data.supported])
    for habit in sorted(name for name, count in common.items() if count >= HABIT):
        rows = data.supported & (habits == habit)
        bounds.append(_low(scores, np.ones(len(scores)), rows, WORST_HABIT))
    return min(bounds)


def _low(scores: Floats, counts: Floats, rows: Any, share: float) -> float:
    own, own_counts = scores[rows], counts[rows]
    order = np.argsort(own, kind="stable")
    below = np.cumsum(own_counts[order]) / own_counts.sum()
    return float(own[order][int(np.searchsorted(below, share))])


def blended(made: Blend, trees: Floats, network: Floats | None, data: Samples) -> Floats:
    """What verify returns as its score."""
    other = np.zeros(len(trees)) if network is None else network
    copied = data.copied
    scores = [made.score(*row) for row in zip(trees, other, copied, strict=True)]
    ruled_out = np.array([contradicted(dict(zip(data.names, x, strict=True))) for x in data.x])
    ruled: Floats = np.where(ruled_out, np.minimum(scores, CONTRADICTED), scores)
    return np.where(data.quoted, 1.0, ruled)


def figures(scores: Floats, pairs: Sequence[Pair], threshold: float) -> dict[str, Any]:
    """AUROC, errors caught and false alarms: all, and by type, each with its n."""
    from sklearn.metrics import roc_auc_score

    supported = np.array([pair.label == "supported" for pair in pairs])
    types = np.array([pair.type for pair in pairs])
    alarm = scores < threshold
    strict = np.quantile(scores[supported], 0.10, method="lower")
    counts = evened_out(copied_of(pairs), supported)
    return {
        "auroc_evened_out": round(float(roc_auc_score(supported, scores, sample_weight=counts)), 4),
        "auroc": round(float(roc_auc_score(supported, scores)), 4),
        "caught": round(float(alarm[~supported].mean()), 4),
        "errors": int((~supported).sum()),
        "false_alarms": round(float(alarm[supported].mean()), 4),
        "clean": int(supported.sum()),
        "caught_at_10_percent_false_alarms": round(float((scores < strict)[~supported].mean()), 4),
        "by_type": {
            str(name): {
                "label": "supported" if supported[types == name][0] else "unsupported",
                "alarms": round(float(alarm[types == name].mean()), 4),
                "n": int((types == name).sum()),
            }
            for name in sorted(set(types))
        },
    }


def table(card: dict[str, Any]) -> str:
    """The card's figures as lines to read."""
    lines = []
    for part in (p for p in card if p.startswith(("held_out_", "test_"))):
        f = card[part]
        lines += [
            f"{part}: AUROC {f['auroc']:.3f} (evened out {f['auroc_evened_out']:.3f}), "
            f"caught {f['caught']:.1%} of {f['errors']}, "
            f"false alarms {f['false_alarms']:.1%} of {f['clean']}, "
            f"caught at 10 % false alarms {f['caught_at_10_percent_false_alarms']:.1%}",
        ]
        lines += [
            f"  {name:<16} {row['label']:<12} n {row['n']:>4}  alarms {row['alarms']:.1%}"
            for name, row in f["by_type"].items()
        ]
    return "\n".join(lines)
