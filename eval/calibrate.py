"""Fit the answerability gate on the tuning part and write app/answer/gate.json.

    python -m eval.calibrate

Logistic regressions over the gate's standardised signals (scikit-learn), one for questions that
stand alone and one for follow-ups; each threshold is the one that, over ten-fold cross-validation,
refuses most outside questions while it refuses at most MAX_FALSE_REFUSALS of the covered
ones. Reads no test part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import app.answer.gate as gate
from app.answer.chain import GuideChain
from app.answer.context import Standalone, standalone
from app.answer.schema import Turn
from app.answer.screen import screen
from eval.dataset import (
    Answerable,
    Conversation,
    EvidenceQuestion,
    FactQuestion,
    Unanswerable,
    load,
    load_follow_ups,
)
from index.config import index_settings
from index.retrieve import open_index

MAX_FALSE_REFUSALS = 0.025
TARGET = Path(gate.__file__).parent / "gate.json"


@dataclass(frozen=True)
class Samples:
    """What a gate is fitted to."""

    signals: np.ndarray
    """Shape (n, signals)."""
    covered: np.ndarray
    """Whether the corpus answers, shape (n,)."""
    weights: np.ndarray
    """Shape (n,); the classes of outside questions weigh the same."""


def alone(guide: GuideChain) -> Samples:
    """The signals of every tuning question."""
    covered = [row.question for row in load(Answerable, "tuning")]
    covered += [row.question for row in load(EvidenceQuestion, "tuning")]
    covered += [row.question for row in load(FactQuestion, "tuning")]
    covered += [
        row.turns[0].user
        for row in load(Conversation, "tuning")
        if row.turns[0].status == "answered"
    ]
    outside = load(Unanswerable, "tuning")
    texts = [*covered, *(row.question for row in outside)]
    counts = Counter(row.kind for row in outside)
    weights = [len(outside) / len(counts) / counts[row.kind] for row in outside]
    return Samples(
        np.asarray([_signals(guide, Standalone(screen(text).text)) for text in texts]),
        np.repeat((1, 0), (len(covered), len(outside))),
        np.asarray([1.0] * len(covered) + weights),
    )


def in_talk(guide: GuideChain) -> Samples:
    """The same of follow-ups: of tuning conversations, and single ones that are not banked."""
    asked: list[tuple[str, tuple[str, ...], bool]] = [
        (row.message, row.before, row.passage is not None) for row in load_follow_ups()
    ]
    for row in load(Conversation, "tuning"):
        said = tuple(turn.user for turn in row.turns)
        asked += [
            (turn.user, said[:n], turn.status == "answered")
            for n, turn in enumerate(row.turns)
            if n > 0 and turn.status in {"answered", "not_covered"}
        ]
    rows, labels = [], []
    for message, before, covered in asked:
        history = [Turn(question=text, answer="") for text in before]
        meant = standalone(screen(message).text, history, guide.index.keywords)
        if meant.views:
            rows.append(_signals(guide, meant))
            labels.append(int(covered))
    return Samples(np.asarray(rows), np.asarray(labels), np.ones(len(rows)))


def _signals(guide: GuideChain, meant: Standalone) -> tuple[float, ...]:
    return gate.signals(guide.index, guide.look_up(meant))


def fit(data: Samples, names: Sequence[str]) -> dict[str, object]:
    """Weights, bias and threshold, with what was seen over folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = data.signals, data.covered
    weights_of_rows = {"logisticregression__sample_weight": data.weights}
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3_000))
    held_out = cross_val_predict(
        model, x, y, cv=10, method="predict_proba", params=weights_of_rows
    )[:, 1]
    threshold = float(np.quantile(held_out[y == 1], MAX_FALSE_REFUSALS, method="lower"))
    model.fit(x, y, **weights_of_rows)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return {
        "weights": dict(zip(names, weights.round(4).tolist(), strict=True)),
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
        "tuned_on": {"covered": int((y == 1).sum()), "outside": int((y == 0).sum())},
        "cross_validated": {
            "covered_refused": round(float((held_out[y == 1] < threshold).mean()), 4),
            "outside_refused": round(float((held_out[y == 0] < threshold).mean()), 4),
        },
    }


def main() -> None:
    """Fit, choose the thresholds, write the file and say what was seen."""
    with open_index(index_settings()) as index:
        guide = GuideChain(index)
        calibrated = {
            "alone": fit(alone(guide), gate.SIGNALS),
            "in_talk": fit(in_talk(guide), gate.IN_TALK),
        }
    TARGET.write_text(json.dumps(calibrated, indent=2) + "\n", "utf-8")
    print(json.dumps(calibrated, indent=2))


if __name__ == "__main__":
    main()
