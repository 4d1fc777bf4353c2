"""A corpus folder in, checked pages with their question banks and bibliography out.

Refuses what is malformed by file and line. Knows nothing of passages' size, of vectors
or of answers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from index.errors import CorpusError
from index.page import Kind, Section, Source, clean, read_markdown, read_text, yaml_line

REFERENCES = "references.json"
OUTSIDE = "outside.yaml"
BANK = ".questions.yaml"


@dataclass(frozen=True)
class Page:
    """One corpus file."""

    path: Path
    source: Source
    sections: tuple[Section, ...]
    questions: dict[str, tuple[str, ...]]
    """Anchor of a section to the questions that it answers."""


@dataclass(frozen=True)
class Corpus:
    """All pages, in the order of their paths, with the bibliography."""

    pages: tuple[Page, ...]
    references: dict[str, dict[str, Any]]
    outside: tuple[str, ...]
    """Questions that the corpus is known not to answer, from outside.yaml."""
    files: tuple[Path, ...]
    """Every file that was read, for digests."""


def corpus_files(folder: Path) -> list[Path]:
    """Every file of the corpus that an index depends on."""
    if not folder.is_dir():
        raise CorpusError(folder, None, "there is no such folder; set GLUTE_GUIDE_CORPUS.")
    found = {*pages_in(folder), *folder.rglob(f"*{BANK}")}
    extras = (folder / name for name in (REFERENCES, OUTSIDE))
    return sorted({*found, *(path for path in extras if path.is_file())})


def pages_in(folder: Path) -> list[Path]:
    """The Markdown pages of a corpus folder; READMEs are for people."""
    return sorted(p for p in folder.rglob("*.md") if p.name != "README.md")


def load_corpus(folder: Path) -> Corpus:
    """Read and check a whole corpus folder.

    Raises:
        CorpusError: for the first page, bank or reference that is malformed.
    """
    files = corpus_files(folder)
    references = load_references(folder / REFERENCES)
    pages = tuple(load_page(path) for path in pages_in(folder))
    if not pages:
        raise CorpusError(folder, None, "the corpus holds no page (*.md).")
    seen: dict[str, Path] = {}
    for page in pages:
        if page.source.id in seen:
            raise CorpusError(
                page.path, 1, f"the id '{page.source.id}' is taken by {seen[page.source.id]}."
            )
        seen[page.source.id] = page.path
        for section in page.sections:
            for block in section.blocks:
                for _, key in block.references:
                    if key not in references:
                        raise CorpusError(
                            page.path,
                            block.line,
                            f"the reference [@{key}] has no entry in references.json.",
                        )
    banks = {page.path.with_suffix(BANK) for page in pages}
    for path in files:
        if path.name.endswith(BANK) and path not in banks:
            raise CorpusError(path, None, "this question bank has no page beside it.")
    return Corpus(pages, references, load_outside(folder / OUTSIDE), tuple(files))


def load_references(path: Path) -> dict[str, dict[str, Any]]:
    """Read a CSL-JSON bibliography into a mapping from key to entry; no file, no entries."""
    if not path.is_file():
        return {}
    try:
        entries = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CorpusError(path, error.lineno, f"not JSON: {error.msg}.") from error
    if not isinstance(entries, list):
        raise CorpusError(path, 1, "a bibliography is a list of entries.")
    found: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise CorpusError(path, None, f"entry {number} has no id.")
        if entry["id"] in found:
            raise CorpusError(path, None, f"the key '{entry['id']}' is used twice.")
        found[entry["id"]] = entry
    return found


def load_outside(path: Path) -> tuple[str, ...]:
    """Read the questions that the corpus does not answer, by theme; no file, no questions."""
    if not path.is_file():
        return ()
    return tuple(q for questions in read_bank(path).values() for q in questions)


def load_page(path: Path) -> Page:
    """Read one page and the question bank beside it."""
    source, sections = read_markdown(path)
    questions = load_questions(path.with_suffix(BANK), sections, source.kind)
    return Page(path, source, sections, questions)


def load_questions(
    path: Path, sections: Sequence[Section], kind: Kind
) -> dict[str, tuple[str, ...]]:
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


def read_bank(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a YAML file that maps a name to a list of questions."""
    try:
        bank = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise CorpusError(path, yaml_line(error, 1), "the question bank is not YAML.") from error
    if not isinstance(bank, dict):
        raise CorpusError(path, 1, "a question bank maps a name to a list of questions.")
    for name, questions in bank.items():
        if not isinstance(questions, list) or not all(
            isinstance(q, str) and clean(q).strip() for q in questions
        ):
            raise CorpusError(path, None, f"'{name}' must hold a list of questions.")
    return {str(name): tuple(clean(q).strip() for q in bank[name]) for name in bank}
