"""Security headers, one policy for each kind of path, on every reply.

The page may not be framed by anybody; the widget's panel by the sites that the operator
names; the loader may be loaded from anywhere. No reply sets a cookie. Knows nothing of
what is served.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from secure import (
    ContentSecurityPolicy,
    CrossOriginResourcePolicy,
    CustomHeader,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from secure.middleware import SecureASGIMiddleware
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import GuideError

SELF = "'self'"
NONE = "'none'"


def checked_sites(sites: Sequence[str]) -> tuple[str, ...]:
    """The origins that may embed the widget, as browsers write them.

    Raises:
        GuideError: if one is no origin; `*` is none.
    """
    for site in sites:
        parts = urlsplit(site)
        origin = f"{parts.scheme}://{parts.netloc}"
        plain = re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?", origin)
        if not plain or site.rstrip("/") != origin:
            raise GuideError(
                f"GLUTE_GUIDE_ALLOWED_SITES names {site!r}, which is no origin. "
                "Write it like https://www.gym.example, without a path."
            )
    return tuple(site.rstrip("/").lower() for site in sites)


def inline_scripts(page: Path) -> list[str]:
    """CSP hashes of the scripts that stand in an HTML page itself."""
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class SecurityHeaders:
    """ASGI wrapper: the headers of the path's policy, and no cookies."""

    def __init__(self, app: ASGIApp, *, sites: Sequence[str], scripts: Sequence[str]) -> None:
        """`sites` may embed the panel; `scripts` are the CSP hashes that the page needs."""
        app = _NoCookies(app)
        policies = {
            "page": _page(scripts),
            "api": _policy(ContentSecurityPolicy().default_src(NONE).frame_ancestors(NONE)),
            "panel": _policy(_widget().frame_ancestors(SELF, *sites), framed=True),
            "widget": _policy(_widget().frame_src(SELF).frame_ancestors(NONE)),
            "loader": _loader(),
        }
        self._plain = {kind: _middleware(app, policy) for kind, policy in policies.items()}
        for policy in policies.values():
            policy.headers_list.append(StrictTransportSecurity().max_age(31536000))
        self._encrypted = {kind: _middleware(app, policy) for kind, policy in policies.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A browser heeds HSTS only where TLS ends, here or at a proxy that says so.
        apps = self._encrypted if scope.get("scheme") == "https" else self._plain
        await apps[kind_of(scope.get("path", ""))](scope, receive, send)


def kind_of(path: str) -> str:
    """Which policy a path has."""
    if path == "/widget.js":
        return "loader"
    if path == "/widget/panel.html":
        return "panel"
    if path == "/widget" or path.startswith("/widget/"):
        return "widget"
    if path.startswith(("/api/", "/v1/")) or path in {"/healthz", "/readyz"}:
        return "api"
    return "page"


class _NoCookies:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strip(message: Message) -> None:
            if message["type"] == "http.response.start":
                del MutableHeaders(scope=message)["set-cookie"]
            await send(message)

        await self._app(scope, receive, strip)


def _middleware(app: ASGIApp, policy: Secure) -> ASGIApp:
    headers = Secure(custom=[CustomHeader(k, v) for k, v in policy.headers.items()])
    return cast("ASGIApp", SecureASGIMiddleware(app, secure=headers, multi_ok=()))


def _policy(csp: ContentSecurityPolicy, *, framed: bool = False) -> Secure:
    return Secure(
        csp=csp,
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation().payment().usb(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=None if framed else XFrameOptions().deny(),
        custom=[CustomHeader("X-Robots-Tag", "noindex")],
    )


def _page(scripts: Sequence[str]) -> Secure:
    csp = (
        ContentSecurityPolicy()
        .default_src(SELF)
        .script_src(SELF, *scripts)
        .style_src(SELF, "'unsafe-inline'")  # Streamlit's style library writes style elements
        .img_src(SELF, "data:", "blob:")
        .font_src(SELF, "data:")
        .connect_src(SELF)
        .worker_src(SELF, "blob:")
        .frame_src(NONE)
        .object_src(NONE)
        .base_uri(NONE)
        .form_action(SELF)
        .frame_ancestors(NONE)
    )
    return _policy(csp)


def _widget() -> ContentSecurityPolicy:
    return (
        ContentSecurityPolicy()
        .default_src(NONE)
        .script_src(SELF)
        .style_src(SELF)
        .img_src(SELF, "data:")
        .connect_src(SELF)
        .base_uri(NONE)
        .form_action(NONE)
    )


def _loader() -> Secure:
    return Secure(
        csp=ContentSecurityPolicy().default_src(NONE).frame_ancestors(NONE),
        corp=CrossOriginResourcePolicy().cross_origin(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        xcto=XContentTypeOptions().nosniff(),
        custom=[CustomHeader("Access-Control-Allow-Origin", "*")],
    )
