"""A claim and a passage in, what the network reads out: tokens, and marks on each of them.

The marks say of which kinds of the lexicon a word is, and what stands on the other side:
the same stem, the same stem with the same neighbour, a word listed as alike or as the
opposite (judge_opposites). Everything heavy is imported when the first pair is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.answer import judge_opposites, lexicon
from index.words import STOP_WORDS, stems

if TYPE_CHECKING:
    from app.answer.judge_network import CrossEncoder, Read

LONGEST = 200
"""Tokens of a text that are read at once; the model itself takes 512 for both texts."""

_WORD = re.compile(r"[a-z]+|\d[\d,.]*\d|\d|%")
_OF_ITSELF = 3
_OF_OTHERS = 5


class Text(NamedTuple):
    """The tokens of a text: ids, kinds, stem and columns of judge_opposites of each."""

    ids: tuple[int, ...]
    kinds: tuple[tuple[float, ...], ...]
    stems: tuple[str, ...]
    columns: tuple[frozenset[int], ...]

    def part(self, start: int) -> Text:
        """At most LONGEST tokens from a place on."""
        here = slice(start, start + LONGEST)
        return Text(self.ids[here], self.kinds[here], self.stems[here], self.columns[here])


def marks() -> int:
    """How many marks a token has."""
    return len(lexicon.kinds()) + _OF_ITSELF + _OF_OTHERS


def log_odds(claim: str, passage: str, path: Path) -> float:
    """What the network whose changes lie at a path says.

    A passage that is too long to be read at once is read in parts that overlap by half; the
    part that speaks most for the claim counts.
    """
    import torch

    from app.answer.judge_network import pad

    one, other = read_text(claim), read_text(passage)
    if not one.ids or not other.ids:
        return 0.0
    parts = range(0, max(len(other.ids) - LONGEST // 2, 1), LONGEST // 2)
    with torch.no_grad():
        return max(
            float(network(path)(pad([_side_by_side(one.part(0), other.part(start))]))[0])
            for start in parts
        )


def read(claim: str, passage: str) -> Read:
    """A pair as the network reads it in training; what is longer than LONGEST is cut off."""
    return _side_by_side(read_text(claim).part(0), read_text(passage).part(0))


@lru_cache(maxsize=512)
def read_text(text: str) -> Text:
    """All tokens of a text; passages come back again and again."""
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair
    found = tokenizer()(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    kinds, stemmed = _kinds(text, found["offset_mapping"])
    columns = tuple(frozenset(judge_opposites.columns(stem)) for stem in stemmed)
    return Text(tuple(found["input_ids"]), tuple(kinds), tuple(stemmed), columns)


@cache
def tokenizer() -> Any:
    """The packaged model's."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(_folder(), local_files_only=True)


def packaged_model() -> Any:
    """The packaged sentence model, fresh: training changes it."""
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return AutoModel.from_pretrained(_folder(), local_files_only=True).eval()


@cache
def network(path: Path) -> CrossEncoder:
    """The network whose changes lie at a path."""
    import torch

    from app.answer.judge_network import load

    torch.set_num_threads(1)
    return load(packaged_model(), marks(), path)


def _folder() -> str:
    from index.config import PACKAGED_MODEL
    from index.embed import find_model

    return str(find_model(PACKAGED_MODEL).folder)


def _side_by_side(claim: Text, passage: Text) -> Read:
    import torch

    from app.answer.judge_network import Read

    start, end = tokenizer().cls_token_id, tokenizer().sep_token_id
    between = torch.zeros(1, marks())
    one, other = (torch.tensor(_marks(*sides)) for sides in ((claim, passage), (passage, claim)))
    return Read(
        [start, *claim.ids, end, *passage.ids, end],
        [0] * (len(claim.ids) + 2) + [1] * (len(passage.ids) + 1),
        torch.cat([between, one, between, other, between]),
    )


def _marks(text: Text, other: Text) -> list[list[float]]:
    """For each token: its kinds, and what of it stands on the other side."""
    split = judge_opposites.sides()
    there, neighbours = set(other.stems), set(zip(other.stems, other.stems[1:], strict=False))
    columns = frozenset().union(*other.columns)
    rows = []
    for n, (stem, kinds, own) in enumerate(zip(text.stems, text.kinds, text.columns, strict=True)):
        before, after = text.stems[n - 1 : n], text.stems[n + 1 : n + 2]
        found = (
            stem in there,
            (stem, *after) in neighbours,
            (*before, stem) in neighbours,
            any(column >= split and column in columns for column in own),
            any(column < split and column ^ 1 in columns for column in own),
        )
        rows.append([*kinds, *map(float, found)])
    return rows


def _kinds(
    text: str, offsets: Sequence[Sequence[int]]
) -> tuple[list[tuple[float, ...]], list[str]]:
    """For each piece of a word: the kinds of the word, and its stem."""
    low = text.lower()
    word_at = {n: found[0] for found in _WORD.finditer(low) for n in range(*found.span())}
    rows: list[tuple[float, ...]] = []
    stemmed: list[str] = []
    for start, end in offsets:
        word = word_at.get(start, low[start:end])
        kinds = {kind for kind, _ in lexicon.phrases().get(word, ())}
        number = word[:1].isdigit() or any(
            word in names for names in (lexicon.ONES, lexicon.TENS, lexicon.PARTS)
        )
        rows.append(
            (
                *(float(kind in kinds) for kind in lexicon.kinds()),
                float(word in STOP_WORDS),
                float(word in lexicon.NEGATIONS or word == "t"),
                float(number),
            )
        )
        stemmed.append(stems([word])[0])
    return rows, stemmed
