"""Follow-ups that bring somebody new: "what about if I'm 70", "im a beginner so?".

Whoever is meant takes the place of the people in the question before, or is added to it.
Knows nobody: an age becomes an age group, a state becomes the people who are in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.answer.context_grammar import as_question, bare, doing
from app.answer.context_subjects import mentions, of_kind
from app.answer.context_talk import THE_HIP_THRUST, Made, Talk

_OLD = 55
_GROWN = 18
_STATES = {
    "beginners": r"(?:an? )?(?:(?:total|complete|absolute|real) )?(?:beginner|newbie|noob|rookie)s?"
    r"|(?:totally |quite |very |brand )?new(?: to (?:this|it|lifting|training|the gym|gym|thrusts"
    r"|hip thrusts|all this))?",
    "older people": r"(?:quite |very |really |getting )?(?:old|elderly|older)"
    r"|a (?:senior|pensioner)|retired",
    "pregnant women": r"pregnant|expecting",
    "women": r"an? (?:woman|female|girl|lady)|female",
    "men": r"an? (?:man|male|guy|bloke)|male",
    "teenagers": r"an? (?:teen|teenager|kid)",
    "athletes": r"an? athlete",
    "runners": r"an? runner",
}
_WHO = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _STATES.items())
_AGE = (
    r"(?:(?:only|just|already|over|about|almost|nearly|like|past|turning|going on) )*"
    r"(?P<age>\d{1,2})(?:'?s)?(?:[ -]?(?:years?|yrs?|yo|y/o)(?:[ -]old)?)?"
)
_SELF = (
    r"(?:(?:i|my \w+|he|she|you|someone|somebody|we) (?:am|is|are)|i'm|i m|im|you're|she's|he's)"
)
_BECOMES = re.compile(
    rf"[\s,;.–-]*\b(?:(?:and|but|so|cause|because|since|as|given|what|how|about|if|when|for|at|or|"
    rf"though|that) )*(?:{_SELF}\s+(?:{_AGE}|{_WHO})|(?:at|for|in)\s+(?:(?:an?|my|your|her|his"
    rf")\s+)?{_AGE.replace('age', 'years')}"
    r"|(?P<again>(?:at|for|in) (?:my|that|this|his|her|their) age))"
    r"(?=[\s?.,!]*$|[,.;?]|\s+(?:so|then|though|now|and|but)\b)(?:\s+(?:so|then|though"
    r"|now)\b)*[\s,;.?!]*",
    re.IGNORECASE,
)


_CONDITION = re.compile(
    r"\b(?:after (?:giving )?birth|after (?:a |my )?c-section|(?:in|during) (?:a |my"
    r" )?(?:late |early )?"
    r"pregnancy|while pregnant|after (?:hip |knee |back )?surgery)\b",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(r"\b(?:older people|older women|older men|teenagers|beginners)\b", re.I)


@dataclass(frozen=True)
class Somebody:
    """Who a message speaks of, and the message without those words."""

    people: str
    rest: str


def somebody(text: str, talk: Talk) -> Somebody | None:
    """Whom a message brings in; None if it speaks of nobody new."""
    found = _BECOMES.search(text)
    if found is None:
        return None
    if found["again"]:
        people = _spoken_of(talk)
    elif age := found["age"] or found["years"]:
        years = int(age)
        people = "older people" if years >= _OLD else "teenagers" if years < _GROWN else ""
        if (
            found["years"]
            and not re.search(r"year|yr|yo|y/o|'?s\b|-old", found[0])
            and years < _OLD
        ):
            people = ""
    else:
        people = next(name for name in _STATES if found[name.replace(" ", "_")])
    if not people:
        return None
    return Somebody(people, f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;"))


def _spoken_of(talk: Talk) -> str:
    """The age group that the talk has been about."""
    for asked in reversed(talk.asked):
        for mention in of_kind(asked.subjects, "people"):
            if mention.words in {"older people", "teenagers", "children"}:
                return mention.words
        if known := somebody(asked.question, Talk()):
            return known.people
    return ""


def condition(talk: Talk) -> str:
    """Whom or which state the talk is about, as the end of a question; "" if anybody."""
    for asked in reversed(talk.asked[-3:]):
        if found := _CONDITION.search(asked.question):
            return found[0]
        named = _OF_PEOPLE.search(asked.question)
        if people := named[0] if named else _spoken_of(Talk([asked])):
            return f"for {people}"
    return ""


def put_to(people: str, talk: Talk) -> Made:
    """The question before, about these people."""
    base = bare(talk.base)
    there = of_kind(mentions(base), "people")
    if people in {"older people", "teenagers"} and not base.lower().startswith("how"):
        exercise = talk.exercise() or THE_HIP_THRUST
        like = "" if exercise.words.endswith("training") else f" such as {exercise.words}"
        return Made(as_question(f"Is strength training{like} good for {people}"))
    if there:
        old = there[-1]
        start = re.sub(r"\b(?:the|a|an)\s+$", "", base[: old.start])
        return Made(as_question(f"{start}{people}{base[old.end :]}"))
    if action := doing(base):
        return Made(
            as_question(re.sub(rf"\b(?:I|you|we)\b(?=.*{re.escape(action)})", people, base))
        )
    return Made(as_question(f"{base} for {people}"))


def of_people(question: str, people: str) -> str:
    """A question that is asked for these people."""
    if any(m.words == people for m in mentions(question)):
        return question
    if people == "older people" and (lifts := of_kind(mentions(question), "exercise")):
        start = re.sub(r"\b(?:the|a|an)\s+$", "", question[: lifts[0].start])
        lift = "" if lifts[0].words.endswith("training") else f" such as {lifts[0].words}"
        question = f"{start}strength training{lift}{question[lifts[0].end :]}"
    return as_question(f"{bare(question)} for {people}")
