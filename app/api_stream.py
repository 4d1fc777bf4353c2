"""An Answer as a stream of server-sent events.

    status, (citation* sentence)*, done       or       status, error

A sentence is sent once it is verified, after the citations it uses; its `delta` is the part
of `answer` that it adds, so that all deltas joined are the answer. Fixed texts have no
sentences: they come whole in `done`. Knows nothing of routes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import Any

import anyio
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from app.answer import Answer
from app.problem import DETAILS, Problem

GRACE_S = 5
"""How long a stream may still take when the server is told to stop."""

SEND_TIMEOUT_S = 10
"""A reader who takes no byte for so long is let go."""


class AnswerStream(EventSourceResponse):
    """The response that streams one answer, and gives up its place when the visitor leaves."""

    def __init__(self, future: Future[Answer]) -> None:
        stopping = anyio.Event()
        super().__init__(
            _follow(future, stopping),
            sep="\n",
            send_timeout=SEND_TIMEOUT_S,
            shutdown_event=stopping,
            shutdown_grace_period=GRACE_S,
        )


async def _follow(future: Future[Answer], stopping: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    yield as_event("status", {"stage": "searching"})
    try:
        answer = await _unless_stopped(future, stopping)
    except asyncio.CancelledError:
        raise
    except Exception:  # noqa: BLE001  # the answer failed; its reader is told, the log knows why
        failed = Problem(500, DETAILS[500], code="failed")
        yield as_event("error", failed.document())
        return
    finally:
        future.cancel()
    if answer is None:
        stopped = Problem(
            503, "The server is restarting. Please ask again.", code="server_shutdown"
        )
        yield as_event("error", stopped.document())
        return
    for name, data in events(answer):
        yield as_event(name, data)


async def _unless_stopped(future: Future[Answer], stopping: anyio.Event) -> Answer | None:
    """The answer; None if it takes longer than a server that stops can wait."""
    answered = asyncio.wrap_future(future)
    stopped = asyncio.ensure_future(stopping.wait())
    both: set[asyncio.Future[Any]] = {answered, stopped}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            # Half the grace, so that the farewell is sent before the stream is cut.
            await asyncio.wait({answered}, timeout=GRACE_S / 2)
        return answered.result() if answered.done() else None
    finally:
        stopped.cancel()
        answered.cancel()


def events(answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that is said once the answer is there: names of events with their data."""
    citations = {citation.n: citation for citation in answer.citations}
    position = 0
    for number, sentence in enumerate(answer.sentences, 1):
        for n in sentence.citations:
            if n in citations:
                yield "citation", citations.pop(n).model_dump(mode="json")
        last = number == len(answer.sentences)
        end = len(answer.answer) if last else _behind_markers(answer.answer, sentence.end)
        yield "sentence", {**sentence.model_dump(mode="json"), "delta": answer.answer[position:end]}
        position = end
    yield "done", answer.model_dump(mode="json", by_alias=True)


def _behind_markers(text: str, position: int) -> int:
    """The end of the markers ` [1] [2]` that begin at a position."""
    while text.startswith(" [", position):
        end = text.find("]", position)
        if end < 0 or not text[position + 2 : end].isdigit():
            break
        position = end + 1
    return position


def as_event(name: str | None, data: object) -> ServerSentEvent:
    """One event of a stream; its data is one line of JSON."""
    return ServerSentEvent(data=json.dumps(data, ensure_ascii=False), event=name, sep="\n")
