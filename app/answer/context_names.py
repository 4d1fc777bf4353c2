"""How a subject of the talk is called when it takes the place of "that one", "the other".

Knows the subjects that the talk named and nothing of grammar.
"""

from __future__ import annotations

import re

from app.answer.context_pronoun_words import (
    GLUTES,
    HERE,
    LAST_ONE,
    ONES,
    PLACE,
    PLACES,
    PRONOUN,
    SIZE,
    SIZED,
)
from app.answer.context_subjects import Mention, mentions
from app.answer.context_talk import THE_HIP_THRUST, Talk


def called(mention: Mention, *, plural: bool) -> str:
    """The subject's name; exercises come in either number."""
    if mention.kind != "exercise" or mention.plural == plural:
        return mention.name
    words = mention.words
    if plural:
        return words if words.endswith("s") else f"{words}s"
    return f"the {re.sub(r'(?<!s)s$', '', words)}"


def possessive(mention: Mention) -> str:
    """ "the gluteus medius's", "the hamstrings'"."""
    name = mention.name
    return f"{name}'" if mention.plural and name.endswith("s") else f"{name}'s"


def study_of(talk: Talk) -> str | None:
    """ "the study comparing squats with thrusts", as the question named it."""
    for asked in reversed(talk.asked):
        for mention in asked.subjects:
            if mention.kind == "study":
                before = re.search(r"\b(?:\d{4}|LEAP)\s$", asked.question[: mention.start])
                words = asked.question[mention.start :].rstrip(" ?.!")
                words = re.sub(
                    r"(?<=\w)\s+(?:find|found|show|shown|say|conclude|prove)\b.*", "", words
                )
                return f"the {before[0] if before else ''}{words}"
    return None


def of_noun(noun: str, talk: Talk) -> str | None:
    kinds = {
        "muscle": ("muscle",), "group": ("muscle",), "muscles": ("muscle",),
        "injury": ("ailment",), "condition": ("ailment",), "problem": ("ailment",),
        "study": ("study",), "trial": ("study",),
    }.get(noun, ("exercise",))  # fmt: skip
    subject = talk.subject(plural=False) if noun == "thing" else talk.subject(kinds=kinds)
    if kinds == ("study",):
        return None if subject is None else study_of(talk)
    if subject is None and kinds == ("exercise",):
        subject = THE_HIP_THRUST
    return called(subject, plural=noun.endswith("s")) if subject else None


def of_one(words: str, talk: Talk) -> str | None:
    if words.startswith(("of", "one of")):
        subject = talk.subject(plural=True)
        return f"one of {called(subject, plural=True)}" if subject else None
    if words.startswith("which"):
        subject = talk.subject(plural=True)
        if talk.pair() and pair_is_last(talk):
            return "which one"
        return f"which of {called(subject, plural=True)}" if subject else None
    subject = talk.subject(plural=words.endswith("s"))
    return called(subject, plural=words.endswith("s")) if subject else None


def the_other(talk: Talk) -> str | None:
    """Of two or three, the one that was not spoken of last."""
    now = talk.subject(kinds=("muscle", "exercise", "tool", "ailment"))
    if now is None:
        return None
    spoken = {mention.value for mention in mentions(talk.last)}
    others = [m for m in talk.listed(now.kind) if m.value not in spoken | {"glutes"}]
    if not others and (pair := talk.pair()):
        others = [m for m in pair if m.value != now.value]
    return others[-1].name if others else None


def by_size_and_place(text: str, talk: Talk) -> str:
    """ "The smallest" of the glutes, "the second one" of what was named, "strong ones"."""
    if third := talk.third_glute():
        text = LAST_ONE.sub(third, text)
    if re.search(r"\b(?:muscle|glutes?)\b", text) or GLUTES & {
        m.value for asked in talk.asked for m in (*asked.subjects, *asked.answered)
    }:
        text = SIZE.sub(lambda found: f"the gluteus {SIZED[found['size'].lower()]}", text)
    subject = talk.subject(kinds=("muscle", "exercise", "tool", "ailment", "part"))
    if subject and (found := PLACE.search(text)):
        listed = talk.listed(subject.kind)
        place = PLACES[found["place"].lower()]
        if -len(listed) <= place < len(listed):
            text = text[: found.start()] + listed[place].name + text[found.end() :]
    many = talk.subject(plural=True)
    if many and (found := ONES.search(text)) and not PRONOUN.match(found[0]):
        adjective = found["adjective"]
        if adjective.lower() not in {"the", "other", "which", "these", "those"}:
            noun = re.sub(r"^(?:weak|strong|tight)\s", "", many.text)
            text = f"{text[: found.start()]}{adjective} {noun}{text[found.end() :]}"
    exercise = talk.exercise() or THE_HIP_THRUST
    up = r"at the top of " if re.search(r"\bup t?here", text, re.IGNORECASE) else "in "
    return HERE.sub(f"{up}{called(exercise, plural=False)}", text)


def pair_is_last(talk: Talk) -> bool:
    """Whether the question before set two things side by side."""
    pair = talk.pair()
    return bool(pair) and pair is not None and pair[0] in mentions(talk.last)
