"""Greetings, thanks and goodbyes, and what is said to them.

A message is small talk if each of its parts is made of nothing but words of small talk, or
if it is short, thanks, asks nothing and names nothing but people: "very helpful, my mother will
be pleased". Knows nothing of the corpus and of what was said before.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from app.answer.context_grammar import AUXILIARY, QUESTION_WORD
from app.answer.context_subjects import mentions

Kind = Literal["thanks", "bye", "about", "greeting", "praise", "neutral"]

REPLIES: dict[Kind, str] = {
    "thanks": "You're welcome! Ask me anything else about hip thrusts and glute training.",
    "bye": "Take care, and enjoy your training!",
    "about": "I am a program that answers questions about hip thrusts and glute training: form, "
    "muscles and injury risk. Every sentence I say comes from a source that I show you. "
    "What would you like to know?",
    "greeting": "Hi! I answer questions about hip thrusts and glute training: form, muscles and "
    "injury risk, with the source for every sentence. What would you like to know?",
    "praise": "Glad to help. Ask me anything else about hip thrusts and glute training.",
}
"""What is said, by what a message is; the first that fits."""

MOST_WORDS = 14
"""A longer message wants something, even if it thanks."""

_CARRYING: dict[Kind, frozenset[str]] = {
    "thanks": frozenset(
        "thank thanks thankyou thx thnx thanx tnx ty tysm ta cheers merci gracias danke "
        "appreciated appreciate grateful".split()
    ),
    "bye": frozenset("bye goodbye later cya ciao farewell".split()),
    "greeting": frozenset("hi hello hey yo howdy hiya sup greetings morning evening".split()),
    "praise": frozenset(
        "ok okay k kk okey oki great perfect cool nice awesome lol haha hahaha wow super legend "
        "brilliant lovely noted hm hmm hmmm fair interesting helpful helps helped sense sounds "
        "good understood gotcha got alright right excellent fantastic amazing wonderful clear "
        "sweet neat sound useful convinced impressed fascinating fine see ah oh aha love".split()
    ),
}
_AROUND = frozenset(
    "a again afternoon all am an answer answers advice are as at be been bot bro buddy bud bunch "
    "care coach day dear do doc doctor dude enough everyone everything explained explaining for "
    "friend from going guide guys heaps help hope i i'll i'm info it kind kindly know knowing lot "
    "loads lots made makes man many mate me most much my night no now of on our out pal patience "
    "patient point quick quickly really so soon stuff take team that that'll that's the then "
    "there these things this those though tip tips to today tomorrow ton too try u very was we "
    "well were will with ya yeah yep yes you you'll you're you've your and up good".split()
)
"""Words that say neither this nor that, and do no harm beside one that does."""

_KNOWN = _AROUND.union(*_CARRYING.values())

_HELPED = _CARRYING["thanks"] | frozenset({"helpful"})
_GOES_ON = frozenset("and or but then".split())
"""A part that begins so, and does not thank, asks for more."""

_ABOUT = re.compile(
    r"(?:so )?(?:who|what) are you|what (?:can|do) you (?:do|know|answer)"
    r"|what can i ask(?: you)?|are you (?:a )?(?:bot|robot|human|real|ai|an ai)|how are you"
    r"(?: doing)?(?: today)?|help(?: me)?|how does this work|what'?s up",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\?|\d|\b(?:{QUESTION_WORD}|tell|(?<!you )explain|give|show|but|wrong|mean|meant"
    r"|can|could|should)\b"
    rf"|(?:^|[,.!;]\s*|\b(?:and|so|then|now)\s+){AUXILIARY}\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[^,.!?;:()–—]+[,.!?;:()–—]*")
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d")


def smalltalk(text: str) -> str | None:
    """A friendly line for greetings, thanks and questions about the assistant; else None."""
    plain = "".join(c for c in text if unicodedata.category(c) != "So").replace("’", "'")
    parts = [part for part in _PART.findall(plain) if _WORDS.search(part)]
    kinds = [_kind(part) for part in parts]
    if None in kinds:
        return REPLIES["thanks"] if _only_thanks(plain) else None
    return next((reply for kind, reply in REPLIES.items() if kind in kinds), None)


def _kind(part: str) -> Kind | None:
    """What a part of a message is, if it holds nothing but small talk."""
    if _ABOUT.fullmatch(part.strip(" .!?,;:()–—")):
        return "about"
    words = _WORDS.findall(part.lower().replace("glute guide", "guide"))
    found: list[Kind] = [kind for kind, known in _CARRYING.items() if known & set(words)]
    if not _KNOWN.issuperset(words):
        return None
    if "?" in part and found != ["greeting"]:
        return None
    if "thanks" not in found and (words[0] in _GOES_ON or _ASKS.match(part)):
        return None
    if words[:2] in (["see", "you"], ["see", "ya"], ["take", "care"]):
        return "bye"
    return found[0] if found else "neutral"


def _only_thanks(text: str) -> bool:
    """Whether somebody thanks in a few words, asks nothing and names nothing but people."""
    words = _WORDS.findall(text.lower())
    return (
        len(words) <= MOST_WORDS
        and "goodbye" not in words  # may mean more than thanks
        and bool(_HELPED & {*words[:4], *words[-3:]})
        and not _ASKS.search(text)
        and all(mention.kind == "people" for mention in mentions(text))
    )
