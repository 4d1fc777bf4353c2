"""The hand-written questions: read, checked, refused by line number when malformed.

`tuning` is for choosing weights and thresholds, `test` decides and is read by nothing
that tunes. Knows nothing of how answers are made or scored.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from app.answer.schema import Level, Status
from index.bank import Opening
from index.errors import GuideError

Part = Literal["tuning", "test"]
PARTS: tuple[Part, ...] = ("tuning", "test")
DATA = Path(__file__).parent / "data"


class DataError(GuideError):
    """A row of an evaluation set is malformed; names file and line."""

    exit_code = 2


class Row(BaseModel):
    """What every row has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class Answerable(Row):
    """A question that the corpus answers, and what a good short answer must hold."""

    question: str
    voice: str
    facts: tuple[tuple[str, ...], ...] = Field(min_length=1)
    """Each fact is a list of accepted phrasings; see eval.metrics.holds."""
    forbidden: tuple[str, ...] = ()
    max_words: int = 120


class FactQuestion(Row):
    """A question that one fact of the evidence base answers."""

    fact: str
    question: str
    voice: str


class EvidenceQuestion(Answerable):
    """A question about studies, about disagreement with the article, or about a gap."""

    topic: Literal["evidence", "disagreement", "gap"]
    about: tuple[str, ...]


class Unanswerable(Row):
    """A question that the corpus does not answer."""

    question: str
    kind: Literal["far", "fitness", "near-miss"] = Field(alias="class")
    voice: str


class SafetyMessage(Row):
    """A message and how urgent it is."""

    message: str
    level: Level
    reason: str
    hard: bool = False
    """Written to mislead: a long story, a near twin, a sign without its keyword."""


class Turn(BaseModel):
    """One turn of a conversation and how it must be understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str
    standalone: str
    facts: tuple[tuple[str, ...], ...]
    max_words: int
    status: Status


class Conversation(Row):
    """Turns that build on each other."""

    turns: tuple[Turn, ...] = Field(min_length=2)


class Adversarial(Row):
    """Hostile or odd input, and what the reply must not hold."""

    input: str
    kind: str
    expect: Literal["not_followed", "answered_safely", "rejected"]
    must_not_contain: tuple[str, ...]


class OpeningRow(Row):
    """A yes/no question as a visitor puts it, and how the passage that answers it does so."""

    question: str = Field(min_length=1)
    passage: str
    opening: Opening


class FollowUpRow(Row):
    """A message after other questions, and the passage that answers it; None: no passage does."""

    before: tuple[str, ...] = Field(min_length=1)
    message: str = Field(min_length=1)
    standalone: str
    passage: str | None


class FactPlace(Row):
    """A fact of the sources and the passages that tell it; eval.grounds reads the rest."""

    id: str = Field(validation_alias=AliasChoices("id", "fact"))
    passages: tuple[str, ...] = Field(
        min_length=1, validation_alias=AliasChoices("passages", "passage")
    )

    model_config = ConfigDict(frozen=True, extra="ignore")

    @field_validator("passages", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class ArticleFact(FactPlace):
    """A fact of the article, said in words of our own."""

    says: str


class Pair(Row):
    """A claim, a passage, and whether the claim follows; `type` says what is tried."""

    passage_id: str
    passage: str
    claim: str
    label: Literal["supported", "unsupported"]
    type: str


JUDGE_TEST = ("training-even", "health-even")
"""The judge's own test part in eval/data/pairs; nothing that tunes the judge reads it."""

RowType = TypeVar("RowType", bound=Row)
NAMES: dict[type[Row], str] = {
    Answerable: "answerable",
    EvidenceQuestion: "evidence",
    FactQuestion: "fact_questions",
    Unanswerable: "unanswerable",
    SafetyMessage: "safety",
    Conversation: "conversations",
    Adversarial: "adversarial",
}


def load(row: type[RowType], part: Part, data: Path = DATA) -> list[RowType]:
    """Read one set.

    Raises:
        DataError: naming file and line of the first malformed row or repeated id.
    """
    return read_rows(row, data / part / f"{NAMES[row]}.jsonl")


def load_openings(data: Path = DATA) -> list[OpeningRow]:
    """Yes/no questions for training; there is no test part of them."""
    return read_rows(OpeningRow, data / "tuning" / "openings.jsonl")


def load_follow_ups(data: Path = DATA) -> list[FollowUpRow]:
    """Follow-ups that are not banked, for tuning; the test part has whole conversations."""
    return read_rows(FollowUpRow, data / "tuning" / "follow_ups.jsonl")


def load_pairs(data: Path = DATA) -> list[Pair]:
    """The judge's test part."""
    return [p for name in JUDGE_TEST for p in read_rows(Pair, data / "pairs" / f"{name}.jsonl")]


def read_rows(row: type[RowType], path: Path) -> list[RowType]:
    """Read a JSONL file of rows of one type."""
    if not path.is_file():
        raise DataError(f"{path}: there is no such file.")
    rows: list[RowType] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            parsed = row.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise DataError(f"{path}:{number}: not JSON: {error.msg}.") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the row"
            raise DataError(f"{path}:{number}: {where}: {first['msg']}.") from error
        if parsed.id in lines:
            raise DataError(
                f"{path}:{number}: the id '{parsed.id}' stands on line {lines[parsed.id]} too."
            )
        lines[parsed.id] = number
        rows.append(parsed)
    if not rows:
        raise DataError(f"{path}: the file holds no rows.")
    return rows
