"""The few words of our own: each fits, and each comes off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer.frames import OPENINGS, opening_frame, study_frame, unframed
from index.bank import Opening
from index.claim import Relation
from index.reference import Design, Reference

SENTENCES = st.sampled_from(["Keep the knees out.", "No study was found.", "Yes and no differ."])


def study(design: Design) -> Reference:
    return Reference(
        key="a", title="T", authors=("B Author",), year=2020, container=None, doi=None, pmid=None,
        url=None, design=design, population="12 men", caveat="Small.", secondary=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "designs", "sentence", "expected"),
    [
        ("contradicts", ["RCT"], "No.", "Stronger evidence, a randomised trial, disagrees: "),
        ("nuances", ["meta-analysis"], "Small.", "Stronger evidence, a meta-analysis, adds: "),
        ("contradicts", ["RCT", "cohort"], "No effect.", "Stronger evidence disagrees: "),
        ("nuances", ["other"], "It is small.", "Stronger evidence adds: "),
        ("nuances", ["RCT"], "Unclear.", "Stronger evidence, a randomised trial, is divided: "),
        ("contradicts", ["anatomy reference"], "It extends.", "Another source disagrees: "),
        ("nuances", [], "It extends.", "Another source adds: "),
        ("nuances", ["RCT"], "Our search found no trial.", ""),
    ],
)  # fmt: skip
def test_a_study_is_called_stronger_only_if_its_design_is(
    relation: Relation, designs: list[Design], sentence: str, expected: str
) -> None:
    assert study_frame(relation, [study(design) for design in designs], sentence) == expected


def test_what_is_said_to_be_unclear_needs_no_opening_that_says_so() -> None:
    assert opening_frame("unclear", "Studies disagree on it.") == ""
    assert opening_frame("unclear", "The hip flexors oppose it.") == "That is not clear. "
    assert opening_frame(None, "Keep the knees out.") == ""


@given(st.sampled_from(sorted(OPENINGS)), SENTENCES)
def test_an_opening_comes_off_again(opening: Opening, sentence: str) -> None:
    assert unframed(opening_frame(opening, sentence) + sentence) == sentence


@given(
    st.sampled_from(["contradicts", "nuances"]),
    st.lists(st.sampled_from(["RCT", "other", "narrative review"]), max_size=2),
    SENTENCES,
)
def test_a_study_frame_comes_off_again(
    relation: Relation, designs: list[Design], sentence: str
) -> None:
    frame = study_frame(relation, [study(design) for design in designs], sentence)
    assert unframed(frame + sentence) == sentence


@given(st.text())
def test_what_is_left_without_a_frame_is_the_end_of_the_text(text: str) -> None:
    assert text.endswith(unframed(text))
