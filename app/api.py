"""Door 2: HTTP with JSON and server-sent events.

Every reply is an Answer, a passage or a problem document, and is stored nowhere. Knows
nothing of hosts, limits and headers: the wrappers around it see to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.answer.cite import page_ref
from app.answer.live import LONGEST_WAIT_STREAMING_S, LiveChain
from app.api_answer import NO_STORE, answer_to, below, note, submit
from app.api_models import AskBody, FeedbackBody, PassageBody, read
from app.api_schema import openapi
from app.api_stream import AnswerStream
from app.problem import Problem, busy

Kind = Literal["up", "down", "not_covered"]
Record = Callable[[Kind, str, str | None, str | None], bool]
"""Keeps (kind, answer id, question, reason); False if it could not."""


class Api:
    """The endpoints over one live chain."""

    def __init__(self, live: LiveChain, record: Record | None) -> None:
        """`record` keeps feedback; None: it is not collected."""
        self._live = live
        self._record = record
        self._schema = openapi()
        self._ready: tuple[float, asyncio.Future[bool]] | None = None
        self.draining = False

    def routes(self) -> list[BaseRoute]:
        """For Starlette."""
        api = [
            Route("/ask", self.ask, methods=["POST"]),
            Route("/ask/stream", self.stream, methods=["POST"]),
            Route("/passages/{id:path}", self.passage, methods=["GET"]),
            Route("/feedback", self.feedback, methods=["POST"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
        ]
        return [
            below("/api/v1", api),
            below("/api", []),
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """A question in, an Answer out."""
        asked = (await read(request, AskBody)).ask()
        answer = await answer_to(request, self._live, asked)
        return Response(answer.to_json(), headers=NO_STORE, media_type="application/json")

    async def stream(self, request: Request) -> Response:
        """The same as a stream of events."""
        asked = (await read(request, AskBody)).ask()
        future = submit(self._live, asked, LONGEST_WAIT_STREAMING_S)
        future.add_done_callback(lambda done: note(request, done))
        return AnswerStream(future)

    async def passage(self, request: Request) -> Response:
        """A passage by its id."""
        found = self._live.passage(request.path_params["id"])
        if found is None:
            raise Problem(404, "There is no passage of that id in the current index.")
        body = PassageBody(
            id=found.id,
            title=found.title,
            section=found.section,
            text=found.text,
            document=page_ref(found),
        )
        return Response(body.model_dump_json(), headers=NO_STORE, media_type="application/json")

    async def feedback(self, request: Request) -> Response:
        """A thumb up or down, or a question that was not covered."""
        body = await read(request, FeedbackBody)
        if self._record is None:
            raise Problem(404, "Feedback is not collected here.", code="feedback_off")
        kept = await asyncio.to_thread(
            self._record, body.kind, body.answer_id, body.question, body.reason
        )
        if not kept:
            raise busy("It could not be counted.", code="not_counted")
        return Response(status_code=204, headers=NO_STORE)

    async def openapi(self, _: Request) -> Response:
        """This contract."""
        return JSONResponse(self._schema, headers=NO_STORE)

    async def healthz(self, _: Request) -> Response:
        """The process lives."""
        return JSONResponse({"status": "alive"}, headers=NO_STORE)

    async def readyz(self, _: Request) -> Response:
        """The index answers its golden probe, and the server is not about to stop."""
        if self.draining:
            raise busy("The server is stopping.", code="server_shutdown")
        now = asyncio.get_running_loop().time()
        # One probe a second for all who ask, so that asking is no way to keep the server busy.
        if self._ready is None or now - self._ready[0] > 1:
            self._ready = (now, asyncio.ensure_future(asyncio.to_thread(self._live.healthy)))
        if not await asyncio.shield(self._ready[1]):
            raise busy("The index does not answer its probe.", code="not_ready")
        return JSONResponse({"status": "ready", "index_id": self._live.index_id}, headers=NO_STORE)
