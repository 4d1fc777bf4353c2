"""What the HTTP API takes, strictly: a body in, a checked request out, or a Problem.

Knows nothing of routes. Messages name the field that is wrong and never repeat its value.
"""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from app.answer import Ask, Turn
from app.answer.schema import DocumentRef
from app.problem import Problem

MOST_CHARACTERS = 8_000
"""Longest text of a request. Questions over 2,000 are answered with a friendly rejection."""

MOST_TURNS = 50


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class TurnBody(_Strict):
    """An earlier turn of the talk, as the client remembers it."""

    question: str = Field(max_length=MOST_CHARACTERS)
    answer: str = Field(default="", max_length=MOST_CHARACTERS)


class AskBody(_Strict):
    """A question and the talk before it, oldest turn first."""

    schema_: Literal["ask/1"] = Field(default="ask/1", alias="schema")
    question: str = Field(max_length=MOST_CHARACTERS)
    history: list[TurnBody] = Field(default_factory=list, max_length=MOST_TURNS)

    def ask(self) -> Ask:
        """The same for the chain."""
        turns = (Turn(question=turn.question, answer=turn.answer) for turn in self.history)
        return Ask(question=self.question, history=tuple(turns))


class FeedbackBody(_Strict):
    """A thumb, or a question that was not covered and that the visitor chose to send."""

    kind: Literal["up", "down", "not_covered"]
    answer_id: str = Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z-]+$")
    question: str | None = Field(default=None, max_length=MOST_CHARACTERS)
    reason: str | None = Field(default=None, max_length=MOST_CHARACTERS)


class PassageBody(BaseModel):
    """A passage, to show a quote in its surroundings: `text[start:end] == quote`."""

    id: str
    title: str
    section: str
    text: str
    document: DocumentRef


class ProblemBody(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None


Body = TypeVar("Body", bound=BaseModel)


async def read(request: Request, model: type[Body]) -> Body:
    """The body of a request as a checked model.

    Raises:
        Problem: 415 for another content type, 400 for what is no JSON, 422 for other fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "Send JSON, with the header Content-Type: application/json.")
    document = _parse(await request.body())
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise _invalid(error) from None


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise Problem(400, "The JSON is nested too deeply.") from None
    except ValueError:
        raise Problem(400, "The body is not valid JSON in UTF-8.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Problem(400, "The JSON names a field twice.")
    return document


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _invalid(error: ValidationError) -> Problem:
    wrong = [
        {"field": _path(found["loc"]), "message": found["msg"]}
        for found in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    first = wrong[0]
    detail = f"{first['field']}: {first['message']}"
    if any(found["type"] == "string_unicode" for found in error.errors(include_input=False)):
        return Problem(400, f"{first['field']}: the text is not valid Unicode.")
    return Problem(422, detail, errors=wrong)


def _path(location: tuple[int | str, ...]) -> str:
    path = ".".join(str(part) for part in location) or "body"
    return path.encode("ascii", "backslashreplace").decode("ascii")[:200]
