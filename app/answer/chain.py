"""The whole flow from a question to an Answer, as a LangChain Runnable.

    screen ─ triage ─ context ─ encode ─ search ─ gate ─ compose ─ verify ─ (reword) ─ cite

Imports no user interface. The same question and the same index give the same answer
but for its id and its timings, and but for the words where a language model rewords.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.runnables import Runnable, RunnableConfig

from app.answer.alarm import look_again
from app.answer.budget import Budget
from app.answer.cite import cite, cite_worded
from app.answer.compose import Extract, compose
from app.answer.context import Standalone, standalone
from app.answer.found import Found
from app.answer.gate import answerable
from app.answer.generate import reword, rewordable
from app.answer.schema import Answer, Ask, CorpusRef, Mode, Status, Suggestion, Turn
from app.answer.screen import screen
from app.answer.shape import questions_in
from app.answer.triage import Triaged, safety_of, triage_of
from app.answer.verify import verify
from app.config import app_settings
from index.chunk import Passage
from index.config import IndexSettings, index_settings
from index.embed import encode, unit
from index.retrieve import Hit, Index, open_index

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NOT_COVERED = (
    "My sources do not cover that, so I will not guess. "
    "I can answer questions about hip thrusts and glute training, in English."
)
NOT_UNDERSTOOD = (
    "I could not make sense of that. I work in English: please put your question in other words."
)
READABLE = 0.55
"""Below this share of words that are English or the corpus's, a message is not understood."""

SUGGESTIONS = 3


@dataclass(frozen=True)
class Begun:
    """A question that was screened and triaged, and needs a search."""

    text: str
    history: Sequence[Turn]
    told: Triaged
    steps: Mapping[str, float]
    """Milliseconds spent so far, by step."""


class GuideChain(Runnable[str | Ask, Answer]):
    """A question in, an Answer out."""

    def __init__(
        self,
        index: Index,
        country: str | None = None,
        model: BaseChatModel | None = None,
        budget: Budget | None = None,
    ) -> None:
        """A chain over an open index.

        Args:
            index: Where the answers come from.
            country: Whose emergency number stands first.
            model: Rewords the answers; without one they quote.
            budget: How often it may be asked to; None: always.
        """
        self.index = index
        self._model = model
        self._budget = budget
        self._country = app_settings().country if country is None else country
        self._triage = triage_of(index_settings().corpus)
        manifest = index.manifest
        self._corpus = CorpusRef(
            index_id=manifest.index_id, passages=manifest.passages, built_at=manifest.built_at
        )

    def invoke(  # LangChain's signature
        self,
        input: str | Ask,  # noqa: A002
        config: RunnableConfig | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Answer:
        """Answer one question; whatever it holds, it is only text."""
        begun = self.begin(input)
        return begun if isinstance(begun, Answer) else self.finish(begun)

    def begin(self, input: str | Ask) -> Answer | Begun:  # noqa: A002  # as in invoke
        """The answer if it needs no search, else what is known so far.

        An emergency, small talk and what cannot be read need none.
        """
        clock = _Clock()
        asked = input if isinstance(input, Ask) else Ask(question=input)
        with clock("screen"):
            screened = screen(asked.question)
        with clock("triage"):
            told = self._triage(screened.text, self._country)
        reply = partial(self._reply, clock, screened.text)
        if told.level == "emergency":  # even in a message that is too long
            return reply("safety", told.message, safety=safety_of(told, self.index))
        if screened.problem is not None:
            return reply("rejected", screened.problem)
        if screened.smalltalk is not None and told.level == "none":
            return reply("smalltalk", screened.smalltalk)
        return Begun(screened.text, asked.history, told, clock.steps)

    def finish(self, begun: Begun) -> Answer:
        """The answer to a question that needs a search."""
        clock = _Clock(begun.steps)
        told = begun.told
        reply = partial(self._reply, clock, begun.text)
        with clock("context"):
            keywords = self.index.keywords
            meant = standalone(begun.text, begun.history, keywords)
        with clock("search"):
            found = self.look_up(meant)
        question = keywords.understand(meant.question) if meant.views else found.question
        reply = partial(reply, standalone_question=question)
        with clock("triage again"):
            call = self._triage.call(self._country)
            nearest = max((hit.question for hit in found.hits), default=0.0)
            digest = self.index.manifest.model_digest
            told = look_again(told, found.vector, nearest, digest, call)
            safety = safety_of(told, self.index)
        if told.level == "emergency":
            return reply("safety", told.message, safety=safety)
        parts = self._parts(question)
        with clock("compose"):
            covered = bool(parts) or self._covers(found)
            chosen = compose(self.index, parts or [found]) if covered else []
            extracts = [extract for extract in chosen if _holds(extract)]
        used = {extract.passage.id for extract in extracts}
        suggested = _suggest(found.hits, skip=used)
        reply = partial(reply, safety=safety)
        if not extracts:
            readable = self.index.keywords.readable(question) >= READABLE
            return reply(
                "not_covered", NOT_COVERED if readable else NOT_UNDERSTOOD, nearest=suggested
            )
        if meant.views and not parts:
            title = extracts[0].passage.title
            question = standalone(begun.text, begun.history, keywords, title).question
            reply = partial(reply, standalone_question=question)
        worded = None
        if self._model is not None and rewordable(extracts) and self._may_spend():
            with clock("reword"):
                worded = reword(self._model, question, extracts)
        with clock("cite"):
            text, sentences, citations = (
                cite_worded(worded, self.index.references)
                if worded
                else cite(extracts, self.index.references)
            )
        return reply(
            "answered",
            text,
            mode="generated" if worded else "extractive",
            sentences=sentences,
            citations=citations,
            related=suggested,
        )

    def _parts(self, message: str) -> list[Found]:
        """Each question of a message that asks several, if each has a passage of its own."""
        questions = questions_in(message)
        if len(questions) == 1:
            return []
        before = (Turn(question=questions[0]),)
        meant = [Standalone(questions[0])]
        for part in questions[1:]:
            read = standalone(part, before, self.index.keywords)
            # One that brings its own subject is not looked for together with the other.
            meant.append(read if read.rewritten else Standalone(part))
        found = [self.look_up(part) for part in meant]
        leads = {part.hits[0].passage.id for part in found if part.hits}
        return found if len(leads) == len(found) and all(map(self._covers, found)) else []

    def _covers(self, found: Found) -> bool:
        """Whether the gate lets the question through."""
        return answerable(self.index, found)

    def look_up(self, meant: Standalone) -> Found:
        """The passages for a question, or for all views of a follow-up together."""
        understand = self.index.keywords.understand
        message, talk = "", None
        if meant.views:
            question = understand(meant.words)
            texts = [understand(view.text) for view in meant.views]
            weights = np.asarray([[view.weight for view in meant.views]], dtype=np.float32)
            vectors = encode(self.index.embeddings, texts)
            vector = unit(weights @ vectors)
            message, talk = texts[0], unit(vectors[:1] + vectors[1:2])
        else:
            question = understand(meant.question)
            vector = self.index.encode(question)
        hits = self.index.search(question, vector, talk=talk)
        return Found(question, vector, hits, message, talk)

    def _may_spend(self) -> bool:
        return self._budget is None or self._budget.spend()

    @property
    def rewords(self) -> bool:
        """Whether a language model is asked to reword."""
        return self._model is not None

    def passage(self, passage_id: str) -> Passage | None:
        """The passage that a citation names, to show its words in their surroundings."""
        return self.index.passage(passage_id)

    def _reply(
        self,
        clock: _Clock,
        question: str,
        status: Status,
        text: str,
        *,
        mode: Mode = "fixed",
        standalone_question: str | None = None,
        **parts: Any,
    ) -> Answer:
        return Answer(
            id=str(uuid.uuid4()),
            question=question,
            standalone_question=standalone_question or question,
            status=status,
            refused=status in {"not_covered", "rejected"},
            mode=mode,
            answer=text,
            corpus=self._corpus,
            timings_ms=clock.times(),
            **parts,
        )


def open_chain(
    settings: IndexSettings | None = None, model: BaseChatModel | None = None
) -> GuideChain:
    """The chain over the current index, with the embedding model loaded and warm.

    Args:
        settings: Where the index lies; by default as the environment says.
        model: A language model that rewords the answers.

    Raises:
        GuideError: if index or embedding model are missing, stale or damaged.
    """
    index = open_index(settings or index_settings())
    index.encode("warm up")
    return GuideChain(index, model=model)


def _holds(extract: Extract) -> bool:
    """Whether the judge agrees that the passage says what is about to be said."""
    return verify(extract.text, extract.passage.text).supported


def _suggest(hits: Sequence[Hit], skip: set[str]) -> tuple[Suggestion, ...]:
    """Questions that the next best passages answer."""
    found = [
        Suggestion(title=hit.passage.title, question=hit.passage.questions[0])
        for hit in hits
        if hit.passage.id not in skip and hit.passage.questions
    ]
    return tuple(found[:SUGGESTIONS])


class _Clock:
    """Milliseconds by step and in total, on top of steps taken before."""

    def __init__(self, before: Mapping[str, float] | None = None) -> None:
        self.steps: dict[str, float] = dict(before or {})
        self._begin = time.perf_counter() - sum(self.steps.values()) / 1000

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.steps[step] = (time.perf_counter() - begin) * 1000

    def times(self) -> dict[str, float]:
        total = (time.perf_counter() - self._begin) * 1000
        return {step: round(ms, 3) for step, ms in {**self.steps, "total": total}.items()}
