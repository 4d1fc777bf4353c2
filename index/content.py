"""What an index holds besides vectors: passages, references, claims, and what each vector is.

Knows nothing of where it lies and of searching.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from index.chunk import Passage
from index.claim import ClaimLink
from index.errors import IndexDamaged
from index.follow_up import FollowUp
from index.reference import Reference

RowKind = Literal["passage", "sentence", "question", "outside"]
NOWHERE = -1
"""The passage number of a question that no passage answers."""


@dataclass(frozen=True)
class Row:
    """What one vector stands for: a passage, its n-th sentence or n-th question, or the
    n-th of the questions that the corpus does not answer."""

    kind: RowKind
    passage: int
    number: int


@dataclass(frozen=True)
class Content:
    """What an index holds besides vectors."""

    passages: tuple[Passage, ...]
    references: dict[str, Reference]
    claims: tuple[ClaimLink, ...]
    outside: tuple[str, ...]
    slang: dict[str, str]
    outside_follow_ups: tuple[FollowUp, ...] = ()

    def rows(self) -> list[Row]:
        """What is searched for a question: each passage, its sentences, its questions; then
        outside."""
        rows: list[Row] = []
        for n, passage in enumerate(self.passages):
            rows.append(Row("passage", n, 0))
            rows += [Row("sentence", n, i) for i in range(len(passage.spans))]
            rows += [Row("question", n, i) for i in range(len(passage.questions))]
        return rows + [Row("outside", NOWHERE, i) for i in range(len(self.outside))]

    def follow_ups(self) -> list[tuple[int, FollowUp]]:
        """Each banked follow-up with the number of its passage; then those outside."""
        inside = [(n, one) for n, p in enumerate(self.passages) for one in p.follow_ups]
        return inside + [(NOWHERE, one) for one in self.outside_follow_ups]

    def texts(self) -> list[str]:
        """The texts to embed: one for each row, a passage with its heading, and then two for
        each follow-up, the message alone and in its talk."""
        texts: list[str] = []
        for passage in self.passages:
            texts.append(f"{passage.title}. {passage.text}")
            texts += passage.sentences
            texts += passage.questions
        texts += self.outside
        for _, follow_up in self.follow_ups():
            texts += (follow_up.message, follow_up.in_talk)
        return texts


def write_content(path: Path, content: Content) -> None:
    """Write it as JSON."""
    path.write_bytes(_content().dump_json(content))


def read_content(path: Path) -> Content:
    """Read what `write_content` wrote.

    Raises:
        IndexDamaged: if it is not that.
    """
    try:
        return _content().validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{path.name} cannot be read") from error


@cache
def _content() -> TypeAdapter[Content]:
    return TypeAdapter(Content)
