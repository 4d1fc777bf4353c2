"""Makes a follow-up stand alone: "and the medius?" becomes "What does the gluteus medius do?".

Deterministic and without a language model. The talk is understood turn by turn: each
earlier question is made standalone from those before it, so that a follow-up to a
follow-up is understood too. History comes from the client and is only words: it is
cleaned like any message, only its last turns are looked at, and of its answers nothing
is used but which known subjects they name. Knows neither corpus nor index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.answer.context_grammar import as_question, bare, is_clause, plain, sentences
from app.answer.context_openings import (
    opened,
    put_right,
    says_nothing,
    spelled_out,
    trimmed,
)
from app.answer.context_rewrite import rewritten
from app.answer.context_subjects import mentions
from app.answer.context_talk import Asked, Made, Talk
from app.answer.context_topic import whole
from app.answer.schema import Turn
from app.answer.screen import MAX_CHARACTERS, clean, smalltalk
from index.words import content_words, tokens

MAX_TURNS = 10
"""How many turns of the history are looked at, the last ones."""

MAX_QUESTION = 300
"""Characters of an earlier question that are looked at; a longer message is no follow-up."""

MAX_ANSWER = 600
"""Characters of an earlier answer that are looked at for known subjects."""


ORDINARY = frozenset(
    """
    affects afterwards article ballpark catch different either else exactly example favorite
    favourite feels first gets helps instead invent invented job last looks mean meant
    meanwhile measured neither next nicely nnt ones other others pick point ppl profits
    proof protect question reason result results roughly second stay stays suffers taken
    tested third took wins
    """.split()
)
"""Words of any talk: that the corpus never uses them says nothing about the subject."""


_LONG = 40
"""A message of more words than this brings what it needs along."""


_MANY = 20
"""A message of several sentences and more words than this is no follow-up either."""


class Words(Protocol):
    """What is needed of `index.keywords.Keywords`."""

    vocabulary: frozenset[str]

    def understand(self, question: str) -> str:
        """The question in plain words."""


class _AsTheyStand:
    """Words without an index: none is mended and none is strange."""

    vocabulary: frozenset[str] = frozenset()

    def understand(self, question: str) -> str:
        return question


@dataclass(frozen=True)
class Standalone:
    """A question as it was understood, and whether that took more than its own words."""

    question: str
    rewritten: bool = False


def standalone(
    question: str,
    history: Sequence[Turn],
    keywords: Words | None = None,
) -> Standalone:
    """Make a question stand alone by what was said before.

    Args:
        question: What was typed, cleaned or not.
        history: Earlier turns, oldest first; any length, any content.
        keywords: `index.keywords`: puts gym talk into plain words and mends typos, in what
            is read of the history and in a follow-up, never in a question that stands
            alone; and knows which words the corpus uses. None reads words as they stand.

    Returns:
        The question unchanged if it stands alone, if there is no history, or if it is
        small talk; else a question of at most 2,000 characters. Never raises for any
        text, and gives the same again for its own result.
    """
    text = question if len(question) <= MAX_CHARACTERS else clean(question[:MAX_CHARACTERS])
    if not history or len(question) > MAX_CHARACTERS:
        return Standalone(question[:MAX_CHARACTERS])
    words = keywords or _AsTheyStand()
    talk = _talk(history[-MAX_TURNS:], words)
    text = clean(text)
    made = _settled(text, talk, words)
    if made is None or _same(made.question, words.understand(text)):
        return Standalone(question)
    return Standalone(made.question, rewritten=True)


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but capitals and marks."""
    return tokens(plain(one)) == tokens(plain(other))


def _talk(history: Sequence[Turn], words: Words) -> Talk:
    """What the talk has been about, each question as it was understood."""
    talk = Talk()
    for turn in history:
        text = clean(turn.question[: 2 * MAX_QUESTION])[:MAX_QUESTION].strip()
        if not re.search(r"[^\W\d_]{2,}", text) or smalltalk(text) or says_nothing(text):
            continue
        made = _settled(text, talk, words, settle=False) if talk else None
        said, asks_on = (
            (made.question, made.asks_on)
            if made
            else (words.understand(whole(_topic_only(text))), False)
        )
        answered = mentions(clean(turn.answer[: 2 * MAX_ANSWER])[:MAX_ANSWER])
        talk.asked.append(Asked(plain(said), asks_on, answered))
    return talk


def _topic_only(text: str) -> str:
    """A first question without "hi, quick question:"."""
    start = opened(text)
    return start.rest if start.stripped and not start.corrects and not start.same_for else text


def _settled(text: str, talk: Talk, words: Words, *, settle: bool = True) -> Made | None:
    """The standalone question; if `settle`, one that stays as it is when it is asked again."""
    if not talk or not bare(text) or smalltalk(text) or says_nothing(text):
        return None
    length = len(text.split())
    if length > _LONG or (length > _MANY and len(sentences(text)) > 1):
        return None
    whole_text = plain(words.understand(spelled_out(text)))
    meant = put_right(whole_text)
    understood = trimmed(meant)
    unknown = strange(understood, words.vocabulary)
    first = None if unknown > 1 else rewritten(understood, talk, strange=bool(unknown))
    if first is None:
        return Made(as_question(meant)) if meant != whole_text and is_clause(meant) else None
    made = first.question
    for _ in range(2 if settle else 0):
        again = rewritten(trimmed(plain(words.understand(made))), talk, strange=bool(unknown))
        if again is None or again.question == made:
            return Made(made, first.asks_on) if len(made) <= MAX_CHARACTERS else None
        made = again.question
    return None if settle else first


def strange(text: str, vocabulary: frozenset[str]) -> int:
    """How many words of a text the corpus never uses, fillers and known subjects aside."""
    if not vocabulary:
        return 0
    for mention in reversed(mentions(text)):
        text = text[: mention.start] + text[mention.end :]
    return sum(
        word not in vocabulary and not word[0].isdigit() and word not in ORDINARY
        for word in set(content_words(opened(text).rest))
    )
