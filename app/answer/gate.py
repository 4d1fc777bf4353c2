"""May the passages found answer the question? A calibrated probability, not a cut-off.

Similarity alone does not tell: "bench press form" is near hip thrusts in vector space,
and the world record in hip thrusts is about hip thrusts and still not covered. So the
gate weighs several signals by a logistic regression, among them how much of the
question's own content the passages account for, and how near the question is to those
that are known to lie outside. A follow-up, which says little by itself, has a
regression of its own. The weights are made from eval/data/tuning by
`python -m eval.calibrate` and shipped in gate.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.answer.found import Found
from index.retrieve import Index

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
IN_TALK = (*SIGNALS, "follow_up", "outside_follow_up", "message_rarest")
"""The signals of a follow-up."""


@dataclass(frozen=True)
class Calibration:
    """Weights of a logistic regression, in the order of the signals, and the decision."""

    weights: tuple[float, ...]
    bias: float
    threshold: float


@dataclass(frozen=True)
class Gate:
    """How questions that stand alone are decided on, and how follow-ups."""

    alone: Calibration
    in_talk: Calibration


def signals(index: Index, found: Found) -> tuple[float, ...]:
    """What speaks for an answer, each number about 0 to 1, in the order of SIGNALS, or of
    IN_TALK for a follow-up."""
    hits, keywords = found.hits, index.keywords
    if not hits:
        return (0.0,) * len(SIGNALS if found.talk is None else IN_TALK)
    lead = hits[0]
    similar = sorted((hit.question for hit in hits), reverse=True)
    outside = index.outside(found.vector)
    top = [hit.number for hit in hits[:3]]
    alone = (
        similar[0],
        outside,
        max(hit.whole for hit in hits),
        max(max(hit.sentences) for hit in hits),
        similar[0] - (similar[1] if similar[1:] else 0.0),
        keywords.coverage(found.question, top),
        keywords.coverage(found.question, top[:1]),
        keywords.unknown(found.question),
        1 / (1 + len(found.question.split())),
        math.fsum(similar[:3]) / 3,
        lead.question,
        lead.whole,
        max(lead.sentences),
        lead.keyword,
        lead.score - outside,
        keywords.rarest(found.question),
    )
    if found.talk is None:
        return alone
    return (
        *alone,
        max(hit.follow_up for hit in hits),
        index.outside_follow_up(found.talk),
        keywords.rarest(found.message),
    )


def probability(values: Sequence[float], calibration: Calibration) -> float:
    """The calibrated probability that the corpus answers the question."""
    z = calibration.bias + sum(w * v for w, v in zip(calibration.weights, values, strict=True))
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def answerable(index: Index, found: Found) -> bool:
    """Whether the probability reaches the threshold."""
    calibration = load().alone if found.talk is None else load().in_talk
    return probability(signals(index, found), calibration) >= calibration.threshold


@cache
def load() -> Gate:
    """The calibrations shipped beside this module."""
    raw = json.loads((Path(__file__).parent / "gate.json").read_text("utf-8"))
    return Gate(_calibration(raw["alone"], SIGNALS), _calibration(raw["in_talk"], IN_TALK))


def _calibration(raw: Mapping[str, Any], names: Sequence[str]) -> Calibration:
    if tuple(raw["weights"]) != tuple(names):
        raise ValueError("gate.json was made for other signals; run: python -m eval.calibrate")
    return Calibration(tuple(raw["weights"].values()), raw["bias"], raw["threshold"])
