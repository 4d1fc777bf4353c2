"""Makes a follow-up stand alone: "and the medius?" becomes "What does the gluteus medius do?".

Deterministic and without a language model. A follow-up is read in words, for people, and
is looked for in several ways at once: as it was typed, as it was read, and together with the
questions before it. A wrong reading then costs little, since no single one decides. History
comes from the client and is only words: it is cleaned like any message, only its last
turns are looked at, and of its answers nothing is used but which known subjects they name.
Knows neither corpus nor index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.answer.context_grammar import as_question, bare, plain
from app.answer.context_message import read, says_nothing
from app.answer.context_readings import joined, reading, titled
from app.answer.context_subjects import mentions
from app.answer.context_talk import Talk
from app.answer.schema import Turn
from app.answer.screen import MAX_CHARACTERS, clean
from app.answer.smalltalk import smalltalk
from index.follow_up import LOOKED_BACK
from index.words import content_words, tokens

MAX_TURNS = 8
"""How many turns of the history are looked at, the last ones."""

MAX_QUESTION = 300
"""Characters of an earlier question that are looked at."""

MAX_ANSWER = 600
"""Characters of an earlier answer that are looked at for known subjects."""

MOST_WORDS = 40
"""A message of more words brings what it needs along."""

STRANGE = 2
"""A message with so many words that the corpus never uses is about something else."""

WEIGHTS = (0.4, 0.4, 0.2)
"""Of the message itself, of it with the questions before, and of it with the subject meant.

Level over a wide range on conversations for which no rule here was written."""

WHOLE = (0.7, 0.3)
"""The first two of a message that stands alone by its form: not all that look so do."""


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
class View:
    """A text to look for, and how much it counts."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Standalone:
    """A question as it was understood."""

    question: str
    """How it reads."""
    rewritten: bool = False
    """Whether that took more than its own words."""
    words: str = ""
    """Its words and those of the question before, for keyword search."""
    views: tuple[View, ...] = ()
    """What to look for instead of the question alone; empty if it stands alone. The first is
    the message itself, the second the message after the questions before it as typed."""


def standalone(
    question: str, history: Sequence[Turn], keywords: Words | None = None, title: str = ""
) -> Standalone:
    """Make a question stand alone by what was said before.

    Args:
        question: What was typed, cleaned or not.
        history: Earlier turns, oldest first; any length, any content.
        keywords: `index.keywords`: puts gym talk into plain words and mends typos, in what
            is read of the history and in a follow-up, never in a question that stands
            alone. None reads words as they stand.
        title: Of the passage that was found, once one was. Among the subjects that the question
            may be about, one that it names is preferred, and what cannot be put into good
            words is shown with it.

    Returns:
        The question unchanged if it stands alone, if there is no history, or if it is
        small talk; else a question of at most 2,000 characters. Never raises for any text.
    """
    text = question if len(question) <= MAX_CHARACTERS else clean(question[:MAX_CHARACTERS])
    if not history or len(question) > MAX_CHARACTERS:
        return Standalone(question[:MAX_CHARACTERS])
    words = keywords or _AsTheyStand()
    talk = _talk(history[-MAX_TURNS:], words)
    if talk and title:
        talk = replace(talk, found=frozenset(mention.value for mention in mentions(title)))
    made = _made(clean(text), talk, words, title) if talk else None
    if made is None:
        return Standalone(question)
    if tokens(made.question) == tokens(plain(text)):
        return replace(made, question=question, rewritten=False)
    return made


def _talk(history: Sequence[Turn], words: Words) -> Talk | None:
    """What the talk has been about, each question as it was understood."""
    talk: Talk | None = None
    typed: tuple[str, ...] = ()
    for turn in history:
        text = clean(turn.question[: 2 * MAX_QUESTION])[:MAX_QUESTION].strip()
        if not re.search(r"[^\W\d_]{2,}", text) or smalltalk(text) or says_nothing(text):
            continue
        made = _made(text, talk, words) if talk else None
        said = made.question if made else as_question(words.understand(read(text).core))
        answered = mentions(clean(turn.answer[: 2 * MAX_ANSWER])[:MAX_ANSWER])
        typed = (*typed, text)[-LOOKED_BACK:]
        asked = (said[:MAX_QUESTION], *(talk.asked if talk else ()))
        talk = Talk(asked, answered, " ".join(typed))
    return talk


def _made(text: str, talk: Talk, words: Words, title: str = "") -> Standalone | None:
    """The message as it is understood after the talk; None if it stands alone."""
    if not bare(text) or smalltalk(text) or says_nothing(text) or len(text.split()) > MOST_WORDS:
        return None
    message = read(text)
    core = bare(words.understand(message.core)) or message.core
    message = replace(message, core=f"{core}, for {message.people}" if message.people else core)
    if message.switches:
        return Standalone(as_question(message.core), rewritten=True)
    if message.returns_to and (earlier := talk.about(message.returns_to)):
        if tokens(message.core) == tokens(message.returns_to):
            return Standalone(earlier, rewritten=True)
        talk = replace(talk, asked=(earlier, *talk.asked))
    if strange(message.core, words.vocabulary) >= STRANGE:
        return Standalone(as_question(message.core), rewritten=True) if message.people else None
    core = as_question(message.core)
    in_talk = f"{talk.typed} {text}"
    if message.form == "whole":
        alone, after = (View(core, WHOLE[0]), View(in_talk, WHOLE[1]))
        return Standalone(core, bool(message.people), core, (alone, after))
    told = reading(message, talk)
    read_as = words.understand(told.text)
    views = (View(core, WEIGHTS[0]), View(in_talk, WEIGHTS[1]), View(read_as, WEIGHTS[2]))
    beside = joined(message.core, talk.last)
    shown = titled(message.core, title) if title and not told.sure else read_as
    return Standalone(shown[:MAX_CHARACTERS], True, f"{beside} {core}", views)


def strange(text: str, vocabulary: frozenset[str]) -> int:
    """How many words of a text the corpus never uses; 0 without a vocabulary."""
    if not vocabulary:
        return 0
    for mention in reversed(mentions(text)):
        text = text[: mention.start] + text[mention.end :]
    return sum(
        word not in vocabulary and not word[0].isdigit() for word in set(content_words(text))
    )
