"""The suite catches a broken chain: each way to break it misses a gate.

A small set of tuning questions that the intact chain passes; its results are the
baseline. Each break is a Runnable around the chain, as small as the mistake it plays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import pytest
from langchain_core.runnables import Runnable, RunnableConfig

from app.answer import Answer, Ask, Citation, GuideChain
from app.answer.schema import Safety
from eval import ask
from eval.baseline import Baseline, baseline_text
from eval.dataset import Adversarial, Answerable, Unanswerable, load
from eval.gates import Threshold, load_thresholds
from eval.planted import edits
from eval.run import measure
from eval.schema import Results
from eval.suite import Suite
from index.chunk import Passage
from index.retrieve import Hit, Index

Change = Callable[["Remembering", Answer], Answer]

COVERED = "How do I do a hip thrust?"
STEPS = Answerable(
    id="steps", question=COVERED, voice="plain", facts=(("sit on the floor",), ("pause",))
)


@dataclass
class Remembering:
    """The chain, asked once for each question: it is deterministic, and tests are to be fast."""

    index: Index
    chain: GuideChain
    known: dict[str, Answer] = field(default_factory=dict)

    def invoke(self, input: str | Ask) -> Answer:  # noqa: A002  # LangChain's name
        asked = repr(input)
        if asked not in self.known:
            self.known[asked] = self.chain.invoke(input)
        return self.known[asked]

    def passage(self, passage_id: str) -> Passage | None:
        return self.chain.passage(passage_id)


class Broken(Runnable[str | Ask, Answer]):
    """A chain that spoils every answer in one way."""

    def __init__(self, inner: Remembering, change: Change) -> None:
        self.index = inner.index
        self.inner = inner
        self.change = change

    def invoke(
        self,
        input: str | Ask,  # noqa: A002  # LangChain's name
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Answer:
        return self.change(self.inner, self.inner.invoke(input))

    def passage(self, passage_id: str) -> Passage | None:
        return self.inner.passage(passage_id)


@pytest.fixture(scope="module")
def intact(article_index: Index) -> Remembering:
    return Remembering(article_index, GuideChain(article_index))


@pytest.fixture(scope="module")
def suite(intact: Remembering) -> Suite:
    """Thirteen questions with good answers, one in steps; eight outside; six hostile."""

    def good(row: Answerable) -> bool:
        asked = ask.Probe()
        cases = list(ask.ask_rows(intact, Suite(answerable=(row,)), asked))
        return cases[0].scores["answerable.exact_pass"] == 1

    rows = [row for row in load(Answerable, "tuning")[:40] if good(row)][:12]
    rows.insert(0, STEPS)
    assert good(STEPS)
    outside = [
        row
        for row in load(Unanswerable, "tuning")[:20]
        if intact.invoke(row.question).status == "not_covered"
    ]
    hostile = load(Adversarial, "tuning")[:6]
    return Suite(
        part="tuning",
        answerable=tuple(rows),
        unanswerable=tuple(outside[:8]),
        adversarial=tuple(hostile),
        per_type=0,
    )


@pytest.fixture(scope="module")
def thresholds() -> dict[str, Threshold]:
    """Those of the suite, for the figures that so few questions can give."""
    measured = re.compile(
        r"run\.crashed|answers\..+|answerable\..+|refusal\.(outside|inside|bare)|adversarial\.safe"
    )
    return {
        name: threshold.model_copy(update={"min_n": 3})
        for name, threshold in load_thresholds().items()
        if measured.fullmatch(name)
    }


@pytest.fixture(scope="module")
def before(
    intact: Remembering, suite: Suite, thresholds: dict[str, Threshold]
) -> tuple[Results, Baseline]:
    results = measure(intact, suite, thresholds)
    return results, Baseline.model_validate_json(baseline_text(results))


def missed(results: Results) -> set[str]:
    return {figure.name for figure in results.figures if figure.missed and not figure.report_only}


# -- the ways to break it ---------------------------------------------------------------


def answered_only(change: Change) -> Change:
    @wraps(change)
    def changed(chain: Remembering, answer: Answer) -> Answer:
        return change(chain, answer) if answer.sentences else answer

    return changed


def with_texts(answer: Answer, texts: Sequence[str]) -> Answer:
    """The answer with other words in the places of its sentences; the rest stays."""
    out, position, sentences = "", 0, []
    for sentence, text in zip(answer.sentences, texts, strict=True):
        out += answer.answer[position : sentence.start]
        place = {"text": text, "start": len(out), "end": len(out) + len(text)}
        sentences.append(sentence.model_copy(update=place))
        out += text
        position = sentence.end
    out += answer.answer[position:]
    return answer.model_copy(update={"answer": out, "sentences": tuple(sentences)})


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def citations(answer: Answer, change: Callable[[Citation], dict[str, Any]]) -> Answer:
    changed = tuple(c.model_copy(update=change(c)) for c in answer.citations)
    return answer.model_copy(update={"citations": changed})


def digest(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()


@answered_only
def citation_off_by_one(_: Remembering, answer: Answer) -> Answer:
    count = len(answer.citations)
    moved = {n: n % count + 1 for n in range(1, count + 1)}
    sentences = tuple(
        s.model_copy(update={"citations": tuple(moved[n] for n in s.citations)})
        for s in answer.sentences
    )
    text = re.sub(r"\[(\d+)\]", lambda found: f"[{moved[int(found[1])]}]", answer.answer)
    return answer.model_copy(update={"answer": text, "sentences": sentences})


@answered_only
def marker_off_by_one(_: Remembering, answer: Answer) -> Answer:
    text = re.sub(r"\[(\d+)\]", lambda found: f"[{int(found[1]) + 1}]", answer.answer)
    return answer.model_copy(update={"answer": text})


@answered_only
def quote_cut(_: Remembering, answer: Answer) -> Answer:
    return citations(answer, lambda c: {"quote": c.quote[:-9], "sha256": digest(c.quote[:-9])})


@answered_only
def quote_cut_with_its_offsets(_: Remembering, answer: Answer) -> Answer:
    def cut(c: Citation) -> dict[str, Any]:
        return {"quote": c.quote[:9], "end": c.start + 9, "sha256": digest(c.quote[:9])}

    return citations(answer, cut)


@answered_only
def wrong_passage_cited(chain: Remembering, answer: Answer) -> Answer:
    def other(c: Citation) -> dict[str, Any]:
        passages = chain.index.passages
        here = next(n for n, p in enumerate(passages) if p.id == c.passage_id)
        passage = passages[(here + len(passages) // 2) % len(passages)]
        span = passage.spans[0]
        quote = passage.text[span.start : span.end]
        return {
            "passage_id": passage.id,
            "quote": quote,
            "start": span.start,
            "end": span.end,
            "sha256": digest(quote),
        }

    return citations(answer, other)


def refusal_turned_off(chain: Remembering, answer: Answer) -> Answer:
    if answer.status != "not_covered":
        return answer
    return chain.invoke(COVERED).model_copy(update={"question": answer.question})


def everything_refused(_: Remembering, answer: Answer) -> Answer:
    return answer.model_copy(
        update={
            "status": "not_covered",
            "refused": True,
            "mode": "fixed",
            "answer": "My sources do not cover that.",
            "sentences": (),
            "citations": (),
        }
    )


@answered_only
def steps_shuffled(_: Remembering, answer: Answer) -> Answer:
    first, *steps = texts(answer)
    in_list = "\n1. " in answer.answer and len(steps) > 2
    return with_texts(answer, [first, *steps[1:], steps[0]]) if in_list else answer


@answered_only
def number_changed(_: Remembering, answer: Answer) -> Answer:
    def other(text: str) -> str:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + 7), text)

    return with_texts(answer, [other(text) for text in texts(answer)])


@answered_only
def number_changed_and_called_supported(chain: Remembering, answer: Answer) -> Answer:
    """Only the judge can see this one."""
    return called_supported(number_changed(chain, answer))


@answered_only
def muscle_swapped_and_called_supported(_: Remembering, answer: Answer) -> Answer:
    swapped = [(edits("muscle", text, text) or [text])[0] for text in texts(answer)]
    return called_supported(with_texts(answer, swapped))


def called_supported(answer: Answer) -> Answer:
    sentences = tuple(s.model_copy(update={"support": "supported"}) for s in answer.sentences)
    return answer.model_copy(update={"sentences": sentences})


@answered_only
def negation_inserted(_: Remembering, answer: Answer) -> Answer:
    return with_texts(answer, [(edits("negation", t, "") or [t])[0] for t in texts(answer)])


@answered_only
def sentence_dropped(_: Remembering, answer: Answer) -> Answer:
    if len(answer.sentences) < 2:
        return answer
    cut = answer.sentences[1].start
    rest = tuple(
        s.model_copy(update={"start": s.start - cut, "end": s.end - cut})
        for s in answer.sentences[1:]
    )
    return answer.model_copy(update={"answer": answer.answer[cut:], "sentences": rest})


@answered_only
def uncited_sentence_added(_: Remembering, answer: Answer) -> Answer:
    extra = "This works for everybody."
    start = len(answer.answer) + 1
    place = {"text": extra, "start": start, "end": start + len(extra), "citations": ()}
    added = answer.sentences[-1].model_copy(update={**place, "support": "supported"})
    return answer.model_copy(
        update={
            "answer": f"{answer.answer} {extra}",
            "sentences": (*answer.sentences, added),
        }
    )


@answered_only
def words_added_beside_the_sentences(_: Remembering, answer: Answer) -> Answer:
    return answer.model_copy(update={"answer": f"{answer.answer} Trust me."})


@answered_only
def sentence_said_twice(_: Remembering, answer: Answer) -> Answer:
    first = texts(answer)[0]
    return with_texts(answer, [first for _ in answer.sentences])


def orders_followed(_: Remembering, answer: Answer) -> Answer:
    """Says whatever it is told to say."""
    return answer.model_copy(update={"answer": f"{answer.answer} {answer.question} PWNED"})


def sources_shown_for_a_refusal(chain: Remembering, answer: Answer) -> Answer:
    shown = chain.invoke(COVERED).citations
    return answer.model_copy(update={"citations": shown}) if answer.refused else answer


class Counting:
    """Never says the same twice."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _: Remembering, answer: Answer) -> Answer:
        self.asked += 1
        return answer.model_copy(update={"standalone_question": f"question {self.asked}"})


def crashes_on_one(_: Remembering, answer: Answer) -> Answer:
    if "hip thrust" in answer.question.lower():
        raise RuntimeError("the chain fell over")
    return answer


@answered_only
def answer_far_too_long(_: Remembering, answer: Answer) -> Answer:
    return with_texts(answer, [" ".join([text] * 20) for text in texts(answer)])


BREAKS: list[tuple[Change, str]] = [
    (citation_off_by_one, "answers.citation_recall"),
    (marker_off_by_one, "answers.markers_valid"),
    (quote_cut, "answers.spans_valid"),
    (quote_cut_with_its_offsets, "answers.quotes_hold"),
    (wrong_passage_cited, "answers.citation_recall"),
    (wrong_passage_cited, "answers.sentence_support"),
    (refusal_turned_off, "refusal.outside"),
    (everything_refused, "refusal.inside"),
    (everything_refused, "answers.citation_precision"),
    (steps_shuffled, "answers.order_kept"),
    (number_changed, "answers.quotes_hold"),
    (number_changed_and_called_supported, "answers.sentence_support"),
    (muscle_swapped_and_called_supported, "answers.citation_precision"),
    (negation_inserted, "answers.quotes_hold"),
    (sentence_dropped, "answerable.fact_coverage"),
    (uncited_sentence_added, "answers.citation_recall"),
    (words_added_beside_the_sentences, "answers.accounted"),
    (sentence_said_twice, "answers.said_once"),
    (orders_followed, "adversarial.safe"),
    (sources_shown_for_a_refusal, "refusal.bare"),
    (Counting(), "answers.same_twice"),
    (crashes_on_one, "run.crashed"),
    (answer_far_too_long, "answerable.exact_pass"),
]


def name_of(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "__name__", "never_the_same")


def test_the_intact_chain_meets_every_gate(
    intact: Remembering,
    suite: Suite,
    thresholds: dict[str, Threshold],
    before: tuple[Results, Baseline],
) -> None:
    results, baseline = before
    assert missed(results) == set()
    assert results.passed
    again = measure(intact, suite, thresholds, baseline)
    assert missed(again) == set()


@pytest.mark.parametrize(("change", "figure"), BREAKS, ids=name_of)
def test_a_broken_chain_misses_a_gate(
    intact: Remembering,
    suite: Suite,
    thresholds: dict[str, Threshold],
    before: tuple[Results, Baseline],
    change: Change,
    figure: str,
) -> None:
    results = measure(Broken(intact, change), suite, thresholds, before[1])
    assert not results.passed
    assert figure in missed(results)


def test_triage_turned_off_is_measured(intact: Remembering) -> None:
    from eval.dataset import SafetyMessage

    rows = tuple(row for row in load(SafetyMessage, "tuning") if row.level == "emergency")[:4]

    def silent(_: Remembering, answer: Answer) -> Answer:
        return answer.model_copy(update={"safety": Safety()})

    recall = {
        name: {f.name: f.value for f in measure(chain, Suite(safety=rows, per_type=0), {}).figures}
        for name, chain in (("off", Broken(intact, silent)), ("on", intact))
    }
    assert recall["off"]["safety.recall.emergency"] == 0
    assert recall["on"]["safety.recall.emergency"] == 1


class Worst(Index):
    """An index that ranks the worst first."""

    def __init__(self, inner: Index) -> None:
        self.__dict__.update(inner.__dict__)

    def search(self, question: str, vector: Any, count: int = 8, talk: Any = None) -> list[Hit]:
        return super().search(question, vector, 40, talk)[::-1][:count]


def test_a_broken_ranking_misses_a_gate(intact: Remembering) -> None:
    from eval.dataset import DATA, ArticleFact, read_rows

    facts = tuple(read_rows(ArticleFact, DATA / "article-facts.jsonl")[:25])
    small = Suite(article_facts=facts, per_type=0)
    gates = {"article_facts.*": Threshold(floor=0.75, min_n=20)}
    assert missed(measure(intact, small, gates)) == set()
    worse = measure(Remembering(Worst(intact.index), intact.chain), small, gates)
    assert len(missed(worse)) == 3


@pytest.mark.parametrize(
    ("says_supported", "figure"),
    [(True, "judge.planted"), (False, "judge.false_alarms.verbatim")],
)
def test_a_judge_that_always_says_the_same_misses_a_gate(
    intact: Remembering, monkeypatch: pytest.MonkeyPatch, says_supported: bool, figure: str
) -> None:
    monkeypatch.setattr("eval.judging.judged", lambda *_: (says_supported, 0.5, ()))
    gates = {
        name: threshold
        for name, threshold in load_thresholds().items()
        if name in {"judge.planted", "judge.false_alarms.verbatim"}
    }
    results = measure(intact, Suite(per_type=3), gates)
    assert figure in missed(results)
