"""Which sentences are said, and how they are cited."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.answer import cite as citing
from app.answer import compose as composing
from app.answer.compose import AIM_WORDS, Extract
from app.answer.found import Found
from app.answer.schema import Citation, Sentence
from index.chunk import Passage, Span
from index.claim import ClaimLink
from index.embed import Vectors
from index.page import Source
from index.reference import Reference
from index.retrieve import Hit, Index, NearQuestion

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


class Library:
    """What the composer asks of an index."""

    def __init__(
        self,
        links: tuple[ClaimLink, ...] = (),
        studies: tuple[Hit, ...] = (),
        banked: tuple[NearQuestion, ...] = (),
        references: tuple[Reference, ...] = (),
    ) -> None:
        self._links, self._banked = links, banked
        self._studies = {study.passage.id: study for study in studies}
        self.references = {reference.key: reference for reference in references}

    def studies_on(self, passage: Passage, text: str) -> list[ClaimLink]:
        return [link for link in self._links if link.claim == passage.id and link.words in text]

    def hit(self, passage_id: str, vector: Vectors) -> Hit:
        return self._studies[passage_id]

    def banked(self, passage: Passage, vector: Vectors) -> list[NearQuestion]:
        return list(self._banked)


def compose(hits: list[Hit], question: str = "knees", **library: Any) -> list[Extract]:
    """Compose an answer from these hits and what this library knows."""
    index = cast(Index, Library(**library))
    return composing.compose(index, [Found(question, np.zeros((1, 2), np.float32), hits)])


def cite(
    extracts: list[Extract], *references: Reference
) -> tuple[str, tuple[Sentence, ...], tuple[Citation, ...]]:
    return citing.cite(extracts, {reference.key: reference for reference in references})


def study(key: str) -> Reference:
    return Reference(
        key=key, title=f"Study {key}", authors=("B Author",), year=2020, container=None,
        doi="10.1000/x", pmid=None, url=None, design="RCT", population="12 men", caveat="Small.",
        secondary=False,
    )  # fmt: skip


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


TRIAL = Passage(
    "trial#knees",
    SOURCE,
    "Studies › Knees",
    "A trial found no effect of the knees. It was small. Both agree.",
    (Span(0, 37, None, ("a",)), Span(38, 51, None, ("a",)), Span(52, 63, None, ("a", "b"))),
    (),
)
LINK = ClaimLink("doc#knees", "Keep the knees out", "trial#knees", "contradicts")


def test_a_claim_that_studies_question_is_followed_by_one_sentence_on_them() -> None:
    extracts = compose(
        [hit(KNEES, 1.0)], links=(LINK,), studies=(hit(TRIAL, 0),), references=(study("a"),)
    )
    assert [e.text for e in extracts] == [*KNEES.sentences, TRIAL.sentences[0]]
    assert extracts[-1].frame == "Stronger evidence, a randomised trial, disagrees: "


def test_a_contradiction_is_told_before_a_nuance_that_is_as_near() -> None:
    other = passage("other", "A review sees a nuance.")
    nuance = ClaimLink("doc#knees", "Keep the knees out", other.id, "nuances")
    extracts = compose(
        [hit(KNEES, 1.0)],
        links=(nuance, LINK),
        studies=(hit(other, 0), hit(TRIAL, 0)),
        references=(study("a"),),
    )
    assert extracts[-1].passage == TRIAL


def test_a_study_that_does_not_bear_on_the_question_is_left_out() -> None:
    far = replace(hit(TRIAL, 0), whole=0.1)
    extracts = compose([hit(KNEES, 1.0)], links=(LINK,), studies=(far,), references=(study("a"),))
    assert [e.text for e in extracts] == list(KNEES.sentences)


def test_a_procedure_nearly_as_good_as_the_best_passage_answers_how_to_do_it() -> None:
    hits = [hit(KNEES, 1.0), hit(STEPS, 0.95)]
    assert compose(hits, "How do I perform it step by step?")[0].passage == STEPS
    assert compose(hits, "What about my knees?")[0].passage == KNEES


def test_two_questions_get_both_answers_each_from_its_own_passage() -> None:
    index = cast(Index, Library())
    nowhere = np.zeros((1, 2), np.float32)
    parts = [Found("knees", nowhere, [hit(KNEES, 1.0)]), Found("chin", nowhere, [hit(CHIN, 1.0)])]
    extracts = composing.compose(index, parts)
    assert [e.text for e in extracts] == [*KNEES.sentences, *CHIN.sentences]
    assert composing.compose(index, [parts[0], parts[0]]) == extracts[:2]


def test_a_passage_as_likely_is_sure_of_room_for_its_deciding_words() -> None:
    filler = " ".join(["word"] * 40) + "."
    long = passage("long", "The best one answers first.", filler, f"Another {filler}")
    both = passage("both", "The other one answers too.", "It decides the matter here.")
    other = hit(both, 0.96, 0.2, 0.9)
    extracts = compose([hit(long, 1.0, 0.9, 0.8, 0.1), other])
    assert [(e.passage.id, e.number) for e in extracts] == [
        ("doc#long", 0),
        ("doc#long", 1),
        ("doc#both", 0),
        ("doc#both", 1),
    ]
    alone = compose([hit(long, 1.0, 0.9, 0.8, 0.1), replace(other, score=0.9)])
    assert [e.passage.id for e in alone] == ["doc#long"] * 3


def test_for_room_a_sentence_with_a_figure_goes_before_a_caveat_as_relevant() -> None:
    caveat, figure = (" ".join([word] * 45) + "." for word in ("perhaps", "12"))
    long = passage("long", "The answer comes first.", caveat, figure)
    assert [e.number for e in compose([hit(long, 1.0, 0.9, 0.5, 0.45)])] == [0, 2]
    assert [e.number for e in compose([hit(long, 1.0, 0.9, 0.7, 0.45)])] == [0, 1]


def test_beside_a_list_the_other_question_is_answered_briefly() -> None:
    index = cast(Index, Library())
    nowhere = np.zeros((1, 2), np.float32)
    item = " ".join(["step"] * 20) + "."
    steps = passage("long-steps", *[item] * 5, lead="Do this:")
    talk = passage("talk", "This answers it.", " ".join(["word"] * 40) + ".")
    parts = [Found("how", nowhere, [hit(steps, 1.0)]), Found("why", nowhere, [hit(talk, 1.0)])]
    texts = [e.text for e in composing.compose(index, parts)]
    assert texts == ["Do this:", *[item] * 5, "This answers it."]


def test_a_frame_is_part_of_the_sentence_and_no_part_of_the_quote() -> None:
    text, sentences, citations = cite([Extract(KNEES, 0, "Yes. ")])
    assert text == "Yes. Keep the knees out. [1]"
    assert sentences[0].text == "Yes. Keep the knees out."
    assert sentences[0].support == "supported"
    assert citations[0].quote == "Keep the knees out."


def test_sentences_are_cited_to_their_studies_and_not_to_our_page() -> None:
    extracts = [Extract(TRIAL, n) for n in range(3)]
    text, sentences, citations = cite(extracts, study("a"), study("b"))
    assert [c.document.id for c in citations] == ["a", "a", "b"]
    assert [s.citations for s in sentences] == [(1,), (1,), (2, 3)]
    assert citations[0].quote == "A trial found no effect of the knees. It was small."
    assert citations[1].quote == citations[2].quote == "Both agree."
    assert text.endswith("Both agree. [2] [3]")
    assert citations[0].document.link == "https://doi.org/10.1000/x"
    assert all(c.evidence is not None for c in citations)


def test_a_neighbour_speaks_only_with_its_first_sentence() -> None:
    filler = " ".join(["word"] * 88) + "."
    second = passage("second", filler, "A short aside.")
    extracts = compose([hit(KNEES, 1.0), hit(second, 0.99, 0.2, 0.9)])
    assert {e.passage.id for e in extracts} == {"doc#knees"}
