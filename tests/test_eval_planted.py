"""Planted errors are real edits, the same every time, and of every type."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.planted import PER_PASSAGE, TYPES, Source, edits, plant
from index.retrieve import Index

THRUST = "The hip thrust works the glutes more than the back squat in 13 trained women."


@pytest.mark.parametrize(
    ("kind", "sentence", "expected"),
    [
        ("number", "Keep the knees at 90 degrees.", "Keep the knees at 146 degrees."),
        ("number", "The study of 2015 was small.", "The study of 2019 was small."),
        ("number", "Do three sets.", "Do seven sets."),
        ("unit", "It ran for eight weeks.", "It ran for eight months."),
        ("negation", "The bar is padded.", "The bar is not padded."),
        ("negation", "It does not grow.", "It does grow."),
        ("direction", "Drive the knees outward.", "Drive the knees inward."),
        ("muscle", "It hits the hamstrings.", "It hits the calves."),
        ("body-part", "Knees out.", "Elbows out."),
        ("comparative", "It works more than that.", "It works less than that."),
        (
            "order",
            THRUST,
            "The back squat works the glutes more than the hip thrust in 13 trained women.",
        ),
        ("order", "Ask before you lift.", "Ask after you lift."),
        ("quantifier", "Some people feel it.", "All people feel it."),
        ("hedge", "It may hurt.", "It is certain to hurt."),
        ("causal", "Weakness is linked with pain.", "Weakness is caused by pain."),
        (
            "attribution",
            "The bar should rest low.",
            "The World Health Organization states that the bar should rest low.",
        ),
        ("condition", "Stop if it hurts.", "Stop unless it hurts."),
        ("population", THRUST, THRUST.replace("women", "men")),
        (
            "added-detail",
            "The bar rests on the hips always.",
            "The bar rests on the hips always, especially in left-handed people.",
        ),
    ],
)
def test_an_edit_changes_what_is_said(kind: str, sentence: str, expected: str) -> None:
    assert expected in edits(kind, sentence, sentence)


def test_a_word_that_the_passage_holds_is_not_swapped_in() -> None:
    passage = "Keep the knees out. Keep the elbows, the ankles and the shoulders still."
    assert edits("body-part", "Keep the knees out.", passage) == []


def test_a_sentence_that_is_the_same_either_way_is_left_alone() -> None:
    assert edits("comparative", "Both work more or less alike.", "") == []
    assert edits("order", "Compared before and after the set.", "") == []


def test_what_the_passage_says_anyway_is_no_error() -> None:
    passage = "It may hurt. It is certain to hurt."
    assert "It is certain to hurt." not in edits("hedge", "It may hurt.", passage)


def test_the_article_takes_errors_of_fifteen_types(article_index: Index) -> None:
    sources = [Source(p.id, p.text, p.sentences) for p in article_index.passages]
    errors = plant(sources, per_type=5)
    assert errors == plant(sources, per_type=5)
    assert len({error.id for error in errors}) == len(errors)
    kinds = Counter(error.type for error in errors)
    assert len(kinds) >= 15
    assert max(kinds.values()) <= 5
    for error in errors:
        assert error.claim != error.sentence
        assert error.sentence in error.passage
        assert error.claim not in error.passage
    places = Counter((error.type, error.passage_id) for error in errors)
    assert max(places.values()) <= PER_PASSAGE


def test_a_sentence_of_another_document_is_a_wrong_citation() -> None:
    here = Source("a#1", "Knees out. Chin in.", ("Knees out.", "Chin in."))
    there = Source("b#1", THRUST, (THRUST,))
    found = [e for e in plant([here, there]) if e.type == "off-passage"]
    assert [e.claim for e in found] == [THRUST, THRUST]
    assert {e.passage_id for e in found} == {"a#1"}


def test_there_are_at_least_twelve_types() -> None:
    assert len(TYPES) == 16
