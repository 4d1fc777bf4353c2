"""Counting is off unless asked for, forgets in time, and keeps nothing about a person."""

from __future__ import annotations

import sqlite3
import stat
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import app.feedback as feedback
from app.config import AppSettings, app_settings
from app.feedback import FILE, items, record, scrub
from app.feedback_cli import app as command
from app.feedback_report import cluster, report
from index.config import IndexSettings, index_settings
from index.embed import Vectors, encode, find_model, open_embeddings
from index.errors import GuideError

ON = AppSettings(feedback=True, feedback_days=90)


def compass(texts: list[str]) -> Vectors:
    """Texts that begin alike point the same way."""
    axes = {"price": (1, 0, 0), "hours": (0, 1, 0), "diet": (0, 0, 1)}
    return np.asarray([axes[t.split()[0]] for t in texts], dtype=np.float32)


def test_off_nothing_is_written_and_no_file_appears(settings: IndexSettings) -> None:
    assert AppSettings().feedback is False
    assert not record("up", "a", app=AppSettings(), index=settings)
    assert not (settings.home / FILE).exists()
    assert items(app=AppSettings(), index=settings) == ()


def test_on_an_item_is_kept_with_its_day_and_its_words(settings: IndexSettings) -> None:
    assert record("not_covered", "a1", "opening hours?", app=ON, index=settings)
    (item,) = items(app=ON, index=settings)
    assert (item.kind, item.answer_id, item.question) == ("not_covered", "a1", "opening hours?")
    assert item.day == datetime.now(UTC).date()
    assert stat.S_IMODE((settings.home / FILE).stat().st_mode) == 0o600


def test_the_table_has_no_place_for_a_person(settings: IndexSettings) -> None:
    record("up", "a1", app=ON, index=settings)
    with closing(sqlite3.connect(settings.home / FILE)) as database:
        columns = {row[1] for row in database.execute("pragma table_info(items)")}
    assert columns == {"number", "day", "kind", "answer_id", "question", "reason"}


def test_a_second_thumb_replaces_the_first_and_a_question_counts_once(
    settings: IndexSettings,
) -> None:
    record("up", "a1", app=ON, index=settings)
    record("down", "a1", reason="too long", app=ON, index=settings)
    record("not_covered", "a1", "cost?", app=ON, index=settings)
    record("not_covered", "a1", "cost?", app=ON, index=settings)
    assert sorted(i.kind for i in items(app=ON, index=settings)) == ["down", "not_covered"]


def test_what_is_too_old_is_gone(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    today = datetime.now(UTC).date()
    for days_ago in (95, 90, 89, 0):
        monkeypatch.setattr(feedback, "_today", lambda n=days_ago: today - timedelta(days=n))
        record("up", f"a{days_ago}", app=ON, index=settings)
    assert [i.answer_id for i in items(app=ON, index=settings)] == ["a89", "a0"]


def test_a_flood_pushes_out_the_oldest(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST_ITEMS", 3)
    for n in range(5):
        record("up", f"a{n}", app=ON, index=settings)
    assert [i.answer_id for i in items(app=ON, index=settings)] == ["a2", "a3", "a4"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mail me at anna.b@example.org please", "mail me at [address] please"),
        ("call +44 20 7946 0958 now", "call [number] now"),
        ("call 555-867-5309", "call [number]"),
        ("member 12345678: cost?", "member [number]: cost?"),
        ("My name is Anna Bell and my knee hurts", "My name is [name] and my knee hurts"),
        ("see https://me.example/x?y=1 ok", "see [link] ok"),
        ("ask @anna_b", "ask [name]"),
        ("3 sets of 12 at 100 kg, 2015 study", "3 sets of 12 at 100 kg, 2015 study"),
        ("a\u202eb\x00c\n d", "a b c d"),
        ("  ", None),
        (None, None),
    ],
)  # fmt: skip
def test_what_looks_like_a_person_is_struck_out(typed: str | None, kept: str | None) -> None:
    assert scrub(typed) == kept


@given(st.text(max_size=2_000))
def test_whatever_is_typed_is_stored_short_in_one_line_without_long_numbers(typed: str) -> None:
    kept = scrub(typed) or ""
    assert len(kept) <= feedback.LONGEST
    assert "\n" not in kept
    assert not any(len(run) >= 5 for run in "".join(c if c.isdigit() else " " for c in kept).split()
                   if run.isdecimal())  # fmt: skip


def test_a_disk_that_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    broken = IndexSettings(home=tmp_path / "home", corpus=tmp_path)
    assert not record("up", "a1", app=ON, index=broken)


def test_a_damaged_file_is_named_by_the_report(settings: IndexSettings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / FILE).write_bytes(b"no database at all" * 100)
    assert not record("up", "a1", app=ON, index=settings)
    with pytest.raises(GuideError, match=r"cannot be read.*Move it away"):
        items(app=ON, index=settings)


def test_questions_that_mean_the_same_are_counted_together() -> None:
    asked = Counter({"price of a bench": 2, "hours on sunday": 1, "price of it": 3})
    first, second = cluster(asked, compass)
    assert (first.question, first.count, first.others) == ("price of it", 5, ("price of a bench",))
    assert (second.question, second.count) == ("hours on sunday", 1)
    assert cluster(Counter(), compass) == ()


def test_the_real_model_puts_paraphrases_together_and_strangers_apart() -> None:
    model = open_embeddings(find_model("packaged"))
    asked = Counter(
        [
            "how much does a gym membership cost",
            "what is the price of a gym membership",
            "gym membership price?",
            "when does the gym open on sunday",
            "which protein powder should I buy",
        ]
    )
    found = cluster(asked, lambda texts: encode(model, texts))
    assert [c.count for c in found] == [3, 1, 1]
    assert found == cluster(asked, lambda texts: encode(model, texts))


def test_the_report_counts_thumbs_and_lists_reasons_newest_first(settings: IndexSettings) -> None:
    record("up", "a1", app=ON, index=settings)
    record("down", "a2", reason="too long", app=ON, index=settings)
    record("down", "a3", reason="wrong muscle", app=ON, index=settings)
    record("not_covered", "a4", "price of a bench", app=ON, index=settings)
    found = report(items(app=ON, index=settings), compass)
    assert (found.up, found.down, found.not_covered) == (1, 2, 1)
    assert found.reasons == ("wrong muscle", "too long")
    assert [c.question for c in found.clusters] == ["price of a bench"]


def test_the_command_shows_what_was_asked_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUTE_GUIDE_HOME", str(tmp_path))
    monkeypatch.setenv("GLUTE_GUIDE_FEEDBACK", "1")
    app_settings.cache_clear()
    index_settings.cache_clear()
    try:
        record("not_covered", "a1", "how much is a bench")
        record("not_covered", "a2", "how much is a bench")
        record("down", "a3", reason="too long")
        shown = CliRunner().invoke(command, ["report"])
        assert shown.exit_code == 0
        assert "2  how much is a bench" in shown.stdout
        assert "too long" in shown.stdout
        as_json = CliRunner().invoke(command, ["report", "--json"])
        assert '"count": 2' in as_json.stdout
        monkeypatch.delenv("GLUTE_GUIDE_FEEDBACK")
        app_settings.cache_clear()
        off = CliRunner().invoke(command, ["report"])
        assert "GLUTE_GUIDE_FEEDBACK=1" in off.stdout
    finally:
        app_settings.cache_clear()
        index_settings.cache_clear()
