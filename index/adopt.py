"""A page of the owner's in, a corpus page out.

Takes Markdown, plain text or a saved HTML page. Scraped text has bare lines for
headings, or none where the scrape lost them; this finds them, keeps lists, and drops
what is not content. Knows nothing of vectors. What it drops, it reports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import yaml

from index.chunk import sentence_spans
from index.errors import CorpusError
from index.load import load_page
from index.page import clean, read_text, slug

FOLDER = "pages"
MAX_BYTES = 5_000_000
HEADING_WORDS = 10

_BOILERPLATE = re.compile(
    r"leave a (?:comment|reply)|your email address will not be published|required fields are"
    r"|uses akismet|comment data is processed|scroll to top|back to top|recommended reading"
    r"|related (?:posts|articles)|read (?:more|next)\b|you (?:may|might) also like|share this"
    r"|share on |subscribe to|sign up for|newsletter|cookie(?:s| policy)|privacy policy"
    r"|all rights reserved|^(?:previous|next)(?: post)?:?$|skip to (?:main )?content"
    r"|^(?:home|menu|search|login|log in|facebook|twitter|instagram|pinterest|comments?)$",
    re.I,
)
_BULLET = re.compile(r"\s*[•·▪‣*–-]\s+(.*)")
_NUMBERED_HEADING = re.compile(r"\s*\d{1,2}[.)]\s+(.*)")
_BYLINE = re.compile(r"(?:written )?by\s+([A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3})\s*$", re.I)
_DATES = ("%b %d %Y", "%B %d %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_FIRST_VERB = re.compile(
    r"\s+(?:is|are|was|were|has|have|can|could|will|would|should|may|might|must|do|does|in"
    r"|that|which|who|when|because|to|for|during|as|and|or|with|of)\b",
    re.I,
)


@dataclass(frozen=True)
class Adopted:
    """What was written, and what was left out."""

    path: Path
    headings: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass
class _Draft:
    title: str | None = None
    author: str | None = None
    published: str | None = None
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def adopt(
    source: str, corpus: Path, title: str | None = None, origin: str | None = None
) -> Adopted:
    """Write `source` as a page of the corpus.

    Args:
        source: Path of a Markdown, text or HTML file.
        corpus: The corpus folder; the page goes to its folder `pages`.
        title: Overrides the title found in the file.
        origin: Where the page comes from, as citations name it; by default the file's name.

    Raises:
        CorpusError: if the file cannot be read, holds no text, or has been added before.
    """
    if re.match(r"[a-z][a-z+]+://", source, re.I):
        raise CorpusError(
            Path(source), None, "pages are not fetched; save the page and give the file."
        )
    path = Path(source)
    text = _read(path)
    if path.suffix.lower() in {".html", ".htm"}:
        text = _from_html(path, text)
    draft = _draft(text.split("\n"))
    if not draft.sections:
        raise CorpusError(path, None, "there is no text in it that could be quoted.")
    name = title or draft.title or path.stem.replace("-", " ").replace("_", " ").capitalize()
    target = corpus / FOLDER / f"{slug(name) or 'page'}.md"
    if target.exists():
        raise CorpusError(target, None, "a page of this title is there already; delete it first.")
    header = {
        "id": target.stem,
        "title": name,
        "kind": "page",
        "authors": [draft.author or "Unknown"],
        "published": draft.published or date.today().isoformat(),
        "source": origin or path.name,
        "license": "Belongs to its owner",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_markdown(header, draft), "utf-8")
    try:
        page = load_page(target)
    except CorpusError:
        target.unlink()
        raise
    return Adopted(target, tuple(s.name for s in page.sections), tuple(draft.dropped))


def _read(path: Path) -> str:
    if not path.is_file():
        raise CorpusError(path, None, "there is no such file.")
    if path.stat().st_size > MAX_BYTES:
        raise CorpusError(path, None, f"the file is larger than {MAX_BYTES // 1_000_000} MB.")
    text = read_text(path)
    if "\0" in text:
        raise CorpusError(
            path, text[: text.index("\0")].count("\n") + 1, "this is not a text file."
        )
    return text


def _from_html(path: Path, html: str) -> str:
    """The main text of a page as Markdown, by trafilatura."""
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
    meta = trafilatura.extract_metadata(html)
    lines = [f"# {meta.title}"] if meta and meta.title and f"# {meta.title}" not in text else []
    if meta and meta.author:
        lines.append(f"By {meta.author}")
    if meta and meta.date:
        lines.append(str(meta.date))
    return "\n\n".join([*lines, str(text)])


def _draft(raw: list[str]) -> _Draft:
    """Sort the lines of a page into title, byline, sections and boilerplate."""
    draft = _Draft()
    lines = [" ".join(clean(line).split()) for line in _without_front_matter(raw)]
    gap = 2
    for n, line in enumerate(lines):
        if not line:
            gap += 1
            continue
        _sort_line(draft, line, _next_text(lines, n), gap)
        gap = 0
    draft.sections = [(title, body) for title, body in draft.sections if body]
    return draft


def _sort_line(draft: _Draft, line: str, following: str, gap: int) -> None:
    """Put one line where it belongs; `gap` is the number of blank lines before it."""
    if _BOILERPLATE.search(line) and len(line) < 200:
        draft.dropped.append(line)
        return
    if not draft.sections or not draft.sections[-1][1]:
        if draft.author is None and (byline := _BYLINE.fullmatch(line)):
            draft.author = byline[1]
            return
        if draft.published is None and (published := _date(line)):
            draft.published = published
            return
    heading = _heading(line, following)
    if heading is not None:
        if draft.title is None:
            draft.title = heading
        elif _caption(draft, line, heading, following):
            draft.dropped.append(line)
        else:
            draft.sections.append((heading, []))
        return
    bullet = _BULLET.fullmatch(line)
    if bullet is None and gap >= 2 and draft.sections and draft.sections[-1][1]:
        draft.sections.append((_made_up_heading(line), []))
    if not draft.sections:
        draft.sections.append((draft.title or _made_up_heading(line), []))
    draft.sections[-1][1].append(f"- {bullet[1]}" if bullet else line)


def _heading(line: str, following: str) -> str | None:
    """The heading that a line is, if it is one: `1. Foot placement` is, an item is not."""
    if markdown := _MARKDOWN_HEADING.fullmatch(line):
        return markdown[2].strip(" #")
    numbered = _NUMBERED_HEADING.fullmatch(line)
    text = numbered[1] if numbered else line
    if numbered and _NUMBERED_HEADING.fullmatch(following):
        return None
    if (
        _BULLET.fullmatch(line)
        or len(text.split()) > HEADING_WORDS
        or text.endswith((".", "!", ",", ";"))
    ):
        return None
    return text.rstrip(" :")


def _caption(draft: _Draft, line: str, heading: str, following: str) -> bool:
    """Whether a bare line is a picture's caption: in lower case, or said twice."""
    twice = line == following or (bool(draft.dropped) and draft.dropped[-1] == line)
    return twice or not heading[0].isupper()


def _made_up_heading(paragraph: str) -> str:
    """A heading for a section whose own was lost: the subject of its first sentence."""
    start, end = next(iter(sentence_spans(paragraph)), (0, len(paragraph)))
    sentence = paragraph[start:end]
    subject = re.split(r"[(,:;.!?]", sentence)[0]
    words = subject.split()
    cut = _FIRST_VERB.search(subject, len(words[0]) if words else 0)
    short = subject[: cut.start()] if cut and cut.start() > 3 else " ".join(words[:6])
    return short.strip() or "More"


def _markdown(header: Mapping[str, object], draft: _Draft) -> str:
    front = yaml.safe_dump(header, sort_keys=False, allow_unicode=True)
    parts = [f"---\n{front}---\n"]
    used: dict[str, int] = {}
    for title, body in draft.sections:
        name = title if slug(title) else "More"
        used[slug(name)] = used.get(slug(name), 0) + 1
        if used[slug(name)] > 1:
            name = f"{name} ({used[slug(name)]})"
        parts.append(f"\n## {_escape(name)}\n\n{_paragraphs(body)}\n")
    return "".join(parts)


def _paragraphs(body: list[str]) -> str:
    """Lines as paragraphs, list items kept together."""
    text = _escape(body[0])
    for before, line in pairwise(body):
        in_list = before.startswith("- ") and line.startswith("- ")
        text += ("\n" if in_list else "\n\n") + _escape(line)
    return text


def _escape(line: str) -> str:
    """Keep characters that Markdown would take for markup."""
    head, rest = ("- ", line[2:]) if line.startswith("- ") else ("", line)
    escaped = re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", rest)
    return head + re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
        return lines[end + 1 :]
    return lines


def _next_text(lines: list[str], n: int) -> str:
    return next((line for line in lines[n + 1 :] if line), "")


def _date(line: str) -> str | None:
    for pattern in _DATES:
        try:
            return datetime.strptime(line, pattern).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    return None
