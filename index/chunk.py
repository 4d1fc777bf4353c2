"""Sections in, passages with sentence spans out.

A passage is what is embedded, found and quoted. Its text never changes on the way to
the reader: every span is a pair of character offsets into it. Knows nothing of vectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from index.bank import Opening
from index.config import MAX_SENTENCES, MAX_TOKENS, MODEL_TOKENS
from index.errors import CorpusError
from index.follow_up import FollowUp
from index.load import Corpus, Page
from index.page import SECTION_SEPARATOR, Block, Section, Source


@dataclass(frozen=True)
class Span:
    """One sentence or one item of a list: `passage.text[start:end]`."""

    start: int
    end: int
    marker: str | None = None
    """`3.` or `-` for an item of a list, None for a sentence of prose."""

    references: tuple[str, ...] = ()
    """Keys of the bibliography that the corpus gives for this sentence."""


@dataclass(frozen=True)
class Passage:
    """A short text about one subject, readable alone."""

    id: str
    source: Source
    section: str
    text: str
    spans: tuple[Span, ...]
    questions: tuple[str, ...]
    openings: tuple[Opening | None, ...] = ()
    """How the answer to each question opens; empty where no question asks for yes or no."""
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def title(self) -> str:
        """The innermost heading."""
        return self.section.rsplit(SECTION_SEPARATOR, 1)[-1]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The texts of the spans."""
        return tuple(self.text[span.start : span.end] for span in self.spans)


@dataclass(frozen=True)
class _Unit:
    """A sentence or item before it has a place in a passage; `glue` goes before it."""

    text: str
    glue: str
    marker: str | None
    references: tuple[str, ...]


def split_corpus(corpus: Corpus, count_tokens: Callable[[str], int]) -> list[Passage]:
    """Every passage of the corpus, in reading order."""
    return [passage for page in corpus.pages for passage in split_page(page, count_tokens)]


def split_page(page: Page, count_tokens: Callable[[str], int]) -> Iterator[Passage]:
    """One passage a section; a section that is too long becomes several."""
    for _, parts in split_sections(page, count_tokens):
        yield from parts


def split_sections(
    page: Page, count_tokens: Callable[[str], int]
) -> Iterator[tuple[Section, list[Passage]]]:
    """The sections of a page, each with its passages; the first has what is banked."""
    taken: set[str] = set()
    for section in page.sections:
        groups = list(_pack(page, section, count_tokens))
        parts = [_join(page, section, group, number) for number, group in enumerate(groups, 1)]
        for passage in parts:
            if passage.id in taken:
                raise CorpusError(
                    page.path, section.line, f"the passage id '{passage.id}' is used twice."
                )
            taken.add(passage.id)
        yield section, parts


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a paragraph, without the blanks between them."""
    import sentencex

    spans: list[tuple[int, int]] = []
    position = 0
    for sentence in sentencex.segment("en", text):
        start = text.index(sentence, position)
        position = start + len(sentence)
        lead = len(sentence) - len(sentence.lstrip())
        stripped = sentence.strip()
        if re.search(r"\w", stripped):
            spans.append((start + lead, start + lead + len(stripped)))
        elif spans and stripped:
            spans[-1] = (spans[-1][0], start + lead + len(stripped))
    return spans


def _pack(
    page: Page, section: Section, count_tokens: Callable[[str], int]
) -> Iterator[list[_Unit]]:
    room = min(MAX_TOKENS, MODEL_TOKENS - count_tokens(section.path[-1]))
    group: list[_Unit] = []
    prose = tokens = 0
    for unit in _units(page, section):
        size = count_tokens(unit.text)
        if size > room:
            raise CorpusError(
                page.path,
                section.line,
                f"a sentence under '{section.path[-1]}' has {size} tokens, the model reads "
                f"{room}; make it shorter.",
            )
        full = tokens + size > room or (unit.marker is None and prose == MAX_SENTENCES)
        if group and full:
            yield group
            group, prose, tokens = [], 0, 0
        group.append(unit)
        prose += unit.marker is None
        tokens += size
    yield group


def _units(page: Page, section: Section) -> list[_Unit]:
    """The sentences and items of a section; never none, and none of them empty."""
    units: list[_Unit] = []
    glue = ""
    for block in section.blocks:
        spans = sentence_spans(block.text) if block.marker is None else [(0, len(block.text))]
        if not block.text.strip() or not spans:
            if block.references:
                units = _refer(page, block, units)
            continue
        for number, (start, end) in enumerate(spans):
            first, last = number == 0, number == len(spans) - 1
            keys = (
                key
                for offset, key in block.references
                if (start < offset or first) and (offset <= end or last)
            )
            glue_here = glue if first else " "
            text = block.text[start:end]
            units.append(_Unit(text, glue_here, block.marker, tuple(dict.fromkeys(keys))))
        glue = "\n" if block.marker is not None else "\n\n"
    if not units:
        raise CorpusError(
            page.path, section.line, f"no sentence stands under '{section.path[-1]}'."
        )
    return units


def _refer(page: Page, block: Block, units: list[_Unit]) -> list[_Unit]:
    """Give the references of a block without words to the sentence before it."""
    if not units:
        raise CorpusError(page.path, block.line, "a reference stands here without a sentence.")
    keys = (*units[-1].references, *(key for _, key in block.references))
    return [*units[:-1], replace(units[-1], references=tuple(dict.fromkeys(keys)))]


def _join(page: Page, section: Section, units: list[_Unit], number: int) -> Passage:
    """The passage that is the section's part of this number, from 1."""
    text = ""
    spans: list[Span] = []
    for unit in units:
        if text:
            text += "\n" if unit.marker is not None else unit.glue
        if unit.marker is not None:
            text += f"{unit.marker} "
        spans.append(Span(len(text), len(text) + len(unit.text), unit.marker, unit.references))
        text += unit.text
    suffix = f"-{number}" if number > 1 else ""
    banked = page.questions.get(section.anchor, ()) if number == 1 else ()
    openings = tuple(question.opening for question in banked)
    return Passage(
        id=f"{page.source.id}#{section.anchor}{suffix}",
        source=page.source,
        section=section.name,
        text=text,
        spans=tuple(spans),
        questions=tuple(question.text for question in banked),
        openings=openings if any(openings) else (),
        follow_ups=page.follow_ups.get(section.anchor, ()) if number == 1 else (),
    )
