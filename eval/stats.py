"""Numbers about numbers: means, intervals, differences, curves. Pure and seeded.

Knows nothing of questions and answers. A value that is not defined is None and is
counted, never averaged away; a NaN is an error of whoever made it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

SEED = 20_221
DRAWS = 2_000
"""Bootstrap samples; the ends of a 95 % interval then stand on 50 samples each."""


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95 % interval, over `n` defined values `of` all."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    of: int

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined (n = {self.n} of {self.of})"
        between = "" if self.low is None else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{between} (n = {self.n} of {self.of})"


def mean_of(values: Sequence[float | None]) -> Estimate:
    """Mean of the defined values, with a percentile bootstrap over them."""
    defined = _defined(values)
    if defined.size == 0:
        return Estimate(None, None, None, 0, len(values))
    means = defined[_draws(defined.size)].mean(axis=1)
    low, high = _interval(means)
    return Estimate(_short(defined.mean()), low, high, int(defined.size), len(values))


def statistic_of(
    statistic: Callable[[Numbers, Numbers], float | None],
    scores: Sequence[float | None],
    labels: Sequence[int],
) -> Estimate:
    """A statistic of (score, label) pairs, AUROC say, with a bootstrap over the pairs.

    Pairs without a score are counted, not used. Samples in which the statistic is not
    defined, having drawn one label only, are left out of the interval.
    """
    kept = [n for n, score in enumerate(scores) if score is not None]
    x = _defined(scores)
    y = np.asarray([labels[n] for n in kept], dtype=np.float64)
    value = statistic(x, y) if x.size else None
    if value is None:
        return Estimate(None, None, None, int(x.size), len(scores))
    drawn = [statistic(x[rows], y[rows]) for rows in _draws(x.size)[:500]]
    low, high = _interval(np.asarray([d for d in drawn if d is not None]))
    return Estimate(_short(value), low, high, int(x.size), len(scores))


@dataclass(frozen=True)
class Difference:
    """Now minus before over the `n` cases that both runs have."""

    mean: float
    low: float
    high: float
    n: int


def paired(
    now: Mapping[str, float | None], before: Mapping[str, float | None]
) -> Difference | None:
    """Paired bootstrap of the difference; None if the runs share no defined case."""
    pairs = [
        (value, before[name])
        for name, value in sorted(now.items())
        if value is not None and before.get(name) is not None
    ]
    if not pairs:
        return None
    first, second = _defined([a for a, _ in pairs]), _defined([b for _, b in pairs])
    differences = first - second
    low, high = _interval(differences[_draws(len(pairs))].mean(axis=1))
    return Difference(_short(differences.mean()), low, high, len(pairs))


def auroc(scores: Numbers, labels: Numbers) -> float | None:
    """Chance that a case labelled 1 scores above one labelled 0; ties count half."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    if not positive.size or not negative.size:
        return None
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    up_to = np.searchsorted(ordered, positive, side="right")
    return float((below + up_to).sum() / 2 / (positive.size * negative.size))


def calibration_error(probabilities: Numbers, labels: Numbers, bins: int = 10) -> float | None:
    """Expected calibration error: |share of 1s - mean probability|, weighted by bin."""
    if not probabilities.size:
        return None
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(labels[place == b].mean() - probabilities[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def reliability(
    probabilities: Sequence[float], labels: Sequence[int], bins: int = 10
) -> list[tuple[float, float, int]]:
    """Bins that hold something: mean probability, share of 1s, how many."""
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    place = np.minimum((p * bins).astype(int), bins - 1)
    return [
        (_short(p[place == b].mean()), _short(y[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]


def trade_off(
    probabilities: Sequence[float], labels: Sequence[int], steps: int = 50
) -> list[tuple[float, float, float]]:
    """For thresholds from 0 to 1: threshold, share of inside refused, share of outside refused."""
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    inside, outside = p[y == 1], p[y == 0]
    if not inside.size or not outside.size:
        return []
    grid = [step / steps for step in range(steps + 1)]
    return [(t, _short((inside < t).mean()), _short((outside < t).mean())) for t in grid]


def quantiles(
    values: Sequence[float], at: Sequence[float] = (0.5, 0.9, 0.95, 0.99, 1.0)
) -> dict[str, float]:
    """Quantiles by name: p50, p90 ...; nothing of nothing."""
    if not values:
        return {}
    found = np.quantile(np.asarray(values, dtype=np.float64), at)
    return {f"p{round(q * 100)}": round(float(v), 3) for q, v in zip(at, found, strict=True)}


def _defined(values: Sequence[float | None]) -> Numbers:
    kept = [value for value in values if value is not None]
    if any(not math.isfinite(value) for value in kept):
        raise ValueError("a score is NaN or infinite; a score that is not defined is None.")
    return np.asarray(kept, dtype=np.float64)


def _draws(size: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, size, size=(DRAWS, size))


def _interval(values: Numbers) -> tuple[float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return _short(low), _short(high)


def _short(value: float | np.floating) -> float:
    """Six digits: enough to read, and the same bytes on every machine."""
    return round(float(value), 6)
