"""Which sentences are said, and how they are cited."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from app.answer.cite import cite
from app.answer.compose import AIM_WORDS, Extract, compose
from index.chunk import Passage, Span
from index.page import Source
from index.retrieve import Hit

SOURCE = Source("doc", "A page", "article", ("A. Author",), "2022-08-23", "A page", "ours")


def passage(name: str, *sentences: str, lead: str | None = None) -> Passage:
    """A passage of prose; with `lead`, the sentences are numbered items below it."""
    text = lead or ""
    spans = [Span(0, len(text))] if lead else []
    for number, sentence in enumerate(sentences, 1):
        marker = f"{number}." if lead else None
        text += ("\n" if lead else " ") if text else ""
        text += f"{marker} " if marker else ""
        spans.append(Span(len(text), len(text) + len(sentence), marker))
        text += sentence
    return Passage(f"doc#{name}", SOURCE, f"Section › {name}", text, tuple(spans), ("What?",))


def hit(found: Passage, score: float, *relevance: float) -> Hit:
    sentences = relevance or (0.5,) * len(found.spans)
    return Hit(found, 0, score, 0.5, 0.5, sentences, 0.5)


KNEES = passage("knees", "Keep the knees out.", "Thighs stay in line with the feet.")
CHIN = passage("chin", "Tuck the chin during the whole set.", "The neck follows the spine.")
STEPS = passage(
    "steps", "Sit on the floor.", "Lean on the bench.", "Lift the hips.", lead="Do this:"
)


def test_the_best_passage_speaks_first_and_in_its_own_order() -> None:
    extracts = compose([hit(KNEES, 1.0, 0.1, 0.9), hit(CHIN, 0.95)])
    assert [e.text for e in extracts[:2]] == list(KNEES.sentences)


def test_a_neighbour_that_is_about_something_else_is_not_heard() -> None:
    extracts = compose([hit(KNEES, 1.0), hit(CHIN, 0.5)])
    assert {e.passage.id for e in extracts} == {"doc#knees"}


def test_a_list_stays_whole_and_in_order() -> None:
    extracts = compose([hit(STEPS, 1.0, 0.1, 0.2, 0.9, 0.3)])
    assert [e.number for e in extracts] == [0, 1, 2, 3]


def test_nothing_is_said_twice() -> None:
    again = passage("again", "Keep your knees out!", "Squeeze the glutes hard.")
    texts = [e.text for e in compose([hit(KNEES, 1.0), hit(again, 0.99)])]
    assert "Keep your knees out!" not in texts
    assert "Squeeze the glutes hard." in texts


def test_long_prose_keeps_its_first_sentence_and_the_most_relevant_ones() -> None:
    filler = " ".join(["word"] * 40) + "."
    long = passage("long", "The answer comes first.", filler, filler, "The figure is ten.")
    extracts = compose([hit(long, 1.0, 0.2, 0.1, 0.1, 0.9)])
    assert next(e.number for e in extracts) == 0
    assert 3 in [e.number for e in extracts]
    assert sum(len(e.text.split()) for e in extracts) <= AIM_WORDS


def test_neighbouring_sentences_share_one_citation_and_others_get_their_own() -> None:
    extracts = [Extract(KNEES, 0), Extract(KNEES, 1), Extract(CHIN, 1)]
    text, sentences, citations = cite(extracts)
    assert text == (
        "Keep the knees out. [1] Thighs stay in line with the feet. [1] "
        "The neck follows the spine. [2]"
    )
    assert [s.citations for s in sentences] == [(1,), (1,), (2,)]
    assert [c.quote for c in citations] == [KNEES.text, "The neck follows the spine."]


def test_a_numbered_list_is_written_as_markdown() -> None:
    text, _, citations = cite(compose([hit(STEPS, 1.0)]))
    assert text == (
        "Do this: [1]\n\n1. Sit on the floor. [1]\n2. Lean on the bench. [1]\n3. Lift the hips. [1]"
    )
    assert citations[0].quote == STEPS.text


@given(st.lists(st.tuples(st.sampled_from([KNEES, CHIN, STEPS]), st.integers(0, 3)), max_size=8))
def test_every_sentence_is_cited_and_every_quote_is_the_text_at_its_span(
    picks: list[tuple[Passage, int]],
) -> None:
    extracts = [Extract(p, n % len(p.spans)) for p, n in picks]
    text, sentences, citations = cite(extracts)
    passages = {p.id: p for p, _ in picks}
    assert [c.n for c in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        assert passages[citation.passage_id].text[citation.start : citation.end] == citation.quote
        assert citation.sha256 == hashlib.sha256(citation.quote.encode()).hexdigest()
    assert len(sentences) == len(extracts)
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert text[sentence.end :].startswith(f" [{sentence.citations[0]}]")
        assert all(sentence.text in citations[n - 1].quote for n in sentence.citations)
