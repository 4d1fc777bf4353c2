"""The judge, itself on trial: errors planted and hand-written, and clean pairs.

Knows nothing of the chain; the sentences come from the index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from eval.ask import Probe
from eval.cases import judged
from eval.dataset import Pair
from eval.planted import Source, plant
from eval.schema import Case, Quote

CLEAN = 300
"""Verbatim sentences on which an alarm is false."""


def judge_planted(sources: Sequence[Source], per_type: int) -> Iterator[Case]:
    """Sentences of the corpus, with an error planted or as they stand."""
    for error in plant(sources, per_type):
        yield _case(
            f"{error.type}-{_short(error.id)}",
            error.claim,
            (error.passage_id, error.passage),
            ("judge.planted", f"judge.planted.{error.type}"),
            f"unsupported ({error.type}); the source says: {error.sentence}",
        )[0]
    for name, source, sentence in _clean(sources):
        place = (source.id, source.text)
        clean = ("judge.false_alarms.verbatim",)
        yield _case(name, sentence, place, clean, "supported (verbatim)")[0]


def judge_pairs(pairs: Sequence[Pair], probe: Probe) -> Iterator[Case]:
    """The pairs written by hand; the judge's scores are noted in the probe."""
    for pair in pairs:
        supported = pair.label == "supported"
        case, score = _case(
            pair.id,
            pair.claim,
            (pair.passage_id, pair.passage),
            ("judge.false_alarms.written_by_hand",)
            if supported
            else ("judge.pairs", f"judge.pairs.{pair.type}"),
            f"{pair.label} ({pair.type})",
        )
        probe.judge_scores.append(score)
        probe.judge_labels.append(int(supported))
        yield case


def _case(
    name: str,
    claim: str,
    place: tuple[str, str],
    figures: Sequence[str],
    wanted: str,
) -> tuple[Case, float]:
    """Catching an error scores 1, and so does raising a false alarm: the figure tells which."""
    says_supported, score, reasons = judged(claim, place[1])
    alarm = float(not says_supported)
    failed = says_supported != wanted.startswith("supported")
    case = Case(
        id=name,
        set="judge",
        question=claim,
        expected=wanted,
        status="supported" if says_supported else "unsupported",
        answer="",
        scores=dict.fromkeys(figures, alarm),
        notes=reasons if failed else (),
        quotes=_shown(place) if failed else (),
    )
    return case, score


def _shown(place: tuple[str, str]) -> tuple[Quote, ...]:
    name, text = place
    return (
        Quote(
            n=1, passage_id=name, title=name, section="", passage=text, start=0, end=0, valid=True
        ),
    )


def _clean(sources: Sequence[Source]) -> Iterator[tuple[str, Source, str]]:
    """Sentences as they stand, spread over the corpus by a hash."""
    places = [
        (_short(f"{source.id}:{number}"), source, sentence)
        for source in sources
        for number, sentence in enumerate(source.sentences)
    ]
    for name, source, sentence in sorted(places, key=lambda place: place[0])[:CLEAN]:
        yield f"verbatim-{name}", source, sentence


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:10]
