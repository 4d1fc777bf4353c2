"""Banked follow-ups in: what visitors ask next, and which passage answers it after what was said.

"And the thighs?" alone means nothing; after "hip thrust or squat for bigger glutes" it has a
passage. Refuses what is malformed by file. Knows nothing of vectors, and nothing of how a
follow-up is put into full words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.errors import CorpusError
from index.text import read_text, read_yaml, words_in

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


def load_follow_ups(path: Path, anchors: Collection[str]) -> dict[str, tuple[FollowUp, ...]]:
    """Read the follow-ups banked for a page and check that they fit it; no file, none.

    Raises:
        CorpusError: if the file is malformed or names an anchor that the page does not have.
    """
    if not path.is_file():
        return {}
    banked = read_follow_ups(path)
    for anchor in banked:
        if anchor not in anchors:
            raise CorpusError(path, None, f"no passage has the anchor '{anchor}'.")
    return banked


def read_follow_ups(path: Path) -> dict[str, tuple[FollowUp, ...]]:
    """Read a YAML file that maps a name to talks, each a list that ends with the follow-up.

    `- ["Hip thrust or squat for bigger glutes?", "and the thighs?"]`
    """
    bank = read_yaml(path, read_text(path), "the bank of follow-ups is not YAML.")
    if not isinstance(bank, dict):
        raise CorpusError(path, 1, "a bank of follow-ups maps a name to a list of talks.")
    found: dict[str, tuple[FollowUp, ...]] = {}
    for name, talks in bank.items():
        follow_ups = [_follow_up(talk) for talk in talks] if isinstance(talks, list) else [None]
        if None in follow_ups:
            raise CorpusError(
                path,
                None,
                f"'{name}' must hold a list of talks, each a list of two or more messages "
                "of which the last is the follow-up.",
            )
        found[str(name)] = tuple(one for one in follow_ups if one)
    return found


def _follow_up(talk: object) -> FollowUp | None:
    """A talk's last message after the others; None for anything else."""
    said = [words_in(message) for message in talk] if isinstance(talk, list) else []
    if len(said) < 2 or not all(said):
        return None
    *before, message = (text for text in said if text)
    return FollowUp(tuple(before), message)
