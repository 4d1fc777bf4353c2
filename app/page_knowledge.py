"""The second page: the corpus to search and to browse, and how good the answers are.

Knows nothing of how passages are found, only that the index finds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import streamlit as st

from app.page_figures import Measured, figures
from app.page_frame import guide_or_notice
from app.page_html import escape_markdown, outward, text
from app.picture import muscles_in
from app.picture_body import MUSCLES
from index.chunk import Passage
from index.reference import Reference
from index.retrieve import Index

MOST_FOUND = 10
MOST_TYPED = 200
_ALL = "All topics"
_ANY = "Any muscle"


def draw() -> None:
    """Draw the page."""
    live = guide_or_notice()
    if live is None:
        return
    with live.lease() as guide:
        _draw(guide.index)


def _draw(index: Index) -> None:
    passages = index.passages
    st.html(f'<div class="gg-welcome"><h2>What I know</h2><p>{_extent(index)}</p></div>')
    with st.container(key="controls"):
        typed = st.text_input(
            "Search the sources", key="search", max_chars=MOST_TYPED, placeholder="warm-up, sprint"
        )
        topics = {page.source.title: page.source.id for page in passages}
        with st.container(horizontal=True, key="filters"):
            topic = st.selectbox("Topic", [_ALL, *topics], key="topic")
            names = {MUSCLES[m].label.replace("\n", " "): m for m in MUSCLES}
            muscle = st.selectbox("Muscle", [_ANY, *names], key="muscle")
    found = chosen(index, typed or "", topics.get(topic), names.get(muscle))
    _results(found, index, ranked=bool(typed and typed.strip()),
             filtered=topic != _ALL or muscle != _ANY)  # fmt: skip
    _how_good(index)


def chosen(index: Index, typed: str, topic: str | None, muscle: str | None) -> Sequence[Passage]:
    """Passages that fit: the nearest in meaning first where something was typed.

    Args:
        index: What is searched.
        typed: What to look for; empty for no search.
        topic: The id of a document, None for all.
        muscle: A key of `MUSCLES`, None for any.
    """
    pool: Iterable[Passage] = index.passages
    if typed.strip():
        understood = index.keywords.understand(typed.strip())
        pool = [hit.passage for hit in index.search(understood, index.encode(understood))]
    fitting = [
        passage
        for passage in pool
        if (topic is None or passage.source.id == topic)
        and (muscle is None or muscle in muscles_in(f"{passage.title} {passage.text}"))
    ]
    return fitting[:MOST_FOUND] if typed.strip() else fitting


def passage_html(passage: Passage, references: dict[str, Reference]) -> str:
    """One passage that opens, with the sources of its sentences."""
    keys = dict.fromkeys(key for span in passage.spans for key in span.references)
    sources = "".join(f"<li>{_reference(references[key])}</li>" for key in keys)
    if not sources:
        who = ", ".join(passage.source.authors)
        year = f" ({passage.source.year})" if passage.source.year else ""
        address = outward(passage.source.url, "Read it")
        sources = f"<li>{text(who)}{year}. {text(passage.source.title)}. {address}</li>"
    return (
        f"<details><summary>{text(passage.title)}<span>{text(passage.source.title)}</span></summary>"
        f'<div><blockquote class="gg-passage">{text(passage.text)}</blockquote>'
        f"<ul>{sources}</ul></div></details>"
    )


def figures_html(measured: Sequence[Measured]) -> str:
    """Figures as bars, each with its number, how many cases it rests on and what it means."""
    rows = ""
    for m in measured:
        share = f"{100 * m.value:.0f}%"
        kind = ' class="gg-lower"' if m.figure.lower_is_better else ""
        rows += (
            f"<div{kind}><dt>{text(m.figure.title)}</dt>"
            f'<dd class="gg-value">{share} of {m.cases}</dd>'
            f'<dd class="gg-track" aria-hidden="true"><span style="width:{share}"></span></dd>'
            f'<dd class="gg-means">{text(m.figure.means)}</dd></div>'
        )
    return f'<dl class="gg-figures">{rows}</dl>'


def _extent(index: Index) -> str:
    studies = {key for p in index.passages for span in p.spans for key in span.references}
    pages = len({passage.source.id for passage in index.passages})
    return (
        f"{len(index.passages)} passages on {pages} pages, standing on {len(studies)} published "
        f"sources and the pages' own authors. Nothing else: what is not here I do not say."
    )


def _results(found: Sequence[Passage], index: Index, *, ranked: bool, filtered: bool) -> None:
    if not found:
        st.info("No passage fits. Try other words, or all topics.", icon=":material/search_off:")
        return
    if not ranked and not filtered:
        # Everything at once would be a wall: one line a topic says where to look.
        topics = Counter(passage.source.title for passage in found)
        with st.container(key="topics"):
            for n, (title, count) in enumerate(topics.items()):
                st.button(f"{escape_markdown(title)} ({count})", key=f"topic-{n}",
                          type="tertiary", on_click=_choose, args=(title,))  # fmt: skip
        return
    head = f"The {len(found)} nearest in meaning" if ranked else f"{len(found)} passages"
    cards = "".join(passage_html(p, dict(index.references)) for p in found)
    st.html(f'<p class="gg-theme" role="status">{head}</p><div class="gg-known">{cards}</div>')


def _choose(title: str) -> None:
    st.session_state["topic"] = title


def _reference(reference: Reference) -> str:
    who = ", ".join(reference.authors)
    year = f" ({reference.year})" if reference.year else ""
    address = f"https://doi.org/{reference.doi}" if reference.doi else reference.url
    if address is None and reference.pmid:
        address = f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
    link = outward(address, "Read it")
    return f"{text(who)}{year}. {text(reference.title)}. {text(reference.design)}. {link}"


def _how_good(index: Index) -> None:
    measured = figures()
    st.html('<div class="gg-welcome"><h2>How good the answers are</h2></div>')
    if not measured:
        st.info("No figures came with this installation. The eval suite makes them.",
                icon=":material/monitoring:")  # fmt: skip
        return
    st.html(
        '<p class="gg-note">Measured with questions written by hand and never used for tuning. '
        "Solid bars: longer is better. Striped bars: shorter is better.</p>"
        f"{figures_html(measured)}"
        f'<p class="gg-note">Index in use: {text(index.manifest.index_id)}, built '
        f"{text(index.manifest.built_at[:10])}.</p>"
    )
