"""What was counted, for the operator: thumbs, reasons, and what members asked in vain.

Questions that mean the same are put together by the embedding model. Knows nothing of
how items came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.feedback import Item
from index.embed import Vectors

ALIKE = 0.62
"""Cosine similarity from which two questions are put together. At this value "how much
does a bench cost" joins "what is the price of a bench", and "gym opening hours" does not."""


@dataclass(frozen=True)
class Cluster:
    """Questions that mean the same."""

    question: str
    """The one asked most; of several the one nearest to all others."""
    count: int
    others: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything counted."""

    up: int
    down: int
    not_covered: int
    clusters: tuple[Cluster, ...]
    """Not covered, most asked first."""
    reasons: tuple[str, ...]
    """Given with a thumb down, newest first."""


def report(items: Sequence[Item], encode: Callable[[list[str]], Vectors]) -> Report:
    """Sum up what was counted.

    Args:
        items: As `app.feedback.items` gives them.
        encode: Texts to unit vectors, shape (texts, dimension).
    """
    kinds = Counter(item.kind for item in items)
    asked = Counter(i.question for i in items if i.kind == "not_covered" and i.question)
    reasons = [i.reason for i in items if i.kind == "down" and i.reason]
    return Report(
        up=kinds["up"],
        down=kinds["down"],
        not_covered=kinds["not_covered"],
        clusters=cluster(asked, encode),
        reasons=tuple(reversed(reasons)),
    )


def cluster(
    asked: Counter[str], encode: Callable[[list[str]], Vectors], alike: float = ALIKE
) -> tuple[Cluster, ...]:
    """Put questions together, those asked most often first; the same input, the same clusters.

    Greedy: each question joins the cluster whose mean direction is nearest, if that is
    near enough, or begins its own.
    """
    texts = sorted(asked, key=lambda text: (-asked[text], text))
    if not texts:
        return ()
    vectors = encode(texts)
    groups: list[list[int]] = []
    sums: list[Vectors] = []
    for n, vector in enumerate(vectors):
        near = [float(total @ vector / np.linalg.norm(total)) for total in sums]
        best = int(np.argmax(near)) if near else -1
        if best >= 0 and near[best] >= alike:
            groups[best].append(n)
            sums[best] = sums[best] + asked[texts[n]] * vector
        else:
            groups.append([n])
            sums.append(asked[texts[n]] * vector)
    found = [_named(group, sums[g], texts, asked, vectors) for g, group in enumerate(groups)]
    return tuple(sorted(found, key=lambda c: (-c.count, c.question)))


def _named(
    group: list[int], total: Vectors, texts: list[str], asked: Counter[str], vectors: Vectors
) -> Cluster:
    first = min(group, key=lambda n: (-asked[texts[n]], -float(total @ vectors[n]), texts[n]))
    return Cluster(
        question=texts[first],
        count=sum(asked[texts[n]] for n in group),
        others=tuple(texts[n] for n in group if n != first),
    )
