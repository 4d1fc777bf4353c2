"""The two learners of the judge: boosted trees over signals, and the network over words.

Both are seeded. Knows neither files nor thresholds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.dataset import Pair
from eval.judge_rows import Counted, elsewhere, twins
from eval.judge_samples import Floats, Samples, samples

if TYPE_CHECKING:
    from torch import Tensor

    from app.answer.judge_network import CrossEncoder, Read

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
BATCHES = 6_500
"""Steps of the network's training; each pair comes several times."""
TWINS = 8
"""Pairs of pairs in a batch."""
RATE, HEAD_RATE = 1e-4, 5e-4
WARM_UP = 0.08
MOVED = 0.7
"""What a claim from elsewhere counts."""
TELL = 100
"""Batches between two lines of progress."""
CERTAIN = 0.96
"""What is wanted for a claim that follows; hands that label err now and then."""
BETWEEN = 0.5
"""What it counts that of two claims on one passage the one that follows is ahead."""
ELSEWHERE_TREES, ELSEWHERE_NETWORK = 0.06, 0.08
"""Claims that are true elsewhere, added to what is trained on, as a share of it.

The pairs written by hand hold few: without these the trees take any sentence that
shares no word with its passage for a bold paraphrase.
"""


def fit_trees(pairs: Sequence[Pair]) -> Any:
    """The trees, trained on these pairs and on some of their claims elsewhere."""
    return grow(samples([*pairs, *elsewhere(pairs, ELSEWHERE_TREES, SEED)]))


def grow(data: Samples) -> Any:
    """Boosted trees over signals."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(**TREES).fit(data.x, data.supported, data.counts)


def fit_network(
    pairs: Sequence[Pair], counts: Floats, begin_with: Path | None = None
) -> CrossEncoder:
    """The network, trained; `counts` is what each pair weighs.

    It begins with the packaged model, or with a network that was trained before.

    Twins, a claim that follows and one that does not on the same passage, share a batch and
    are also told apart directly: what differs between them is what matters.
    """
    import torch

    from app.answer.judge_network import CrossEncoder, load, pad
    from app.answer.judge_reader import marks, packaged_model

    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    base = packaged_model()
    model = load(base, marks(), begin_with) if begin_with else CrossEncoder(base, marks())
    tuned = [p for name, p in model.named_parameters() if name.startswith("layers.")]
    added = [p for name, p in model.named_parameters() if name.startswith(("marks.", "head."))]
    optimizer = torch.optim.AdamW([{"params": tuned}, {"params": added}], weight_decay=0.01)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [RATE, HEAD_RATE], BATCHES, pct_start=WARM_UP, cycle_momentum=False
    )
    begin, told = time.perf_counter(), []
    model.train()
    for number, batch in enumerate(islice(_rounds(pairs, counts, rng), BATCHES), 1):
        with torch.autocast("cpu", torch.bfloat16):  # a third less time, where there is support
            out = model(pad([_row(pair.claim, pair.passage) for pair, _ in batch]))
        loss = _loss(out.float(), batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*tuned, *added], 1.0)
        optimizer.step()
        pace.step()
        told.append(float(loss.detach()))
        if len(told) == TELL or number == BATCHES:
            passed = time.perf_counter() - begin
            say(f"  {number} of {BATCHES} batches, loss {np.mean(told):.3f}, {passed:.0f} s")
            told = []
    return model.eval()


def ask_network(model: CrossEncoder, pairs: Sequence[Pair]) -> Floats:
    """Log-odds of pairs."""
    import torch

    from app.answer.judge_network import pad

    rows = [_row(pair.claim, pair.passage) for pair in pairs]
    order = sorted(range(len(pairs)), key=lambda k: len(rows[k].ids))
    found = np.zeros(len(pairs))
    with torch.no_grad():
        for at in range(0, len(order), 32):
            some = order[at : at + 32]
            found[some] = model(pad([rows[k] for k in some])).numpy()
    return found


def say(line: str) -> None:
    """Tell how far training is."""
    print(line, file=sys.stderr, flush=True)


@lru_cache(maxsize=50_000)
def _row(claim: str, passage: str) -> Read:
    """A pair as the network reads it; each comes in every round."""
    from app.answer.judge_reader import read

    return read(claim, passage)


def _rounds(
    pairs: Sequence[Pair], counts: Floats, rng: np.random.Generator
) -> Iterator[list[Counted]]:
    """Batches without end: each round has every pair once, and other claims from elsewhere.

    Pairs of like length share a batch.
    """
    counted = [(pair, float(n)) for pair, n in zip(pairs, counts, strict=True)]
    for number in count(1):
        moved = elsewhere(pairs, ELSEWHERE_NETWORK, SEED + number)
        groups = [*twins(counted, rng), *([(pair, MOVED)] for pair in moved)]
        groups = [groups[k] for k in rng.permutation(len(groups))]
        batches = []
        for at in range(0, len(groups), 8 * TWINS):
            some = sorted(groups[at : at + 8 * TWINS], key=_longest)
            batches += [some[k : k + TWINS] for k in range(0, len(some), TWINS)]
        for k in rng.permutation(len(batches)):
            yield list(chain(*batches[k]))


def _longest(group: Sequence[Counted]) -> int:
    return max(len(_row(pair.claim, pair.passage).ids) for pair, _ in group)


def _loss(out: Tensor, batch: Sequence[Counted]) -> Tensor:
    """Cross-entropy of each, and of each claim that follows against those that do not."""
    import torch
    from torch.nn import functional

    follows = torch.tensor([pair.label == "supported" for pair, _ in batch])
    wanted = torch.where(follows, CERTAIN, 1 - CERTAIN)
    counts = torch.tensor([count for _, count in batch])
    loss = functional.binary_cross_entropy_with_logits(out, wanted, counts)
    passages = np.array([pair.passage for pair, _ in batch])
    rivals = torch.from_numpy(passages[:, None] == passages[None, :])
    rivals &= follows[:, None] & ~follows[None, :]
    if rivals.any():
        ahead = out[:, None] - out[None, :]
        loss = loss + BETWEEN * functional.softplus(-ahead)[rivals].mean()
    return loss
