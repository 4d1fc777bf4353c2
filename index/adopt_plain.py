"""Plain text in, a draft out: headings, lists and paragraphs guessed from bare lines.

Scraped text has bare lines for headings, or none where the scrape lost them. This finds or
makes them, keeps lists, and drops captions of pictures. What it drops, it reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from index.chunk import sentence_spans
from index.draft import Draft, escape

HEADING_WORDS = 10

_BULLET = re.compile(r"[*•·▪‣–-]\s+(.*)")
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+(.*)")
_MARKED_HEADING = re.compile(r"#{1,6}\s+(.*)")
_FIRST_VERB = re.compile(
    r"\s+(?:is|are|was|were|has|have|can|could|will|would|should|may|might|must|do|does|in"
    r"|that|which|who|when|because|to|for|during|as|and|or|with|of)\b",
    re.I,
)


@dataclass(frozen=True)
class _Line:
    """A line with what stands around it; `gap` is the number of blank lines before it."""

    text: str
    before: str
    after: str
    gap: int

    @property
    def marker(self) -> str | None:
        """`-` or `3.` for an item; a numbered line is one only beside another."""
        if _BULLET.fullmatch(self.text):
            return "-"
        numbered = _NUMBERED.fullmatch(self.text)
        beside = _NUMBERED.fullmatch(self.before) or _NUMBERED.fullmatch(self.after)
        return f"{numbered[1]}." if numbered and beside else None


@dataclass
class _Section:
    heading: str
    body: list[tuple[str | None, str]] = field(default_factory=list)
    """Paragraphs and items, with the items' markers."""


def read_plain_draft(text: str) -> Draft:
    """Read the text of a page."""
    draft = Draft()
    sections: list[_Section] = []
    for line in _lines(text):
        if not re.search(r"\w", line.text):
            draft.dropped.append(line.text)
        elif not draft.sets_aside(line.text):
            _sort_line(draft, sections, line)
    draft.body = "\n\n".join(
        f"## {escape(draft.heading(section.heading))}\n\n{_paragraphs(section.body)}"
        for section in sections
        if section.body
    )
    return draft


def _lines(text: str) -> list[_Line]:
    bare = [" ".join(line.split()) for line in text.split("\n")]
    places = [n for n, line in enumerate(bare) if line]
    said = ["", *(bare[n] for n in places), ""]
    gaps = [after - before - 1 for before, after in pairwise([-3, *places])]
    return [
        _Line(said[n + 1], before=said[n], after=said[n + 2], gap=gap) for n, gap in enumerate(gaps)
    ]


def _sort_line(draft: Draft, sections: list[_Section], line: _Line) -> None:
    """Put a line of content where it belongs."""
    heading = _heading(line)
    if heading is not None:
        if draft.title is None:
            draft.title = heading
        elif _caption(draft, line, heading):
            draft.dropped.append(line.text)
        else:
            sections.append(_Section(heading))
        return
    if not sections:
        sections.append(_Section(draft.title or _made_up_heading(line.text)))
    elif line.marker is None and line.gap >= 2 and sections[-1].body:
        sections.append(_Section(_made_up_heading(line.text)))
    item = line.marker and (_BULLET.fullmatch(line.text) or _NUMBERED.fullmatch(line.text))
    text = item[item.re.groups] if item else line.text
    sections[-1].body.append((line.marker, text))
    draft.begun = True


def _heading(line: _Line) -> str | None:
    """The heading that a line is, if it is one: `1. Foot placement` is, an item is not."""
    if marked := _MARKED_HEADING.fullmatch(line.text):
        return marked[1].strip(" #")
    if line.marker is not None:
        return None
    numbered = _NUMBERED.fullmatch(line.text)
    text = numbered[2] if numbered else line.text
    if len(text.split()) > HEADING_WORDS or text.endswith((".", "!", ",", ";")):
        return None
    return text.rstrip(" :")


def _caption(draft: Draft, line: _Line, heading: str) -> bool:
    """Whether a bare line is a picture's caption: in lower case, or said twice."""
    if _MARKED_HEADING.fullmatch(line.text):
        return False
    twice = line.text == line.after or draft.dropped[-1:] == [line.text]
    return twice or heading[0].islower()


def _made_up_heading(paragraph: str) -> str:
    """A heading for a section whose own was lost: the subject of its first sentence."""
    start, end = next(iter(sentence_spans(paragraph)), (0, len(paragraph)))
    sentence = paragraph[start:end]
    subject = re.split(r"[(,:;.!?]", sentence)[0]
    words = subject.split()
    cut = _FIRST_VERB.search(subject, len(words[0]) if words else 0)
    short = subject[: cut.start()] if cut and cut.start() > 3 else " ".join(words[:6])
    return short.strip() or "More"


def _paragraphs(body: list[tuple[str | None, str]]) -> str:
    """Paragraphs and items as Markdown, the items of a list kept together."""
    parts = [f"{marker} {escape(text)}" if marker else escape(text) for marker, text in body]
    text = parts[0]
    for n, part in enumerate(parts[1:], 1):
        text += ("\n" if body[n - 1][0] and body[n][0] else "\n\n") + part
    return text
