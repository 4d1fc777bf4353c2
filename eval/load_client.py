"""A caller of the HTTP API over plain sockets, cheap enough to share cores with the server.

A connection a call, as browsers behind many addresses make them. Knows nothing of figures.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

PATIENCE_S = 60.0


@dataclass
class Reply:
    """One call: its status, how long it took and how it ended."""

    status: int
    ms: float
    """Until the last byte."""

    first_ms: float
    """Until the first byte of the body."""

    body: bytes
    retry_after: float
    ended: bool
    """The body came to its proper end."""

    @property
    def whole(self) -> bool:
        """A stream that was answered to its end."""
        return self.status == 200 and self.ended and b"event: done" in self.body


async def ask(port: int, question: str, address: str | None = None) -> Reply:
    """One question, one Answer."""
    return await _call(port, "POST", "/api/v1/ask", {"question": question}, address)


async def stream(port: int, question: str) -> Reply:
    """One question, one stream of events."""
    return await _call(port, "POST", "/api/v1/ask/stream", {"question": question}, None)


async def get(port: int, path: str) -> Reply:
    """One plain request."""
    return await _call(port, "GET", path, None, None)


async def _call(port: int, method: str, path: str, document: object, address: str | None) -> Reply:
    body = json.dumps(document).encode() if document is not None else b""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    begin = time.perf_counter()
    local = (address, 0) if address else None
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=local)
            try:
                writer.write(head.encode() + body)
                return await _read(reader, begin)
            finally:
                writer.close()
    except (OSError, EOFError, TimeoutError, ValueError, IndexError):
        return Reply(0, _since(begin), _since(begin), b"", 0.0, ended=False)


async def _read(reader: asyncio.StreamReader, begin: float) -> Reply:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    headers = {
        name.lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines[1:])
        if colon
    }
    chunked = headers.get("transfer-encoding") == "chunked"
    first = await reader.read(1)
    first_ms = _since(begin)
    raw = first + await reader.read()
    if chunked:
        ended = raw.endswith(b"0\r\n\r\n")
    else:
        ended = len(raw) == int(headers.get("content-length", "0"))
    retry_after = float(headers.get("retry-after", "0"))
    return Reply(status, _since(begin), first_ms, raw, retry_after, ended=ended)


def _since(begin: float) -> float:
    return (time.perf_counter() - begin) * 1000
