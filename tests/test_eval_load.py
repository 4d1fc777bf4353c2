"""The load run: what it measures, and that a server that fails is seen to fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from eval import load
from eval.load import MUST, Figures, percentile
from eval.load_client import Reply, ask, get, stream

pytestmark = pytest.mark.enable_socket


def replies_of(
    script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    call: Callable[[int], Awaitable[Reply]],
) -> Reply:
    """One call to a server that does as it is told."""

    async def run() -> Reply:
        server = await asyncio.start_server(script, "127.0.0.1", 0)
        try:
            return await call(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(run())


def saying(
    answer: bytes,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        assert not body or json.loads(body) == {"question": "why?"}
        writer.write(answer)
        await writer.drain()
        writer.close()

    return script


def test_a_whole_reply_is_told_from_a_cut_one() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
    reply = replies_of(saying(whole), lambda port: ask(port, "why?"))
    assert (reply.status, reply.ended, reply.body) == (200, True, b"fine")
    assert 0 < reply.first_ms <= reply.ms
    cut = replies_of(saying(whole[:-1]), lambda port: ask(port, "why?"))
    assert (cut.status, cut.ended) == (200, False)


def test_a_stream_is_whole_when_it_ends_with_its_answer() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    done = head + b"D\r\nevent: done\n\n\r\n0\r\n\r\n"
    assert replies_of(saying(done), lambda port: stream(port, "why?")).whole
    assert not replies_of(saying(done[:-5]), lambda port: stream(port, "why?")).whole
    other = done.replace(b"done", b"oops")
    assert not replies_of(saying(other), lambda port: stream(port, "why?")).whole


def test_a_refusal_says_when_to_come_back() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"
    reply = replies_of(saying(busy), lambda port: get(port, "/healthz"))
    assert (reply.status, reply.retry_after) == (503, 2.0)


def test_a_server_that_hangs_up_or_is_not_there_is_an_error_not_a_crash() -> None:
    assert replies_of(saying(b""), lambda port: ask(port, "why?")).status == 0
    assert replies_of(saying(b"nonsense\r\n\r\n"), lambda port: ask(port, "why?")).status == 0
    assert asyncio.run(ask(1, "why?")).status == 0


def test_percentiles() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.95) == 96
    assert percentile(values, 0.0) == 1
    assert percentile([5.0], 0.95) == 5
    assert percentile([], 0.95) == 0


def test_a_figure_is_printed_beside_what_it_must_reach(capsys: pytest.CaptureFixture[str]) -> None:
    figures = Figures()
    figures.add("8 callers, answers/s", 59.0)
    figures.add("8 callers, p95 ms", 199.0)
    figures.add("start to ready, s", 7.0)
    first, second, third = capsys.readouterr().out.splitlines()
    assert "MISSED" in first
    assert "≥ 60" in first
    assert "reached" in second
    assert "≤ 200" in second
    assert "reached" not in third


def test_a_short_run_takes_every_figure_from_the_real_server(
    article_index_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUTE_GUIDE_HOME", str(article_index_home))
    monkeypatch.setenv("GLUTE_GUIDE_CORPUS", str(article_index_home / "corpus"))
    for name, value in {"CALLS": 16, "STREAMS": 6, "ROUNDS": 1, "CROWD": 10, "BARE": 3}.items():
        monkeypatch.setattr(load, name, value)
    monkeypatch.setattr(load, "CROWD_S", 1.5)
    path = tmp_path / "load.json"
    figures = load.main(path)
    assert set(MUST) <= set(figures.values)
    assert json.loads(path.read_text()) == figures.values
    assert figures.values["8 callers, errors"] == 0
    assert figures.values["50 streams, cut or refused"] == 0
    assert figures.values["stop under streams, exit code"] == 0
