"""The widget on a gym's page, in the system's Chromium against a real server on loopback.

A second server plays the gyms: it serves whatever page a test puts up. What the guide says is
real, but where a test needs a fault or an emergency.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, Route

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP *.example 127.0.0.1",
)  # fmt: skip
SECONDS = 30_000
KNEES = "Should my knees point out?"
OUTSIDE = "Who won the football world cup?"
STREAM = "**/api/v1/ask/stream"
STRICT = "default-src 'none'; script-src {guide}; frame-src {guide}"
MEMORY = "JSON.stringify(Object.entries(sessionStorage))"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


class GymServer(ThreadingHTTPServer):
    """Serves the page that was put up last, at any path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GymPage)
        self.page = b""
        self.headers: dict[str, str] = {}

    def address(self, name: str) -> str:
        """The origin of a gym."""
        return f"http://{name}.example:{self.server_port}"


class GymPage(BaseHTTPRequestHandler):
    server: GymServer

    def do_GET(self) -> None:
        self.send_response(200)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002  # http.server's name
        """Nothing."""


@pytest.fixture(scope="module")
def gyms() -> Iterator[GymServer]:
    """The server behind the hosts that end with `.example`, but for the guide's port."""
    server = GymServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def guide_address(whole_index_home: Path, gyms: GymServer) -> Iterator[str]:
    """A server that lets one gym embed it; its address, under a name of another site."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "GLUTE_GUIDE_HOME": str(whole_index_home),
        "GLUTE_GUIDE_CORPUS": str(whole_index_home / "corpus"),
        "GLUTE_GUIDE_ALLOWED_SITES": gyms.address("gym"),
        "GLUTE_GUIDE_HOSTS": "guide.example",
        "GLUTE_GUIDE_FEEDBACK": "true",
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
    yield f"http://guide.example:{port}"
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


class Gym:
    """Opens pages of gyms; remembers what went wrong and what was asked of whom."""

    def __init__(self, browser: Browser, guide: str, server: GymServer) -> None:
        self.browser = browser
        self.guide = guide
        self.server = server
        self.site = server.address("gym")
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.requests: list[str] = []
        self.contexts: list[BrowserContext] = []

    def tag(self, **options: str) -> str:
        """The script tag, with its options."""
        given = "".join(
            f' data-{name.replace("_", "-")}="{text}"' for name, text in options.items()
        )
        return f'<script async src="{self.guide}/widget.js"{given}></script>'

    def open(
        self,
        head: str | None = None,
        body: str = "<main><h1>Gym</h1><p>Words.</p></main>",
        *,
        policy: str = "",
        site: str = "",
        context: BrowserContext | None = None,
        **given: Any,
    ) -> Page:
        """A page of the gym, loaded; the plain tag is in it if no head is given."""
        html = (
            '<!doctype html><html lang="en"><head><title>Gym</title>'
            '<meta name="viewport" content="width=device-width">'
            f"{self.tag() if head is None else head}</head><body>{body}</body></html>"
        )
        self.server.page = html.encode()
        self.server.headers = {}
        if policy:
            policy = policy.format(guide=self.guide)
            self.server.headers["Content-Security-Policy"] = policy
        if context is None:
            context = self.browser.new_context(
                **{"viewport": {"width": 1100, "height": 820}, **given}
            )
            self.contexts.append(context)
        context.set_default_timeout(SECONDS)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)
        page.goto(f"{site or self.site}/")
        return page

    def profile(self, folder: Path, *, block: bool = False) -> BrowserContext:
        """A browser of somebody's own, other than the incognito ones; it may block cookies."""
        chosen = folder / "Default" / "Preferences"
        chosen.parent.mkdir()
        mode = {"cookie_controls_mode": int(block), "block_third_party_cookies": block}
        chosen.write_text(json.dumps({"profile": mode}))
        context = self.browser.browser_type.launch_persistent_context(
            folder, executable_path=CHROMIUM, args=list(QUIET)
        )
        self.contexts.append(context)
        return context

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)
        elif message.type == "warning":
            self.warnings.append(message.text)


@pytest.fixture
def gym(browser: Browser, guide_address: str, gyms: GymServer) -> Iterator[Gym]:
    """Opens pages; at the end nothing failed and nobody else was asked for anything."""
    opener = Gym(browser, guide_address, gyms)
    yield opener
    for context in opener.contexts:
        context.close()
    ours = (guide_address, opener.site, "data:", "blob:")
    assert [url for url in opener.requests if not url.startswith(ours)] == []
    assert opener.errors == []


def panel(page: Page) -> FrameLocator:
    return page.frame_locator("glute-guide iframe")


def frame_of(page: Page) -> Frame:
    """The panel's frame, which the page itself cannot look into."""
    panel(page).locator("#question").wait_for()
    return next(frame for frame in page.frames if "/widget/panel.html" in frame.url)


def launch(page: Page) -> FrameLocator:
    page.locator(".bubble").click()
    panel(page).locator("#question").wait_for()
    return panel(page)


def ask(page: Page, question: str) -> FrameLocator:
    """Asks in the open panel and waits for the end of the answer."""
    opened = panel(page)
    count = opened.locator("article").count()
    opened.locator("#question").fill(question)
    opened.locator("#question").press("Enter")
    opened.locator("article[aria-busy=false]").nth(count).wait_for()
    return opened


def events(*pairs: tuple[str, Any]) -> str:
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in pairs)


def streaming(*pairs: tuple[str, Any]) -> Callable[[Route], None]:
    """Answers a question with these events."""
    return lambda route: route.fulfill(content_type="text/event-stream", body=events(*pairs))


def violations(where: Page | Frame) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with a page or a frame."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(where).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]


def an_answer(**parts: Any) -> dict[str, Any]:
    """An Answer as the server would send it."""
    return {
        "schema": "answer/1", "id": "a-1", "question": "?", "standalone_question": "?",
        "status": "answered", "refused": False, "mode": "extractive", "answer": "Yes.",
        "sentences": [], "citations": [], "related": [], "nearest": [],
        "safety": {"level": "none", "message": "", "citations": []},
        "corpus": {"index_id": "i", "passages": 1, "built_at": "2026-01-01"}, "timings_ms": {},
        **parts,
    }  # fmt: skip


def a_citation(**parts: Any) -> dict[str, Any]:
    return {
        "n": 1, "passage_id": "none#such", "section": "One › Two", "quote": "Yes.", "start": 0,
        "end": 4, "sha256": "", "evidence": None,
        "document": {
            "id": "d", "title": "A study", "authors": ["Miller A"], "year": 2020,
            "kind": "evidence", "url": "https://study.example/1", "doi": None,
        },
        **parts,
    }  # fmt: skip


def an_emergency() -> dict[str, Any]:
    message = (
        "Stop training and go to an emergency department now. "
        "Emergency numbers: 112 (Europe), 911 (US, Canada)."
    )
    safety = {"level": "emergency", "message": message, "citations": [a_citation()]}
    return an_answer(status="safety", mode="fixed", answer=message, safety=safety)


def test_a_member_asks_and_opens_the_source_to_its_highlighted_words(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    opened = ask(page, KNEES)
    answer = opened.locator("article .body")
    assert "Keep the knees out" in answer.inner_text()
    source = opened.locator("details").first
    assert "Zegarra 2022" in source.inner_text()
    assert source.get_attribute("open") is None
    answer.locator("button", has_text="1").first.click()
    mark = source.locator("mark")
    mark.wait_for()
    read = "fetch('../api/v1/passages/hip-thrust%23knees-out').then(found => found.json())"
    assert mark.inner_text() in frame_of(page).evaluate(read)["text"]
    assert "Keep the knees out" in mark.inner_text()
    assert source.locator("summary").evaluate("e => e === document.activeElement")


def test_nothing_but_the_loader_is_requested_before_the_click(gym: Gym) -> None:
    page = gym.open()
    page.locator(".bubble").hover()
    page.locator(".bubble").focus()
    page.wait_for_load_state("networkidle")
    assert [url for url in gym.requests if url.startswith(gym.guide)] == [f"{gym.guide}/widget.js"]
    assert page.locator("link[rel=preconnect]").get_attribute("href") == gym.guide
    launch(page)
    assert any("/widget/panel.html" in url for url in gym.requests)


def test_the_loader_takes_less_than_50_milliseconds_of_the_pages_main_thread(gym: Gym) -> None:
    page = gym.open("")
    gym.browser.start_tracing(page=page, categories=["devtools.timeline", "v8"])
    page.evaluate(
        "src => new Promise(done => { const script = document.createElement('script');"
        "script.src = src; script.onload = done; document.head.append(script); })",
        f"{gym.guide}/widget.js",
    )
    page.locator(".bubble").wait_for()
    trace = json.loads(gym.browser.stop_tracing())
    ran = [
        event["dur"] / 1000
        for event in trace["traceEvents"]
        if event.get("name") in {"EvaluateScript", "v8.compile", "FunctionCall"}
        and "/widget.js" in str(event.get("args", {}))
        and "dur" in event
    ]
    assert ran
    assert sum(ran) < 50


def test_a_site_that_is_not_listed_gets_a_clear_message_and_never_the_guide(gym: Gym) -> None:
    other = gym.server.address("other")
    page = gym.open(site=other)
    page.locator(".bubble").click()
    alert = page.locator("glute-guide [role=alert]")
    alert.wait_for()
    assert alert.inner_text() == "The guide cannot be shown here."
    assert page.locator("glute-guide iframe").count() == 0
    assert any(f"{gym.guide} may not be shown on {other}" in w for w in gym.warnings)
    page.get_by_role("button", name="Try again").click()
    page.locator("glute-guide iframe").wait_for()
    alert.wait_for()
    page.get_by_role("button", name="Close").click()
    assert not alert.is_visible()
    assert not any("/api/v1/" in url for url in gym.requests)
    # Chromium itself reports each refusal; that is what was wanted here.
    assert all("frame-ancestors" in e or "postMessage" in e for e in gym.errors)
    gym.errors.clear()
    gym.requests = [url for url in gym.requests if not url.startswith(other)]


def test_a_server_that_does_not_answer_is_said_so_and_tried_again(gym: Gym) -> None:
    page = gym.open()
    page.route(f"{gym.guide}/**", lambda route: route.abort())
    page.locator(".bubble").click()
    alert = page.locator("glute-guide [role=alert]")
    alert.wait_for()
    assert alert.inner_text() == "The guide does not answer right now."
    assert page.get_by_role("button", name="Try again").evaluate("e => e.matches(':focus')")
    gym.errors.clear()
    page.unroute(f"{gym.guide}/**")
    page.get_by_role("button", name="Try again").click()
    panel(page).locator("#question").wait_for()
    assert not alert.is_visible()


def test_a_browser_that_forbids_storage_in_frames_shows_the_widget_all_the_same(
    gym: Gym, tmp_path: Path
) -> None:
    page = gym.open(context=gym.profile(tmp_path, block=True))
    launch(page)
    opened = ask(page, KNEES)
    assert "Keep the knees out" in opened.locator("article").inner_text()
    denied = (
        "(() => { try { return sessionStorage.length } catch (error) { return error.name } })()"
    )
    assert frame_of(page).evaluate(denied) == "SecurityError"
    assert page.context.cookies() == []


def test_the_page_around_cannot_read_the_talk(gym: Gym) -> None:
    page = gym.open()
    page.evaluate("window.heard = []; addEventListener('message', e => heard.push(e.data))")
    page.evaluate("void GluteGuide.on('answer', told => { window.told = told; })")
    launch(page)
    ask(page, KNEES)
    assert page.evaluate(f"{INSIDE}.contentDocument") is None
    page.wait_for_function("window.told")
    assert page.evaluate("told") == {"id": "bubble", "status": "answered"}
    heard = json.dumps(page.evaluate("heard"))
    assert "answer" in heard
    assert "knee" not in heard.lower()


INSIDE = "document.querySelector('glute-guide').shadowRoot.querySelector('iframe')"
TYPES = ["hello", "ready", "ask", "show", "close", "answer", "nonsense", "__proto__"]
FORGE = """
const targets = [parent, TARGET].filter(Boolean);
const payload = {question: 'forged', title: 'forged', status: 'forged'};
for (const target of targets) {
  for (const v of [0, 1, 2, '1', null])
    for (const type of TYPES) target.postMessage({ns: 'glute-guide', v, type, payload}, '*');
  for (const data of [null, 'close', 7, [], {ns: 'glute-guide'}]) target.postMessage(data, '*');
}
parent.postMessage('done', '*');
""".replace("TYPES", json.dumps(TYPES))


@pytest.mark.parametrize("forger", ["a stranger's frame", "a frame of the gym's"])
def test_t16_forged_messages_have_no_effect(gym: Gym, forger: str) -> None:
    page = gym.open()
    stranger = gym.server.address("evil")
    source = stranger if "stranger" in forger else ""
    # A stranger cannot reach the panel's window; a frame of the gym's own can.
    reach = "undefined" if source else f"parent.{INSIDE}.contentWindow"
    script = f"<script>{FORGE.replace('TARGET', reach)}</script>"
    gym.server.page = script.encode()
    launch(page)
    page.evaluate(
        "window.events = []; for (const type of ['ready', 'close', 'answer', 'error'])"
        "GluteGuide.on(type, () => events.push(type))"
    )
    page.evaluate(
        "([source, script]) => new Promise(done => {"
        "  addEventListener('message', e => e.data === 'done' && done());"
        "  const frame = document.createElement('iframe');"
        "  if (source) frame.src = source; else frame.srcdoc = script;"
        "  document.body.append(frame); })",
        [source, script],
    )
    opened = ask(page, KNEES)  # messages keep their order: all forged ones came before
    assert opened.locator("article").count() == 1
    assert opened.locator("h1").inner_text() == "Glute Guide"
    page.wait_for_function("events.length > 0")
    assert page.evaluate("events") == ["answer"]
    gym.requests = [url for url in gym.requests if not url.startswith(stranger)]


def test_the_page_itself_can_send_nothing_but_what_is_agreed(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    page.evaluate(
        "const send = message => "
        f"{INSIDE}.contentWindow.postMessage({{ns: 'glute-guide', payload: {{question: 7}},"
        " ...message}, '*');"
        "for (const message of [{v: 2, type: 'ask'}, {v: 1, type: 'reset'}, {v: 1, type: 'hello'},"
        "  {v: 1, type: 'ask', payload: {question: {toString: 1}}}, {v: 1, type: 'ask'},"
        "  {ns: 'other', v: 1, type: 'ask', payload: {question: 'forged'}}]) send(message)"
    )
    opened = ask(page, KNEES)
    assert opened.locator("article h2").all_text_contents() == [f"You asked: {KNEES}"]


def test_a_strict_policy_on_the_gyms_page_changes_nothing(gym: Gym) -> None:
    page = gym.open(policy=STRICT)
    bubble = page.locator(".bubble")
    bubble.hover()
    assert bubble.evaluate("e => getComputedStyle(e).position") == "fixed"
    assert bubble.bounding_box() == {"x": 1024, "y": 744, "width": 56, "height": 56}
    launch(page)
    assert "Keep the knees out" in ask(page, KNEES).locator("article").inner_text()


HOSTILE = """<style>
:not(html) { all: unset !important; display: none !important; visibility: hidden !important; }
glute-guide, iframe, button, dialog, div { position: static !important; opacity: 0 !important;
  width: 1px !important; transform: scale(0) !important; --brand: red !important;
  --z: -1 !important; }
html { font-size: 3px; direction: rtl; color: lime; letter-spacing: 9px; }
</style>"""
LOOK = """e => [e.offsetWidth, e.offsetHeight, ...['color', 'backgroundColor', 'visibility',
  'opacity', 'fontSize', 'zIndex', 'letterSpacing', 'direction', 'position', 'transform', 'top',
  'left'].map(name => getComputedStyle(e)[name])]"""


def test_styles_of_the_gyms_page_that_try_to_break_it_do_not(gym: Gym) -> None:
    calm = gym.open()
    page = gym.open(gym.tag() + HOSTILE)
    for opened in (calm, page):
        opened.locator("glute-guide .bubble").wait_for()
    assert page.locator(".bubble").evaluate(LOOK) == calm.locator(".bubble").evaluate(LOOK)
    launch(page)
    launch(calm)
    assert page.locator("dialog").evaluate(LOOK) == calm.locator("dialog").evaluate(LOOK)
    assert "Keep the knees out" in ask(page, KNEES).locator("article").inner_text()


def test_a_bubble_and_a_box_in_the_page_are_two_talks(gym: Gym, tmp_path: Path) -> None:
    head = gym.tag() + gym.tag(target="#box", questions=f"{KNEES}|Another one?")
    page = gym.open(
        head, '<main><h1>Gym</h1><div id="box"></div></main>', context=gym.profile(tmp_path)
    )
    box = page.locator("#box glute-guide")
    assert box.get_by_role("button").all_inner_texts() == [KNEES, "Another one?", "Ask Glute Guide"]
    box.get_by_role("button", name=KNEES).click()
    inside = box.frame_locator("iframe")
    inside.locator("article[aria-busy=false]").wait_for()
    page.locator(".bubble").click()
    bubble = page.frame_locator("dialog iframe")
    bubble.locator(".greeting").wait_for()
    assert inside.locator("article").count() == 1
    assert bubble.locator("article").count() == 0
    assert inside.locator("#close").is_hidden()
    bubble.locator("#question").fill(OUTSIDE)
    bubble.locator("#question").press("Enter")
    bubble.locator("article[aria-busy=false]").wait_for()
    page.reload()
    page.locator(".bubble").click()
    bubble.locator("article").wait_for()
    assert OUTSIDE in bubble.locator("article").inner_text()
    box.get_by_role("button", name="Ask Glute Guide").click()
    assert KNEES in inside.locator("article").inner_text()


@pytest.mark.parametrize("options", [{}, {"target": "#box"}])
def test_the_script_twice_makes_one_widget(gym: Gym, options: dict[str, str]) -> None:
    page = gym.open(gym.tag(**options) * 3, '<main><h1>Gym</h1><div id="box"></div></main>')
    page.wait_for_load_state("networkidle")
    assert page.locator("glute-guide").count() == 1


def test_a_module_script_works_which_browsers_do_not_name_as_current(gym: Gym) -> None:
    page = gym.open(
        f'<script type="module" src="{gym.guide}/widget.js" data-title="Coach"></script>'
    )
    assert page.get_by_role("button", name="Ask Coach").is_visible()


def test_a_phone_shows_it_on_the_whole_screen_and_back_closes_it(gym: Gym) -> None:
    page = gym.open(viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    page.evaluate("history.replaceState({router: 7}, '')")
    page.locator(".bubble").tap()
    opened = panel(page)
    opened.locator("#question").wait_for()
    assert page.locator("dialog").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    assert page.locator("dialog").evaluate("e => e.matches(':modal')")
    assert page.evaluate("history.state.router") == 7
    # The cursor stays out of the field, or the keyboard would cover half of it.
    opened.locator("h1:focus").wait_for()
    opened.get_by_role("button", name="How do I do a hip thrust?").tap()
    opened.locator("article[aria-busy=false]").wait_for()
    assert frame_of(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.go_back()
    page.locator("dialog").wait_for(state="hidden")
    assert page.url == f"{gym.site}/"
    assert page.evaluate("history.state") == {"router": 7}
    # Closed by its button, it takes its entry of the history along.
    page.locator(".bubble").tap()
    opened.get_by_role("button", name="Close").tap()
    page.locator("dialog").wait_for(state="hidden")
    page.wait_for_function("history.state && !('glute-guide' in history.state)")
    page.locator(".bubble").tap()
    assert opened.locator("article").count() == 1


def test_everything_works_by_keyboard_and_the_focus_comes_back(gym: Gym) -> None:
    page = gym.open()
    page.locator(".bubble").wait_for()
    page.keyboard.press("Tab")
    bubble = page.get_by_role("button", name="Ask Glute Guide")
    assert bubble.evaluate("e => e.matches(':focus-visible')")
    assert bubble.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    opened = panel(page)
    opened.locator("#question:focus").wait_for()
    assert bubble.get_attribute("aria-expanded") == "true"
    page.keyboard.type(KNEES)
    page.keyboard.press("Enter")
    opened.locator("article[aria-busy=false]").wait_for()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if opened.locator(".marker:focus").count():
            break
    name = opened.locator(".marker:focus").get_attribute("aria-label")
    assert re.fullmatch(r"Source \d: .+", name or "")
    page.keyboard.press("Enter")
    opened.locator("summary:focus").wait_for()
    opened.locator("details[open] mark").wait_for()
    page.keyboard.press("Enter")
    opened.locator("details:not([open]) summary:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")
    assert bubble.evaluate("e => e.matches(':focus')")
    page.keyboard.press("Enter")
    opened.locator("#question:focus").wait_for()
    page.keyboard.press("Shift+Enter")
    assert opened.locator("#question").input_value() == "\n"


def test_elements_of_the_page_open_it_and_ask(gym: Gym) -> None:
    body = (
        '<main><h1>Gym</h1><button class="ask">Ask</button>'
        f'<a class="ask" href="/elsewhere" data-question="{KNEES}"><b>Knees?</b></a></main>'
    )
    page = gym.open(gym.tag(open=".ask", bubble="off"), body)
    page.wait_for_function("window.GluteGuide")
    assert page.locator(".bubble").is_hidden()
    page.get_by_role("button", name="Ask").click()
    panel(page).locator("#question:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")
    assert page.locator("button.ask").evaluate("e => e.matches(':focus')")
    page.get_by_text("Knees?").click()
    panel(page).locator("article[aria-busy=false]").wait_for()
    assert page.url == f"{gym.site}/"


def test_a_script_of_the_page_opens_asks_listens_and_ends_it(gym: Gym) -> None:
    page = gym.open(
        "<script>window.heard = []; document.addEventListener('gluteguide:ready', () => {"
        "for (const type of ['ready', 'open', 'close', 'answer']) "
        "GluteGuide.on(type, told => heard.push([type, told.id])); "
        "window.isReady = true; });</script>" + gym.tag()
    )
    page.wait_for_function("window.isReady")
    page.evaluate(f"GluteGuide.ask({KNEES!r})")
    panel(page).locator("article[aria-busy=false]").wait_for()
    page.evaluate("GluteGuide.close()")
    page.evaluate("GluteGuide.toggle()")
    page.evaluate("const stop = GluteGuide.on('close', () => heard.push('late')); stop();")
    page.evaluate("GluteGuide.toggle()")
    page.wait_for_function("heard.length === 6")
    assert sorted(page.evaluate("heard.map(([type]) => type)")) == [
        "answer", "close", "close", "open", "open", "ready",
    ]  # fmt: skip
    page.evaluate("GluteGuide.destroy()")
    assert page.locator("glute-guide").count() == 0
    page.evaluate("GluteGuide.destroy(); GluteGuide.open(); GluteGuide.mount({title: 'Again'})")
    assert page.get_by_role("button", name="Ask Again").is_visible()


def test_wrong_options_are_said_on_the_console_and_stop_nothing(gym: Gym) -> None:
    page = gym.open(
        gym.tag(color="no colour", lang="xx", position="nowhere", z_index="x")
        + gym.tag(target="#missing")
    )
    launch(page)
    assert any('"no colour" is not a colour' in warning for warning in gym.warnings)
    assert any('nothing on this page matches data-target="#missing"' in w for w in gym.warnings)
    assert page.locator("glute-guide").count() == 1


CONTRAST = """([colour, ground]) => {
  const lights = [colour, ground].map(text => {
    const numbers = text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const parts = text.startsWith('color(') ? numbers : numbers.map(n => n / 255);
    if (text.startsWith('color(xyz')) return parts[1];
    const [r, g, b] = parts.map(p => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }).sort((a, b) => a - b);
  return (lights[1] + 0.05) / (lights[0] + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_colour_of_a_site_reads_at_4_5_to_1(gym: Gym, scheme: Any) -> None:
    colours = ["#fff", "black", "#ffe600", "#777", "rgb(255 105 180)", "#c2410c", "navy", "#00ffd0"]
    page = gym.open("", color_scheme=scheme)
    page.evaluate(
        "src => new Promise(done => { const script = document.createElement('script');"
        "script.src = src; script.onload = done; document.head.append(script); })",
        f"{gym.guide}/widget.js",
    )
    for colour in colours:
        page.evaluate(
            "colour => { GluteGuide.destroy(); GluteGuide.mount({color: colour}) }", colour
        )
        bubble = page.locator(".bubble").evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        )
        assert page.evaluate(CONTRAST, bubble) >= 4.5, colour
        launch(page)
        frame = frame_of(page)
        pairs = frame.evaluate(
            "[['header', 'header'], ['.offered button', 'body'], ['#send', '#send'],"
            " ['#notice', 'body']].map(names => names.map((name, at) =>"
            " getComputedStyle(document.querySelector(name))[at ? 'backgroundColor' : 'color']))"
        )
        for pair in pairs:
            assert page.evaluate(CONTRAST, pair) >= 4.5, (colour, pair)
        page.evaluate("GluteGuide.close()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_page_and_nothing_in_the_frame(gym: Gym, scheme: Any) -> None:
    page = gym.open(color_scheme=scheme, reduced_motion="reduce")
    page.locator(".bubble").wait_for()
    assert violations(page) == []
    opened = launch(page)
    assert violations(page) == []
    assert violations(frame_of(page)) == []
    ask(page, KNEES)
    opened.locator(".marker").first.click()
    opened.locator("details mark").wait_for()
    assert violations(frame_of(page)) == []
    ask(page, OUTSIDE)
    page.route(STREAM, streaming(("done", an_emergency())))
    ask(page, "It burns.")
    clinician = {"level": "see-clinician", "message": "See a doctor.", "citations": []}
    page.unroute(STREAM)
    page.route(STREAM, streaming(("done", an_answer(safety=clinician))))
    ask(page, "It aches.")
    page.unroute(STREAM)
    page.route(STREAM, lambda route: route.abort())
    ask(page, "And now?")
    opened.get_by_role("button", name="Try again").wait_for()
    assert violations(frame_of(page)) == []
    gym.errors.clear()  # the request that was cut off


def test_an_answer_is_read_out_once_and_not_while_it_comes(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    frame = frame_of(page)
    frame.evaluate(
        "window.said = []; const live = document.getElementById('live');"
        "new MutationObserver(() => said.push(live.textContent)).observe(live, {childList: true})"
    )
    opened = ask(page, KNEES)
    said = frame.evaluate("said")
    assert len(said) == 2
    assert said[0] == "Looking it up …"
    assert said[1].startswith("Keep the knees out")
    assert said[1].endswith("sources.")
    assert "[" not in said[1]
    assert (
        opened.locator("[aria-live=polite], [role=status], [role=log], [role=alert]").count() == 1
    )


def test_a_refusal_says_so_and_offers_what_can_be_answered(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    opened = ask(page, OUTSIDE)
    assert opened.get_by_role("heading", name="Not in my sources").is_visible()
    assert opened.locator("details").count() == 0
    offered = opened.locator(".offered button")
    question = offered.first.inner_text()
    offered.first.click()
    opened.locator("article[aria-busy=false]").nth(1).wait_for()
    assert question in opened.locator("article").nth(1).inner_text()
    assert opened.locator("details").count() >= 1
    assert opened.locator("article").nth(1).evaluate("e => e === document.activeElement")


def test_an_emergency_looks_different_and_its_numbers_can_be_dialled(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    page.route(STREAM, streaming(("done", an_emergency())))
    opened = ask(page, "I cannot feel my legs")
    card = opened.locator(".emergency")
    assert card.get_by_role("heading", name="Get help now").is_visible()
    calls = card.locator(".calls a")
    assert calls.evaluate_all("all => all.map(a => a.href)") == ["tel:112", "tel:911"]
    assert calls.all_inner_texts() == ["Call 112\nEurope", "Call 911\nUS, Canada"]
    assert opened.locator("article").inner_text().count("Stop training") == 1
    assert card.get_by_role("link", name="Miller 2020, A study").get_attribute("href") == (
        "https://study.example/1"
    )


def test_the_numbers_of_every_country_become_links(gym: Gym) -> None:
    corpus = Path(__file__).parents[1] / "corpus" / "safety.yaml"
    safety = yaml.safe_load(corpus.read_text("utf-8"))
    page = gym.open()
    launch(page)
    frame = frame_of(page)
    found = "async text => (await import('./render.js')).telephones(text).map(t => t.href)"
    texts = [*safety["numbers"].values(), *safety["lines"].values()]
    for text in texts:
        message = safety["call"].replace("{numbers}", text)
        expected = {"tel:" + number.replace(" ", "") for number in re.findall(r"\d[\d ]*\d", text)}
        assert set(frame.evaluate(found, message)) == expected
    for rule in safety["rules"]:
        assert frame.evaluate(found, rule["message"]) == []
    assert frame.evaluate(found, "112 (911 in the US)") == ["tel:112", "tel:911"]
    assert frame.evaluate(found, "Within 24 hours, 90% of them, 100 kg; 911.") == ["tel:911"]


def test_a_stream_that_breaks_off_says_so_and_the_question_is_asked_again(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    sentence = {"text": "Half of it.", "citations": [1], "delta": "Half of it. [1]"}
    page.route(STREAM, streaming(("citation", a_citation()), ("sentence", sentence)))
    opened = ask(page, KNEES)
    article = opened.locator("article")
    assert "Half of it." in article.inner_text()
    assert "This answer is not complete." in article.inner_text()
    assert "The connection was lost. Your question is kept." in article.inner_text()
    page.unroute(STREAM)
    opened.get_by_role("button", name="Try again").click()
    opened.locator("details").first.wait_for()
    assert opened.locator("article").count() == 1
    assert "Keep the knees out" in article.inner_text()
    assert "not complete" not in article.inner_text()


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({"body": events(("error", {"status": 503, "code": "server_shutdown"}))}, "is restarting"),
        ({"body": events(("error", {"status": 500, "detail": "Note 7."}))}, "right now. Note 7."),
        ({"status": 429, "headers": {"Retry-After": "7"}, "body": "{}"}, "again in 7 seconds"),
        ({"status": 503, "headers": {"Retry-After": "2"}, "body": "{}"}, "again in 2 seconds"),
        ({"status": 500, "body": "<html>"}, "cannot answer right now"),
        ({"body": ""}, "connection was lost"),
        ({"body": "event: done\ndata: {not json\n\n"}, "connection was lost"),
        ({"body": 'event: done\ndata: {"schema": "answer/9"}\n\n'}, "connection was lost"),
    ],
)
def test_every_failure_of_the_server_has_a_sentence_and_a_way_on(
    gym: Gym, response: dict[str, Any], words: str
) -> None:
    page = gym.open()
    launch(page)
    page.route(STREAM, lambda route: route.fulfill(**response))
    opened = ask(page, KNEES)
    assert words in opened.locator("article .card").inner_text()
    assert opened.get_by_role("button", name="Try again").is_visible()
    gym.errors = [error for error in gym.errors if "status of" not in error]


def test_pieces_of_a_stream_may_be_cut_anywhere(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    parse = """async ([text, size]) => {
      const { events } = await import('./talk.js');
      const bytes = new TextEncoder().encode(text), found = [];
      const body = new ReadableStream({ start(c) {
        for (let i = 0; i < bytes.length; i += size) c.enqueue(bytes.slice(i, i + size));
        c.close(); } });
      for await (const event of events(body)) found.push(event);
      return found; }"""
    text = (
        ': ping\n\nevent: a\ndata: {"w":\ndata: "ä🍑"}\n\n\n'
        "event: b\r\ndata: 2\r\n\r\ndata: [3]\n\n"
    )
    for size in (1, 2, 3, 7, 1000):
        assert frame_of(page).evaluate(parse, [text, size]) == [
            {"type": "a", "data": {"w": "ä🍑"}},
            {"type": "b", "data": 2},
            {"type": "message", "data": [3]},
        ]


NASTY = (
    "<img src=x onerror='parent.hit=window.hit=1'><script>window.hit=1</script> "
    "![i](https://evil.example/x.png) [l](javascript:hit)"
)


def test_t5_text_of_an_answer_is_text_never_code(gym: Gym) -> None:
    document = {
        "id": NASTY, "title": NASTY, "authors": [NASTY], "year": 2020, "kind": "evidence",
        "url": "javascript:window.hit=1", "doi": None,
    }  # fmt: skip
    evidence = {"design": NASTY, "population": NASTY, "strength": "strong", "caveat": NASTY}
    citations = [
        a_citation(document=document, section=NASTY, quote=NASTY, evidence=evidence),
        a_citation(n=2, document={**document, "url": "http://evil.example/"}),
        a_citation(n=3, document={**document, "url": "data:text/html,<script>hit=1</script>"}),
    ]
    suggestion = {"title": NASTY, "question": NASTY}
    safety = {"level": "caution", "message": NASTY, "citations": citations}
    answer = an_answer(
        answer=f"{NASTY} [1] [2]\n\n1. {NASTY} [3] [9]", citations=citations, safety=safety,
        related=[suggestion],
    )  # fmt: skip
    page = gym.open()
    launch(page)
    page.route(STREAM, streaming(("sentence", {"delta": NASTY}), ("done", answer)))
    opened = ask(page, NASTY)
    for source in opened.locator("summary").all():
        source.click()
    frame = frame_of(page)
    assert frame.evaluate("window.hit") is None
    assert page.evaluate("window.hit") is None
    assert frame.evaluate("document.querySelectorAll('img, main script, main a').length") == 0
    assert NASTY in opened.locator("article .body").inner_text()
    assert opened.locator(".body .marker").all_inner_texts() == ["1", "2", "3"]
    assert "[9]" in opened.locator(".body").inner_text()
    gym.errors = [error for error in gym.errors if "404" not in error]  # passages that are not


def test_a_quote_that_is_not_at_its_place_is_shown_but_nothing_is_highlighted(gym: Gym) -> None:
    wrong = a_citation(passage_id="hip-thrust#knees-out", quote="Words of nobody.", end=16)
    page = gym.open()
    launch(page)
    page.route(STREAM, streaming(("done", an_answer(answer="So. [1]", citations=[wrong]))))
    opened = ask(page, KNEES)
    with page.expect_response("**/api/v1/passages/**"):
        opened.locator("summary").click()
    opened.get_by_text("Words of nobody.").wait_for()
    assert opened.locator("mark").count() == 0


def test_offsets_count_characters_also_beyond_the_first_plane(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    mark = (
        "async ([text, cited]) => (await import('./render.js')).highlighted(text, cited)"
        ".querySelector('mark')?.textContent"
    )
    text = "🍑🍑 ä quote 🍑 end"
    cited = {"quote": "quote 🍑", "start": 5, "end": 12}
    assert text[5:12] == cited["quote"]
    assert frame_of(page).evaluate(mark, [text, cited]) == cited["quote"]


def test_the_talk_is_remembered_in_the_tab_from_the_first_question_on(
    gym: Gym, tmp_path: Path
) -> None:
    page = gym.open(context=gym.profile(tmp_path))
    launch(page)
    assert frame_of(page).evaluate(MEMORY) == "[]"
    ask(page, KNEES)
    assert "Keep the knees out" in frame_of(page).evaluate(MEMORY)
    page.goto(f"{gym.site}/another-page")
    assert (
        page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length") == 0
    )
    opened = launch(page)
    assert KNEES in opened.locator("article").inner_text()
    with page.expect_request(STREAM) as request:
        ask(page, "And why is that?")
    history = json.loads(request.value.post_data or "")["history"]
    assert [turn["question"] for turn in history] == [KNEES]
    assert history[0]["answer"].startswith("Keep the knees out")
    opened.get_by_role("button", name="New chat").click()
    assert opened.locator("article").count() == 0
    assert opened.locator(".greeting").is_visible()
    assert frame_of(page).evaluate(MEMORY) == "[]"


def test_thumbs_are_counted_without_the_words(gym: Gym) -> None:
    page = gym.open()
    launch(page)
    opened = ask(page, KNEES)
    with page.expect_response("**/api/v1/feedback") as response:
        opened.get_by_role("button", name="Helpful", exact=True).click()
    assert response.value.status == 204
    assert set(json.loads(response.value.request.post_data or "")) == {"kind", "answer_id"}
    assert opened.get_by_text("Thank you.").first.is_visible()


def test_thumbs_are_not_shown_where_they_are_not_counted(gym: Gym) -> None:
    page = gym.open()
    page.route(
        "**/widget/config.json", lambda route: route.fulfill(json={"sites": [], "feedback": False})
    )
    launch(page)
    assert ask(page, KNEES).locator(".thumbs").is_hidden()


def test_title_greeting_questions_and_language_are_those_of_the_site(gym: Gym) -> None:
    options = {
        "title": "Coach <b>",
        "greeting": "Hi & hello",
        "questions": "One? | Two?",
        "lang": "de-AT",
    }
    page = gym.open(gym.tag(**options))
    page.get_by_role("button", name="Frag Coach <b>").click()
    opened = panel(page)
    opened.locator(".greeting").wait_for()
    assert opened.locator("h1").inner_text() == "Coach <b>"
    assert opened.locator(".greeting").inner_text() == "Hi & hello"
    assert opened.locator(".offered button").all_inner_texts() == ["One?", "Two?"]
    assert opened.get_by_role("button", name="Senden").is_visible()
    assert "Ein Programm, kein Mensch" in opened.locator("#notice").inner_text()
    assert opened.locator("html").get_attribute("lang") == "de"
    assert "Quellen" in ask(page, KNEES).locator("article").inner_text()
    assert opened.locator(".body").evaluate("e => e.closest('[lang]').lang") == "en"


def test_a_page_from_right_to_left_has_it_on_the_left(gym: Gym) -> None:
    page = gym.open(gym.tag(dir="rtl"))
    launch(page)
    box = page.locator(".bubble").bounding_box()
    assert box is not None
    assert box["x"] < 100
    opened = ask(page, KNEES)
    assert opened.locator("html").get_attribute("dir") == "rtl"
    assert opened.locator(".reply").evaluate("e => getComputedStyle(e).direction") == "ltr"
    # Chromium's shadow of a phone: all corners can be had.
    page.evaluate("GluteGuide.destroy(); GluteGuide.mount({position: 'top-right'})")
    box = page.locator(".bubble").bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (1024, 20)


def test_reduced_motion_and_forced_colours_are_heeded(gym: Gym) -> None:
    page = gym.open(reduced_motion="reduce", forced_colors="active")
    launch(page)
    opened = ask(page, KNEES)
    style = "(e, name) => getComputedStyle(e)[name]"
    assert opened.locator("article").evaluate(style, "animationName") == "none"
    assert opened.locator(".marker").first.evaluate(style, "borderTopWidth") == "1px"


def test_a_loader_of_another_version_gets_a_message_to_reload(gym: Gym, guide_address: str) -> None:
    loader = (Path(__file__).parents[1] / "app" / "widget" / "widget.js").read_text("utf-8")
    page = gym.open("")
    page.route(
        f"{guide_address}/widget.js",
        lambda route: route.fulfill(
            body=loader.replace("const V = 1;", "const V = 2;"), content_type="text/javascript"
        ),
    )
    page.add_script_tag(url=f"{guide_address}/widget.js")
    page.locator(".bubble").click()
    panel(page).get_by_text("The guide has been updated. Please reload this page.").wait_for()
    assert panel(page).locator("#ask").is_hidden()


def test_the_tag_of_the_owners_page_works_with_its_integrity(gym: Gym) -> None:
    page = gym.open("")
    owner = page.context.new_page()
    owner.goto(f"{gym.guide}/widget/")
    owner.locator("[name=title]").fill('Coach "A" & <b>')
    owner.locator("[name=position]").select_option("top-left")
    owner.get_by_text('data-position="top-left"').wait_for()
    tag = owner.locator("#tag").inner_text()
    assert f'src="{gym.guide}/widget.js?v=' in tag
    assert 'integrity="sha384-' in tag
    assert f'data-site="{gym.site}"' in tag
    assert owner.locator("#policy").inner_text() == f"script-src {gym.guide}\nframe-src {gym.guide}"
    assert gym.site in owner.locator("#allowed").inner_text()
    assert owner.locator("#nobody").is_hidden()
    embedded = gym.open(tag)
    embedded.get_by_role("button", name='Ask Coach "A" & <b>').click()
    panel(embedded).locator("#question").wait_for()
    broken = gym.open(re.sub(r"sha384-....", "sha384-AAAA", tag))
    broken.wait_for_load_state("networkidle")
    assert broken.locator("glute-guide").count() == 0
    assert all("integrity" in error for error in gym.errors)
    gym.errors.clear()


def test_the_owners_page_previews_the_real_thing_and_says_when_nobody_may_embed_it(
    gym: Gym,
) -> None:
    page = gym.open("")
    page.route(
        "**/widget/config.json",
        lambda route: route.fulfill(
            json={
                "sites": [],
                "integrity": "sha384-x",
                "feedback": False,
                "version": "1",
                "digest": "d",
            }
        ),
    )
    page.goto(f"{gym.guide}/widget/")
    notice = page.locator("#nobody")
    notice.wait_for()
    assert "Nobody may embed the guide yet" in notice.inner_text()
    assert "GLUTE_GUIDE_ALLOWED_SITES=https://www.your-gym.example" in notice.inner_text()
    assert violations(page) == []
    page.locator("[name=position]").select_option("inline")
    page.locator("#preview glute-guide button").click()
    page.frame_locator("#preview iframe").locator("#question").wait_for()
