"""One Markdown file in, its front matter and plain-text sections out.

Refuses what is malformed by file and line. Knows nothing of question banks, of other
pages or of passages' size.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import CorpusError

Kind = Literal["article", "evidence", "page"]
KINDS: tuple[Kind, ...] = ("article", "evidence", "page")
FIELDS = ("id", "title", "kind", "authors", "published", "source", "license")
SECTION_SEPARATOR = " › "

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ANCHOR = re.compile(r"\s*\{#([^}]*)\}\s*$")
_REFERENCES = re.compile(r"\s*\[(@[\w:.-]+(?:;\s*@[\w:.-]+)*)\]")
_YEAR = re.compile(r"\d{4}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


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


def clean(text: str) -> str:
    """Compose to NFC; drop what nobody sees: controls, formats, surrogates, unassigned."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)


def slug(heading: str) -> str:
    """`Head, neck and chin` becomes `head-neck-and-chin`."""
    plain_ = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain_.replace("'", "")))


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, line ends as `\\n`."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorpusError(
            path, line, f"not UTF-8: byte 0x{raw[error.start]:02x}. Save the file as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_front_matter(path: Path, text: str) -> tuple[dict[str, Any], str, int]:
    """Take `---` front matter off; returns it, the body and the body's first line number."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise CorpusError(path, 1, "no front matter: the first line must be '---'.")
    try:
        end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
    except StopIteration:
        raise CorpusError(path, 1, "the front matter has no closing '---'.") from None
    try:
        header = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        raise CorpusError(path, yaml_line(error, 2), "the front matter is not YAML.") from error
    if not isinstance(header, dict):
        raise CorpusError(path, 2, "the front matter holds no fields.")
    return header, "\n".join(lines[end + 1 :]), end + 2


def read_source(path: Path, header: dict[str, Any]) -> Source:
    """Check the fields of a front matter."""
    missing = [name for name in FIELDS if not header.get(name)]
    if missing:
        raise CorpusError(path, 1, f"the front matter lacks: {', '.join(missing)}.")
    unknown = sorted(str(name) for name in set(header) - {*FIELDS, "url"})
    if unknown:
        raise CorpusError(path, 1, f"the front matter has unknown fields: {', '.join(unknown)}.")
    if header["kind"] not in KINDS:
        raise CorpusError(path, 1, f"kind must be one of {', '.join(KINDS)}.")
    if not _ID.fullmatch(str(header["id"])):
        raise CorpusError(path, 1, "id must be lower-case letters, digits and hyphens.")
    authors = header["authors"]
    if not isinstance(authors, list) or not all(isinstance(a, str) for a in authors):
        raise CorpusError(path, 1, "authors must be a list of names.")
    url = header.get("url")
    if url is not None and not re.fullmatch(r"https?://\S+", str(url)):
        raise CorpusError(path, 1, "url must start with https:// or http://.")
    return Source(
        id=str(header["id"]),
        title=clean(str(header["title"])),
        kind=header["kind"],
        authors=tuple(clean(a) for a in authors),
        published=str(header["published"]),
        source=clean(str(header["source"])),
        license=clean(str(header["license"])),
        url=url,
    )


def plain(token: Token) -> str:
    """The words of an inline token: no emphasis, no HTML, no images; links keep their text.

    What an entity could turn into a tag or a link is kept apart, so that the text is
    harmless wherever it is shown.
    """
    parts: list[str] = []
    for child in token.children or []:
        if child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    text = re.sub(r"<(?=[A-Za-z/!?])", "< ", clean("".join(parts))).replace("](", "] (")
    return " ".join(text.split())


def yaml_line(error: yaml.YAMLError, first: int) -> int:
    """The line of a YAML error in a file whose YAML starts on line `first`."""
    mark = getattr(error, "problem_mark", None)
    return first + (mark.line if mark is not None else 0)


class _Reader:
    """Walks the tokens of one page and cuts it at its headings.

    A heading without text of its own is only part of the path of those below it.
    """

    def __init__(self, path: Path, first_line: int) -> None:
        self._path = path
        self._first_line = first_line
        self._sections: list[Section] = []
        self._headings: list[str] = []
        self._anchors: dict[str, int] = {}
        self._numbers: list[int | None] = []
        """For each open list the next number, None for a list of bullets."""
        self._marker: str | None = None
        self._cells: list[str] | None = None

    def read(self, body: str) -> tuple[Section, ...]:
        tokens = MarkdownIt("commonmark").enable("table").parse(body)
        for n, token in enumerate(tokens):
            line = self._first_line + (token.map[0] if token.map else 0)
            if token.type == "heading_open":
                self._open_heading(int(token.tag[1]), plain(tokens[n + 1]), line)
            elif token.type == "inline" and tokens[n - 1].type != "heading_open":
                self._text(plain(token), line)
            elif token.type in {"fence", "code_block"}:
                self._text(" ".join(clean(token.content).split()), line)
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
        explicit = _ANCHOR.search(text)
        title = _ANCHOR.sub("", text)
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
        self._headings = [*self._headings[: depth - 1], title]
        self._sections.append(Section(tuple(self._headings), anchor, line))

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
        self._sections[-1].blocks.append(_block(text, line, self._marker))
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
