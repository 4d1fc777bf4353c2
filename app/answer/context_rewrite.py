"""One message made standalone by the talk before it: which of the rules it calls for.

Knows the order of the rules and none of their words.
"""

from __future__ import annotations

import re

from app.answer.context_clauses import from_clause
from app.answer.context_evidence import about_study
from app.answer.context_fragments import from_fragment
from app.answer.context_grammar import (
    as_question,
    bare,
    is_clause,
    is_order,
    is_question,
    sentences,
)
from app.answer.context_openings import (
    Opened,
    opened,
    without_tail,
)
from app.answer.context_people import of_people, put_to, somebody
from app.answer.context_pronouns import resolved
from app.answer.context_short import lacking, short_question
from app.answer.context_subjects import mentions, of_kind
from app.answer.context_talk import Asked, Made, Talk

_FRAGMENT = 12
"""Words of the longest message that is taken for a fragment of a question."""
_SUPPOSING = re.compile(r"(?:what )?if (?P<is>it is |it's )?(?P<case>[^,]+)", re.IGNORECASE)
_IN_FRONT = re.compile(
    r"(?P<where>(?:for|in|during|with) (?:the |a |my )?[\w -]{3,30}), (?P<asked>\w.*)",
    re.IGNORECASE,
)
"""A place put first: "for the thrust, how should I hold it"."""
_NO_MATTER = re.compile(
    r"\b(?:and|so|but|what|how|about|if|then|for|me|though|is|it|ok|same|different|the)\b",
    re.IGNORECASE,
)
"""Words that, beside the people whom a message speaks of, ask nothing of their own."""
_SETTING = 3
"""A sentence of more words than this tells a story; shorter ones are openings."""
_WHOLE = 6
_SUBJECTS = ("exercise", "muscle", "ailment", "outcome")
"""A question of so many words that names one of these says what it is about."""


def rewritten(text: str, talk: Talk, *, strange: bool) -> Made | None:
    """The standalone question; None if the text is one."""
    if bare(text).lower().startswith(bare(talk.base).lower()):
        return None  # the same again, or made already
    told = sentences(text)
    if len(told) > 1 and len(told[0].split()) > _SETTING and _is_whole(told[-1]):
        return None
    if lacks := lacking(bare(text), talk):
        return lacks
    start = opened(text)
    if start.forgotten:
        talk = talk.without(start.forgotten)
    if start.topic is not None:
        return _returned(start, talk, strange=strange)
    if not bare(start.rest):
        return None
    if not start.switch and (someone := _with_somebody(start.rest, talk, strange=strange)):
        return someone
    parts = sentences(start.rest)
    made = _first(parts[0], start, talk, strange=strange)
    if made is None:
        stripped = start.switch or start.corrects
        return Made(start.rest[:1].upper() + start.rest[1:]) if stripped else None
    return Made(" ".join([made.question, *parts[1:]]), made.asks_on)


def _is_whole(sentence: str) -> bool:
    """Whether the question after a story says itself what it is about."""
    words = len(bare(sentence).split())
    return (
        words >= _WHOLE
        and bool(of_kind(mentions(sentence), *_SUBJECTS))
        and (is_question(sentence))
    )


def _with_somebody(text: str, talk: Talk, *, strange: bool) -> Made | None:
    """ "What if I'm 70?", "which one, I'm a beginner": asked for these people."""
    someone = somebody(text, talk)
    if someone is None:
        return None
    if not re.search(r"[a-z]{3}", re.sub(_NO_MATTER, "", someone.rest), re.IGNORECASE):
        return put_to(someone.people, talk)
    made = rewritten(someone.rest, talk, strange=strange)
    return Made(of_people(made.question, someone.people)) if made else None


def _first(sentence: str, start: Opened, talk: Talk, *, strange: bool) -> Made | None:
    """A message's first sentence, made standalone."""
    core = bare(sentence)
    if is_order(core):
        return None
    named = mentions(core)
    if (where := _IN_FRONT.fullmatch(core)) and not start.switch and is_question(where["asked"]):
        made = from_clause(where["asked"], talk, strange=strange)
        if made and not set(named) & set(of_kind(mentions(made.question), "exercise")):
            said, where_to = bare(made.question), where["where"].lower()
            return Made(said + "?" if where_to in said.lower() else f"{said} {where_to}?")
    if start.same_for and len(named) > 1 and of_kind(named, "exercise"):
        return None
    if not start.switch and (supposing := _supposing(core, talk)):
        return supposing
    if not start.switch and (of_study := about_study(core, talk)):
        return of_study
    if not start.switch and not start.same_for and (short := short_question(core, talk)):
        return short
    if start.same_for or not is_clause(core):
        if start.switch or len(core.split()) > _FRAGMENT:
            return None
        words = without_tail(core)
        if start.same_for and of_kind(named, "exercise", "remedy", "muscle"):
            words = re.sub(r",\s+(?:I|my|we)\b.*", "", words)
        if not re.match(r"(?:its|their)\b", words, re.IGNORECASE):  # "its job?"
            words = resolved(words, talk)[0]
        return from_fragment(words, talk, corrects=start.corrects, strange=strange)
    return from_clause(sentence, talk, switch=start.switch, strange=strange)


def _supposing(core: str, talk: Talk) -> Made | None:
    """ "What if I'm pregnant?" puts a condition on the question before."""
    found = _SUPPOSING.fullmatch(core)
    if found is None or not is_question(talk.base):
        return None
    named = mentions(found["case"])
    if found["is"] and named:
        return from_fragment(found["case"], talk)
    if found["is"] or len(named) > len(of_kind(named, "ailment", "people")):
        return None
    return Made(as_question(f"{bare(talk.base)} if {found['case']}"))


def _returned(start: Opened, talk: Talk, *, strange: bool) -> Made | None:
    """ "Back to the feet: how far apart?" is asked where the feet were last the matter."""
    topic = str(start.topic)
    named = mentions(topic)
    earlier = next((q for m in named if (q := talk.about(m.value))), None)
    if not bare(start.rest):
        return Made(earlier) if earlier else from_fragment(topic, talk)
    before = Talk([Asked(earlier or f"What about {topic}?")])
    made = rewritten(start.rest, before, strange=strange)
    said = made.question if made else as_question(start.rest)
    if named and not {m.value for m in named} & {m.value for m in mentions(said)}:
        said = as_question(f"{bare(said)}, about {topic}")
    return Made(said)
