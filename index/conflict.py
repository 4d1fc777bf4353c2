"""Passages that contradict each other without saying so.

Two sentences of different passages say the opposite if they use nearly the same words,
but give other figures, or one says more where the other says less. That is allowed only
where `claims.yaml` links the two passages, because then an answer tells both. Looks at
words only and knows nothing of vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.chunk import Passage
from index.claim import ClaimLink
from index.words import content_words, stems

SAME_WORDS = 0.75
"""Two sentences are about the same thing from this Jaccard index of their other stems."""

FEWEST_STEMS = 4
"""Shorter sentences share words too easily."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_UP = frozenset(
    stems("more higher greater larger stronger longer increase raise rise above gain".split())
)
_DOWN = frozenset(
    stems("less lower smaller weaker shorter decrease reduce fall drop below fewer".split())
)
_NOT = re.compile(r"\b(?:not|no|never|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True)
class Conflict:
    """Two sentences that cannot both be told without a word about the other."""

    first: Passage
    second: Passage
    sentences: tuple[str, str]


def conflicts(passages: Sequence[Passage], links: Iterable[ClaimLink]) -> list[Conflict]:
    """Every pair of sentences that say the opposite and whose passages are not linked."""
    linked = {frozenset((link.claim, link.studies)) for link in links}
    said = [(p, text) for p in passages for text in p.sentences]
    subjects = [_subject(text) for _, text in said]
    found: list[Conflict] = []
    for a, b in _alike(subjects):
        (first, one), (second, other) = said[a], said[b]
        pair = frozenset((first.id, second.id))
        if first.id != second.id and pair not in linked and _opposite(one, other):
            found.append(Conflict(first, second, (one, other)))
    return found


def _alike(subjects: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Pairs of sentences with nearly the same words."""
    vocabulary = {stem: n for n, stem in enumerate(sorted(set().union(*subjects)))}
    table = np.zeros((len(subjects), len(vocabulary)), dtype=np.float32)
    for n, subject in enumerate(subjects):
        table[n, [vocabulary[stem] for stem in subject]] = 1
    shared = table @ table.T
    sizes = table.sum(axis=1)
    union = sizes[:, None] + sizes[None, :] - shared
    close = (shared >= SAME_WORDS * union) & (sizes[:, None] >= FEWEST_STEMS)
    return [(int(a), int(b)) for a, b in np.argwhere(np.triu(close, k=1))]


def _subject(text: str) -> frozenset[str]:
    """What a sentence is about: its stems without figures and directions."""
    found = stems(word for word in content_words(text) if not word[0].isdigit())
    return frozenset(found) - _UP - _DOWN


def _opposite(one: str, other: str) -> bool:
    figures, others = set(_FIGURE.findall(one)), set(_FIGURE.findall(other))
    if figures and others and not (figures <= others or others <= figures):
        return True
    words, their = set(stems(content_words(one))), set(stems(content_words(other)))
    up_down = bool(words & _UP - their) and bool(their & _DOWN - words)
    down_up = bool(words & _DOWN - their) and bool(their & _UP - words)
    return up_down or down_up or bool(_NOT.search(one)) != bool(_NOT.search(other))
