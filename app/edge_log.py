"""The log: one line of JSON for each request, without a word of any visitor.

A line has the time, the request's id, the route as a template, the status, milliseconds,
bytes and the kind of answer. Never: question, answer, address, browser, session, query.
Lines go through a queue that drops rather than waits, so that a blocked reader of the log
stops nobody. Knows nothing of what routes do.
"""

from __future__ import annotations

import logging
import queue
import re
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import structlog
from asgi_correlation_id import correlation_id
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
TEMPLATES = (
    (re.compile(r"/api/v1/passages/.+"), "/api/v1/passages/{id}"),
    (re.compile(r"/api/v1/(?:ask|ask/stream|feedback|openapi\.json)"), None),
    (re.compile(r"/v1/(?:models|chat/completions)"), None),
    (re.compile(r"/|/healthz|/readyz|/widget\.js|/widget/?"), None),
    (re.compile(r"/_stcore/(?:health|host-config|stream)"), None),
    (re.compile(r"/widget/.+"), "/widget/{file}"),
    (re.compile(r"/static/.+"), "/static/{file}"),
)
"""Paths and what the log calls them; None: by their own name. All others are "other"."""

MOST_WAITING = 10_000
"""Lines that wait for a slow reader before new ones are dropped."""

NOTES = "glute_guide"
"""Key of the scope under which endpoints leave what the log should say of an answer."""


class Sink:
    """Writes lines to a stream from a thread of its own; full, it counts what it drops."""

    def __init__(self, stream: IO[str] | None = None, most_waiting: int = MOST_WAITING) -> None:
        self.dropped = 0
        self._stream = stream or sys.stderr
        self._lines: queue.Queue[str] = queue.Queue(most_waiting)
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def msg(self, line: str) -> None:
        """Queue a line."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.dropped += 1

    info = warning = error = msg

    def flush(self, timeout_s: float = 2.0) -> None:
        """Wait until what is queued is written, but not for ever."""
        deadline = time.monotonic() + timeout_s
        while self._lines.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                self.dropped += 1
            self._lines.task_done()


def open_log(sink: Sink) -> Any:
    """A structlog logger that writes JSON in ASCII, so that a line is a line on any terminal."""
    return structlog.wrap_logger(
        sink,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.BoundLogger,
    )


class Forward(logging.Handler):
    """What libraries log, as JSON too: their fixed message without its arguments."""

    def __init__(self, log: Any) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Arguments may hold a visitor's words, so only the template is written."""
        error = record.exc_info[1] if record.exc_info else None
        say = self._log.warning if record.levelno >= logging.WARNING else self._log.info
        say(
            "message" if error is None else "failure",
            logger=record.name,
            message=str(record.msg)[:200],
            **(where(error) if error else {}),
        )


def forward_libraries(log: Any) -> None:
    """From here on every logger of the process writes to this log, and nowhere else."""
    logging.captureWarnings(capture=True)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if logger.handlers:
            logger.handlers.clear()
            logger.propagate = True
    logging.root.handlers[:] = [Forward(log)]
    logging.getLogger("app").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # It says only that an id from outside was not taken, once a request.
    logging.getLogger("asgi_correlation_id").setLevel(logging.ERROR)


def where(error: BaseException) -> Mapping[str, str]:
    """What kind of error it was and where it arose; not its message."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    return {"error": type(error).__name__, "at": at}


def template(path: str) -> str:
    """What the log calls a path."""
    for pattern, name in TEMPLATES:
        if pattern.fullmatch(path):
            return name or path
    return "other"


class AccessLog:
    """ASGI wrapper: one line for each request and each socket."""

    def __init__(self, app: ASGIApp, log: Any) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        notes: dict[str, Any] = {}
        scope[NOTES] = notes
        said: dict[str, Any] = {"status": None, "bytes": 0}
        begin = time.perf_counter()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                said["status"] = message["status"]
            elif message["type"] == "http.response.body":
                said["bytes"] += len(message.get("body", b""))
            elif message["type"] in {"websocket.accept", "websocket.close"}:
                said["status"] = said["status"] or message.get("code", 101)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            method = scope.get("method", "WEBSOCKET")
            self._log.info(
                "request",
                request_id=correlation_id.get(),
                method=method if method in METHODS or method == "WEBSOCKET" else "other",
                route=template(scope["path"]),
                ms=round((time.perf_counter() - begin) * 1000, 1),
                **said,
                **notes,
            )
