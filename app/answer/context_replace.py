"""Puts a new subject, an opposite or a phrase into the question before.

Article and verb agree with what is put in. Knows nothing of earlier turns.
"""

from __future__ import annotations

import re

from app.answer.context_fragment_words import (
    ACTIVITIES,
    ATHLETIC,
    CONTRARY,
    FIT,
    FLIPPED,
    MOMENT,
    OPPOSITES,
    SKILL,
    SKILLS,
    WHEN,
)
from app.answer.context_grammar import (
    agreeing,
    agreeing_after,
    as_question,
    bare,
    is_question,
)
from app.answer.context_names import called
from app.answer.context_subjects import NAMES, Mention, mentions, of_kind
from app.answer.context_topic import subject_of
from index.words import content_words


def replaced(words: str, named: tuple[Mention, ...], base: str) -> str | None:
    """The question before, with its subject of the same kind replaced."""
    new = named[0]
    there = mentions(base)
    if not is_question(base):
        return None
    for kind in FIT.get(new.kind, (new.kind,)):
        same = [m for m in there if m.kind == kind and m.value != new.value]
        narrower = [m for m in there if m.value == new.value and m.text.lower() in new.text.lower()]
        if narrower and narrower[0].text.lower() != new.text.lower():
            return _put(base, narrower[0], words, new)
        same = [m for m in same if m.value != "thigh"] or same
        if not same:
            continue
        if any(m.value == new.value for m in there):
            return None
        number = [m for m in same if m.plural == new.plural]
        old = (number or same)[0]
        return _put(base, old, words if len(named) > 1 else new.text, new)
    return None


def _put(base: str, old: Mention, words: str, new: Mention) -> str:
    """Put one subject in the place of another, article and verb agreeing."""
    before, after = base[: old.start], base[old.end :]
    article = re.search(r"\b(?:the|my|your|a|an|both)\s+$", before, re.IGNORECASE)
    owner = article[0].strip().lower() if article else ""
    if re.match(r"\s+[a-z]+", after) and old.text.lower() in {
        "glute",
        "gluteal",
        "hamstring",
        "quad",
    }:
        words = re.sub(r"^the ", "", new.name)
        return as_question(f"{before}{words}{after}")
    if new.kind == "muscle" and new.value in NAMES and words == new.text:
        before = before[: article.start()] if article else before
        words = NAMES[new.value]
    elif owner in {"a", "an", "both"}:
        before = before[: article.start()] if article else before
        words = words if new.plural else f"the {words}"
    elif not owner and not new.plural and new.kind in {"part", "tool", "exercise", "muscle"}:
        words = words if words.split()[0].endswith("ing") else f"the {words}"
    if old.plural != new.plural:
        before, after = agreeing(before, new.plural), agreeing_after(after, new.plural)
        stem = re.match(r"(.*\b(?:do|does|is|are|was|were)\s+)((?:the|my|your)\s+)$", before, re.I)
        if stem:
            before = agreeing(stem[1], new.plural) + stem[2]
    return as_question(f"{before}{words}{after}")


def agreed(base: str, old: str, new: str) -> str:
    """A question with another subject, its verb agreeing."""
    start = base.lower().index(old.lower())
    plural = bool(re.search(r"(?<!s)s$", new))
    return f"{agreeing(base[:start], plural)}{new}{base[start + len(old) :]}"


def opposite(words: str, base: str) -> str | None:
    """The question before, with one of its words replaced by its opposite."""
    if CONTRARY.fullmatch(words):
        for there in re.finditer(r"[a-z]+", base, re.IGNORECASE):
            if flipped := FLIPPED.get(there[0].lower()):
                return as_question(f"{base[: there.start()]}{flipped}{base[there.end() :]}")
        return None
    found = re.fullmatch(
        r"(?:(?:too|the|a|only|just|more|going|on the)\s+)*([a-z-]+)(?:\s+part)?", words, re.I
    )
    if not found:
        return None
    word = found[1].lower()
    for group in OPPOSITES:
        if word not in group:
            continue
        for there in re.finditer(r"[a-z-]+", base, re.IGNORECASE):
            if there[0].lower() in group and there[0].lower() != word:
                before, after = base[: there.start()], base[there.end() :]
                if word in {"far", "further"}:
                    after = re.sub(r"^\s+to\b", " from", after)
                return as_question(f"{before}{word}{after}")
    return None


def unknown(words: str, base: str) -> str | None:
    """A word that is no known subject takes the place of what the question was about."""
    if not (1 <= len(words.split()) <= 2) or len(content_words(words)) != len(words.split()):
        return None
    if re.match(r"[a-z]{3,}er\s", words, re.IGNORECASE):
        return None
    if WHEN.search(words):
        return None
    if (old := subject_of(base)) and not re.match(r"(?:to|more|less|very|too|so)\b", words):
        return as_question(agreed(base, old, words))
    named = of_kind(mentions(base), "exercise", "ailment", "tool")
    if not named or len(bare(base).split()) > 12:
        return None
    if re.search(r"\b(?:I|you|we)\s+$", base[: named[0].start]):
        return None
    return _put(base, named[0], words, Mention("", words, 0, len(words), words))


def activity(words: str, base: str) -> str | None:
    """ "And running?" after "When can I lift again?": another verb in its place."""
    word = bare(words).lower()
    verb = word.removesuffix("ing") if word.endswith("ing") else ""
    verb = {"runn": "run", "squatt": "squat", "cycl": "cycle", "swimm": "swim"}.get(verb, verb)
    verb = {"exercis": "exercise"}.get(verb, verb)
    if verb not in ACTIVITIES:
        return None
    there = re.search(
        rf"(?<=\b)(?:I|she|he|we|you|my \w+|one)\s+(?P<verb>{'|'.join(ACTIVITIES)}|start"
        rf"|restart)\b",
        base,
        re.IGNORECASE,
    )
    if there is None:
        return None
    verb = f"start {word}" if there["verb"].endswith("start") else verb
    return as_question(f"{base[: there.start('verb')]}{verb}{base[there.end('verb') :]}")


def skill(words: str, named: tuple[Mention, ...], base: str) -> str | None:
    """ "How about jumping?" where the talk asks what an exercise does for a skill."""
    doer = next(iter(of_kind(mentions(base), "exercise")), None)
    if not doer or doer.text.lower() in SKILLS or not SKILL.fullmatch(named[0].text):
        return None
    if not ATHLETIC.search(base):
        return None
    return as_question(f"Do {called(doer, plural=True)} improve {words}")


def with_phrase(words: str, named: tuple[Mention, ...], base: str) -> str:
    """The question before and a phrase: "for beginners", "at the top"; one of a kind."""
    if named and named[0].kind in {"people", "tool", "exercise", "muscle", "outcome"}:
        there = [m for m in mentions(base) if m.kind == named[0].kind]
        if len(there) == 1 and there[0].value != named[0].value:
            head = re.search(
                r"\b(?:for|with|without|in|on)\s+(?:(?:the|a|an|my)\s+)?$", base[: there[0].start]
            )
            if head:
                rest = base[there[0].end :]
                return as_question(f"{base[: head.start()]}{words}{rest}")
    skills = [m for m in mentions(base) if SKILL.fullmatch(m.text)]
    if named and skills and SKILL.fullmatch(named[0].text):
        return _put(base, skills[0], named[0].text, named[0])
    if words.lower().startswith("to ") and (to := re.search(r"\bto [a-z]+\b.*", bare(base))):
        return as_question(f"{base[: to.start()]}{words}")
    if MOMENT.match(words) and not of_kind(mentions(base), "part", "muscle", "form"):
        return as_question(f"What should I do {words} of the hip thrust")
    return as_question(f"{bare(base)} {words}")
