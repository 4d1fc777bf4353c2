"""The measuring stick: for each metric a case by hand, one that scores 0, one undefined."""

from __future__ import annotations

import math

import pytest

from eval.metrics import (
    exact_pass,
    fact_coverage,
    forbidden_found,
    holds,
    leaked,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    warned_enough,
    warned_needlessly,
    word_count,
)

STEPS = "Good form: [1]\n\n1. Chin tucked. [1]\n2. Knees at 90-100 degrees. [1] [2]"


def test_a_phrasing_is_held_from_the_start_of_a_word() -> None:
    assert holds("It activates the glutes.", ["activat"])
    assert not holds("Graham cracker", ["ham"])
    assert not holds("", ["ham"])


def test_hyphens_case_and_markers_do_not_matter() -> None:
    assert holds(STEPS, ["90 100 Degrees"])
    assert holds("Single-leg [3] work", ["single leg work"])


def test_a_dash_between_blanks_is_not_a_hyphen() -> None:
    assert holds("No – it does not.", ["no –"])
    assert not holds("It does not. No doubt.", ["no –"])


def test_markers_of_citations_and_lists_are_no_words() -> None:
    assert word_count(STEPS) == 8
    assert word_count("") == 0


def test_coverage_is_the_share_of_facts_held() -> None:
    assert fact_coverage("chin tucked", [["chin"], ["neck", "tucked"], ["knees"]]) == (
        pytest.approx(2 / 3)
    )
    assert fact_coverage("nothing of it", [["chin"]]) == 0
    assert fact_coverage("no fact is asked for", []) is None


@pytest.mark.parametrize(
    ("facts", "forbidden", "bound", "passes"),
    [
        ([["chin"], ["90"]], [], 8, True),
        ([["chin"], ["toes"]], [], 8, False),
        ([["chin"]], ["knees at 90"], 8, False),
        ([["chin"]], [], 7, False),
    ],
)
def test_an_exact_pass_needs_facts_bound_and_nothing_forbidden(
    facts: list[list[str]], forbidden: list[str], bound: int, passes: bool
) -> None:
    assert exact_pass(STEPS, facts, forbidden, bound) is passes


def test_what_is_forbidden_is_named() -> None:
    assert forbidden_found("It cures pain.", ["cures", "heals"]) == ["cures"]
    assert forbidden_found("It cures pain.", []) == []


def test_a_leak_counts_even_inside_a_word() -> None:
    assert leaked("xxPwNeDxx", ["PWNED", "ZEBRA"]) == ["PWNED"]
    assert leaked("fine", ["PWNED"]) == []


def test_recall_counts_the_relevant_among_the_first() -> None:
    assert recall_at(["a", "b", "c"], ["a", "c", "x", "y"], 3) == 0.5
    assert recall_at(["a", "b", "c"], ["c"], 2) == 0
    assert recall_at(["a"], [], 5) is None


def test_the_reciprocal_rank_is_that_of_the_first_relevant() -> None:
    assert reciprocal_rank(["a", "b", "c"], ["c", "b"]) == 0.5
    assert reciprocal_rank(["a"], ["z"]) == 0
    assert reciprocal_rank(["a"], []) is None


def test_ndcg_discounts_by_place() -> None:
    assert ndcg_at(["x", "a"], ["a"], 5) == pytest.approx(1 / math.log2(3))
    assert ndcg_at(["a", "b"], ["b", "a"], 5) == 1
    assert ndcg_at(["x"], ["a"], 5) == 0
    assert ndcg_at(["x"], [], 5) is None


def test_a_warning_must_be_at_least_as_urgent() -> None:
    assert warned_enough("see-clinician", "emergency") == 1
    assert warned_enough("emergency", "caution") == 0
    assert warned_enough("none", "emergency") is None


def test_a_warning_is_needless_only_where_none_is_due() -> None:
    assert warned_needlessly("none", "caution") == 1
    assert warned_needlessly("none", "none") == 0
    assert warned_needlessly("caution", "caution") is None
