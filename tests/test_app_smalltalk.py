"""Greetings, thanks and goodbyes: told apart from what wants an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer import Ask, GuideChain, Turn
from app.answer.smalltalk import REPLIES, smalltalk
from eval.dataset import Answerable, Conversation, EvidenceQuestion, FactQuestion, load


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("k thanks", "thanks"),
        ("thanks doc", "thanks"),
        ("good to know thx", "thanks"),
        ("ok thanks my friend", "thanks"),
        ("Thank you, very kind.", "thanks"),
        ("Ok clear, you explain good, thank you", "thanks"),
        ("Very helpful, my mother will be pleased.", "thanks"),
        ("makes sense, cheers", "thanks"),
        ("ok going now. thanks", "thanks"),
        ("ok cool", "praise"),
        ("alright mate", "praise"),
        ("haha love it", "praise"),
        ("see you tomorrow", "bye"),
        ("hey coach", "greeting"),
        ("who are you?", "about"),
    ],
)
def test_small_talk_gets_the_line_that_fits(said: str, kind: str) -> None:
    assert smalltalk(said) == REPLIES[kind]  # type: ignore[index]


@pytest.mark.parametrize(
    "said",
    [
        "is it good",
        "and later",
        "so good for what",
        "ok and why",
        "really?",
        "yes",
        "no",
        "thanks! and my knee?",
        "thanks, how wide?",
        "cheers, now the medius",
        "ok tell me more",
        "great, 3 or 4 sets",
        "helpful for the knees",
        "Goodbye and thanks for the workouts",
        "",
        "...",
    ],
)
def test_what_goes_on_or_may_mean_more_is_none(said: str) -> None:
    assert smalltalk(said) is None


def test_no_question_of_the_tuning_part_is_small_talk() -> None:
    questions = [row.question for row in load(Answerable, "tuning")]
    questions += [row.question for row in load(EvidenceQuestion, "tuning")]
    questions += [row.question for row in load(FactQuestion, "tuning")]
    questions += [
        turn.user
        for row in load(Conversation, "tuning")
        for turn in row.turns
        if turn.status == "answered"
    ]
    assert [question for question in questions if smalltalk(question)] == []


@given(st.text(max_size=60))
def test_any_text_is_told_one_of_the_known_lines_or_none(text: str) -> None:
    assert smalltalk(text) in {None, *REPLIES.values()}


def test_thanks_within_a_talk_are_no_follow_up(guide: GuideChain) -> None:
    talk = (Turn(question="Which muscles does a hip thrust work?"),)
    assert guide.invoke(Ask(question="thanks doc", history=talk)).status == "smalltalk"


def test_thanks_do_not_hide_a_complaint(guide: GuideChain) -> None:
    answer = guide.invoke("thanks, very helpful. my chest is tight and my arm numb")
    assert answer.status == "safety"
