"""The second look at a message's urgency, by its meaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.answer import GuideChain
from app.answer.alarm import (
    BUCKETS,
    MESSAGES,
    buckets,
    level_of,
    load,
    look_again,
    worth,
)
from app.answer.schema import LEVELS, Level
from app.answer.triage import Triaged, triage
from app.answer.triage_rules import SHIPPED, load_safety
from eval.dataset import SafetyMessage
from eval.dataset import load as load_rows

RULES = {rule.name: rule for rule in load_safety(SHIPPED).rules}


def again(guide: GuideChain, message: str, nearest: float = 1.0) -> Triaged:
    """A message as rules and networks together take it."""
    vector = guide.index.encode(guide.index.keywords.understand(message))
    digest = guide.index.manifest.model_digest
    return look_again(triage(message), vector, nearest, digest, "Call 112.")


@pytest.mark.parametrize(
    ("probabilities", "level"),
    [
        ([1.0, 0.0, 0.0, 0.0], "none"),
        ([0.1, 0.8, 0.1, 0.0], "caution"),
        ([0.0, 0.1, 0.8, 0.1], "see-clinician"),
        ([0.0, 0.0, 0.2, 0.8], "emergency"),
        ([0.5, 0.0, 0.0, 0.5], "emergency"),
        ([0.5, 0.0, 0.5, 0.0], "see-clinician"),
    ],
)
def test_the_cheapest_level_to_be_wrong_with_is_taken(
    probabilities: list[float], level: Level
) -> None:
    assert level_of(np.asarray(probabilities, np.float32)) == level


@given(
    arrays(np.float32, (1, 384), elements=st.floats(-1, 1, width=32)),
    st.sampled_from(["chest pain", "my knee hurts when I squat", "how wide should my feet be"]),
)
def test_it_never_lowers_an_emergency_and_says_something_at_every_level_but_none(
    vector: np.ndarray, message: str
) -> None:
    told = triage(message)
    found = look_again(told, vector, 1.0, load().model_digest, "Call 112.")
    assert told.level != "emergency" or found == told
    assert (found.level == "none") == (found.message == "")
    assert found.level != "emergency" or "Call 112." in found.message or found.rule in RULES


def test_another_embedding_model_makes_it_silent(guide: GuideChain) -> None:
    vector = guide.index.encode("my wee is the colour of cola and my legs are like wood")
    told = triage("there is something wrong and nobody can say what")
    assert look_again(told, vector, 1.0, "another model", "Call 112.") == told


def test_what_is_far_from_the_corpus_is_not_raised(guide: GuideChain) -> None:
    message = "I'd rather be gone than live like this, I have picked the day"
    assert again(guide, message).level == "emergency"
    assert again(guide, message, nearest=0.1) == triage(message)


def test_most_emergencies_that_no_rule_has_words_for_are_seen_and_name_whom_to_call(
    guide: GuideChain,
) -> None:
    rows = [row for row in load_rows(SafetyMessage, "tuning") if row.level == "emergency"]
    missed = [row.message for row in rows if triage(row.message).level != "emergency"][::4]
    seen = [
        told for told in (again(guide, message) for message in missed) if told.level == "emergency"
    ]
    assert len(seen) >= 0.9 * len(missed)
    assert all("Call 112." in told.message or told.rule in RULES for told in seen)


@pytest.mark.parametrize(
    ("message", "level"),
    [
        # The rules say too much: what only sounds like a complaint gets no warning.
        ("my coach is a pain, why does he make me pause three seconds?", "none"),
        ("as a physio I see sore backs all day; for myself: hex bar or straight bar?", "none"),
        ("our dog limps, I do not. Can the bands be washed?", "none"),
        # They have no words for it.
        ("tight lower back rn after sitting an exam, may I deadlift in an hour?", "caution"),
        ("The cuff said 171 over 98 this morning. Heavy singles today?", "see-clinician"),
    ],
)
def test_it_corrects_rules_in_both_directions(
    guide: GuideChain, message: str, level: Level
) -> None:
    assert again(guide, message).level == level


def test_the_words_of_a_fitting_rule_are_used_and_else_general_ones(guide: GuideChain) -> None:
    rows = load_rows(SafetyMessage, "tuning")[::7]
    for row in rows:
        told, found = triage(row.message), again(guide, row.message)
        if found.level not in {"none", told.level}:
            if found.rule in RULES:
                assert RULES[found.rule].level == found.level
                assert found.message.startswith(RULES[found.rule].message)
            else:
                assert found.message == MESSAGES[found.level].format(call="Call 112.")


def test_somebody_who_hints_at_the_end_gets_a_crisis_line(guide: GuideChain) -> None:
    told = again(guide, "I'd rather be gone than live like this, I have picked the day")
    assert told.level == "emergency"
    assert told.rule == "self-harm"
    assert "crisis line" in told.message


@pytest.mark.parametrize(
    "question",
    [
        "How far should my feet be from the bench?",
        "Which muscles does the hip thrust work?",
        "How many sets a week should I do?",
        "Is the hip thrust better than the squat?",
        "What is the capital of Norway?",
    ],
)
def test_ordinary_questions_get_no_warning(guide: GuideChain, question: str) -> None:
    assert again(guide, question).level == "none"


@given(st.lists(st.sampled_from(["my", "knee", "hurt", "."]), max_size=30))
def test_word_sequences_fall_into_sorted_buckets_whatever_their_order(stems: list[str]) -> None:
    places = buckets(stems)
    assert list(places) == sorted(set(places))
    assert all(0 <= place < BUCKETS for place in places)
    assert worth(places) > 0


def test_levels_and_shapes_of_the_shipped_file_fit_together() -> None:
    alarm = load()
    features = alarm.dimension + len(alarm.groups)
    assert set(LEVELS) <= set(alarm.groups)
    assert alarm.linear.shape == (features + BUCKETS, len(LEVELS))
    assert all(network.hidden.shape[0] == features for network in alarm.networks)
    assert set(alarm.rules) <= set(RULES)
