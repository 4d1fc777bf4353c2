"""Turns a question about what was just told into one about its study: "in how many?".

How many took part, who, for how long, how it was done, and whether it was tested at all:
each is asked of what the question before was about. Knows no study.
"""

from __future__ import annotations

import re

from app.answer.context_grammar import as_question, bare
from app.answer.context_names import study_of
from app.answer.context_subjects import mentions
from app.answer.context_talk import Made, Talk
from app.answer.context_topic import as_clause

_THAT = r"(?:it|that|this|they|those|these|them)"
_STUDY = r"(?:stud(?:y|ies)|trials?|experiments?|research|papers?|sample|test|one)"
_PEOPLE = (
    r"(?:people|persons|men|women|blokes|guys|lads|girls|ladies|folks|humans|participants|subjects"
    r"|patients|players|lifters|athletes|volunteers|runners|students|testers)"
)
_TESTED = (
    r"(?:tested|studied|proven|proved|researched|measured|shown|checked|investigated|verified)"
)
_EVER = r"(?:(?:ever|really|actually|properly|already|even|all)\s+)*"
_PROOF = (
    r"(?:(?:actual|good|real|hard|solid|legit|scientific|proper|any|some|the|a|clinical)\s+)*"
    r"(?:science|evidence|proof|research|stud(?:y|ies)|trials?|data)"
)
_IF_TESTED = re.compile(
    rf"(?:has|have|was|were|is|are|did)\s+(?:{_THAT}|(?:any|some)(?:one|body)|somebody)\s+{_EVER}"
    rf"(?:been\s+{_EVER})?(?:{_TESTED}|test|study|prove|measure|check)"
    rf"(?:\s+(?:{_THAT}|by \w+|in (?:a |any )?{_STUDY}|scientifically|at all|yet|anywhere))*"
    rf"|{_EVER}(?:been\s+)?{_TESTED}(?:\s+(?:at all|yet|anywhere|by science))?"
    rf"|(?:(?:is|are|was) there\s+|got\s+|have you\s+(?:got\s+)?|do you have\s+)?{_PROOF}"
    rf"(?:\s+(?:on|for|about|behind|of|to (?:back|support))\s+(?:{_THAT}|any of (?:it"
    rf"|that))(?: up)?)?"
    r"(?:\s+(?:at all|though|or (?:not|no|just bro ?science)))?"
    rf"|(?:what|which)\s+(?:do|does)\s+(?:the\s+)?{_PROOF}\s+says?(?:\s+(?:on|about) {_THAT})?"
    rf"|who\s+(?:has\s+)?(?:tested|studied|proved)\s+{_THAT}"
    r"|says who|who says(?: so| that)?"
    rf"|is\s+{_THAT}\s+(?:scientific|backed by science|evidence[- ]based)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:has|did|have)\s+(?:any(?:one|body)|any study|they|somebody|studies)\s+(?:ever\s+"
    r"|actually\s+)*"
    r"(?:tested|test|measured|measure|studied|study|looked at)\s+"
    r"(?P<what>(?!it\b|that\b|this\b|them\b)[\w-]+(?: [\w-]+)?)(?:\s+then)?",
    re.IGNORECASE,
)
_TESTED_FOR = re.compile(
    rf"(?:(?:has|was|is)\s+{_THAT}\s+)?{_EVER}(?:been\s+)?{_EVER}{_TESTED}\s+"
    r"(?P<for>(?:for|in|on|with|against)\s+(?!it\b|that\b|this\b|a study)\S.*)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?:in|on|with|for|from|among|across|of)\s+how many(?:\s+{_PEOPLE})?(?:\s+.*)?"
    rf"|how many\s+{_PEOPLE}(?:\s+(?:was|were|in|took|did|they|was|tested|then|there|joined)\b.*)?"
    rf"|how many (?:did they|were|was) (?:test|in|it|there|tested|studied)\b.*"
    rf"|how (?:big|large|small) (?:was|is|were)\s+(?:the|that|this|their)\s+{_STUDY}.*"
    r"|(?:and )?(?:the |what(?: is|'s) the |what )?sample(?: size)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?:for\s+)?how (?:long|many (?:weeks|months))\s+(?:did|was|were|is)\s+"
    rf"(?:(?:the|that|this|their)\s+{_STUDY}|{_THAT})\s*(?:run|last|go on|going|take|for|train"
    rf"|test|follow)\b.*"
    rf"|(?:for\s+)?how (?:long|many (?:weeks|months))\s+(?:did|was|were|is)\s+(?:the|that|this"
    rf"|their)\s+{_STUDY}"
    r"|(?:over|for) how (?:many (?:weeks|months)|long (?:a time|did they train))"
    r"|how many (?:weeks|months)",
    re.IGNORECASE,
)
_WHO = re.compile(
    rf"who (?:were|was)\s+(?:{_THAT}|tested|studied|in (?:it|that|the {_STUDY}))\b.*"
    rf"|who (?:took part|participated|did they (?:test|study|use|ask|take))\b.*|(?:on|in) whom"
    rf"|what (?:kind|sort|type) of {_PEOPLE}\b.*|tested (?:on|in) who(?:m)?"
    rf"|(?:on|in) (?:what|which) (?:kind of |sort of )?{_PEOPLE}",
    re.IGNORECASE,
)
_HOW_DONE = re.compile(
    rf"(?:was|were|is)\s+(?:{_THAT}|(?:the|that|this)\s+{_STUDY})\s+(?P<how>supervised|blinded"
    r"|randomi[sz]ed|controlled|funded.*|significant|peer[- ]reviewed|(?:a )?(?:big|small|good"
    r"|proper|long|randomi[sz]ed|controlled).*"
    rf"|(?:only |just |all |done |tested )*(?:in|on|with)?\s*(?:only |trained |untrained |healthy"
    rf" |young |old |older )*(?:trained|untrained|beginners|animals|rats|{_PEOPLE}))",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?!HT|RDL|EMG|ACL|LISS|HIIT|DOMS)[A-Z]{4,}\b")


def about_study(core: str, talk: Talk) -> Made | None:
    """The question about the study of what was asked before; None if it asks no such thing."""
    if _IF_TESTED.fullmatch(core):
        return Made(as_question(f"Is there a study of {as_clause(talk.base)}"), asks_on=True)
    if found := _MEASURED.fullmatch(core):
        pair, exercise = talk.pair(), talk.exercise()
        of = f" from {pair[0].words} and {pair[1].words}" if pair else ""
        of = of or (f" from {exercise.words}" if exercise else f" in {_the_study(talk)}")
        return _asked(f"Has any study measured {found['what']}{of}")
    if found := _TESTED_FOR.fullmatch(core):
        matter = as_clause(talk.base)
        return _asked(f"Is there a study of {matter} {found['for']}")
    named = [m for m in mentions(core) if m.kind not in {"people", "study", "outcome"}]
    if _COUNT.fullmatch(core) and not named:
        return _asked(f"How many people took part in {_the_study(talk)}")
    if _LENGTH.fullmatch(core):
        return _asked(f"How long was {_the_study(talk)}")
    if _WHO.fullmatch(core) and not named:
        return _asked(f"Who took part in {_the_study(talk)}")
    if done := _HOW_DONE.fullmatch(core):
        return _asked(f"Was {_the_study(talk)} {done['how']}")
    return None


def _asked(text: str) -> Made:
    return Made(as_question(text), asks_on=True)


def _the_study(talk: Talk) -> str:
    """By its name, as the talk called it, or by what it is about."""
    base = bare(talk.base)
    if not base.isupper() and (name := _CALLED.search(base)):
        return f"the {name[0]} trial"
    return study_of(talk) or f"the study of {as_clause(talk.base)}"
