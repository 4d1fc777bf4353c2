"""Train the forests of app/answer/opening.py: when does an answer open with yes, when with no?

    python -m eval.train_opening

Learns from the question banks of the corpus, whose yes/no questions say how the passage
answers them, and from eval/data/tuning/openings.jsonl, questions as visitors put them.
Gradient-boosted trees (scikit-learn), one forest a word, seeded. A forest speaks from
the probability on at which, over folds that share no passage, at least PRECISION of what
it says is right. Reads no test part.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from app.answer import opening
from eval.dataset import load_openings
from eval.forest import as_json
from index.bank import Opening
from index.config import index_settings
from index.embed import Vectors
from index.retrieve import Index, open_index

PRECISION = 0.95
LEAST = 15
"""A threshold that so few questions reach proves nothing."""

FOLDS = 8
SPOKEN: tuple[Opening, ...] = ("yes", "no", "unclear")
TREES = {
    "n_estimators": 300,
    "max_depth": 3,
    "learning_rate": 0.04,
    "subsample": 0.5,
    "max_features": 0.15,
    "random_state": 20261123,
}


@dataclass(frozen=True)
class Samples:
    """Signals of every question, its right opening, its passage, and whether a visitor put it."""

    names: tuple[str, ...]
    x: np.ndarray
    openings: np.ndarray
    passages: np.ndarray
    visitors: np.ndarray


def samples(index: Index) -> Samples:
    """Every yes/no question with a known opening."""
    rows: list[tuple[dict[str, float], str, str, bool]] = [
        (_signals(index, question, passage.id), known, passage.id, False)
        for passage in index.passages
        for question, known in zip(passage.questions, passage.openings, strict=False)
        if known is not None
    ]
    rows += [
        (_signals(index, row.question, row.passage), row.opening, row.passage, True)
        for row in load_openings()
    ]
    names = tuple(sorted(rows[0][0]))
    return Samples(
        names,
        np.asarray([[values[name] for name in names] for values, *_ in rows]),
        np.asarray([known for _, known, *_ in rows]),
        np.asarray([passage for _, _, passage, _ in rows]),
        np.asarray([visitor for *_, visitor in rows]),
    )


def _signals(index: Index, question: str, passage_id: str) -> dict[str, float]:
    """The signals, as if the question were not in the bank itself."""
    vector = index.encode(index.keywords.understand(question))
    hit = index.hit(passage_id, vector)
    banked = [near for near in index.banked(hit.passage, vector) if near.question != question]
    return opening.signals(index.keywords.understand(question), hit, banked)


def threshold_of(probabilities: Vectors, right: np.ndarray) -> float:
    """The lowest probability from which on PRECISION of at least LEAST questions are right."""
    order = np.argsort(-probabilities, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = [n for n in range(LEAST - 1, len(order)) if precision[n] >= PRECISION]
    return float(probabilities[order[enough[-1]]]) if enough else 1.0


def main() -> None:
    """Fit, choose the thresholds, write the file and say what was seen."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    with open_index(index_settings()) as index:
        data = samples(index)
    written: dict[str, object] = {}
    for word in SPOKEN:
        right = data.openings == word
        model = GradientBoostingClassifier(**TREES)
        held_out = cross_val_predict(
            model, data.x, right, groups=data.passages, cv=GroupKFold(FOLDS), method="predict_proba"
        )[:, 1]
        threshold = threshold_of(held_out, right)
        said = held_out >= threshold
        seen = {
            "questions": len(right),
            "said": int(said.sum()),
            "right": round(float(right[said].mean()), 4) if said.any() else None,
            "visitors_said": int(said[data.visitors].sum()),
            "visitors_right": int((right & said)[data.visitors].sum()),
        }
        print(word, json.dumps(seen))
        forest = as_json(model.fit(data.x, right), data.names, TREES["learning_rate"])
        written[word] = {**forest, "threshold": round(threshold, 4), "cross_validated": seen}
    opening.HOME.write_text(json.dumps(written, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
