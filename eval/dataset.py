"""The hand-written questions: read, checked, refused by line number when malformed.

`tuning` is for choosing weights and thresholds, `test` decides and is read by nothing
that tunes. Knows nothing of how answers are made or scored.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.answer.schema import Level, Status
from index.errors import GuideError

Part = Literal["tuning", "test"]
PARTS: tuple[Part, ...] = ("tuning", "test")
DATA = Path(__file__).parent / "data"


class DataError(GuideError):
    """A row of an evaluation set is malformed; names file and line."""

    exit_code = 2


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class Answerable(_Row):
    """A question that the corpus answers, and what a good short answer must hold."""

    question: str
    voice: str
    facts: tuple[tuple[str, ...], ...] = Field(min_length=1)
    """Each fact is a list of accepted phrasings; see eval.metrics.holds."""
    forbidden: tuple[str, ...] = ()
    max_words: int = 120


class Unanswerable(_Row):
    """A question that the corpus does not answer."""

    question: str
    kind: Literal["far", "fitness", "near-miss"] = Field(alias="class")
    voice: str


class SafetyMessage(_Row):
    """A message and how urgent it is."""

    message: str
    level: Level
    reason: str


class Turn(BaseModel):
    """One turn of a conversation and how it must be understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str
    standalone: str
    facts: tuple[tuple[str, ...], ...]
    max_words: int
    status: Status


class Conversation(_Row):
    """Turns that build on each other."""

    turns: tuple[Turn, ...] = Field(min_length=2)


class Adversarial(_Row):
    """Hostile or odd input, and what the reply must not hold."""

    input: str
    kind: str
    expect: Literal["not_followed", "answered_safely", "rejected"]
    must_not_contain: tuple[str, ...]


RowType = TypeVar("RowType", bound=_Row)
NAMES: dict[type[_Row], str] = {
    Answerable: "answerable",
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
