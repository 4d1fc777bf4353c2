"""uvicorn as we run it: requests that come too slowly are closed, streams end before it does.

Knows nothing of what is served.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_DEADLINE_S = 10.0
GRACE_S = 8
"""What running requests get at the end; with the rest it stays under ten seconds."""

MOST_CONNECTIONS = 1_500
MOST_HEADER_BYTES = 16_384
MOST_FRAME_BYTES = 262_144


class PromptHttp(H11Protocol):
    """HTTP/1.1 that closes connections whose request line and headers do not come in time."""

    deadline_s = HEADER_DEADLINE_S
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_headers()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and self._between_requests():
            self._wait_for_headers()
        super().data_received(data)
        if not self._between_requests():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._stop_waiting()
        super().on_response_complete()

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_headers(self) -> None:
        self._deadline = self.loop.call_later(self.deadline_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        # A socket that was upgraded has another protocol; this one no longer counts.
        if self._between_requests() and self.transport.get_protocol() is self:
            self.transport.close()


class Server(uvicorn.Server):
    """Says when it listens, and tells those who stream before it waits for them."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        on_start: Callable[[], None],
        on_stop: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)


def configure(app: Any, host: str, port: int, proxies: tuple[str, ...]) -> uvicorn.Config:
    """How uvicorn serves an app; headers of a proxy count only if it is one of `proxies`."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PromptHttp,
        ws="websockets-sansio",
        ws_max_size=MOST_FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=MOST_CONNECTIONS,
        backlog=256,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
    )
