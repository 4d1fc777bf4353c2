"""A small made-up gym that embeds the widget, on an origin of its own: `python -m app.demo`.

Starts the guide beside it, unless `--guide` names one that runs already. Serves files only;
knows nothing of questions. Its policy is as strict as a site's can be: what works here
works elsewhere.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SITE = Path(__file__).parent / "widget" / "demo"
GYM_PORT, GUIDE_PORT = 8600, 8501


class GymSite(SimpleHTTPRequestHandler):
    """The files of the gym; pages learn where the guide and they themselves are."""

    def __init__(self, *given: Any, guide: str, **named: Any) -> None:
        self.guide = guide.rstrip("/")
        super().__init__(*given, directory=str(SITE), **named)

    def do_GET(self) -> None:
        page = Path(self.translate_path(self.path))
        if page == SITE:
            page = SITE / "index.html"
        if page.suffix != ".html" or not page.is_file():
            super().do_GET()
            return
        site = f"http://{self.headers.get('Host', 'localhost')}"
        text = page.read_text("utf-8").replace("{guide}", self.guide).replace("{site}", site)
        body = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            f"form-action 'none'; script-src {self.guide}; frame-src {self.guide}",
        )
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002
        """Requests are not logged."""


def gym(guide: str, port: int = GYM_PORT) -> ThreadingHTTPServer:
    """A server of the gym, bound and not yet serving; port 0 takes any that is free."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(GymSite, guide=guide))


@contextmanager
def own_guide(port: int, site: str) -> Iterator[str]:
    """A guide that lets one site embed it, for as long as the block runs; its address.

    Raises:
        SystemExit: if it does not start; it has said why.
    """
    # Told to end by whoever started us, we end the guide too, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environment = {**os.environ, "GLUTE_GUIDE_ALLOWED_SITES": site}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as guide:
        assert guide.stdout is not None
        if not any("Glute Guide is at" in line for line in guide.stdout):
            sys.exit(guide.wait())
        try:
            yield f"http://localhost:{port}"
        finally:
            guide.terminate()


def main(given: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m app.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=GYM_PORT, help="port of the gym's site")
    parser.add_argument("--guide-port", type=int, default=GUIDE_PORT, help="port of the guide")
    parser.add_argument("--guide", help="address of a guide that runs already, and allows the site")
    wanted = parser.parse_args(given)
    site = f"http://localhost:{wanted.port}"
    try:
        if wanted.guide:
            _serve(wanted.guide, wanted.port, site)
        else:
            print("Starting the guide ...", flush=True)
            with own_guide(wanted.guide_port, site) as guide:
                _serve(guide, wanted.port, site)
    except KeyboardInterrupt:
        print()


def _serve(guide: str, port: int, site: str) -> None:
    try:
        server = gym(guide, port)
    except OSError as error:
        sys.exit(f"Cannot listen on port {port}: {error.strerror}. Choose another with --port N")
    with server:
        print(f"The gym is at {site}, its guide at {guide} (Ctrl-C ends both)", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
