"""Puts page, API and widget into one ASGI process and serves it.

Knows nothing of how answers are made. One process, because the page's talks live in its
memory; one live chain, which all doors share.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute

from app.answer.live import LiveChain, current_chain
from app.config import AppSettings, app_settings
from index.errors import GuideError

if TYPE_CHECKING:
    from app.api import Api

PAGE = Path(__file__).parent / "chat_page.py"


def run(host: str, port: int) -> None:
    """Serve until interrupted; says so once the address answers.

    Raises:
        GuideError: if there is no index, if a setting cannot be used, or the address.
    """
    settings = app_settings()
    check_reach(host, settings)
    _free(host, port)
    if threading.current_thread() is threading.main_thread():
        # uvicorn raises the signal again once it has ended well; that is the end, not a crash.
        signal.signal(signal.SIGTERM, _leave)
    # More threads than cores only fight; the model itself is told the same when it is opened.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print("Loading the model ...", flush=True)
    live = current_chain()
    try:
        _serve(host, port, live, settings)
    finally:
        live.close()


def check_reach(host: str, settings: AppSettings) -> None:
    """Refuse to be reachable by others under any name.

    Raises:
        GuideError: naming the setting.
    """
    if "*" in "".join(settings.hosts):
        raise GuideError("GLUTE_GUIDE_HOSTS holds a '*'. Name each host: guide.gym.example")
    if "*" in settings.proxies:
        raise GuideError("GLUTE_GUIDE_PROXIES is '*'. Name the address of each proxy.")
    if not settings.hosts and not _is_loopback(host):
        raise GuideError(
            f"Listening on {host} makes the guide reachable for others. Name the hosts it is "
            "reached under, GLUTE_GUIDE_HOSTS=guide.gym.example, or listen on 127.0.0.1."
        )


def doors(live: LiveChain, settings: AppSettings) -> tuple[list[BaseRoute], Api]:
    """The routes of everything but the page."""
    from app.api import Api
    from app.edge_headers import checked_sites
    from app.feedback import record
    from app.openai import OpenAi
    from app.widget_routes import Widget

    api = Api(live, record if settings.feedback else None)
    widget = Widget(checked_sites(settings.allowed_sites), feedback=settings.feedback)
    return [*api.routes(), *OpenAi(live).routes(), *widget.routes()], api


def streamlit_settings(host: str, port: int, settings: AppSettings) -> dict[str, Any]:
    """What Streamlit must do and must not do here; stronger than any file of settings."""
    return {
        "browser.gatherUsageStats": False,
        "browser.serverAddress": settings.hosts[0] if settings.hosts else "localhost",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "client.allowedOrigins": list(settings.allowed_sites),
        "runner.magicEnabled": False,
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableStaticServing": False,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.corsAllowedOrigins": [f"https://{name}" for name in settings.hosts],
        "server.allowedHosts": list(settings.hosts),
        "server.maxUploadSize": 1,
        "server.maxMessageSize": 5,
        "server.maxWidgetStateSize": 1,
        "server.enableAgentApi": False,
        "server.disconnectedSessionTTL": 120,
        "server.websocketPingInterval": 20,
    }


def _serve(host: str, port: int, live: LiveChain, settings: AppSettings) -> None:
    import streamlit
    from streamlit.web import bootstrap

    from app.edge import EdgeSettings, wrap
    from app.edge_headers import inline_scripts
    from app.edge_log import Sink, forward_libraries, open_log, where
    from app.edge_server import Server, configure
    from app.problem import HANDLERS

    sink = Sink()
    log = open_log(sink)
    bootstrap.load_config_options(streamlit_settings(host, port, settings))
    routes, api = doors(live, settings)

    def on_script_error(error: Exception) -> None:
        log.error("failure", route="page", **where(error))

    forward_libraries(log)

    page = streamlit.App(
        PAGE, routes=routes, exception_handlers=HANDLERS, on_script_error=on_script_error
    )
    shell = Path(streamlit.__file__).parent / "static" / "index.html"
    edge = EdgeSettings(
        hosts=settings.hosts,
        sites=settings.allowed_sites,
        rate=settings.rate,
        paid=settings.model is not None,
    )
    app = wrap(page, edge, log, inline_scripts(shell))

    def on_start() -> None:
        forward_libraries(log)
        # Half a million objects stay for ever; looking through them all stops every visitor
        # for a quarter of a second.
        gc.collect()
        gc.freeze()
        print(f"Glute Guide is at http://{_shown(host)}:{port} (Ctrl-C ends it)", flush=True)

    def on_stop() -> None:
        api.draining = True

    config = configure(app, host, port, settings.proxies)
    try:
        Server(config, on_start=on_start, on_stop=on_stop).run()
    finally:
        sink.flush()


def _leave(*_: object) -> None:
    sys.exit(0)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise GuideError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. "
            "Choose another port with: glute-guide serve --port N"
        ) from error


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
