"""Numbers of a claim against those of its passage: figure, unit, and what they stand with.

A number may be written in another way, or be the sum, difference or share of two others.
Knows nothing of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.answer import lexicon
from app.answer.judge_pair import Pair, Signals
from app.answer.judge_terms import Quantity, Reading

_ABOUT = frozenset(
    "about around roughly nearly almost close approximately some just bit over under little touch "
    "shade than near or so most least up more less fewer between".split()
)


def numbers(pair: Pair, out: Signals) -> None:
    """Is each number of the claim in the passage, with its unit; or can it be reckoned?"""
    lost = loose = clash = elsewhere = exact = sharp = small = 0
    for quantity in pair.claim.quantities:
        near = _approximate(quantity, pair.claim)
        if any(_equal(quantity, other) for other in pair.best.quantities):
            exact += 1
        elif any(_equal(quantity, other) for other in pair.whole.quantities):
            elsewhere += 1
        elif clashing := _same_figure(quantity, pair.whole.quantities):
            clash += 1
            out.reasons.append(f'unit: "{quantity.text}", but the passage has "{clashing.text}"')
        elif (near and _close(quantity, pair.whole.quantities)) or _reckoned(
            quantity, pair.whole.quantities, near
        ):
            loose += 1
        elif not quantity.dimension and quantity.value <= 3 and not quantity.text[0].isdigit():
            small += 1  # "the two lifts" counts what the passage names
        else:
            lost += 1
            sharp += quantity.text[0].isdigit() or not near
            out.reasons.append(_missing_number(quantity, pair.whole.quantities))
    out.values |= {
        "number_lost": lost,
        "number_loose": loose,
        "number_small": small,
        "number_lost_sharp": sharp,
        "number_all_found": float(bool(pair.claim.quantities) and lost == clash == 0),
        "number_elsewhere": elsewhere,
        "number_exact": exact,
        "unit_clash": clash,
        "number_lost_any": float(lost > 0 and bool(pair.whole.quantities)),
        "number_added": float(lost > 0 and not pair.whole.quantities),
        "time_clash": _unit_words(pair, out),
    }


def binding(pair: Pair, out: Signals) -> None:
    """Does each shared number go with the same words, or with another number's words?"""
    worst = 0.0
    lowest = 1.0
    for quantity in pair.claim.quantities:
        ours = _surroundings(pair.claim, quantity)
        if not ours:
            continue
        own, others = 0.0, 0.0
        found = False
        for part in pair.parts:
            for other in part.quantities:
                alike = len(ours & _surroundings(part, other)) / len(ours)
                if _equal(quantity, other):
                    own, found = max(own, alike), True
                else:
                    others = max(others, alike)
        if found:
            worst, lowest = max(worst, others - own), min(lowest, own)
    out.values |= {"number_misplaced": worst, "number_context": lowest}
    if worst >= 0.5:
        out.reasons.append("number: it stands with something else in the passage")


def _equal(one: Quantity, other: Quantity) -> bool:
    """5 cm and 50 mm; 12 weeks and three months, nearly; a bare 7 and 7 sets."""
    if one.dimension and other.dimension:
        slack = 0.09 if one.dimension == "time" and one.value != other.value else 0.012
        return one.dimension == other.dimension and _within(one.base, other.base, slack)
    return _within(one.value, other.value, 0.001)


def _within(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack * max(abs(one), abs(other))


def _same_figure(quantity: Quantity, others: Iterable[Quantity]) -> Quantity | None:
    """A quantity with this figure but another unit."""
    return next(
        (
            o
            for o in others
            if quantity.dimension and o.dimension and _within(quantity.value, o.value, 0.001)
        ),
        None,
    )


def _close(quantity: Quantity, others: Iterable[Quantity]) -> bool:
    return any(
        _within(quantity.base, other.base, 0.16)
        for other in others
        if quantity.dimension == other.dimension or not (quantity.dimension and other.dimension)
    )


def _approximate(quantity: Quantity, reading: Reading) -> bool:
    return bool(_ABOUT & set(reading.words[max(0, quantity.at - 4) : quantity.at]))


def _reckoned(quantity: Quantity, others: Sequence[Quantity], near: bool) -> bool:
    """A sum, difference, product or share of two numbers of the passage."""
    for i, one in enumerate(others):
        for other in others[i + 1 :]:
            if one.dimension != other.dimension and quantity.dimension != "time":
                continue
            a, b = one.value, other.value
            made = [a + b, abs(a - b)]
            if (
                quantity.dimension in {"share", "fold"}
                and quantity.value % 1 in {0.0, 0.5}
                and a
                and b
            ):
                low, high = min(a, b), max(a, b)
                made = [*made, 100 * low / high, 100 - 100 * low / high, high / low]
            if quantity.dimension == "time":
                made.append(a * b)
            slack = 0.001
            if quantity.dimension in {"share", "fold"}:
                slack = 0.2 if near and quantity.dimension == "fold" else 0.06 if near else 0.03
            if any(_within(quantity.value, value, slack) for value in made):
                return True
    return False


def _unit_words(pair: Pair, out: Signals) -> float:
    """A unit of the claim that the passage never uses while it uses another of its kind."""
    ours = {w: lexicon.UNITS[w] for w in pair.claim.words if w in lexicon.UNITS}
    theirs = {lexicon.UNITS[w] for w in pair.whole.words if w in lexicon.UNITS}
    exact = {
        q.at for q in pair.claim.quantities if any(_equal(q, o) for o in pair.whole.quantities)
    }
    for word, (dimension, factor) in ours.items():
        held = {f for d, f in theirs if d == dimension}
        if held and factor not in held and not exact:
            out.reasons.append(f'unit: the passage does not speak of "{word}"')
            return 1.0
    return 0.0


def _missing_number(quantity: Quantity, others: Sequence[Quantity]) -> str:
    if not others:
        return f'number: "{quantity.text}", and the passage has no number'
    nearest = min(
        others, key=lambda o: (o.dimension != quantity.dimension, abs(o.value - quantity.value))
    )
    return f'number: "{quantity.text}" is not in the passage, which has "{nearest.text}"'


def _surroundings(reading: Reading, quantity: Quantity) -> frozenset[str]:
    """The words around a number, up to the next number on either side, seven at most."""
    others = [q.at for q in reading.quantities if q.at != quantity.at]
    low = max([n for n in others if n < quantity.at] + [quantity.at - 7])
    high = min([n for n in others if n > quantity.at] + [quantity.at + 8])
    return frozenset(
        {stem for n, stem in reading.content if low < n < high}
        | {
            f"{t.kind}:{t.value}"
            for t in reading.terms
            if low < t.at < high and t.kind in {"muscle", "exercise", "sex", "people", "tool"}
        }
    )
