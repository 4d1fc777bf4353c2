"""Does the answer to a yes/no question open with yes or with no? Only where that is sure.

Two small forests read signals of the question and of the passage that answers it: which
words turn the question ("only", "never", "proven"), which of its words the passage does
not say, and what is banked for the passage as answered by yes or by no. Below its
threshold a forest keeps silent: no opening is better than a wrong one. Forests and
thresholds are made by `python -m eval.train_opening` and shipped in opening.json.

Knows nothing of how the rest of the answer is composed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.answer.frames import SOUGHT
from app.answer.judge_terms import read
from app.answer.judge_trees import Forest, from_json, logistic
from app.answer.shape import shape_of
from index.bank import OPENINGS, Opening
from index.chunk import Passage
from index.retrieve import Hit, NearQuestion
from index.words import content_words, stems, tokens

HOME = Path(__file__).parent / "opening.json"

TURNS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "denies": "not no never without nothing nobody neither nor don doesn isn aren won can't",
        "absolute": "always only just all every everyone everybody solely purely evenly whole "
        "absolutely entire entirely totally completely exactly",
        "proves": "proven prove proof proves scientific guarantee guaranteed sure settled",
        "must": "must need necessary have mandatory required",
        "bad": "bad danger dangerous risk risky harm harmful hurt wrong problem lose losing worse "
        "ruin waste wasting",
        "fine": "ok okay fine alright safe enough skip ignore",
        "way": "in out up down inward outward inwards outwards front back forward backward",
        "more": "more higher better bigger stronger greater most biggest largest best faster",
        "less": "less lower weaker fewer smaller least smallest slower worse",
        "same": "same equal equally similar alike",
        "helps": "help helps improve improves good worth work works",
        "causes": "cause causes caused prevent prevents reason stop stops keep",
        "may": "can could may might",
        "should": "should ought supposed",
        "studied": "study studies research measured tested trial review checked evidence",
        "some": "some sometimes partly somewhat bit little part",
    }.items()
}
"""Words that decide what a question comes to, by what they do."""

_TAG = re.compile(
    r"\b(?:right|correct|yes|yeah|no|true|innit|isn['’]t it|doesn['’]t it|aren['’]t they)"
    r"\s*\?*\s*$",
    re.I,
)
_UNSETTLED = re.compile(
    r"disagree|unclear|uncertain|mixed|conflict|no consensus|doubtful|not consistently|unknown"
    r"|whether",
    re.I,
)
_ASKS_WHETHER_STUDIED = re.compile(
    r"\b(?:stud(?:y|ies|ied)|research\w*|evidence|trials?|tested|measured|proof|prove[ns]?|proved"
    r"|scientific\w*|scien\w+|data|sources?|figures?|looked into|backed)\b",
    re.I,
)
_EXISTS = re.compile(
    r"\b(?:is|are|was|were) there (?:any |an? |some )?(?:\w+ ){0,2}"
    r"(?:stud(?:y|ies)|trials?|research|evidence|data|figures|numbers)\b"
    r"|\b(?:has|have|had|(?:was|were)(?= (?:an?|it|that|this)\b)) (?:[\w-]+ ){1,8}?(?:been )?"
    r"(?:tested|studied|examined|investigated|researched)\b"
    r"|\b(?:any(?:one|body)|some(?:one|body)|ever)\b.*?"
    r"\b(?:test|tested|stud(?:y|ied)|check|checked|measure|measured|look|looked)\b",
    re.I,
)
"""Asks whether something was studied at all."""
_LEAVE = re.compile(
    r"^(?:can|could|may|should|shall|must) (?:i|we|my|our)\b|\b(?:ok(?:ay)?|fine|safe|alright)\b",
    re.I,
)
"""Asks for leave or for advice."""
_WARNS = re.compile(
    r"\b(?:advis\w+ against|avoid\w*|should not|must not|do not|lower(?:ed|s)|harm\w*|worse\w*"
    r"|rather than|not for everyone|stop)\b",
    re.I,
)
_DENIED = re.compile(r"\b(?:not|no|neither|never|nor|little|without|rather than)\b|n['’]t\b", re.I)
_KINDS = ("side", "change", "amount", "muscle", "part")


@dataclass(frozen=True)
class Openers:
    """A forest and the probability from which on it speaks, for each word it may say."""

    forests: Mapping[Opening, tuple[Forest, float]]


def opening_of(question: str, hit: Hit, banked: Sequence[NearQuestion]) -> Opening | None:
    """How the answer by this passage opens; None where nothing is sure enough."""
    if shape_of(question) != "polar":
        return None
    values = signals(question, hit, banked)
    sure = {
        opening
        for opening, (forest, threshold) in load().forests.items()
        if logistic(forest.log_odds(values)) >= threshold
    }
    opening = sure.pop() if len(sure) == 1 else None
    return None if opening is not None and _forbidden(opening, question, hit) else opening


def _forbidden(opening: Opening, question: str, hit: Hit) -> bool:
    """Whether an opening would be wrong, however sure a forest is.

    That no study was found is a "no" only to a question for studies, and never a "yes";
    that a study found nothing is no "no" to a question whether there is one; and a warning
    gives nobody leave.
    """
    asked = _asked(question)
    first = hit.passage.sentences[0]
    if SOUGHT.search(first):
        return opening != "unclear" and (
            opening == "yes" or not _ASKS_WHETHER_STUDIED.search(asked)
        )
    if opening == "no":
        return bool(_EXISTS.search(asked))
    return opening == "yes" and bool(_LEAVE.search(asked) and _WARNS.search(first))


def _asked(question: str) -> str:
    """The last sentence of a message: what it asks."""
    return re.split(r"(?<=[.!?])\s+", question.strip())[-1]


def signals(question: str, hit: Hit, banked: Sequence[NearQuestion]) -> dict[str, float]:
    """What a question and the passage that answers it have to say about yes and no."""
    passage = hit.passage
    asked = _asked(question)
    first = passage.sentences[0]
    words = {
        "asked": frozenset(tokens(asked)),
        "told": frozenset(tokens(passage.text)),
        "first": frozenset(tokens(first)),
    }
    values: dict[str, float] = {
        f"{where}:{name}": float(bool(found & turn))
        for where, found in words.items()
        for name, turn in TURNS.items()
    }
    values["tagged"] = float(bool(_TAG.search(asked)))
    values["length"] = float(len(question.split()))
    values["unsettled"] = float(bool(_UNSETTLED.search(first)))
    values["denied"] = float(bool(_DENIED.search(first)))
    values["denied_later"] = float(bool(_DENIED.search(passage.text[len(first) :])))
    content = frozenset(stems(content_words(asked)))
    values["missing"] = _missing(content, f"{passage.section} {passage.text}")
    values["missing_first"] = _missing(content, first)
    values |= _conflicts(asked, passage)
    values["whole"] = hit.whole
    values["sentence_first"] = hit.sentences[0]
    values["sentence_later"] = max(hit.sentences[1:], default=0.0)
    for opening in OPENINGS:
        alike = [near.similarity for near in banked if near.opening == opening]
        values[f"near:{opening}"] = max(alike, default=0.2)
        values[f"share:{opening}"] = len(alike) / max(1, len(banked))
    values["near:yes-no"] = values["near:yes"] - values["near:no"]
    return values


def _missing(content: frozenset[str], text: str) -> float:
    """Share of the question's content that a text does not say."""
    return len(content - set(stems(content_words(text)))) / max(1, len(content))


def _conflicts(asked: str, passage: Passage) -> dict[str, float]:
    """For each kind of the lexicon: whether the question names a value that the passage lacks."""
    mine, theirs = read(asked), read(f"{passage.section} {passage.text}")
    found: dict[str, float] = {}
    for kind in _KINDS:
        told = theirs.values(kind)
        foreign = mine.values(kind) - told
        found[f"foreign:{kind}"] = float(bool(foreign))
        found[f"instead:{kind}"] = float(bool(foreign and told))
    return found


@cache
def load(home: Path = HOME) -> Openers:
    """The forests shipped beside this module."""
    raw = json.loads(home.read_text("utf-8"))
    return Openers(
        {
            opening: (from_json(raw[opening]), float(raw[opening]["threshold"]))
            for opening in OPENINGS
            if opening in raw
        }
    )
