"""Short questions put to what was asked before: "why?", "which one?", "what else?".

Knows the words of `context_clause_words` and no others.
"""

from __future__ import annotations

import re

from app.answer.context_clause_words import (
    AGAIN,
    CHOICE,
    COMPARES,
    HOW,
    LACKS,
    NEXT,
    OF_LOAD,
    OTHERS,
    WHAT_IS_THAT,
    WHY,
)
from app.answer.context_grammar import (
    as_question,
    asking,
    bare,
    case,
    doing,
    frame,
    uncapitalised,
)
from app.answer.context_names import called
from app.answer.context_subjects import Mention, mentions, of_kind
from app.answer.context_talk import THE_HIP_THRUST, Made, Talk


def short_question(core: str, talk: Talk) -> Made | None:
    """A bare question word, put to what was asked before; or a choice between two."""
    if len(core.split()) > 2:
        core = re.sub(r"\s+then$", "", core)
    if AGAIN.fullmatch(core):
        return Made(talk.last, asks_on=True)
    if NEXT.fullmatch(core):
        return _next(talk)
    if OTHERS.fullmatch(core):
        return _others(talk)
    if WHAT_IS_THAT.fullmatch(core) and (new := talk.defined()):
        return Made(as_question(f"What {'are' if new.plural else 'is'} {new.name}"))
    if WHY.fullmatch(core):
        return Made(asking("Why", talk.base), asks_on=True)
    if found := HOW.fullmatch(core):
        if re.search(r"(?:it|that) be$", core) and (thing := _thing(talk)):
            return Made(as_question(f"{found['ask']} should {thing.name} be"))
        return Made(_how(found["ask"], talk), asks_on=True)
    if (
        CHOICE.fullmatch(core)
        and not of_kind(mentions(core), "exercise")
        and (choice := _choice(core, talk))
    ):
        return Made(choice)
    return None


def lacking(core: str, talk: Talk) -> Made | None:
    """ "No bench though" asks what to use instead."""
    found = LACKS.fullmatch(core)
    if found is None:
        return None
    tool, thrusts = found["tool"], called(talk.exercise() or THE_HIP_THRUST, plural=True)
    return Made(as_question(f"What can I use instead of a {tool} for {thrusts}"))


def _others(talk: Talk) -> Made:
    """ "What's the runner up?" asks for the others of what was asked for."""
    base = bare(talk.base)
    best = re.sub(
        r"^(?:(?:what|which) (?:is|are) )?(?:the )?(?:single )?(best|top|most \w+) ",
        r"What are the other \1 ",
        base,
        flags=re.IGNORECASE,
    )
    if best != base:
        best = re.sub(r"\b(exercise|move|lift|movement|muscle|drill)\b", r"\1s", best, count=1)
        return Made(as_question(best))
    if named := re.fullmatch(r"(?:(?:is|are) )?.+? (?:the )?(best\b.*)", base, re.IGNORECASE):
        return Made(as_question(f"What else is {named[1]}"))
    parts = frame(base)
    if parts and parts.ask.lower().startswith(("what", "which", "who")):
        return Made(as_question(f"{parts.ask.split()[0]} else {parts.aux} {parts.rest}"))
    return Made(as_question(f"What are the others: {uncapitalised(base)}"))


def _next(talk: Talk) -> Made:
    """ "Then what?" goes on in the exercise."""
    base = bare(talk.base)
    exercise = talk.exercise() or THE_HIP_THRUST
    if re.search(r"\b(?:start|begin|beginners?|newbies?)\b", base, re.IGNORECASE):
        thrusts = called(exercise, plural=True)
        return Made(as_question(f"What do beginners progress to after bodyweight {thrusts}"))
    return Made(as_question(f"What comes next in {called(exercise, plural=False)}, step by step"))


def of_exercise(exercise: Mention) -> str:
    return exercise.words if exercise.plural else called(exercise, plural=False)


def _thing(talk: Talk) -> Mention | None:
    """What has a size or a place in the question before: the bench, the pause."""
    things = of_kind(mentions(talk.base), "tool", "form", "part")
    return (
        things[-1]
        if things and frame(talk.base) and not doing(talk.base)
        else (things[-1] if of_kind(things, "tool") else None)
    )


def _how(ask: str, talk: Talk) -> str:
    exercise = talk.exercise()
    if exercise and doing(talk.base) is None and OF_LOAD.fullmatch(ask):
        return as_question(f"{ask} should I go in {of_exercise(exercise)}")
    word = ask[:1].upper() + ask[1:].lower()
    if re.match(r"by what|any ", ask, re.IGNORECASE):
        word = "By how much"
    if ask.lower() in {"how so", "how exactly"}:
        word = "How"
    if (
        (supposed := case(talk.base))
        and (parts := frame(talk.base))
        and parts.ask.lower() == "what"
    ):
        return as_question(f"{word}, if {supposed}")
    return asking(word, talk.base)


def _choice(core: str, talk: Talk) -> str | None:
    """Between what and what: the two that were set side by side."""
    pair = talk.pair()
    if pair is None:
        return None
    sides = f"{pair[0].name} or {pair[1].name}"
    if re.search(r"\bdifferences?\b", core, re.IGNORECASE):
        return as_question(f"What is the difference between {pair[0].name} and {pair[1].name}")
    turned = re.fullmatch(
        r"(?:so\s+)?(?:you'd|you would)\s+(\w+(?: for| with)?)\s+which(?: one)?", core, re.I
    )
    if turned:
        return as_question(f"Which would you {turned[1]}, {sides}")
    turned = re.fullmatch(
        r"(?:so\s+)?(?:i should|do i|should i)\s+(\w+(?: for| with)?)\s+which(?: one)?", core, re.I
    )
    if turned:
        return as_question(f"Which should I {turned[1]}, {sides}")
    if one := re.fullmatch(
        r"(?:so |and )?which(?: one)?(?: is)?(?P<whom> for (?:me|us|him|her))?", core, re.IGNORECASE
    ):
        return as_question(f"Which is better{one['whom'] or ''}, {sides}")
    if not COMPARES.search(core) and len(core.split()) > 4:
        return as_question(f"{core}, {sides}")
    return as_question(f"{core}, {sides}")
