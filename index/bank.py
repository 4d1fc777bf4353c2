"""A question bank in: the questions that a passage answers, some with how the answer opens.

Refuses what is malformed by file. Knows nothing of passages and of vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from index.errors import CorpusError
from index.page import Kind, Section
from index.text import read_text, read_yaml, words_in

BANK = ".questions.yaml"

Opening = Literal["yes", "no", "not quite", "unclear"]
"""How a passage's answer to a yes/no question opens."""

OPENINGS: tuple[Opening, ...] = get_args(Opening)

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Banked:
    """A question that a passage answers."""

    text: str
    opening: Opening | None = None
    """What a reader judged the passage to answer, where the question asks for yes or no."""


def load_questions(
    path: Path, sections: Sequence[Section], kind: Kind
) -> dict[str, tuple[Banked, ...]]:
    """Read a question bank and check that it fits its page.

    Pages of an owner (`kind: page`) may do without one.
    """
    if not path.is_file():
        if kind == "page":
            return {}
        raise CorpusError(path, None, "this question bank is missing.")
    bank = read_bank(path)
    check_anchors(path, bank, sections)
    if kind != "page":
        for section in sections:
            if not bank.get(section.anchor):
                raise CorpusError(path, None, f"the passage '{section.anchor}' has no questions.")
    return bank


def read_bank(path: Path) -> dict[str, tuple[Banked, ...]]:
    """Read a YAML file that maps a name to a list of questions.

    A question that is answered by yes or no may say so: `- no: "Is it only for women?"`.
    """
    return read_lists(
        path,
        _banked,
        bank="question bank",
        of="questions",
        each=f"each alone or after one of {', '.join(OPENINGS)}",
    )


def check_anchors(path: Path, anchors: Iterable[str], sections: Sequence[Section]) -> None:
    """Raise a CorpusError for an anchor in a bank that the page beside it does not have."""
    known = {section.anchor for section in sections}
    for anchor in anchors:
        if anchor not in known:
            raise CorpusError(path, None, f"no passage has the anchor '{anchor}'.")


def read_lists(
    path: Path, read: Callable[[object], Entry | None], *, bank: str, of: str, each: str
) -> dict[str, tuple[Entry, ...]]:
    """Read a YAML file that maps a name to a list, each entry of it by `read`.

    Args:
        path: The file.
        read: An entry, or None if it is malformed.
        bank: What such a file is called.
        of: What its lists hold.
        each: What an entry must look like.

    Raises:
        CorpusError: if the file or an entry is malformed.
    """
    lists = read_yaml(path, read_text(path), f"the {bank} is not YAML.")
    if not isinstance(lists, dict):
        raise CorpusError(path, 1, f"a {bank} maps a name to a list of {of}.")
    found: dict[str, tuple[Entry, ...]] = {}
    for name, entries in lists.items():
        known = [read(entry) for entry in entries] if isinstance(entries, list) else [None]
        if None in known:
            raise CorpusError(path, None, f"'{name}' must hold a list of {of}, {each}.")
        found[str(name)] = tuple(entry for entry in known if entry is not None)
    return found


def _banked(entry: object) -> Banked | None:
    """A question, or the one pair of an opening and a question; None for anything else."""
    opening: Opening | None = None
    if isinstance(entry, dict):
        if len(entry) != 1:
            return None
        ((key, entry),) = entry.items()
        # YAML 1.1 reads a bare yes or no as true or false.
        said = {True: "yes", False: "no"}.get(key, key)
        opening = next((name for name in OPENINGS if name == said), None)
        if opening is None:
            return None
    text = words_in(entry)
    return Banked(text, opening) if text else None
