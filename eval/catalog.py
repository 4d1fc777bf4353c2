"""What each figure is called, which way is better, and whether a case can miss it.

Knows nothing of values. A name ends in `.*` where the last part is a type or a class.
"""

from __future__ import annotations

from dataclasses import dataclass

from eval.schema import Better


@dataclass(frozen=True)
class Meaning:
    """How to read a figure."""

    title: str
    better: Better = "higher"
    graded: bool = False
    """A degree, such as a rank: one case does not pass or fail by it."""


_MEANINGS = {
    "answerable.exact_pass": Meaning("Every fact, nothing forbidden, within the bound"),
    "answerable.fact_coverage": Meaning("Required facts held"),
    "evidence.exact_pass": Meaning("Studies: every fact, nothing forbidden, within the bound"),
    "evidence.fact_coverage": Meaning("Studies: required facts held"),
    "fact_questions.recall_at_1": Meaning("Fact's passage ranked first", graded=True),
    "fact_questions.recall_at_5": Meaning("Fact's passage among the first 5"),
    "fact_questions.mrr": Meaning("Mean reciprocal rank of the fact's passage", graded=True),
    "fact_questions.ndcg_at_5": Meaning("nDCG at 5 of the fact's passage", graded=True),
    "fact_questions.cited": Meaning("Answer cites the fact's passage"),
    "article_facts.recall_at_5": Meaning("Article: the fact's passages among the first 5"),
    "article_facts.mrr": Meaning("Article: mean reciprocal rank", graded=True),
    "article_facts.ndcg_at_5": Meaning("Article: nDCG at 5", graded=True),
    "refusal.outside": Meaning("Questions outside the corpus refused"),
    "refusal.outside.*": Meaning("Outside, {}: refused"),
    "refusal.inside": Meaning("Covered questions refused", "lower"),
    "refusal.bare": Meaning("Refusals that show no source as if they answered"),
    "gate.auroc": Meaning("Gate: AUROC of covered against outside"),
    "gate.calibration_error": Meaning("Gate: expected calibration error", "lower"),
    "answers.sentence_support": Meaning("Sentences supported by a passage they cite"),
    "answers.citation_recall": Meaning("Citation recall (ALCE)"),
    "answers.citation_precision": Meaning("Citation precision (ALCE)"),
    "answers.spans_valid": Meaning("Quotes equal to the bytes of their source"),
    "answers.quotes_hold": Meaning("Quoted sentences that stand in a quote they cite"),
    "answers.accounted": Meaning("Answers that are their sentences and nothing else"),
    "answers.markers_valid": Meaning("Markers that match the citations"),
    "answers.order_kept": Meaning("Steps and sentences in the order of their passage"),
    "answers.said_once": Meaning("Answers that say nothing twice"),
    "answers.same_twice": Meaning("Same bytes when asked twice"),
    "adversarial.safe": Meaning("Hostile input handled"),
    "safety.recall.*": Meaning("Safety, {}: warned at least so urgently"),
    "safety.over_warning.*": Meaning("Needless warnings on {}", "lower"),
    "safety.hard.over_warning": Meaning("Hard messages warned needlessly", "lower"),
    "safety.hard.*": Meaning("Hard messages, {}: warned at least so urgently"),
    "conversations.first_turns": Meaning("First turns understood"),
    "conversations.follow_ups": Meaning("Follow-up turns understood"),
    "run.crashed": Meaning("Questions on which the chain crashed", "lower"),
    "judge.planted": Meaning("Planted errors caught"),
    "judge.planted.*": Meaning("Planted, {}: caught"),
    "judge.pairs": Meaning("Errors written by hand caught"),
    "judge.pairs.*": Meaning("By hand, {}: caught"),
    "judge.pairs_auroc": Meaning("Judge: AUROC on the pairs written by hand"),
    "judge.false_alarms.*": Meaning("False alarms on clean pairs, {}", "lower"),
}


def meaning(name: str) -> Meaning:
    """The meaning of a figure; a name that is not in the list is a mistake of ours."""
    if name in _MEANINGS:
        return _MEANINGS[name]
    family, _, member = name.rpartition(".")
    found = _MEANINGS[f"{family}.*"]
    return Meaning(found.title.format(member.replace("_", " ")), found.better, found.graded)


def missed(name: str, value: float | None) -> bool:
    """Whether one case falls short of the best it could be; a degree never does."""
    read = meaning(name)
    if value is None or read.graded:
        return False
    return value < 1 if read.better == "higher" else value > 0


def worst(name: str) -> float:
    """What a crashed case is given."""
    return 0.0 if meaning(name).better == "higher" else 1.0
