"""A small network that lays a claim's words beside a passage's: the learnt part of the judge.

Each word of the claim looks for its counterpart in the passage by three similarities
(in context, by itself, same stem), is compared with what it finds, and the comparisons
are pooled; then the other way round. Imports torch, so it is imported only when a claim
is not quoted. Knows nothing of where the vectors come from (judge_reader).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

CONTEXT = 384
"""Width of a word's vector in context, and of its vector by itself."""

WIDTH = 128
Side = tuple[Tensor, Tensor, Tensor]
"""Vectors (n, words, features), stems (n, words), which words are there (n, words)."""


class Aligner(nn.Module):
    """Log-odds that the claim follows from the passage."""

    def __init__(self, features: int, dropout: float = 0.15) -> None:
        super().__init__()
        self.features = features
        self.project = nn.Linear(features, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.sharpness = nn.Parameter(torch.tensor([6.0, 3.0, 2.0]))
        self.compare = nn.Linear(4 * WIDTH + 4, WIDTH)
        self.neighbours = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.Linear(4 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, 1)

    def forward(self, claim: Side, passage: Side) -> Tensor:
        """One number for each claim."""
        (a, stems_a, there_a), (b, stems_b, there_b) = claim, passage
        alike = torch.stack(
            [
                a[..., :CONTEXT] @ b[..., :CONTEXT].transpose(1, 2),
                a[..., CONTEXT : 2 * CONTEXT] @ b[..., CONTEXT : 2 * CONTEXT].transpose(1, 2),
                (stems_a[:, :, None] == stems_b[:, None, :]).float(),
            ]
        )
        one, other = self._words(a), self._words(b)
        from_claim, focus = self._compare(one, other, there_a, there_b, alike)
        from_passage, _ = self._compare(other, one, there_b, there_a, alike.transpose(2, 3))
        relevance = focus.amax(1).masked_fill(~there_b, -1e4)
        share = relevance.softmax(-1)[..., None]
        near = torch.sigmoid(relevance - 4)[..., None]
        pooled = torch.cat(
            [
                from_claim.sum(1) / there_a.sum(1, keepdim=True),
                from_claim.amax(1),
                (from_passage * share).sum(1),
                (from_passage * near).amax(1),
            ],
            -1,
        )
        hidden = self.drop(torch.relu(self.hidden(self.drop(pooled))))
        result: Tensor = self.out(hidden)[:, 0]
        return result

    def _words(self, vectors: Tensor) -> Tensor:
        scaled = torch.cat([vectors[..., : 2 * CONTEXT] * 10, vectors[..., 2 * CONTEXT :]], -1)
        result: Tensor = self.drop(self.norm(self.project(scaled)))
        return result

    def _compare(
        self, one: Tensor, other: Tensor, there: Tensor, others: Tensor, alike: Tensor
    ) -> tuple[Tensor, Tensor]:
        weight = (alike * self.sharpness[:, None, None, None]).sum(0)
        weight = weight.masked_fill(~others[:, None], -1e4)
        found = weight.softmax(-1) @ other
        best = alike.masked_fill(~others[None, :, None], -1.0).amax(-1).permute(1, 2, 0)
        pieces = [one, found, one - found, one * found, best, weight.amax(-1, keepdim=True) / 10]
        compared = torch.relu(self.compare(torch.cat(pieces, -1))) * there[..., None]
        compared = self.drop(compared)
        around = self.neighbours(compared.transpose(1, 2)).transpose(1, 2)
        return (compared + torch.relu(around)) * there[..., None], weight


def pad(texts: Sequence[tuple[Tensor, Tensor]]) -> Side:
    """Texts of different length as one batch."""
    longest = max(len(vectors) for vectors, _ in texts)
    vectors = torch.zeros(len(texts), longest, texts[0][0].shape[1])
    stems = torch.zeros(len(texts), longest, dtype=torch.long)
    there = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, (text, marks) in enumerate(texts):
        vectors[row, : len(text)] = text
        stems[row, : len(text)] = marks
        there[row, : len(text)] = True
    return vectors, stems, there
