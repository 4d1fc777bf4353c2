"""One answer as HTML: what was asked, what is said with its markers, sources, pictures.

Pure: the same answer gives the same bytes, so that a page drawn again does not blink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.answer import Answer, Citation
from app.answer.live import LiveChain
from app.page_html import (
    callable_numbers,
    figure,
    marker,
    outward,
    paragraphs,
    source_card,
    source_line,
    text,
)
from app.picture import Picture, passages_for, pictures
from app.picture_svg import Theme, data_uri, drawing

_MARKERS = re.compile(r"\s*\[\d+\]")
_ITEM = re.compile(r"(?P<number>\d+)\.|[-*•]")


@dataclass(frozen=True)
class Shown:
    """An answer with the passages that its sources stand in, as they were when it was given."""

    number: int
    """Place in the talk, from 1; makes the ids of this turn its own."""
    answer: Answer
    passages: Mapping[str, str]


def shown(number: int, answer: Answer, guide: LiveChain) -> Shown:
    """Keep an answer with what it is shown from; an index switched later changes nothing."""
    found = {name: guide.passage(name) for name in passages_for(answer)}
    return Shown(number, answer, {name: p.text for name, p in found.items() if p is not None})


def turn_html(
    turn: Shown, theme: Theme = "light", *, fresh: bool = False, last: bool = False
) -> str:
    """One turn of the talk.

    Args:
        turn: What was asked and answered.
        theme: Whose colours the pictures use.
        fresh: Just answered: comes in sentence by sentence.
        last: The turn that the view goes to.
    """
    answer, number = turn.answer, turn.number
    names = ["gg-turn", "gg-even" if number % 2 == 0 else "gg-odd"]
    names += ["gg-fresh"] * fresh + ["gg-last"] * last
    asked = text(answer.question).strip() or "<em>(nothing readable)</em>"
    return (
        f'<article class="{" ".join(names)}" aria-label="Question {number} and its answer">'
        f'<h2 class="gg-asked"><span class="gg-hidden">You asked: </span>{asked}</h2>'
        f"{_understood(answer)}{_body(turn, theme)}</article>"
    )


def understood_as(answer: Answer) -> str | None:
    """How a question was read, where that is not what was typed."""
    if answer.status not in {"answered", "not_covered"}:
        return None
    typed, read = (re.findall(r"\w+", t.casefold()) for t in (
        answer.question, answer.standalone_question))  # fmt: skip
    return None if typed == read else answer.standalone_question


def announcement(answer: Answer) -> str:
    """What a screen reader says once when an answer is there."""
    if answer.status == "answered":
        n = len(answer.citations)
        head = f"Answer ready, {n} source{'' if n == 1 else 's'}."
    else:
        head = "Reply ready."
    said = _MARKERS.sub("", answer.answer)
    if answer.safety.level not in {"none", "emergency"}:
        said = f"{answer.safety.message} {said}"
    return f"{head} {said}"


def _understood(answer: Answer) -> str:
    read = understood_as(answer)
    return f'<p class="gg-understood">Understood as: {text(read)}</p>' if read else ""


def _body(turn: Shown, theme: Theme) -> str:
    answer, number = turn.answer, turn.number
    if answer.status == "safety" or answer.safety.level == "emergency":
        return _safety(turn)
    care = _care(turn) if answer.safety.level != "none" else ""
    if answer.status != "answered":
        return f'{care}<div class="gg-said gg-plain">{paragraphs(answer.answer)}</div>'
    targets = {c.n: f"gg-{number}-{c.n}" for c in answer.citations}
    images = "".join(
        figure(picture, _credit(picture, answer, targets))
        for picture in pictures(answer, turn.passages.get, theme)
    )
    return (
        f'{care}<div class="gg-said">{_said(answer, targets)}</div>{images}'
        f"{_sources(answer.citations, targets, turn.passages)}"
    )


def _credit(picture: Picture, answer: Answer, targets: Mapping[int, str]) -> str:
    """Where a picture's content comes from: a link to the study, or the source in the list."""
    if picture.credit is not None:
        return f"Source: {outward(picture.credit[1], picture.credit[0])}"
    for citation in answer.citations:
        if citation.passage_id in picture.passages:
            return f"Source: {marker(citation, targets[citation.n], named=True)}"
    return ""


def _safety(turn: Shown) -> str:
    """A message that stands for itself: no sources beside those that it rests on, no pictures."""
    answer, number = turn.answer, turn.number
    urgent = answer.safety.level == "emergency"
    sign, word = ("gg-alarm", "Get help now") if urgent else ("gg-care", "Please see a clinician")
    message = answer.answer or answer.safety.message
    citations = answer.safety.citations or answer.citations
    targets = {c.n: f"gg-{number}-s{c.n}" for c in citations}
    # Whom to call stands on lines of its own, to be found at a glance.
    parted = re.sub(r" (?=Emergency numbers:|Somebody to talk to:)", "\n\n", message)
    said = paragraphs(_MARKERS.sub("", parted), phones=True)
    return (
        f'<div class="{sign}" role="group" aria-label="{word}">'
        f'<p class="gg-sign">{_icon(urgent=urgent)}{word}</p>{said}</div>'
        f"{_sources(citations, targets, turn.passages, 'Who says so')}"
    )


def _care(turn: Shown) -> str:
    """One line beside an answer."""
    safety, number = turn.answer.safety, turn.number
    word = "Please see a clinician" if safety.level == "see-clinician" else "Take care"
    targets = {c.n: f"gg-{number}-s{c.n}" for c in safety.citations}
    markers = "".join(f" {marker(c, targets[c.n], named=True)}" for c in safety.citations)
    cards = "".join(
        source_card(c, targets[c.n], turn.passages.get(c.passage_id)) for c in safety.citations
    )
    message = callable_numbers(_MARKERS.sub("", safety.message))
    return (
        f'<div class="gg-care" role="note" aria-label="{word}">'
        f'<p class="gg-sign">{_icon(urgent=False)}{word}</p><p>{message}{markers}</p></div>{cards}'
    )


def _icon(*, urgent: bool) -> str:
    """A sign of its own shape: eight corners for an emergency, three for care."""
    colour = "#c02626" if urgent else "#b7791f"
    shape = "M8,1.5 H16 L22.5,8 V16 L16,22.5 H8 L1.5,16 V8 Z" if urgent else "M12,2 L23,21.5 H1 Z"
    mark = (
        '<path d="M12,6.5 V13" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>'
        '<circle cx="12" cy="17" r="1.5" fill="#fff"/>'
    )
    if not urgent:
        mark = f'<g transform="translate(0,2)">{mark}</g>'
    svg = drawing(24, 24, f'<path d="{shape}" fill="{colour}"/>{mark}')
    return f'<img src="{data_uri(svg)}" width="24" height="24" alt="">'


def _sources(
    citations: tuple[Citation, ...],
    targets: Mapping[int, str],
    passages: Mapping[str, str],
    title: str = "Sources",
) -> str:
    if not citations:
        return ""
    lines = "".join(source_line(c, targets[c.n]) for c in citations)
    cards = "".join(source_card(c, targets[c.n], passages.get(c.passage_id)) for c in citations)
    return f'<h3>{title}</h3><ol class="gg-sources">{lines}</ol>{cards}'


def _said(answer: Answer, targets: Mapping[int, str]) -> str:
    """The sentences in paragraphs and lists, each with its markers behind it."""
    by_number = {citation.n: citation for citation in answer.citations}
    named: set[int] = set()
    blocks: list[tuple[str, list[str]]] = []
    position = 0
    for n, sentence in enumerate(answer.sentences):
        gap = _MARKERS.sub("", answer.answer[position : sentence.start])
        position = sentence.end
        markers = ""
        for c in sentence.citations:
            if c in by_number:
                markers += f" {marker(by_number[c], targets[c], named=c not in named)}"
                named.add(c)
        head, item = _opening(gap)
        words = f'{head}<span class="gg-s" style="--n:{n}">{text(sentence.text)}{markers}</span>'
        kind = "p" if item is None else "ol" if item["number"] else "ul"
        if kind != "p" or not blocks or blocks[-1][0] != "p" or "\n\n" in gap:
            blocks.append((kind, [words]))
        else:
            blocks[-1][1].append(words)
    left = _MARKERS.sub("", answer.answer[position:]).strip()
    if left:
        blocks.append(("p", [text(left)]))
    return _joined(blocks)


def _opening(gap: str) -> tuple[str, re.Match[str] | None]:
    """What stands before a sentence: words of no sentence, and the marker of a list item."""
    *before, line = gap.split("\n")
    item = _ITEM.fullmatch(line.strip())
    rest = " ".join([*before, "" if item else line]).strip()
    return (f"{text(rest)} " if rest else ""), item


def _joined(blocks: list[tuple[str, list[str]]]) -> str:
    html, open_list = "", ""
    for kind, words in blocks:
        if kind != open_list and open_list:
            html += f"</{open_list}>"
            open_list = ""
        if kind == "p":
            html += f"<p>{' '.join(words)}</p>"
            continue
        if not open_list:
            html, open_list = f"{html}<{kind}>", kind
        html += f"<li>{' '.join(words)}</li>"
    return html + (f"</{open_list}>" if open_list else "")
