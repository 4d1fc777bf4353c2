"""What can be done with one answer: copy it, and where counting is on, judge it.

Knows nothing of how feedback is kept.
"""

from __future__ import annotations

import streamlit as st

from app.config import app_settings
from app.feedback import record
from app.page_answer import Shown
from app.page_export import answer_text

_REASON = "What was wrong? Optional. Please leave out names and contact details."


def answer_tools(turn: Shown) -> None:
    """The row under an answer."""
    answer = turn.answer
    if answer.status not in {"answered", "not_covered"}:
        return
    with st.container(key=f"tools-{turn.number}", horizontal=True, gap="small",
                      vertical_alignment="center"):  # fmt: skip
        if answer.status == "answered":
            with st.popover("Copy", icon=":material/content_copy:", type="tertiary",
                            key=f"copy-{turn.number}"):  # fmt: skip
                st.code(answer_text(answer), language=None, wrap_lines=True)
        if app_settings().feedback:
            st.feedback("thumbs", key=f"thumb-{answer.id}", on_change=_thumb, args=(turn,))
    if app_settings().feedback and st.session_state.get(f"thumb-{answer.id}") == 0:
        st.text_input(_REASON, key=f"why-{answer.id}", max_chars=200, on_change=_thumb,
                      args=(turn,))  # fmt: skip
        if st.session_state.get(f"why-{answer.id}"):
            st.caption("Thank you. That helps whoever looks after the sources.")


def _thumb(turn: Shown) -> None:
    """Count a thumb; a thumb down keeps the question, or nobody could put it right."""
    answer = turn.answer
    thumb = st.session_state.get(f"thumb-{answer.id}")
    if thumb is None:
        return
    down = thumb == 0
    record(
        "down" if down else "up",
        answer.id,
        answer.standalone_question if down else None,
        st.session_state.get(f"why-{answer.id}") if down else None,
    )
