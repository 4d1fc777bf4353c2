"""Errors as every door over HTTP tells them: `application/problem+json` (RFC 9457).

A problem says what is wrong and what to do; it never repeats what was sent, and never
shows how the program is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from asgi_correlation_id import correlation_id
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"

DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method; the header Allow names those it takes.",
    500: "Something went wrong here. The request id names the line in the log.",
}


class Problem(Exception):
    """An answer of 4xx or 5xx; `members` go into the document beside the standard ones."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def document(self) -> dict[str, Any]:
        """The problem as JSON."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "request_id": correlation_id.get(),
            **self.members,
        }

    def response(self) -> JSONResponse:
        """The problem as a response, which is an ASGI app too."""
        return JSONResponse(
            self.document(),
            status_code=self.status,
            headers={"Cache-Control": "no-store", **self.headers},
            media_type=MEDIA_TYPE,
        )


def busy(detail: str, retry_after_s: int = 1, **members: Any) -> Problem:
    """503: come back in a moment."""
    return Problem(503, detail, headers={"Retry-After": str(retry_after_s)}, **members)


async def on_problem(_: Request, error: Exception) -> JSONResponse:
    """Starlette's handler for our problems."""
    assert isinstance(error, Problem)
    return error.response()


async def on_http_exception(_: Request, error: Exception) -> JSONResponse:
    """Starlette's handler for its own 404 and 405."""
    assert isinstance(error, HTTPException)
    detail = DETAILS.get(error.status_code, "The request cannot be answered.")
    return Problem(error.status_code, detail, headers=error.headers).response()


async def on_failure(_: Request, __: Exception) -> JSONResponse:
    """Starlette's handler for what nobody expected."""
    return Problem(500, DETAILS[500]).response()


HANDLERS: dict[Any, Any] = {
    Problem: on_problem,
    HTTPException: on_http_exception,
    Exception: on_failure,
}
"""For the `exception_handlers` of an app."""
