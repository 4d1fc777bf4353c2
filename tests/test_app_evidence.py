"""How far an answer says that its sources can be trusted."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from app.answer import GuideChain
from app.answer.evidence import LADDER, SECONDARY, STRENGTH, evidence_of, strength_of
from index.reference import Design, Reference


def reference(design: Design, secondary: bool = False) -> Reference:
    return Reference(
        key="a2020", title="A study", authors=("A B",), year=2020, container=None, doi=None,
        pmid=None, url=None, design=design, population="12 men", caveat="Small.",
        secondary=secondary,
    )  # fmt: skip


def test_every_design_has_a_strength() -> None:
    assert set(STRENGTH) == set(get_args(Design))


def test_a_meta_analysis_is_strong_and_a_muscle_activity_study_limited() -> None:
    assert strength_of(reference("meta-analysis")) == "strong"
    assert strength_of(reference("RCT")) == "moderate"
    assert strength_of(reference("EMG cross-sectional")) == "limited"


@given(st.sampled_from(get_args(Design)))
def test_figures_read_second_hand_never_raise_the_strength(design: Design) -> None:
    first, second = (LADDER.index(strength_of(reference(design, s))) for s in (False, True))
    assert second == min(first + 1, len(LADDER) - 1)
    assert SECONDARY in evidence_of(reference(design, secondary=True)).caveat
    assert SECONDARY not in evidence_of(reference(design)).caveat


def test_a_finding_is_cited_to_its_study_with_design_and_caveat(guide: GuideChain) -> None:
    answer = guide.invoke("How much glute activity in hip thrusts and squats, in percent?")
    studies = [c for c in answer.citations if c.evidence is not None]
    assert studies
    for citation in studies:
        assert citation.document.kind == "evidence"
        assert citation.evidence is not None
        assert citation.evidence.population
        assert citation.evidence.caveat
        assert citation.document.id in guide.index.references


def test_a_claim_that_studies_question_is_followed_by_what_they_found(guide: GuideChain) -> None:
    answer = guide.invoke("Why do the knees stay bent in a hip thrust?")
    assert answer.citations[0].document.kind == "article"
    assert any(c.evidence is not None for c in answer.citations[1:])


def test_a_gap_is_answered_as_such_and_not_refused(guide: GuideChain) -> None:
    answer = guide.invoke("Which bench height is best for hip thrusts?")
    assert answer.status == "answered"
    assert "Our search found no" in answer.answer
