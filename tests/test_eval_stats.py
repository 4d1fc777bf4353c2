"""Means, intervals and curves: by hand, at nothing, and undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import stats


def test_a_mean_counts_what_is_not_defined() -> None:
    found = stats.mean_of([1.0, None, 0.0, 1.0, 0.0])
    assert (found.value, found.n, found.of) == (0.5, 4, 5)
    assert str(found).endswith("(n = 4 of 5)")


def test_a_mean_of_zeros_is_zero_without_width() -> None:
    found = stats.mean_of([0.0, 0.0])
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_mean_of_nothing_is_undefined(values: list[float | None]) -> None:
    found = stats.mean_of(values)
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 0)
    assert str(found) == f"undefined (n = 0 of {len(values)})"


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_nan_is_an_error_and_never_averaged(bad: float) -> None:
    with pytest.raises(ValueError, match="NaN"):
        stats.mean_of([1.0, bad])


def test_the_interval_is_near_that_of_the_binomial() -> None:
    found = stats.mean_of([1.0] * 80 + [0.0] * 20)
    assert found.low == pytest.approx(0.72, abs=0.015)
    assert found.high == pytest.approx(0.88, abs=0.015)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=30))
def test_the_same_values_give_the_same_interval_around_the_mean(values: list[float | None]) -> None:
    first, second = stats.mean_of(values), stats.mean_of(values)
    assert first == second
    if first.value is not None and first.low is not None and first.high is not None:
        assert 0 <= first.low <= first.value + 1e-6
        assert first.value - 1e-6 <= first.high <= 1


def test_a_paired_difference_sees_what_separate_intervals_do_not() -> None:
    before = {f"q{n}": float(n % 2) for n in range(100)}
    now = {name: 0.0 if name in {"q1", "q3", "q5", "q7", "q9"} else v for name, v in before.items()}
    found = stats.paired(now, before)
    assert found is not None
    assert (found.mean, found.n) == (-0.05, 100)
    assert found.high < 0
    first, second = stats.mean_of(list(now.values())), stats.mean_of(list(before.values()))
    assert first.high is not None
    assert second.low is not None
    assert first.high > second.low


def test_a_paired_difference_of_equals_is_nothing() -> None:
    found = stats.paired({"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 0.0})
    assert found == stats.Difference(0.0, 0.0, 0.0, 2)


def test_runs_without_a_common_case_have_no_difference() -> None:
    assert stats.paired({"a": 1.0, "b": None}, {"b": 1.0, "c": 1.0}) is None


def test_auroc_counts_pairs_in_order() -> None:
    assert stats.auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1, 1, 0, 0])) == 0.875
    assert stats.auroc(np.array([0.1, 0.9]), np.array([1, 0])) == 0
    assert stats.auroc(np.array([0.1, 0.9]), np.array([1, 1])) is None


def test_the_calibration_error_is_the_gap_by_bin() -> None:
    p = np.array([0.25, 0.25, 0.95, 0.95])
    assert stats.calibration_error(p, np.array([0, 1, 1, 1])) == pytest.approx(0.15)
    assert stats.calibration_error(np.array([1.0, 0.0]), np.array([1, 0])) == 0
    assert stats.calibration_error(np.array([]), np.array([])) is None


def test_reliability_lists_the_bins_that_hold_something() -> None:
    assert stats.reliability([0.25, 0.25, 0.95], [0, 1, 1]) == [(0.25, 0.5, 2), (0.95, 1.0, 1)]
    assert stats.reliability([], []) == []


def test_the_trade_off_goes_from_nothing_refused_to_everything() -> None:
    curve = stats.trade_off([0.9, 0.4, 0.3], [1, 1, 0], steps=2)
    assert curve == [(0.0, 0.0, 0.0), (0.5, 0.5, 1.0), (1.0, 1.0, 1.0)]
    assert stats.trade_off([0.9], [1]) == []


def test_a_statistic_counts_pairs_without_a_score() -> None:
    found = stats.statistic_of(stats.auroc, [0.9, None, 0.1], [1, 1, 0])
    assert (found.value, found.n, found.of) == (1.0, 2, 3)
    assert stats.statistic_of(stats.auroc, [0.9], [1]).value is None
    assert stats.statistic_of(stats.auroc, [], []).of == 0


def test_quantiles_have_names() -> None:
    assert stats.quantiles([1.0, 2.0, 3.0], (0.5, 1.0)) == {"p50": 2.0, "p100": 3.0}
    assert stats.quantiles([]) == {}
