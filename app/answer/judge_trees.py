"""A small forest in JSON: signals in, one number out. Plain Python, no library.

A tree is four lists of one length: the signal that a node asks for (-1 at a leaf), the
bound, the node to go to when the signal is at most the bound, and the node otherwise;
a leaf has its value in place of the bound. Knows nothing of what the signals mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves add up to a log-odds, and the signals that they ask for."""

    signals: tuple[str, ...]
    base: float
    trees: tuple[tuple[Sequence[int], Sequence[float], Sequence[int], Sequence[int]], ...]

    def log_odds(self, values: Mapping[str, float]) -> float:
        """What the trees add up to; a signal that is missing counts as 0."""
        row = [values.get(name, 0.0) for name in self.signals]
        total = self.base
        for signal, bound, left, right in self.trees:
            node = 0
            while signal[node] >= 0:
                node = left[node] if row[signal[node]] <= bound[node] else right[node]
            total += bound[node]
        return total


def from_json(raw: Mapping[str, Any]) -> Forest:
    """The forest that `eval.train_judge` wrote."""
    trees = tuple((t["signal"], t["bound"], t["left"], t["right"]) for t in raw["trees"])
    return Forest(tuple(raw["signals"]), float(raw["base"]), trees)


def logistic(value: float) -> float:
    """A probability from a log-odds, without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
