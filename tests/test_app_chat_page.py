"""The chat page's logic, by Streamlit's own AppTest over the real chain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app.answer.chain as chain_module
from app.answer import GuideChain
from app.answer.schema import DocumentRef

PAGE = Path(__file__).parents[1] / "app" / "chat_page.py"


@pytest.fixture
def page(guide: GuideChain, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    chain_module.shared_chain.cache_clear()
    monkeypatch.setattr(chain_module, "open_chain", lambda: guide)
    yield AppTest.from_file(str(PAGE), default_timeout=30).run()
    chain_module.shared_chain.cache_clear()


def ask(page: AppTest, question: str) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def text_of(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.info, *page.error))


def test_it_says_what_it_is_and_offers_questions(page: AppTest) -> None:
    assert page.title[0].value == "Glute Guide"
    note = page.caption[0].value
    assert "program" in note
    assert "not medical advice" in note
    assert "stored" in note
    assert len(page.button_group[0].options) >= 4


def test_an_answer_shows_its_numbered_sources_with_the_quote_marked(page: AppTest) -> None:
    ask(page, "Should my knees point out?")
    assert page.expander[0].label.startswith("**[1]** Zegarra 2022: Knees out")
    assert ":primary-background[Keep the knees out" in page.expander[0].markdown[0].value


def test_a_study_shows_how_far_to_trust_it(page: AppTest) -> None:
    ask(page, "Do hip thrusts or squats grow the glutes more?")
    cards = [e for e in page.expander if any("Evidence:" in m.value for m in e.markdown)]
    assert cards
    assert "2023" in cards[0].label


def test_tapping_a_starter_question_asks_it(page: AppTest) -> None:
    starter = page.button_group[0]
    starter.select(starter.options[0]).run()
    assert not page.exception
    assert page.expander


def test_a_refusal_offers_what_it_can_answer_and_shows_no_source(page: AppTest) -> None:
    ask(page, "How much does a hip thrust machine cost?")
    assert "do not cover" in page.info[0].value
    assert not page.expander
    assert len(page.button_group[0].options) == 3


@pytest.mark.parametrize(
    "typed",
    [
        "<img src=x onerror=alert(1)> **bold** [a](http://evil.example) :red[x] $x$ knees",
        "🍑🍑🍑",
        "x" * 2_001,
        "knees\u202e out \x00",
        "`code` # heading knees",
    ],
)
def test_whatever_is_typed_is_shown_as_text(page: AppTest, typed: str) -> None:
    ask(page, typed)
    shown = text_of(page)
    assert "<img" not in shown
    assert "](http" not in shown


def test_a_new_chat_forgets_the_talk(page: AppTest) -> None:
    ask(page, "knees out?")
    next(button for button in page.button if button.label == "New chat").click().run()
    assert not page.expander
    assert page.session_state["talk"] == []


def test_a_missing_index_is_one_sentence_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    chain_module.shared_chain.cache_clear()
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not page.exception
    assert "glute-guide index build" in page.error[0].value
    assert not page.chat_input


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
