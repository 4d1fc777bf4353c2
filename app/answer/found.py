"""What was looked for, and what was found for it.

Shared by the chain, which looks, the gate, which decides whether it answers, and the composer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.embed import Vectors
from index.retrieve import Hit


@dataclass(frozen=True)
class Found:
    """A question in plain words, and the passages found for it."""

    question: str
    """Of a follow-up with the words of the question before."""
    vector: Vectors
    """Shape (1, dimension)."""
    hits: Sequence[Hit]
    """Best first."""
    message: str = ""
    """Of a follow-up its own words."""
    talk: Vectors | None = None
    """Of a follow-up the direction that banked follow-ups are compared with, same shape."""
