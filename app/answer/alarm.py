"""How urgent is a message, by its meaning? A second look, where the rules are not sure.

Triage comes first, knows warning signs by their words and needs nothing but memory; what it
calls an emergency stays one. Everything else is decided here by small networks over the
question's vector, which search needs anyway, the groups of phrases that triage found and
the message's word sequences: they raise what is put in words that no rule lists, and
lower what only sounds like a complaint. Trained by `python -m eval.train_alarm`.

Another embedding model than the one it was trained on makes it silent. Knows what is said of a
level only as rules or in general, and nothing of answers.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.answer.schema import LEVELS, Level
from app.answer.triage import Triage, Triaged, triage_of
from index.config import index_settings
from index.embed import Vectors

HOME = Path(__file__).parent / "alarm.safetensors"
NEAR = 0.35
"""Cosine similarity to the nearest banked question, below which nothing is raised: what is so
far from all of them is in no language that the networks have learnt."""

SURE = 0.8
"""Share of a level's rules that one must have for its words to be used; over folds 94 of 100
such messages got the words of the right rule."""

COSTS = np.array(
    [
        [0.0, 1.0, 1.6, 3.0],
        [1.0, 0.0, 1.0, 2.5],
        [3.0, 2.0, 0.0, 1.5],
        [10.0, 8.0, 5.0, 0.0],
    ],
    dtype=np.float32,
)
"""What a mistake costs: rows are what a message is, columns what it is taken for, as LEVELS."""

BUCKETS = 1 << 14
LONGEST = 3
"""Sequences of up to so many words count, each in one of so many buckets."""

VECTOR_SCALE, GROUP_SCALE, WORDS_SCALE = 3.0, 0.7, 3.0

MESSAGES: Mapping[Level, str] = {
    "caution": "Go easy on whatever is sore or feels wrong: take load off, stop if it turns sharp, "
    "and see a doctor or physio if it stays or gets worse.",
    "see-clinician": "What you describe is better looked at by a doctor or physiotherapist than "
    "judged by a program.",
    "emergency": "What you describe may be a sign of something serious. Please stop training and "
    "get medical help now. {call}",
}
"""What is said of a level where no rule's words fit."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """One hidden layer of rectified units, scores of LEVELS, in their order."""

    hidden: Floats
    """Shape (features, units)."""
    hidden_bias: Floats
    out: Floats
    """Shape (units, levels)."""
    out_bias: Floats

    def scores(self, features: Floats) -> Floats:
        """Logarithm of each level's probability; `features` has shape (features,)."""
        hidden = np.maximum(features @ self.hidden + self.hidden_bias, 0)
        return _log_softmax(hidden @ self.out + self.out_bias)


@dataclass(frozen=True)
class Alarm:
    """Networks and a linear model over words, whose mean speaks, and which rule's words fit."""

    model_digest: str
    dimension: int
    """Of the vectors that it reads."""
    groups: Mapping[str, int]
    """Names in `Triaged.voiced`, and the levels, to their place among the features."""
    networks: tuple[Network, ...]
    linear: Floats
    """Shape (features + BUCKETS, levels)."""
    linear_bias: Floats
    rules: tuple[str, ...]
    words: Floats
    """Which rule's words fit: shape (dimension, rules)."""
    words_bias: Floats

    def probabilities(self, told: Triaged, vector: Vectors) -> Floats:
        """Probability of each of LEVELS; `vector` has shape (1, dimension)."""
        features = dense(told, vector[0], self.groups)
        own = np.mean([network.scores(features) for network in self.networks], axis=0)
        linear = features @ self.linear[: len(features)] + self.linear_bias
        places = buckets(told.stems)
        linear = linear + self.linear[len(features) + places].sum(axis=0) * worth(places)
        return np.asarray(np.exp(_log_softmax((own + _log_softmax(linear)) / 2)), np.float32)

    def rule(self, vector: Vectors, among: frozenset[str]) -> str | None:
        """The rule whose words clearly fit, among those of a level."""
        places = [n for n, name in enumerate(self.rules) if name in among]
        if not places:
            return None
        shares = np.exp(_log_softmax((vector[0] @ self.words + self.words_bias)[places]))
        best = int(shares.argmax())
        return self.rules[places[best]] if shares[best] >= SURE else None


def dense(told: Triaged, vector: Floats, groups: Mapping[str, int]) -> Floats:
    """Vector, groups and the rules' level as one row of features."""
    marks = np.zeros(len(groups), dtype=np.float32)
    marks[[groups[name] for name in (*told.voiced, told.level) if name in groups]] = GROUP_SCALE
    return np.concatenate([vector * VECTOR_SCALE, marks])


def buckets(stems: Sequence[str]) -> NDArray[np.int64]:
    """Buckets of a message's word sequences, sorted, each once."""
    found = {
        zlib.crc32(" ".join(stems[n : n + length]).encode()) % BUCKETS
        for length in range(1, LONGEST + 1)
        for n in range(len(stems) - length + 1)
    }
    return np.array(sorted(found), dtype=np.int64)


def worth(places: NDArray[np.int64]) -> float:
    """What each word sequence counts in a message with that many."""
    return WORDS_SCALE / math.sqrt(max(len(places), 1))


def level_of(probabilities: Floats) -> Level:
    """The level that is cheapest to be wrong with."""
    return LEVELS[int((probabilities @ COSTS).argmin())]


def look_again(
    told: Triaged, vector: Vectors, nearest: float, model_digest: str, call: str
) -> Triaged:
    """What triage said, or what the networks make of it; an emergency stays one.

    Args:
        told: What the rules made of the message.
        vector: The message's vector, shape (1, dimension).
        nearest: Cosine similarity of the banked question nearest to it.
        model_digest: Of the model that made the vector.
        call: Whom to call in an emergency.
    """
    if told.level == "emergency" or not told.stems:
        return told
    alarm = load()
    if model_digest != alarm.model_digest or vector.shape[1] != alarm.dimension:
        return told
    level = level_of(alarm.probabilities(told, vector))
    if level == told.level or (nearest < NEAR and LEVELS.index(level) > LEVELS.index(told.level)):
        return told
    said = Triaged() if level == "none" else _said(told, level, alarm, vector, call)
    return replace(said, stems=told.stems, voiced=told.voiced, fits=told.fits, country=told.country)


def _said(told: Triaged, level: Level, alarm: Alarm, vector: Vectors, call: str) -> Triaged:
    """The words of a rule that fits, or is clearly nearest in meaning, or a general text."""
    triage: Triage = triage_of(index_settings().corpus)
    among = triage.names(level)
    fitting = next((name for name in told.fits if name in among), None)
    if name := fitting or alarm.rule(vector, among):
        return triage.said(name, told.country)
    return Triaged(level, "by meaning", MESSAGES[level].format(call=call))


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


@cache
def load(home: Path = HOME) -> Alarm:
    """The networks shipped beside this module."""
    from safetensors import safe_open

    with safe_open(home, framework="numpy") as file:
        about = file.metadata()
        tensors = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    parts = ("hidden", "hidden_bias", "out", "out_bias")
    return Alarm(
        model_digest=about["model_digest"],
        dimension=len(tensors["words"]),
        groups={name: n for n, name in enumerate(json.loads(about["groups"]))},
        networks=tuple(
            Network(*(tensors[f"{n}.{part}"] for part in parts))
            for n in range(int(about["networks"]))
        ),
        linear=tensors["linear"],
        linear_bias=tensors["linear_bias"],
        rules=tuple(json.loads(about["rules"])),
        words=tensors["words"],
        words_bias=tensors["words_bias"],
    )
