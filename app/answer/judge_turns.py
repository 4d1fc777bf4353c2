"""What comes first, and what follows: the order of two things in time.

"Warm up before the heavy sets" and "after the warm-up, heavy sets" take the same turns;
words such as before, then and after tell. Knows no grammar: what stands before such a
word is one thing, what stands behind it the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_points import Point, points_of, shared
from app.answer.judge_terms import read, sentences

_TURNS = {
    "then": 1,
    "before": 1,
    "afterwards": 1,
    "until": 1,
    "finally": 1,
    "later": 1,
    "prior": 1,
    "first": 0,
    "after": -1,
    "once": -1,
    "following": -1,
}
"""Words of time: 1 if what follows the word comes later, -1 if it comes earlier."""
_MOST_TURNS, _REACH = 12, 20


def turns(pair: Pair, out: Signals) -> None:
    """Positive if what comes first in the claim comes later in the passage, else negative."""
    ours, theirs = _turns(pair.claim_text), _turns(pair.passage_text)
    verdict = 0.0
    most = 0.0
    for first, second in ours:
        for early, late in theirs:
            straight = shared(first, early) + shared(second, late)
            crossed = shared(first, late) + shared(second, early)
            if abs(straight - crossed) > most:
                most = abs(straight - crossed)
                verdict = 1.0 if crossed > straight else -1.0
    out.values["out_of_turn"] = verdict * min(most, 3.0)
    if verdict * most >= 1:
        out.reasons.append("order: the passage has it the other way round in time")


def _turns(text: str) -> list[tuple[Sequence[Point], Sequence[Point]]]:
    """Of each sentence with a word of time: what comes first, and what follows."""
    found: list[tuple[Sequence[Point], Sequence[Point]]] = []
    for sentence in sentences(text) or (text,):
        reading = read(sentence)
        points = points_of(reading)
        for n, word in enumerate(reading.words):
            if word not in _TURNS:
                continue
            left = [p for p in points if n - _REACH < p.at < n]
            right = [p for p in points if n < p.at < n + _REACH]
            if not left and right:  # "After squats, rest."
                half = max(1, len(right) // 2)
                left, right = right[half:], right[:half]
            if left and right:
                found.append((left, right) if _TURNS[word] >= 0 else (right, left))
    return found[:_MOST_TURNS]
