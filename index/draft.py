"""A page while it is being adopted: what is kept of it, and what is set aside.

Tells boilerplate, bylines and days from content, and headings of one name apart. Knows
neither plain text nor Markdown: the readers of both fill a draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from index.page import ANCHOR
from index.text import slug

SHORT = 200
"""A line of more characters is content, whatever it says."""

_SAID_BY_PAGES_ONLY = re.compile(
    r"leave a (?:comment|reply)|your email address will not be published|required fields are"
    r"|uses akismet|comment data is processed|all rights reserved|skip to (?:main )?content"
    r"|(?:our|my|weekly) newsletter|(?:privacy|cookie) policy|(?:uses?|accept(?: all)?) cookies",
    re.I,
)
_LABEL = re.compile(
    r"(?:recommended reading|related (?:posts|articles)|read (?:more|next)|sign up for"
    r"|you (?:may|might) also like|share on|subscribe to)\b.*(?<![.!])",
    re.I,
)
_BUTTON = re.compile(
    r"share this(?: (?:post|article|page|story))?:?|(?:scroll|back) to top|newsletter|cookies"
    r"|(?:previous|next)(?: post)?:?|home|menu|search|log ?in|sign up|subscribe|facebook|twitter"
    r"|instagram|pinterest|(?:\d+ )?comments?",
    re.I,
)
_BYLINE = re.compile(r"(?i:(?:written )?by)\s+(\w[\w.'’-]+(?: \w[\w.'’-]*){0,3})")
_NO_NAMES = {"A", "All", "An", "My", "Our", "The", "This", "Your"}
_DATES = ("%b %d %Y", "%B %d %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y")


@dataclass
class Draft:
    """What has been read of a page so far."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    body: str = ""
    """Markdown."""
    begun: bool = False
    """Whether a text was kept that can be quoted."""
    headless: bool = False
    """Whether a text stands before the first heading."""
    dropped: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def sets_aside(self, line: str) -> bool:
        """Whether a line is no content; takes author and day from those before the text."""
        if _boilerplate(line):
            self.dropped.append(line)
            return True
        if not self.begun and self.author is None and (author := _author(line)):
            self.author = author
            return True
        if not self.begun and self.published is None and (published := _day(line)):
            self.published = published
            return True
        return False

    def heading(self, text: str) -> str:
        """A heading as it may stand in the page: with an anchor, and one of its own."""
        text = ANCHOR.sub("", text)
        name = text = text if slug(text) else "More"
        number = 1
        while slug(name) in self.anchors:
            number += 1
            name = f"{text} ({number})"
        self.anchors.add(slug(name))
        return name


def escape(line: str) -> str:
    """The Markdown that shows a line as it was typed."""
    inside = re.sub(r"([\\`*_\[\]<>#|&~])", r"\\\1", line)
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", inside)


def _boilerplate(line: str) -> bool:
    if len(line) >= SHORT:
        return False
    return bool(
        _SAID_BY_PAGES_ONLY.search(line) or _LABEL.fullmatch(line) or _BUTTON.fullmatch(line)
    )


def _author(line: str) -> str | None:
    """The name in `By Ada Miller`; `By the numbers` has none."""
    found = _BYLINE.fullmatch(line)
    if found is None:
        return None
    names = found[1].split()
    is_name = names[0] not in _NO_NAMES and all(name[0].isupper() for name in names)
    return found[1] if is_name else None


def _day(line: str) -> str | None:
    for pattern in _DATES:
        try:
            return datetime.strptime(line, pattern).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    return None
