"""The chat page in a real browser: the system's Chromium against a real server on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SECONDS = 30_000
PAGE = Path(__file__).parents[1] / "app" / "chat_page.py"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

Open = Callable[..., "Page"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """A server of the chat page over the index in a home; its address."""
    environment = {
        **os.environ,
        "GLUTE_GUIDE_HOME": str(home),
        "GLUTE_GUIDE_CORPUS": str(home / "corpus"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as server:
        assert server.stdout is not None
        lines = iter(server.stdout.readline, "")
        assert any("Glute Guide is at" in line for line in lines), "the server did not start"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def address(whole_index_home: Path) -> Iterator[str]:
    """One server for all tests that do not harm it."""
    with serving(whole_index_home, free_port()) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens pages; at the end nothing was asked of another host and nothing failed."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []
    errors: list[str] = []

    def opened(width: int = 390, scheme: Any = "dark", beside: Page | None = None) -> Page:
        if beside is None:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            contexts.append(context)
        else:
            context = beside.context
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((address, "data:", "blob:")) else elsewhere.append(r.url)
            ),
        )
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        box(page).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert elsewhere == []
    assert errors == []


@pytest.fixture
def page(open_page: Open) -> Page:
    """A phone in the dark."""
    return open_page()


def box(page: Page) -> Any:
    return page.get_by_placeholder("Ask about")


def ask(page: Page, question: str) -> Any:
    """Ask and wait for the turn; returns it."""
    before = page.locator("article.gg-turn").count()
    box(page).fill(question)
    page.keyboard.press("Enter")
    turn = page.locator("article.gg-turn").nth(before)
    turn.wait_for()
    return turn


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {[n['target'] for n in v['nodes']]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]


def test_a_member_asks_reads_and_opens_the_source_to_its_highlighted_words(page: Page) -> None:
    turn = ask(page, "Should my knees point out?")
    marker = turn.get_by_role("button", name="Source 1: Zegarra 2022").first
    assert marker.inner_text().split() == ["1", "Zegarra", "2022"]
    marker.click()
    card = page.get_by_role("dialog", name="Source 1: Zegarra 2022")
    card.wait_for()
    quote = card.locator("mark")
    assert quote.inner_text().startswith("Keep the knees out")
    colour = "e => getComputedStyle(e).backgroundColor"
    assert quote.evaluate(colour) != card.evaluate(colour)
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    assert marker.evaluate("e => e === document.activeElement")


def test_a_study_links_out_in_a_tab_that_knows_nothing_of_us(page: Page) -> None:
    turn = ask(page, "Do hip thrusts or squats grow the glutes more?")
    turn.locator(".gg-source").first.click()
    link = page.get_by_role("link", name="Read it at the source (DOI)")
    link.wait_for()
    assert (link.get_attribute("href") or "").startswith("https://doi.org/10.")
    assert "noopener" in (link.get_attribute("rel") or "")
    assert link.get_attribute("target") == "_blank"


def test_a_talk_goes_on_and_a_new_chat_begins_empty(page: Page) -> None:
    ask(page, "What does the gluteus maximus do?")
    page.get_by_text("You could ask next").wait_for()
    page.locator("[class*='st-key-offer'] button").first.click()
    second = page.locator("article.gg-turn").nth(1)
    second.wait_for()
    page.wait_for_timeout(900)  # the view goes to the new question
    box_of = second.bounding_box()
    assert box_of is not None
    assert 0 <= box_of["y"] < 400
    page.get_by_role("button", name="New chat").click()
    page.get_by_text("What would you like to know").wait_for()
    assert page.locator("article.gg-turn").count() == 0


def test_a_refusal_offers_questions_to_tap(page: Page) -> None:
    ask(page, "Who won the football world cup?")
    page.locator("article").get_by_text("My sources do not cover that").wait_for()
    page.get_by_text("I can answer these").wait_for()
    page.locator("[class*='st-key-offer'] button").first.click()
    page.locator("article.gg-turn .gg-source").first.wait_for()


def test_a_phone_of_360_pixels_shows_everything_without_scrolling_sideways(
    open_page: Open,
) -> None:
    page = open_page(width=360, scheme="light")
    for question in ("Which muscles does the hip thrust work?", "How do I do a hip thrust?"):
        ask(page, question)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('.gg-turn *')].every("
        "e => e.closest('[popover]') || e.classList.contains('gg-hidden')"
        " || e.getBoundingClientRect().right <= innerWidth)"
    )
    small = page.evaluate(
        "[...document.querySelectorAll('.gg-turn button')].filter(e => e.offsetWidth)"
        ".map(e => e.getBoundingClientRect()).filter(r => r.height < 24 || r.width < 24).length"
    )
    assert small == 0


def test_pictures_have_words_and_their_room_before_they_come(page: Page) -> None:
    turn = ask(page, "Which muscles does the hip thrust work?")
    early = turn.bounding_box()
    picture = turn.get_by_role("img", name="Body from front and back. Does most: Gluteus maximus")
    picture.wait_for()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    page.wait_for_timeout(1_200)  # the sentences have come in
    late = turn.bounding_box()
    assert early is not None
    assert late is not None
    assert early["height"] == late["height"]


def test_keyboard_alone_asks_and_opens_a_source(page: Page) -> None:
    for _ in range(40):
        if box(page).evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Should my knees point out?")
    page.keyboard.press("Enter")
    page.locator("article.gg-turn").first.wait_for()
    page.get_by_text("You could ask next").wait_for()
    for _ in range(40):
        if page.evaluate("document.activeElement.classList.contains('gg-source')"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_one_polite_region_says_the_finished_answer(page: Page) -> None:
    region = page.locator(".st-key-announcer [role=status]")
    region.wait_for(state="attached")
    region.evaluate("e => { e.dataset.same = 'yes' }")
    ask(page, "knees out?")
    page.locator(".st-key-announcer").get_by_text("Answer ready").wait_for(state="attached")
    assert region.get_attribute("data-same") == "yes"
    assert page.get_by_role("main").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(open_page: Open, scheme: str) -> None:
    page = open_page(width=1100, scheme=scheme)
    found = serious(page)
    turn = ask(page, "Which muscles does the hip thrust work?")
    ask(page, "Who won the football world cup?")
    page.wait_for_timeout(1_200)  # text that is still coming in has less contrast
    found += serious(page)
    turn.locator(".gg-source").first.click()
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(300)
    found += serious(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="What I know").click()
    page.get_by_text("How good the answers are").wait_for()
    found += serious(page)
    assert found == []


def test_dark_is_dark_and_light_is_light(open_page: Open) -> None:
    def brightness(page: Page) -> float:
        colour = page.locator(".stApp").evaluate("e => getComputedStyle(e).backgroundColor")
        return sum(float(part) for part in colour[4:-1].split(",")[:3])

    assert brightness(open_page(scheme="dark")) < 200
    assert brightness(open_page(scheme="light")) > 600


def test_motion_is_left_out_where_it_is_not_wanted(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    turn = ask(page, "knees out?")
    assert turn.locator(".gg-s").first.evaluate("e => getComputedStyle(e).animationName") == "none"
    context.close()


def test_the_second_page_finds_and_leads_back_to_the_talk(page: Page) -> None:
    ask(page, "knees out?")
    page.get_by_role("link", name="What I know").click()
    page.get_by_label("Search the sources").fill("warm-up")
    page.keyboard.press("Enter")
    page.get_by_text("nearest in meaning").wait_for()
    page.locator(".gg-known summary").first.click()
    page.locator(".gg-known .gg-passage").first.wait_for()
    page.get_by_role("link", name="Chat").click()
    page.locator("article.gg-turn").wait_for()


def test_a_talk_can_be_copied_and_downloaded(page: Page) -> None:
    ask(page, "Should my knees point out?")
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_text("[1] Giuliana Zegarra (2022)").wait_for()
    page.keyboard.press("Escape")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the talk").click()
    text = Path(caught.value.path()).read_text("utf-8")
    assert "## Should my knees point out?" in text
    assert "> Keep the knees out" in text


def test_what_is_typed_never_runs(page: Page) -> None:
    ask(page, "<img src=x onerror='window.hit=1'> knees **out** ![a](https://evil.example/x.png)")
    page.get_by_role("button", name="New chat").wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src*=evil]").count() == 0


def test_a_reload_in_the_middle_of_an_answer_leaves_a_page_that_works(page: Page) -> None:
    box(page).fill("knees out?")
    page.keyboard.press("Enter")
    page.reload()
    ask(page, "How wide should my feet be?")
    page.reload()
    page.get_by_text("This chat has begun anew").wait_for()
    ask(page, "knees out?")


def test_two_tabs_hold_two_talks(open_page: Open) -> None:
    first = open_page()
    second = open_page(beside=first)
    ask(first, "knees out?")
    ask(second, "How wide should my feet be?")
    assert first.locator("h2.gg-asked").count() == second.locator("h2.gg-asked").count() == 1
    assert "knees out?" in first.locator("h2.gg-asked").inner_text()
    assert "How wide" in second.locator("h2.gg-asked").inner_text()


def test_after_a_restart_of_the_server_the_page_says_what_happened_and_goes_on(
    browser: Browser, whole_index_home: Path
) -> None:
    port = free_port()
    page = browser.new_page()
    page.set_default_timeout(SECONDS)
    with serving(whole_index_home, port) as at:
        page.goto(at)
        ask(page, "knees out?")
    page.get_by_text("Connection error").wait_for()
    with serving(whole_index_home, port):
        # It comes back by itself, but looks the more seldom the longer the server was away.
        page.reload()
        page.get_by_text("This chat has begun anew").wait_for()
        ask(page, "How wide should my feet be?")
        page.close()


def test_without_an_index_the_page_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.port", str(port),
               "--server.address", "127.0.0.1"]  # fmt: skip
    environment = {**os.environ, "GLUTE_GUIDE_HOME": str(tmp_path / "empty")}
    with subprocess.Popen(
        command,
        cwd=PAGE.parents[1],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            lines = iter(server.stdout.readline, "")
            assert any("127.0.0.1" in line for line in lines)
            page = browser.new_page()
            page.set_default_timeout(SECONDS)
            page.goto(f"http://127.0.0.1:{port}")
            page.get_by_text("glute-guide index build").wait_for()
            assert box(page).count() == 0
            page.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


def test_an_emergency_shows_whom_to_call_and_nothing_to_train(page: Page) -> None:
    turn = ask(page, "I have crushing chest pain and my left arm is numb")
    alarm = turn.get_by_role("group", name="Get help now")
    alarm.wait_for()
    assert alarm.get_by_role("link").first.get_attribute("href") == "tel:112"
    assert page.locator("[class*='st-key-offer'] button").count() == 0
    assert turn.locator(".gg-figure").count() == 0
    assert serious(page) == []
