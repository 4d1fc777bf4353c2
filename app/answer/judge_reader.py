"""Texts in, what the network sees of each word out: vectors, kinds of the lexicon, stem.

The vectors are those of the packaged sentence model, in context and by themselves, each
of length 1. Everything heavy is imported when the first text is read. Knows nothing of
claims and passages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answer import judge_opposites, lexicon
from index.words import STOP_WORDS, stems

if TYPE_CHECKING:
    from app.answer.judge_network import Aligner, Words

_WORD = re.compile(r"[a-z]+|\d[\d,.]*\d|\d|%")
_LONGEST = 256
_EXTRA = 3


def width() -> int:
    """How many numbers describe a word."""
    return 2 * 384 + len(lexicon.kinds()) + _EXTRA


def read_texts(texts: Sequence[str]) -> list[Words]:
    """The words of each text, with vectors of length `width()`."""
    import torch

    from app.answer.judge_network import Words

    tokenizer, model = _encoder()
    texts = [text.encode("utf-8", "replace").decode() for text in texts]  # half a surrogate pair
    read: list[Words] = []
    batch = tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=_LONGEST,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = batch.pop("offset_mapping").tolist()
    with torch.no_grad():
        states = model(**batch, output_hidden_states=True).hidden_states
    for row, text in enumerate(texts):
        words = slice(1, int(batch["attention_mask"][row].sum()) - 1)
        flags, stemmed = _flags(text, offsets[row][words])
        groups = torch.zeros(len(stemmed), judge_opposites.width(), dtype=torch.bool)
        for n, stem in enumerate(stemmed):
            groups[n, list(judge_opposites.columns(stem))] = True
        marks = torch.tensor([zlib.crc32(stem.encode()) for stem in stemmed], dtype=torch.long)
        inside = torch.nn.functional.normalize(states[-1][row, words], dim=-1)
        alone = torch.nn.functional.normalize(states[0][row, words], dim=-1)
        kinds = torch.tensor(flags).reshape(len(flags), -1)
        read.append(Words(torch.cat([inside, alone, kinds], -1), marks, groups))
    return read


@lru_cache(maxsize=512)
def read_text(text: str) -> Words:
    """One text; passages come back again and again."""
    return read_texts([text])[0]


@cache
def network(path: Path) -> Aligner:
    """The network whose weights lie at a path."""
    import torch
    from safetensors.torch import load_file

    from app.answer.judge_network import Aligner

    torch.set_num_threads(1)
    model = Aligner(width())
    model.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return model.eval()


def log_odds(claim: str, passage: str, path: Path) -> float:
    """What the network says about one claim."""
    import torch

    from app.answer.judge_network import pad

    one, other = read_text(claim), read_text(passage)
    if not len(one.stems) or not len(other.stems):
        return 0.0
    with torch.no_grad():
        return float(network(path)(pad([one]), pad([other]))[0])


@cache
def _encoder() -> tuple[Any, Any]:
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    from index.config import PACKAGED_MODEL
    from index.embed import find_model

    torch.set_num_threads(1)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(find_model(PACKAGED_MODEL).folder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return tokenizer, AutoModel.from_pretrained(folder, local_files_only=True).eval()


def _flags(text: str, offsets: Sequence[Sequence[int]]) -> tuple[list[list[float]], list[str]]:
    """For each piece of a word: the kinds of the word, and its stem."""
    low = text.lower()
    word_at = {n: found[0] for found in _WORD.finditer(low) for n in range(*found.span())}
    rows: list[list[float]] = []
    marks: list[str] = []
    for start, end in offsets:
        word = word_at.get(start, low[start:end])
        kinds = {kind for kind, _ in lexicon.phrases().get(word, ())}
        number = word[:1].isdigit() or any(
            word in names for names in (lexicon.ONES, lexicon.TENS, lexicon.PARTS)
        )
        rows.append(
            [float(kind in kinds) for kind in lexicon.kinds()]
            + [
                float(word in STOP_WORDS),
                float(word in lexicon.NEGATIONS or word == "t"),
                float(number),
            ]
        )
        marks.append(stems([word])[0])
    return rows, marks
