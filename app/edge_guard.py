"""What is let in: known paths and methods, sockets of our own page, at a human pace.

Everything that is not named here is refused, Streamlit's uploads, metrics and agent API
among it. Knows nothing of what lies behind the paths.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge_log import NOTES
from app.edge_rate import client_of
from app.problem import DETAILS, Problem

ALLOWED = re.compile(
    r"/|/favicon\.png|/manifest\.json|/static/.+|/_stcore/(?:health|host-config)"
    r"|/what-i-know|/chat|/media/[\w.-]+"
    r"|/healthz|/readyz|/widget(?:\.js|/.*)?|/api/.*|/v1/.*"
)
SOCKET = "/_stcore/stream"
TRICKY = re.compile(r"//|\\|(?:^|/)\.{1,2}(?:/|$)|[\x00-\x1f\x7f]")
VERSIONS = frozenset({"1.0", "1.1", "2", "3"})
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class SocketLimits:
    """How many sockets, and how fast they may talk."""

    most: int = 1_000
    most_per_client: int = 50
    """A gym's visitors share one address."""

    frames: int = 30
    frames_in_s: float = 10.0


class Guard:
    """ASGI wrapper: refuses unknown paths with 404 and foreign sockets with 403."""

    def __init__(
        self, app: ASGIApp, *, hosts: Sequence[str], limits: SocketLimits | None = None
    ) -> None:
        """`hosts` are the configured host names, under which a page may open a socket."""
        self._app = app
        self._hosts = frozenset(hosts)
        self._limits = limits or SocketLimits()
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if (problem := self._refuse(scope)) is not None:
                await problem.response()(scope, receive, send)
                return
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refuse(self, scope: Scope) -> Problem | None:
        path = scope["path"]
        if scope["http_version"] not in VERSIONS:  # h11 takes any digit
            return Problem(400, "There is no such version of HTTP.")
        if path == SOCKET:
            # A proxy that drops the header Upgrade turns a handshake into a plain GET.
            scope[NOTES]["problem"] = "no upgrade"
            headers = {"Upgrade": "websocket"}
            return Problem(426, "A proxy must pass the header Upgrade here.", headers=headers)
        if not ALLOWED.fullmatch(path) or TRICKY.search(path):
            return Problem(404, DETAILS[404])
        if scope["method"] not in METHODS:
            allow = {"Allow": ", ".join(sorted(METHODS))}
            return Problem(405, DETAILS[405], headers=allow)
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        client, limits = client_of(scope), self._limits
        reason = None
        if scope["path"] != SOCKET:
            reason = "path"
        elif not self._own_page(Headers(scope=scope)):
            reason = "origin"
        elif self._open.total() >= limits.most or self._open[client] >= limits.most_per_client:
            reason = "too many sockets"
        if reason is not None:
            scope[NOTES]["problem"] = reason
            # Before it is accepted, a closed socket is a 403 to the browser.
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        self._open[client] += 1
        try:
            await self._app(scope, *_paced(scope, receive, send, limits))
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _own_page(self, headers: Headers) -> bool:
        """Whether the page that opens the socket is ours; the host was checked before."""
        if len(headers.getlist("origin")) != 1:
            return False
        try:
            origin = urlsplit(headers["origin"])
            hostname = origin.hostname
        except ValueError:
            return False
        if origin.scheme not in {"http", "https"}:
            return False
        # A proxy may hand on a Host without the port that the browser sees.
        return origin.netloc == headers.get("host") or (
            hostname in self._hosts and hostname == headers.get("host")
        )


def _paced(
    scope: Scope, receive: Receive, send: Send, limits: SocketLimits
) -> tuple[Receive, Send]:
    """The same socket, which closes when frames come faster than a person makes them."""
    times: deque[float] = deque(maxlen=limits.frames)
    closed = False

    async def next_frame() -> Message:
        nonlocal closed
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        now = time.monotonic()
        if len(times) == limits.frames and now - times[0] < limits.frames_in_s:
            closed = True
            scope[NOTES]["problem"] = "flood"
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        times.append(now)
        return message

    async def unless_closed(message: Message) -> None:
        if not closed:
            await send(message)

    return next_frame, unless_closed
