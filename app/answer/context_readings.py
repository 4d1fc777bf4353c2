"""A follow-up put into a whole question, by what was asked before.

One general rule for each form of message: a fragment takes the place of its sibling in
the question before ("and the medius?"), a bare question word asks that question anew
("why?"), a pronoun becomes the subject that it stands for. Knows English a little and
nothing of the corpus; how well a reading fits what the corpus knows is not judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.answer.context_grammar import (
    QUESTION_WORD,
    agreeing,
    agreeing_after,
    as_question,
    asking,
    bare,
    doing,
    uncapitalised,
)
from app.answer.context_message import PRONOUN, Message
from app.answer.context_subjects import NAMES, Mention, mentions
from app.answer.context_talk import Talk
from index.words import content_words, tokens

_PREPOSITIONS = {
    "exercise": "in", "ailment": "with", "remedy": "with", "study": "in", "people": "for",
    "outcome": "for",
}  # fmt: skip
_CARRIES = frozenset({"exercise", "ailment", "muscle", "form", "remedy", "study"})
"""Kinds that a question which names one is about."""

_OPPOSITES = [
    pair.split()
    for pair in (
        "in out", "up down", "inward outward", "inwards outwards", "inside outside", "close far",
        "closer further", "near far", "heavy light", "heavier lighter", "high low",
        "higher lower", "wide narrow", "wider narrower", "top bottom", "before after",
        "more less", "strong weak", "long short", "fast slow", "internal external",
        "deep shallow", "tight loose", "good bad", "benefits risks", "front back",
        "inhale exhale", "raising lowering", "concentric eccentric", "morning evening",
    )
]  # fmt: skip
_GOES_ON = re.compile(
    r"(?:for|in|on|at|with|without|to|during|after|before|if|when|while|than|by|per|from|as|because"
    r"|instead|like|against|over|under|every|once|only|even)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"(?:(?:for|by|in|since|until|to|from) )?(?:how come|how (?:long|much|many|often|far|high"
    rf"|heavy"
    rf"|wide|deep|fast|soon|hard|big|low|close)|{QUESTION_WORD})\b(?: for\b)?",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"what(?: is| are| does| do)? (?:that|it|this|those|these|they)\b", re.I)
_AGAIN = re.compile(r"really|seriously|(?:are )?you sure|is (?:that|it) true", re.I)
_CONTRARY = re.compile(
    r"(?:the )?(?:contrary|opposite|reverse)|(?:the )?other way (?:a?round|about)", re.IGNORECASE
)
_OF_A_STUDY = re.compile(
    r"\b(?:who|people|guys|women|men|test(?:ed)?|measured?|tried|stud(?:y|ies)|trials?"
    r"|took part|groups?|year|journal|published|participants?|subjects?)\b",
    re.IGNORECASE,
)
"""Words about a study, where a pronoun stands for the study, which no subject names."""

_SWAPPED = 5
"""Words of the longest fragment that takes the place of a sibling."""


@dataclass(frozen=True)
class Reading:
    """A whole question that a message may stand for."""

    text: str
    sure: bool = False
    """Whether it may be shown: nothing was guessed but what the passage found bears out."""


def reading(message: Message, talk: Talk) -> Reading:
    """The whole question that a message most likely stands for."""
    core, last = message.core, talk.last
    if message.form == "asking":
        return _asked(core, talk)
    if message.form == "fragment":
        return _completed(core, talk)
    if message.form == "pronoun":
        return filled(message, talk)
    return with_subject(core, talk) if message.form == "clause" else Reading(core or last)


def titled(core: str, title: str) -> str:
    """The message as it stands, and the title of the passage that was found for it."""
    return f"{as_question(core)} ({title})"


def filled(message: Message, talk: Talk) -> Reading:
    """The message with the subject of the talk put in the place of its pronoun, or added to it."""
    core = message.core
    if _DEFINES.fullmatch(core) and (new := talk.brought_up()):
        return Reading(as_question(f"What {'are' if new.plural else 'is'} {new.name}"), sure=True)
    found = PRONOUN.search(core)
    if found is None:  # "in that study"
        return Reading(joined(core, talk.last))
    if found["other"]:
        subject = talk.other()
    else:
        plural = bool(found["many"] or (found["owned"] or "").lower().startswith("their"))
        single = bool(found["one"] or (found["owned"] or "").lower() == "its")
        named = mentions(core)
        subject = talk.meant(plural=plural if plural or single else None, besides=named)
    if subject is None or found["person"]:
        return Reading(joined(core, talk.last))
    before, after = core[: found.start()], core[found.end() :]
    action = doing(talk.last)
    if action and re.search(r"\b(?:do|does|doing)\s+$", before, re.IGNORECASE):
        before = re.sub(r"\b(?:do|does|doing)\s+$", "", before, flags=re.IGNORECASE)
        return Reading(as_question(f"{before}{action}{after}"), sure=True)
    sure = subject.value in talk.found and not found["this"] and not _OF_A_STUDY.search(core)
    name = subject.name
    if found["owned"]:
        name += "'" if name.endswith("s") and subject.plural else "'s"
    elif subject.plural != bool(found["many"]):
        before, after = agreeing(before, subject.plural), agreeing_after(after, subject.plural)
    return Reading(as_question(f"{before}{name}{after}"), sure)


def with_subject(core: str, talk: Talk) -> Reading:
    """The message and, after it, the subject of the talk, if it has none of that weight itself."""
    named = mentions(core)
    subject = talk.meant(besides=named)
    if subject is None or subject.kind not in _PREPOSITIONS or _CARRIES & {m.kind for m in named}:
        return Reading(as_question(core), sure=any(m.value in talk.found for m in named))
    text = as_question(f"{core} {_PREPOSITIONS[subject.kind]} {subject.name}")
    return Reading(text, sure=subject.value in talk.found and not _OF_A_STUDY.search(core))


def joined(core: str, last: str) -> str:
    """The message before the question that it goes on from, or that this one went on from."""
    return as_question(f"{core}: {uncapitalised(bare(last.rsplit(': ', 1)[-1]))}")


def _asked(core: str, talk: Talk) -> Reading:
    """ "Why?" put to the question before; "really?" is that question again."""
    if _AGAIN.fullmatch(core):
        return Reading(talk.last, sure=":" not in talk.last)
    found = _ASKS.fullmatch(core)
    if found is None or found[0].lower() in {"what", "which", "who"}:
        return Reading(joined(core, talk.last))
    word = "why" if found[0].lower() in {"how come", "what for"} else found[0]
    text = asking(word[:1].upper() + word[1:].lower(), talk.last)
    return Reading(text, sure=":" not in text)


def _completed(core: str, talk: Talk) -> Reading:
    """A fragment in the place of its sibling in the question before, or after that question."""
    last = talk.last
    if PRONOUN.search(core):
        return Reading(joined(core, last))
    named, there = mentions(core), mentions(last)
    if named and len(core.split()) <= _SWAPPED and not _GOES_ON.match(core):
        for question in talk.asked[:2]:
            there = mentions(question)
            known = {mention.value for mention in there}
            siblings = [m for m in there if m.kind == named[0].kind]
            if siblings and named[0].value not in known:
                same = [m for m in siblings if m.plural == named[0].plural]
                text = _swapped(question, (same or siblings)[0], named[0], core)
                return Reading(text, _borne_out(text, talk))
    if (opposite := _opposite(core, last)) is not None:
        return Reading(opposite, _borne_out(opposite, talk))
    if named and not _GOES_ON.match(core) and len(content_words(core)) > 1:
        return with_subject(core, talk)
    if _GOES_ON.match(core):
        return Reading(as_question(f"{bare(last)} {core}"))
    return Reading(as_question(f"{bare(last)}, {core}"))


def _borne_out(text: str, talk: Talk) -> bool:
    """Whether it names a subject of what was found, and is no joining of two questions."""
    return ":" not in text and any(mention.value in talk.found for mention in mentions(text))


def _swapped(question: str, old: Mention, new: Mention, core: str) -> str:
    """One subject in the place of another, article and verb agreeing."""
    before, after = question[: old.start], question[old.end :]
    article = re.search(r"\b(?:the|my|your|a|an|both)\s+$", before, re.IGNORECASE)
    words = re.sub(r"^(?:the|my|your|a|an)\s+", "", core, flags=re.IGNORECASE)
    if new.kind == "muscle" and new.value in NAMES and words.lower() == new.text.lower():
        before = before[: article.start()] if article else before
        words = NAMES[new.value]
    elif not article and not new.plural and new.kind in {"part", "tool", "exercise", "muscle"}:
        words = words if words.split()[0].endswith("ing") else f"the {words}"
    if old.plural != new.plural:
        before, after = agreeing(before, new.plural), agreeing_after(after, new.plural)
    return as_question(f"{before}{words}{after}")


def _opposite(core: str, question: str) -> str | None:
    """ "And out?" after "when do I breathe in?"."""
    words, any_will_do = tokens(core), _CONTRARY.fullmatch(core)
    for one, other in _OPPOSITES:
        for new, old in ((one, other), (other, one)):
            found = re.search(rf"\b{old}\b", question, re.IGNORECASE)
            if (
                (any_will_do or new in words)
                and found
                and not re.search(rf"\b{new}\b", question, re.IGNORECASE)
            ):
                after = question[found.end() :]
                after = re.sub(r"^\s+to\b", " from", after) if new == "far" else after
                return as_question(f"{question[: found.start()]}{new}{after}")
    return None
