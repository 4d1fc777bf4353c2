"""Words: what counts as one, what is left out, and how typos are mended."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import STOP_WORDS, content_words, in_plain_words, repair, stems, tokens

VOCABULARY = frozenset({"glutes", "hamstrings", "squat", "thrust", "knees", "bench"})
ENGLISH = frozenset({"clutches", "thirst", "branch", "knee", "squad"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Knees at 90°, don't", ["knees", "at", "90", "don", "t"]),
        ("don’t", ["don", "t"]),
        ("2.5 kg or 1/2", ["2.5", "kg", "or", "1/2"]),
        ("hip-thrust.", ["hip", "thrust"]),
        ("3x10", ["3x10"]),
        ("Колени!", []),
        ("", []),
    ],
)
def test_tokens_are_lower_case_words_and_numbers(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_a_token_holds_nothing_but_letters_digits_and_one_separator(text: str) -> None:
    assert all(re.fullmatch(r"[a-z0-9]+([./][0-9]+)?", token) for token in tokens(text))


def test_content_words_are_what_the_question_is_about_in_order() -> None:
    assert content_words("Please tell me, why do my knees hurt in a squat?") == [
        "knees",
        "hurt",
        "squat",
    ]


def test_a_question_of_small_words_has_no_content() -> None:
    assert content_words("What is it that you do?") == []


def test_stop_words_are_tokens_themselves() -> None:
    """Else one of them could never be met in a text."""
    assert [word for word in STOP_WORDS if tokens(word) != [word]] == []


def test_forms_of_one_word_share_a_stem() -> None:
    assert set(stems(["thrust", "thrusts", "thrusting"])) == {"thrust"}
    assert len(set(stems(["knee", "knees", "kneeling"]))) == 2


def test_stems_come_in_the_order_of_their_words() -> None:
    assert stems(["hips", "knees", "hips"]) == ["hip", "knee", "hip"]


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("gluts", "glutes"),
        ("hamstirngs", "hamstrings"),
        ("Squt, please", "squat, please"),
        ("why do my kness hurt?", "why do my knees hurt?"),
        ("thamstrings", "thamstrings"),  # the first letter is never mended
        ("thirst", "thirst"),  # English
        ("knee", "knee"),  # English
        ("THRUST", "THRUST"),  # in the vocabulary
        ("sqt", "sqt"),  # too short to be sure
        ("bicycle", "bicycle"),  # nothing near
        ("benchpressing", "benchpressing"),  # too long for `bench`
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_typos_are_mended_towards_the_vocabulary(typed: str, mended: str) -> None:
    assert repair(typed, VOCABULARY, ENGLISH) == mended


@given(st.lists(st.sampled_from(sorted(VOCABULARY | ENGLISH)) | st.text("ab?! ", max_size=3)))
def test_repair_leaves_words_of_the_vocabulary_and_of_english_alone(words: list[str]) -> None:
    text = " ".join(words)
    assert repair(text, VOCABULARY, ENGLISH) == text
    assert repair(text.upper(), VOCABULARY, ENGLISH) == text.upper()


@given(st.text())
def test_repair_changes_letters_only(text: str) -> None:
    def rest(text: str) -> str:
        return re.sub(r"[A-Za-z]+", "w", text)

    assert rest(repair(text, VOCABULARY, ENGLISH)) == rest(text)


@given(st.text("glutesqahmrinkbc ", max_size=30))
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = repair(text, VOCABULARY, ENGLISH)
    assert repair(once, VOCABULARY, ENGLISH) == once


def test_without_a_vocabulary_nothing_is_mended() -> None:
    assert repair("hamstirngs", frozenset(), frozenset()) == "hamstirngs"


def test_repair_is_the_same_in_every_process() -> None:
    """`calfs` is as near to each of these; a set's order changes with the hash seed."""
    code = (
        "from index.words import repair;"
        "words = frozenset(['calms', 'calls', 'calfy', 'calfx', 'caffs', 'carfs']);"
        "print(repair('calfs', words, frozenset()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("asked", "known"),
    [("hypotension", "hypertension"), ("abductor", "adductor"), ("adduction", "abduction")],
)
def test_repair_never_turns_a_word_into_its_opposite(asked: str, known: str) -> None:
    assert repair(asked, frozenset({known}), frozenset()) == asked


# Gym talk

SLANG = {"ht": "hip thrust", "hts": "hip thrusts", "max out": "lift the most", "b/o": "burn out"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("do HTs burn?", "do hip thrusts burn?"),
        ("ht, then hts", "hip thrust, then hip thrusts"),
        ("Max out today", "lift the most today"),
        ("a b/o set", "a burn out set"),
        ("light", "light"),
        ("ht_a", "ht_a"),
        ("", ""),
    ],
)
def test_gym_talk_becomes_plain_words_where_it_stands_alone(said: str, meant: str) -> None:
    assert in_plain_words(said, SLANG) == meant


def test_the_longer_phrase_goes_first() -> None:
    slang = {"good": "fine", "good morning": "hinge"}
    assert in_plain_words("a good morning is good", slang) == "a hinge is fine"


@given(st.text())
def test_without_slang_nothing_is_replaced(text: str) -> None:
    assert in_plain_words(text, {}) == text


@given(st.text("xyz ,?"))
def test_a_text_without_gym_talk_stays_as_it_is(text: str) -> None:
    assert in_plain_words(text, SLANG) == text


@pytest.mark.parametrize("said", ["H\u0131P up", "ht\u017f"])
def test_letters_that_only_look_alike_do_no_harm(said: str) -> None:
    """The dotless i of a Turkish keyboard, the long s of an old print."""
    assert in_plain_words(said, {"hip up": "lift", "hts": "hip thrusts"}) in {
        said,
        "lift",
        "hip thrusts",
    }


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Are bridges good?", "Are glute bridges good?"),
        ("Are glute bridges good?", "Are glute bridges good?"),
        ("Glute-bridges or bridges?", "Glute-bridges or glute bridges?"),
        ("my glute, bridges", "my glute, bridges"),
    ],
)
def test_gym_talk_that_stands_in_its_meaning_is_not_said_twice(said: str, meant: str) -> None:
    assert in_plain_words(said, {"bridges": "glute bridges"}) == meant


def test_of_equally_near_words_the_one_most_used_is_taken() -> None:
    words = frozenset({"women", "widen"})
    assert repair("wimen", words, frozenset()) == "widen"
    assert repair("wimen", words, frozenset(), {"women": 9, "widen": 1}) == "women"


@pytest.mark.parametrize(
    ("asked", "mended"),
    [("aductor", "adductor"), ("abuctors", "abductor"), ("mcro", "mcro")],
)
def test_a_typo_is_mended_to_an_opposite_only_by_its_own_prefix(asked: str, mended: str) -> None:
    known = frozenset({"abductor", "adductor", "macro", "micro"})
    assert repair(asked, known, frozenset()) == mended
