"""When a figure misses its gate."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eval.baseline import Baseline, Past
from eval.catalog import meaning
from eval.figures import Scored, Values, curves_of, figures_of, values_of
from eval.gates import Threshold, judge_figures, load_thresholds
from eval.schema import Case, Figure
from eval.suite import load_suite

NOTHING = Scored([], [])


def cases(name: str, values: Sequence[float | None]) -> list[Case]:
    return [
        Case(
            id=f"q{n}",
            set="answerable",
            question="?",
            expected="",
            status="answered",
            answer="",
            scores={name: value},
        )
        for n, value in enumerate(values)
    ]


def held(
    name: str,
    now: Sequence[float | None],
    threshold: Threshold,
    before: Sequence[float | None] | None = None,
) -> Figure:
    asked = cases(name, now)
    past = None
    if before is not None:
        old: Values = values_of(cases(name, before))
        past = Baseline(index_id="i", figures={name: Past(value=0.5, cases=old[name])})
    figures = figures_of(asked, NOTHING, NOTHING)
    return judge_figures(figures, values_of(asked), {name: threshold}, past)[0]


@pytest.mark.parametrize(
    ("now", "threshold", "says"),
    [
        ([1, 1, 1, 0], Threshold(floor=0.75), None),
        ([1, 1, 0, 0], Threshold(floor=0.75), "below the floor of 0.75"),
        ([1, 1, 1, None], Threshold(floor=0.75, min_n=4), "stands on 3 cases"),
        ([None, None], Threshold(floor=0.0), "not defined for any of 2 cases"),
    ],
)
def test_a_figure_misses_its_floor_or_has_too_few_cases(
    now: list[float | None], threshold: Threshold, says: str | None
) -> None:
    missed = held("answerable.exact_pass", now, threshold).missed
    assert missed == () if says is None else says in missed[0]


def test_a_figure_misses_its_ceiling() -> None:
    assert held("refusal.inside", [0, 0, 0, 1], Threshold(ceiling=0.25)).missed == ()
    assert "above the ceiling" in held("refusal.inside", [0, 1], Threshold(ceiling=0.25)).missed[0]


def test_a_fall_counts_only_if_it_is_significant() -> None:
    before = [1.0] * 50
    one = [0.0] + [1.0] * 49
    ten = [0.0] * 10 + [1.0] * 40
    name = "answerable.exact_pass"
    assert held(name, one, Threshold(), before).missed == ()
    missed = held(name, ten, Threshold(), before).missed
    assert "0.200 worse than the baseline" in missed[0]
    assert held(name, ten, Threshold(max_drop=0.25), before).missed == ()
    assert held(name, before, Threshold(), ten).missed == ()


def test_where_lower_is_better_a_rise_counts() -> None:
    low = [0.0] * 50
    high = [1.0] * 10 + [0.0] * 40
    assert held("refusal.inside", high, Threshold(), low).missed != ()
    assert held("refusal.inside", low, Threshold(), high).missed == ()


def test_a_baseline_of_other_questions_cannot_be_compared() -> None:
    now, before = [1.0, 1.0], [1.0] * 50
    missed = held("answerable.exact_pass", now, Threshold(), before).missed
    assert "2 of the baseline's 50 cases" in missed[0]


def test_a_threshold_without_a_figure_is_missed() -> None:
    figures = judge_figures([], {}, {"run.crashed": Threshold(), "judge.*": Threshold()}, None)
    assert [(f.name, f.missed) for f in figures] == [
        ("judge.*", ("was not measured",)),
        ("run.crashed", ("was not measured",)),
    ]


def test_the_first_pattern_that_fits_holds_and_a_figure_without_one_is_only_shown() -> None:
    asked = cases("refusal.outside.far", [1.0])
    gates = {"refusal.outside.far": Threshold(floor=0.9), "refusal.outside.*": Threshold(floor=1.1)}
    found = judge_figures(figures_of(asked, NOTHING, NOTHING), values_of(asked), gates, None)
    assert found[0].limit == 0.9
    bare = judge_figures(figures_of(asked, NOTHING, NOTHING), values_of(asked), {}, None)
    assert bare[0].report_only == "no threshold is set"


def test_every_set_has_a_threshold_and_what_is_not_built_says_so() -> None:
    thresholds = load_thresholds()
    silent = {name for name, threshold in thresholds.items() if threshold.report_only}
    assert all("yet" in str(thresholds[name].report_only) for name in silent)
    for name, size in load_suite("test").sizes().items():
        family = {"unanswerable": "refusal", "pairs": "judge"}.get(name, name)
        assert size
        assert any(pattern.startswith(family) for pattern in thresholds)


def test_figures_of_the_whole_come_with_their_curves() -> None:
    gate = Scored([0.9, 0.8, 0.1, 0.2], [1, 1, 0, 0])
    figures = {f.name: f.value for f in figures_of([], gate, Scored([0.9, 0.1], [1, 0]))}
    assert figures["gate.auroc"] == 1
    assert figures["judge.pairs_auroc"] == 1
    assert figures["gate.calibration_error"] == pytest.approx(0.15)
    assert [curve.name for curve in curves_of(gate)] == ["trade_off", "reliability"]


def test_a_figure_that_nobody_has_described_is_a_mistake() -> None:
    assert meaning("judge.planted.number").title == "Planted, number: caught"
    with pytest.raises(KeyError):
        meaning("no.such.figure")
