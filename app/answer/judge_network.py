"""A small network that lays a claim's words beside a passage's: the learnt part of the judge.

Each word of the claim looks for its counterpart in the passage by five relations (alike
in context, alike by itself, same stem, listed as alike, listed as opposite:
judge_opposites), is compared with what it finds, and the comparisons
are pooled; then the other way round. Imports torch, so it is imported only when a claim
is not quoted. Knows nothing of where the vectors come from (judge_reader).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from app.answer.judge_opposites import sides

CONTEXT = 384
"""Width of a word's vector in context, and of its vector by itself."""

WIDTH = 128
OPPOSITE = 4
"""Which of the five relations says that two words are opposites."""


class Words(NamedTuple):
    """A text: vectors (words, features), stems (words), columns of judge_opposites (words, k)."""

    vectors: Tensor
    stems: Tensor
    groups: Tensor


class Side(NamedTuple):
    """Several texts, the shorter ones filled up: the same with one more axis in front."""

    vectors: Tensor
    stems: Tensor
    groups: Tensor
    there: Tensor
    """Which words are words (n, words)."""


class Aligner(nn.Module):
    """Log-odds that the claim follows from the passage."""

    def __init__(self, features: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.features = features
        self.project = nn.Linear(features, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.sharpness = nn.Parameter(torch.tensor([6.0, 3.0, 2.0, 1.0, 1.0]))
        self.compare = nn.Linear(4 * WIDTH + 7, WIDTH)
        self.neighbours = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.Linear(4 * WIDTH, WIDTH // 2)
        self.out = nn.Linear(WIDTH // 2, 1)

    def forward(self, claim: Side, passage: Side) -> Tensor:
        """One number for each claim."""
        a, b, there_a, there_b = claim.vectors, passage.vectors, claim.there, passage.there
        alike = torch.stack(
            [
                a[..., :CONTEXT] @ b[..., :CONTEXT].transpose(1, 2),
                a[..., CONTEXT : 2 * CONTEXT] @ b[..., CONTEXT : 2 * CONTEXT].transpose(1, 2),
                (claim.stems[:, :, None] == passage.stems[:, None, :]).float(),
                *_listed(claim.groups, passage.groups),
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
        share = weight.softmax(-1)
        found, against = share @ other, (share * alike[OPPOSITE]).sum(-1, keepdim=True)
        best = alike.masked_fill(~others[None, :, None], -1.0).amax(-1).permute(1, 2, 0)
        strongest = weight.amax(-1, keepdim=True) / 10
        pieces = [one, found, one - found, one * found, best, strongest, against]
        compared = torch.relu(self.compare(torch.cat(pieces, -1))) * there[..., None]
        compared = self.drop(compared)
        around = self.neighbours(compared.transpose(1, 2)).transpose(1, 2)
        return (compared + torch.relu(around)) * there[..., None], weight


def _listed(claim: Tensor, passage: Tensor) -> tuple[Tensor, Tensor]:
    """Which words stand in one group (n, words, words), and which on opposite sides."""
    split = sides()
    turned = torch.arange(split) ^ 1
    like = claim[..., split:].float() @ passage[..., split:].float().transpose(1, 2)
    opposed = claim[..., turned].float() @ passage[..., :split].float().transpose(1, 2)
    return (like > 0).float(), (opposed > 0).float()


def pad(texts: Sequence[Words]) -> Side:
    """Texts of different length as one batch."""
    longest = max(len(text.vectors) for text in texts)
    shape = (len(texts), longest)
    side = Side(
        torch.zeros(*shape, texts[0].vectors.shape[1]),
        torch.zeros(shape, dtype=torch.long),
        torch.zeros(*shape, texts[0].groups.shape[1], dtype=torch.bool),
        torch.zeros(shape, dtype=torch.bool),
    )
    for row, text in enumerate(texts):
        words = len(text.vectors)
        side.vectors[row, :words] = text.vectors
        side.stems[row, :words] = text.stems
        side.groups[row, :words] = text.groups
        side.there[row, :words] = True
    return side
