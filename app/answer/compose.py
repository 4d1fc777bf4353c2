"""Ranked passages in, the sentences of the answer out: extracts, nothing invented.

The best passage speaks first and in its own order, so that a list stays a list and
steps stay in sequence. Neighbours add what they have to add, while the answer stays
short and says nothing twice. Deterministic; no language model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.chunk import Passage, Span
from index.claim import ClaimLink
from index.retrieve import Hit
from index.words import content_words, stems

AIM_WORDS = 90
"""An answer grows by neighbours only up to this; a list in the best passage may run longer."""

MOST_WORDS = 120
"""No answer grows beyond this, not even by what studies found."""

ENOUGH_WORDS = 45
"""From here on a neighbour must be nearly as good as the best passage to be heard."""

NEAR = 0.9
"""A neighbour counts as nearly as good from this share of the best score."""

RELEVANT = 0.75
"""Below this share of the best score a neighbour is about something else."""

REPEATED = 0.6
"""A sentence is a repetition if this share of its stems has been said in one sentence."""


@dataclass(frozen=True)
class Extract:
    """One sentence or list item chosen from a passage."""

    passage: Passage
    number: int

    @property
    def span(self) -> Span:
        """Where it stands in the passage."""
        return self.passage.spans[self.number]

    @property
    def text(self) -> str:
        """Its words."""
        return self.passage.text[self.span.start : self.span.end]


def compose(
    hits: Sequence[Hit],
    studies_on: Callable[[Passage, str], Sequence[ClaimLink]],
    hit_of: Callable[[str], Hit],
) -> list[Extract]:
    """Choose the sentences of the answer, in the order in which they are said.

    Args:
        hits: Passages found, best first.
        studies_on: What studies found about a claim that a sentence makes.
        hit_of: How well the passage of an id fits the question.
    """
    lead = hits[0]
    chosen = _within(lead, AIM_WORDS)
    words = sum(_words(extract) for extract in chosen)
    study = _contested(chosen, studies_on, hit_of)
    if study is not None and words + _words(study) <= MOST_WORDS:
        chosen.append(study)
        words += _words(study)
    said = [_stems(extract) for extract in chosen]
    for hit in hits[1:]:
        share = hit.score / lead.score
        if share < (RELEVANT if words < ENOUGH_WORDS else NEAR):
            break
        if _is_list(hit.passage):
            continue
        for number in _opening_first(hit):
            extract = Extract(hit.passage, number)
            if _repeats(extract, said):
                continue
            if words + _words(extract) > AIM_WORDS:
                if number == 0:
                    break
                continue
            chosen.append(extract)
            said.append(_stems(extract))
            words += _words(extract)
    return _in_reading_order(chosen)


def _contested(
    chosen: Sequence[Extract],
    studies_on: Callable[[Passage, str], Sequence[ClaimLink]],
    hit_of: Callable[[str], Hit],
) -> Extract | None:
    """One sentence on what studies found about a claim just made.

    A contradiction is told before a nuance, and what is nearest to the question before
    what is further away.
    """
    links = [link for e in chosen for link in studies_on(e.passage, e.text)]
    said = {extract.passage.id for extract in chosen}
    open_links = [link for link in links if link.studies not in said]
    if not open_links:
        return None
    found = {link.studies: hit_of(link.studies) for link in open_links}
    best = min(
        open_links,
        key=lambda link: (link.relation != "contradicts", -found[link.studies].whole),
    )
    return Extract(found[best.studies].passage, 0)


def _within(hit: Hit, limit: int) -> list[Extract]:
    """A whole passage; of long prose the first sentence and the most relevant others."""
    extracts = [Extract(hit.passage, n) for n in range(len(hit.passage.spans))]
    if _is_list(hit.passage):
        return extracts
    words = 0
    kept: list[int] = []
    for number in _opening_first(hit):
        if number == 0 or words + _words(extracts[number]) <= limit:
            kept.append(number)
            words += _words(extracts[number])
    return [extracts[number] for number in sorted(kept)]


def _opening_first(hit: Hit) -> list[int]:
    """The first sentence is a passage's answer, the others need it; then by relevance."""
    others = range(1, len(hit.sentences))
    return [0, *sorted(others, key=lambda n: (-hit.sentences[n], n))]


def _is_list(passage: Passage) -> bool:
    return any(span.marker is not None for span in passage.spans)


def _in_reading_order(chosen: list[Extract]) -> list[Extract]:
    """Passages in the order in which they were chosen, each one's sentences as written."""
    order = {passage: n for n, passage in enumerate(dict.fromkeys(e.passage.id for e in chosen))}
    return sorted(chosen, key=lambda extract: (order[extract.passage.id], extract.number))


def _repeats(extract: Extract, said: Sequence[frozenset[str]]) -> bool:
    words = _stems(extract)
    return any(len(words & other) >= REPEATED * len(words) for other in said)


def _stems(extract: Extract) -> frozenset[str]:
    return frozenset(stems(content_words(extract.text)))


def _words(extract: Extract) -> int:
    return len(extract.text.split())
