"""The real server in a process of its own: page, API and widget behind their wrappers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.config import AppSettings
from app.edge_server import PromptHttp, configure
from app.server import check_reach, doors, streamlit_settings
from app.widget_routes import FOLDER
from eval.load_client import Reply, ask, stream
from index.build import build
from index.config import PACKAGED_MODEL, IndexSettings
from index.errors import GuideError

pytestmark = pytest.mark.enable_socket

PATIENCE_S = 60.0
SITE = "https://www.gym.example"


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


class Process:
    """`glute-guide serve` over a home, with what it writes."""

    def __init__(self, home: Path, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.home = home
        self.copies = folder / "copies"
        self.copies.mkdir()
        self._errors = folder / "stderr"
        environment = {
            **os.environ,
            "GLUTE_GUIDE_HOME": str(home),
            "GLUTE_GUIDE_CORPUS": str(home / "corpus"),
            "GLUTE_GUIDE_RATE": "1000000/minute",
            "GLUTE_GUIDE_ALLOWED_SITES": SITE,
            "TMPDIR": str(self.copies),
            "SECRET_KEY_OF_SOMEBODY": "sk-canary-in-the-environment",
            **settings,
        }
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port)],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                text=True,
            )
        assert self.process.stdout is not None
        ready = any("Glute Guide is at" in line for line in self.process.stdout)
        assert ready, self.errors()

    def errors(self) -> str:
        return self._errors.read_text("utf-8")

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.errors().splitlines()]

    def get(self, path: str, **parts: Any) -> httpx.Response:
        return httpx.get(self.address + path, timeout=PATIENCE_S, **parts)

    def raw(self, request: bytes, *, linger: bool = False) -> bytes:
        """What comes back for bytes written as they are."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as wire:
            wire.sendall(request)
            if not linger:
                wire.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while piece := wire.recv(65_536):
                    answer += piece
            except ConnectionResetError:
                pass
            return answer

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            assert self.process.stdout is not None
            self.process.stdout.close()


@pytest.fixture(scope="module")
def server(article_index_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(article_index_home, tmp_path_factory.mktemp("server"))
    yield process
    assert process.end() == 0
    assert list(process.copies.glob("glute-guide-*")) == []


# ---------------------------------------------------------------- page, API, widget in one


def test_page_api_and_widget_come_from_one_address(server: Process) -> None:
    assert '<div id="root">' in server.get("/").text
    assert server.get("/_stcore/health").status_code == 200
    assert server.get("/readyz").json()["status"] == "ready"
    reply = httpx.post(server.address + "/api/v1/ask", json={"question": "knees out?"})
    assert reply.json()["status"] == "answered"
    assert server.get("/widget.js").headers["content-type"].startswith("text/javascript")


def test_the_page_has_its_headers_and_sets_no_cookie(server: Process) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/static/nothing.js"):
        headers = server.get(path).headers
        assert "set-cookie" not in headers
        assert "server" not in headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    (script,) = re.findall(r"<script>(.*?)</script>", server.get("/").text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in server.get("/").headers["content-security-policy"]


def test_t10_uploads_are_refused_and_cost_nothing(server: Process) -> None:
    def memory() -> int:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]

    before = memory() if sys.platform == "linux" else 0
    for n in range(6):
        reply = httpx.put(
            f"{server.address}/_stcore/upload_file/session/{n}", content=b"x" * 8_000_000
        )
        assert reply.status_code in {404, 405, 413}
    if sys.platform == "linux":
        assert memory() - before < 16_000


def test_t17_internal_pages_are_not_there(server: Process) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/nothing", "/api/v1/nothing"):
        reply = server.get(path)
        assert reply.status_code == 404
        assert reply.headers["content-type"] == "application/problem+json"


def test_the_widget_is_served_and_its_demo_and_folders_are_not(server: Process) -> None:
    for path in ("panel.html", "panel.js"):
        if (FOLDER / path).exists():
            reply = server.get(f"/widget/{path}")
            assert reply.status_code == 200
            assert reply.headers["cache-control"] == "no-cache"
            again = server.get(f"/widget/{path}", headers={"If-None-Match": reply.headers["etag"]})
            assert again.status_code == 304
            assert again.headers["content-security-policy"]
    policy = server.get("/widget/panel.html").headers["content-security-policy"]
    assert f"frame-ancestors 'self' {SITE}" in policy
    for path in ("demo/index.html", "demo/", "../server.py", "%2e%2e/server.py", "x.py", ".git"):
        assert server.get(f"/widget/{path}").status_code == 404


def test_the_snippet_page_learns_what_it_shows(server: Process) -> None:
    about = server.get("/widget/config.json").json()
    loader = server.get("/widget.js").content
    digest = base64.b64encode(hashlib.sha384(loader).digest()).decode()
    assert about["integrity"] == f"sha384-{digest}"
    assert about["sites"] == [SITE]
    assert about["feedback"] is False
    assert "max-age" not in server.get("/widget.js?v=0").headers["cache-control"]
    kept = server.get(f"/widget.js?v={about['digest']}").headers["cache-control"]
    assert "immutable" in kept


# ---------------------------------------------------------------- sockets of the page


def try_socket(server: Process, origin: str | None, **headers: str) -> int:
    """101 if the socket opens, or the status that refuses it."""

    async def open_it() -> int:
        try:
            async with connect(
                f"ws://localhost:{server.port}/_stcore/stream",
                origin=origin,  # type: ignore[arg-type]
                additional_headers=headers,
                proxy=None,
            ):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    return asyncio.run(open_it())


def test_t11_t14_foreign_sockets_are_refused_at_once_and_nothing_stalls(server: Process) -> None:
    assert try_socket(server, server.address) == 101
    begin = time.monotonic()
    for origin in (None, "http://evil.example", "http://localhost", "http://10.0.0.1"):
        assert try_socket(server, origin) == 403
    assert server.get("/healthz").status_code == 200
    # Streamlit would have asked the network for its own address: two seconds each.
    assert time.monotonic() - begin < 6


def test_f45_a_proxy_that_strips_upgrade_is_told(server: Process) -> None:
    reply = server.get("/_stcore/stream")
    assert reply.status_code == 426
    assert "Upgrade" in reply.json()["detail"]


def test_f45_a_proxy_that_changes_the_host_is_told(server: Process) -> None:
    assert server.get("/", headers={"Host": "upstream"}).status_code == 400
    until(lambda: any(line.get("problem") == "host" for line in server.log()))


def test_f36_a_flood_of_frames_is_closed_with_1008_and_a_huge_one_with_1009(
    server: Process,
) -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    rerun = BackMsg()
    rerun.rerun_script.query_string = "x"

    async def flood() -> int | None:
        url = f"ws://localhost:{server.port}/_stcore/stream"
        async with connect(url, origin=server.address, proxy=None) as wire:  # type: ignore[arg-type]
            try:
                for _ in range(10_000):
                    await wire.send(rerun.SerializeToString())
                while True:
                    await wire.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None

    async def huge() -> int | None:
        url = f"ws://localhost:{server.port}/_stcore/stream"
        async with connect(url, origin=server.address, proxy=None) as wire:  # type: ignore[arg-type]
            try:
                await wire.send(b"\x00" * 300_000)
                while True:
                    await wire.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None

    assert asyncio.run(flood()) in {1008, None}
    assert asyncio.run(huge()) in {1009, None}
    assert server.get("/healthz").status_code == 200
    until(lambda: any(line.get("problem") == "flood" for line in server.log()))


# ---------------------------------------------------------------- odd requests on the wire

ODD = [
    b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET /static/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
    b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n",
    b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"4000\r\n" + b"x" * 0x4000 + b"\r\n",
]  # fmt: skip


@pytest.mark.parametrize("request_", ODD, ids=range(len(ODD)))
def test_f41_odd_requests_are_refused_and_logged_in_json(server: Process, request_: bytes) -> None:
    answer = server.raw(request_)
    assert re.match(rb"HTTP/1\.1 4\d\d |$", answer), answer[:100]
    assert b"Traceback" not in answer
    assert server.get("/healthz").status_code == 200
    assert server.log()


def test_f41_a_version_of_http_that_there_is_not_is_refused(server: Process) -> None:
    request = b"GET / HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    # The side that sends stays open, or the server may see the end before the request.
    assert server.raw(request, linger=True).startswith(b"HTTP/1.1 400 ")


def test_f38_a_body_of_a_megabyte_is_refused_with_and_without_length(server: Process) -> None:
    head = b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    announced = head + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    pieces = b"".join(b"4000\r\n" + b"x" * 0x4000 + b"\r\n" for _ in range(64))
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n" + pieces
    for request in (announced, chunked):
        try:
            answer = server.raw(request, linger=True)
        except (BrokenPipeError, ConnectionResetError):
            continue  # closed while we were still sending
        assert answer.startswith(b"HTTP/1.1 413") or not answer, answer[:100]
    assert server.get("/healthz").status_code == 200


def test_f37_t12_half_sent_headers_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The very protocol of the server, with a shorter time, so that nobody waits ten seconds."""
    import uvicorn

    async def fine(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> tuple[bytes, bytes, bytes]:
        config = configure(fine, "127.0.0.1", 0, ())
        config.lifespan = "off"
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        async def talk(*pieces: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0.05)
            async with asyncio.timeout(PATIENCE_S):
                heard = await reader.read()
            writer.close()
            return heard

        whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        heard = (
            await talk(b""),
            await talk(b"GET / HT", b"TP", b"/1.1\r\n", b"Host:"),
            await talk(whole, b"GET / HT", b"TP"),
        )
        server.should_exit = True
        await task
        return heard

    monkeypatch.setattr(PromptHttp, "deadline_s", 0.3)
    nothing, half, second = asyncio.run(run())
    assert (nothing, half) == (b"", b"")
    assert second.startswith(b"HTTP/1.1 204")


def test_t24_a_forwarded_address_counts_only_from_a_named_proxy() -> None:
    seen: list[Any] = []

    async def note(scope: Any, _: Any, __: Any) -> None:
        seen.append((scope["client"][0], scope["scheme"]))

    scope = {
        "type": "http", "client": ("10.0.0.9", 1), "scheme": "http",
        "headers": [(b"x-forwarded-for", b"6.6.6.6, 1.2.3.4"), (b"x-forwarded-proto", b"https")],
    }  # fmt: skip
    for proxies in ((), ("10.0.0.8",), ("10.0.0.9",)):
        config = configure(note, "127.0.0.1", 0, proxies)
        config.load()
        asyncio.run(config.loaded_app(dict(scope), None, None))
    assert seen == [("10.0.0.9", "http"), ("10.0.0.9", "http"), ("1.2.3.4", "https")]


# ---------------------------------------------------------------- log and secrets


def test_t26_t30_the_log_is_json_without_words_or_secrets(server: Process) -> None:
    for n in range(20):
        body = {"question": f"zebra{n} knees\n\x1b[31m"}
        httpx.post(server.address + "/api/v1/ask", json=body)
        server.get(f"/api/v1/passages/zebra{n}", headers={"User-Agent": f"zebra{n}"})
    until(lambda: len(server.log()) > 40)
    lines = server.log()
    assert all(isinstance(line, dict) and line["time"] for line in lines)
    assert "zebra" not in server.errors()
    assert "sk-canary" not in server.errors()
    assert "127.0.0.1" not in server.errors()


# ---------------------------------------------------------------- life and death


def test_f13_a_new_index_is_served_without_a_failed_request(
    article_index_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(article_index_home, home)
    process = Process(home, tmp_path)
    old = process.get("/readyz").json()["index_id"]
    page = home / "corpus" / "article"
    (page,) = sorted(page.glob("*.md"))
    page.write_text(page.read_text("utf-8") + "\n## Parking\n\nThe gym has bicycle stands.\n")
    bank = page.with_suffix(".questions.yaml")
    bank.write_text(bank.read_text("utf-8") + '\nparking:\n  - "Can I park my bicycle?"\n')
    settings = IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    fresh = build(settings).manifest.index_id
    statuses: list[int] = []

    def swapped() -> bool:
        reply = httpx.post(process.address + "/api/v1/ask", json={"question": "knees out?"})
        statuses.append(reply.status_code)
        return bool(reply.json()["corpus"]["index_id"] == fresh)

    until(swapped)
    assert old != fresh
    assert set(statuses) == {200}
    assert len(list(process.copies.glob("glute-guide-*"))) == 1
    assert process.end() == 0


def test_f31_a_stop_under_streams_ends_every_one_of_them_properly(
    article_index_home: Path, tmp_path: Path
) -> None:
    process = Process(article_index_home, tmp_path)

    async def run() -> tuple[list[Reply], float, int]:
        await ask(process.port, "knees out?")
        streams = [
            asyncio.ensure_future(stream(process.port, "Should my knees point out?"))
            for _ in range(40)
        ]
        url = f"ws://localhost:{process.port}/_stcore/stream"
        async with connect(url, origin=process.address, proxy=None) as wire:  # type: ignore[arg-type]
            while not any(task.done() for task in streams):
                await asyncio.sleep(0.005)
            begin = time.monotonic()
            process.process.send_signal(signal.SIGTERM)
            replies = await asyncio.gather(*streams)
            code = await asyncio.to_thread(process.process.wait, PATIENCE_S)
            took = time.monotonic() - begin
            with suppress(ConnectionClosed):
                async for _ in wire:
                    pass
            assert wire.close_code == 1012  # come back soon
        return replies, took, code

    replies, took, code = asyncio.run(run())
    assert process.process.stdout is not None
    process.process.stdout.close()
    assert code == 0
    assert took <= 10
    begun = [reply for reply in replies if reply.status == 200]
    assert begun
    assert all(reply.ended for reply in begun)
    assert all(b"event: done" in r.body or b"server_shutdown" in r.body for r in begun)
    assert list(process.copies.glob("glute-guide-*")) == []


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "guide.gym.example"])
def test_beyond_this_machine_the_hosts_must_be_named(host: str) -> None:
    with pytest.raises(GuideError, match="GLUTE_GUIDE_HOSTS"):
        check_reach(host, AppSettings())
    check_reach(host, AppSettings(hosts=("guide.gym.example",)))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_on_this_machine_nothing_must_be_named(host: str) -> None:
    check_reach(host, AppSettings())


def test_everybody_is_no_host_and_no_proxy() -> None:
    with pytest.raises(GuideError, match="GLUTE_GUIDE_HOSTS"):
        check_reach("127.0.0.1", AppSettings(hosts=("*",)))
    with pytest.raises(GuideError, match="GLUTE_GUIDE_PROXIES"):
        check_reach("127.0.0.1", AppSettings(proxies=("*",)))


def test_sites_are_checked_before_anything_is_served() -> None:
    with pytest.raises(GuideError, match="GLUTE_GUIDE_ALLOWED_SITES"):
        doors(None, AppSettings(allowed_sites=("*",)))  # type: ignore[arg-type]


def test_streamlit_knows_every_setting_we_make() -> None:
    from streamlit import config

    made = streamlit_settings("127.0.0.1", 8501, AppSettings(hosts=("guide.gym.example",)))
    assert set(made) <= set(config._config_options_template)
    assert made["browser.gatherUsageStats"] is False
    assert made["server.enableAgentApi"] is False
