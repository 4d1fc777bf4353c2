"""What kind of answer a question calls for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer.shape import Shape, questions_in, shape_of


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("Do hip thrusts work the quads?", "polar"),
        ("so is it bad to look up", "polar"),
        ("My toes point at the ceiling, right?", "polar"),
        ("the further the feet, the more glutes I get, no?", "polar"),
        ("It is the big one, isn't it?", "polar"),
        ("I feel it in my quads. Am I doing it wrong?", "polar"),
        ("Don't my heels leave the floor?", "polar"),
        ("Can you overdo it?", "polar"),
        ("Can you explain the steps?", "steps"),
        ("Could you outline what it does?", "open"),
        ("How do I do a hip thrust?", "steps"),
        ("walk me through the set-up", "steps"),
        ("how many seconds up top?", "quantity"),
        ("What angle are the knees at?", "quantity"),
        ("Is it the squat or the thrust?", "open"),
        ("Why bend the knees?", "open"),
        ("quads", "open"),
        ("", "open"),
    ],
)
def test_a_question_calls_for_its_kind_of_answer(question: str, shape: Shape) -> None:
    assert shape_of(question) == shape


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("When do I inhale, and when do I brace?", ["When do I inhale", "when do I brace?"]),
        ("What is it? How do I do it?", ["What is it?", "How do I do it?"]),
        ("What is it and why?", ["What is it and why?"]),
        ("When do I go up and when down in a set?", ["When do I go up and when down in a set?"]),
        ("Where is it and who gets it most?", ["Where is it", "who gets it most?"]),
        ("I lift and run. Is that bad?", ["I lift and run. Is that bad?"]),
        ("Glutes and hamstrings?", ["Glutes and hamstrings?"]),
        ("", [""]),
    ],
)
def test_two_questions_are_told_apart_if_both_stand_alone(
    message: str, questions: list[str]
) -> None:
    assert questions_in(message) == questions


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert shape_of(text)
    assert questions_in(text)
