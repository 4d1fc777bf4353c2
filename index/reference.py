"""The bibliography: CSL-JSON in, checked references out.

Each entry is a published source with its study design, who was studied, what to be
careful about, and whether we read its figures at the source. Refuses what is malformed
by file and line; knows nothing of pages or of how strong a design is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import CorpusError
from index.text import read_text, words_in

Design = Literal[
    "meta-analysis",
    "systematic review",
    "RCT",
    "cohort",
    "cross-sectional",
    "EMG cross-sectional",
    "guideline",
    "position stand",
    "narrative review",
    "anatomy reference",
    "other",
]
TYPES = ("article-journal", "webpage", "report", "chapter", "book", "thesis", "paper-conference")

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"\d{1,9}")
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Reference:
    """One published source."""

    key: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    container: str | None
    doi: str | None
    pmid: str | None
    url: str | None
    design: Design
    population: str
    caveat: str
    secondary: bool
    """True if figures were read in an abstract or a summary, not in the source."""


def load_references(path: Path) -> dict[str, Reference]:
    """Read a bibliography; no file, no references.

    Raises:
        CorpusError: naming file and line of the first entry that is malformed.
    """
    if not path.is_file():
        return {}
    text = read_text(path)
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, problem = getattr(error, "lineno", None), getattr(error, "msg", error)
        raise CorpusError(path, line, f"not JSON: {problem}.") from error
    if not isinstance(entries, list):
        raise CorpusError(path, 1, "a bibliography is a list of entries.")
    found: dict[str, Reference] = {}
    for number, entry in enumerate(entries, 1):
        key = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(key, str) or not key:
            raise CorpusError(path, None, f"entry {number} has no id.")
        lines = [n for n, line in enumerate(text.split("\n"), 1) if f'"id": "{key}"' in line]
        if key in found:
            raise CorpusError(path, lines[-1] if lines else None, f"the key '{key}' is used twice.")
        try:
            found[key] = _reference(entry)
        except ValueError as error:
            raise CorpusError(path, lines[0] if lines else None, f"{key}: {error}") from error
    return found


def _reference(entry: dict[str, Any]) -> Reference:
    custom = entry.get("custom")
    if not isinstance(custom, dict):
        raise ValueError("there is no 'custom' with design, population and caveat.")
    if entry.get("type") not in TYPES:
        raise ValueError(f"type must be one of {', '.join(TYPES)}.")
    if custom.get("design") not in get_args(Design):
        raise ValueError(f"design must be one of {', '.join(get_args(Design))}.")
    if custom.get("figures") not in ("source", "secondary"):
        raise ValueError("figures must be 'source' or 'secondary'.")
    return Reference(
        key=entry["id"],
        title=_text(entry, "title"),
        authors=_authors(entry.get("author", [])),
        year=_year(entry),
        container=_maybe_text(entry, "container-title"),
        doi=_matching(entry, "DOI", _DOI),
        pmid=_matching(entry, "PMID", _PMID),
        url=_matching(entry, "URL", _URL),
        design=custom["design"],
        population=_text(custom, "population"),
        caveat=_text(custom, "caveat"),
        secondary=custom["figures"] == "secondary",
    )


def _text(fields: dict[str, Any], name: str) -> str:
    text = words_in(fields.get(name))
    if text is None:
        raise ValueError(f"there is no {name}.")
    return text


def _maybe_text(fields: dict[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _authors(people: Any) -> tuple[str, ...]:
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise ValueError("author must be a list of names.")
    return tuple(name for name in map(_name, people) if name)


def _name(person: dict[str, Any]) -> str:
    if literal := _maybe_text(person, "literal"):
        return literal
    return " ".join(filter(None, (_maybe_text(person, part) for part in ("family", "given"))))


def _year(entry: dict[str, Any]) -> int | None:
    if "issued" not in entry:
        return None
    try:
        return int(entry["issued"]["date-parts"][0][0])
    except (ArithmeticError, LookupError, TypeError, ValueError):
        raise ValueError("issued has no year in date-parts.") from None


def _matching(entry: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str | None:
    if entry.get(name) is None:
        return None
    value = words_in(entry[name])
    if value is None or not pattern.fullmatch(value):
        raise ValueError(f"the {name} '{entry[name]}' is not well formed.")
    return value
