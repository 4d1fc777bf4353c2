"""The second look at a message's urgency, by its meaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.answer import GuideChain
from app.answer.alarm import MESSAGES, level_of, load, look_again
from app.answer.schema import LEVELS, Level
from app.answer.triage import Triaged, triage
from eval.dataset import SafetyMessage
from eval.dataset import load as load_rows

BOUNDS: dict[Level, float] = {"see-clinician": 0.6, "emergency": 0.5}


@pytest.mark.parametrize(
    ("probabilities", "level"),
    [
        ([1.0, 0.0, 0.0, 0.0], "none"),
        ([0.2, 0.0, 0.2, 0.6], "emergency"),
        ([0.2, 0.0, 0.4, 0.4], "see-clinician"),
        ([0.2, 0.5, 0.1, 0.2], "none"),
        ([0.4, 0.2, 0.2, 0.2], "none"),
    ],
)
def test_a_level_counts_with_everything_more_urgent(
    probabilities: list[float], level: Level
) -> None:
    assert level_of(np.asarray(probabilities, np.float32), BOUNDS) == level


@given(
    arrays(np.float32, (1, 384), elements=st.floats(-1, 1, width=32)),
    st.sampled_from(LEVELS),
)
def test_it_never_lowers_what_the_rules_found(vector: np.ndarray, level: Level) -> None:
    told = Triaged(level, "a rule", "words")
    again = look_again(told, vector, 1.0, load().model_digest, "Call 112.")
    assert LEVELS.index(again.level) >= LEVELS.index(level)
    assert again == told or again.message == MESSAGES[again.level].format(call="Call 112.")


def test_another_embedding_model_makes_it_silent(guide: GuideChain) -> None:
    vector = guide.index.encode("my wee is the colour of cola and my legs are like wood")
    none = Triaged()
    assert look_again(none, vector, 1.0, "another model", "Call 112.") == none


def test_what_is_far_from_the_corpus_is_left_to_the_rules(guide: GuideChain) -> None:
    vector = guide.index.encode("my wee is the colour of cola and my legs are like wood")
    digest = guide.index.manifest.model_digest
    assert look_again(Triaged(), vector, 0.2, digest, "Call 112.") == Triaged()


def test_most_emergencies_that_no_rule_has_words_for_are_seen_and_name_whom_to_call(
    guide: GuideChain,
) -> None:
    rows = [row for row in load_rows(SafetyMessage, "tuning") if row.level == "emergency"]
    missed = [row.message for row in rows if triage(row.message).level == "none"]
    digest = guide.index.manifest.model_digest
    again = [
        look_again(Triaged(), guide.index.encode(message), 1.0, digest, "Call 112.")
        for message in missed
    ]
    seen = [told for told in again if told.level == "emergency"]
    assert len(seen) >= 0.5 * len(missed)
    assert all(told.message.endswith("Call 112.") for told in seen)


@pytest.mark.parametrize(
    "question",
    [
        "How far should my feet be from the bench?",
        "Which muscles does the hip thrust work?",
        "How many sets a week should I do?",
        "Is the hip thrust better than the squat?",
    ],
)
def test_ordinary_questions_leave_it_silent(guide: GuideChain, question: str) -> None:
    digest = guide.index.manifest.model_digest
    assert look_again(Triaged(), guide.index.encode(question), 1.0, digest, "") == Triaged()
