"""The guide as a model that existing chat front ends can use: OpenAI's chat completions.

Citations come as footnotes in the text, for every front end, and whole in the extra field
`citations`. Errors are problem documents that carry OpenAI's `error` too. Knows nothing of
language models.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import time

from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.answer import Answer
from app.answer.live import LiveChain
from app.api_answer import NO_STORE, answer_to, below
from app.api_models import read
from app.api_stream import SEND_TIMEOUT_S, as_event, events
from app.openai_models import (
    ChatBody,
    Choice,
    CompletionBody,
    ModelBody,
    ModelsBody,
    Said,
    chunk,
)
from app.problem import Problem


class OpenAi:
    """The endpoints over one live chain."""

    def __init__(self, live: LiveChain) -> None:
        self._live = live

    def routes(self) -> list[BaseRoute]:
        """For Starlette."""
        models = Route("/models", self.models, methods=["GET"])
        chat = Route("/chat/completions", self.chat, methods=["POST"])
        return [below("/v1", [models, chat])]

    async def models(self, _: Request) -> Response:
        """The one model there is."""
        body = ModelsBody(data=[ModelBody(created=int(self._live.built_at.timestamp()))])
        return Response(body.model_dump_json(), headers=NO_STORE, media_type="application/json")

    async def chat(self, request: Request) -> Response:
        """The last message in, the answer with footnotes out."""
        try:
            body = await read(request, ChatBody)
            answer = await answer_to(request, self._live, body.ask())
        except Problem as problem:
            problem.members["error"] = {
                "message": problem.detail,
                "type": "server_error" if problem.status >= 500 else "invalid_request_error",
                "param": None,
                "code": problem.members.get("code"),
            }
            raise
        if body.stream:
            return EventSourceResponse(
                _chunks(answer), sep="\n", send_timeout=SEND_TIMEOUT_S, headers=NO_STORE
            )
        completion = CompletionBody(
            id=f"chatcmpl-{answer.id}",
            created=int(time()),
            choices=[Choice(message=Said(content=text_of(answer) + footnotes(answer)))],
            status=answer.status,
            safety=answer.safety,
            citations=list(answer.citations),
        )
        return Response(
            completion.model_dump_json(), headers=NO_STORE, media_type="application/json"
        )


def text_of(answer: Answer) -> str:
    """The answer as it is said; a warning stands first, if the answer does not hold it."""
    warning = answer.safety.message
    if not warning or warning in answer.answer:
        return answer.answer
    return f"{warning}\n\n{answer.answer}" if answer.answer else warning


def footnotes(answer: Answer) -> str:
    """The sources as text, one a line, each with its exact words."""
    lines = []
    for citation in answer.citations:
        document = citation.document
        link = f" {document.link}" if document.link else ""
        quote = " ".join(citation.quote.split())
        lines.append(f"[{citation.n}] {document.short_name}: {document.title}. “{quote}”{link}")
    return "\n\n---\n" + "\n\n".join(lines) if lines else ""


async def _chunks(answer: Answer) -> AsyncIterator[ServerSentEvent]:
    name, created = f"chatcmpl-{answer.id}", int(time())
    text = text_of(answer)
    pieces = [text.removesuffix(answer.answer)]
    said = [data["delta"] for name, data in events(answer) if name == "sentence"]
    pieces += said or [answer.answer]
    pieces.append(footnotes(answer))
    yield as_event(None, chunk(name, created, {"role": "assistant", "content": ""}))
    for piece in pieces:
        if piece:
            yield as_event(None, chunk(name, created, {"content": piece}))
    last = answer.model_dump(mode="json", include={"status", "safety", "citations"})
    yield as_event(None, chunk(name, created, {}, finish_reason="stop", **last))
    yield ServerSentEvent(data="[DONE]", sep="\n")
