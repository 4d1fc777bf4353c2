"""The evidence corpus says what its sources' facts hold, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.dataset import DATA
from eval.grounds import all_ungrounded, load_facts, misplaced, ungrounded
from eval.metrics import holds
from index.chunk import Passage, Span, split_corpus
from index.embed import find_model
from index.load import Corpus, load_corpus

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(ROOT / "corpus")


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> list[Passage]:
    return split_corpus(corpus, find_model("packaged").count_tokens)


def test_each_of_the_320_facts_stands_in_exactly_one_passage(passages: list[Passage]) -> None:
    facts = load_facts()
    assert len(facts) == len({fact.id for fact in facts}) == 320
    assert list(misplaced(facts, {p.id: f"{p.title}. {p.text}" for p in passages})) == []


def test_no_figure_and_no_name_without_a_fact(corpus: Corpus, passages: list[Passage]) -> None:
    assert list(all_ungrounded(corpus, passages)) == []


def test_a_figure_or_name_of_our_own_would_be_found(
    corpus: Corpus, passages: list[Passage]
) -> None:
    facts = load_facts()
    honest = next(p for p in passages if p.id == facts[0].passage)
    text = honest.text + " In a study by Mustermann it was 987 percent."
    forged = Passage(honest.id, honest.source, honest.section, text, honest.spans, ())
    found = list(ungrounded(forged, facts, corpus.references))
    assert any("987" in line for line in found)
    assert any("Mustermann" in line for line in found)


def test_a_fact_that_fell_out_of_its_passage_would_be_found(passages: list[Passage]) -> None:
    texts = {p.id: p.text for p in passages}
    fact = load_facts()[0]
    assert list(misplaced([fact], {**texts, fact.passage: "Something else."}))
    del texts[fact.passage]
    assert "there is no passage" in next(misplaced([fact], texts))


def test_every_claim_of_a_study_carries_its_reference(passages: list[Passage]) -> None:
    for passage in passages:
        if passage.source.kind == "evidence" and not passage.source.id.startswith("open-questions"):
            assert any(span.references for span in passage.spans), passage.id


def test_every_fact_of_the_article_stands_in_a_passage(passages: list[Passage]) -> None:
    texts = {p.id: p.text for p in passages}
    rows = [
        json.loads(line) for line in (DATA / "article-facts.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(rows) == 248
    for row in rows:
        assert row["passages"], row["fact"]
        assert any(holds(texts[p], row["check"]) for p in row["passages"]), row["fact"]


def test_spans_of_real_passages_slice_sentences(passages: list[Passage]) -> None:
    for passage in passages:
        for span in passage.spans:
            assert isinstance(span, Span)
            assert passage.text[span.start : span.end].strip()
