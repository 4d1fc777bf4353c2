"""The OpenAPI document of the HTTP API, made from the very types that it takes and gives."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.answer import Answer
from app.api_models import AskBody, FeedbackBody, PassageBody, ProblemBody
from app.openai_models import ChatBody, CompletionBody, ModelsBody
from app.problem import MEDIA_TYPE

TAKEN: tuple[type[BaseModel], ...] = (AskBody, FeedbackBody, ChatBody)
GIVEN: tuple[type[BaseModel], ...] = (Answer, PassageBody, ProblemBody, CompletionBody, ModelsBody)

EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
EVENTS = {"text/event-stream": {"schema": EVENT}}

PROBLEMS = {
    "400": "no JSON, or no Unicode",
    "404": "nothing there",
    "408": "the body came too slowly",
    "413": "the body is too large",
    "415": "another content type than application/json",
    "422": "a field is wrong; `errors` names it",
    "429": "too many requests from one address; see Retry-After",
    "503": "too many people ask; see Retry-After",
}


def openapi() -> dict[str, Any]:
    """The document, OpenAPI 3.1."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in TAKEN] + [(model, "serialization") for model in GIVEN],
        ref_template="#/components/schemas/{model}",
    )
    answered = {"200": _json("The answer, whatever its status.", "Answer")}
    streamed = {
        "200": {
            "description": "Events `status`, `citation`, `sentence`, `done` (the whole Answer) "
            "or `error` (a problem document).",
            "content": EVENTS,
        }
    }
    chat = {
        "200": {
            "description": "A completion, or its chunks as server-sent events.",
            "content": {
                "application/json": {"schema": _ref("CompletionBody")},
                **EVENTS,
            },
        }
    }
    passage_id = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "`passage_id` of a citation, percent-encoded.",
        "schema": {"type": "string", "minLength": 1},
    }
    recorded = {"204": {"description": "Counted."}}
    found = {"200": _json("The passage.", "PassageBody")}
    models = {"200": _json("The one model there is.", "ModelsBody")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Glute Guide",
            "version": version("glute-guide"),
            "description": "Answers about glute training with the exact words they stand on. "
            "Asking changes nothing and is stored nowhere; the same question and index give "
            "the same answer.",
        },
        "paths": {
            "/api/v1/ask": {"post": _operation("ask", "Ask", answered, "AskBody")},
            "/api/v1/ask/stream": {
                "post": _operation("askStream", "Ask, streamed", streamed, "AskBody")
            },
            "/api/v1/passages/{id}": {
                "get": {
                    **_operation("passage", "A passage in full", found),
                    "parameters": [passage_id],
                }
            },
            "/api/v1/feedback": {
                "post": _operation("feedback", "Say if it helped", recorded, "FeedbackBody")
            },
            "/v1/models": {"get": _operation("models", "OpenAI's list of models", models)},
            "/v1/chat/completions": {
                "post": _operation("chat", "OpenAI's chat completions", chat, "ChatBody")
            },
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(
    name: str, summary: str, responses: dict[str, Any], body: str | None = None
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            **responses,
            **{status: _problem(about) for status, about in PROBLEMS.items()},
        },
    }
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(body)}},
        }
    return operation


def _json(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": _ref("ProblemBody")}},
    }


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}
