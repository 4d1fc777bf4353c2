"""How much one client may ask: a sliding window for each address, by `limits`.

Addresses are kept only as keyed hashes, whose key lives in memory and is thrown away every
day. Without a counter a paid model is not asked, while extracts, which cost nothing, are
still given. Knows nothing of what is asked.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import time

from limits.aio.storage import MemoryStorage
from limits.aio.strategies import RateLimiter, SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answer.budget import parse_rate
from app.problem import Problem, busy

DAY_S = 86_400


def client_of(scope: Scope) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 address, which one home has whole."""
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Hashed:
    """Turns addresses into hashes that nobody can turn back tomorrow."""

    def __init__(self) -> None:
        self._day = -1
        self._key = b""

    def __call__(self, client: str) -> str:
        day = int(time.monotonic() // DAY_S)
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
        return hashlib.blake2b(client.encode(), key=self._key, digest_size=12).hexdigest()


class RateLimit:
    """ASGI wrapper: 429 for a client that asks more than the rate."""

    def __init__(
        self,
        app: ASGIApp,
        rate: str,
        *,
        paid: bool,
        limiter: RateLimiter | None = None,
    ) -> None:
        """`paid`: answers cost money, so nobody is answered uncounted."""
        self._app = app
        self._rate = parse_rate(rate, "GLUTE_GUIDE_RATE")
        self._paid = paid
        self._limiter = limiter or SlidingWindowCounterRateLimiter(MemoryStorage())
        self._hashed = Hashed()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/api/", "/v1/")):
            problem = await self._refuse(self._hashed(client_of(scope)))
            if problem is not None:
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _refuse(self, client: str) -> Problem | None:
        try:
            if await self._limiter.hit(self._rate, client):
                return None
            window = await self._limiter.get_window_stats(self._rate, client)
        except Exception:  # noqa: BLE001  # whatever the counter's store raises
            if self._paid:
                return busy("Requests cannot be counted right now.", 10, code="no_counter")
            return None
        wait = max(1, math.ceil(window.reset_time - time.time()))
        return Problem(
            429,
            "That was a lot at once. Please wait a moment.",
            headers={"Retry-After": str(wait)},
            code="rate",
        )
