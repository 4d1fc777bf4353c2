"""Bodies are small and come promptly: 413 and 408 otherwise.

A body is read whole before anything behind is asked, and handed on afterwards, so that no
half-sent request keeps anything busy. Knows nothing of what bodies hold.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problem import Problem

MOST_BYTES = 131_072
"""Fifty turns of talk, with room to spare."""

DEADLINE_S = 10.0
CLOSE = {"Connection": "close"}
"""What is left of a refused body is not read."""


class BodyLimit:
    """ASGI wrapper: bodies up to a size, within a time."""

    def __init__(
        self, app: ASGIApp, most_bytes: int = MOST_BYTES, deadline_s: float = DEADLINE_S
    ) -> None:
        self._app = app
        self._most = most_bytes
        self._deadline_s = deadline_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._deadline_s):
                body = await self._read(scope, receive)
        except TimeoutError:
            await Problem(408, "The body came too slowly.", headers=CLOSE).response()(
                scope, receive, send
            )
            return
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if body is None:
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None if the client left.

        Raises:
            Problem: 413 as soon as it is announced or has become too large.
        """
        announced = Headers(scope=scope).get("content-length", "")
        length = int(announced) if announced.isdigit() and len(announced) < 20 else 0
        body = bytearray()
        more = True
        while more and max(length, len(body)) <= self._most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if max(length, len(body)) > self._most:
            detail = f"The body is too large; up to {self._most} bytes are read."
            raise Problem(413, detail, headers=CLOSE)
        return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once, then whatever else comes, which is the client's leaving."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
