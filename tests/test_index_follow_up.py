"""Banked follow-ups: what visitors ask next, and which passage answers it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer import GuideChain
from index.errors import CorpusError
from index.follow_up import FollowUp, read_follow_ups
from index.load import load_corpus, load_page
from tests.conftest import write_files

BANK = "article/upright.followups.yaml"
OUTSIDE = "outside.followups.yaml"
NORTHWARDS = 'going-north:\n  - ["How do I go south?", "and the other way?"]\n'
NO_TALKS = (
    "'going-north' must hold a list of talks, each a list of two or more messages of which the "
    "last is the follow-up."
)


def test_a_page_has_the_follow_ups_banked_beside_it(small_corpus: Path) -> None:
    write_files(small_corpus, {BANK: NORTHWARDS})
    page = load_page(small_corpus / "article" / "upright.md")
    (follow_up,) = page.follow_ups["going-north"]
    assert follow_up == FollowUp(("How do I go south?",), "and the other way?")


def test_a_page_may_do_without_follow_ups(small_corpus: Path) -> None:
    assert load_page(small_corpus / "article" / "upright.md").follow_ups == {}


def test_follow_ups_that_no_page_answers_have_a_file_of_their_own(small_corpus: Path) -> None:
    write_files(small_corpus, {OUTSIDE: 'shops:\n  - ["Which star?", "who sells it"]\n'})
    assert load_corpus(small_corpus).outside_follow_ups == (
        FollowUp(("Which star?",), "who sells it"),
    )


def test_a_follow_up_is_read_with_the_two_messages_before_it() -> None:
    assert FollowUp(("one", "two", "three"), "four").in_talk == "two three four"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("going-north: [", "the bank of follow-ups is not YAML."),
        ("- going-north", "a bank of follow-ups maps a name to a list of talks."),
        ("going-north: why?", NO_TALKS),
        ('going-north:\n  - "why?"', NO_TALKS),
        ('going-north:\n  - ["why?"]', NO_TALKS),
        ('going-north:\n  - ["How?", ""]', NO_TALKS),
        ('going-north:\n  - ["How?", 7]', NO_TALKS),
        ('going-west:\n  - ["How?", "why?"]', "no passage has the anchor 'going-west'."),
    ],
)
def test_a_malformed_bank_is_refused_by_its_name(small_corpus: Path, text: str, says: str) -> None:
    write_files(small_corpus, {BANK: text})
    with pytest.raises(CorpusError, match=r"upright\.followups\.yaml") as found:
        load_corpus(small_corpus)
    assert says in str(found.value)


def test_a_bank_of_follow_ups_without_a_page_is_refused(small_corpus: Path) -> None:
    write_files(small_corpus, {"article/nowhere.followups.yaml": NORTHWARDS})
    with pytest.raises(CorpusError, match="has no page beside it"):
        load_corpus(small_corpus)


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=2, max_size=4))
def test_whatever_is_quoted_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[str]
) -> None:
    path = tmp_path_factory.mktemp("bank") / "x.followups.yaml"
    path.write_text(f"a: [{json.dumps(said)}]", "utf-8")
    (follow_up,) = read_follow_ups(path)["a"]
    assert [*follow_up.before, follow_up.message] == said


def test_every_passage_of_the_shipped_corpus_has_follow_ups(guide: GuideChain) -> None:
    without = [passage.id for passage in guide.index.passages if not passage.follow_ups]
    assert len(without) <= len(guide.index.passages) / 50, without


def test_a_banked_follow_up_finds_its_passage_first(guide: GuideChain) -> None:
    passage = guide.index.passage("hip-thrust#gluteus-medius")
    assert passage is not None
    talk = passage.follow_ups[0]
    vectors = np.concatenate([guide.index.encode(t) for t in (talk.message, talk.in_talk)])
    both = vectors.sum(axis=0, keepdims=True)
    both /= np.linalg.norm(both)
    hits = guide.index.search(talk.in_talk, vectors[1:], talk=both)
    assert max(hits, key=lambda hit: hit.follow_up).passage == passage
    assert max(hit.follow_up for hit in hits) == pytest.approx(1, abs=1e-3)
    assert guide.index.outside_follow_up(both) < 1


def test_a_question_that_stands_alone_is_compared_with_no_follow_up(guide: GuideChain) -> None:
    question = "Which muscles does a hip thrust work?"
    hits = guide.index.search(question, guide.index.encode(question))
    assert {hit.follow_up for hit in hits} == {0.0}
