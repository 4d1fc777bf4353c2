"""Two passages that say the opposite are found by their words, unless a link tells of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.chunk import Passage, Span, sentence_spans
from index.claim import ClaimLink
from index.config import IndexSettings
from index.conflict import conflicts
from index.errors import CorpusError
from index.page import Source
from tests.conftest import front_matter, write_files

SOURCE = Source("p", "P", "page", ("Ada Miller",), "2021", "a test", "free")


def passage(anchor: str, text: str) -> Passage:
    spans = tuple(Span(start, end) for start, end in sentence_spans(text))
    return Passage(f"p#{anchor}", SOURCE, anchor, text, spans, ())


def pairs(one: str, other: str, *links: ClaimLink) -> list[tuple[str, str]]:
    found = conflicts([passage("one", one), passage("other", other)], links)
    return [conflict.sentences for conflict in found]


SQUATS = "Deep squats train the glutes more than the hamstrings."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SQUATS, "Deep squats train the glutes less than the hamstrings."),
        (
            "Rest the muscles of the thigh for 48 hours.",
            "Rest the muscles of the thigh for 24 hours.",
        ),
        ("Squats increase the load on knee joints.", "Squats reduce the load on knee joints."),
        ("Beginners may hold their breath in squats.", "Beginners may not hold breath in squats."),
        ("Bands help with warm knees and hips.", "Bands never help with warm knees and hips."),
        (
            "Lock the elbows and squeeze the glutes.",
            "Don't lock the elbows and squeeze the glutes.",
        ),
        (
            "Lock the elbows and squeeze the glutes.",
            "You cannot lock the elbows and squeeze the glutes.",
        ),
    ],
)
def test_sentences_of_the_same_words_that_say_the_opposite_are_a_conflict(
    one: str, other: str
) -> None:
    assert pairs(one, other) == [(one, other)]
    assert pairs(other, one) == [(other, one)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SQUATS, SQUATS),
        (SQUATS, "Deep squats train the glutes more than the calves and the long hamstrings do."),
        (SQUATS, "Lunges and bridges leave the lower back less tired."),
        ("Do 3 sets of 10 slow squats daily.", "Do 10 slow squats daily in sets."),
        ("Rest more.", "Rest less."),  # too few words to be sure
        (SQUATS, ""),
    ],
)
def test_sentences_that_agree_or_tell_of_something_else_are_none(one: str, other: str) -> None:
    assert pairs(one, other) == []


def test_linked_passages_may_say_the_opposite() -> None:
    less = SQUATS.replace("more", "less")
    assert pairs(SQUATS, less, ClaimLink("p#one", "more", "p#other", "contradicts")) == []
    assert pairs(SQUATS, less, ClaimLink("p#other", "less", "p#one", "nuances")) == []
    assert len(pairs(SQUATS, less, ClaimLink("p#one", "more", "p#else", "nuances"))) == 1


def test_a_passage_may_weigh_both_sides_itself() -> None:
    less = SQUATS.replace("more", "less")
    assert conflicts([passage("one", f"{SQUATS} {less}")], ()) == []


def test_a_corpus_without_sentences_has_no_conflicts() -> None:
    assert conflicts([], ()) == []


@pytest.fixture
def contradicting(settings: IndexSettings) -> Path:
    less = SQUATS.replace("more", "less")
    return write_files(
        settings.corpus,
        {
            "a.md": front_matter("a", "A") + f"# Squats\n\nThey go down.\n\n# Load\n\n{SQUATS}\n",
            "b.md": front_matter("b", "B") + f"# Thighs\n\n{less}\n",
        },
    )


def test_a_build_refuses_contradicting_pages_at_their_line(
    settings: IndexSettings, contradicting: Path
) -> None:
    with pytest.raises(CorpusError) as found:
        build(settings)
    assert (found.value.path, found.value.line) == (contradicting / "a.md", 15)
    assert "says the opposite of" in found.value.problem
    assert "b#thighs" in found.value.problem
    assert not settings.pointer.exists()


def test_the_line_is_that_of_the_contradicting_section(
    settings: IndexSettings, contradicting: Path
) -> None:
    page = contradicting / "a.md"
    text = page.read_text("utf-8")
    text = text.replace("# Load\n", "# Load and rest\n").replace("# Squats\n", "# Load\n")
    page.write_text(text, "utf-8")
    with pytest.raises(CorpusError) as found:
        build(settings)
    assert found.value.line == 15
