"""May the passages found answer the question? A calibrated probability, not a cut-off.

Similarity alone does not tell: "bench press form" is near hip thrusts in vector space,
and the world record in hip thrusts is about hip thrusts and still not covered. So the
gate weighs several signals by a logistic regression, among them how much of the
question's own content the passages account for, and how near the question is to those
that are known to lie outside. Its weights are made from
eval/data/tuning by `python -m eval.calibrate` and shipped in gate.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.embed import Vectors
from index.retrieve import Hit, Index

SIGNALS = (
    "question",
    "outside",
    "whole",
    "sentence",
    "margin",
    "covered",
    "covered_top",
    "unknown",
    "brevity",
    "questions",
    "top_question",
    "top_whole",
    "top_sentence",
    "top_keyword",
    "ahead_of_outside",
    "rarest",
)


@dataclass(frozen=True)
class Calibration:
    """Weights of the logistic regression, in the order of SIGNALS, and the decision."""

    weights: tuple[float, ...]
    bias: float
    threshold: float


def signals(index: Index, question: str, vector: Vectors, hits: Sequence[Hit]) -> tuple[float, ...]:
    """What speaks for an answer, each number about 0 to 1, in the order of SIGNALS."""
    if not hits:
        return (0.0,) * len(SIGNALS)
    lead = hits[0]
    similar = sorted((hit.question for hit in hits), reverse=True)
    outside = index.outside(vector)
    top = [hit.number for hit in hits[:3]]
    return (
        similar[0],
        outside,
        max(hit.whole for hit in hits),
        max(max(hit.sentences) for hit in hits),
        similar[0] - (similar[1] if similar[1:] else 0.0),
        index.keywords.coverage(question, top),
        index.keywords.coverage(question, top[:1]),
        index.keywords.unknown(question),
        1 / (1 + len(question.split())),
        math.fsum(similar[:3]) / 3,
        lead.question,
        lead.whole,
        max(lead.sentences),
        lead.keyword,
        lead.score - outside,
        index.keywords.rarest(question),
    )


def probability(values: Sequence[float], calibration: Calibration) -> float:
    """The calibrated probability that the corpus answers the question."""
    z = calibration.bias + sum(w * v for w, v in zip(calibration.weights, values, strict=True))
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def answerable(index: Index, question: str, vector: Vectors, hits: Sequence[Hit]) -> bool:
    """Whether the probability reaches the threshold."""
    calibration = load()
    return probability(signals(index, question, vector, hits), calibration) >= calibration.threshold


@cache
def load() -> Calibration:
    """The calibration shipped beside this module."""
    raw = json.loads((Path(__file__).parent / "gate.json").read_text("utf-8"))
    if tuple(raw["weights"]) != SIGNALS:
        raise ValueError("gate.json was made for other signals; run: python -m eval.calibrate")
    return Calibration(tuple(raw["weights"].values()), raw["bias"], raw["threshold"])
