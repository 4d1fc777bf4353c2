"""Every set of one part, read and checked before anything is asked.

Knows nothing of how answers are made or scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.dataset import (
    DATA,
    NAMES,
    Adversarial,
    Answerable,
    ArticleFact,
    Conversation,
    DataError,
    EvidenceQuestion,
    FactPlace,
    FactQuestion,
    Pair,
    Part,
    Row,
    SafetyMessage,
    Unanswerable,
    load,
    load_pairs,
    read_rows,
)


@dataclass(frozen=True)
class Suite:
    """The rows of one part; tests make small ones."""

    part: Part = "test"
    answerable: tuple[Answerable, ...] = ()
    evidence: tuple[EvidenceQuestion, ...] = ()
    fact_questions: tuple[FactQuestion, ...] = ()
    unanswerable: tuple[Unanswerable, ...] = ()
    adversarial: tuple[Adversarial, ...] = ()
    safety: tuple[SafetyMessage, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    article_facts: tuple[ArticleFact, ...] = ()
    places: tuple[FactPlace, ...] = ()
    """Where the facts of `fact_questions` are told."""
    pairs: tuple[Pair, ...] = ()
    per_type: int = 40
    """Planted errors of each type."""

    def questions(self) -> Iterator[tuple[str, Row]]:
        """Rows that are one message each, with the name of their set."""
        for kind, name in NAMES.items():
            if kind is not Conversation:
                for row in getattr(self, name):
                    yield name, row

    def sizes(self) -> dict[str, int]:
        """How many rows each set has."""
        names = [*NAMES.values(), "article_facts", "pairs"]
        return {name: len(getattr(self, name)) for name in names}


def load_suite(part: Part = "test", data: Path = DATA) -> Suite:
    """Read it all.

    Raises:
        DataError: naming file and line of the first malformed row.
    """
    suite = Suite(
        part=part,
        answerable=tuple(load(Answerable, part, data)),
        evidence=tuple(load(EvidenceQuestion, part, data)),
        fact_questions=tuple(load(FactQuestion, part, data)),
        unanswerable=tuple(load(Unanswerable, part, data)),
        adversarial=tuple(load(Adversarial, part, data)),
        safety=tuple(load(SafetyMessage, part, data)),
        conversations=tuple(load(Conversation, part, data)),
        article_facts=tuple(read_rows(ArticleFact, data / "article-facts.jsonl")),
        places=tuple(read_rows(FactPlace, data / "evidence-facts.jsonl")),
        pairs=tuple(load_pairs(data)),
    )
    _check_ids(suite)
    return suite


def _check_ids(suite: Suite) -> None:
    """An id names one case of the whole run."""
    sets: dict[str, str] = {}
    for name in suite.sizes():
        for row in getattr(suite, name):
            if row.id in sets:
                raise DataError(f"the id '{row.id}' stands in {sets[row.id]} and in {name}.")
            sets[row.id] = name


def question_of(row: Row) -> str:
    """The words that go to the chain."""
    for field in ("question", "message", "input"):
        if hasattr(row, field):
            return str(getattr(row, field))
    raise TypeError(f"{type(row).__name__} holds no question")
