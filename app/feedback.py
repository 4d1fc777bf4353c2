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
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import Engine, String, create_engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

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


class _Base(DeclarativeBase):
    pass


class Item(_Base):
    """One thumb, or one question that the corpus does not hold."""

    __tablename__ = "items"

    number: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    answer_id: Mapped[str] = mapped_column(String(_LONGEST_ID), index=True)
    question: Mapped[str | None] = mapped_column(String(LONGEST))
    reason: Mapped[str | None] = mapped_column(String(LONGEST))


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
    same = ("not_covered",) if kind == "not_covered" else ("up", "down")
    try:
        with _session(index or index_settings()) as session:
            session.execute(
                delete(Item).where(Item.answer_id == identity, Item.kind.in_(same)),
            )
            session.add(
                Item(
                    day=_today(),
                    kind=kind,
                    answer_id=identity,
                    question=scrub(question),
                    reason=scrub(reason),
                )
            )
            session.flush()
            _forget(session, app.feedback_days)
            session.commit()
    except (OSError, SQLAlchemyError) as error:
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
        with _session(index) as session:
            _forget(session, app.feedback_days)
            session.commit()
            found = session.scalars(select(Item).order_by(Item.number)).all()
            session.expunge_all()
    except (OSError, SQLAlchemyError) as error:
        raise GuideError(
            f"{index.home / FILE} cannot be read ({type(error).__name__}). "
            "Move it away; a new one is begun."
        ) from error
    return tuple(found)


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
def _session(settings: IndexSettings) -> Iterator[Session]:
    engine = _engine(settings)
    try:
        _Base.metadata.create_all(engine)
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()


def _engine(settings: IndexSettings) -> Engine:
    settings.home.mkdir(parents=True, exist_ok=True)
    path = settings.home / FILE
    path.touch(mode=0o600)
    # A connection an item: thumbs are rare, and a file kept open outlives its deletion.
    return create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": 5})


def _forget(session: Session, days: int) -> None:
    session.execute(delete(Item).where(Item.day <= _today() - timedelta(days=days)))
    kept = session.scalar(select(func.count()).select_from(Item)) or 0
    if kept > MOST_ITEMS:
        oldest = select(Item.number).order_by(Item.number).limit(kept - MOST_ITEMS)
        session.execute(delete(Item).where(Item.number.in_(oldest)))


def _today() -> date:
    return datetime.now(UTC).date()
