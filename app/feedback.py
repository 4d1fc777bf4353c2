"""Counts thumbs and questions that the corpus does not hold, where the operator asked for it.

One SQLite file in `GLUTE_GUIDE_HOME`, one row an item: the day, the kind, the answer's
random id, and the words typed after what looks like a person's data was struck out. No
name, no address, no session. Items older than the days set are deleted at every write and
before every report. With `GLUTE_GUIDE_FEEDBACK` off nothing is opened, written or created.

Knows nothing of pages or requests. It cannot recognise every name in free text; the page
says so to whoever types a reason.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from app.config import AppSettings, app_settings
from index.config import IndexSettings, index_settings
from index.errors import GuideError

Kind = Literal["up", "down", "not_covered"]

FILE = "feedback.sqlite3"
MOST_ITEMS = 20_000
"""More are not kept, so that a flood cannot fill the disk; the oldest go first."""

LONGEST = 300
"""Characters kept of a question or a reason."""

_LONGEST_ID = 64
_STRUCK_OUT = (
    (re.compile(r"\S+@\S+"), "[address]"),
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"(?<!\w)@\w+"), "[name]"),
    (
        re.compile(
            r"\b((?i:my name(?:'s| is)|i am called|i'm called|call me|regards,?|signed,?))"
            r"\s+\w+(?:\s+[A-Z]\w+)*",
        ),
        r"\1 [name]",
    ),
    (re.compile(r"\+?\d(?:[\s()./-]?\d){4,}"), "[number]"),
)

_log = logging.getLogger(__name__)


_TABLE = """
create table if not exists items (
  number integer primary key, day text not null, kind text not null,
  answer_id text not null, question text, reason text
)"""


@dataclass(frozen=True)
class Item:
    """One thumb, or one question that the corpus does not hold."""

    number: int
    day: date
    kind: Kind
    answer_id: str
    question: str | None
    reason: str | None


def record(
    kind: Kind,
    answer_id: str,
    question: str | None = None,
    reason: str | None = None,
    *,
    app: AppSettings | None = None,
    index: IndexSettings | None = None,
) -> bool:
    """Count one item; True if it was counted.

    A thumb replaces the earlier thumb on the same answer, a question not covered counts
    once an answer. Off, or on a disk that cannot be written, nothing is counted and
    nothing fails: a visitor's answer never depends on it.
    """
    app = app or app_settings()
    if not app.feedback:
        return False
    identity = answer_id[:_LONGEST_ID]
    same = ("not_covered", "not_covered") if kind == "not_covered" else ("up", "down")
    row = (_today().isoformat(), kind, identity, scrub(question), scrub(reason))
    try:
        with _opened(index or index_settings()) as database:
            database.execute(
                "delete from items where answer_id = ? and kind in (?, ?)", (identity, *same)
            )
            database.execute(
                "insert into items (day, kind, answer_id, question, reason) values (?, ?, ?, ?, ?)",
                row,
            )
            _forget(database, app.feedback_days)
    except (OSError, sqlite3.Error) as error:
        # Never the words: the log may be kept longer than they may.
        _log.warning("Feedback was not counted (%s).", type(error).__name__)
        return False
    return True


def items(
    *, app: AppSettings | None = None, index: IndexSettings | None = None
) -> tuple[Item, ...]:
    """Everything counted and still to be kept, oldest first; empty if nothing ever was.

    Raises:
        GuideError: if the file cannot be read.
    """
    app, index = app or app_settings(), index or index_settings()
    if not (index.home / FILE).is_file():
        return ()
    try:
        with _opened(index) as database:
            _forget(database, app.feedback_days)
            rows = database.execute(
                "select number, day, kind, answer_id, question, reason from items order by number"
            ).fetchall()
    except (OSError, sqlite3.Error) as error:
        raise GuideError(
            f"{index.home / FILE} cannot be read ({type(error).__name__}). "
            "Move it away; a new one is begun."
        ) from error
    return tuple(Item(number, date.fromisoformat(day), *rest) for number, day, *rest in rows)


def scrub(text: str | None) -> str | None:
    """The text in one line, without addresses, links, numbers of five digits or more, and
    names that announce themselves; None if nothing is left."""
    if text is None:
        return None
    flat = unicodedata.normalize("NFKC", text)
    flat = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} else c for c in flat)
    for pattern, instead in _STRUCK_OUT:
        flat = pattern.sub(instead, flat)
    return " ".join(flat.split())[:LONGEST] or None


@contextmanager
def _opened(settings: IndexSettings) -> Iterator[sqlite3.Connection]:
    """One transaction on a connection of its own: thumbs are rare, and a file kept open
    outlives its deletion."""
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / FILE
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=5)) as database, database:
        database.execute(_TABLE)
        yield database


def _forget(database: sqlite3.Connection, days: int) -> None:
    last = (_today() - timedelta(days=days)).isoformat()
    database.execute("delete from items where day <= ?", (last,))
    database.execute(
        "delete from items where number not in "
        "(select number from items order by number desc limit ?)",
        (MOST_ITEMS,),
    )


def _today() -> date:
    return datetime.now(UTC).date()
