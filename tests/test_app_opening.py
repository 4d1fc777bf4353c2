"""When an answer opens with yes or no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.answer import GuideChain
from app.answer.opening import Openers, load, opening_of, signals
from index.bank import OPENINGS, Opening
from index.chunk import Passage, Span
from index.page import Source
from index.retrieve import Hit, NearQuestion

SOURCE = Source("doc", "A page", "article", ("A. Author",), "2022-08-23", "A page", "ours")
TEXT = "Keep the knees out. They do not turn inward."
KNEES = Passage("doc#knees", SOURCE, "Form › Knees", TEXT, (Span(0, 19), Span(20, 44)), ())
HIT = Hit(KNEES, 0, 1.0, 0.5, 0.6, (0.7, 0.4), 0.5)
BANKED = [NearQuestion(0.8, "Should they point out?", "yes"), NearQuestion(0.3, "In?", "no")]


def test_only_a_question_for_yes_or_no_gets_an_opening() -> None:
    assert opening_of("How do my knees go?", HIT, BANKED) is None
    assert opening_of("Knees in or out?", HIT, BANKED) is None


def test_the_signals_say_what_turns_the_question_and_what_the_passage_lacks() -> None:
    values = signals("My shins hurt. Should the knees never cave, right?", HIT, BANKED)
    assert values["asked:denies"] == 1
    assert values["told:denies"] == 1
    assert values["first:denies"] == 0
    assert values["tagged"] == 1
    assert values["missing"] == pytest.approx(2 / 3)  # knees are told, never and cave are not
    assert values["near:yes"] == 0.8
    assert values["near:no"] == 0.3
    assert values["share:yes"] == 0.5
    assert values["near:unclear"] == 0.2


def test_the_forests_ask_only_for_signals_that_there_are() -> None:
    known = set(signals("Is it?", HIT, []))
    for opening, (forest, threshold) in load().forests.items():
        assert opening in OPENINGS
        assert set(forest.signals) <= known
        assert 0.5 < threshold <= 1


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Newbies should load up the barbell from day one, correct?", "No. "),
        ("The glute bridge is done with the back up on a bench, right?", "No. "),
        ("Does stretching after leg day stop the soreness?", "No. "),
    ],
)
def test_a_wrong_premise_is_denied_in_the_first_word(
    guide: GuideChain, question: str, opening: str
) -> None:
    answer = guide.invoke(question)
    assert answer.answer.startswith(opening)
    assert answer.sentences[0].support == "supported"
    assert answer.sentences[0].citations


def gap(first: str) -> Hit:
    found = replace(KNEES, text=first, spans=(Span(0, len(first)),))
    return replace(HIT, passage=found, sentences=(0.7,))


@pytest.mark.parametrize(
    ("question", "first", "opening"),
    [
        ("Do kickbacks work?", "Our search found no study of kickbacks.", "no"),
        ("Is there a study of kickbacks?", "Our search found no study of kickbacks.", "yes"),
        ("Has anybody tested kickbacks?", "Kickbacks brought no growth in a trial.", "no"),
        ("Was there a trial of kickbacks?", "Kickbacks brought no growth in a trial.", "no"),
        ("Can I lie flat in pregnancy?", "Lying flat is advised against in pregnancy.", "yes"),
    ],
)
def test_an_opening_that_would_mislead_is_not_said_however_sure_it_is(
    monkeypatch: pytest.MonkeyPatch, question: str, first: str, opening: Opening
) -> None:
    certain = Openers({opening: (load().forests[opening][0], 0.0)})
    monkeypatch.setattr("app.answer.opening.load", lambda: certain)
    assert opening_of(question, gap(first), BANKED) is None
    assert opening_of("Should the knees point out?", HIT, BANKED) == opening


def test_that_no_study_was_found_is_a_no_to_a_question_for_studies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certain = Openers({"no": (load().forests["no"][0], 0.0)})
    monkeypatch.setattr("app.answer.opening.load", lambda: certain)
    assert opening_of("Has that been studied?", gap("Our search found no study."), BANKED) == "no"
