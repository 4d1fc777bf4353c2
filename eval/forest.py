"""Boosted trees of scikit-learn in, the JSON that app.answer.judge_trees reads out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def as_json(model: Any, names: Sequence[str], learning_rate: float) -> dict[str, Any]:
    """A fitted binary GradientBoostingClassifier; its leaves add up to a log-odds."""
    trees = []
    for estimator in model.estimators_[:, 0]:
        tree = estimator.tree_
        leaf = tree.children_left < 0
        value = tree.value[:, 0, 0] * learning_rate
        trees.append(
            {
                "signal": np.where(leaf, -1, tree.feature).tolist(),
                "bound": [
                    round(float(v if end else bound), 5)
                    for end, v, bound in zip(leaf, value, tree.threshold, strict=True)
                ],
                "left": np.where(leaf, 0, tree.children_left).tolist(),
                "right": np.where(leaf, 0, tree.children_right).tolist(),
            }
        )
    share = float(model.init_.class_prior_[1])
    return {"signals": list(names), "base": float(np.log(share / (1 - share))), "trees": trees}
