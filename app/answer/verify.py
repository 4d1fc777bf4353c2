"""Does a claim follow from a passage? A verdict with a calibrated probability and reasons.

    quoted word for word ─ yes: supported
           └ no ─ signals (judge_signals) ─ trees ─ learned part, if shipped ─ probability
                         └ rules that cannot be outvoted (contradicted) ─ at most 0.08

The first step needs no model and is the one that each sentence of an extractive answer
takes. Knows nothing of questions, of the index or of how the claim came about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.answer.judge_signals import signals
from app.answer.judge_trees import Forest, from_json, logistic

HOME = Path(__file__).parent
NETWORK = Path("judge", "cross-encoder.safetensors")
"""Where the network's weights lie, from HOME."""
CONTRADICTED = 0.08
"""Probability at most of a claim that a rule finds false: 4 of 100 such tuning claims hold."""

_MARKER = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_WORD = re.compile(r"[^\W\d_]{2,}|\d")
_STOPPED = re.compile(r"[.!?;:][\"”')\]]*$")
_OPENERS = frozenset(" \t\"“'(")
_FRESH = re.compile(r"\s*$|[ \t]*\n|\s+[\"“'(]*[A-Z0-9]")
_CLOSED = re.compile(r"\s*$|[ \t]*\n|[.!?][\"”')\]]*(?:\s|$)")
"""What may follow a sentence that has its full stop, and one that was quoted without."""


@dataclass(frozen=True)
class Verdict:
    """Whether the claim follows, how probable that is, and why."""

    supported: bool
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Blend:
    """How log-odds become a probability, and from which probability on the answer is yes.

    The network weighs less the more of the claim is copied: there the trees know better.
    """

    trees: float
    network: float
    network_copied: float
    copied: float
    offset: float
    threshold: float

    def score(self, trees: float, network: float, copied: float) -> float:
        """The calibrated probability."""
        return logistic(
            self.trees * trees
            + (self.network + self.network_copied * copied) * network
            + self.copied * copied
            + self.offset
        )


@dataclass(frozen=True)
class Judge:
    """The trees that weigh the signals, alone and together with the network."""

    forest: Forest
    alone: Blend
    together: Blend | None
    network: Path


def verify(claim: str, passage: str) -> Verdict:
    """Judge one claim against one passage."""
    claim, passage = claim.strip(), passage.strip()
    for name, text in (("claim", claim), ("passage", passage)):
        if not _WORD.search(text):
            return Verdict(False, 0.0, (f"the {name} holds no words",))
    if quoted(claim, passage):
        return Verdict(True, 1.0, ("quoted: word for word",))
    judge = load()
    found = signals(claim, passage)
    trees, copied = judge.forest.log_odds(found.values), found.values["copied"]
    if judge.together is None:
        blend, score = judge.alone, judge.alone.score(trees, 0.0, copied)
    else:
        from app.answer.judge_reader import log_odds

        blend = judge.together
        score = blend.score(trees, log_odds(claim, passage, judge.network), copied)
    if contradicted(found.values):
        score = min(score, CONTRADICTED)
    if score >= blend.threshold:
        return Verdict(True, score, ("follows from the passage in other words",))
    why = tuple(dict.fromkeys(found.reasons)) or ("the passage does not say this",)
    return Verdict(False, score, why)


def contradicted(values: Mapping[str, float]) -> bool:
    """Whether a rule finds that these signals leave no doubt; it cannot be outvoted."""
    rules = (_refigured, _reversed, _exchanged, _embroidered, _overstated)
    return any(rule(values) for rule in rules)


def _refigured(values: Mapping[str, float]) -> bool:
    """Whether a figure or a unit is another one, or another's, while the rest is there."""
    lost = values["number_lost_sharp"] > 0 and values["number_lost_any"] > 0
    there = values["unit_found"] >= 0.8 or (values["unit_found"] >= 0.6 and values["copied"] >= 0.5)
    return (
        (values["unit_clash"] > 0 and values["unit_found"] > 0.6)
        or (lost and there)
        or values["parity_clash"] > 0
    )


def _reversed(values: Mapping[str, float]) -> bool:
    """Whether a claim is its passage's own words but for a denial or an opposite."""
    denied = values["bare_denial"] >= 2
    known = values["new_words"] == 0
    in_order = values["jumps_back"] == 0
    return (
        (denied and values["unit_found"] >= 0.99 and in_order)
        or (denied and known and values["clause_undenied"] > 0.9 and values["denial_lost"] > 0)
        or (denied and known and values["clause_denied"] > 0.9 and values["denial_new"] > 0
            and values["inverted"] == 0)
        or (values["sub_opposed"] > 0 and values["sub_same"] >= 0.7
            and values["negation_odd"] == 0 and in_order)
    )  # fmt: skip


def _exchanged(values: Mapping[str, float]) -> bool:
    """Whether copied words take another turn, in time or in space."""
    late = values["new_words"] == 0 and values["out_of_turn"] >= 2 and values["copied"] >= 0.5
    return late or (
        values["new_words"] <= 1 and values["exchanged"] > 0 and values["copied"] >= 0.4
    )


def _embroidered(values: Mapping[str, float]) -> bool:
    """Whether two things or more are put into copied words, and nothing is swapped for them."""
    put_in = values["sub_put"] >= 2 and values["new_words"] >= 2
    in_place = values["jumps_back"] == 0 and values["sub_other"] == 0
    return put_in and values["sub_same"] >= 0.65 and in_place


def _overstated(values: Mapping[str, float]) -> bool:
    """Whether copied words tell of other people, or make a cause of a link."""
    strangers = values["who_new"] > 0 and values["new_words"] in {1, 2}
    relation = values["relation_over_link_whole"] > 0 or values["relation_taken_back"] > 0
    return (
        (values["who_conflict"] > 0 and values["unit_same"] >= 0.6)
        or (strangers and values["sub_same"] >= 0.7)
        or (relation and values["sub_same"] > 0.5)
    )


def quoted(claim: str, passage: str) -> bool:
    """Whether the claim is whole sentences or list items of the passage, unchanged.

    White space and case do not matter. Half a sentence is no quotation: what was cut
    off may be a condition or a "not".
    """
    if _whole_at(passage.find(claim), claim, passage):
        return True
    pattern = r"\s+".join(re.escape(word) for word in claim.rstrip(".").split())
    return any(
        _whole_at(found.start(), found[0], passage)
        for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", passage, re.IGNORECASE)
    )


def _whole_at(start: int, words: str, passage: str) -> bool:
    """Whether these words, found at a place, begin and end where sentences do."""
    if start < 0:
        return False
    rest = passage[start + len(words) :]
    line = passage[:start].rpartition("\n")[2]
    new_line = not _MARKER.sub("", line).strip()
    new_sentence = bool(_STOPPED.search(line.rstrip(" \t\"“'("))) and line[-1:] in _OPENERS
    if not (new_line or (new_sentence and not words[0].islower())):
        return False
    if _STOPPED.search(words):
        return bool(_FRESH.match(rest))
    return bool(_CLOSED.match(rest))


@cache
def load(home: Path = HOME) -> Judge:
    """The judge shipped beside this module; without the network if that is not there."""
    raw = json.loads((home / "judge.json").read_text("utf-8"))
    network = home / NETWORK
    shipped = "together" in raw and network.is_file()
    together = Blend(**raw["together"]) if shipped else None
    return Judge(from_json(raw), Blend(**raw["alone"]), together, network)
