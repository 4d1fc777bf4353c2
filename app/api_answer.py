"""Asking on behalf of a request: a place in the queue, an answer, a note for the log.

What every endpoint that answers shares. Knows nothing of the shape of replies.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.routing import Mount, Route, Router

from app.answer import Answer, Ask
from app.answer.live import LONGEST_WAIT_S, Busy, LiveChain
from app.problem import Problem, busy

NO_STORE = {"Cache-Control": "no-store"}

RETRY_AFTER_S = itertools.cycle((1, 2, 3))
"""Not the same for all, or all come back in the same moment."""

log = logging.getLogger(__name__)


def below(prefix: str, routes: list[Route]) -> Mount:
    """Routes below a prefix; everything else there is a 404 or a 405 of ours, not the page."""
    return Mount(prefix, Router(routes, redirect_slashes=False))


def submit(live: LiveChain, asked: Ask, longest_wait_s: float = LONGEST_WAIT_S) -> Future[Answer]:
    """Queue a question.

    Raises:
        Problem: 503 if too many wait.
    """
    try:
        return live.submit(asked, longest_wait_s)
    except Busy as error:
        raise busy(str(error), next(RETRY_AFTER_S), code="busy") from None


async def answer_to(request: Request, live: LiveChain, asked: Ask) -> Answer:
    """The answer to a question; its place is given up when the visitor leaves.

    Raises:
        Problem: 503 if too many wait, 500 if the answer fails.
    """
    future = submit(live, asked)
    answered = asyncio.wrap_future(future)
    left = asyncio.ensure_future(_left(request))
    both: set[asyncio.Future[Any]] = {answered, left}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise Problem(503, "The visitor left.", code="gone")
        return answered.result()
    finally:
        left.cancel()
        answered.cancel()
        if future.done():
            note(request, future)


async def _left(request: Request) -> None:
    with suppress(asyncio.CancelledError):
        while (await request.receive())["type"] != "http.disconnect":
            pass


def note(request: Request, future: Future[Answer]) -> None:
    """For the log: what kind of answer it was, by which index. Never its words."""
    if future.cancelled():
        return
    if (error := future.exception()) is not None:
        log.error("an answer failed", exc_info=error)
        return
    answer = future.result()
    request.scope.setdefault("glute_guide", {}).update(
        outcome=answer.status, safety=answer.safety.level, index=answer.corpus.index_id
    )
