"""The chat: asks the chain once a question, keeps the talk in the visitor's session, draws it.

The talk is gone with the session. Knows nothing of how an answer is made.
"""

from __future__ import annotations

import logging

import streamlit as st

from app.answer import Ask, Turn
from app.feedback import record
from app.page_answer import Shown, announcement, shown, turn_html
from app.page_export import talk_markdown
from app.page_frame import chain, guide_or_notice, theme
from app.page_html import escape_markdown
from app.page_tools import answer_tools
from index.errors import GuideError

MOST_TURNS = 30
"""The oldest go first; the page says so."""

MOST_HISTORY = 6
"""Turns that the chain is told, to understand what follows on them."""

MOST_CHARACTERS = 2_000
STARTERS: dict[str, tuple[str, ...]] = {
    "Doing it": ("How do I do a hip thrust?", "How far should my feet be from the bench?"),
    "Muscles": ("Which muscles does the hip thrust work?", "What does the gluteus medius do?"),
    "When something feels off": (
        "Why do I feel hip thrusts in my quads?",
        "How do I keep my lower back from getting sore?",
    ),
    "What studies found": (
        "Do hip thrusts or squats grow the glutes more?",
        "What did the 2015 study of hip thrusts and squats find?",
    ),
}
_FAULT = "That question met a fault on our side. The chat goes on: ask it again or another way."
_BEGUN_ANEW = (
    "This chat has begun anew: the page was reloaded, or the guide was started again. "
    "Nothing you typed is stored, so the earlier talk cannot come back. Just ask again."
)

_log = logging.getLogger(__name__)


def draw() -> None:
    """Draw the talk and what can be done next."""
    if guide_or_notice() is None:
        return
    state = st.session_state
    talk: list[Shown] = state.setdefault("talk", [])
    with st.container(key="announcer"):
        # One region that stays where it is, so that a change of its words is read out, once.
        st.info(escape_markdown(announcement(talk[-1].answer)) if talk else "Ready for a question.")
    if talk and state.get("print_view"):
        _print_view(talk)
        return
    if talk:
        st.query_params["talk"] = "on"
        _turns(talk)
    else:
        if "talk" in st.query_params:
            st.info(_BEGUN_ANEW, icon=":material/info:")
        _welcome()
    if problem := state.pop("problem", None):
        st.error(problem, icon=":material/error:")
    if talk:
        _next(talk[-1])
        _tools(talk)
    with st.container(key="ask"):
        st.chat_input(
            "Ask about hip thrusts and glute training",
            key="typed",
            max_chars=MOST_CHARACTERS,
            on_submit=_typed,
        )


def ask(question: str) -> None:
    """Run the chain once: the talk grows by one turn, or the page says why not.

    A callback: it runs before the page is drawn, so however often the page is drawn
    again, the chain is not asked again.
    """
    state = st.session_state
    talk: list[Shown] = state.setdefault("talk", [])
    history = tuple(
        Turn(question=turn.answer.question, answer=turn.answer.answer)
        for turn in talk[-MOST_HISTORY:]
    )
    try:
        guide = chain()
        answer = guide.invoke(Ask(question=question, history=history))
    except GuideError as error:
        state["problem"] = escape_markdown(str(error))
        return
    except Exception as error:  # noqa: BLE001 - one question fails, the page goes on
        # The kind of fault only: what was typed is in no log.
        _log.error("A question could not be answered: %s", type(error).__name__)
        state["problem"] = _FAULT
        return
    talk.append(shown(state.get("turns", 0) + 1, answer, guide))
    del talk[:-MOST_TURNS]
    state["turns"] = talk[-1].number
    state["fresh"] = talk[-1].number
    if answer.status == "not_covered":
        record("not_covered", answer.id, answer.standalone_question)


def _typed() -> None:
    if question := st.session_state.get("typed"):
        ask(question)


def _turns(talk: list[Shown]) -> None:
    """Every turn; only the one just answered comes in sentence by sentence."""
    fresh = st.session_state.get("fresh")
    if talk[0].number > 1:
        st.html(f'<p class="gg-note">Only the last {MOST_TURNS} questions are kept here.</p>')
    for turn in talk:
        st.html(turn_html(turn, theme(), fresh=turn.number == fresh, last=turn is talk[-1]))
        answer_tools(turn)


def _welcome() -> None:
    st.html(
        '<div class="gg-welcome"><h2>What would you like to know about glute training?</h2>'
        "<p>Every sentence of an answer shows the words it stands on. What the sources do not "
        "hold, I do not say.</p></div>"
    )
    for n, (name, questions) in enumerate(STARTERS.items()):
        _offer(name, questions, f"start-{n}")


def _next(turn: Shown) -> None:
    """Questions to tap: what follows on an answer, or what can be answered instead."""
    if turn.answer.refused:
        _offer("I can answer these", [s.question for s in turn.answer.nearest], str(turn.number))
    elif turn.answer.status != "safety":
        _offer("You could ask next", [s.question for s in turn.answer.related], str(turn.number))


def _offer(name: str, questions: list[str] | tuple[str, ...], key: str) -> None:
    if not questions:
        return
    st.html(f'<p class="gg-theme" id="gg-theme-{key}">{name}</p>')
    with st.container(key=f"offer-{key}", horizontal=True, gap="small"):
        for n, question in enumerate(dict.fromkeys(questions)):
            st.button(
                escape_markdown(question), key=f"ask-{key}-{n}", on_click=ask, args=(question,)
            )


def _tools(talk: list[Shown]) -> None:
    with st.container(key="tools-talk", horizontal=True, gap="small"):
        st.button("New chat", key="new", icon=":material/refresh:", type="tertiary",
                  on_click=_begin_anew)  # fmt: skip
        st.download_button(
            "Download the talk",
            lambda: talk_markdown([turn.answer for turn in talk]),
            file_name="glute-guide-talk.md",
            mime="text/markdown",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="download",
        )
        st.button("Print view", key="print", icon=":material/print:", type="tertiary",
                  on_click=_print, args=(True,))  # fmt: skip


def _print_view(talk: list[Shown]) -> None:
    """The talk as a plain page with every source written out."""
    with st.container(key="controls", horizontal=True, gap="small"):
        st.button("Back to the chat", key="back", icon=":material/arrow_back:",
                  on_click=_print, args=(False,))  # fmt: skip
    st.html(
        '<p class="gg-note gg-screen">Print it with Ctrl+P, on a phone with Share, then Print.</p>'
    )
    st.markdown(talk_markdown([turn.answer for turn in talk]))


def _begin_anew() -> None:
    for name in ("talk", "turns", "fresh", "print_view", "problem"):
        st.session_state.pop(name, None)
    st.query_params.clear()


def _print(on: bool) -> None:
    st.session_state["print_view"] = on
    st.session_state["fresh"] = None
