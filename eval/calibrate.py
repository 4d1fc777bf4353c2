"""Fit the answerability gate on the tuning part and write app/answer/gate.json.

    python -m eval.calibrate

Logistic regression over the gate's standardised signals (scikit-learn); the threshold is the one
that, over ten-fold cross-validation, refuses most outside questions while it refuses
at most MAX_FALSE_REFUSALS of the covered ones. Reads no test part.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import app.answer.gate as gate
from app.answer.screen import screen
from eval.dataset import (
    Answerable,
    Conversation,
    EvidenceQuestion,
    FactQuestion,
    Unanswerable,
    load,
)
from index.config import index_settings
from index.retrieve import Index, open_index

MAX_FALSE_REFUSALS = 0.025
TARGET = Path(gate.__file__).parent / "gate.json"


def samples(index: Index) -> tuple[np.ndarray, np.ndarray]:
    """Signals of every tuning question, shape (n, signals), and whether it is covered."""
    covered = [row.question for row in load(Answerable, "tuning")]
    covered += [row.question for row in load(EvidenceQuestion, "tuning")]
    covered += [row.question for row in load(FactQuestion, "tuning")]
    covered += [
        row.turns[0].user
        for row in load(Conversation, "tuning")
        if row.turns[0].status == "answered"
    ]
    outside = [row.question for row in load(Unanswerable, "tuning")]
    questions = [(q, 1) for q in covered] + [(q, 0) for q in outside]
    rows = []
    for question, _ in questions:
        understood = index.keywords.understand(screen(question).text)
        vector = index.encode(understood)
        hits = index.search(understood, vector)
        rows.append(gate.signals(index, understood, vector, hits))
    return np.asarray(rows), np.asarray([label for _, label in questions])


def main() -> None:
    """Fit, choose the threshold, write the file and say what was seen."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with open_index(index_settings()) as index:
        x, y = samples(index)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3_000))
    held_out = cross_val_predict(model, x, y, cv=10, method="predict_proba")[:, 1]
    threshold = float(np.quantile(held_out[y == 1], MAX_FALSE_REFUSALS, method="lower"))
    model.fit(x, y)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    calibration = {
        "weights": dict(zip(gate.SIGNALS, weights.round(4).tolist(), strict=True)),
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
        "tuned_on": {"covered": int((y == 1).sum()), "outside": int((y == 0).sum())},
        "cross_validated": {
            "covered_refused": round(float((held_out[y == 1] < threshold).mean()), 4),
            "outside_refused": round(float((held_out[y == 0] < threshold).mean()), 4),
        },
    }
    TARGET.write_text(json.dumps(calibration, indent=2) + "\n", "utf-8")
    print(json.dumps(calibration, indent=2))


if __name__ == "__main__":
    main()
