"""Train the networks of app/answer/alarm.py: how urgent is a message, by its meaning?

    python -m eval.train_alarm

Learns from eval/data/tuning/safety.jsonl and, as messages that need no warning, from tuning
questions and banked questions that triage lets pass. Small perceptrons (scikit-learn), seeded. The
thresholds are chosen over folds: the lowest at which at most so many messages of lower
levels, and of ordinary questions, are raised. Reads no test part.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.answer import alarm
from app.answer.schema import LEVELS, Level
from app.answer.screen import screen
from app.answer.triage import triage
from eval.dataset import Answerable, SafetyMessage, Unanswerable, load
from index.config import index_settings
from index.retrieve import Index, open_index

FOLDS = 5
SEEDS = (1, 2, 3)
UNITS = 32
DECAY = 1e-3
EPOCHS = 40
ALARMING = ("warning-signs", "pregnancy", "open-questions-health", "hip-conditions")
"""Pages whose banked questions may well voice a warning sign."""

TOO_HIGH: dict[Level, float] = {"emergency": 0.03, "see-clinician": 0.04}
"""Share of messages below a level that may be raised to it."""
TOO_HIGH_QUESTIONS: dict[Level, float] = {"emergency": 0.0015, "see-clinician": 0.003}
"""The same among questions. Caution is left to the rules, which miss little of it."""


@dataclass(frozen=True)
class Samples:
    """Vectors with their level's number; the first `messages` are messages, the rest banked."""

    x: np.ndarray
    y: np.ndarray
    messages: int


def samples(index: Index) -> Samples:
    """Every tuning message, and every banked question that needs no warning."""
    rows = load(SafetyMessage, "tuning")
    vectors = [index.encode(index.keywords.understand(screen(row.message).text))[0] for row in rows]
    levels = [LEVELS.index(row.level) for row in rows]
    for text in ordinary():
        if triage(text).level == "none":
            vectors.append(index.encode(index.keywords.understand(screen(text).text))[0])
            levels.append(0)
    for text, passage, vector in index.banked_texts():
        page = passage.source.id if passage else ""
        if not page.startswith(ALARMING) and triage(text).level == "none":
            vectors.append(vector)
            levels.append(0)
    return Samples(np.asarray(vectors), np.asarray(levels), len(rows))


def ordinary() -> list[str]:
    """Tuning questions on training and on anything else, stories among them."""
    rows: list[Answerable | Unanswerable] = [
        *load(Answerable, "tuning"),
        *load(Unanswerable, "tuning"),
    ]
    return [row.question for row in rows]


def fit(x: np.ndarray, y: np.ndarray) -> list[Any]:
    """One perceptron a seed."""
    from sklearn.neural_network import MLPClassifier

    return [
        MLPClassifier((UNITS,), alpha=DECAY, max_iter=EPOCHS, random_state=seed).fit(x, y)
        for seed in SEEDS
    ]


def mean_of(models: Sequence[Any], x: np.ndarray) -> np.ndarray:
    """Their mean probabilities, shape (n, levels)."""
    return np.asarray(np.mean([model.predict_proba(x) for model in models], axis=0))


def held_out(data: Samples) -> np.ndarray:
    """Probabilities of every row from networks that did not see it."""
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros((len(data.y), len(LEVELS)))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEEDS[0])
    for train, test in folds.split(data.x, data.y):
        found[test] = mean_of(fit(data.x[train], data.y[train]), data.x[test])
    return found


def thresholds_of(probabilities: np.ndarray, data: Samples) -> dict[Level, float]:
    """For each level the lowest threshold that raises few enough of what lies below it."""
    chosen: dict[Level, float] = {}
    rows = np.arange(len(data.y))
    for level in TOO_HIGH:
        number = LEVELS.index(level)
        sure = probabilities[:, number:].sum(axis=1)
        below = data.y < number
        messages, banked = below & (rows < data.messages), rows >= data.messages
        bounds = (
            np.quantile(sure[messages], 1 - TOO_HIGH[level], method="higher"),
            np.quantile(sure[banked], 1 - TOO_HIGH_QUESTIONS[level], method="higher"),
        )
        chosen[level] = round(float(max(bounds)), 4)
    return chosen


def main() -> None:
    """Train, choose the thresholds, write the file and say what was seen."""
    from safetensors.numpy import save_file

    with open_index(index_settings()) as index:
        data = samples(index)
        digest = index.manifest.model_digest
    probabilities = held_out(data)
    thresholds = thresholds_of(probabilities, data)
    given = [alarm.level_of(row, thresholds) for row in probabilities]
    seen: dict[str, dict[str, int]] = {}
    for number, level in enumerate(LEVELS):
        rows = np.flatnonzero(data.y[: data.messages] == number)
        enough = sum(LEVELS.index(given[row]) >= number for row in rows)
        seen[level] = {"messages": len(rows), "at_least": enough}
    seen["none"]["warned"] = sum(
        given[row] != "none" for row in np.flatnonzero(data.y[: data.messages] == 0)
    )
    seen["banked"] = {
        "questions": len(data.y) - data.messages,
        "warned": sum(level != "none" for level in given[data.messages :]),
    }
    print(json.dumps({"thresholds": thresholds, "held_out": seen}, indent=2))
    tensors = {}
    for n, model in enumerate(fit(data.x, data.y)):
        for name, values in zip(
            ("hidden", "out", "hidden_bias", "out_bias"),
            (*model.coefs_, *model.intercepts_),
            strict=True,
        ):
            tensors[f"{n}.{name}"] = np.ascontiguousarray(values, dtype=np.float16)
    about: dict[str, str] = {
        "networks": str(len(SEEDS)),
        "model_digest": digest,
        "trained_by": "python -m eval.train_alarm",
        "held_out": json.dumps(seen),
    }
    about |= {str(level): str(threshold) for level, threshold in thresholds.items()}
    save_file(tensors, alarm.HOME, metadata=about)


if __name__ == "__main__":
    main()
