"""A second look at a message's urgency, by its meaning: for what the rules have no words for.

Triage comes first, knows warning signs by their words and needs nothing but memory. A
sign that is put in words which no rule lists is near others of its kind in vector space;
three small networks over the question's vector, which search needs anyway, say how
near. They are trained by `python -m eval.train_alarm`; the thresholds are made there too.

Only ever raises a level, never lowers one. Another embedding model than the one it was
trained on makes it silent. Knows nothing of rules and of what is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.answer.schema import LEVELS, Level
from app.answer.triage import Triaged
from index.embed import Vectors

HOME = Path(__file__).parent / "alarm.safetensors"
NEAR = 0.4
"""Nine of ten tuning emergencies that no rule has words for are so near to a banked question;
of questions on something else altogether one in four."""

MESSAGES: dict[Level, str] = {
    "see-clinician": "What you describe is better looked at by a doctor or physiotherapist than "
    "judged by a program.",
    "emergency": "What you describe may be a sign of something serious. Please stop training and "
    "get medical help now. {call}",
}
"""What is said of a level that only the meaning of the words shows."""


@dataclass(frozen=True)
class Network:
    """One hidden layer of rectified units, a softmax over LEVELS, in their order."""

    hidden: NDArray[np.float32]
    """Shape (dimension, units)."""
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    """Shape (units, levels)."""
    out_bias: NDArray[np.float32]

    def probabilities(self, vector: Vectors) -> NDArray[np.float32]:
        """Probability of each level; `vector` has shape (1, dimension)."""
        scores = np.maximum(vector[0] @ self.hidden + self.hidden_bias, 0) @ self.out
        scores = np.exp(scores + self.out_bias - (scores + self.out_bias).max())
        return np.asarray(scores / scores.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Alarm:
    """Several networks, whose mean speaks, and from which probability on."""

    model_digest: str
    thresholds: dict[Level, float]
    """Probability of a level or a more urgent one, from which on it is raised to."""
    networks: tuple[Network, ...]

    @property
    def dimension(self) -> int:
        """Of the vectors that the networks read."""
        return int(self.networks[0].hidden.shape[0])

    def level(self, vector: Vectors) -> Level:
        """How urgent the message of this vector is."""
        mean = np.mean([network.probabilities(vector) for network in self.networks], axis=0)
        return level_of(mean, self.thresholds)


def level_of(probabilities: NDArray[np.float32], thresholds: dict[Level, float]) -> Level:
    """The most urgent level that is probable enough, it or a more urgent one."""
    for number in range(len(LEVELS) - 1, 0, -1):
        if (
            LEVELS[number] in thresholds
            and probabilities[number:].sum() >= thresholds[LEVELS[number]]
        ):
            return LEVELS[number]
    return "none"


def look_again(
    told: Triaged, vector: Vectors, nearest: float, model_digest: str, call: str
) -> Triaged:
    """What triage said, or something more urgent if the networks see it.

    Args:
        told: What the rules made of the message.
        vector: The message's vector, shape (1, dimension).
        nearest: Cosine similarity of the banked question nearest to it; of what is far from
            all of them the networks have learnt nothing.
        model_digest: Of the model that made the vector.
        call: Whom to call in an emergency.
    """
    if nearest < NEAR:
        return told
    alarm = load()
    if model_digest != alarm.model_digest or vector.shape[1] != alarm.dimension:
        return told
    level = alarm.level(vector)
    if LEVELS.index(level) <= LEVELS.index(told.level):
        return told
    return Triaged(level, "by meaning", MESSAGES[level].format(call=call))


@cache
def load(home: Path = HOME) -> Alarm:
    """The networks shipped beside this module."""
    from safetensors import safe_open

    with safe_open(home, framework="numpy") as file:
        about = file.metadata()
        networks = tuple(
            Network(
                *(
                    file.get_tensor(f"{n}.{name}").astype(np.float32)
                    for name in ("hidden", "hidden_bias", "out", "out_bias")
                )
            )
            for n in range(int(about["networks"]))
        )
    thresholds: dict[Level, float] = {
        level: float(about[level]) for level in LEVELS if level in about
    }
    return Alarm(about["model_digest"], thresholds, networks)
