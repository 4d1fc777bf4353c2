"""An answer's extracts in, the same in a language model's words out, each sentence checked.

    one call ─ JSON ─ sentences ─ each one checked (wording) ─ still the answer? ─ Worded

What a model does wrong costs its wording, never the answer: the caller
keeps its extracts. Knows nothing of how the extracts were chosen, and remembers nothing.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.answer.compose import MOST_WORDS, Extract
from app.answer.frames import OPENINGS
from app.answer.language_model import reply_of
from app.answer.prompt import messages
from app.answer.wording import plain, support
from index.chunk import sentence_spans

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

_VERDICT = re.compile(
    r"^(?:yes|no|nope|yeah|not quite|not really|correct|right|true|false|absolutely|exactly"
    r"|definitely)\b\s*[,.:;!–—-]+\s*",
    re.I,
)
"""How a model likes to begin. What it comes to is for `frames` to say; nobody checked this."""

_MARKERS = re.compile(r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\]")


@dataclass(frozen=True)
class Worded:
    """One sentence in a model's words, and the extracts of one passage it stands on."""

    text: str
    extracts: tuple[Extract, ...]
    """In the order of the answer; never empty."""


def rewordable(extracts: Sequence[Extract]) -> bool:
    """Whether a model may say this in other words; one lost step would make the others wrong."""
    return all(extract.span.marker in {None, "-"} for extract in extracts)


def reword(model: BaseChatModel, question: str, extracts: Sequence[Extract]) -> list[Worded] | None:
    """Say the extracts in a model's words, by one call; None where they should stay.

    A wording is of no use if it leaves out the passage that answers, or what studies say of it.

    Args:
        model: Any chat model of LangChain's.
        question: The question as it stands alone; nothing else of the talk is sent.
        extracts: The answer as it would be quoted, best passage first; not empty.
    """
    required = [_required(extract, extracts[0]) for extract in extracts]
    try:
        reply = reply_of(model, messages(question, extracts, required))
    except Exception as error:  # noqa: BLE001  # any library, any network
        log.warning("the language model gave no wording: %s", type(error).__name__)
        return None
    worded: list[Worded] = []
    words = 0
    for text, sources in _said(reply, extracts):
        size = len(text.split())
        if words + size > MOST_WORDS or any(text == known.text for known in worded):
            continue
        if plain(text) and (stands_on := support(text, sources, extracts)):
            worded.append(Worded(text, stands_on))
            words += size
    used = {extract.passage.id for said in worded for extract in said.extracts}
    needed = {e.passage.id for e, must in zip(extracts, required, strict=True) if must}
    return worded if needed <= used else None


def _required(extract: Extract, first: Extract) -> bool:
    """Whether an answer without this one would not answer, or would hide a disagreement."""
    framed_by_studies = bool(extract.frame) and extract.frame not in OPENINGS.values()
    return extract is first or framed_by_studies


def _said(reply: str, extracts: Sequence[Extract]) -> Iterator[tuple[str, list[Extract]]]:
    """The single sentences of a reply, each with the extracts it names; others are left out."""
    for item in _items(reply):
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            continue
        named = item.get("sources")
        if not isinstance(named, list) or not named:
            continue
        numbers = {n for n in named if type(n) is int and 1 <= n <= len(extracts)}
        if len(numbers) < len(set(map(str, named))):
            continue
        text = " ".join(_MARKERS.sub("", item["text"]).split())
        for start, end in sentence_spans(text):
            sentence = _VERDICT.sub("", text[start:end])
            yield sentence[:1].upper() + sentence[1:], [extracts[n - 1] for n in sorted(numbers)]


def _items(reply: str) -> list[object]:
    """The sentences of the last JSON object in the reply that has any."""
    decoder = json.JSONDecoder()
    items: list[object] = []
    position = reply.find("{")
    while position >= 0:
        end = position + 1
        try:
            value, end = decoder.raw_decode(reply, position)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and isinstance(value.get("sentences"), list):
            items = value["sentences"]
        position = reply.find("{", end)
    return items
