"""Citations scored by hand, with a judge that one can do in the head."""

from __future__ import annotations

import hashlib

import pytest

from app.answer.schema import Answer, Citation, CorpusRef, DocumentRef, Sentence, Status
from eval import citing

PASSAGES = {"p": "Knees out. Chin in.", "q": "Chin in. Ribs down.", "r": "Feet flat."}
DOCUMENT = DocumentRef(id="d", title="D", authors=("A",), year=2020, kind="page")


def word_judge(claim: str, passage: str) -> bool:
    """Supported if every word of the claim is in the passage."""
    return set(claim.lower().strip(".").split()) <= set(passage.lower().replace(".", "").split())


def citation(n: int, passage: str, start: int, end: int) -> Citation:
    quote = PASSAGES.get(passage, "x" * 99)[start:end]
    return Citation(
        n=n,
        passage_id=passage,
        document=DOCUMENT,
        section="S",
        quote=quote,
        start=start,
        end=end,
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
    )


def answer(
    *said: tuple[str, tuple[int, ...]],
    citations: tuple[Citation, ...] = (),
    status: Status = "answered",
) -> Answer:
    """Sentences in prose, each followed by its markers."""
    text, sentences = "", []
    for words, numbers in said:
        text += " " if text else ""
        start = len(text)
        text += words
        sentences.append(
            Sentence(text=words, start=start, end=len(text), citations=numbers, support="quoted")
        )
        text += "".join(f" [{n}]" for n in numbers)
    return Answer(
        id="1",
        question="?",
        standalone_question="?",
        status=status,
        refused=status in {"not_covered", "rejected"},
        mode="extractive",
        answer=text or "Sorry.",
        sentences=tuple(sentences),
        citations=citations,
        corpus=CorpusRef(index_id="i", passages=3, built_at=""),
        timings_ms={},
    )


GOOD = answer(
    ("Knees out.", (1,)),
    ("Chin in.", (1,)),
    ("Ribs down.", (2,)),
    citations=(citation(1, "p", 0, 19), citation(2, "q", 9, 19)),
)
REFUSAL = answer(status="not_covered")
EMPTY = answer()


def test_a_good_answer_scores_one_everywhere() -> None:
    assert citing.sentence_support(GOOD, PASSAGES, word_judge) == 1
    assert citing.citation_recall(GOOD, PASSAGES, word_judge) == 1
    assert citing.citation_precision(GOOD, PASSAGES, word_judge) == 1
    assert citing.spans_valid(GOOD, PASSAGES) == 1
    assert citing.quotes_hold(GOOD) == 1
    assert citing.accounted(GOOD) == 1
    assert citing.markers_valid(GOOD) == 1
    assert citing.order_kept(GOOD, PASSAGES) == 1
    assert citing.said_once(GOOD) == 1


def test_a_refusal_is_undefined_and_an_empty_answer_is_zero() -> None:
    for score in (citing.sentence_support, citing.citation_recall):
        assert score(REFUSAL, PASSAGES, word_judge) is None
        assert score(EMPTY, PASSAGES, word_judge) == 0
    assert citing.citation_precision(REFUSAL, PASSAGES, word_judge) is None
    assert citing.spans_valid(REFUSAL, PASSAGES) is None
    assert citing.spans_valid(EMPTY, PASSAGES) == 0
    assert citing.quotes_hold(REFUSAL) is None
    assert citing.accounted(REFUSAL) is None
    assert citing.accounted(EMPTY) == 0
    assert citing.markers_valid(REFUSAL) is None
    assert citing.markers_valid(EMPTY) == 0
    assert citing.said_once(REFUSAL) is None
    assert citing.said_once(EMPTY) == 0
    assert citing.order_kept(REFUSAL, PASSAGES) is None


def test_two_passages_may_support_a_sentence_together() -> None:
    both = answer(
        ("Knees out ribs down.", (1, 2)),
        citations=(citation(1, "p", 0, 10), citation(2, "q", 9, 19)),
    )
    assert citing.sentence_support(both, PASSAGES, word_judge) == 0
    assert citing.citation_recall(both, PASSAGES, word_judge) == 1
    assert citing.citation_precision(both, PASSAGES, word_judge) == 1


def test_an_idle_citation_costs_precision_and_not_recall() -> None:
    idle = answer(
        ("Knees out.", (1, 2)), citations=(citation(1, "p", 0, 10), citation(2, "r", 0, 10))
    )
    assert citing.citation_recall(idle, PASSAGES, word_judge) == 1
    assert citing.citation_precision(idle, PASSAGES, word_judge) == 0.5


def test_a_citation_that_supports_alone_is_never_idle() -> None:
    twice = answer(
        ("Chin in.", (1, 2)), citations=(citation(1, "p", 11, 19), citation(2, "q", 0, 8))
    )
    assert citing.citation_precision(twice, PASSAGES, word_judge) == 1


def test_a_wrong_passage_or_none_recalls_nothing() -> None:
    wrong = answer(("Knees out.", (1,)), citations=(citation(1, "r", 0, 10),))
    unknown = answer(("Knees out.", (1,)), citations=(citation(1, "nowhere", 0, 10),))
    uncited = answer(("Knees out.", ()))
    for broken in (wrong, unknown, uncited):
        assert citing.citation_recall(broken, PASSAGES, word_judge) == 0
        assert citing.sentence_support(broken, PASSAGES, word_judge) == 0
    assert citing.citation_precision(wrong, PASSAGES, word_judge) == 0
    assert citing.citation_precision(uncited, PASSAGES, word_judge) is None
    assert citing.spans_valid(unknown, PASSAGES) == 0
    assert citing.quotes_hold(wrong) == 0


@pytest.mark.parametrize(
    "change", [{"quote": "Knees"}, {"start": 1}, {"end": 9}, {"sha256": "0" * 64}, {"quote": ""}]
)
def test_a_span_is_valid_only_if_quote_offsets_and_digest_agree(change: dict[str, object]) -> None:
    broken = citation(1, "p", 0, 10).model_copy(update=change)
    assert citing.spans_valid(answer(("Knees out.", (1,)), citations=(broken,)), PASSAGES) == 0


def test_text_beside_the_sentences_is_found() -> None:
    for extra in ("Trust me. " + GOOD.answer, GOOD.answer + " Trust me."):
        broken = GOOD.model_copy(update={"answer": extra})
        assert citing.accounted(broken) == 0


def test_list_markers_are_accounted_for() -> None:
    text = "Form: [1]\n\n1. Knees out. [1]\n2. Chin in. [1]"
    steps = GOOD.model_copy(
        update={
            "answer": text,
            "sentences": tuple(
                Sentence(
                    text=words,
                    start=text.index(words),
                    end=text.index(words) + len(words),
                    citations=(1,),
                    support="quoted",
                )
                for words in ("Form:", "Knees out.", "Chin in.")
            ),
            "citations": GOOD.citations[:1],
        }
    )
    assert citing.accounted(steps) == 1
    assert citing.markers_valid(steps) == 1


def test_markers_must_be_those_of_the_sentence_and_count_from_one() -> None:
    wrong_text = GOOD.model_copy(update={"answer": GOOD.answer.replace("[2]", "[3]")})
    unused = GOOD.model_copy(update={"citations": (*GOOD.citations, citation(3, "r", 0, 10))})
    gap = answer(("Feet flat.", (2,)), citations=(citation(2, "r", 0, 10),))
    for broken in (wrong_text, unused, gap):
        assert citing.markers_valid(broken) == 0


def test_sentences_out_of_order_are_found() -> None:
    shuffled = answer(
        ("Chin in.", (1,)), ("Knees out.", (1,)), citations=(citation(1, "p", 0, 19),)
    )
    single = answer(("Feet flat.", (1,)), citations=(citation(1, "r", 0, 10),))
    assert citing.order_kept(shuffled, PASSAGES) == 0
    assert citing.order_kept(single, PASSAGES) is None


def test_saying_it_twice_is_found() -> None:
    twice = answer(
        ("Feet flat.", (1,)), ("feet  flat.", (1,)), citations=(citation(1, "r", 0, 10),)
    )
    assert citing.said_once(twice) == 0


def test_a_refusal_shows_no_source() -> None:
    clothed = GOOD.model_copy(update={"status": "not_covered", "refused": True})
    assert citing.bare(REFUSAL) == 1
    assert citing.bare(clothed) == 0
    assert citing.bare(GOOD) is None
