"""A corpus folder in, checked pages with their banks and bibliography out.

Refuses what is malformed by file and line. Knows nothing of passages' size, of vectors
or of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.bank import BANK, Banked, load_questions, read_bank
from index.claim import ClaimLink, load_claims
from index.errors import CorpusError
from index.follow_up import FOLLOW_UPS, FollowUp, load_follow_ups, read_follow_ups
from index.page import Section, Source, read_markdown
from index.reference import Reference, load_references
from index.text import read_text, read_yaml, words_in

REFERENCES = "references.json"
OUTSIDE = "outside.yaml"
OUTSIDE_FOLLOW_UPS = f"outside{FOLLOW_UPS}"
CLAIMS = "claims.yaml"
SLANG = "slang.yaml"


@dataclass(frozen=True)
class Page:
    """One corpus file."""

    path: Path
    source: Source
    sections: tuple[Section, ...]
    questions: dict[str, tuple[Banked, ...]]
    """Anchor of a section to the questions that it answers."""
    follow_ups: dict[str, tuple[FollowUp, ...]] = field(default_factory=dict)
    """The same for questions that need what was asked before them."""


@dataclass(frozen=True)
class Corpus:
    """All pages, in the order of their paths, with the bibliography."""

    pages: tuple[Page, ...]
    references: dict[str, Reference]
    outside: tuple[str, ...]
    """Questions that the corpus is known not to answer, from outside.yaml."""
    outside_follow_ups: tuple[FollowUp, ...]
    """The same for follow-ups, from outside.followups.yaml."""
    slang: dict[str, str]
    """Gym talk in lower case to plain words, from slang.yaml."""
    claims: tuple[ClaimLink, ...]
    """What studies found about claims of the article, from claims.yaml."""
    files: tuple[Path, ...]
    """Every file that was read, for digests."""


def corpus_files(folder: Path) -> list[Path]:
    """Every file of the corpus that an index depends on.

    Raises:
        CorpusError: if the folder is not there, or if a name in it leads to no file or out.
    """
    if not folder.is_dir():
        raise CorpusError(folder, None, "there is no such folder; set GLUTE_GUIDE_CORPUS.")
    found = {*pages_in(folder), *folder.rglob(f"*{BANK}"), *folder.rglob(f"*{FOLLOW_UPS}")}
    extras = (folder / name for name in (REFERENCES, OUTSIDE, CLAIMS, SLANG))
    files = sorted({*found, *(path for path in extras if path.exists() or path.is_symlink())})
    for path in files:
        if not path.is_file():
            raise CorpusError(path, None, "there is no file behind this name; remove it.")
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(path, None, "this link leads out of the corpus; copy the file here.")
    return files


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
        check_references(page, references)
    banks = {page.path.with_suffix(suffix) for page in pages for suffix in (BANK, FOLLOW_UPS)}
    banks.add(folder / OUTSIDE_FOLLOW_UPS)
    for path in files:
        if path.name.endswith((BANK, FOLLOW_UPS)) and path not in banks:
            raise CorpusError(path, None, "this question bank has no page beside it.")
    return Corpus(
        pages=pages,
        references=references,
        outside=load_outside(folder / OUTSIDE),
        outside_follow_ups=load_outside_follow_ups(folder / OUTSIDE_FOLLOW_UPS),
        slang=load_slang(folder / SLANG),
        claims=load_claims(folder / CLAIMS, texts_of(pages)),
        files=tuple(files),
    )


def check_references(page: Page, references: Mapping[str, Reference]) -> None:
    """Raise a CorpusError for a reference of a page that the bibliography does not have."""
    for section in page.sections:
        for block in section.blocks:
            for _, key in block.references:
                if key not in references:
                    raise CorpusError(
                        page.path,
                        block.line,
                        f"the reference [@{key}] has no entry in references.json.",
                    )


def load_outside(path: Path) -> tuple[str, ...]:
    """Read the questions that the corpus does not answer, by theme; no file, no questions."""
    if not path.is_file():
        return ()
    return tuple(q.text for questions in read_bank(path).values() for q in questions)


def load_outside_follow_ups(path: Path) -> tuple[FollowUp, ...]:
    """Read the follow-ups that the corpus does not answer, by theme; no file, none."""
    if not path.is_file():
        return ()
    return tuple(one for talks in read_follow_ups(path).values() for one in talks)


def load_slang(path: Path) -> dict[str, str]:
    """Read what gym talk means; no file, no slang."""
    if not path.is_file():
        return {}
    slang = read_yaml(path, read_text(path), "the slang is not YAML.")
    if not isinstance(slang, dict):
        raise CorpusError(path, 1, "slang maps a phrase to its plain words.")
    for phrase, meaning in slang.items():
        if not (words_in(phrase) and words_in(meaning)):
            raise CorpusError(path, None, f"'{phrase}' must be words and mean words.")
    return {phrase.lower(): meaning for phrase, meaning in slang.items()}


def texts_of(pages: Sequence[Page]) -> dict[str, list[str]]:
    """The texts under each heading, by `<page id>#<anchor>`."""
    return {
        f"{page.source.id}#{section.anchor}": [block.text for block in section.blocks]
        for page in pages
        for section in page.sections
    }


def load_page(path: Path) -> Page:
    """Read one page and the banks beside it."""
    source, sections = read_markdown(path)
    questions = load_questions(path.with_suffix(BANK), sections, source.kind)
    follow_ups = load_follow_ups(path.with_suffix(FOLLOW_UPS), sections)
    return Page(path, source, sections, questions, follow_ups)
