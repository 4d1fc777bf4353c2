"""Serves the widget's files, and what its snippet page must know of this server.

Knows nothing of what the files do; the headers of `edge_headers` decide who may embed them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import MutableMapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent / "widget"
LOADER = "widget.js"
SUFFIXES = frozenset({".css", ".html", ".js", ".json", ".png", ".svg"})
NOT_SERVED = "demo"
"""The demo site stands on an origin of its own."""


class WidgetFiles(StaticFiles):
    """The files of the widget; a browser asks each time whether they have changed."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """The file of that path below the folder."""
        parts = Path(path).parts
        if path != "." and (
            NOT_SERVED in parts
            or any(part.startswith(".") for part in parts)
            or Path(path).suffix not in SUFFIXES
        ):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        if path.endswith(".js"):
            # What a system says of scripts differs, and browsers are told not to guess.
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response


class Widget:
    """The routes of the widget."""

    def __init__(self, sites: tuple[str, ...], *, feedback: bool) -> None:
        self._files = WidgetFiles(directory=FOLDER, html=True)
        self._about = {
            "sites": list(sites),
            "feedback": feedback,
            "version": version("glute-guide"),
        }

    def routes(self) -> list[BaseRoute]:
        """For Starlette."""
        return [
            Route("/widget.js", self.loader, methods=["GET"]),
            Route("/widget/config.json", self.config, methods=["GET"]),
            Mount("/widget", self._files),
        ]

    async def loader(self, request: Request) -> Response:
        """The script that a site embeds; under an address with its digest it never changes."""
        digest = hashlib.sha256(_loader()).hexdigest()
        response = await self._files.get_response(LOADER, request.scope)
        asked = request.query_params.get("v", "")
        if len(asked) >= 8 and digest.startswith(asked):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    async def config(self, _: Request) -> Response:
        """What the snippet page shows: who may embed, and the loader's integrity."""
        loader = _loader()
        integrity = base64.b64encode(hashlib.sha384(loader).digest()).decode()
        about = {
            **self._about,
            "integrity": f"sha384-{integrity}",
            "digest": hashlib.sha256(loader).hexdigest()[:12],
        }
        return JSONResponse(about, headers={"Cache-Control": "no-store"})


def _loader() -> bytes:
    return (FOLDER / LOADER).read_bytes()
