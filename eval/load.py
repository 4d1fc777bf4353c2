"""How much the server carries: `python -m eval.load`, one run on this machine.

Starts the real server on a free loopback port and asks it over plain sockets: eight
callers, fifty streams, two hundred callers at once, and a stop in the middle of streams.
Beside it stands the bare encoding of questions with the same model. The client shares
the cores with the server, so a machine of its own would give better figures; it knows
nothing of other load on the machine, which it prints first.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from eval.load_client import Reply, ask, get, stream
from index.config import index_settings
from index.content import read_content
from index.embed import encode_question, find_model, open_embeddings
from index.store import CONTENT, current_folder

CALLERS = 8
CALLS = 400
STREAMS = 50
ROUNDS = 4
CROWD = 200
CROWD_S = 8.0
BARE = 100
MUST = {
    "8 callers, answers/s": (60.0, "least"),
    "8 callers, p95 ms": (200.0, "most"),
    "8 callers, errors": (0.0, "most"),
    "50 streams, first event p95 ms": (500.0, "most"),
    "50 streams, cut or refused": (0.0, "most"),
    "200 callers, admitted p95 ms": (1000.0, "most"),
    "200 callers, refused p95 ms": (100.0, "most"),
    "200 callers, other replies": (0.0, "most"),
    "stop under streams, s": (10.0, "most"),
    "stop under streams, cut": (0.0, "most"),
    "server, peak MB": (700.0, "most"),
}
"""What the issue asks for, on two cores."""


@dataclass
class Figures:
    """Named figures in the order they were taken."""

    values: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        """Keep a figure and print it with its bound."""
        self.values[name] = round(value, 1)
        line = f"{name:<38} {value:>9.1f}"
        if name in MUST:
            bound, kind = MUST[name]
            fine = value >= bound if kind == "least" else value <= bound
            sign = "≥" if kind == "least" else "≤"
            line += f"   {'reached' if fine else 'MISSED '} ({sign} {bound:g})"
        print(line, flush=True)


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def known_questions() -> list[str]:
    """The banked questions of the current index."""
    content = read_content(current_folder(index_settings()) / CONTENT)
    return [question for passage in content.passages for question in passage.questions]


def bare(questions: list[str], figures: Figures) -> None:
    """The same model, one thread, nothing around it."""
    embeddings = open_embeddings(find_model(index_settings().embedding_model))
    encode_question(embeddings, "warm up")
    begin = time.perf_counter()
    for question in questions[:BARE]:
        encode_question(embeddings, question)
    figures.add("bare encoding, questions/s", BARE / (time.perf_counter() - begin))


@contextmanager
def server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The real server as a process of its own, ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GLUTE_GUIDE_RATE": "1000000/minute"},
        text=True,
    )
    assert process.stdout is not None
    try:
        if not any("Glute Guide is at" in line for line in process.stdout):
            raise SystemExit("The server did not start; try: glute-guide doctor")
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def eight_callers(port: int, questions: Iterator[str], figures: Figures) -> None:
    """Callers who ask again as soon as they are answered."""

    async def caller() -> list[Reply]:
        return [await ask(port, next(questions)) for _ in range(CALLS // CALLERS)]

    begin = time.perf_counter()
    replies = [r for rs in await asyncio.gather(*(caller() for _ in range(CALLERS))) for r in rs]
    taken = time.perf_counter() - begin
    fine = [reply.ms for reply in replies if reply.status == 200]
    figures.add("8 callers, answers/s", len(fine) / taken)
    figures.add("8 callers, p50 ms", percentile(fine, 0.5))
    figures.add("8 callers, p95 ms", percentile(fine, 0.95))
    figures.add("8 callers, errors", len(replies) - len(fine))


async def fifty_streams(port: int, questions: Iterator[str], figures: Figures) -> None:
    """Visitors who all have a stream open at the same time."""

    async def visitor() -> list[Reply]:
        return [await stream(port, next(questions)) for _ in range(ROUNDS)]

    replies = [r for rs in await asyncio.gather(*(visitor() for _ in range(STREAMS))) for r in rs]
    figures.add("50 streams, first event p95 ms", percentile([r.first_ms for r in replies], 0.95))
    figures.add("50 streams, whole answer p95 ms", percentile([r.ms for r in replies], 0.95))
    figures.add("50 streams, cut or refused", sum(not r.whole for r in replies))


async def crowd(port: int, questions: Iterator[str], figures: Figures) -> None:
    """More callers than can be served, each from an address of its own, who heed Retry-After."""
    replies: list[Reply] = []
    health: list[float] = []
    until = time.perf_counter() + CROWD_S

    async def caller(number: int) -> None:
        # Nobody comes in the same millisecond; the first second brings them all.
        await asyncio.sleep(number / CROWD)
        address = f"127.0.1.{number % 250 + 1}" if platform.system() == "Linux" else None
        while time.perf_counter() < until:
            reply = await ask(port, next(questions), address)
            replies.append(reply)
            if reply.status in {429, 503}:
                await asyncio.sleep(reply.retry_after)

    async def watcher() -> None:
        while time.perf_counter() < until:
            health.append((await get(port, "/healthz")).ms)
            await asyncio.sleep(0.1)

    await asyncio.gather(watcher(), *(caller(n) for n in range(CROWD)))
    admitted = [r.ms for r in replies if r.status == 200]
    refused = [r.ms for r in replies if r.status in {429, 503} and r.retry_after > 0]
    figures.add("200 callers, answers/s", len(admitted) / CROWD_S)
    figures.add("200 callers, admitted p95 ms", percentile(admitted, 0.95))
    figures.add("200 callers, refused", len(refused))
    figures.add("200 callers, refused p95 ms", percentile(refused, 0.95))
    figures.add("200 callers, other replies", len(replies) - len(admitted) - len(refused))
    figures.add("200 callers, health p99 ms", percentile(health, 0.99))


async def stop(
    process: subprocess.Popen[str], port: int, questions: Iterator[str], figures: Figures
) -> None:
    """The signal to end while streams are running."""
    streams = [asyncio.ensure_future(stream(port, next(questions))) for _ in range(STREAMS)]
    while not any(task.done() for task in streams):
        await asyncio.sleep(0.01)
    begin = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    replies = await asyncio.gather(*streams)
    code = await asyncio.to_thread(process.wait, 30)
    figures.add("stop under streams, s", time.perf_counter() - begin)
    # A connection that had not been taken when the signal came is refused, not cut.
    figures.add("stop under streams, cut", sum(r.status == 200 and not r.ended for r in replies))
    figures.add("stop under streams, exit code", code)


def memory(process: subprocess.Popen[str]) -> float:
    """The most memory that a process has had, in MB; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main(json_path: Path | None = None) -> Figures:
    """Take every figure once and print it."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before the start")
    figures = Figures()
    questions = known_questions()
    endless = cycle(questions)
    bare(questions, figures)
    begin = time.perf_counter()
    with server() as (process, port):
        figures.add("start to ready, s", time.perf_counter() - begin)
        steps: list[Callable[[int, Iterator[str], Figures], Awaitable[None]]]
        steps = [eight_callers, fifty_streams, crowd]
        asyncio.run(ask_some(port, endless))
        for step in steps:
            asyncio.run(_run(step, port, endless, figures))
        figures.add("server, peak MB", memory(process))
        asyncio.run(stop(process, port, endless, figures))
    if json_path is not None:
        json_path.write_text(json.dumps(figures.values, indent=2) + "\n", "utf-8")
    return figures


async def ask_some(port: int, questions: Iterator[str]) -> None:
    """Warm up what is made at the first question."""
    for _ in range(10):
        await ask(port, next(questions))


async def _run(
    step: Callable[[int, Iterator[str], Figures], Awaitable[None]],
    port: int,
    questions: Iterator[str],
    figures: Figures,
) -> None:
    await step(port, questions, figures)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
