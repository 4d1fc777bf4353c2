"""Sections become passages: each span is the very text, and nothing is lost on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bank import Banked
from index.chunk import Passage, Span, sentence_spans, split_corpus, split_page
from index.config import MAX_SENTENCES, MAX_TOKENS, MODEL_TOKENS
from index.errors import CorpusError
from index.load import Page, load_corpus
from index.page import Block, Section, Source

SOURCE = Source("p", "P", "page", ("Ada Miller",), "2021", "a test", "free")


def words(text: str) -> int:
    """A model whose tokens are words."""
    return len(text.split())


def page(*sections: Section, questions: dict[str, tuple[str, ...]] | None = None) -> Page:
    banked = {k: tuple(Banked(q) for q in v) for k, v in (questions or {}).items()}
    return Page(Path("p.md"), SOURCE, sections, banked)


def section(*blocks: Block, anchor: str = "form") -> Section:
    return Section(("Top", "Form"), anchor, 12, list(blocks))


def paragraph(text: str, *references: tuple[int, str]) -> Block:
    return Block(text, 14, None, references)


def item(text: str, marker: str = "-", *references: tuple[int, str]) -> Block:
    return Block(text, 14, marker, references)


def split(*blocks: Block) -> list[Passage]:
    return list(split_page(page(section(*blocks)), words))


def only(*blocks: Block) -> Passage:
    (passage,) = split(*blocks)
    return passage


# Sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is so. Two is so! Is three?", ["One is so.", "Two is so!", "Is three?"]),
        ("No full stop", ["No full stop"]),
        ("Lift 2.5 kg more. Then rest.", ["Lift 2.5 kg more.", "Then rest."]),
        ("See e.g. the knees. Then rest.", ["See e.g. the knees.", "Then rest."]),
        ("Dr. Miller says so. We do not.", ["Dr. Miller says so.", "We do not."]),
        ("It is so (mostly). Or not.", ["It is so (mostly).", "Or not."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("", []),
        ("...", []),
    ],
)
def test_a_paragraph_is_cut_at_its_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


PROSE = st.one_of(
    st.text(),
    st.text("aB1 .!?;:,'\"()[]…”“-\n"),
    st.lists(st.sampled_from(["One.", "e.g.", "Dr.", "2.5", "two", "Why?", "(so)", "..."])).map(
        " ".join
    ),
)


@given(PROSE)
def test_spans_slice_the_text_in_order_and_begin_and_end_with_a_word_or_mark(text: str) -> None:
    end_before = 0
    for start, end in sentence_spans(text):
        assert end_before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        end_before = end


@given(PROSE)
def test_no_word_is_outside_of_the_sentences(text: str) -> None:
    found = "".join(text[start:end] for start, end in sentence_spans(text))
    assert re.findall(r"\w", found) == re.findall(r"\w", text)


# Passages


def test_a_section_is_a_passage() -> None:
    passage = only(paragraph("Sit down. Lean back."), paragraph("Then lift."))
    assert passage == Passage(
        id="p#form",
        source=SOURCE,
        section="Top › Form",
        text="Sit down. Lean back.\n\nThen lift.",
        spans=(Span(0, 9), Span(10, 20), Span(22, 32)),
        questions=(),
    )
    assert passage.title == "Form"
    assert passage.sentences == ("Sit down.", "Lean back.", "Then lift.")


def test_a_list_stays_a_list_and_each_item_is_a_span_without_its_marker() -> None:
    passage = only(
        paragraph("Do this:"), item("Sit. Then wait.", "3."), item("Lift", "4."), paragraph("Rest.")
    )
    assert passage.text == "Do this:\n3. Sit. Then wait.\n4. Lift\nRest."
    assert passage.sentences == ("Do this:", "Sit. Then wait.", "Lift", "Rest.")
    assert [span.marker for span in passage.spans] == [None, "3.", "4.", None]


def test_a_passage_brings_the_questions_of_its_anchor() -> None:
    bank = {"form": ("How?", "Why?"), "load": ("How much?",)}
    form, load = split_page(
        page(section(paragraph("Sit.")), section(paragraph("Add."), anchor="load"), questions=bank),
        words,
    )
    assert form.questions == ("How?", "Why?")
    assert load.questions == ("How much?",)


def test_the_passages_of_a_corpus_come_in_reading_order(small_corpus: Path) -> None:
    passages = split_corpus(load_corpus(small_corpus), words)
    assert [passage.id for passage in passages] == [
        "upright#going-north",
        "upright#going-south",
        "sunrise#going-east",
        "sunset#going-west",
    ]
    assert passages[0].section == "The upright way › Going north"
    assert passages[0].text == (
        "You go north by the star. North is up on most maps.\n1. Face north.\n2. Walk north."
    )


# Long sections


def test_a_sixth_sentence_begins_the_next_passage() -> None:
    first, second = split(paragraph("Lift it. " * (MAX_SENTENCES + 1)))
    assert first.id == "p#form"
    assert first.text == " ".join(["Lift it."] * MAX_SENTENCES)
    assert second.id == "p#form-2"
    assert second.text == "Lift it."
    assert second.section == first.section


def test_items_do_not_count_as_sentences() -> None:
    passage = only(paragraph("Lift it. " * MAX_SENTENCES), *[item("Lift")] * 10)
    assert len(passage.spans) == MAX_SENTENCES + 10


def test_a_passage_holds_as_many_tokens_as_the_model_reads_and_no_more() -> None:
    half = " ".join(["lift"] * (MAX_TOKENS // 2))
    assert len(only(item(half), item(half)).spans) == 2
    first, second = split(item(half), item(half), item("lift"))
    assert len(first.spans) == 2
    assert second.text == "- lift"


def test_a_list_that_is_cut_goes_on_counting() -> None:
    long = " ".join(["lift"] * MAX_TOKENS)
    assert [passage.text[:2] for passage in split(item(long, "1."), item(long, "2."))] == [
        "1.",
        "2.",
    ]


def test_a_sentence_longer_than_the_model_reads_is_refused_at_its_section() -> None:
    with pytest.raises(CorpusError) as found:
        split(paragraph("Sit down. " + "lift " * MAX_TOKENS + "now."))
    assert (found.value.path, found.value.line) == (Path("p.md"), 12)
    assert found.value.problem == (
        "a sentence under 'Form' has 201 tokens, the model reads 200; make it shorter."
    )


def test_two_passages_with_one_id_are_refused() -> None:
    long = section(paragraph("Lift it. " * (MAX_SENTENCES + 1)), anchor="form")
    other = section(paragraph("Rest."), anchor="form-2")
    with pytest.raises(CorpusError, match="the passage id 'p#form-2' is used twice") as found:
        list(split_page(page(long, other), words))
    assert found.value.line == 12


SENTENCE = st.lists(st.sampled_from(["lift", "hips", "2.5", "knees,"]), min_size=1, max_size=60)
BLOCKS = st.lists(
    st.builds(
        lambda sentences, marker: (
            paragraph(" ".join(f"The {' '.join(s)} end." for s in sentences))
            if marker is None
            else item(" ".join(sentences[0]), marker)
        ),
        st.lists(SENTENCE, min_size=1, max_size=8),
        st.sampled_from([None, None, "-", "7."]),
    ),
    min_size=1,
    max_size=8,
)


@given(BLOCKS)
def test_chunking_loses_no_sentence_and_repeats_none(blocks: list[Block]) -> None:
    passages = split(*blocks)
    found = [sentence for passage in passages for sentence in passage.sentences]
    assert " ".join(found) == " ".join(block.text for block in blocks)


@given(BLOCKS)
def test_passages_stay_within_their_limits(blocks: list[Block]) -> None:
    for passage in split(*blocks):
        prose = [span for span in passage.spans if span.marker is None]
        assert len(prose) <= MAX_SENTENCES
        assert sum(words(sentence) for sentence in passage.sentences) <= MAX_TOKENS


@given(BLOCKS)
def test_between_the_spans_of_a_passage_there_are_only_blanks_and_markers(
    blocks: list[Block],
) -> None:
    for passage in split(*blocks):
        rest = position = 0
        for span in passage.spans:
            gap = passage.text[position : span.start]
            marker = "" if span.marker is None else f"{span.marker} "
            assert gap.lstrip() == marker
            position = span.end
            rest += len(gap)
        assert position == len(passage.text)


# References


def keys(*blocks: Block) -> list[tuple[str, ...]]:
    return [span.references for span in only(*blocks).spans]


@pytest.mark.parametrize("offset", [6, 9, 10])
def test_a_reference_belongs_to_the_sentence_in_or_after_which_it_stood(offset: int) -> None:
    text = "It is so.  It is not."
    expected = [("a1",), ()] if offset < 10 else [(), ()]
    assert keys(paragraph(text, (offset, "a1"))) == expected


def test_each_sentence_keeps_its_own_references_once() -> None:
    block = paragraph("It is. It is not.", (2, "a1"), (6, "b2"), (6, "a1"), (17, "c3"))
    assert keys(block) == [("a1", "b2"), ("c3",)]


def test_a_reference_behind_the_last_full_stop_belongs_to_the_last_sentence() -> None:
    assert keys(paragraph("It is. It is not. ", (18, "a1"))) == [(), ("a1",)]


def test_an_item_keeps_its_references_whatever_sentences_it_has() -> None:
    assert keys(item("It is. It is not.", "-", (3, "a1"))) == [("a1",)]


def test_a_reference_of_the_corpus_reaches_its_sentence(small_corpus: Path) -> None:
    passages = {p.id: p for p in split_corpus(load_corpus(small_corpus), words)}
    assert [span.references for span in passages["upright#going-south"].spans] == [
        (),
        ("ptolemy150", "idrisi1154"),
    ]


@pytest.mark.parametrize("block", [paragraph("It is so.", (0, "a1")), item("So", "-", (0, "a1"))])
def test_a_reference_before_the_first_sentence_is_not_lost(block: Block) -> None:
    assert keys(block) == [("a1",)]


def test_no_span_is_empty() -> None:
    passage = only(item("Sit", "-"), item("", "-", (0, "a1")))
    assert all(span.start < span.end for span in passage.spans)


def test_a_section_of_dots_alone_is_refused() -> None:
    with pytest.raises(CorpusError):
        split(paragraph("..."))


def test_a_long_heading_leaves_less_room_for_the_text() -> None:
    """The model reads the heading with the text, and cuts both at its limit."""
    heading = " ".join(["knees"] * 100)
    sentences = " ".join(f"Lift {'it ' * 47}now." for _ in range(4))
    long = Section(("Top", heading), "form", 12, [paragraph(sentences)])
    passages = list(split_page(page(long), words))
    assert len(passages) == 2
    assert all(words(f"{p.title} {p.text}") <= MODEL_TOKENS for p in passages)


def test_the_questions_of_a_long_section_go_with_its_first_part() -> None:
    long = section(paragraph("Lift it. " * (MAX_SENTENCES + 1)))
    first, second = split_page(page(long, questions={"form": ("How?",)}), words)
    assert (first.questions, second.questions) == (("How?",), ())


def test_a_block_of_references_belongs_to_the_sentence_before_it() -> None:
    assert keys(paragraph("It is so."), paragraph("", (0, "a1"))) == [("a1",)]


def test_a_reference_without_any_sentence_is_refused_at_its_line() -> None:
    with pytest.raises(CorpusError, match="without a sentence") as found:
        split(paragraph("", (0, "a1")), paragraph("It is so."))
    assert found.value.line == 14
