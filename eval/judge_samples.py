"""Pairs as numbers: their signals, their labels, and how much each counts.

Knows nothing of what learns from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.answer.judge_signals import signals
from app.answer.verify import quoted
from eval.dataset import Pair
from eval.judge_rows import habit

COPIED_BINS = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
CLOSEST = frozenset({"pb", "pc"})
"""The files most like what the judge is asked: passages of evidence, claims by one hand ..."""
CLOSEST_COUNT = 2.0
"""... whose pairs count so much for the trees and for the blend (eval/LOG.md)."""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Samples:
    """Pairs as the trees see them; one row each."""

    pairs: Sequence[Pair]
    names: tuple[str, ...]
    x: Floats
    supported: Bools
    quoted: Bools

    @property
    def copied(self) -> Floats:
        """How much of each claim is copied."""
        column: Floats = self.x[:, self.names.index("copied")]
        return column

    @property
    def weights(self) -> Floats:
        """What each pair counts."""
        return evened_out(self.copied, self.supported)

    @property
    def counts(self) -> Floats:
        """The same, with the pairs that are most like what is asked counting more."""
        close = np.array([habit in CLOSEST for habit in self.habits])
        counts: Floats = self.weights * np.where(close, CLOSEST_COUNT, 1.0)
        return counts

    @property
    def passages(self) -> list[str]:
        """The group of each pair: no passage may stand on both sides of a fold."""
        return [pair.passage for pair in self.pairs]

    @property
    def habits(self) -> list[str]:
        """The file that each pair is from."""
        return [habit(pair) for pair in self.pairs]


def samples(pairs: Sequence[Pair]) -> Samples:
    """Signals of every pair."""
    found = [signals(pair.claim, pair.passage).values for pair in pairs]
    names = tuple(sorted(found[0]))
    return Samples(
        pairs,
        names,
        np.array([[float(values[name]) for name in names] for values in found]),
        np.array([pair.label == "supported" for pair in pairs]),
        np.array([quoted(pair.claim, pair.passage) for pair in pairs]),
    )


def evened_out(copied: Floats, supported: Bools) -> Floats:
    """Weights under which it tells nothing how much of a claim is copied.

    Whoever writes pairs tends to plant errors in copied sentences and to write what
    follows in new words. A judge that learns this habit fails where overlap misleads.
    """
    weights = np.ones(len(copied))
    bins = np.digitize(copied, COPIED_BINS)
    for number in np.unique(bins):
        for label in (True, False):
            rows = (bins == number) & (supported == label)
            if rows.any():
                weights[rows] = (bins == number).sum() / (2 * rows.sum())
    return np.clip(weights, 0.2, 4.0)


def copied_of(pairs: Sequence[Pair]) -> Floats:
    """How much of each claim is copied."""
    return np.array([signals(p.claim, p.passage).values["copied"] for p in pairs])
