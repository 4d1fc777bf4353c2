"""The two learners of the judge: boosted trees over signals, and the network over words.

Both are seeded. Knows neither files nor thresholds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eval.dataset import Pair
from eval.judge_rows import elsewhere
from eval.judge_samples import Floats, Samples, samples

if TYPE_CHECKING:
    from app.answer.judge_network import Side, Words

SEED = 20261123
TREES: dict[str, Any] = {
    "n_estimators": 900,
    "max_depth": 5,
    "min_samples_leaf": 8,
    "learning_rate": 0.02,
    "subsample": 0.5,
    "max_features": 0.05,
    "random_state": SEED,
}
EPOCHS, BATCH, RATE = 8, 32, 1e-3
ELSEWHERE_TREES, ELSEWHERE_NETWORK = 0.06, 0.12
"""Claims that are true elsewhere, added to what is trained on, as a share of it.

The pairs written by hand hold few: without these the trees take any sentence that
shares no word with its passage for a bold paraphrase.
"""
Read = dict[str, "Words"]
"""A text -> its words as the network sees them."""


def fit_both(pairs: Sequence[Pair], read: Read) -> tuple[Any, Any]:
    """Trees and network, trained on these pairs and on some of their claims elsewhere."""
    forest = fit_trees(samples([*pairs, *elsewhere(pairs, ELSEWHERE_TREES, SEED)]))
    more = samples([*pairs, *elsewhere(pairs, ELSEWHERE_NETWORK, SEED)])
    return forest, fit_network(more, read)


def fit_trees(data: Samples) -> Any:
    """The trees, trained."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(**TREES).fit(data.x, data.supported, data.counts)


def read_all(pairs: Sequence[Pair]) -> Read:
    """Every text as the network sees it; vectors at half precision, as there are many."""
    from app.answer.judge_reader import read_texts

    texts = sorted({t for p in pairs for t in (p.claim, p.passage)}, key=lambda t: (len(t), t))
    read: Read = {}
    for at in range(0, len(texts), 32):
        some = texts[at : at + 32]
        for text, words in zip(some, read_texts(some), strict=True):
            read[text] = words._replace(vectors=words.vectors.half())
        if at % 640 == 0:
            say(f"read {at} of {len(texts)} texts")
    return read


def fit_network(data: Samples, read: Read) -> Any:
    """The network, trained; pairs of like length share a batch."""
    import torch

    from app.answer.judge_network import Aligner
    from app.answer.judge_reader import width

    pairs, counts = data.pairs, torch.tensor(data.weights, dtype=torch.float32)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    model = Aligner(width())
    steps = EPOCHS * (len(pairs) // BATCH + EPOCHS)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    wanted = torch.tensor([0.95 if pair.label == "supported" else 0.05 for pair in pairs])
    lengths = np.array([len(read[pair.passage].stems) for pair in pairs])
    for epoch in range(EPOCHS):
        model.train()
        total = 0.0
        for rows in _batches(rng.permutation(len(pairs)), lengths, rng):
            out = model(*_sides([pairs[k] for k in rows], read))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                out, wanted[rows], counts[rows]
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        say(f"  epoch {epoch + 1} of {EPOCHS}: loss {total / len(pairs):.3f}")
    return model.eval()


def ask_network(model: Any, pairs: Sequence[Pair], read: Read) -> Floats:
    """Log-odds of pairs."""
    import torch

    with torch.no_grad():
        found = [
            model(*_sides(pairs[at : at + 64], read)).numpy() for at in range(0, len(pairs), 64)
        ]
    return np.concatenate(found).astype(np.float64)


def say(line: str) -> None:
    """Tell how far training is."""
    print(line, file=sys.stderr, flush=True)


def _sides(pairs: Sequence[Pair], read: Read) -> tuple[Side, Side]:
    from app.answer.judge_network import pad

    return pad([read[p.claim] for p in pairs]), pad([read[p.passage] for p in pairs])


def _batches(
    order: NDArray[np.int64], lengths: NDArray[np.int64], rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    batches = []
    for at in range(0, len(order), BATCH * 8):
        some = order[at : at + BATCH * 8]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches += [some[k : k + BATCH] for k in range(0, len(some), BATCH)]
    return [batches[k] for k in rng.permutation(len(batches))]
