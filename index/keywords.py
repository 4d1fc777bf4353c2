"""Keyword search over passages: BM25, and how much of a question a passage accounts for.

A passage's document is its headings, its text and its banked questions, as stems.
Knows nothing of vectors.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.chunk import Passage
from index.words import STOP_WORDS, content_words, in_plain_words, repair, stems, tokens

BANKED_OFTEN = 8
"""A word that banked questions use this often is a word, not a typo: `booty`, `hammies`."""


class Keywords:
    """The keyword side of an index; built in memory when the index is opened."""

    def __init__(
        self, passages: Sequence[Passage], slang: Mapping[str, str], english: frozenset[str]
    ) -> None:
        import bm25s

        self._english = english
        self._slang = slang
        written = Counter(word for p in passages for word in content_words(f"{p.section} {p.text}"))
        banked = Counter(
            word for p in passages for question in p.questions for word in content_words(question)
        )
        self._used = Counter(
            word for p in passages for word in tokens(" ".join((p.section, p.text, *p.questions)))
        )
        often = {word for word, count in banked.items() if count >= BANKED_OFTEN}
        self.vocabulary = frozenset(
            word for word in {*written, *often, *(banked.keys() & english)} if word.isalpha()
        )
        self._targets = self.vocabulary | STOP_WORDS
        documents = [
            stems(content_words(in_plain_words(" ".join((p.section, p.text, *p.questions)), slang)))
            for p in passages
        ]
        self._documents = [frozenset(document) for document in documents]
        frequency = Counter(stem for document in self._documents for stem in document)
        count = len(passages)
        self._weight = {stem: math.log(1 + count / n) for stem, n in frequency.items()}
        self._unknown = math.log(1 + count)
        self._bm25 = bm25s.BM25()
        if self._weight:
            self._bm25.index(documents, show_progress=False)

    def understand(self, question: str) -> str:
        """The question in plain words: gym talk replaced, typos mended towards the corpus."""
        plain = in_plain_words(question, self._slang)
        return repair(plain, self._targets, self._english, self._used)

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 score of every passage; zeros if no word of the question occurs."""
        words = [stem for stem in stems(content_words(question)) if stem in self._weight]
        if not words:
            return np.zeros(len(self._documents), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(words), dtype=np.float32)

    def coverage(self, question: str, passages: Sequence[int]) -> float:
        """Share of the question's content, by rarity, that these passages together hold.

        1.0 if every content word occurs in one of them, 0.0 if none does. A word that
        the corpus never uses weighs most. A question without content words has 0.0.
        """
        words = set(stems(content_words(question)))
        held: set[str] = set()
        for number in passages:
            held |= self._documents[number]
        # A set has another order in every process; fsum does not round by order.
        total = math.fsum(self._weight.get(word, self._unknown) for word in words)
        found = math.fsum(self._weight[word] for word in words & held)
        return found / total if total else 0.0

    def readable(self, text: str) -> float:
        """Share of a text's words that are English or the corpus's; 0.0 without a word."""
        words = re.findall(r"[^\W\d_]+", text.lower())
        known = sum(
            word in self._targets or word in self._used or (len(word) > 3 and word in self._english)
            for word in words
        )
        return known / len(words) if words else 0.0

    def rarest(self, question: str) -> float:
        """How rare the rarest content word is: 1.0 if the corpus never uses it, 0.0 without one."""
        weights = [self._weight.get(w, self._unknown) for w in stems(content_words(question))]
        return max(weights, default=0.0) / self._unknown

    def unknown(self, question: str) -> float:
        """Share of the question's content words that the corpus never uses."""
        words = set(stems(content_words(question)))
        return sum(word not in self._weight for word in words) / len(words) if words else 1.0
