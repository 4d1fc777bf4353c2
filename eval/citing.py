"""Scores of one answer's sentences and citations. Pure but for the judge it is given.

The passages come from the index, not from the answer: an answer cannot vouch for its
own quotes. Knows nothing of data sets.

Citation recall and precision are ALCE's (Gao et al. 2023): a sentence is recalled if
all that it cites, taken together, supports it; a citation is precise if its sentence is
recalled and it is not idle, that is unless it does not support the sentence alone while
the others do without it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from app.answer import Answer, Citation, Sentence

Judge = Callable[[str, str], bool]
"""Claim and passage in; whether the claim follows from the passage."""

Passages = Mapping[str, str]
"""Text of each passage that the answer cites, by id; those that do not exist are left out."""

_MARKER = re.compile(r"\[(\d+)\]")
_LIST_MARKER = re.compile(r"^(?:\d+\.|-)$")


def sentence_support(answer: Answer, passages: Passages, judge: Judge) -> float | None:
    """Share of sentences that at least one cited passage supports by itself."""
    return _share(
        [
            any(judge(s.text, text) for text in _texts(_cited(answer, s), passages))
            for s in answer.sentences
        ],
        answer,
    )


def citation_recall(answer: Answer, passages: Passages, judge: Judge) -> float | None:
    """Share of sentences that all their cited passages together support."""
    return _share([_recalled(answer, s, passages, judge) for s in answer.sentences], answer)


def citation_precision(answer: Answer, passages: Passages, judge: Judge) -> float | None:
    """Share of citations that their sentence needs or that support it alone.

    None for a reply that cites nothing: then there is no citation to be wrong.
    """
    verdicts: list[bool] = []
    for sentence in answer.sentences:
        cited = _cited(answer, sentence)
        recalled = _recalled(answer, sentence, passages, judge)
        for citation in cited:
            alone = _supported(sentence, [citation], passages, judge)
            others = [other for other in cited if other.n != citation.n]
            idle = not alone and _supported(sentence, others, passages, judge)
            verdicts.append(recalled and not idle)
    return sum(verdicts) / len(verdicts) if verdicts else None


def spans_valid(answer: Answer, passages: Passages) -> float | None:
    """Share of citations whose quote, offsets and digest all agree with the passage."""
    verdicts = [
        c.passage_id in passages
        and passages[c.passage_id][c.start : c.end] == c.quote != ""
        and hashlib.sha256(c.quote.encode()).hexdigest() == c.sha256
        for c in answer.citations
    ]
    if not verdicts:
        return 0.0 if answer.status == "answered" else None
    return sum(verdicts) / len(verdicts)


def quotes_hold(answer: Answer) -> float | None:
    """Share of sentences called "quoted" that stand word for word in a quote they cite."""
    quoted = [s for s in answer.sentences if s.support == "quoted"]
    if not quoted:
        return None
    return sum(any(s.text in c.quote for c in _cited(answer, s)) for s in quoted) / len(quoted)


def accounted(answer: Answer) -> float | None:
    """1 if the answer is its sentences, markers and list markers, and nothing else."""
    if answer.status != "answered":
        return None
    position, rest = 0, []
    for sentence in answer.sentences:
        if sentence.start < position or answer.answer[sentence.start : sentence.end] != (
            sentence.text
        ):
            return 0.0
        rest.append(answer.answer[position : sentence.start])
        position = sentence.end
    rest.append(answer.answer[position:])
    words = [word for gap in rest for word in _MARKER.sub(" ", gap).split()]
    return float(bool(answer.sentences) and all(_LIST_MARKER.match(word) for word in words))


def markers_valid(answer: Answer) -> float | None:
    """1 if the markers behind each sentence are its citations, numbered from 1, all used."""
    if answer.status != "answered":
        return None
    if not answer.sentences:
        return 0.0
    ends = [*(s.start for s in answer.sentences[1:]), len(answer.answer)]
    for sentence, end in zip(answer.sentences, ends, strict=True):
        shown = tuple(int(n) for n in _MARKER.findall(answer.answer[sentence.end : end]))
        if shown != sentence.citations:
            return 0.0
    numbers = [citation.n for citation in answer.citations]
    used = {n for sentence in answer.sentences for n in sentence.citations}
    return float(numbers == list(range(1, len(numbers) + 1)) and used == set(numbers))


def order_kept(answer: Answer, passages: Passages) -> float | None:
    """1 if sentences quoted from one passage come in its order: steps stay in sequence.

    None if no passage gave two sentences.
    """
    places: dict[str, list[int]] = {}
    for sentence in answer.sentences:
        for name in dict.fromkeys(c.passage_id for c in _cited(answer, sentence)):
            place = passages.get(name, "").find(sentence.text)
            if place >= 0:
                places.setdefault(name, []).append(place)
    several = [found for found in places.values() if len(found) > 1]
    if not several:
        return None
    return float(all(a <= b for found in several for a, b in pairwise(found)))


def said_once(answer: Answer) -> float | None:
    """1 if no sentence stands in the answer twice."""
    if answer.status != "answered":
        return None
    if not answer.sentences:
        return 0.0
    counts = Counter(" ".join(s.text.casefold().split()) for s in answer.sentences)
    return float(all(count == 1 for count in counts.values()))


def bare(answer: Answer) -> float | None:
    """1 if a refusal shows no sentence and no source as if it were an answer."""
    return float(not answer.sentences and not answer.citations) if answer.refused else None


def _cited(answer: Answer, sentence: Sentence) -> list[Citation]:
    return [citation for citation in answer.citations if citation.n in sentence.citations]


def _texts(citations: Sequence[Citation], passages: Passages) -> list[str]:
    names = dict.fromkeys(c.passage_id for c in citations if c.passage_id in passages)
    return [passages[name] for name in names]


def _recalled(answer: Answer, sentence: Sentence, passages: Passages, judge: Judge) -> bool:
    return _supported(sentence, _cited(answer, sentence), passages, judge)


def _supported(
    sentence: Sentence, citations: Sequence[Citation], passages: Passages, judge: Judge
) -> bool:
    """Whether all these citations together support it; no citation supports nothing."""
    together = "\n\n".join(_texts(citations, passages))
    return bool(together) and judge(sentence.text, together)


def _share(verdicts: Sequence[bool], answer: Answer) -> float | None:
    """An answer without a sentence supports nothing; a fixed reply claims nothing."""
    if not verdicts:
        return 0.0 if answer.status == "answered" else None
    return sum(verdicts) / len(verdicts)
