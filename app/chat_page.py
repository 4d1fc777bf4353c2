"""Door 1: the chat page, for Streamlit.

Shows Answers; knows nothing of how they are made. The talk lives in the visitor's
session only and is gone with it. Text from anywhere is escaped: it is never markup.
"""

from __future__ import annotations

import re

import streamlit as st

from app.answer import Answer, Citation, GuideChain, shared_chain
from index.errors import GuideError

TITLE = "Glute Guide"
STARTERS = (
    "How do I do a hip thrust?",
    "Which muscles does the hip thrust work?",
    "Why do I feel hip thrusts in my quads?",
    "Hip thrust or glute bridge?",
    "How do I keep my lower back from getting sore?",
    "What is gluteal tendinopathy?",
)
MAX_TURNS = 50


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title=TITLE, page_icon="🍑", layout="centered")
    st.title(TITLE)
    st.caption(
        "A program that answers from its sources and shows the exact words. General "
        "information, not medical advice for a person. Nothing you type is stored."
    )
    try:
        with st.spinner("Waking up ..."):
            guide = shared_chain()
    except GuideError as error:
        st.error(f"The guide cannot answer right now. {error}", icon=":material/error:")
        return

    talk: list[Answer] = st.session_state.setdefault("talk", [])
    for answer in talk:
        show(guide, answer)
    if not talk:
        tapped = suggestions("You could start with", STARTERS, "starter")
    else:
        tapped = after(talk[-1], len(talk))
    typed = st.chat_input("Ask about hip thrusts and glute training")
    if question := typed or tapped:
        with st.spinner("Looking it up ..."):
            talk.append(guide.invoke(question))
        del talk[:-MAX_TURNS]
        st.rerun()


def show(guide: GuideChain, answer: Answer) -> None:
    """One question and its answer, with the sources below."""
    with st.chat_message("user"):
        st.markdown(escape(answer.question) or "*(nothing readable)*")
    with st.chat_message("assistant", avatar=":material/fitness_center:"):
        if answer.refused:
            st.info(escape(answer.answer), icon=":material/help:")
        else:
            st.markdown(escape(answer.answer))
        for citation in answer.citations:
            source(guide, citation)


def after(answer: Answer, number: int) -> str | None:
    """What to ask next, and a way to begin again; returns the question tapped."""
    if answer.refused:
        label, offered = "I can answer these", answer.nearest
    else:
        label, offered = "You could ask next", answer.related
    tapped = suggestions(label, [s.question for s in offered], f"next-{number}")
    if st.button("New chat", icon=":material/refresh:", type="tertiary"):
        st.session_state["talk"] = []
        st.rerun()
    return tapped


def suggestions(label: str, questions: list[str] | tuple[str, ...], key: str) -> str | None:
    """Questions as pills; returns the one tapped."""
    if not questions:
        return None
    return st.pills(label, questions, key=key)


def source(guide: GuideChain, citation: Citation) -> None:
    """A numbered source that opens to its passage, the quoted words highlighted."""
    document = citation.document
    subject = citation.section.rsplit(" › ", 1)[-1]
    with st.expander(f"**[{citation.n}]** {escape(document.short_name)}: {escape(subject)}"):
        passage = guide.passage(citation.passage_id)
        if passage is not None and passage.text[citation.start : citation.end] == citation.quote:
            st.markdown(highlighted(passage.text, citation.start, citation.end))
        else:
            st.markdown(escape(citation.quote))
        if citation.evidence is not None:
            st.markdown(
                f"**Evidence: {citation.evidence.strength}.** {escape(citation.evidence.design)}, "
                f"{escape(citation.evidence.population)}. {escape(citation.evidence.caveat)}"
            )
        who = ", ".join(document.authors)
        year = f" ({document.year})" if document.year else ""
        about = f"{escape(who)}{year}. {escape(document.title)}. {escape(citation.section)}."
        st.caption(f"{about} [Read it]({document.link})" if document.link else about)


def highlighted(text: str, start: int, end: int) -> str:
    """The passage as Markdown with the characters from start to end marked, line by line."""
    lines: list[str] = []
    position = 0
    for line in text.split("\n"):
        first = min(max(start - position, 0), len(line))
        last = min(max(end - position, 0), len(line))
        # A list's marker stays outside, or Markdown would not see the list.
        if (item := re.match(r"(?:\d+\.|-) ", line)) and first < item.end() < last:
            first = item.end()
        before, quoted, behind = line[:first], line[first:last], line[last:]
        marked = f":primary-background[{escape(quoted)}]" if quoted else ""
        head = before if item and first == item.end() else escape(before)
        lines.append(f"{head}{marked}{escape(behind)}")
        position += len(line) + 1
    return "\n".join(lines)


def escape(text: str) -> str:
    """Text as Markdown that shows it unchanged; list markers at a line's start are kept."""
    lines = []
    for line in text.split("\n"):
        marker = re.match(r"(?:\d+\.|-) ", line)
        head = marker[0] if marker else ""
        lines.append(head + re.sub(r"([\\`*_{}\[\]<>#|~$:!&])", r"\\\1", line[len(head) :]))
    return "\n".join(lines)


main()
