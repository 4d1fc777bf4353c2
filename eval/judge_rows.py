"""The pairs that the judge learns from, and the refusal of those that decide how good it is.

Knows the files and nothing of signals, trees or networks.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.dataset import DATA, JUDGE_TEST, DataError, Pair, read_rows

PAIRS = DATA / "pairs"

Counted = tuple[Pair, float]
"""A pair and what it counts."""

TUNING = (
    "article",
    "evidence-t1",
    "evidence-t2",
    "evidence-h1",
    "evidence-h2",
    "training-odd",
    "health-odd",
    "overlap-corpus",
    "overlap-plain",
    "overlap-dev",
    "free-plain",
    "free-dev",
    "twins-corpus",
    "twins-again",
    "twins-plain",
    "twins-more",
)
HELD_OUT = ("twins-dev",)
"""Not trained on: what blends the two learners and sets the threshold."""


class HeldOutRefused(DataError):
    """Somebody asked to train on rows that decide how good the judge is."""


def training_pairs(names: Sequence[str] = TUNING, folder: Path = PAIRS) -> list[Pair]:
    """The rows to train on.

    Raises:
        HeldOutRefused: if a file of the test part is named, or holds a row of one.
    """
    refused = [name for name in names if Path(name).stem in JUDGE_TEST]
    if refused:
        raise HeldOutRefused(f"{refused[0]}: a test part; the judge is never trained on it.")
    tests = [path for name in JUDGE_TEST if (path := folder / f"{name}.jsonl").is_file()]
    files = {digest(path) for path in tests}
    lines = {line for path in tests for line in path.read_text("utf-8").splitlines()}
    rows: list[Pair] = []
    for name in names:
        path = folder / f"{name}.jsonl"
        rows += read_rows(Pair, path)
        if digest(path) in files:
            raise HeldOutRefused(f"{path}: a copy of a test part; the judge never learns it.")
        if lines & set(path.read_text("utf-8").splitlines()) - {""}:
            raise HeldOutRefused(f"{path}: a row of a test part; the judge never learns it.")
    return rows


def elsewhere(pairs: Sequence[Pair], share: float, seed: int) -> list[Pair]:
    """Plainly worded claims beside passages of other pairs, which do not tell them."""
    rng = np.random.default_rng(seed)
    plain = [pair for pair in pairs if pair.type in {"verbatim", "partial"}]
    moved: list[Pair] = []
    while plain and len(moved) < int(share * len(pairs)):
        pair, other = plain[int(rng.integers(len(plain)))], pairs[int(rng.integers(len(pairs)))]
        change = {"passage": other.passage, "label": "unsupported", "type": "off-passage"}
        if pair.passage != other.passage:
            moved.append(pair.model_copy(update=change))
    return moved


def twins(pairs: Sequence[Counted], rng: np.random.Generator) -> list[list[Counted]]:
    """Pairs put together by two: a claim that follows, and one on the same passage that does not.

    Neighbours in a file are taken for twins; what is left over on a passage is put
    together at random, and stays alone where there is no other.
    """
    made: list[list[Counted]] = []
    rest: dict[str, dict[str, list[Counted]]] = {}
    before: Counted | None = None
    for counted in pairs:
        pair = counted[0]
        if before and before[0].passage == pair.passage and before[0].label != pair.label:
            rest[pair.passage][before[0].label].pop()
            made.append([before, counted])
            before = None
        else:
            kinds = rest.setdefault(pair.passage, {"supported": [], "unsupported": []})
            kinds[pair.label].append(counted)
            before = counted
    for kinds in rest.values():
        for group in kinds.values():
            rng.shuffle(group)
        couples = itertools.zip_longest(*kinds.values())
        made += [[counted for counted in couple if counted] for couple in couples]
    return made


def habit(pair: Pair) -> str:
    """Who wrote it and how: each file's ids start with letters of their own."""
    return pair.id.split("-")[0]


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
