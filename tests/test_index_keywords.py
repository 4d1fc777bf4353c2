"""Keyword search: which passage holds the words, and how much of a question it accounts for."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Passage, Span
from index.keywords import BANKED_OFTEN, Keywords
from index.page import Source

SOURCE = Source("p", "P", "page", ("Ada Miller",), "2021", "a test", "free")
ENGLISH = frozenset({"ankles", "wrists"})
SLANG = {"noggin": "chin", "knee cave": "knees push"}


def passage(section: str, text: str, *questions: str) -> Passage:
    return Passage(f"p#{section}", SOURCE, section, text, (Span(0, len(text)),), questions)


FEET = passage("Feet", "Keep them flat.", "Where do my toes point?")
KNEES = passage("Form › Knees", "Push them outwards.", "Do my knees cave in?")
CHIN = passage("Chin", "Tuck it, and keep the neck long.")
FEET_NUMBER, KNEES_NUMBER, CHIN_NUMBER = range(3)


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return Keywords([FEET, KNEES, CHIN], SLANG, ENGLISH)


# Scores


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("flat?", FEET_NUMBER),
        ("feet", FEET_NUMBER),
        ("pushing", KNEES_NUMBER),
        ("my form", KNEES_NUMBER),
        ("caving", KNEES_NUMBER),
        ("toe", FEET_NUMBER),
        ("long neck", CHIN_NUMBER),
    ],
)
def test_a_word_is_found_in_headings_text_and_questions_in_any_form(
    keywords: Keywords, question: str, number: int
) -> None:
    scores = keywords.scores(question)
    assert scores.shape == (3,)
    assert scores.argmax() == number
    assert sorted(scores)[:2] == [0, 0]


@pytest.mark.parametrize("question", ["", "the of and", "quantum flux", "?!"])
def test_without_a_word_of_the_corpus_every_score_is_zero(
    keywords: Keywords, question: str
) -> None:
    assert keywords.scores(question).tolist() == [0, 0, 0]


def test_words_that_the_corpus_does_not_use_change_no_score(keywords: Keywords) -> None:
    assert keywords.scores("flat quantum").tolist() == keywords.scores("flat").tolist()


# Coverage: a word in n of 3 passages weighs log(1 + 3 / n), a word in none log(4)

RARE = math.log(4)  # in one passage
COMMON = math.log(2.5)  # in two: "keep"
UNKNOWN = math.log(4)


@pytest.mark.parametrize(
    ("question", "numbers", "expected"),
    [
        ("flat feet", [FEET_NUMBER], 1.0),
        ("flat chin", [FEET_NUMBER, CHIN_NUMBER], 1.0),
        ("flat chin", [FEET_NUMBER], 0.5),
        ("flat chin", [KNEES_NUMBER], 0.0),
        ("keep the neck", [FEET_NUMBER], COMMON / (COMMON + RARE)),
        ("keep the quantum", [FEET_NUMBER], COMMON / (COMMON + UNKNOWN)),
        ("flat flat flat chin", [FEET_NUMBER], 0.5),
        ("what is it?", [FEET_NUMBER], 0.0),
        ("flat", [], 0.0),
    ],
)
def test_coverage_is_the_share_of_the_question_by_rarity(
    keywords: Keywords, question: str, numbers: list[int], expected: float
) -> None:
    assert keywords.coverage(question, numbers) == pytest.approx(expected)


WORDS = st.lists(st.sampled_from("keep flat feet knees neck quantum the is".split())).map(" ".join)
NUMBERS = st.lists(st.sampled_from([0, 1, 2]), unique=True)


@given(WORDS, NUMBERS, NUMBERS)
def test_more_passages_never_cover_less(question: str, some: list[int], more: list[int]) -> None:
    keywords = Keywords([FEET, KNEES, CHIN], SLANG, ENGLISH)
    less = keywords.coverage(question, some)
    assert 0 <= less <= keywords.coverage(question, some + more) <= 1 + 1e-9


def test_coverage_is_the_same_in_every_process() -> None:
    # Sets of words have another order in each process; sums must not.
    code = (
        "from tests.test_index_keywords import *;"
        "k = Keywords([FEET, KNEES, CHIN], SLANG, ENGLISH);"
        "print(repr(k.coverage('keep flat feet knees neck', [0])))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(1, 7)
    }
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("flat feet", 0),
        ("flat quantum", 0.5),
        ("quantum flux", 1),
        ("flat flat quantum", 0.5),
        ("", 1),
        ("what is it?", 1),
    ],
)
def test_unknown_is_the_share_of_words_that_the_corpus_never_uses(
    keywords: Keywords, question: str, share: float
) -> None:
    assert keywords.unknown(question) == share


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("flat", RARE / UNKNOWN),
        ("keep", COMMON / UNKNOWN),
        ("keep quantum", 1.0),
        ("what is it?", 0.0),
        ("", 0.0),
    ],
)
def test_rarest_is_one_for_a_word_that_the_corpus_never_uses(
    keywords: Keywords, question: str, share: float
) -> None:
    assert keywords.rarest(question) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "share"),
    [("keep the ankles", 1.0), ("keep zzxcv", 0.5), ("qwer asdf", 0.0), ("", 0.0), ("90", 0.0)],
)
def test_readable_is_the_share_of_words_that_are_english_or_the_corpus_s(
    keywords: Keywords, text: str, share: float
) -> None:
    assert keywords.readable(text) == share


# Typos and gym talk


def test_typos_are_mended_towards_what_the_passages_say(keywords: Keywords) -> None:
    assert keywords.understand("keep them oudwards") == "keep them outwards"


def test_typos_are_mended_towards_small_words_too(keywords: Keywords) -> None:
    assert keywords.understand("somethnig flat") == "something flat"


def test_gym_talk_is_understood_and_then_found(keywords: Keywords) -> None:
    assert keywords.understand("My Noggin?") == "My chin?"
    assert keywords.scores(keywords.understand("noggin")).argmax() == CHIN_NUMBER


def test_gym_talk_in_a_banked_question_counts_as_its_plain_words() -> None:
    banked = passage("Head", "Hold it still.", "Where does my noggin go?")
    keywords = Keywords([FEET, banked], SLANG, ENGLISH)
    assert keywords.scores("chin").argmax() == 1


def test_a_word_that_is_banked_often_is_a_word() -> None:
    questions = [f"booty {n}?" for n in range(BANKED_OFTEN)]
    often = Keywords([passage("Bottom", "Bottoms.", *questions)], {}, ENGLISH)
    seldom = Keywords([passage("Bottom", "Bottoms.", *questions[1:])], {}, ENGLISH)
    assert "booty" in often.vocabulary
    assert "booty" not in seldom.vocabulary


def test_a_banked_word_of_english_is_a_word_at_once() -> None:
    keywords = Keywords([passage("Joints", "They bend.", "Do anckles or ankles?")], {}, ENGLISH)
    assert "ankles" in keywords.vocabulary
    assert "anckles" not in keywords.vocabulary
    assert keywords.understand("anckles") == "ankles"


def test_numbers_are_not_in_the_vocabulary() -> None:
    assert Keywords([passage("Angle", "90 degrees")], {}, ENGLISH).vocabulary == {
        "angle",
        "degrees",
    }


def test_a_corpus_without_content_words_scores_zero() -> None:
    keywords = Keywords([passage("What", "It is.")], {}, ENGLISH)
    assert keywords.scores("It is what?").tolist() == [0]
