"""The learnt part of the judge: the packaged sentence model, tuned to read two texts as one.

Claim and passage go through the six layers together, as BERT reads pairs of sentences
(Devlin et al. 2019, arXiv:1810.04805), so that each word is read in the light of the other
text. What the lexicon says of a word, and what of it stands on the other side (`marks`,
judge_reader), is added to its embedding: so the pairs need not teach which words are opposites.

What is shipped are the changes to the packaged weights, 8 bits each, not the weights.
Imports torch, so it is imported only when a claim is not quoted. Knows nothing of
words and of where the inputs come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

_FAR = -1e4
_STEPS = 127
"""A change of a weight is one of so many steps up or down, each row with a step of its own."""


class Read(NamedTuple):
    """A claim and a passage as one row of tokens."""

    ids: Sequence[int]
    of_passage: Sequence[int]
    """0 for the claim's tokens, 1 for the passage's."""
    marks: Tensor
    """Shape (tokens, marks)."""


class Batch(NamedTuple):
    """Several of them, the shorter ones filled up: each (n, tokens), marks with one axis more."""

    ids: Tensor
    of_passage: Tensor
    there: Tensor
    marks: Tensor


class CrossEncoder(nn.Module):
    """Log-odds that the claim follows from the passage."""

    def __init__(self, base: Any, marks: int) -> None:
        """`base` is the packaged model; its layers are changed by training."""
        super().__init__()
        width, dropout = base.config.hidden_size, base.config.hidden_dropout_prob
        self.embeddings = base.embeddings.requires_grad_(False)
        self.layers = base.encoder.layer
        self.marks = nn.Linear(marks, width, bias=False)
        nn.init.normal_(self.marks.weight, std=0.01)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(3 * width, 128),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(128, 1),
        )

    def forward(self, batch: Batch) -> Tensor:
        """One number for each claim."""
        states = self.embeddings(input_ids=batch.ids, token_type_ids=batch.of_passage)
        states = states + self.marks(batch.marks)
        hidden = (~batch.there[:, None, None, :]).float() * _FAR
        for layer in self.layers:
            found = layer(states, hidden)
            states = found[0] if isinstance(found, tuple) else found
        of_claim = (batch.there & (batch.of_passage == 0))[..., None]
        mean = (states * of_claim).sum(1) / of_claim.sum(1)
        most = states.masked_fill(~of_claim, _FAR).amax(1)
        result: Tensor = self.head(torch.cat([states[:, 0], mean, most], -1))[:, 0]
        return result


def pad(rows: Sequence[Read]) -> Batch:
    """Rows of different length as one batch."""
    shape = (len(rows), max(len(row.ids) for row in rows))
    batch = Batch(
        torch.zeros(shape, dtype=torch.long),
        torch.zeros(shape, dtype=torch.long),
        torch.zeros(shape, dtype=torch.bool),
        torch.zeros(*shape, rows[0].marks.shape[1]),
    )
    for n, row in enumerate(rows):
        tokens = len(row.ids)
        batch.ids[n, :tokens] = torch.tensor(row.ids)
        batch.of_passage[n, :tokens] = torch.tensor(row.of_passage)
        batch.there[n, :tokens] = True
        batch.marks[n, :tokens] = row.marks
    return batch


def save(model: CrossEncoder, base: Any, path: Path) -> None:
    """Write what training changed in the packaged model, and what it added to it."""
    from safetensors.torch import save_file

    was, out = _packaged(base), {}
    for name, value in _tuned(model).items():
        change = value - was.get(name, 0.0)
        if change.ndim < 2:
            out[name] = change.half()
            continue
        step = (change.abs().amax(1, keepdim=True) / _STEPS).clamp_min(1e-12)
        out[name] = (change / step).round().to(torch.int8)
        out[f"{name}:step"] = step
    save_file({name: value.contiguous() for name, value in out.items()}, path)


def load(base: Any, marks: int, path: Path) -> CrossEncoder:
    """The packaged model with the changes that lie at a path."""
    from safetensors.torch import load_file

    model, changes, was = CrossEncoder(base, marks), load_file(path), _packaged(base)
    now = {
        name: was.get(name, 0.0) + changes[name].float() * changes.get(f"{name}:step", 1.0)
        for name in _tuned(model)
    }
    model.load_state_dict(now, strict=False)
    return model.eval()


def _tuned(model: CrossEncoder) -> Mapping[str, Tensor]:
    """The weights that training changes; the embeddings stay what they were."""
    return {k: v for k, v in model.state_dict().items() if not k.startswith("embeddings.")}


def _packaged(base: Any) -> Mapping[str, Tensor]:
    """The weights of the packaged layers, by the names that they have in the judge."""
    return {f"layers.{name}": value for name, value in base.encoder.layer.state_dict().items()}
