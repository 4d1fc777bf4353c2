"""An answer and its scores in, the case that is written down out.

Holds the local judge, whose verdicts are remembered. Knows nothing of how answers are got.
"""

from __future__ import annotations

from functools import lru_cache

from app.answer import Answer, Sentence
from app.answer.frames import unframed
from app.answer.schema import CorpusRef
from eval.catalog import missed, worst
from eval.dataset import Row, Turn
from eval.schema import Case, Quote, Span
from eval.score import Asked, Scores, expected, notes_of, scores_of, turn_scores


@lru_cache(maxsize=65_536)
def judged(claim: str, passage: str) -> tuple[bool, float, tuple[str, ...]]:
    """The local judge's verdict, its score and its reasons."""
    from app.answer.verify import verify

    verdict = verify(claim, passage)
    return verdict.supported, verdict.score, tuple(verdict.reasons)


def supports(claim: str, passage: str) -> bool:
    """Whether the local judge says that the claim follows from the passage.

    The chain's fixed frames ("Yes.") are taken off first: they claim nothing about the world.
    """
    return judged(unframed(claim), passage)[0]


def case_of(
    name: str,
    case_id: str,
    question: str,
    row: Row | Turn,
    asked: Asked,
    scores: Scores,
) -> Case:
    """An asked row; what a reader needs to see is kept only if something is missed."""
    answer = asked.answer
    failed = any(missed(figure, value) for figure, value in scores.items())
    return Case(
        id=case_id,
        set=name,
        question=question,
        expected=expected(row),
        status=answer.status,
        answer=answer.answer,
        scores=rounded(scores),
        notes=tuple(notes_of(row, answer)) if failed else (),
        sentences=_spans(asked) if failed else (),
        quotes=_quotes(asked) if failed else (),
    )


def crashed(
    name: str, case_id: str, question: str, row: Row | Turn, error: Exception, number: int = 1
) -> Case:
    """A crash counts as the worst in everything that the row is asked for."""
    empty = Asked(_nothing(question), _nothing(question), {})
    if isinstance(row, Turn):
        scores = turn_scores(row, empty, supports, number)
    else:
        scores = scores_of(row, empty, supports)
    return Case(
        id=case_id,
        set=name,
        question=question,
        expected=expected(row),
        status="crashed",
        answer="",
        scores={key: None if value is None else worst(key) for key, value in scores.items()},
        notes=(f"the chain crashed: {type(error).__name__}: {error}",),
    )


def _nothing(question: str) -> Answer:
    return Answer(
        id="",
        question=question,
        standalone_question=question,
        status="answered",
        refused=False,
        mode="fixed",
        answer="",
        corpus=CorpusRef(index_id="", passages=0, built_at=""),
        timings_ms={},
    )


def _spans(asked: Asked) -> tuple[Span, ...]:
    spans = []
    for sentence in asked.answer.sentences:
        text = cited_text(asked, sentence)
        verdict = judged(sentence.text, text) if text else (False, 0.0, ("nothing is cited",))
        spans.append(
            Span(
                text=sentence.text,
                citations=sentence.citations,
                supported=verdict[0],
                reasons=() if verdict[0] else verdict[2],
            )
        )
    return tuple(spans)


def cited_text(asked: Asked, sentence: Sentence) -> str:
    """The texts that a sentence cites, one after the other."""
    names = [c.passage_id for c in asked.answer.citations if c.n in sentence.citations]
    return "\n\n".join(asked.passages[n] for n in dict.fromkeys(names) if n in asked.passages)


def _quotes(asked: Asked) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            n=c.n,
            passage_id=c.passage_id,
            title=c.document.title,
            section=c.section,
            passage=asked.passages.get(c.passage_id, ""),
            start=c.start,
            end=c.end,
            valid=asked.passages.get(c.passage_id, "")[c.start : c.end] == c.quote != "",
        )
        for c in asked.answer.citations
    )


def rounded(scores: Scores) -> Scores:
    """Six digits: the same bytes on every machine."""
    return {name: None if v is None else round(v, 6) for name, v in scores.items()}
