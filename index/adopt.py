"""A page of the owner's in, a corpus page out.

Takes Markdown, plain text or HTML, from a file or a listed host, leaves out what is not
content, and writes only what a build will take. What it drops, it reports. Knows nothing
of vectors.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from index.adopt_markdown import read_markdown_draft
from index.adopt_plain import read_plain_draft
from index.chunk import split_page
from index.config import index_settings
from index.draft import Draft, escape
from index.embed import find_model
from index.errors import CorpusError
from index.fetch import MAX_BYTES, fetch, is_address
from index.load import REFERENCES, Page, check_references, load_page, pages_in
from index.page import read_markdown
from index.reference import load_references
from index.text import clean, read_text, slug, words_in

FOLDER = "pages"
NAME_LENGTH = 60


@dataclass(frozen=True)
class Adopted:
    """What was written, and what was left out."""

    path: Path
    headings: tuple[str, ...]
    dropped: tuple[str, ...]


def adopt(
    source: str, corpus: Path, title: str | None = None, origin: str | None = None
) -> Adopted:
    """Write `source` as a page of the corpus.

    Args:
        source: Path of a Markdown, text or HTML file, or its address on a host that is
            listed in GLUTE_GUIDE_FETCH_HOSTS.
        corpus: The corpus folder; the page goes to its folder `pages`.
        title: Overrides the title found in the file.
        origin: Where the page comes from, as citations name it; by default the
            file's name or the address.

    Raises:
        CorpusError: if the page cannot be had, holds no text, holds what no build takes, or
            has been added before. Nothing is written then.
    """
    if not is_address(source):
        return _adopt(Path(source), corpus, title, origin)
    with tempfile.TemporaryDirectory(prefix="glute-guide-") as folder:
        path = fetch(source, index_settings().fetch_hosts, Path(folder))
        try:
            return _adopt(path, corpus, title, origin or source)
        except CorpusError as error:
            if error.path != path:
                raise
            raise CorpusError(source, error.line, error.problem) from error


def _adopt(path: Path, corpus: Path, title: str | None, origin: str | None) -> Adopted:
    draft = _draft(path)
    if not draft.begun:
        raise CorpusError(path, None, "there is no text in it that could be quoted.")
    stem = clean(path.stem).replace("-", " ").replace("_", " ").strip().capitalize()
    name = words_in(title) or draft.title or stem or "Page"
    target = corpus / FOLDER / f"{slug(name)[:NAME_LENGTH].strip('-') or 'page'}.md"
    _refuse_taken(target, corpus)
    header = {
        "id": target.stem,
        "title": name,
        "kind": "page",
        "authors": [draft.author or "Unknown"],
        "published": draft.published or date.today().isoformat(),
        "source": clean(origin or path.name),
        "license": "Belongs to its owner",
    }
    front = yaml.safe_dump(header, sort_keys=False, allow_unicode=True)
    body = f"# {escape(draft.heading(name))}\n\n{draft.body}" if draft.headless else draft.body
    text = f"---\n{front}---\n\n{body}\n"
    page = _checked(path, text, corpus)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    except OSError as error:
        raise CorpusError(target, None, f"it cannot be written ({error.strerror}).") from error
    return Adopted(target, tuple(s.name for s in page.sections), tuple(draft.dropped))


def _draft(path: Path) -> Draft:
    text = _read(path)
    match path.suffix.lower():
        case ".html" | ".htm":
            return _from_html(path, text)
        case ".md" | ".markdown":
            return read_markdown_draft(_without_front_matter(text))
        case _:
            return read_plain_draft(_without_front_matter(text))


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:  # such as a name that is too long for a file
        size = None
    if size is None:
        raise CorpusError(path, None, "there is no such file.")
    if size > MAX_BYTES:
        raise CorpusError(path, None, f"the file is larger than {MAX_BYTES // 1_000_000} MB.")
    text = read_text(path)
    if "\0" in text:
        raise CorpusError(
            path, text[: text.index("\0")].count("\n") + 1, "this is not a text file."
        )
    return clean(text)


def _from_html(path: Path, html: str) -> Draft:
    """The main text of a page, by trafilatura, which writes Markdown."""
    import trafilatura

    text = trafilatura.extract(
        html,
        output_format="markdown",
        include_comments=False,
        include_images=False,
        include_links=False,
        include_tables=True,
        favor_precision=True,
    )
    if not text:
        raise CorpusError(path, None, "no main text was found in this HTML page.")
    draft = read_markdown_draft(clean(str(text)))
    if meta := trafilatura.extract_metadata(html):
        draft.title = words_in(meta.title) or draft.title
        draft.author = words_in(meta.author) or draft.author
        draft.published = words_in(meta.date) or draft.published
    return draft


def _without_front_matter(text: str) -> str:
    lines = text.split("\n")
    if lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
        return "\n".join(lines[end + 1 :])
    return text


def _refuse_taken(target: Path, corpus: Path) -> None:
    """Raise a CorpusError if a page of the corpus has the file or the id of the new one."""
    for other in pages_in(corpus):
        if other == target or read_markdown(other)[0].id == target.stem:
            raise CorpusError(
                other,
                None,
                "a page of this title is there already; delete it first or give another title.",
            )


def _checked(path: Path, text: str, corpus: Path) -> Page:
    """Read a new page as a build will, before it is part of the corpus."""
    model = find_model(index_settings().embedding_model)
    with tempfile.TemporaryDirectory(prefix="glute-guide-") as folder:
        aside = Path(folder) / "page.md"
        aside.write_text(text, "utf-8")
        try:
            page = load_page(aside)
            list(split_page(page, model.count_tokens))
            check_references(page, load_references(corpus / REFERENCES))
        except CorpusError as error:
            if error.path != aside:
                raise
            raise CorpusError(path, None, error.problem) from error
    return page
