"""Markdown in, a draft out: its structure stays, lines that are no content go.

Headings get anchors of their own; lists, tables, code and emphasis are left to the reader
of the corpus, `index.page`.
"""

from __future__ import annotations

import re

from index.draft import Draft, escape
from index.page import harmless, parse, plain


def read_markdown_draft(text: str) -> Draft:
    """Read the Markdown of a page without its front matter."""
    draft = Draft()
    lines: list[str | None] = list(text.split("\n"))
    tokens = parse(text)
    for n, token in enumerate(tokens):
        if token.map is None:
            continue
        first, end = token.map
        before = tokens[n - 1] if n else token
        if token.type in {"fence", "code_block"}:
            _keep(draft)
        elif token.type == "html_block":
            draft.dropped.append(harmless(token.content))
        elif token.type != "inline" or not (words := plain(token)):
            continue
        elif before.type == "heading_open":
            first, end = before.map or token.map
            lines[first:end] = _heading(draft, int(before.tag[1]), words, lines[first:end])
        elif before.type not in {"td_open", "th_open"} and _no_content(draft, words):
            lines[first:end] = [None] * (end - first)
        else:
            _keep(draft)
    draft.body = "\n".join(line for line in lines if line is not None).strip("\n")
    return draft


def _keep(draft: Draft) -> None:
    draft.headless |= not draft.anchors
    draft.begun = True


def _no_content(draft: Draft, words: str) -> bool:
    if re.search(r"\w", words):
        return draft.sets_aside(words)
    draft.dropped.append(words)
    return True


def _heading(draft: Draft, depth: int, words: str, lines: list[str | None]) -> list[str | None]:
    """The lines of a heading as they may stay: as they are, renamed, or gone."""
    gone: list[str | None] = [None] * len(lines)
    if _no_content(draft, words):
        return gone
    if draft.title is None and depth == 1:
        draft.title = words
    name = draft.heading(words)
    return lines if name == words else [f"{'#' * depth} {escape(name)}", *gone[1:]]
