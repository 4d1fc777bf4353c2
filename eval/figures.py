"""Cases in, figures with intervals and curves out. Knows nothing of thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval import stats
from eval.catalog import meaning
from eval.schema import Case, Curve, Figure

Values = dict[str, dict[str, float | None]]
"""Figure, then case, then value."""


@dataclass(frozen=True)
class Scored:
    """Probabilities and what was right: for figures that no single case has."""

    scores: Sequence[float]
    labels: Sequence[int]


def values_of(cases: Iterable[Case]) -> Values:
    """The cases' scores by figure."""
    values: Values = {}
    for case in cases:
        for name, value in case.scores.items():
            values.setdefault(name, {})[case.id] = value
    return values


def figures_of(cases: Iterable[Case], gate: Scored, judge: Scored) -> list[Figure]:
    """Every figure, by name; those of the gate and the judge if there is something to see."""
    found = [
        _figure(name, stats.mean_of(list(values.values())))
        for name, values in values_of(cases).items()
    ]
    if gate.scores:
        found.append(
            _figure("gate.auroc", stats.statistic_of(stats.auroc, gate.scores, gate.labels))
        )
        error = stats.statistic_of(stats.calibration_error, gate.scores, gate.labels)
        found.append(_figure("gate.calibration_error", error))
    if judge.scores:
        auroc = stats.statistic_of(stats.auroc, judge.scores, judge.labels)
        found.append(_figure("judge.pairs_auroc", auroc))
    return sorted(found, key=lambda figure: figure.name)


def curves_of(gate: Scored) -> list[Curve]:
    """The gate's trade-off and its reliability."""
    return [
        Curve(
            name="trade_off",
            columns=("threshold", "inside_refused", "outside_refused"),
            points=tuple(stats.trade_off(gate.scores, gate.labels)),
        ),
        Curve(
            name="reliability",
            columns=("probability", "covered", "questions"),
            points=tuple(stats.reliability(gate.scores, gate.labels)),
        ),
    ]


def _figure(name: str, estimate: stats.Estimate) -> Figure:
    read = meaning(name)
    return Figure(
        name=name,
        title=read.title,
        better=read.better,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        n=estimate.n,
        of=estimate.of,
        missed=(),
    )
