"""Banked follow-ups in: what visitors ask next, and which passage answers it after what was said.

"And the thighs?" alone means nothing; after "hip thrust or squat for bigger glutes" it has a
passage. Refuses what is malformed by file. Knows nothing of vectors, and nothing of how a
follow-up is put into full words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.bank import check_anchors, read_lists
from index.page import Section
from index.text import words_in

FOLLOW_UPS = ".followups.yaml"

LOOKED_BACK = 2
"""How many questions before it a follow-up is read together with."""


@dataclass(frozen=True)
class FollowUp:
    """A message that needs what was asked before it."""

    before: tuple[str, ...]
    """Earlier questions, oldest first; at least one."""
    message: str

    @property
    def in_talk(self) -> str:
        """It and the questions before it, as one text."""
        return " ".join((*self.before[-LOOKED_BACK:], self.message))


def load_follow_ups(path: Path, sections: Sequence[Section]) -> dict[str, tuple[FollowUp, ...]]:
    """Read the follow-ups banked for a page and check that they fit it; no file, none.

    Raises:
        CorpusError: if the file is malformed or names an anchor that the page does not have.
    """
    if not path.is_file():
        return {}
    banked = read_follow_ups(path)
    check_anchors(path, banked, sections)
    return banked


def read_follow_ups(path: Path) -> dict[str, tuple[FollowUp, ...]]:
    """Read a YAML file that maps a name to talks, each a list that ends with the follow-up.

    `- ["Hip thrust or squat for bigger glutes?", "and the thighs?"]`
    """
    return read_lists(
        path,
        _follow_up,
        bank="bank of follow-ups",
        of="talks",
        each="each a list of two or more messages of which the last is the follow-up",
    )


def _follow_up(talk: object) -> FollowUp | None:
    """A talk's last message after the others; None for anything else."""
    said = [words_in(message) for message in talk] if isinstance(talk, list) else []
    if len(said) < 2 or not all(said):
        return None
    *before, message = (text for text in said if text)
    return FollowUp(tuple(before), message)
