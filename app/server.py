"""Puts the doors into one ASGI process. Knows nothing of how answers are made."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

from app.answer import shared_chain
from index.errors import GuideError

PAGE = Path(__file__).parent / "chat_page.py"


def run(host: str, port: int) -> None:
    """Serve until interrupted; says so once the address answers.

    Raises:
        GuideError: if there is no index, or the address cannot be used.
    """
    _free(host, port)
    os.environ.setdefault("STREAMLIT_SERVER_ADDRESS", host)
    os.environ.setdefault("STREAMLIT_SERVER_PORT", str(port))
    print("Loading the model ...", flush=True)
    shared_chain()

    import streamlit as st
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Glute Guide is at http://{_shown(host)}:{port} (Ctrl-C ends it)", flush=True)

    app = st.App(PAGE)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    # Streamlit gives uvicorn's loggers a level of its own; requests are not logged.
    logging.getLogger("uvicorn.access").disabled = True
    Server(config).run()


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
