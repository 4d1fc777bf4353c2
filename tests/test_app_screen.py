"""What may be typed, and what becomes of it before any search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer.screen import MAX_CHARACTERS, clean, screen


@pytest.mark.parametrize("raw", ["", " ", "\n\t ", "\u200b\u200e", "\x00\x00", "\ud800"])
def test_nothing_readable_is_asked_for_a_question(raw: str) -> None:
    screened = screen(raw)
    assert screened.problem == "Please type a question."
    assert screened.text == ""


@pytest.mark.parametrize("raw", ["🍑🍑🍑", "???", "12345", "?!", "a b c", "__ ** --"])
def test_a_message_without_words_is_told_so(raw: str) -> None:
    assert screen(raw).problem is not None


def test_two_thousand_characters_are_read_and_one_more_is_too_long() -> None:
    assert screen("word " * 400).problem is None
    problem = screen("x" * (MAX_CHARACTERS + 1)).problem
    assert problem is not None
    assert "2,001" in problem
    assert "2,000" in problem


def test_a_megabyte_is_refused_and_not_echoed_whole() -> None:
    screened = screen("glute " * 170_000)
    assert screened.problem is not None
    assert len(screened.text) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("what\x00 muscles\u202e work", "what muscles work"),
        ("quads\ud800 burn", "quads burn"),
        ("<script>alert(1)</script> foot distance?", "foot distance?"),
        ("<b>foot</b> <img src=x onerror=alert(1)> distance", "foot distance"),
        ("<!-- hidden --> foot distance", "foot distance"),
        ("![x](https://evil.example/a.png) knees out?", "knees out?"),
        ("[click](javascript:alert(1)) knees out?", "click knees out?"),
        ("see https://evil.example/?q=1 knees out", "see knees out"),
        ("ｈｉｐ ｔｈｒｕｓｔ", "hip thrust"),
        ("knees < 90 degrees", "knees 90 degrees"),
        ("two\nlines", "two lines"),
    ],
)
def test_markup_and_hidden_characters_are_taken_out(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(st.text(st.characters(codec=None)))
def test_whatever_is_typed_the_text_left_is_plain(raw: str) -> None:
    text = screen(raw).text
    assert "<" not in text
    assert ">" not in text
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in text)
    text.encode("utf-8")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "Hello there!",
        "thanks",
        "ok thanks a lot!",
        "Hey, how are you?",
        "who are you?",
        "bye",
        "thx \U0001f64f",
        "interesting, thanks",
        "Thank you kindly, that helps.",
    ],
)
def test_smalltalk_gets_a_friendly_line(said: str) -> None:
    assert screen(said).smalltalk is not None


@pytest.mark.parametrize(
    "said",
    [
        "hi, how far should my feet be?",
        "thanks, and the medius?",
        "hip thrust",
        "what can you do about knee pain",
        "help my knees cave in",
        "hey booty question",
        "interesting, and the medius?",
        "makes sense, why?",
    ],
)
def test_a_question_behind_a_greeting_is_no_smalltalk(said: str) -> None:
    assert screen(said).smalltalk is None


def test_asked_what_it_is_it_says_a_program_and_what_it_can_do() -> None:
    line = screen("are you a bot?").smalltalk
    assert line is not None
    assert "program" in line
    assert "hip thrusts" in line
