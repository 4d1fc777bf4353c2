"""How far to trust a source: one honest word, derived from its design by rule.

The rule is written out in corpus/README.md. Nobody types a strength by hand, and
nothing here knows what a study found.
"""

from __future__ import annotations

from typing import Literal

from app.answer.schema import Evidence
from index.reference import Design, Reference

Strength = Literal["strong", "moderate", "limited", "expert opinion"]
LADDER: tuple[Strength, ...] = ("strong", "moderate", "limited", "expert opinion")

STRENGTH: dict[Design, Strength] = {
    "meta-analysis": "strong",
    "systematic review": "strong",
    "RCT": "moderate",
    "guideline": "moderate",
    "position stand": "moderate",
    "cohort": "limited",
    "cross-sectional": "limited",
    "EMG cross-sectional": "limited",
    "other": "limited",
    "narrative review": "expert opinion",
    "anatomy reference": "expert opinion",
}

SECONDARY = "Figures read in an abstract or summary, not in the source."


def strength_of(reference: Reference) -> Strength:
    """The strength of the design; one step less if its figures were not read at the source."""
    step = LADDER.index(STRENGTH[reference.design])
    return LADDER[min(step + reference.secondary, len(LADDER) - 1)]


def evidence_of(reference: Reference) -> Evidence:
    """What a citation shows of a study."""
    caveat = f"{reference.caveat} {SECONDARY}" if reference.secondary else reference.caveat
    return Evidence(
        design=reference.design,
        population=reference.population,
        strength=strength_of(reference),
        caveat=caveat,
    )
