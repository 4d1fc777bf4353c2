"""Train the networks of app/answer/alarm.py: how urgent is a message, by its meaning?

    python -m eval.train_alarm

Learns from eval.alarm_samples. Every level weighs the same; everything is seeded. Says what was
seen over folds, near-alike messages kept together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.answer import alarm
from app.answer.alarm import Alarm, Floats, Network
from app.answer.schema import LEVELS
from eval.alarm_samples import Samples, samples
from index.config import index_settings
from index.retrieve import open_index

FOLDS = 5
SEEDS = (1, 2, 3)
UNITS = 64
EPOCHS = 20
BATCH = 64
RATE = 2e-3
DECAY = 0.05
DROPPED = (0.2, 0.4)
"""Shares of features and of hidden units left out at a step."""
SMOOTHED = 0.05
ORDINARY_WEIGHT = 0.5
"""Of a question that is no message about a body, which there are many of."""
ALIKE = 0.75
"""Cosine similarity from which on two messages go to the same fold."""
RULE_SEEN = 8
"""A rule's words are learnt from at least so many messages."""


def groups_of(data: Samples) -> dict[str, int]:
    """Every group voiced in a message, and the levels, to a place among the features."""
    names = {name for told in data.told[: data.messages] for name in told.voiced}
    return {name: n for n, name in enumerate([*sorted(names), *LEVELS])}


def weights_of(data: Samples) -> Floats:
    """A weight for every row: levels weigh the same among messages."""
    among = data.levels[: data.messages]
    counts = np.bincount(among, minlength=len(LEVELS))
    weights = np.full(len(data.levels), ORDINARY_WEIGHT, dtype=np.float32)
    weights[: data.messages] = (counts.mean() / np.maximum(counts, 1))[among]
    return weights


def fit(data: Samples, digest: str) -> Alarm:
    """Everything that the alarm holds."""
    from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression

    groups = groups_of(data)
    features = np.stack(
        [alarm.dense(t, v, groups) for t, v in zip(data.told, data.vectors, strict=True)]
    )
    weights = weights_of(data)
    placed = [alarm.buckets(told.stems) for told in data.told]
    words = csr_matrix(
        (
            np.concatenate([np.full(len(p), alarm.worth(p)) for p in placed]),
            np.concatenate(placed),
            np.cumsum([0, *map(len, placed)]),
        ),
        shape=(len(placed), alarm.BUCKETS),
    )
    linear = LogisticRegression(max_iter=400)
    linear.fit(hstack([csr_matrix(features), words]).tocsr(), data.levels, weights)
    seen = Counter(told.rule for told in data.told[: data.messages])
    clear = [
        n
        for n, told in enumerate(data.told[: data.messages])
        if told.rule and seen[told.rule] >= RULE_SEEN and told.level == LEVELS[data.levels[n]]
    ]
    which = LogisticRegression(C=10.0, max_iter=400, class_weight="balanced")
    which.fit(data.vectors[clear], [data.told[n].rule for n in clear])
    return Alarm(
        model_digest=digest,
        dimension=data.vectors.shape[1],
        groups=groups,
        networks=tuple(network(features, data.levels, weights, seed) for seed in SEEDS),
        linear=_half(linear.coef_.T),
        linear_bias=_half(linear.intercept_),
        rules=tuple(map(str, which.classes_)),
        words=_half(which.coef_.T),
        words_bias=_half(which.intercept_),
    )


def network(x: Floats, levels: NDArray[np.int64], weights: Floats, seed: int) -> Network:
    """One perceptron, on one thread, so that the same seed gives the same weights."""
    import torch
    from torch.nn import Dropout, Linear, ReLU, Sequential
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    first, last = Linear(x.shape[1], UNITS), Linear(UNITS, len(LEVELS))
    model = Sequential(Dropout(DROPPED[0]), first, ReLU(), Dropout(DROPPED[1]), last)
    steps = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    inputs, wanted, worth = torch.tensor(x), torch.tensor(levels), torch.tensor(weights)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):  # type: ignore[no-untyped-call]
            loss = cross_entropy(
                model(inputs[rows]), wanted[rows], reduction="none", label_smoothing=SMOOTHED
            )
            steps.zero_grad()
            (loss * worth[rows]).mean().backward()  # type: ignore[no-untyped-call]
            steps.step()
    tensors = (first.weight.T, first.bias, last.weight.T, last.bias)
    return Network(*(_half(tensor.detach().numpy()) for tensor in tensors))


def held_out(data: Samples) -> Floats:
    """Probabilities of every row from an alarm that saw neither it nor anything like it."""
    from sklearn.model_selection import StratifiedGroupKFold

    found = np.zeros((len(data.levels), len(LEVELS)), np.float32)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEEDS[0])
    for train, test in folds.split(data.vectors, data.levels, alike(data)):
        fitted = fit(data[train], "")
        for row in test:
            found[row] = fitted.probabilities(data.told[row], data.vectors[row : row + 1])
    return found


def alike(data: Samples) -> NDArray[np.int64]:
    """Rows that are near each other, directly or over others, share a number."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    messages = data.vectors[: data.messages]
    near = csr_matrix(messages @ messages.T >= ALIKE)
    found = np.arange(len(data.levels)) + len(data.levels)
    found[: data.messages] = connected_components(near, directed=False)[1]
    return found


def confusion(data: Samples, probabilities: Floats) -> list[list[int]]:
    """Messages by their level and the level that rules and networks together give them."""
    counts = np.zeros((len(LEVELS), len(LEVELS)), int)
    for level, told, row in zip(data.levels, data.told, probabilities, strict=True):
        given = "emergency" if told.level == "emergency" else alarm.level_of(row)
        counts[level, LEVELS.index(given)] += 1
    return [list(map(int, row)) for row in counts]


def save(fitted: Alarm, seen: dict[str, object]) -> None:
    """Write the file that the alarm loads."""
    from safetensors.numpy import save_file

    tensors: dict[str, Floats] = {
        name: getattr(fitted, name) for name in ("linear", "linear_bias", "words", "words_bias")
    }
    for n, one in enumerate(fitted.networks):
        tensors |= {f"{n}.{name}": values for name, values in vars(one).items()}
    about = {
        "networks": str(len(fitted.networks)),
        "model_digest": fitted.model_digest,
        "groups": json.dumps(list(fitted.groups)),
        "rules": json.dumps(fitted.rules),
        "trained_by": "python -m eval.train_alarm",
        "held_out": json.dumps(seen),
    }
    halves = {
        name: np.ascontiguousarray(values, np.float16) for name, values in sorted(tensors.items())
    }
    save_file(halves, alarm.HOME, metadata=about)


def _half(values: Floats | Sequence[float]) -> Floats:
    """The values as they read back from the file."""
    return np.asarray(values).astype(np.float16).astype(np.float32)


def main() -> None:
    """Train, write the file and say what was seen."""
    with open_index(index_settings()) as index:
        data = samples(index)
        digest = index.manifest.model_digest
    probabilities = held_out(data)
    messages, rest = np.arange(data.messages), np.arange(data.messages, len(data.levels))
    seen: dict[str, object] = {
        "levels": LEVELS,
        "messages": confusion(data[messages], probabilities[messages]),
        "ordinary": confusion(data[rest], probabilities[rest])[0],
    }
    print(json.dumps(seen))
    save(fit(data, digest), seen)


if __name__ == "__main__":
    main()
