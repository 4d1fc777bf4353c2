"""Turns what is no sentence into a question: "and the medius?", "too far?", "for beginners?".

A new subject takes the place of the one of its kind in the question before; its
opposite takes the place of a word; what fits nowhere goes to that question's end.
"""

from __future__ import annotations

import re

from app.answer.context_fragment_words import (
    ACTION,
    ADVERB,
    ANATOMY,
    APPENDED,
    ASKED_NOUN,
    ASKS_ITSELF,
    GOES_ON,
    HEADS,
    JOINED,
    LIGHT,
    LISTED,
    PREPOSITION,
    QUALITY,
    UNIT,
)
from app.answer.context_grammar import (
    as_question,
    asking,
    bare,
    doing,
    is_question,
    uncapitalised,
)
from app.answer.context_names import called
from app.answer.context_replace import (
    activity,
    agreed,
    opposite,
    replaced,
    skill,
    unknown,
    with_phrase,
)
from app.answer.context_subjects import Mention, mentions, of_kind
from app.answer.context_talk import THE_HIP_THRUST, Made, Talk
from app.answer.context_topic import subject_of
from index.words import content_words


def from_fragment(
    words: str, talk: Talk, *, corrects: bool = False, strange: bool = False
) -> Made | None:
    """A question made of these words and of what was asked before; None: they stand alone.

    Args:
        words: No sentence, without its opening.
        talk: What was said before.
        corrects: Whether it takes the place of something just asked.
        strange: Whether there is a word in it that nobody here knows; then it is no
            follow-up unless it names a known subject.
    """
    words = bare(ADVERB.sub("", bare(words)))
    words = re.sub(r"[ -]wise$", "", words)
    base = talk.base
    named = _headed(words)
    if len({m.text.lower() for m in of_kind(named, "exercise")}) > 1 and not corrects:
        return None
    if GOES_ON.match(words) and named and is_question(base):
        return Made(as_question(f"{bare(base)} {words}"))
    if len(named) > 1 and not LISTED.search(words) and not corrects and not ACTION.match(words):
        return Made(_on_subject(words, named, talk))
    if ASKS_ITSELF.search(words) and len(words.split()) > 2:
        return Made(_on_subject(words, named, talk)) if named else None
    alone = bool(named) and _is_only(words, named)
    whole = (
        activity(words, base)
        or (_action(words, talk) if ACTION.match(words) and not corrects and not alone else None)
        or _asked_noun(words, talk)
        or _unit(words, base)
        or _quality(words, talk)
        or _alternatives(words, talk)
        or (skill(words, named, base) if alone else None)
        or (replaced(words, named, base) if alone else None)
        or opposite(words, base)
        or (with_phrase(words, named, base) if PREPOSITION.match(words) else None)
        or (_what_about(words, named[0], talk) if alone else None)
        or (replaced(words, named, base) if named and corrects else None)
        or (_of_dose(words, talk) if of_kind(named, "dose") else None)
        or (_on_subject(words, named, talk) if named else None)
        or (None if strange else unknown(words, base))
    )
    if whole:
        return Made(whole)
    count = len(words.split())
    if strange or count > APPENDED or (count > 2 and len(content_words(words)) == count):
        return None
    if GOES_ON.match(words):
        return Made(as_question(f"{bare(base)} {words}"), asks_on=True)
    return Made(as_question(f"{bare(base)}, {words}"), asks_on=True)


def _headed(words: str) -> tuple[Mention, ...]:
    """The subjects named; of "glute cramps" the cramps, with the whole as its text."""
    named: list[Mention] = []
    for mention in mentions(words):
        last = named[-1] if named else None
        if last and mention.start == last.end + 1 and mention.kind in HEADS:
            text = words[last.start : mention.end]
            named[-1] = Mention(mention.kind, mention.value, last.start, mention.end, text)
        else:
            named.append(mention)
    return tuple(named)


def _is_only(words: str, named: tuple[Mention, ...]) -> bool:
    """Whether there is nothing but one or two subjects and small words."""
    rest = words
    for mention in reversed(named):
        rest = rest[: mention.start] + rest[mention.end :]
    return not LIGHT.sub(" ", rest + " ").strip()


def _alternatives(words: str, talk: Talk) -> str | None:
    """ "Heels or toes" is a question of its own, put to the same matter."""
    if not re.fullmatch(r"[\w' -]+\s(?:or|vs\.?|versus)\s[\w' -]+", words, re.IGNORECASE):
        return None
    if of_kind(mentions(words), "exercise", "ailment"):
        return as_question(words)
    if action := doing(talk.base):
        return as_question(f"{words}, when I {action}")
    if not mentions(words) and of_kind(mentions(talk.base), "part", "form"):
        return None
    if talk.exercise() is None and not of_kind(mentions(talk.base), "ailment"):
        return as_question(f"{bare(talk.base)}, {words}")
    return as_question(f"{words} {_where(talk)}")


def _where(talk: Talk) -> str:
    """The subject of the talk as the end of a question: "in the hip thrust"."""
    subject = next(iter(of_kind(mentions(talk.base), "ailment", "exercise")), None)
    subject = subject or talk.exercise() or THE_HIP_THRUST
    if subject.kind == "exercise":
        return f"in {called(subject, plural=subject.plural)}"
    return f"for {subject.name}"


def _quality(words: str, talk: Talk) -> str | None:
    """ "Safe?" asks it of what is done, or of what the talk is about."""
    if (
        amount := re.fullmatch(
            r"(\d[\w -]*|one \w+|two \w+) (enough|too (?:long|much|many|short))", words
        )
    ) and (action := doing(talk.base)):
        return as_question(f"Is {amount[1]} {amount[2]} to {action}")
    found = QUALITY.fullmatch(words)
    if not found:
        return None
    if action := doing(talk.base):
        return as_question(f"Is it {words} to {action}")
    subject = talk.subject() or THE_HIP_THRUST
    return as_question(f"{'Are' if subject.plural else 'Is'} {subject.name} {words}")


def _of_dose(words: str, talk: Talk) -> str:
    """ "Rest times?" asks which to use."""
    if re.search(r"\b(?:or|vs|than|per|for|in|a)\b|\d", words):
        return as_question(f"{words} {_where(talk)}")
    where = f" {_where(talk)}" if talk.exercise() else ""
    return as_question(f"What {words} should I use{where}")


def _asked_noun(words: str, talk: Talk) -> str | None:
    found = ASKED_NOUN.fullmatch(words)
    if not found:
        return None
    noun = found["noun"].lower()
    verb = "are" if noun.endswith("s") and noun not in {"pros and cons"} else "is"
    study = re.search(
        r"\b(?:study|studies|trial|trials|research|paper|review)\b.*", bare(talk.base)
    )
    if study:
        return as_question(f"What {verb} the {noun} of the {study[0]}")
    if noun in {"evidence", "proof", "study", "studies", "source", "sources"}:
        return as_question(f"Is there evidence: {uncapitalised(bare(talk.base))}")
    if noun.startswith(("example", "alternative", "variation", "tip", "step", "cue")):
        article = "an" if noun[0] in "ae" else "a"
        what = noun if noun.endswith("s") else f"{article} {noun}"
        return as_question(f"{bare(talk.base)}, and what {verb} {what}")
    subject = talk.subject() or talk.exercise() or THE_HIP_THRUST
    return as_question(f"What {verb} the {noun} of {subject.name}")


def _unit(words: str, base: str) -> str | None:
    """ "in seconds?" asks how long."""
    found = re.search(r"\b(?:in|how many|number of)\s+(\w+)$", words)
    if not found or found[1].lower() not in UNIT:
        return None
    ask = UNIT[found[1].lower()]
    return asking(f"{ask}, in {found[1]}," if not ask.endswith(found[1]) else ask, base)


def _what_about(words: str, subject: Mention, talk: Talk) -> str:
    """A new subject that fits nowhere in the question before."""
    base_exercise = next(iter(of_kind(mentions(talk.base), "exercise")), None)
    if subject.kind == "dose":
        return _of_dose(words, talk)
    if subject.kind == "outcome":
        return as_question(f"{bare(talk.base)} for {words}")
    if subject.kind in {"people", "tool"}:
        return as_question(f"{bare(talk.base)} {JOINED[subject.kind]} {words}")
    if subject.kind == "exercise":
        if not mentions(talk.base):
            return as_question(f"{bare(talk.base)} in {subject.name}")
        return as_question(f"{bare(talk.base)}, in {subject.name}")
    name = words if re.match(r"(?:the|my|your)\b", words, re.I) else subject.name
    exercise = base_exercise or talk.exercise() or THE_HIP_THRUST
    where = f"in {called(exercise, plural=False)}"
    there = mentions(talk.base)
    compared = len({m.value for m in of_kind(there, "exercise")}) > 1
    compared = compared and not of_kind(there, "muscle")
    if subject.kind == "muscle" and (compared or of_kind(there, "dose")):
        return as_question(f"{bare(talk.base)} for {subject.name}")
    if subject.kind == "muscle" and subject.text.lower() != "core":
        return as_question(f"What {'do' if subject.plural else 'does'} {subject.name} do {where}")
    if subject.kind in {"part", "muscle"}:
        return as_question(f"What should I do with {name} {where}")
    if subject.kind == "form":
        return as_question(f"How should {name} be {where}")
    return as_question(f"What about {words} {where}")


def _on_subject(words: str, named: tuple[Mention, ...], talk: Talk) -> str:
    """Words that name a subject and ask something about it: "knee angle at the top?"."""
    exercise = talk.exercise()
    if of_kind(named, "exercise", "ailment", "study"):
        return as_question(words)
    if of_kind(named, "remedy") and (old := subject_of(talk.base)):
        return as_question(agreed(talk.base, old, words))
    if exercise is None and of_kind(named, "part", "form", "dose"):
        exercise = THE_HIP_THRUST
    if exercise is None:
        return as_question(f"{bare(talk.base)}, {words}")
    if of_kind(named, "muscle") and ANATOMY.search(words):
        return as_question(words)
    return as_question(f"{words} in {called(exercise, plural=False)}")


def _action(words: str, talk: Talk) -> str:
    """ "Hold my breath meanwhile?" asks whether I should."""
    first, _, rest = words.partition(" ")
    if first.lower().endswith("ing") and first.lower() != "bring":
        return as_question(f"Is {words} right when I {doing(talk.base) or 'do hip thrusts'}")
    others = f", when I {action}" if (action := doing(talk.base)) else ""
    return as_question(f"Should I {first.lower()} {rest}{others}")
