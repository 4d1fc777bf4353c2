"""A question bank in: the questions that a passage answers, some with how the answer opens.

Refuses what is malformed by file. Knows nothing of passages and of vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.errors import CorpusError
from index.page import Kind, Section
from index.text import read_text, read_yaml, words_in

BANK = ".questions.yaml"

Opening = Literal["yes", "no", "not quite", "unclear"]
"""How a passage's answer to a yes/no question opens."""

OPENINGS: tuple[Opening, ...] = get_args(Opening)


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
    anchors = {section.anchor for section in sections}
    for anchor in bank:
        if anchor not in anchors:
            raise CorpusError(path, None, f"no passage has the anchor '{anchor}'.")
    if kind != "page":
        for section in sections:
            if not bank.get(section.anchor):
                raise CorpusError(path, None, f"the passage '{section.anchor}' has no questions.")
    return bank


def read_bank(path: Path) -> dict[str, tuple[Banked, ...]]:
    """Read a YAML file that maps a name to a list of questions.

    A question that is answered by yes or no may say so: `- no: "Is it only for women?"`.
    """
    bank = read_yaml(path, read_text(path), "the question bank is not YAML.")
    if not isinstance(bank, dict):
        raise CorpusError(path, 1, "a question bank maps a name to a list of questions.")
    found: dict[str, tuple[Banked, ...]] = {}
    for name, entries in bank.items():
        questions = [_banked(q) for q in entries] if isinstance(entries, list) else [None]
        if None in questions:
            raise CorpusError(
                path,
                None,
                f"'{name}' must hold a list of questions, each alone or after one of "
                f"{', '.join(OPENINGS)}.",
            )
        found[str(name)] = tuple(question for question in questions if question)
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
