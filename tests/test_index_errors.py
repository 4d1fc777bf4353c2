"""What goes wrong has a name, an exit code and a way out."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from index import errors
from index.errors import (
    BuildBusy,
    CorpusError,
    GuideError,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    ModelUnavailable,
)

HOME = Path("/some/home")


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (GuideError("x"), 1),
        (BuildBusy(HOME), 1),
        (CorpusError(HOME, 1, "x"), 3),
        (IndexMissing(HOME), 3),
        (IndexStale("x"), 3),
        (ModelUnavailable("x"), 3),
        (IndexDamaged("x"), 4),
    ],
)
def test_every_error_is_a_guide_error_with_an_exit_code(error: GuideError, exit_code: int) -> None:
    assert isinstance(error, GuideError)
    assert error.exit_code == exit_code


@pytest.mark.parametrize("error", [IndexMissing(HOME), IndexStale("x"), IndexDamaged("x")])
def test_an_unusable_index_ends_with_the_command_that_mends_it(error: GuideError) -> None:
    assert str(error).endswith(": glute-guide index build")


def test_a_corpus_error_begins_with_file_and_line() -> None:
    error = CorpusError(Path("a/page.md"), 7, "no such thing.")
    assert str(error) == "a/page.md:7: no such thing."
    assert (error.path, error.line, error.problem) == (Path("a/page.md"), 7, "no such thing.")


def test_a_corpus_error_of_a_whole_file_names_no_line() -> None:
    assert str(CorpusError(Path("a/page.md"), None, "gone.")) == "a/page.md: gone."


def test_a_busy_home_says_to_wait() -> None:
    assert str(HOME) in str(BuildBusy(HOME))
    assert "Wait" in str(BuildBusy(HOME))


def test_the_drawn_tree_shows_every_error_there_is() -> None:
    names = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert errors.__doc__ is not None
    assert names == {name for name in names if name in errors.__doc__}
    assert len(names) == 7
