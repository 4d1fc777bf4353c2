"""Chosen sentences in, the text of the answer with numbered citations out.

A citation names the study that the corpus gives for a sentence, or else the page it
stands on. Neighbouring sentences of one passage with the same references share a
citation, whose quote is the passage's text from the first to the last of them,
unchanged. Numbers count up from 1 in the order of the text; sentences in a model's words
that stand on the same stretch share its number. Knows nothing of how the sentences were
chosen or worded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from app.answer.compose import Extract
from app.answer.evidence import evidence_of
from app.answer.generate import Worded
from app.answer.schema import Citation, DocumentRef, Sentence
from index.chunk import Passage
from index.reference import Reference


def cite(
    extracts: Sequence[Extract], references: Mapping[str, Reference]
) -> tuple[str, tuple[Sentence, ...], tuple[Citation, ...]]:
    """Write the answer: its Markdown, its sentences with their places, its citations."""
    text = ""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    before: Extract | None = None
    for run in _runs(extracts):
        keys: Sequence[str | None] = run[0].span.references or (None,)
        numbers = tuple(range(len(citations) + 1, len(citations) + 1 + len(keys)))
        for n, key in zip(numbers, keys, strict=True):
            citations.append(_citation(n, run, references[key] if key else None))
        markers = "".join(f" [{n}]" for n in numbers)
        for extract in run:
            text += _glue(before, extract)
            start = len(text)
            text += extract.frame + extract.text
            sentences.append(
                Sentence(
                    text=text[start:],
                    start=start,
                    end=len(text),
                    citations=numbers,
                    support="supported" if extract.frame else "quoted",
                )
            )
            text += markers
            before = extract
    return text, tuple(sentences), tuple(citations)


def cite_worded(
    worded: Sequence[Worded], references: Mapping[str, Reference]
) -> tuple[str, tuple[Sentence, ...], tuple[Citation, ...]]:
    """Write an answer in a model's words: its Markdown, its sentences, its citations."""
    text = ""
    sentences: list[Sentence] = []
    citations: dict[tuple[str, int, int, str | None], Citation] = {}
    for said in worded:
        numbers: list[int] = []
        for run in _runs(said.extracts):
            place = run[0].passage.id, run[0].span.start, run[-1].span.end
            for key in run[0].span.references or (None,):
                known = citations.get((*place, key))
                if known is None:
                    known = _citation(len(citations) + 1, run, references[key] if key else None)
                    citations[*place, key] = known
                numbers.append(known.n)
        start = len(text) + bool(text)
        text += f" {said.text}" if text else said.text
        sentences.append(
            Sentence(
                text=said.text,
                start=start,
                end=len(text),
                citations=tuple(numbers),
                support="supported",
            )
        )
        text += "".join(f" [{n}]" for n in numbers)
    return text, tuple(sentences), tuple(citations.values())


def _runs(extracts: Sequence[Extract]) -> list[list[Extract]]:
    """Cut into stretches that follow each other in one passage and name the same studies."""
    runs: list[list[Extract]] = []
    for extract in extracts:
        last = runs[-1][-1] if runs else None
        if (
            last
            and last.passage == extract.passage
            and last.number + 1 == extract.number
            and last.span.references == extract.span.references
        ):
            runs[-1].append(extract)
        else:
            runs.append([extract])
    return runs


def _glue(before: Extract | None, extract: Extract) -> str:
    """What stands between two sentences, and the marker of a list item."""
    marker = extract.span.marker
    if marker is not None:
        in_list = before is not None and before.span.marker is not None
        gap = "" if before is None else "\n" if in_list else "\n\n"
        return f"{gap}{marker} "
    if before is None:
        return ""
    return "\n\n" if before.span.marker is not None else " "


def _citation(n: int, run: Sequence[Extract], reference: Reference | None) -> Citation:
    passage = run[0].passage
    start, end = run[0].span.start, run[-1].span.end
    quote = passage.text[start:end]
    return Citation(
        n=n,
        passage_id=passage.id,
        document=_study(reference) if reference else page_ref(passage),
        section=passage.section,
        quote=quote,
        start=start,
        end=end,
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
        evidence=evidence_of(reference) if reference else None,
    )


def page_ref(passage: Passage) -> DocumentRef:
    """The page of a passage, as a citation names it where no study stands behind it."""
    source = passage.source
    return DocumentRef(
        id=source.id,
        title=source.title,
        authors=source.authors,
        year=source.year,
        kind=source.kind,
        url=source.url,
    )


def _study(reference: Reference) -> DocumentRef:
    return DocumentRef(
        id=reference.key,
        title=reference.title,
        authors=reference.authors,
        year=reference.year,
        kind="evidence",
        url=reference.url,
        doi=reference.doi,
    )
