"""What every page shares: the head, the note on what this is, the chain or a notice without it.

Knows nothing of questions.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from app.answer.live import LiveChain, current_chain
from app.config import app_settings
from app.page_html import escape_markdown, text
from app.picture_svg import Theme
from index.errors import GuideError

TITLE = "Glute Guide"
STYLE = Path(__file__).with_name("page.css")


def head(pages: list[Page]) -> None:
    """Name, ways to the other page, and in one line what this is."""
    st.html(STYLE)
    with st.container(
        key="head", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.html('<h1 class="gg-brand">Glute <span>Guide</span></h1>', width="content")
        with st.container(key="pages", horizontal=True, gap="small", width="content"):
            for page in pages:
                st.page_link(page)
    st.html(f'<p class="gg-note">{text(note())}</p>')


def note() -> str:
    """What this is and what it keeps."""
    settings = app_settings()
    if settings.feedback:
        kept = (
            "No talk is stored; thumbs and questions I cannot answer are counted, without names, "
            f"for {settings.feedback_days} days."
        )
    else:
        kept = "Nothing you type is stored."
    return f"A program. General information, not medical advice for a person. {kept}"


def chain() -> LiveChain:
    """The chain that answers now.

    Raises:
        GuideError: if there is no index, or it cannot be used.
    """
    return current_chain()


def guide_or_notice() -> LiveChain | None:
    """The chain, or a notice that says what is missing and how to mend it."""
    try:
        with st.spinner("Waking up. This takes a few seconds after a start."):
            return chain()
    except GuideError as error:
        st.error(
            f"**The guide cannot answer right now.** {escape_markdown(str(error))}",
            icon=":material/construction:",
        )
        st.html(
            '<p class="gg-note">If you run this guide: put it right as said above and reload the '
            "page. If you came to ask: please come back a little later.</p>"
        )
        return None


def theme() -> Theme:
    """Whose colours pictures take; the texts follow by themselves."""
    return "dark" if st.context.theme.type == "dark" else "light"
