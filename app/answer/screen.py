"""The first look at what was typed: clean it, or say why it cannot be read.

Knows nothing of the corpus. Words are never obeyed here or later; they are only text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.answer.smalltalk import smalltalk

MAX_CHARACTERS = 2_000

_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]*>", re.DOTALL | re.I)
_TARGET = r"\((?:[^()]|\([^()]*\))*\)"
_IMAGE = re.compile(r"!\[[^\]]*\]" + _TARGET)
_LINK = re.compile(r"\[([^\]]*)\]" + _TARGET)
_URL = re.compile(r"\b(?:https?|javascript|data|file|ftp):\S+", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Screened:
    """What the visitor wrote, cleaned; `problem` says why it cannot be answered."""

    text: str
    problem: str | None = None
    smalltalk: str | None = None


def screen(raw: str) -> Screened:
    """Clean a message and sort out what no search is needed for."""
    text = clean(raw[: MAX_CHARACTERS * 4])
    if len(raw) > MAX_CHARACTERS:
        return Screened(
            text[:MAX_CHARACTERS],
            problem=f"That message is too long: it has {len(raw):,} characters, I read up to "
            f"{MAX_CHARACTERS:,}. Please ask one shorter question.",
        )
    if not text:
        return Screened(text, problem="Please type a question.")
    if not _WORD.search(text):
        return Screened(text, problem="I found no words in that. Please type a question in words.")
    return Screened(text, smalltalk=smalltalk(text))


def clean(raw: str) -> str:
    """One line of plain words: no markup, no links, no characters that nobody sees."""
    text = unicodedata.normalize("NFKC", raw.encode("utf-8", "ignore").decode("utf-8"))
    text = "".join(
        " " if c in "\n\r\t\v\f\x85\u2028\u2029" else c
        for c in text
        if c in "\n\r\t\v\f\x85" or unicodedata.category(c) not in _HIDDEN
    )
    for pattern, kept in ((_IMAGE, " "), (_LINK, r"\1 "), (_TAG, " "), (_URL, " ")):
        text = pattern.sub(kept, text)
    text = text.replace("<", " ").replace(">", " ")
    return " ".join(text.split())
