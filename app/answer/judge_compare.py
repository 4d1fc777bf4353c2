"""Who is ahead of whom: comparisons of a claim against those of its passage.

"A more than B", "B less than A", "B not as much as A" and "B no better than A" put A
ahead; "A as much as B" puts neither. What is compared is whatever stands left and right
of `than` or `as`. Knows no grammar beyond that, and no comparison without such a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import lexicon
from app.answer.judge_opposites import opposite
from app.answer.judge_pair import Pair, Signals
from app.answer.judge_points import Point, match, points_of, shared
from app.answer.judge_terms import Reading

_MORE = frozenset(
    "more less fewer better worse higher lower greater larger smaller bigger stronger weaker "
    "longer shorter faster slower heavier lighter harder easier sooner later earlier deeper wider "
    "further farther closer thicker thinner busier commoner rarer safer older younger warmer "
    "colder tougher stricter cheaper dearer steeper superior inferior".split()
)
_AHEAD = {
    "ahead": "more",
    "beats": "more",
    "beat": "more",
    "outdid": "more",
    "outperformed": "more",
    "exceeded": "more",
    "exceeds": "more",
    "behind": "less",
    "trailed": "less",
}
_DEGREES = frozenset("more less as".split())
_MOST = 8
"""How many comparisons of a text are read."""
_SIDES = 14
"""How many words left and right of the pivot are looked at."""


@dataclass(frozen=True)
class Frame:
    """Left is `how` (more, slower) `what` (useful) than right; level if neither is ahead."""

    left: tuple[Point, ...]
    right: tuple[Point, ...]
    how: str
    what: str
    turned: bool
    level: bool


def comparison(pair: Pair, out: Signals) -> None:
    """Do claim and passage put the same one ahead?"""
    ours = _frames(pair.claim)
    theirs = [frame for part in pair.parts for frame in _frames(part)]
    agree = clash = level = 0.0
    for frame in ours:
        best = 0.0
        for other in theirs:
            weight, same = _held_against(frame, other)
            if abs(weight) <= best:
                continue
            best = abs(weight)
            agree, clash, level = 0.0, 0.0, 0.0
            if same is None:
                level = best
            elif same:
                agree = best
            else:
                clash = best
    up = "more" in pair.claim.values("change")
    down = "less" in pair.claim.values("change")
    there = pair.best.values("change")
    same_there = bool(there & {"same"})
    out.values |= {
        "compared_agree": min(agree, 3.0),
        "compared_clash": min(clash, 3.0),
        "compared_level": min(level, 3.0),
        "compares": float(bool(ours)),
        "compares_new": float(bool(ours) and not theirs),
        "compares_level_new": float(any(f.level for f in ours) and not same_there),
        "compares_level_lost": float(same_there and bool(ours) and not any(f.level for f in ours)),
        "change_flip": float(
            (up and not down and there == {"less"}) or (down and not up and there == {"more"})
        ),
    }
    if clash:
        out.reasons.append("comparative: the passage compares the other way round")
    if level:
        out.reasons.append("comparative: only one of the two calls them level")


def _frames(reading: Reading) -> list[Frame]:
    words, points = reading.words, points_of(reading)
    found: list[Frame] = []
    for n, word in enumerate(words):
        if len(found) == _MOST:
            break
        start, end, level = n, n, False
        if word == "than":
            places = [k for k in range(max(0, n - 10), n) if _compares(words, k)]
            if not places:
                continue
            start = places[-1]
            how = words[start]
        elif word in _AHEAD:
            how = _AHEAD[word]
            end = n + 1 if words[n + 1 : n + 2] == ("of",) else n
        elif word == "as" and "as" in words[n + 2 : n + 5]:
            end = n + 2 + words[n + 2 : n + 5].index("as")
            level = not _denied(words, n)
            how = "same" if level else "less"
        else:
            continue
        named = words[start] in _DEGREES
        what = words[start + 1] if named and start + 1 < len(words) else ""
        left = [p for p in points if end - _SIDES <= p.at < end and p.at != start]
        right = [p for p in points if end < p.at <= end + _SIDES][:4]
        found.append(
            Frame(
                tuple(p for p in left if not any(match(p, q) == 1 for q in right)),
                tuple(p for p in right if not any(match(p, q) == 1 for q in left)),
                reading.stems[start] if how == words[start] else how,
                reading.stems[start + 1] if what else "",
                not level and word != "as" and _denied(words, start),
                level,
            )
        )
    return found


def _compares(words: Sequence[str], at: int) -> bool:
    """Whether a word says more or less; in "upper and lower fibres" `lower` does not."""
    if words[at] not in _MORE:
        return False
    return words[at] != "lower" or words[max(0, at - 1)] not in {"and", "the", "or", "upper"}


def _denied(words: Sequence[str], at: int) -> bool:
    """Whether a denial stands close before, in the same half of the sentence."""
    for word in reversed(words[max(0, at - 6) : at]):
        if word in lexicon.NEGATIONS:
            return True
        if word in {"but", "while", "whereas", "although", "and"}:
            return False
    return False


def _held_against(one: Frame, other: Frame) -> tuple[float, bool | None]:
    """How plainly the two compare the same things, and whether they agree."""
    straight = 2 * shared(one.right, other.right) + 0.25 * shared(one.left, other.left)
    crossed = shared(one.left, other.right) + shared(one.right, other.left)
    weight = straight - crossed
    if one.level or other.level:
        return (abs(weight), True) if one.level and other.level else (abs(weight), None)
    flips = [opposite(one.how, other.how), opposite(one.what, other.what)]
    flips.append(one.turned != other.turned)
    return weight, (weight > 0) != (sum(flips) % 2 == 1)
