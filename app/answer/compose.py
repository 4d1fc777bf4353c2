"""Ranked passages in, the sentences of the answer out: extracts, nothing invented.

The best passage speaks first and in its own order, so that a list stays a list and
steps stay in sequence. Neighbours add what they have to add, while the answer stays
short and says nothing twice. Deterministic; no language model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.answer.found import Found
from app.answer.frames import opening_frame, study_frame
from app.answer.opening import opening_of
from app.answer.shape import shape_of
from index.chunk import Passage, Span
from index.embed import Vectors
from index.retrieve import Hit, Index
from index.words import content_words, stems

AIM_WORDS = 90
"""An answer grows by neighbours only up to this; a list in the best passage may run longer."""

MOST_WORDS = 120
"""No answer grows beyond this, not even by what studies found."""

LEAST_WORDS = 30
"""So much the best passage may say at least, whatever else wants room."""

ENOUGH_WORDS = 45
"""From here on a neighbour must be nearly as good as the best passage to be heard."""

CLOSE = 0.94
"""From this share of the best score on a passage may be the one that was meant: it is sure of
room for its deciding words, and the best passage says so much less."""

CLOSE_WORDS = 45
"""The room that it is sure of."""

NEAR = 0.95
"""A neighbour counts as nearly as good from this share of the best score."""

PROCEDURE = 0.9
"""A procedure speaks first from this share of the best score on, if one is asked."""

RELEVANT = 0.85
"""Below this share of the best score a neighbour is about something else."""

BEARING = 0.65
"""A study bears on the question from this share of the best passage's similarity."""

CONTRADICTION = 0.05
"""How much further from the question a contradiction may stand than a nuance."""

FIGURE = 0.1
"""What a figure is worth, in similarity, when a passage's sentences compete for room."""

_FIGURE = re.compile(r"\d")

REPEATED = 0.6
"""A sentence is a repetition if this share of its stems has been said in one sentence."""


@dataclass(frozen=True)
class Extract:
    """One sentence or list item chosen from a passage, with the frame that goes before it."""

    passage: Passage
    number: int
    frame: str = ""

    @property
    def span(self) -> Span:
        """Where it stands in the passage."""
        return self.passage.spans[self.number]

    @property
    def text(self) -> str:
        """The quoted words, without the frame."""
        return self.passage.text[self.span.start : self.span.end]


def compose(index: Index, found: Sequence[Found]) -> list[Extract]:
    """Choose the sentences of the answer, in the order in which they are said.

    Several questions of one message are answered in turn, each in its share of the
    words; a passage that answered one of them is not heard again.

    Args:
        index: Where the hits come from; asked for what studies found, and for openings.
        found: The question and its passages, or each question of the message.
    """
    if len(found) == 1:
        return _compose(index, found[0], AIM_WORDS, MOST_WORDS)
    share = MOST_WORDS // len(found)
    parts: list[list[Extract]] = []
    for part in found:
        said = {extract.passage.id for extracts in parts for extract in extracts}
        more = _compose(index, part, share, share)
        parts.append([extract for extract in more if extract.passage.id not in said])
    if sum(map(_length, parts)) > MOST_WORDS:  # a list is said whole, so the others are brief
        parts = [part if part and _is_list(part[0].passage) else part[:1] for part in parts]
    return [extract for part in parts for extract in part]


def _compose(index: Index, found: Found, aim: int, most: int) -> list[Extract]:
    """The answer to one question: neighbours up to `aim` words, studies up to `most`."""
    question, vector, hits = found.question, found.vector, found.hits
    lead = _lead(question, hits)
    study = _contested(index, _within(lead, aim), vector, lead)
    second = _second(lead, hits, study) if aim == AIM_WORDS else []  # a share has no such room
    room = aim - _length(second)
    if study is not None:
        room = min(room, most - _length([study, *second]))
    chosen = _within(lead, max(room, LEAST_WORDS))
    study = _contested(index, chosen, vector, lead)
    opening = opening_of(question, lead, index.banked(lead.passage, vector))
    chosen[0] = replace(chosen[0], frame=opening_frame(opening, chosen[0].text))
    if study is not None and _length([*chosen, study]) <= most:
        chosen.append(study)
    second = [extract for extract in second if extract.text not in {e.text for e in chosen}]
    if _length([*chosen, *second]) <= most:
        chosen += second
    return _in_reading_order(chosen + _from_neighbours(lead, hits, chosen, aim))


def _from_neighbours(
    lead: Hit, hits: Sequence[Hit], chosen: Sequence[Extract], aim: int
) -> list[Extract]:
    """What the other passages have to add, while the answer stays within `aim` words."""
    added: list[Extract] = []
    words = _length(chosen)
    said = [_stems(extract) for extract in chosen]
    for hit in hits:
        if hit is lead:
            continue
        if hit.score < (RELEVANT if words < ENOUGH_WORDS else NEAR) * lead.score:
            break
        if _is_list(hit.passage):
            continue
        for number in _opening_first(hit):
            extract = Extract(hit.passage, number)
            if _repeats(extract, said):
                continue
            if words + _length([extract]) > aim:
                if number == 0:
                    break
                continue
            added.append(extract)
            said.append(_stems(extract))
            words += _length([extract])
    return added


def _second(lead: Hit, hits: Sequence[Hit], study: Extract | None) -> list[Extract]:
    """The deciding words of the next passage, if it is as likely the one that was meant.

    Its first sentence, and where another is nearer to the question, that one too.
    """
    if _is_list(lead.passage):
        return []
    said = [_stems(Extract(lead.passage, n)) for n in range(len(lead.passage.spans))]
    for hit in hits[:3]:
        if hit is lead or _is_list(hit.passage) or hit.score < CLOSE * lead.score:
            continue
        if study is not None and hit.passage.id == study.passage.id:
            continue
        first = Extract(hit.passage, 0)
        if _length([first]) > CLOSE_WORDS or _repeats(first, said):
            continue
        nearest = Extract(hit.passage, _nearest(hit))
        both = [first] if nearest == first else [first, nearest]
        return both if _length(both) <= CLOSE_WORDS else [first]
    return []


def _nearest(hit: Hit) -> int:
    """The number of the sentence nearest to the question."""
    return max(range(len(hit.sentences)), key=lambda n: (hit.sentences[n], -n))


def _lead(question: str, hits: Sequence[Hit]) -> Hit:
    """The passage that speaks first: the best, or a procedure nearly as good if one is asked."""
    if shape_of(question) == "steps":
        for hit in hits:
            if hit.score >= PROCEDURE * hits[0].score and _is_procedure(hit.passage):
                return hit
    return hits[0]


def _contested(
    index: Index, chosen: Sequence[Extract], vector: Vectors, lead: Hit
) -> Extract | None:
    """One sentence on what studies found about a claim just made, if it bears on the question.

    Of several the one nearest to the question; a contradiction before a nuance that is
    as near.
    """
    said = {extract.passage.id for extract in chosen}
    links = [
        link
        for extract in chosen
        for link in index.studies_on(extract.passage, extract.text)
        if link.studies not in said
    ]
    found = {link.studies: index.hit(link.studies, vector) for link in links}
    bearing = [link for link in links if found[link.studies].whole >= BEARING * lead.whole]
    if not bearing:
        return None
    best = max(
        bearing,
        key=lambda link: (
            found[link.studies].whole + CONTRADICTION * (link.relation == "contradicts")
        ),
    )
    passage = found[best.studies].passage
    studies = [index.references[key] for key in passage.spans[0].references]
    return Extract(passage, 0, study_frame(best.relation, studies, passage.sentences[0]))


def _within(hit: Hit, limit: int) -> list[Extract]:
    """A whole passage; of long prose the first sentence and the most relevant others."""
    extracts = [Extract(hit.passage, n) for n in range(len(hit.passage.spans))]
    if _is_list(hit.passage):
        return extracts
    words = 0
    kept: list[int] = []
    for number in _opening_first(hit):
        if number == 0 or words + _length([extracts[number]]) <= limit:
            kept.append(number)
            words += _length([extracts[number]])
    return [extracts[number] for number in sorted(kept)]


def _opening_first(hit: Hit) -> list[int]:
    """The first sentence is a passage's answer, the others need it; then by relevance.

    Of sentences as relevant, one with a figure says more than a caveat.
    """

    def worth(number: int) -> float:
        return hit.sentences[number] + FIGURE * bool(_FIGURE.search(hit.passage.sentences[number]))

    return [0, *sorted(range(1, len(hit.sentences)), key=lambda n: (-worth(n), n))]


def _is_list(passage: Passage) -> bool:
    return any(span.marker is not None for span in passage.spans)


def _is_procedure(passage: Passage) -> bool:
    return any(span.marker is not None and span.marker != "-" for span in passage.spans)


def _in_reading_order(chosen: list[Extract]) -> list[Extract]:
    """Passages in the order in which they were chosen, each one's sentences as written."""
    order = {passage: n for n, passage in enumerate(dict.fromkeys(e.passage.id for e in chosen))}
    return sorted(chosen, key=lambda extract: (order[extract.passage.id], extract.number))


def _repeats(extract: Extract, said: Sequence[frozenset[str]]) -> bool:
    words = _stems(extract)
    return any(len(words & other) >= REPEATED * len(words) for other in said)


def _stems(extract: Extract) -> frozenset[str]:
    return frozenset(stems(content_words(extract.text)))


def _length(extracts: Sequence[Extract]) -> int:
    """Words, with those of the frames."""
    return sum(len(e.frame.split()) + len(e.text.split()) for e in extracts)
