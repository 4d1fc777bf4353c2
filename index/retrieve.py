"""A question in, ranked passages out.

Three kinds of vector (passage, sentence, banked question) and keyword search are fused
to one ranking. Knows nothing of language models and does not judge whether a passage
answers: that is the gate's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from index.bank import Opening
from index.build import corpus_digests
from index.chunk import Passage
from index.claim import ClaimLink
from index.config import IndexSettings
from index.content import NOWHERE
from index.embed import ModelFiles, Vectors, encode_question, find_model, open_embeddings
from index.errors import CorpusError, IndexDamaged, IndexStale
from index.keywords import Keywords
from index.store import Manifest, Store, checked_artefact

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

CANDIDATES = 64
"""Nearest vectors asked of Chroma; with some 16 vectors a passage, a dozen passages."""

KEYWORD_CANDIDATES = 5
FOLLOW_UP_CANDIDATES = 16
WEIGHTS = {
    "question": 0.65,
    "passage": 0.55,
    "sentence": 0.3,
    "keyword": 0.45,
    "follow_up": 0.8,
}
"""Tuned on eval/data/tuning only; see eval/LOG.md."""

ARTICLE_PRIOR = 0.08
"""What the article is given ahead of a study: it answers how and what, most of what is asked."""

STUDY_PRIOR = 0.04
"""The same where the question asks for studies, figures or certainty."""

_ASKS_FOR_STUDIES = re.compile(
    r"\b(?:stud(?:y|ies)|evidence|research\w*|proven?|proofs?|proves?|trials?|scien\w+|emg|reviews?"
    r"|really|true|safe|risks?|percent|average|how (?:much|many|often|long|sure)|sets?|reps?|weeks?"
    r"|pregnan\w*)\b|%",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hit:
    """A passage found, with what speaks for it. Scores stay inside the process."""

    passage: Passage
    number: int
    score: float
    question: float
    """Cosine similarity of the nearest banked question; 0 without a bank."""
    whole: float
    """Cosine similarity of the passage as a whole."""
    sentences: tuple[float, ...]
    """Cosine similarity of each sentence, in order."""
    keyword: float
    """BM25 score as a share of the best in the corpus for this question."""
    follow_up: float = 0.0
    """Cosine similarity of the nearest banked follow-up; 0 for a question that stands alone."""


@dataclass(frozen=True)
class NearQuestion:
    """A banked question beside the visitor's."""

    similarity: float
    """Cosine."""
    question: str
    opening: Opening | None
    """How the passage's answer to it opens."""


class Index:
    """An open index."""

    def __init__(self, store: Store, manifest: Manifest, model: ModelFiles) -> None:
        self._store = store
        self.manifest = manifest
        self.model = model
        self.keywords = Keywords(store.passages, store.content.slang, model.english)
        self.references = store.content.references
        self._numbers = {passage.id: n for n, passage in enumerate(store.passages)}
        self._claims: dict[str, list[ClaimLink]] = {}
        for link in store.content.claims:
            self._claims.setdefault(link.claim, []).append(link)
        self._rows: list[list[int]] = [[] for _ in store.passages]
        outside: list[int] = []
        for n, row in enumerate(store.rows):
            (outside if row.passage == NOWHERE else self._rows[row.passage]).append(n)
        self._outside = store.vectors[outside]
        banked = [n for n, _ in store.content.follow_ups() if n != NOWHERE]
        self._next = np.array(banked, dtype=np.int64)
        """The passage of each banked follow-up that has one; the others come after them."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, in reading order."""
        return self._store.passages

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        number = self._numbers.get(passage_id)
        return None if number is None else self._store.passages[number]

    def studies_on(self, passage: Passage, sentence: str) -> list[ClaimLink]:
        """Links from a claim that this sentence of the passage makes, if studies question it."""
        return [link for link in self._claims.get(passage.id, []) if link.words in sentence]

    @cached_property
    def embeddings(self) -> Embeddings:
        """The embedding model, loaded when it is first needed."""
        return open_embeddings(self.model)

    def encode(self, question: str) -> Vectors:
        """The question's vector, shape (1, dimension)."""
        return encode_question(self.embeddings, question)

    def search(
        self, question: str, vector: Vectors, count: int = 8, talk: Vectors | None = None
    ) -> list[Hit]:
        """The best passages for a question, best first.

        Args:
            question: Its words.
            vector: Its direction, shape (1, dimension).
            count: Passages at most.
            talk: Of a follow-up the mean direction of the message alone and after the question
                before it, shape (1, dimension); banked follow-ups are compared with it.
        """
        near = {self._store.rows[n].passage for n in self._store.nearest(vector, CANDIDATES)[0]}
        near.discard(NOWHERE)
        keyword = self.keywords.scores(question)
        best = float(keyword.max(initial=0.0))
        if best > 0:
            keyword = keyword / best
            near |= set(np.argsort(-keyword, kind="stable")[:KEYWORD_CANDIDATES].tolist())
        next_up = self._follow_ups(talk)
        if talk is not None:
            near |= set(np.argsort(-next_up, kind="stable")[:FOLLOW_UP_CANDIDATES].tolist())
        prior = STUDY_PRIOR if _ASKS_FOR_STUDIES.search(question) else ARTICLE_PRIOR
        hits = [
            self._hit(number, vector, float(keyword[number]), prior, float(next_up[number]))
            for number in near
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.number))
        return hits[:count]

    def hit(self, passage_id: str, vector: Vectors) -> Hit:
        """How well one passage fits a question, keywords and kind left out."""
        return self._hit(self._numbers[passage_id], vector, keyword=0.0, prior=0.0)

    def banked(self, passage: Passage, vector: Vectors) -> list[NearQuestion]:
        """The questions banked for a passage that are answered by yes or no."""
        number = self._numbers[passage.id]
        first = self._rows[number][0] + 1 + len(passage.spans)
        similar = self._store.vectors[first : first + len(passage.openings)] @ vector[0]
        return [
            NearQuestion(float(similarity), question, opening)
            for similarity, question, opening in zip(
                similar, passage.questions, passage.openings, strict=False
            )
            if opening is not None
        ]

    def banked_texts(self) -> Iterator[tuple[str, Passage | None, NDArray[np.float32]]]:
        """Every banked question with its passage, or None if it lies outside, and its vector."""
        texts = self._store.content.texts()
        for n, row in enumerate(self._store.rows):
            if row.kind in {"question", "outside"}:
                passage = None if row.passage == NOWHERE else self._store.passages[row.passage]
                yield texts[n], passage, self._store.vectors[n]

    def outside(self, vector: Vectors) -> float:
        """Cosine similarity of the nearest question that the corpus does not answer."""
        similar = self._outside @ vector[0]
        return float(similar.max(initial=0.0))

    def outside_follow_up(self, talk: Vectors) -> float:
        """Cosine similarity of the nearest follow-up that the corpus does not answer."""
        similar = self._store.follow_ups[len(self._next) :] @ talk[0]
        return float(similar.max(initial=0.0))

    def close(self) -> None:
        """Delete the private copy."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _follow_ups(self, talk: Vectors | None) -> Vectors:
        """For each passage the similarity of its nearest banked follow-up, 0 without any."""
        nearest = np.zeros(len(self.passages), dtype=np.float32)
        if talk is not None:
            inside = self._store.follow_ups[: len(self._next)]
            np.maximum.at(nearest, self._next, inside @ talk[0])
        return nearest

    def _hit(
        self, number: int, vector: Vectors, keyword: float, prior: float, follow_up: float = 0.0
    ) -> Hit:
        passage = self._store.passages[number]
        rows = self._rows[number]
        similar = self._store.vectors[rows[0] : rows[-1] + 1] @ vector[0]
        whole = float(similar[0])
        end = 1 + len(passage.spans)
        sentences = tuple(similar[1:end].tolist())
        question = float(similar[end:].max(initial=0.0))
        score = (
            WEIGHTS["question"] * question
            + WEIGHTS["passage"] * whole
            + WEIGHTS["sentence"] * max(sentences)
            + WEIGHTS["keyword"] * keyword
            + WEIGHTS["follow_up"] * follow_up
            + prior * (passage.source.kind == "article")
        )
        return Hit(passage, number, score, question, whole, sentences, keyword, follow_up)


def open_index(settings: IndexSettings) -> Index:
    """Open the current index after checking its every file.

    Raises:
        IndexMissing: if none was built.
        IndexDamaged: if a file is not what was built.
        IndexStale: if the software or the embedding model has changed since.
        ModelUnavailable: if the embedding model is not there.
    """
    folder, manifest = checked_artefact(settings)
    model = find_model(settings.embedding_model)
    if model.digest != manifest.model_digest:
        raise IndexStale(f"it was built with another embedding model ({manifest.model})")
    store = Store(folder, settings.chroma_url)
    if len(store.passages) != manifest.passages:
        store.close()
        raise IndexDamaged("passages are missing")
    return Index(store, manifest, model)


def changed_since(settings: IndexSettings, manifest: Manifest) -> list[str]:
    """Corpus files that were added, changed or removed since the index was built."""
    try:
        now = corpus_digests(settings.corpus)
    except CorpusError:
        return []
    names = {*now, *manifest.corpus}
    return sorted(name for name in names if now.get(name) != manifest.corpus.get(name))


class PassageRetriever(BaseRetriever):
    """The index as a LangChain retriever: a question in, `Document`s out."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    count: int = 4

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  # LangChain's signature
    ) -> list[Document]:
        mended = self.index.keywords.understand(query)
        hits = self.index.search(mended, self.index.encode(mended), self.count)
        return [as_document(hit.passage) for hit in hits]


def as_document(passage: Passage) -> Document:
    """A passage as LangChain knows it; everything a citation needs is in the metadata."""
    source = passage.source
    metadata: dict[str, Any] = {
        "document": source.id,
        "title": source.title,
        "authors": list(source.authors),
        "year": source.year,
        "kind": source.kind,
        "section": passage.section,
        "spans": [(span.start, span.end) for span in passage.spans],
        "references": sorted({key for span in passage.spans for key in span.references}),
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
