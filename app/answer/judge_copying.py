"""What a claim copies from its passage, and what it swaps, adds, leaves out or reorders.

Once on words as written, once on what they mean. Knows nothing of numbers' arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from app.answer.judge_pair import CLAIM, SENTENCES, Pair, Signals, units
from app.answer.judge_terms import Reading

_REPORTS = frozenset(
    "says say said states state stated according told tells reports reported writes wrote advises "
    "advised recommends recommended claims claimed notes noted suggests suggested finds "
    "found".split()
)


def copying(pair: Pair, out: Signals) -> None:
    """How much of the claim is copied, and what stands between the copied stretches."""
    ours, theirs = pair.claim.words[:CLAIM], pair.best.words[:SENTENCES]
    matcher = SequenceMatcher(a=theirs, b=ours, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    long = [block for block in blocks if block.size >= 2]
    copied = sum(block.size for block in long)
    longest = max((block.size for block in blocks), default=0)
    swapped = put_in = left_out = 0
    hedge = people = False
    inside = range(long[0].a, long[-1].a + long[-1].size) if long else range(0)
    kinds: set[str] = set()
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "replace" and b1 - b0 <= 3:
            swapped += 1
            kinds |= {t.kind for t in pair.claim.terms if b0 <= t.at < b1}
        elif tag == "insert":
            put_in += b1 - b0
        elif tag == "delete" and a0 in inside:
            left_out += a1 - a0
            lost = {t.kind for t in pair.best.terms if a0 <= t.at < a1}
            hedge |= bool(lost & {"hedge", "amount"})
            people |= bool(lost & {"people", "sex", "condition"})
    share = copied / max(len(ours), 1)
    out.values |= {
        "copied": share,
        "longest": longest / max(len(ours), 1),
        "near_copy": float(share >= 0.7),
        "whole_copy": float(longest >= len(ours)),
        "swapped": min(swapped, 3) * float(share >= 0.5),
        "put_in": min(put_in, 8) * share,
        "left_out": min(left_out, 8) * share,
        "swap_of_kind": float(bool(kinds)) * share,
        "left_out_hedge": float(hedge),
        "left_out_people": float(people),
        "length": min(len(ours), 40) / 40,
    }


def substance(pair: Pair, out: Signals) -> None:
    """The same as copying, on what is said and not on how: swapped, put in, left out."""
    ours, theirs = units(pair.claim)[:CLAIM], units(pair.best)[:SENTENCES]
    a, b = [m[0] for m in theirs], [m[0] for m in ours]
    matcher = SequenceMatcher(a=a, b=b, autojunk=False)
    whole = {m[0] for m in units(pair.whole)}
    counts = dict.fromkeys(
        (
            "put_negation",
            "swap",
            "put",
            "swap_kind",
            "put_kind",
            "swap_word",
            "put_word",
            "left_negation",
            "left_kind",
            "left",
        ),
        0.0,
    )
    same = 0
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    inside = range(blocks[0].a, blocks[-1].a + blocks[-1].size) if blocks else range(0)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        gone, come = theirs[a0:a1], ours[b0:b1]
        if tag == "equal":
            same += b1 - b0
            continue
        if tag in {"replace", "insert"}:
            name = "swap" if tag == "replace" else "put"
            fresh = [m for m in come if m[0] not in whole]
            counts[name] += len(come)
            counts[f"{name}_word"] += sum(m[1] == "word" for m in fresh)
            shared = {m[1] for m in gone} - {"word"}
            denied = sum(m[1] == "negation" for m in come)
            counts["put_negation"] += max(0, denied - sum(m[1] == "negation" for m in gone))
            counts[f"{name}_kind"] += sum(
                m[1] in shared if tag == "replace" else m[1] != "word" for m in fresh
            )
        if tag in {"replace", "delete"} and a0 in inside:
            counts["left"] += len(gone)
            counts["left_negation"] += sum(m[1] == "negation" for m in gone)
            counts["left_kind"] += sum(
                m[1] in {"hedge", "amount", "people", "condition"} for m in gone
            )
    share = same / max(len(ours), 1)
    out.values |= {f"unit_{k}": min(v, 4.0) for k, v in counts.items()}
    out.values |= {f"unit_{k}_x": min(v, 4.0) * share for k, v in counts.items()}
    out.values |= {
        "unit_same": share,
        "unit_all": float(share == 1),
        "unit_found": sum(m in whole for m in b) / max(len(b), 1),
        "unit_fresh": min(sum(m not in whole for m in b), 6),
        "unit_only_left_out": float(share == 1 and counts["left_negation"] == 0),
    }


def news(pair: Pair, out: Signals) -> None:
    """Words of the claim with no counterpart in the passage, by stem, kin or lexicon."""
    known = set(pair.whole.stems)
    meanings = {(t.kind, t.value) for t in pair.whole.terms}
    covered = {
        t.at + i
        for t in pair.claim.terms
        if (t.kind, t.value) in meanings
        for i in range(len(t.text.split()))
    } | {q.at + i for q in pair.claim.quantities for i in range(len(q.text.split()))}
    content = pair.claim.content
    new = [(n, stem) for n, stem in content if stem not in known and n not in covered]
    new = [(n, stem) for n, stem in new if not any(_kin(stem, other) for other in known)]
    share = len(new) / max(len(content), 1)
    copied = out.values.get("copied", 0.0)
    last = len(pair.claim.words) - 1
    out.values |= {
        "new_share": share,
        "new_words": min(len(new), 8),
        "new_in_copy": min(len(new), 4) * copied,
        "none_new": float(not new),
        "new_tail": _run_of_new(new, last) * copied,
        "small_talk": min(
            sum(w in {"you", "your", "that", "it", "up", "s"} for w in pair.claim.words), 4
        ),
    }
    if 0 < len(new) <= 4 and copied >= 0.4:
        added = " ".join(pair.claim.words[n] for n, _ in new)
        out.reasons.append(f'added: "{added}" has no counterpart in the passage')


def order(pair: Pair, out: Signals) -> None:
    """Do the shared words stand in another order?"""
    once = {s: n for n, s in pair.best.content if _count(pair.best, s) == 1}
    figures = {q.text: q.at for q in pair.best.quantities}
    places = [(n, once[s]) for n, s in pair.claim.content if s in once]
    places += [(q.at, figures[q.text]) for q in pair.claim.quantities if q.text in figures]
    line = [there for _, there in sorted(set(places))]
    steps = [b < a for a, b in pairwise(line)]
    pairs = [a > b for i, a in enumerate(line) for b in line[i + 1 :]]
    sequence = {"first", "then", "before", "after", "ahead", "last", "later", "order", "behind"}
    out.values |= {
        "inverted": sum(pairs) / len(pairs) if pairs else 0.0,
        "jumps_back": min(sum(steps), 4),
        "jumps_in_copy": min(sum(steps), 3) * out.values.get("copied", 0.0),
        "sequence": float(bool(sequence & set(pair.claim.words))),
        "sequence_inverted": float(bool(sequence & set(pair.claim.words)) and sum(steps) > 0),
    }


def _run_of_new(new: Sequence[tuple[int, str]], last: int) -> float:
    """How much of the claim's last fifth is new."""
    return min(sum(n > 0.7 * last for n, _ in new), 4)


def _kin(one: str, other: str) -> bool:
    """`strong` and `strength`: five letters in common at the start."""
    return len(one) >= 5 and len(other) >= 5 and one[:5] == other[:5]


def _count(reading: Reading, stem: str) -> int:
    return sum(s == stem for s in reading.stems)


def reporting(pair: Pair, out: Signals) -> None:
    """Does the claim name somebody as its source whom the passage does not name?"""
    known = set(pair.whole.stems)
    meanings = {(t.kind, t.value) for t in pair.whole.terms}
    fresh = 0.0
    frame = False
    for n, word in enumerate(pair.claim.words):
        if word not in _REPORTS:
            continue
        frame = True
        near = range(n, n + 6) if word == "according" else range(max(0, n - 5), n + 1)
        for at, stem in pair.claim.content:
            if at in near and at != n and stem not in known:
                told = [t for t in pair.claim.terms if t.at <= at < t.at + len(t.text.split())]
                if not any((t.kind, t.value) in meanings for t in told):
                    fresh += 1
    there = bool(_REPORTS & set(pair.whole.words))
    out.values |= {
        "report_fresh": min(fresh, 3),
        "report_new": float(frame and not there),
        "report_fresh_copied": min(fresh, 3) * out.values.get("copied", 0.0),
    }
