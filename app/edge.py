"""What stands between the network and the doors: plain ASGI wrappers, in one fixed order.

    request id > log > headers > failures > hosts > guard > body > rate > the doors

They wrap from outside, not as an app's `middleware`, so that no reply escapes them, not
even a 500. Knows nothing of answers and pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge_body import BodyLimit
from app.edge_guard import Guard, SocketLimits
from app.edge_headers import SecurityHeaders, checked_sites
from app.edge_log import NOTES, AccessLog, where
from app.edge_rate import RateLimit
from app.problem import DETAILS, Problem

LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
LET_IN = "glute_guide.let_in"
PROBES = frozenset({"/healthz", "/readyz"})
"""Asked by whoever watches over the process, under whatever name; they reveal nothing."""


@dataclass(frozen=True)
class EdgeSettings:
    """What an operator decides about the edge."""

    hosts: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    rate: str = "120/minute"
    paid: bool = False
    sockets: SocketLimits = field(default_factory=SocketLimits)


def wrap(app: ASGIApp, settings: EdgeSettings, log: Any, scripts: Sequence[str] = ()) -> ASGIApp:
    """The app behind its wrappers; `scripts` are CSP hashes of the page's inline scripts.

    Raises:
        GuideError: if a setting cannot be used.
    """
    app = RateLimit(app, settings.rate, paid=settings.paid)
    app = BodyLimit(app)
    app = Guard(app, hosts=settings.hosts, limits=settings.sockets)
    app = Hosts(app, settings.hosts or LOOPBACK)
    app = Failures(app, log)
    app = SecurityHeaders(app, sites=checked_sites(settings.sites), scripts=scripts)
    app = AccessLog(app, log)
    # An id from outside could be anything, so it is always ours.
    return CorrelationIdMiddleware(app, validator=_never, update_request_header=False)


class Hosts:
    """ASGI wrapper: only the names under which we are reached; against DNS rebinding."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._trusted = TrustedHostMiddleware(self._let_in, list(hosts), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return

        async def refuse(message: Message) -> None:
            if scope.get(LET_IN) or scope["type"] != "http":
                await send(message)
            elif message["type"] == "http.response.start":
                scope[NOTES]["problem"] = "host"
                await Problem(400, "This server is not reached under that host name.").response()(
                    scope, receive, send
                )

        await self._trusted(scope, receive, refuse)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[LET_IN] = True
        await self._app(scope, receive, send)


class Failures:
    """ASGI wrapper: what nobody expected becomes a 500 for the visitor and a line in the log."""

    def __init__(self, app: ASGIApp, log: Any) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] in {"http.response.start", "websocket.accept"}
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # the last wall: nothing may pass it
            if scope["type"] == "lifespan":
                raise
            self._log.error("failure", route="edge", **where(error))
            if not started and scope["type"] == "http":
                await Problem(500, DETAILS[500]).response()(scope, receive, send)


def _never(_: str) -> bool:
    return False
