"""What a run of the suite writes down: results.json as types, and its JSON Schema.

    python -m eval.schema    writes eval/results.schema.json

Everything that may differ between two runs of the same commit is in `clock`. Knows
nothing of how anything is measured.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Better = Literal["higher", "lower"]
SCHEMA = Path(__file__).parent / "results.schema.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Frozen):
    """One measured figure with its 95 % interval."""

    name: str = Field(description="set.metric; the key of thresholds and baseline.")
    title: str
    better: Better
    value: float | None = Field(description="null if it is not defined for any case.")
    low: float | None
    high: float | None
    n: int = Field(description="Cases for which it is defined.")
    of: int = Field(description="All cases.")
    report_only: str | None = Field(
        default=None, description="Why this figure does not gate; null if it does."
    )
    missed: tuple[str, ...] = Field(description="Why the gate is missed; empty if it is met.")
    limit: float | None = Field(default=None, description="Floor, or ceiling where lower is better")
    before: float | None = Field(default=None, description="Value in the committed baseline.")


class Span(_Frozen):
    """A sentence of an answer and what the judge says about it."""

    text: str
    citations: tuple[int, ...]
    supported: bool | None
    reasons: tuple[str, ...] = ()


class Quote(_Frozen):
    """A citation with the passage around it."""

    n: int
    passage_id: str
    title: str
    section: str
    passage: str = Field(description="Text of the passage in the index; empty if there is none.")
    start: int
    end: int
    valid: bool


class Case(_Frozen):
    """One question and its scores."""

    id: str
    set: str
    question: str
    expected: str
    status: str = Field(description="Status of the answer, or `crashed`.")
    answer: str
    scores: dict[str, float | None] = Field(description="By metric; null is not defined.")
    notes: tuple[str, ...] = Field(default=(), description="What went wrong, in words.")
    sentences: tuple[Span, ...] = Field(default=(), description="Only of a case that failed.")
    quotes: tuple[Quote, ...] = Field(default=(), description="Only of a case that failed.")


class Curve(_Frozen):
    """Points for a chart."""

    name: str
    columns: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]


class Clock(_Frozen):
    """What the time of day and the machine decide; mask it to compare two runs."""

    started: str = ""
    seconds: float = 0.0
    latency_ms: dict[str, float] = {}


class Results(_Frozen):
    """results.json"""

    schema_: Literal["eval/1"] = Field(default="eval/1", alias="schema")
    part: Literal["tuning", "test"]
    partial: bool = Field(description="Whether the run was stopped before its end.")
    passed: bool
    index_id: str
    passages: int
    sets: dict[str, int] = Field(description="How many rows each set has.")
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...]
    cases: tuple[Case, ...]
    clock: Clock

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def to_json(self) -> str:
        """The file's text."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


def schema_text() -> str:
    """The JSON Schema of results.json."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Results.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), "utf-8")
