"""A Chroma server beside the guide: asked where it answers, done without where it does not."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import chromadb
import httpx
import numpy as np
import pytest
from chromadb.config import Settings
from hypothesis import given
from hypothesis import strategies as st

from index.breaker import Breaker
from index.chroma_server import DEADLINE_S, PREFIX, ChromaServer, address_of, open_client
from index.config import KEEP_INDEXES, IndexSettings
from index.content import Content, read_content
from index.embed import Vectors
from index.errors import GuideError
from index.retrieve import Index, open_index
from index.store import CONTENT, VECTORS, Store, write_artefact

pytestmark = pytest.mark.enable_socket

PATIENCE_S = 60.0


class Server:
    """Chroma's own server as a process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        self._process = subprocess.Popen(
            [
                program,
                "run",
                "--path",
                self._folder,
                "--host",
                "127.0.0.1",
                "--port",
                str(self.port),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        until(self._beats)

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _beats(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1.0).is_success
        except httpx.HTTPError:
            return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition, not for a clock."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "chroma-server"
    folder.mkdir()
    server = Server(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    """Two hundred questions that lie in any direction."""
    folder = tmp_path / "artefact"
    folder.mkdir()
    vectors = np.random.default_rng(7).normal(size=(200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    outside = tuple(f"question {n}?" for n in range(len(vectors)))
    write_artefact(folder, Content((), {}, (), outside, {}), vectors)
    return folder


def parts(artefact: Path) -> tuple[Content, Vectors]:
    return read_content(artefact / CONTENT), np.load(artefact / VECTORS)


def test_a_server_gives_the_same_answers_as_the_embedded_store(
    server: Server, article_index: Index, article_index_home: Path
) -> None:
    here = article_index
    with open_index(IndexSettings(home=article_index_home, chroma_url=server.url)) as there:
        assert there._store._server is not None
        assert there._store._server.connected
        for passage in here.passages:
            vector = here.encode(question := passage.questions[0])
            assert there.search(question, vector) == here.search(question, vector)


def test_a_collection_that_is_not_whole_is_filled_again(server: Server, artefact: Path) -> None:
    content, vectors = parts(artefact)
    client = chromadb.HttpClient("127.0.0.1", server.port, settings=Settings(_env_file=None))
    for _ in range(2):
        one = ChromaServer(server.url, "abc", content, vectors)
        assert one.connected
        one.close()
        collection = client.get_collection(PREFIX + "abc", embedding_function=None)
        assert collection.count() == len(vectors)
        assert one.nearest(vectors[5:6], 1) == [[5]]
        collection.delete(ids=["5"])


def test_only_the_newest_indexes_stay_on_the_server_and_nothing_of_others_is_touched(
    server: Server, artefact: Path
) -> None:
    content, vectors = parts(artefact)
    client = chromadb.HttpClient("127.0.0.1", server.port, settings=Settings(_env_file=None))
    client.create_collection("somebody-elses", embedding_function=None)
    for n in range(KEEP_INDEXES + 2):
        ChromaServer(server.url, f"index{n}", content, vectors).close()
    names = {collection.name for collection in client.list_collections()}
    newest = {f"{PREFIX}index{n}" for n in range(2, KEEP_INDEXES + 2)}
    assert names == {"somebody-elses", *newest}


def test_f16_without_a_server_search_is_exact_and_a_server_that_comes_later_is_used(
    server: Server, artefact: Path
) -> None:
    server.kill()
    content, vectors = parts(artefact)
    late = ChromaServer(server.url, "abc", content, vectors, retry_s=0.1)
    assert not late.connected
    assert late.nearest(vectors[:1], 3) is None
    server.start()
    until(lambda: late.connected)
    assert late.nearest(vectors[7:8], 1) == [[7]]
    late.close()


def test_while_the_server_is_down_the_store_finds_what_the_embedded_one_finds(
    server: Server, artefact: Path
) -> None:
    server.kill()
    with Store(artefact) as embedded, Store(artefact, server.url) as alone:
        for n in range(0, len(embedded.rows), 9):
            vector = embedded.vectors[n : n + 1]
            assert set(alone.nearest(vector, 5)[0]) == set(embedded.nearest(vector, 5)[0])


def test_f17_a_server_that_hangs_costs_a_deadline_and_then_nothing(
    server: Server, artefact: Path
) -> None:
    content, vectors = parts(artefact)
    now = [0.0]
    breaker = Breaker(failures=2, rest_s=30.0, now=lambda: now[0])
    asked = ChromaServer(server.url, "abc", content, vectors, breaker=breaker)
    server.signal(signal.SIGSTOP)
    try:
        assert [asked.nearest(vectors[:1], 1) for _ in range(2)] == [None, None]
        begin = time.monotonic()
        assert all(asked.nearest(vectors[:1], 1) is None for _ in range(200))
        assert time.monotonic() - begin < DEADLINE_S  # 200 answers, no wait
    finally:
        server.signal(signal.SIGCONT)
    now[0] = 31.0
    until(lambda: asked.nearest(vectors[3:4], 1) == [[3]])
    asked.close()


def test_f18_a_server_begun_anew_and_empty_is_filled_again(server: Server, artefact: Path) -> None:
    content, vectors = parts(artefact)
    asked = ChromaServer(server.url, "abc", content, vectors, retry_s=0.1)
    server.kill()
    assert asked.nearest(vectors[:1], 1) is None
    shutil.rmtree(server._folder)
    server._folder.mkdir()
    server.start()
    until(lambda: asked.nearest(vectors[3:4], 1) == [[3]])
    asked.close()


def test_the_client_has_the_attribute_that_its_deadline_hangs_on(server: Server) -> None:
    client = open_client(address_of(server.url))
    assert client._server._session.timeout == httpx.Timeout(DEADLINE_S)  # type: ignore[attr-defined]


def test_an_address_is_read_as_it_is_written() -> None:
    assert address_of("http://chroma:8000") == ("chroma", 8000, False)
    assert address_of("https://vectors.gym.example/") == ("vectors.gym.example", 443, True)
    assert address_of("http://[::1]:9000") == ("::1", 9000, False)


@pytest.mark.parametrize(
    "url", ["chroma:8000", "ftp://x", "http://", "http://x:99999", "http://x/y"]
)
def test_what_is_no_address_is_refused_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(GuideError, match="GLUTE_GUIDE_CHROMA_URL"):
        address_of(url)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 20)), max_size=60), st.integers(1, 5))
def test_a_breaker_is_open_after_so_many_failures_in_a_row_and_tries_once_a_rest(
    steps: list[tuple[bool, float]], failures: int
) -> None:
    now = 0.0
    breaker = Breaker(failures=failures, rest_s=10.0, now=lambda: now)
    in_a_row, last_try = 0, 0.0
    for works, passes in steps:
        now += passes
        allowed = breaker.allows()
        assert allowed == (in_a_row < failures or now >= last_try + 10.0)
        if not allowed:
            continue
        last_try = now
        if works:
            breaker.worked()
            in_a_row = 0
        else:
            breaker.failed()
            in_a_row += 1
