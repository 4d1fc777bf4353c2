"""A claim laid beside its passage, and what every check needs of the two.

Knows nothing of what a difference is worth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.answer import lexicon
from app.answer.judge_terms import Reading, read, sentences

CLAIM, SENTENCES = 200, 400
"""How many words of a claim, and of the sentences beside it, are laid side by side.

No honest text is longer; a text of one word, repeated, would take minutes.
"""


@dataclass(frozen=True)
class Pair:
    """A claim beside its passage: the whole, and the sentences that it is most like."""

    claim: Reading
    whole: Reading
    best: Reading
    parts: tuple[Reading, ...]
    claim_text: str
    passage_text: str
    chosen: tuple[int, ...]


@dataclass
class Signals:
    """Signals by name, and what they mean in words."""

    values: dict[str, float] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def lay_side_by_side(claim: str, passage: str) -> Pair:
    """Read both, and pick the sentences of the passage that share most with the claim."""
    said = read(claim)
    parts = tuple(read(sentence) for sentence in sentences(passage)) or (read(passage),)
    wanted = marks(said)
    ranked = sorted(range(len(parts)), key=lambda n: (-len(wanted & marks(parts[n])), n))
    chosen, covered = [ranked[0]], wanted & marks(parts[ranked[0]])
    for n in ranked[1:3]:
        extra = (wanted & marks(parts[n])) - covered
        if len(extra) >= 2 and len(chosen) < 2:
            chosen.append(n)
            covered |= extra
    split = sentences(passage) or (passage,)
    best = read(" ".join(split[n] for n in sorted(chosen)))
    return Pair(said, read(passage), best, parts, claim, passage, tuple(sorted(chosen)))


def units(reading: Reading) -> list[tuple[str, str, int]]:
    """What the text says, in order, form taken away: (mark, kind, place).

    `halve`, `50 percent` and `by half` leave the same mark, as do hammies and hamstrings;
    small words leave none.
    """
    marks: list[tuple[str, str, int]] = []
    taken: set[int] = set()
    for q in reading.quantities:
        taken |= set(range(q.at, q.at + len(q.text.split())))
        marks.append((f"#{q.dimension}{q.base:.3g}", "number", q.at))
    for t in reading.terms:
        place = set(range(t.at, t.at + len(t.text.split())))
        if not place & taken:
            taken |= place
            marks.append((f"{t.kind}:{t.value}", t.kind, t.at))
    marks += [(stem, "word", n) for n, stem in reading.content if n not in taken]
    marks += [("not", "negation", n) for n, w in enumerate(reading.words) if w in lexicon.NEGATIONS]
    return sorted(marks, key=lambda mark: mark[2])


def marks(reading: Reading) -> frozenset[str]:
    return frozenset(
        {stem for _, stem in reading.content}
        | {f"{t.kind}:{t.value}" for t in reading.terms}
        | {str(q.base) for q in reading.quantities}
    )


def likeness(one: Reading, other: Reading) -> float:
    a, b = marks(one), marks(other)
    return len(a & b) / max(len(a), 1)


def denials(reading: Reading) -> int:
    return sum(word in lexicon.NEGATIONS for word in reading.words)
