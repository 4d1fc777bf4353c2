"""May a sentence in a language model's words be shown, and as standing on which extracts?

Stricter than the judge, which it asks: a model may be made to say anything, and a sentence
too few costs nothing. Words alone, no link, no markup; nearly all of them the passage's
own, none that turns one of its words round. Knows nothing of models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answer.compose import Extract
from app.answer.judge_opposites import alike, opposite
from app.answer.lexicon import NEGATIONS
from app.answer.prompt import LONGEST_SENTENCE
from app.answer.screen import clean
from app.answer.verify import verify
from index.chunk import Passage
from index.words import content_words, stems, tokens

FEWEST_WORDS = 3
"""A sentence of fewer says nothing that could be checked."""

MOST_STRANGERS = 0.25
"""Share of a sentence's words of substance that its passage neither has nor has a like of."""

_LEANING = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|them|he|she|such|both|each|which|here|there"
    r"|however|but|instead|so|thus|therefore|hence|also|and|or|then|otherwise|conversely)\b",
    re.I,
)
"""What so begins means what the sentence before makes of it, and that is not checked."""

_MARKUP = re.compile(r"[\[\]<>{}`*_#|\\$~^]|&#?\w+;")
_ADDRESS = re.compile(r"\bwww\.|//|@|\b[a-z\d-]+\.[a-z]{2,}\b", re.I)


def plain(text: str) -> bool:
    """Whether a sentence is words alone, and can be understood and checked alone."""
    return (
        FEWEST_WORDS <= len(text.split()) <= LONGEST_SENTENCE
        and clean(text) == text
        and text[-1] in ".!?"
        and not any(found.search(text) for found in (_MARKUP, _ADDRESS, _LEANING))
    )


def support(text: str, named: Sequence[Extract], given: Sequence[Extract]) -> tuple[Extract, ...]:
    """The extracts of the first passage that bears the sentence out; empty if none does.

    Those that were named if they bear it out by themselves, else all of the passage that
    were given. Words that only the rest of the passage bears out could not be shown.

    Args:
        text: The sentence.
        named: What the model says it stands on; of several passages, one must do alone.
        given: What the model was given.
    """
    for passage in {extract.passage.id: extract.passage for extract in named}.values():
        if not (_at_home(text, passage) and verify(text, passage.text).supported):
            continue
        for extracts in (named, given):
            shown = tuple(extract for extract in extracts if extract.passage.id == passage.id)
            quotes = [extract.text for extract in shown]
            if not _turned(text, quotes) and verify(text, "\n".join(quotes)).supported:
                return shown
    return ()


def _at_home(text: str, passage: Passage) -> bool:
    """Whether nearly all words of substance are the passage's, or mean the same as one of them."""
    said = set(stems(content_words(text)))
    known = set(stems(tokens(f"{passage.section} {passage.text}")))
    strangers = [word for word in said - known if not any(alike(word, one) for one in known)]
    return len(strangers) <= MOST_STRANGERS * len(said)


def _turned(text: str, quotes: Sequence[str]) -> bool:
    """Whether a word is the opposite of a quoted one, or a "not" came in or fell out."""
    said = set(stems(content_words(text)))
    quoted = set(stems(content_words(" ".join(quotes))))
    if any(opposite(word, one) for word in said - quoted for one in quoted - said):
        return True
    denies, denied = _denies(text), [_denies(quote) for quote in quotes]
    return not any(denied) if denies else all(denied)


def _denies(text: str) -> bool:
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))
    return not NEGATIONS.isdisjoint(words)
