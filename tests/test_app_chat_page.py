"""The chat page's logic, by Streamlit's own AppTest over the real chain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import app.page_frame as page_frame
from app.answer.live import LiveChain
from app.answer.schema import Answer, Ask, Citation, DocumentRef, Evidence, Safety
from app.config import AppSettings, app_settings
from app.feedback import items
from app.page_answer import Shown, announcement, turn_html, understood_as
from app.page_export import answer_text, talk_markdown
from app.page_figures import figures
from app.page_html import callable_numbers, marked, outward, source_card, text
from app.page_knowledge import chosen
from app.page_talk import MOST_TURNS, STARTERS
from index.config import PACKAGED_MODEL, IndexSettings
from index.errors import IndexMissing

PAGE = Path(__file__).parents[1] / "app" / "chat_page.py"
NASTY = (
    "<img src=x onerror=alert(1)> **bold** [a](http://evil.example) :red[x] $x$ "
    "<script>alert(1)</script> ![i](https://evil.example/x.png)"
)


@pytest.fixture(scope="module")
def live(whole_index_home: Path) -> Iterator[LiveChain]:
    home = whole_index_home
    chain = LiveChain(
        IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    )
    yield chain
    chain.close()


@pytest.fixture
def page(live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    app_settings.cache_clear()
    monkeypatch.setattr(page_frame, "current_chain", lambda: live)
    yield AppTest.from_file(str(PAGE), default_timeout=30).run()
    app_settings.cache_clear()


@pytest.fixture
def counted(live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> list[Ask]:
    """What the chain was asked, in order."""
    asked: list[Ask] = []
    real = live.invoke

    def counting(question: Ask) -> Answer:
        asked.append(question)
        return real(question)

    monkeypatch.setattr(live, "invoke", counting)
    return asked


def ask(page: AppTest, question: str) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def shown_html(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def turns(page: AppTest) -> list[str]:
    return re.findall(r"<article.*?</article>", shown_html(page), re.DOTALL)


def words_of(markup: str) -> str:
    """What a reader sees of it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def button(page: AppTest, label: str) -> Any:
    return next(b for b in page.button if b.label == label)


class Tags(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def crafted(**parts: Any) -> Answer:
    """An answer as the chain might give it."""
    base: dict[str, Any] = {
        "id": "a-1", "question": "q", "standalone_question": "q", "status": "answered",
        "refused": False, "mode": "extractive", "answer": "", "timings_ms": {},
        "corpus": {"index_id": "i", "passages": 1, "built_at": "2026-01-01T00:00:00+00:00"},
    }  # fmt: skip
    return Answer.model_validate(base | parts)


def citation(**parts: Any) -> Citation:
    base: dict[str, Any] = {
        "n": 1, "passage_id": "p#1", "section": "A › B", "quote": "knees out", "start": 9,
        "end": 18, "sha256": "0" * 64,
        "document": {"id": "d", "title": "Title", "authors": ["Contreras B", "Other A"],
                     "year": 2015, "kind": "evidence", "doi": "10.1/x"},
    }  # fmt: skip
    return Citation.model_validate(base | parts)


def test_it_says_what_it_is_in_one_line_and_offers_questions_by_theme(page: AppTest) -> None:
    seen = words_of(shown_html(page))
    assert "A program. General information, not medical advice for a person." in seen
    assert "Nothing you type is stored." in seen
    for theme, questions in STARTERS.items():
        assert theme in seen
        assert set(questions) <= {b.label for b in page.button}


@pytest.mark.parametrize("question", [q for questions in STARTERS.values() for q in questions])
def test_every_starter_question_is_answered(live: LiveChain, question: str) -> None:
    assert live.invoke(Ask(question=question)).status == "answered"


def test_an_answer_shows_markers_and_sources_with_the_quote_marked(page: AppTest) -> None:
    (turn,) = turns(ask(page, "Should my knees point out?"))
    assert 'aria-label="Source 1: Zegarra 2022"' in turn
    assert "<mark>Keep the knees out" in turn
    assert turn.index("Keep the knees out") < turn.index("gg-cite")
    targets = set(re.findall(r'popovertarget="([^"]+)"', turn))
    assert targets == set(re.findall(r'<div popover id="([^"]+)"', turn))


def test_a_study_shows_its_design_people_strength_and_a_link(page: AppTest) -> None:
    (turn,) = turns(ask(page, "Do hip thrusts or squats grow the glutes more?"))
    seen = words_of(turn)
    assert "Plotkin" in seen
    assert "RCT" in seen
    assert "Strength moderate" in seen
    assert 'href="https://doi.org/' in turn


def test_one_question_is_one_run_of_the_chain_however_often_the_page_is_drawn(
    page: AppTest, counted: list[Ask]
) -> None:
    ask(page, "knees out?")
    for _ in range(3):
        page.run()
    assert len(counted) == 1
    assert len(turns(page)) == 1


def test_a_follow_up_carries_the_talk_and_nobody_else_gets_it(
    page: AppTest, counted: list[Ask]
) -> None:
    ask(page, "What does the gluteus maximus do?")
    ask(page, "and the medius?")
    assert [t.question for t in counted[1].history] == ["What does the gluteus maximus do?"]
    assert counted[1].history[0].answer
    other = AppTest.from_file(str(PAGE), default_timeout=30).run()
    ask(other, "knees out?")
    assert counted[2].history == ()
    assert "maximus" not in "".join(re.findall(r"<h2.*?</h2>", shown_html(other)))


def test_tapping_a_starter_or_a_follow_up_asks_it(page: AppTest, counted: list[Ask]) -> None:
    first = STARTERS["Doing it"][0]
    button(page, first).click().run()
    follow = next(b for b in page.button if (b.key or "").startswith("ask-1-"))
    follow.click().run()
    assert [a.question for a in counted] == [first, follow.label]
    assert len(turns(page)) == 2


def test_only_the_newest_answer_comes_in_sentence_by_sentence(page: AppTest) -> None:
    ask(page, "knees out?")
    once = turns(page)
    page.run()
    assert turns(page) == once
    ask(page, "How wide should my feet be?")
    first, second = turns(page)
    assert "gg-fresh" not in first
    assert "gg-fresh" in second
    assert "--n:0" in second


def test_the_finished_answer_is_announced_once_in_one_region(page: AppTest) -> None:
    assert page.info[0].value == "Ready for a question."
    ask(page, "knees out?")
    assert page.info[0].value.startswith("Answer ready, ")
    assert "Keep the knees out" in page.info[0].value
    assert "[1]" not in page.info[0].value.replace("\\", "")


def test_a_refusal_offers_what_it_can_answer_and_shows_no_source(page: AppTest) -> None:
    (turn,) = turns(ask(page, "How much does a hip thrust machine cost?"))
    assert "do not cover" in turn
    assert "gg-source" not in turn
    assert "I can answer these" in shown_html(page)
    assert [b for b in page.button if (b.key or "").startswith("ask-1-")]


@pytest.mark.parametrize(
    "typed",
    [NASTY, "🍑🍑🍑", "x" * 2_001, "knees\u202e out \x00", "`code` # heading knees", "a" * 300],
)
def test_whatever_is_typed_is_shown_as_text(page: AppTest, typed: str) -> None:
    ask(page, typed)
    tags = Tags("".join(turns(page)))
    assert not {"script", "iframe", "object", "form", "input", "style", "link"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    sources = [value or "" for name, value in tags.attributes if name == "src"]
    assert all(value.startswith("data:image/svg+xml;base64,") for value in sources)


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b"])
def test_nothing_typed_does_no_harm(page: AppTest, typed: str) -> None:
    ask(page, typed)
    assert page.chat_input


def test_a_new_chat_forgets_the_talk(page: AppTest) -> None:
    ask(page, "knees out?")
    assert "talk" in page.query_params
    button(page, "New chat").click().run()
    assert not turns(page)
    assert "talk" not in page.query_params
    assert "talk" not in page.session_state or page.session_state["talk"] == []


def test_a_talk_lost_to_a_reload_or_a_restart_is_said(live: LiveChain, page: AppTest) -> None:
    reloaded = AppTest.from_file(str(PAGE), default_timeout=30)
    reloaded.query_params["talk"] = "on"
    reloaded.run()
    assert "begun anew" in reloaded.info[1].value
    ask(reloaded, "knees out?")
    assert not any("begun anew" in i.value for i in reloaded.info)


def test_a_long_talk_keeps_its_last_turns_and_says_so(page: AppTest) -> None:
    for n in range(MOST_TURNS + 2):
        ask(page, f"thanks {n}" if n else "knees out?")
    assert len(turns(page)) == MOST_TURNS
    assert f"Only the last {MOST_TURNS} questions" in shown_html(page)


def test_a_missing_index_is_one_sentence_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing() -> LiveChain:
        raise IndexMissing(tmp_path)

    monkeypatch.setattr(page_frame, "current_chain", missing)
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not page.exception
    assert "glute-guide index build" in page.error[0].value
    assert not page.chat_input


@pytest.mark.parametrize("fault", [RuntimeError("secret words"), IndexMissing(Path("x"))])
def test_a_fault_in_one_question_leaves_the_talk_and_the_page_standing(
    page: AppTest,
    live: LiveChain,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    ask(page, "knees out?")

    def broken(_: Ask) -> Answer:
        raise fault

    monkeypatch.setattr(live, "invoke", broken)
    ask(page, "my very own words")
    assert page.error
    assert len(turns(page)) == 1
    assert "my very own words" not in caplog.text
    assert "secret words" not in caplog.text + page.error[0].value
    monkeypatch.undo()
    monkeypatch.setattr(page_frame, "current_chain", lambda: live)
    ask(page, "How wide should my feet be?")
    assert len(turns(page)) == 2
    assert not page.error


def test_an_index_switched_underneath_changes_no_answer_given(
    page: AppTest, live: LiveChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = turns(ask(page, "knees out?"))
    monkeypatch.setattr(live, "passage", lambda _: None)
    page.run()
    assert turns(page) == before
    ask(page, "How wide should my feet be?")
    assert "<mark>" not in turns(page)[1]


def test_an_emergency_shows_its_fixed_text_and_numbers_to_call_and_nothing_else(
    page: AppTest, live: LiveChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "Stop training. Emergency numbers: 112 (Europe), 911 (US, Canada). [1]"
    emergency = crafted(
        status="safety", mode="fixed", answer=message, question="my chest hurts",
        safety=Safety(level="emergency", message=message, citations=(citation(),)),
        related=[{"title": "t", "question": "How do I do a hip thrust?"}],
    )  # fmt: skip
    monkeypatch.setattr(live, "invoke", lambda _: emergency)
    (turn,) = turns(ask(page, "my chest hurts"))
    assert "gg-alarm" in turn
    assert "Get help now" in words_of(turn)
    assert 'href="tel:112"' in turn
    assert 'href="tel:911"' in turn
    assert "gg-figure" not in turn
    assert not [b for b in page.button if (b.key or "").startswith("ask-")]


@pytest.mark.parametrize(
    ("level", "sign"), [("caution", "Take care"), ("see-clinician", "Please see a clinician")]
)
def test_a_warning_stands_above_the_answer_in_words_of_its_own(level: str, sign: str) -> None:
    answer = crafted(
        answer="Keep the knees out. [1]", citations=[citation()],
        sentences=[{"text": "Keep the knees out.", "start": 0, "end": 19, "citations": [1],
                    "support": "quoted"}],
        safety={"level": level, "message": "Have <b>pain</b> checked.", "citations": [citation()]},
    )  # fmt: skip
    turn = turn_html(Shown(1, answer, {}))
    assert turn.index(sign) < turn.index("Have &lt;b&gt;pain") < turn.index("Keep the knees out.")
    assert "gg-alarm" not in turn
    ids = re.findall(r'<div popover id="([^"]+)"', turn)
    assert len(ids) == len(set(ids)) == 2
    assert announcement(answer).startswith("Answer ready, 1 source. Have")


def test_how_a_question_was_read_is_said_only_where_it_differs() -> None:
    read = {"question": "and the medius?", "standalone_question": "what does the medius do"}
    assert understood_as(crafted(**read)) == "what does the medius do"
    assert "Understood as: what does" in turn_html(Shown(1, crafted(**read), {}))
    same = {"question": "Knees  out?!", "standalone_question": "knees out"}
    assert understood_as(crafted(**same)) is None
    assert understood_as(crafted(**(read | {"status": "smalltalk"}))) is None


def test_feedback_is_hidden_unless_it_is_counted(page: AppTest) -> None:
    ask(page, "How much does a hip thrust machine cost?")
    assert not page.feedback
    assert items(app=AppSettings(feedback=True)) == ()


def test_where_it_is_counted_thumbs_reasons_and_gaps_are_kept(
    live: LiveChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUTE_GUIDE_FEEDBACK", "1")
    monkeypatch.setattr(page_frame, "current_chain", lambda: live)
    app_settings.cache_clear()
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert "are counted, without names, for 90 days" in words_of(shown_html(page))
    ask(page, "How much does a hip thrust machine cost?")
    ask(page, "knees out?")
    page.feedback[1].set_value(0).run()
    assert "leave out names" in page.text_input[0].label
    page.text_input[0].set_value("too long, write to a@b.example").run()
    page.run()
    gap, thumb = items()
    assert gap.kind == "not_covered"
    assert "machine" in (gap.question or "")
    assert (thumb.kind, thumb.reason) == ("down", "too long, write to [address]")
    page.feedback[1].set_value(1).run()
    assert [i.kind for i in items()] == ["not_covered", "up"]
    app_settings.cache_clear()


def test_print_view_writes_out_every_source_and_leads_back(page: AppTest) -> None:
    ask(page, "Should my knees point out?")
    button(page, "Print view").click().run()
    assert "> Keep the knees out" in page.markdown[0].value
    assert not page.chat_input
    button(page, "Back to the chat").click().run()
    assert len(turns(page)) == 1


def test_a_copied_answer_keeps_its_sources(page: AppTest) -> None:
    ask(page, "Should my knees point out?")
    assert "[1] Giuliana Zegarra (2022)" in page.code[0].value
    assert "not medical advice" in page.code[0].value


def test_an_exported_talk_shows_nasty_text_and_runs_none_of_it() -> None:
    talk = talk_markdown([crafted(question=NASTY, answer=NASTY, citations=[citation(quote=NASTY)])])
    assert "<img" not in talk
    assert "<script" not in talk
    assert not re.search(r"(?<!\\)!\[", talk)
    assert "](http" not in talk.replace("\\](", "")
    assert "Contreras B, Other A (2015)" in answer_text(crafted(citations=[citation()]))


@given(st.text())
def test_text_never_becomes_markup(raw: str) -> None:
    made = text(raw)
    assert Tags(made).tags == []
    assert not re.search(r"[<>\"']", made)
    for c in "\u202e\u200b\x00\x07":
        assert c not in made


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_a_marked_passage_keeps_all_its_words(raw: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    made = marked(raw, start, end)
    assert made.replace("<mark>", "").replace("</mark>", "") == text(raw)


def test_nothing_is_marked_that_is_not_exact() -> None:
    exact = source_card(citation(), "x", "Keep the knees out.")
    assert "<mark>knees out</mark>" in exact
    for passage in ("Keep your knees out.", "", None):
        card = source_card(citation(), "x", passage)
        assert "<mark>" not in card
        assert "knees out" in card


def test_what_a_source_says_of_itself_is_text_too() -> None:
    document = DocumentRef(id="d", title=NASTY, authors=(NASTY,), year=1, kind="page", url=NASTY)
    evidence = Evidence(design=NASTY, population=NASTY, strength="strong", caveat=NASTY)
    card = source_card(citation(document=document, evidence=evidence, section=NASTY), "x", None)
    assert not {"script", "img", "a"} & set(Tags(card).tags)


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://doi.org/10.1/x", True),
        ("http://gym.example/a?b=c&d=e", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://x.example/\"onclick='a", False),
        ("//evil.example", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert bool(outward(url, "Read")) is linked


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("Call 112 or 911 now.", ["112", "911"]),
        ("In the UK call 999, for advice NHS 111.", ["999", "111"]),
        ("Ring 116 117.", ["116117"]),
        ("Ring +44 20 7946 0958.", ["+442079460958"]),
        ("About 112.5 newtons, 1119 people, 911% and 1,112 sets", []),
    ],
)
def test_numbers_to_call_can_be_called(said: str, called: list[str]) -> None:
    assert re.findall(r'href="tel:([^"]+)"', callable_numbers(said)) == called


def test_every_number_of_the_safety_texts_can_be_called() -> None:
    rules = yaml.safe_load((PAGE.parents[1] / "corpus" / "safety.yaml").read_text("utf-8"))
    for country, listed in rules["numbers"].items():
        made = callable_numbers(rules["call"].format(numbers=listed))
        called = re.findall(r'href="tel:(\d+)"', made)
        assert called == re.findall(r"\d+", listed), country
    for country, line in rules["lines"].items():
        made = callable_numbers(rules["crisis"].format(line=line))
        digits = "".join(re.findall(r"\d", line))
        assert re.findall(r'href="tel:(\d+)"', made) == ([digits] if digits else []), country


@pytest.mark.parametrize(
    ("authors", "kind", "name"),
    [
        (("Giuliana Zegarra",), "article", "Zegarra 2022"),
        (("Contreras B", "Vigotsky AD"), "evidence", "Contreras et al. 2022"),
        (("van Dyk N",), "evidence", "van Dyk 2022"),
        (("College of Medicine",), "evidence", "College of Medicine 2022"),
        (("WHO",), "evidence", "WHO 2022"),
        ((), "evidence", "A title"),
    ],
)  # fmt: skip
def test_a_source_goes_by_a_short_name(authors: tuple[str, ...], kind: str, name: str) -> None:
    document = DocumentRef.model_validate(
        {"id": "x", "title": "A title", "authors": authors, "year": 2022, "kind": kind}
    )
    assert document.short_name == name


@pytest.fixture
def knowledge(page: AppTest) -> AppTest:
    """The second page. AppTest cannot follow a link, so it is drawn by itself."""

    def script() -> None:
        from app.page_knowledge import draw

        draw()

    drawn = AppTest.from_function(script, default_timeout=30).run()
    assert not drawn.exception
    return drawn


def test_the_corpus_is_browsed_by_topic_and_by_muscle_with_its_references(
    knowledge: AppTest,
) -> None:
    button(knowledge, "Squats and leg press for the glutes (7)").click().run()
    seen = shown_html(knowledge)
    assert seen.count("<details>") == 7
    assert "Kubo K" in seen
    assert 'href="https://doi.org/10.1007/s00421-019-04181-y"' in seen
    knowledge.selectbox(key="muscle").set_value("Adductors").run()
    assert 0 < shown_html(knowledge).count("<details>") < 7


def test_the_corpus_is_searched_by_meaning(knowledge: AppTest) -> None:
    knowledge.text_input(key="search").set_value("stretch before leg workout").run()
    seen = words_of(shown_html(knowledge))
    assert "nearest in meaning" in seen
    assert "stretching" in seen.lower()


def test_a_search_within_a_topic_that_has_nothing_says_so(
    knowledge: AppTest, live: LiveChain
) -> None:
    knowledge.selectbox(key="muscle").set_value("Piriformis").run()
    knowledge.text_input(key="search").set_value("warm-up").run()
    assert "No passage fits" in knowledge.info[0].value


def test_a_nasty_search_is_only_a_search(knowledge: AppTest) -> None:
    knowledge.text_input(key="search").set_value(NASTY).run()
    assert not knowledge.exception


def test_every_passage_is_under_its_topic(live: LiveChain) -> None:
    with live.lease() as guide:
        index = guide.index
        by_topic = [
            chosen(index, "", topic, None) for topic in {p.source.id for p in index.passages}
        ]
        assert sum(map(len, by_topic)) == len(index.passages)


def test_the_figures_are_shown_with_their_meaning(knowledge: AppTest) -> None:
    measured = figures()
    assert measured
    seen = words_of(shown_html(knowledge))
    for figure in measured:
        assert figure.figure.title in seen
        assert f"{100 * figure.value:.0f}% of {figure.cases}" in seen


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"figures": []}', '{"figures": {"a": 1}}'])
def test_figures_that_cannot_be_read_are_none(tmp_path: Path, content: str) -> None:
    broken = tmp_path / "baseline.json"
    broken.write_text(content)
    assert figures(broken) == ()
    assert figures(tmp_path / "missing.json") == ()
