"""Pages of the web: from listed hosts, in time, of a size, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.fetch as fetching
from index.adopt import adopt
from index.config import IndexSettings
from index.errors import CorpusError
from index.fetch import MAX_BYTES, fetch, is_address
from index.page import read_markdown

pytestmark = pytest.mark.enable_socket

HOST = "127.0.0.1"
TEXT = "Sleep is when a muscle recovers. Most members of our gym sleep too little, we think."
PAGE = (
    "<html><head><title>Rest days</title></head><body><article>"
    f"<h1>Rest days</h1><p>{TEXT}</p></article></body></html>"
)


class Web(BaseHTTPRequestHandler):
    """A small site with everything that can be wrong with one."""

    def do_GET(self) -> None:  # the base class wants this name
        status, headers, body = 200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()
        match self.path:
            case "/rest.md":
                headers, body = {"Content-Type": "text/markdown"}, f"# Rest\n\n{TEXT}\n".encode()
            case "/moved":
                status, headers = 301, {"Location": "/rest"}
            case "/away":
                status, headers = 302, {"Location": "http://169.254.169.254/latest/meta-data"}
            case "/local":
                status, headers = 302, {"Location": "file:///etc/passwd"}
            case "/loop":
                status, headers = 302, {"Location": "/loop"}
            case "/gone":
                status = 404
            case "/large":
                body = b"x" * (MAX_BYTES + 1)
            case "/picture":
                headers = {"Content-Type": "image/png"}
            case "/latin":
                body = "Füße".encode("latin-1")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer((HOST, 0), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/rest", "rest.html"),
        ("/rest.md", "rest.md"),
        ("/moved", "rest.html"),
        ("/", "127-0-0-1.html"),
    ],
)
def test_a_page_of_a_listed_host_becomes_a_file(
    site: str, tmp_path: Path, path: str, name: str
) -> None:
    found = fetch(site + path, [HOST], tmp_path)
    assert found == tmp_path / name
    assert TEXT in found.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/away", "only from hosts you list: GLUTE_GUIDE_FETCH_HOSTS=169.254.169.254"),
        ("/local", "only http and https"),
        ("/loop", "redirects more than"),
        ("/gone", "answers 404"),
        ("/large", "larger than 5 MB"),
        ("/picture", "image/png, not a page"),
        ("/latin", "cannot be read"),
    ],
)
def test_what_is_no_page_of_a_listed_host_is_refused_with_the_reason(
    site: str, tmp_path: Path, path: str, problem: str
) -> None:
    with pytest.raises(CorpusError, match=problem):
        fetch(site + path, [HOST], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_host_that_is_not_listed_is_not_even_asked(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"GLUTE_GUIDE_FETCH_HOSTS=nobody\.invalid"):
        fetch("http://nobody.invalid/x", [], tmp_path)


def test_a_server_that_is_not_there_is_said_so(site: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"http://127.0.0.1:1/x: it cannot be fetched"):
        fetch("http://127.0.0.1:1/x", [HOST], tmp_path)


def test_a_page_that_takes_too_long_is_given_up(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, fetching.DEADLINE_S + 1])
    monkeypatch.setattr(fetching, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with pytest.raises(CorpusError, match="did not come within 30 s"):
        fetch(f"{site}/rest", [HOST], tmp_path)


def test_an_address_is_added_to_the_corpus_and_named_as_its_source(
    site: str, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = settings.model_copy(update={"fetch_hosts": (HOST,)})
    monkeypatch.setattr("index.adopt.index_settings", lambda: listed)
    added = adopt(f"{site}/rest", settings.corpus)
    header, _ = read_markdown(added.path)
    assert (header.title, header.source) == ("Rest days", f"{site}/rest")
    assert TEXT in added.path.read_text("utf-8")


def test_an_error_in_a_fetched_page_names_its_address(
    site: str, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = settings.model_copy(update={"fetch_hosts": (HOST,)})
    monkeypatch.setattr("index.adopt.index_settings", lambda: listed)
    monkeypatch.setattr("index.adopt.MAX_BYTES", 10)
    with pytest.raises(CorpusError, match=f"{site}/rest: the file is larger"):
        adopt(f"{site}/rest", settings.corpus)


def test_addresses_and_paths_are_told_apart() -> None:
    assert is_address("https://gym.example/a")
    assert is_address("HTTP://gym.example")
    assert is_address("file:///a.md")
    assert not is_address("notes/http.md")
    assert not is_address(r"C:\notes\a.md")


@given(st.text())
def test_whatever_is_given_is_an_address_or_a_path(source: str) -> None:
    assert is_address(source) in {True, False}
