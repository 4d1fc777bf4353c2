"""Rows in, scored cases out: asks the chain, survives its crashes, looks inside the index.

Probabilities of the gate are taken inside the process; the Answer does not carry them.
Knows nothing of averages and thresholds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.answer import Answer, Ask
from app.answer import Turn as Said
from eval.cases import case_of, cited_text, crashed, rounded, supports
from eval.dataset import ArticleFact, FactQuestion
from eval.schema import Case
from eval.score import Asked, retrieval, scores_of, turn_scores
from eval.suite import Suite, question_of
from index.chunk import Passage
from index.retrieve import Index

DEPTH = 10
"""How many passages of a ranking are looked at."""


class Guide(Protocol):
    """What is measured: the chain, or a test's broken one."""

    index: Index

    def invoke(self, input: str | Ask) -> Answer:  # noqa: A002  # LangChain's name
        """Answer one question."""

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of an id."""


@dataclass
class Probe:
    """What only the inside of the process knows."""

    probabilities: list[float] = field(default_factory=list)
    """Of the gate, for questions that reach it."""
    covered: list[int] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    """Milliseconds of each first answer."""
    claims: list[tuple[str, str]] = field(default_factory=list)
    """Each sentence that was said, with the passages it cites."""
    judge_scores: list[float] = field(default_factory=list)
    judge_labels: list[int] = field(default_factory=list)
    """What the judge says of the pairs written by hand, and what is right."""


def ask_rows(guide: Guide, suite: Suite, probe: Probe) -> Iterator[Case]:
    """Every question of the suite, one case each."""
    places = {place.id: place.passages for place in suite.places}
    for name, row in suite.questions():
        question = question_of(row)
        relevant = places.get(row.fact, ()) if isinstance(row, FactQuestion) else ()
        covered = {"answerable": 1, "evidence": 1, "fact_questions": 1, "unanswerable": 0}.get(name)
        try:
            ranked = _look_inside(guide.index, question, covered, probe)
            asked = _ask(guide, question, probe, ranked, relevant)
        except Exception as error:  # noqa: BLE001  # a crash is a result here
            yield crashed(name, row.id, question, row, error)
            continue
        scores = scores_of(row, asked, supports)
        yield case_of(name, row.id, question, row, asked, scores)


def ask_turns(guide: Guide, suite: Suite, probe: Probe) -> Iterator[Case]:
    """Every turn of every conversation, with the turns before it as a client would send them."""
    for row in suite.conversations:
        history: tuple[Said, ...] = ()
        for number, turn in enumerate(row.turns, 1):
            name = f"{row.id}.{number}"
            try:
                asked = _ask(guide, Ask(question=turn.user, history=history), probe)
                history += (Said(question=turn.user, answer=asked.answer.answer),)
            except Exception as error:  # noqa: BLE001  # a crash is a result here
                yield crashed("conversations", name, turn.user, turn, error, number)
                continue
            scores = turn_scores(turn, asked, supports, number)
            yield case_of("conversations", name, turn.user, turn, asked, scores)


def look_up(guide: Guide, facts: Sequence[ArticleFact]) -> Iterator[Case]:
    """Whether the article's facts, said in our own words, find their passages."""
    for fact in facts:
        ranked = _look_inside(guide.index, fact.says, None, Probe())
        scores = retrieval("article_facts", ranked, fact.passages)
        yield Case(
            id=fact.id,
            set="article_facts",
            question=fact.says,
            expected=" or ".join(fact.passages),
            status="searched",
            answer="found: " + ", ".join(ranked[:5]),
            scores=rounded({k: v for k, v in scores.items() if not k.endswith("_at_1")}),
        )


def _look_inside(index: Index, question: str, covered: int | None, probe: Probe) -> list[str]:
    """Ids of the passages found; notes the gate's probability if it is known to be right."""
    from app.answer.found import Found
    from app.answer.gate import load, probability, signals
    from app.answer.screen import screen

    screened = screen(question)
    if screened.problem is not None or screened.smalltalk is not None:
        return []
    understood = index.keywords.understand(screened.text)
    vector = index.encode(understood)
    hits = index.search(understood, vector)
    if covered is not None:
        known = signals(index, Found(understood, vector, hits))
        probe.probabilities.append(probability(known, load().alone))
        probe.covered.append(covered)
    return [hit.passage.id for hit in index.search(understood, vector, DEPTH)]


def _ask(
    guide: Guide,
    question: str | Ask,
    probe: Probe,
    ranked: Sequence[str] = (),
    relevant: Sequence[str] = (),
) -> Asked:
    begin = time.perf_counter()
    answer = guide.invoke(question)
    probe.latencies.append((time.perf_counter() - begin) * 1000)
    again = guide.invoke(question)
    found = {c.passage_id: guide.passage(c.passage_id) for c in answer.citations}
    passages = {name: p.text for name, p in found.items() if p is not None}
    asked = Asked(answer, again, passages, ranked, relevant)
    probe.claims += [(s.text, cited) for s in answer.sentences if (cited := cited_text(asked, s))]
    return asked
