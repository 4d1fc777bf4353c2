"""The first look at what was typed: clean it, or say why it cannot be read.

Knows nothing of the corpus. Words are never obeyed here or later; they are only text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 2_000

_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]*>", re.DOTALL | re.I)
_TARGET = r"\((?:[^()]|\([^()]*\))*\)"
_IMAGE = re.compile(r"!\[[^\]]*\]" + _TARGET)
_LINK = re.compile(r"\[([^\]]*)\]" + _TARGET)
_URL = re.compile(r"\b(?:https?|javascript|data|file|ftp):\S+", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_THANKS = re.compile(
    r"(?:(?:ok(?:ay)?|kk|great|perfect|cool|nice|awesome|brilliant|legend|lovely|got it|super|well"
    r"|h+m+|oh|ah|alright|right|noted|fair enough|many|no)[\s,.!]*)*"
    r"(?:thank(?:s| you)|thx|thnx|tnx|ty|ta|tysm|cheers|merci|much appreciated)"
    r"(?: (?:so|very) much| a lot| a ton| a bunch| man| mate| bro| buddy| dude| dear| love| again"
    r"| kindly| loads| heaps| for now| then| everyone"
    r"| for (?:(?:all )?the|your|that|this)(?: \w+)?)*",
    re.I,
)
_GREETING = re.compile(
    r"(?:hi+|hello+|hey+|yo|howdy|good (?:morning|afternoon|evening|day)|hiya|sup|what'?s up)"
    r"(?: (?:there|all|again|coach|guide|mate|bro|bot|glute guide))*",
    re.I,
)
_BYE = re.compile(r"(?:good ?)?bye+(?: bye)?|see (?:you|ya)(?: later| soon)?|take care|later", re.I)
_ABOUT = re.compile(
    r"(?:so )?(?:who|what) are you|what (?:can|do) you (?:do|know|answer)"
    r"|what can i ask(?: you)?|are you (?:a )?(?:bot|robot|human|real|ai|an ai)|how are you"
    r"(?: doing)?(?: today)?|help(?: me)?|how does this work",
    re.I,
)
_PRAISE = re.compile(
    r"ok(?:ay)?|great|perfect|cool|nice|awesome|got it|lol|haha+|wow|super|legend"
    r"|brilliant|lovely|noted|kk|h+m+|fair enough|good to know|(?:very |how |that'?s )?interesting"
    r"|(?:that'?s |very |super )?helpful|that (?:really )?helps|(?:that )?makes sense|i see|will do"
    r"|sounds good|good (?:stuff|point|one|answer)|understood",
    re.I,
)


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


def smalltalk(text: str) -> str | None:
    """A friendly line for greetings, thanks and questions about the assistant itself."""
    plain = "".join(c for c in text if unicodedata.category(c) != "So")
    said = plain.strip(" .!?,;:)(").replace("’", "'")
    parts = [part for part in re.split(r"\s*[,.!?]+\s*", said) if part]
    kinds = {_kind(part) for part in parts} if parts else {None}
    if None in kinds:
        return None
    if "thanks" in kinds:
        return "You're welcome! Ask me anything else about hip thrusts and glute training."
    if "bye" in kinds:
        return "Take care, and enjoy your training!"
    if "about" in kinds:
        return (
            "I am a program that answers questions about hip thrusts and glute training: form, "
            "muscles and injury risk. Every sentence I say comes from a source that I show you. "
            "What would you like to know?"
        )
    return (
        "Hi! I answer questions about hip thrusts and glute training: form, muscles and "
        "injury risk, with the source for every sentence. What would you like to know?"
    )


def _kind(part: str) -> str | None:
    for kind, pattern in (
        ("thanks", _THANKS),
        ("greeting", _GREETING),
        ("bye", _BYE),
        ("about", _ABOUT),
        ("praise", _PRAISE),
    ):
        if pattern.fullmatch(part):
            return kind
    return None
