"""The chat page in a real browser: the system's Chromium against a real server on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SECONDS = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def address(whole_index_home: Path) -> Iterator[str]:
    """A server of the chat page; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "GLUTE_GUIDE_HOME": str(whole_index_home),
        "GLUTE_GUIDE_CORPUS": str(whole_index_home / "corpus"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    assert server.stdout is not None
    lines = iter(server.stdout.readline, "")
    assert any("Glute Guide is at" in line for line in lines), "the server did not start"
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    assert server.wait(timeout=30) is not None
    server.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, open; at the end nothing was asked of another host and nothing failed."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    opened = context.new_page()
    opened.set_default_timeout(SECONDS)
    elsewhere: list[str] = []
    errors: list[str] = []
    opened.on(
        "request",
        lambda r: (
            None if r.url.startswith((address, "data:", "blob:")) else elsewhere.append(r.url)
        ),
    )
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(address)
    opened.get_by_placeholder("Ask about").wait_for()
    yield opened
    context.close()
    assert elsewhere == []
    assert errors == []


def ask(page: Page, question: str) -> None:
    page.get_by_placeholder("Ask about").fill(question)
    page.keyboard.press("Enter")


def test_a_member_asks_and_opens_the_source_to_its_highlighted_words(page: Page) -> None:
    ask(page, "Should my knees point out?")
    page.get_by_text("You could ask next").wait_for()
    source = page.locator("details").first
    assert "Zegarra 2022: Knees out" in source.inner_text()
    source.locator("summary").click()
    quote = source.get_by_text("Keep the knees out")
    quote.wait_for()
    colour = "e => getComputedStyle(e).backgroundColor"
    assert quote.evaluate(colour) != page.locator("body").evaluate(colour)


def test_a_phone_shows_the_page_without_scrolling_sideways(page: Page) -> None:
    ask(page, "How do I do a hip thrust?")
    page.get_by_text("You could ask next").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.get_by_role("listitem").count() >= 8


def test_a_refusal_offers_questions_to_tap(page: Page) -> None:
    ask(page, "Who won the football world cup?")
    page.get_by_text("My sources do not cover that").wait_for()
    page.get_by_role("radio").or_(page.locator("[data-testid=stBaseButton-pills]")).first.click()
    page.locator("details").first.wait_for()


def test_what_is_typed_never_runs(page: Page) -> None:
    ask(page, "<img src=x onerror='window.hit=1'> knees **out** ![a](https://evil.example/x.png)")
    page.get_by_text("You could ask next").or_(page.get_by_text("I can answer these")).wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src*=evil]").count() == 0
