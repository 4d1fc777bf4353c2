"""The whole flow from a question to an Answer, as a LangChain Runnable.

    screen ─ understand ─ encode ─ search ─ gate ─ compose ─ cite

Imports no user interface. The same question and the same index give the same answer
but for its id and its timings.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from app.answer.cite import cite
from app.answer.compose import compose
from app.answer.gate import answerable
from app.answer.schema import Answer, Ask, CorpusRef, Mode, Status, Suggestion
from app.answer.screen import screen
from index.chunk import Passage
from index.config import IndexSettings, index_settings
from index.retrieve import Hit, Index, open_index

NOT_COVERED = (
    "My sources do not cover that, so I will not guess. "
    "I can answer questions about hip thrusts and glute training, in English."
)
SUGGESTIONS = 3


class GuideChain(Runnable[str | Ask, Answer]):
    """A question in, an Answer out."""

    def __init__(self, index: Index) -> None:
        self.index = index
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
        clock = _Clock()
        asked = input if isinstance(input, Ask) else Ask(question=input)
        with clock("screen"):
            screened = screen(asked.question)
        question = screened.text
        if screened.problem is not None:
            return self._reply(clock, question, "rejected", screened.problem)
        if screened.smalltalk is not None:
            return self._reply(clock, question, "smalltalk", screened.smalltalk)

        with clock("encode"):
            understood = self.index.keywords.understand(question)
            vector = self.index.encode(understood)
        with clock("search"):
            hits = self.index.search(understood, vector)
        with clock("compose"):
            if not answerable(self.index, understood, vector, hits):
                return self._reply(
                    clock,
                    question,
                    "not_covered",
                    NOT_COVERED,
                    standalone_question=understood,
                    nearest=_suggest(hits, skip=set()),
                )
            extracts = compose(
                hits,
                self.index.studies_on,
                lambda passage_id: self.index.hit(passage_id, vector),
            )
            text, sentences, citations = cite(extracts, self.index.references)
        used = {extract.passage.id for extract in extracts}
        return self._reply(
            clock,
            question,
            "answered",
            text,
            mode="extractive",
            standalone_question=understood,
            sentences=sentences,
            citations=citations,
            related=_suggest(hits, skip=used),
        )

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


def open_chain(settings: IndexSettings | None = None) -> GuideChain:
    """The chain over the current index, with the model loaded and warm.

    Raises:
        GuideError: if index or model are missing, stale or damaged.
    """
    index = open_index(settings or index_settings())
    index.encode("warm up")
    return GuideChain(index)


@cache
def shared_chain() -> GuideChain:
    """The one chain of this process, for doors that serve many visitors."""
    return open_chain()


def _suggest(hits: list[Hit], skip: set[str]) -> tuple[Suggestion, ...]:
    """Questions that the next best passages answer."""
    found = [
        Suggestion(title=hit.passage.title, question=hit.passage.questions[0])
        for hit in hits
        if hit.passage.id not in skip and hit.passage.questions
    ]
    return tuple(found[:SUGGESTIONS])


class _Clock:
    """Milliseconds by step and in total."""

    def __init__(self) -> None:
        self._begin = time.perf_counter()
        self._steps: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._steps[step] = (time.perf_counter() - begin) * 1000

    def times(self) -> dict[str, float]:
        total = (time.perf_counter() - self._begin) * 1000
        return {step: round(ms, 3) for step, ms in {**self._steps, "total": total}.items()}
