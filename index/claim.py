"""Claims that published studies nuance or contradict, linked to where that is told.

Reads `claims.yaml` and checks that both ends of each link exist. Knows nothing of how an
answer uses a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from index.errors import CorpusError
from index.text import read_text, read_yaml, words_in

Relation = Literal["contradicts", "nuances"]
"""How what studies found bears on a claim."""

FIELDS = ("claim", "words", "studies", "relation")


@dataclass(frozen=True)
class ClaimLink:
    """A sentence that published studies nuance or contradict, and where they are told."""

    claim: str
    """Id of the passage that makes the claim."""
    words: str
    """Words of the sentence that makes it."""
    studies: str
    """Id of the passage whose first sentence says what studies found."""
    relation: Relation


def place_claims(
    links: Iterable[ClaimLink], parts: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[ClaimLink, ...]:
    """The links, each from the part of its section that holds its words.

    Args:
        links: Links between sections.
        parts: Id and text of each passage that a section was cut into, by the section's id.
    """
    return tuple(
        replace(
            link,
            claim=next(
                (part for part, text in parts[link.claim] if link.words in text), link.claim
            ),
        )
        for link in links
    )


def load_claims(path: Path, texts: Mapping[str, Sequence[str]]) -> tuple[ClaimLink, ...]:
    """Read the links from claims to studies, and check that both ends are there."""
    if not path.is_file():
        return ()
    rows = read_yaml(path, read_text(path), "the links are not YAML.")
    links: list[ClaimLink] = []
    for number, row in enumerate(rows if isinstance(rows, list) else [None], 1):
        if not isinstance(row, dict) or set(row) != set(FIELDS):
            raise CorpusError(
                path, None, f"link {number} needs exactly {', '.join(sorted(FIELDS))}."
            )
        if not all(words_in(row[field]) for field in FIELDS):
            raise CorpusError(path, None, f"link {number}: each field holds words.")
        link = ClaimLink(**row)
        for end in (link.claim, link.studies):
            if end not in texts:
                raise CorpusError(path, None, f"link {number}: there is no passage '{end}'.")
        if not any(link.words in text for text in texts[link.claim]):
            raise CorpusError(
                path, None, f"link {number}: '{link.words}' does not stand in {link.claim}."
            )
        if link.relation not in get_args(Relation):
            raise CorpusError(path, None, f"link {number}: relation is contradicts or nuances.")
        links.append(link)
    return tuple(links)
