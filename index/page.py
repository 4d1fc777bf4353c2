"""One Markdown file in, its front matter and plain-text sections out.

Refuses what is malformed by file and line. Knows nothing of question banks, of other
pages or of passages' size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import CorpusError
from index.text import clean, read_text, read_yaml, slug, words_in

Kind = Literal["article", "evidence", "page"]
KINDS: tuple[Kind, ...] = ("article", "evidence", "page")
FIELDS = ("id", "title", "kind", "authors", "published", "source", "license")
SECTION_SEPARATOR = " › "

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
ANCHOR = re.compile(r"\s*\{#([^}]*)\}\s*$")
_REFERENCES = re.compile(r"\s*\[(@[\w:.-]+(?:;\s*@[\w:.-]+)*)\]")
_YEAR = re.compile(r"\d{4}")
_REFERENCE_BEGINS = re.compile(r"\[@\w")


@dataclass(frozen=True)
class Source:
    """The document a passage comes from, as a citation shows it."""

    id: str
    title: str
    kind: Kind
    authors: tuple[str, ...]
    published: str
    source: str
    license: str
    url: str | None = None

    @property
    def year(self) -> int | None:
        """The year of publication, if the front matter gives one."""
        found = _YEAR.match(self.published)
        return int(found[0]) if found else None


@dataclass(frozen=True)
class Block:
    """A paragraph, or one item of a list with its marker (`-` or `3.`)."""

    text: str
    line: int
    marker: str | None = None
    references: tuple[tuple[int, str], ...] = ()
    """(offset in `text` where the reference stood, key)."""


@dataclass
class Section:
    """What stands under one heading."""

    path: tuple[str, ...]
    anchor: str
    line: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The headings from the outermost down: `Form › Knees out`."""
        return SECTION_SEPARATOR.join(self.path)


def read_markdown(path: Path) -> tuple[Source, tuple[Section, ...]]:
    """Read a corpus page.

    Raises:
        CorpusError: for the first thing that is malformed.
    """
    header, body, first_line = split_front_matter(path, read_text(path))
    return read_source(path, header), _Reader(path, first_line).read(body)


def split_front_matter(path: Path, text: str) -> tuple[dict[str, Any], str, int]:
    """Take `---` front matter off; returns it, the body and the body's first line number."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise CorpusError(path, 1, "no front matter: the first line must be '---'.")
    try:
        end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
    except StopIteration:
        raise CorpusError(path, 1, "the front matter has no closing '---'.") from None
    header = read_yaml(path, "\n".join(lines[1:end]), "the front matter is not YAML.", 2)
    if not isinstance(header, dict):
        raise CorpusError(path, 2, "the front matter holds no fields.")
    return header, "\n".join(lines[end + 1 :]), end + 2


def read_source(path: Path, header: dict[str, Any]) -> Source:
    """Check the fields of a front matter."""
    fields = {name: words_in(str(header[name])) for name in header if header[name]}
    missing = [name for name in FIELDS if not fields.get(name)]
    if missing:
        raise CorpusError(path, 1, f"the front matter lacks: {', '.join(missing)}.")
    unknown = sorted(str(name) for name in set(header) - {*FIELDS, "url"})
    if unknown:
        raise CorpusError(path, 1, f"the front matter has unknown fields: {', '.join(unknown)}.")
    if header["kind"] not in KINDS:
        raise CorpusError(path, 1, f"kind must be one of {', '.join(KINDS)}.")
    if not _ID.fullmatch(str(header["id"])):
        raise CorpusError(path, 1, "id must be lower-case letters, digits and hyphens.")
    people = header["authors"] if isinstance(header["authors"], list) else [None]
    authors = [words_in(person) for person in people]
    if None in authors:
        raise CorpusError(path, 1, "authors must be a list of names.")
    url = fields.get("url")
    if header.get("url") is not None and not re.fullmatch(r"https?://\S+", url or ""):
        raise CorpusError(path, 1, "url must start with https:// or http://.")
    return Source(
        id=str(header["id"]),
        title=fields["title"] or "",
        kind=header["kind"],
        authors=tuple(author for author in authors if author),
        published=fields["published"] or "",
        source=fields["source"] or "",
        license=fields["license"] or "",
        url=url,
    )


def plain(token: Token) -> str:
    """The words of an inline token: no emphasis, no HTML, no images; links keep their text."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return harmless("".join(parts))


def harmless(text: str) -> str:
    """A text on one line, in which nothing can become a tag or a link wherever it is shown."""
    apart = re.sub(r"<(?=[A-Za-z/!?])", "< ", clean(text)).replace("](", "] (")
    return " ".join(apart.split())


def parse(body: str) -> list[Token]:
    """The tokens of a page's Markdown: CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table").parse(body)


class _Reader:
    """Walks the tokens of one page and cuts it at its headings.

    A heading without text of its own is only part of the path of those below it.
    """

    def __init__(self, path: Path, first_line: int) -> None:
        self._path = path
        self._first_line = first_line
        self._sections: list[Section] = []
        self._headings: list[tuple[int, str]] = []
        """The open headings, each with its depth, from the outermost down."""
        self._anchors: dict[str, int] = {}
        self._numbers: list[int | None] = []
        """For each open list the next number, None for a list of bullets."""
        self._marker: str | None = None
        self._cells: list[str] | None = None

    def read(self, body: str) -> tuple[Section, ...]:
        tokens = parse(body)
        for n, token in enumerate(tokens):
            line = self._first_line + (token.map[0] if token.map else 0)
            if token.type == "heading_open":
                self._open_heading(int(token.tag[1]), plain(tokens[n + 1]), line)
            elif token.type == "inline" and tokens[n - 1].type != "heading_open":
                self._text(plain(token), line)
            elif token.type in {"fence", "code_block"}:
                self._text(harmless(token.content), line)
            else:
                self._structure(token, line)
        if not self._sections:
            raise CorpusError(
                self._path, self._first_line, "the page has no headings; each passage needs one."
            )
        filled = tuple(section for section in self._sections if section.blocks)
        if not filled:
            raise CorpusError(self._path, self._first_line, "no text stands under the headings.")
        return filled

    def _open_heading(self, depth: int, text: str, line: int) -> None:
        if _REFERENCE_BEGINS.search(text):
            raise CorpusError(self._path, line, "a reference stands in a heading; move it below.")
        explicit = ANCHOR.search(text)
        title = ANCHOR.sub("", text)
        anchor = explicit[1] if explicit else slug(title)
        if not title or not _ID.fullmatch(anchor):
            raise CorpusError(
                self._path, line, "a heading needs words and an anchor of a-z, 0-9 and '-'."
            )
        if anchor in self._anchors:
            raise CorpusError(
                self._path,
                line,
                f"the anchor '{anchor}' is taken by the heading on line {self._anchors[anchor]}.",
            )
        self._anchors[anchor] = line
        outer = [heading for heading in self._headings if heading[0] < depth]
        self._headings = [*outer, (depth, title)]
        self._sections.append(Section(tuple(text for _, text in self._headings), anchor, line))

    def _structure(self, token: Token, line: int) -> None:
        match token.type:
            case "ordered_list_open":
                self._numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_close" | "bullet_list_close":
                self._numbers.pop()
            case "list_item_open":
                number = self._numbers[-1]
                self._marker = "-" if number is None else f"{number}."
                if number is not None:
                    self._numbers[-1] = number + 1
            case "list_item_close":
                self._marker = None
            case "tr_open":
                self._cells = []
            case "tr_close":
                cells, self._cells = self._cells or [], None
                self._marker = "-"
                self._text(", ".join(cell for cell in cells if cell), line)
                self._marker = None

    def _text(self, text: str, line: int) -> None:
        if not text:
            return
        if self._cells is not None:
            self._cells.append(text)
            return
        if not self._sections:
            raise CorpusError(self._path, line, "text stands before the first heading.")
        block = _block(text, line, self._marker)
        if _REFERENCE_BEGINS.search(block.text):
            raise CorpusError(
                self._path,
                line,
                "a reference is [@key] or [@key; @other]; put nothing else in the brackets.",
            )
        self._sections[-1].blocks.append(block)
        self._marker = None


def _block(text: str, line: int, marker: str | None) -> Block:
    """Take the `[@key]` references out of a text, and remember where they stood."""
    kept: list[str] = []
    references: list[tuple[int, str]] = []
    length = end = 0
    for found in _REFERENCES.finditer(text):
        kept.append(text[end : found.start()])
        length += found.start() - end
        end = found.end()
        references += [(length, key.strip().lstrip("@")) for key in found[1].split(";")]
    kept.append(text[end:])
    return Block("".join(kept), line, marker, tuple(references))
