"""Puts a subject of the talk in the place of "it", "they", "that one", "the smallest".

A pronoun whose subject stands in the same message, in a clause before it, is left alone;
so is the "it" that stands for nothing ("is it safe to ..."). Knows only known subjects.
"""

from __future__ import annotations

import re

from app.answer.context_grammar import case, doing, gerund
from app.answer.context_names import (
    by_size_and_place,
    called,
    of_noun,
    of_one,
    pair_is_last,
    possessive,
    study_of,
    the_other,
)
from app.answer.context_pronoun_words import (
    ADJECTIVE_AFTER,
    AFTER_THAT,
    BEFALLS,
    BEFORE_THAT,
    BEING,
    BOUNDARY,
    DURING,
    EMPTY_IT,
    KNOWING,
    OWN_CONTEXT,
    PREPOSITION_BEFORE,
    PRONOUN,
    RESEARCHERS,
    SAID,
    WITH_ITS_VERB,
)
from app.answer.context_subjects import mentions
from app.answer.context_talk import THE_HIP_THRUST, Talk
from app.answer.context_topic import subject_of


def resolved(text: str, talk: Talk) -> tuple[str, bool]:
    """The text with its pronouns replaced, and whether one of them still dangles."""
    text = by_size_and_place(text, talk)
    beside = {mention.kind for mention in mentions(text)}
    empty = [found.span() for found in EMPTY_IT.finditer(text)]
    out, at, dangling = "", 0, False
    for found in PRONOUN.finditer(text):
        if any(start <= found.start() < end for start, end in empty):
            continue
        group = str(found.lastgroup)
        if group == "that" and not (
            BEFORE_THAT.search(text[: found.start()]) and AFTER_THAT.match(text[found.end() :])
        ):
            continue
        if group != "other" and _at_home(text, found, group):
            continue
        words, follows = _stand_in(text, found, group, talk, beside)
        if words is None:
            dangling = True
            continue
        before = text[at : found.start()]
        if words.startswith(WITH_ITS_VERB):  # "do that" as a whole
            before, words = re.sub(r"\bdo\s+$", "", before, flags=re.I), words[1:]
        out += before + words
        at = found.end()
        if follows:
            return f"{out}{text[at:]}".rstrip(" ?.!") + f" {follows}", dangling
    return out + text[at:], dangling


def _at_home(text: str, found: re.Match[str], group: str) -> bool:
    """Whether the pronoun's subject stands in the message itself."""
    before = text[: found.start()]
    if group != "person" and BOUNDARY.search(before) and len(before.split()) >= OWN_CONTEXT:
        return True
    for mention in mentions(before):
        if re.search(r"\b(?:which|what|how many)\s+$", text[: mention.start], re.IGNORECASE):
            continue
        between = text[mention.end : found.start()]
        if group == "person" and mention.kind != "people":
            continue
        if group in {"one", "noun"} and mention.kind in {"part", "tool"}:
            continue
        if BOUNDARY.search(between) or group == "poss":
            return True
    return False


def _stand_in(
    text: str, found: re.Match[str], group: str, talk: Talk, beside: set[str]
) -> tuple[str | None, str | None]:
    """What to put for a pronoun, and what the sentence then goes on with at its end."""
    if group == "person":
        person = talk.person()
        owned = found["person"].lower() in {"his", "hers"} or (
            found["person"].lower() == "her" and re.match(r"\s+[\w-]+", text[found.end() :])
        )
        return (f"{person}'s" if owned and person else person), None
    of_people = re.match(r"(?:who|whom|for whom)\b", talk.base, re.IGNORECASE)
    if group == "they" and (of_people or RESEARCHERS.match(text[found.end() :])):
        return None, None
    if group == "they" and beside & {"muscle", "outcome"}:
        doer = talk.subject(plural=True, beside=beside | {"part"})
        if doer and doer.kind == "exercise":
            return called(doer, plural=True), None
    pair = talk.pair()
    if group == "both" or (
        group == "they" and pair and pair_is_last(talk) and pair[0].kind not in beside
    ):
        return (f"{pair[0].name} and {pair[1].name}" if pair else None), None
    if group == "other":
        return the_other(talk), None
    if group == "noun":
        return of_noun(found["noun"].lower(), talk), None
    if group == "one":
        return of_one(found["one"].lower(), talk), None
    if group == "indefinite":
        thing = talk.subject(plural=False, kinds=("tool", "exercise", "form"))
        return (re.sub(r"^the ", "a ", thing.name) if thing else None), None
    if group == "poss":
        owner = talk.subject(plural=found["poss"].lower() == "their")
        return (possessive(owner) if owner else None), None
    if group == "they":
        subject = talk.subject(plural=True, beside=beside)
        return (called(subject, plural=True) if subject else None), None
    return _of_it(text, found, talk, beside)


def _of_it(
    text: str, found: re.Match[str], talk: Talk, beside: set[str]
) -> tuple[str | None, str | None]:
    """A subject in the singular, the exercise, or what was done or supposed."""
    before, after = text[: found.start()], text[found.end() :]
    if re.search(r"\b(?:do|doing|did|done)\s+$", before, re.IGNORECASE):
        return _of_doing(text, before, found[0], talk), None
    if whole := _of_matter(text, before, after, found[0], talk):
        return whole
    if _is_said(before, after):
        return None, None
    exercise = talk.exercise()
    if exercise and DURING.search(before):
        return called(exercise, plural=False), None
    if words := _unnamed(talk):
        return words, None
    subject = talk.subject(plural=False, beside=beside)
    if subject is None:
        return (THE_HIP_THRUST.name if PREPOSITION_BEFORE.search(before) else None), None
    if subject.kind == "study":
        return study_of(talk), None
    return called(subject, plural=False), None


def _unnamed(talk: Talk) -> str | None:
    """The subject of the question before, if it is more than the name of something known."""
    words = subject_of(talk.base)
    if words is None or len(words.split()) < 2:
        return None
    named = mentions(words)
    rest = re.sub(r"^(?:the|a|an|my|your)\s+", "", words, flags=re.IGNORECASE)
    return None if any(m.text.lower() == rest.lower() for m in named) else words


def _of_doing(text: str, before: str, pronoun: str, talk: Talk) -> str | None:
    """What "do that" does; it stays where the message says so itself."""
    if re.match(r"why\b", text, re.IGNORECASE) or re.search(r"\b[a-z]{2,}ing\b.*,", before):
        return pronoun
    if re.search(r"\bdo\s+$", before, re.IGNORECASE) and (action := doing(talk.base)):
        return f"{WITH_ITS_VERB}{action}"
    if (words := subject_of(talk.base)) and re.match(r"[a-z]{3,}ing\b", words, re.IGNORECASE):
        return f"{WITH_ITS_VERB}keep {words}"
    if not re.search(r"\b(?:I|you|we|should|doing)\b", before):
        return None
    done = talk.subject(kinds=("exercise", "form")) or THE_HIP_THRUST
    return called(done, plural=done.plural)


def _of_matter(
    text: str, before: str, after: str, pronoun: str, talk: Talk
) -> tuple[str, str | None] | None:
    """ "Is it bad?", "which muscle prevents that?": what was done or supposed goes to the end."""
    supposed = case(talk.base)
    if supposed and re.match(r"\s*\bis\b", after) and KNOWING.search(before):
        return pronoun, None if supposed in text else f"({supposed})"
    if not ADJECTIVE_AFTER.fullmatch(after) and not BEFALLS.search(before):
        return None
    if supposed:
        return pronoun, None if supposed in text else f"if {supposed}"
    action = doing(talk.base)
    if action and BEFALLS.search(before) and re.match(r"why\b", talk.base, re.IGNORECASE):
        return gerund(action), None
    if action:
        return "it", None if action in text else f"to {action}"
    return None


def _is_said(before: str, after: str) -> bool:
    """Whether "that" is a whole statement: "is that proven", "was that tested"."""
    return bool(BEING.search(before) and SAID.match(after))
