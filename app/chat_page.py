"""Door 1: the page that Streamlit runs. Puts the head over the page that was chosen."""

from __future__ import annotations

import streamlit as st

from app import page_knowledge, page_talk
from app.page_frame import TITLE, head


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title=TITLE, page_icon="🍑", layout="centered")
    pages = [
        st.Page(page_talk.draw, title="Chat", url_path="chat", default=True),
        st.Page(page_knowledge.draw, title="What I know", url_path="what-i-know"),
    ]
    chosen = st.navigation(pages, position="hidden")
    head(pages)
    if chosen is not pages[0]:
        st.session_state["fresh"] = None
    chosen.run()


main()
