"""What the alarm learns from: messages with their level, and questions that need no warning.

Ordinary questions, from the tuning part and from the question banks, count as such if triage
lets them pass or if they tell of nobody. Knows nothing of networks; reads no test part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.answer.alarm import Floats
from app.answer.schema import LEVELS, Level
from app.answer.screen import screen
from app.answer.triage import Triaged, triage
from eval.dataset import (
    Answerable,
    EvidenceQuestion,
    FactQuestion,
    SafetyMessage,
    Unanswerable,
    load,
)
from index.retrieve import Index

ALARMING = ("warning-signs", "pregnancy", "open-questions-health", "hip-conditions")
"""Pages whose banked questions may well voice a warning sign."""

SOMEBODY = re.compile(
    r"\b(?:i|i'(?:m|ve|d|ll)|im|ive|me|my|mine|myself|we|our|us|he|she|him|his|her|hers|somebody"
    r"|someone|mum|mom|mam|dad|gran|grandma|grandpa|son|daughter|sister|brother|wife|husband|friend"
    r"|mate|client|partner|girlfriend|boyfriend|gf|bf|baby|since|after|yesterday|today|now)\b",
    re.IGNORECASE,
)
"""A question without any of these tells of nobody's body: it asks for knowledge."""


@dataclass(frozen=True)
class Samples:
    """What was read of each message; the first `messages` have a label of their own."""

    told: tuple[Triaged, ...]
    vectors: Floats
    """Shape (n, dimension)."""
    levels: NDArray[np.int64]
    messages: int

    def __getitem__(self, rows: NDArray[np.int64]) -> Samples:
        """Some of the rows, in rising order."""
        told = tuple(self.told[row] for row in rows)
        return Samples(
            told, self.vectors[rows], self.levels[rows], int((rows < self.messages).sum())
        )


def samples(index: Index) -> Samples:
    """Every tuning message, and every question that needs no warning."""
    told: list[Triaged] = []
    vectors: list[Floats] = []
    messages = load(SafetyMessage, "tuning")
    levels = [LEVELS.index(row.level) for row in messages]
    for text in (row.message for row in messages):
        plain = screen(text).text
        told.append(triage(plain))
        vectors.append(index.encode(index.keywords.understand(plain))[0])
    for text in ordinary():
        plain = screen(text).text
        found = triage(plain)
        if needs_none(text, found.level):
            told.append(found)
            vectors.append(index.encode(index.keywords.understand(plain))[0])
    for text, passage, vector in index.banked_texts():
        page = passage.source.id if passage else ""
        found = triage(text)
        if not page.startswith(ALARMING) and needs_none(text, found.level):
            told.append(found)
            vectors.append(vector)
    levels += [LEVELS.index("none")] * (len(told) - len(levels))
    return Samples(
        tuple(told), np.asarray(vectors, np.float32), np.asarray(levels, np.int64), len(messages)
    )


def needs_none(text: str, level: Level) -> bool:
    """Whether an ordinary question that triage gives this level needs no warning."""
    return level == "none" or (level != "emergency" and not SOMEBODY.search(text))


def ordinary() -> list[str]:
    """Tuning questions on training, on studies and on anything else, stories among them."""
    rows: list[Answerable | Unanswerable | FactQuestion] = [
        *load(Answerable, "tuning"),
        *load(Unanswerable, "tuning"),
        *load(EvidenceQuestion, "tuning"),
        *load(FactQuestion, "tuning"),
    ]
    return [row.question for row in rows]
