"""Turns a question that lacks something into a whole one: "why?", "which is better?".

Knows what kinds of subject a question cannot do without; a question that has its own is
left alone.
"""

from __future__ import annotations

import re

from app.answer.context_clause_words import (
    COMPARES,
    ENOUGH,
    FEW,
    OF_EXERCISE,
    SHORT,
    TAG,
    VAGUE,
    WHICH_THING,
    WHOLE_KINDS,
)
from app.answer.context_grammar import (
    as_question,
    bare,
    frame,
    is_question,
    uncapitalised,
)
from app.answer.context_names import called, study_of
from app.answer.context_people import condition
from app.answer.context_pronouns import resolved
from app.answer.context_short import of_exercise
from app.answer.context_subjects import mentions, of_kind
from app.answer.context_talk import Asked, Made, Talk
from index.words import content_words


def from_clause(
    sentence: str, talk: Talk, *, switch: bool = False, strange: bool = False
) -> Made | None:
    """The question with its pronouns replaced and its missing subject added; None: it is whole."""
    core = bare(re.sub(r"\s+then\b(?=,|[?.!]*$)", "", sentence))
    if re.match(
        r"(?:has|was|is) (?:it|any\w+)\b.* (?:whether|if|how|that|what|why) \w+ \w+", core, re.I
    ):
        return None
    if re.match(r"(?:could|can|might|may) it be\b", core, re.IGNORECASE) and not switch:
        return _joined(talk, core)
    text, dangling = resolved(core, talk)
    if dangling and text == core:
        return None if strange else _joined(talk, core)
    if text != core:
        return Made(as_question(_with_exercise(text, talk)))
    if switch or not is_question(sentence):
        return None
    made = _completed(core, talk)
    return None if strange and made and made.question.startswith(bare(talk.base)) else made


def _joined(talk: Talk, core: str) -> Made | None:
    """Both questions, one after the other: the last resort."""
    base = bare(talk.base)
    if len(base.split()) > 30 or core.lower() in base.lower():
        return None
    return Made(as_question(f"{base}, and {uncapitalised(core)}"), asks_on=True)


def _completed(core: str, talk: Talk) -> Made | None:
    """What a question without a pronoun lacks: the exercise, or any subject at all."""
    named = [m for m in mentions(core) if m.kind != "people" or m.words.startswith("my ")]
    if WHICH_THING.fullmatch(core) and not frame(core) and not of_kind(named, *WHOLE_KINDS):
        return _with_topic(core, talk)
    if of_kind(named, *WHOLE_KINDS):
        return None
    words = len(core.split())
    if of_kind(named, *OF_EXERCISE):
        made = _with_exercise(core, talk)
        return Made(as_question(made)) if made != core and words <= 12 else None
    people = {w for m in of_kind(mentions(core), "people") for w in content_words(m.text)}
    content = [word for word in content_words(core) if word not in people]
    if named or len(content) >= ENOUGH or words > SHORT:
        return None
    if frame(core) and not VAGUE.issuperset(content):
        return None
    return _with_topic(core, talk)


def _with_exercise(text: str, talk: Talk) -> str:
    """Where a question speaks of feet or sets and of no exercise, the one of the talk."""
    named = mentions(text)
    exercise = talk.exercise()
    if exercise is None and not of_kind(named, *WHOLE_KINDS):
        muscles = of_kind(mentions(talk.base), "muscle")
        bodyweight = of_kind(named, "tool") and len(text.split()) <= FEW
        if muscles and bodyweight:
            return f"{bare(text)} for {muscles[0].name}"
        aims = of_kind(mentions(talk.base), "outcome")
        return (
            f"{bare(text)} for {aims[0].words}"
            if aims and of_kind(named, "dose") and aims[0].words not in text
            else text
        )
    if exercise is None or of_kind(named, *WHOLE_KINDS):
        return text
    if not of_kind(named, *OF_EXERCISE):
        return text
    preposition = "for" if of_kind(named, "dose") else "in"
    tag = TAG.search(text)
    said, after = (text[: tag.start()], tag[0]) if tag else (text, "")
    return f"{bare(said)} {preposition} {of_exercise(exercise)}{after}"


def _with_topic(core: str, talk: Talk) -> Made | None:
    """A short question and what the one before was about."""
    if condition(Talk([Asked(core)])) and (lift := talk.exercise()):
        return Made(as_question(f"{core}, for {called(lift, plural=True)}"))
    if (state := condition(talk)) and state.split()[-1] not in core:
        exercise = talk.exercise()
        doing_it = f" in {called(exercise, plural=True)}" if exercise else ""
        doing_it = " in strength training" if "older" in state else doing_it
        return Made(as_question(f"{core}{doing_it} {state}"))
    if study := study_of(talk):
        return Made(as_question(f"{core} in {study}"))
    pair = talk.pair()
    if pair and COMPARES.search(core):
        return Made(as_question(f"{core}, {pair[0].name} or {pair[1].name}"))
    subject = talk.subject(kinds=WHOLE_KINDS)
    several = len({m.value for m in of_kind(mentions(talk.base), *WHOLE_KINDS)}) > 1
    if subject is None or several or subject.kind == "muscle" or mentions(core):
        return _joined(talk, core)
    if subject.kind == "exercise" and of_kind(mentions(talk.base), "part", "tool", "form"):
        return _joined(talk, core)
    if subject.kind == "exercise":
        joint = "of" if core.lower().endswith(" instead") else "in"
        return Made(as_question(f"{core} {joint} {of_exercise(subject)}"))
    return Made(as_question(f"{core} for {subject.name}"))
