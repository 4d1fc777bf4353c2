"""The widget's files, read as text: how large they are, and what they never do.

What they do in a browser is in test_browser_widget.py.
"""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.demo import SITE, gym, main

WIDGET = Path(__file__).parents[1] / "app" / "widget"
LOADER = WIDGET / "widget.js"
PANEL = [
    WIDGET / name
    for name in (
        "panel.html", "panel.css", "panel.js", "bridge.js", "labels.js", "render.js", "talk.js",
    )
]  # fmt: skip
PAGES = [WIDGET / "panel.html", WIDGET / "index.html", *sorted(SITE.glob("*.html"))]
SCRIPTS = sorted(WIDGET.glob("*.js"))


def size(*paths: Path) -> int:
    """Bytes on the wire, each file compressed on its own, as they are sent."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_loader_has_at_most_5_kilobytes_and_everything_at_most_30() -> None:
    assert size(LOADER) <= 5_000
    assert size(LOADER, *PANEL) <= 30_000


def test_the_panel_is_made_of_nothing_but_the_files_whose_size_is_counted() -> None:
    named: set[str] = set()
    for path in PANEL:
        text = path.read_text("utf-8")
        named |= set(re.findall(r'(?:from|src=|href=)\s*"(?:\./)?([\w-]+\.(?:js|css))"', text))
    assert named == {path.name for path in PANEL if path.suffix != ".html"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_becomes_markup_or_code_and_nothing_is_kept_for_good(path: Path) -> None:
    text = path.read_text("utf-8")
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc"
        r"|\beval\b|\bFunction\(|setAttribute\(.(?:on|style)|javascript:"
        r"|document\.cookie|localStorage|indexedDB"
    )
    assert re.findall(forbidden, text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_messages_go_to_one_origin_never_to_any(path: Path) -> None:
    sent = re.findall(r"postMessage\((.*)\)", path.read_text("utf-8"))
    assert all(words.endswith("}, origin") for words in sent)


def test_loader_and_panel_speak_the_same_version() -> None:
    loader = re.search(r"const V = (\d+);", LOADER.read_text("utf-8"))
    bridge = re.search(r"const VERSION = (\d+);", (WIDGET / "bridge.js").read_text("utf-8"))
    assert loader is not None
    assert bridge is not None
    assert loader[1] == bridge[1]


@pytest.mark.parametrize("path", [*SCRIPTS, *PAGES, *WIDGET.glob("*.css")], ids=lambda p: p.name)
def test_no_file_names_another_host(path: Path) -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text("utf-8")))
    # A namespace, where a DOI leads a reader who taps it, and examples for owners.
    assert hosts <= {"www.w3.org", "doi.org", "www.your-gym.example"}


class _Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy would not let run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_holds_a_script_or_a_style_of_its_own(path: Path) -> None:
    parser = _Inline()
    parser.feed(path.read_text("utf-8"))
    assert parser.found == []


def test_every_language_has_every_label_and_the_same_blanks() -> None:
    text = (WIDGET / "labels.js").read_text("utf-8")
    tables = {
        name: dict(re.findall(r'^  "?([\w\- ]+)"?: "(.*)",$', body, re.M))
        for name, body in re.findall(r"^const (\w\w) = \{\n(.*?)^\};", text, re.M | re.S)
    }
    assert set(tables) == {"en", "de", "es", "fr"}
    english = tables.pop("en")
    assert len(english) > 30
    for table in tables.values():
        # The product's name is the same everywhere.
        assert set(table) == set(english) - {"title"}
        for key, words in table.items():
            assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", english[key]))


def test_the_page_for_owners_explains_every_option_that_the_loader_reads() -> None:
    loader = LOADER.read_text("utf-8")
    read = set(re.findall(r"\bgiven\.(\w+)|dataset\.(\w+)", loader))
    names = {one or other for one, other in read} - {"colour", "probe", "question"}
    destructured = re.search(r"const \{ (target.*?) \} = given;", loader)
    assert destructured is not None
    names |= set(re.findall(r"(\w+)(?::| =|,|$)", re.sub(r'"[^"]*"', "", destructured[1]))) - {"id"}
    page = (WIDGET / "index.html").read_text("utf-8")
    explained = set(re.findall(r"<code>data-([\w-]+)</code>", page))
    assert {re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names} <= explained
    assert explained - {"site"} <= {
        re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in names
    } | {"open"}


@pytest.fixture
def gym_address() -> Iterator[str]:
    """The demo's site on a port of its own."""
    server = gym("http://guide.example:8501", port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.enable_socket
@pytest.mark.parametrize("page", ["/", "/index.html", "/glutes.html", "/?a=b"])
def test_the_demo_site_embeds_the_guide_under_a_strict_policy(gym_address: str, page: str) -> None:
    with urllib.request.urlopen(gym_address + page) as response:
        text = response.read().decode()
        policy = response.headers["Content-Security-Policy"]
    assert '<script async src="http://guide.example:8501/widget.js"' in text
    assert f'data-site="{gym_address}"' in text
    assert "{guide}" not in text
    assert "default-src 'none'" in policy
    assert "script-src http://guide.example:8501; frame-src http://guide.example:8501" in policy


@pytest.mark.enable_socket
@pytest.mark.parametrize("page", ["/../widget.js", "/%2e%2e/panel.html", "/nothing.html", "/x/.."])
def test_the_demo_site_serves_nothing_beside_itself(gym_address: str, page: str) -> None:
    connection = http.client.HTTPConnection(gym_address.removeprefix("http://"))
    connection.request("GET", page)  # as it is: other clients would tidy the path
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert response.status == 404 or "Northside Strength" in text


@pytest.mark.enable_socket
def test_a_port_in_use_is_said_in_one_sentence(gym_address: str) -> None:
    port = gym_address.rsplit(":", 1)[1]
    with pytest.raises(SystemExit, match=f"Cannot listen on port {port}: .* --port N"):
        main(["--port", port, "--guide", "http://guide.example:8501"])
