"""The eval suite's committed figures, with what they mean in plain words.

Reads the file that ships beside the suite; no part of the suite is run or imported.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

BASELINE = Path(__file__).parents[1] / "eval" / "baseline.json"


@dataclass(frozen=True)
class Figure:
    """One figure and how to read it."""

    key: str
    title: str
    means: str
    lower_is_better: bool = False


@dataclass(frozen=True)
class Measured:
    """A figure with its value, a share from 0 to 1, and how many cases it rests on."""

    figure: Figure
    value: float
    cases: int


SHOWN: tuple[Figure, ...] = (
    Figure("answerable.exact_pass", "Questions on the article answered in full",
           "The answer held every fact that the question needs, nothing wrong, in few words."),
    Figure("evidence.exact_pass", "Questions on studies answered in full",
           "The same for questions on what studies found and where they disagree."),
    Figure("refusal.outside", "Questions outside my sources turned down",
           "Asked what the sources do not hold, I said so and did not guess."),
    Figure("refusal.inside", "Questions I should have answered, turned down",
           "The sources hold the answer and I still said no. Less is better.", True),
    Figure("answers.spans_valid", "Quotes equal to their source, to the letter",
           "What is marked in a source stands there exactly as shown."),
    Figure("answers.sentence_support", "Sentences that their source supports",
           "Each sentence follows from the passage it points to."),
    Figure("safety.recall.emergency", "Emergencies recognised",
           "Messages that need help at once got the emergency text."),
    Figure("safety.recall.see-clinician", "Messages for a clinician recognised",
           "Messages that a clinician should see got this advice."),
    Figure("conversations.follow_ups", "Follow-up questions understood",
           "A second question that leans on the first was read as it was meant."),
    Figure("judge.pairs", "Wrong claims noticed, written to deceive",
           "The checker that stands behind the measuring caught claims that people had twisted."),
)  # fmt: skip


def figures(path: Path = BASELINE) -> tuple[Measured, ...]:
    """The figures of the file that are worth showing; none if it is not there or not readable."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> tuple[Measured, ...]:
    found = json.loads(path.read_text("utf-8"))["figures"]
    return tuple(
        Measured(figure, float(found[figure.key]["value"]), len(found[figure.key]["cases"]))
        for figure in SHOWN
        if found.get(figure.key, {}).get("value") is not None
    )
