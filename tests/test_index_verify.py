"""The proof that an artefact can be used, and that no failure of it passes for success."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings

from index.build import build
from index.chunk import Passage, Span
from index.config import IndexSettings
from index.content import Content
from index.embed import encode
from index.errors import GuideError, IndexDamaged
from index.page import Source
from index.store import CHROMA, COLLECTION, VECTORS, digests, write_artefact
from index.verify import verify, verify_in_child
from tests.conftest import CompassEmbeddings, front_matter, write_files

SOURCE = Source("way", "The way", "page", ("Ada Miller",), "2021", "a test", "free")


def passage(anchor: str, text: str, *questions: str) -> Passage:
    return Passage(f"way#{anchor}", SOURCE, anchor, text, (Span(0, len(text)),), questions)


NORTH = passage("north", "North is up.", "How do I go north?")
EAST = passage("east", "East is right.", "How do I go east?")


def write(folder: Path, passages: Sequence[Passage], *outside: str) -> Path:
    """An artefact whose texts point where their compass words say."""
    content = Content(tuple(passages), {}, (), outside, {})
    folder.mkdir()
    write_artefact(folder, content, encode(CompassEmbeddings(), content.texts()))
    return folder


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    """Six vectors: two passages, each with a sentence and a question."""
    return write(tmp_path / "artefact", [NORTH, EAST])


def remove_from_chroma(artefact: Path, *rows: int) -> None:
    client = chromadb.PersistentClient(
        str(artefact / CHROMA), ChromaSettings(anonymized_telemetry=False)
    )
    collection = client.get_collection(COLLECTION, embedding_function=None)
    collection.delete(ids=[str(row) for row in rows])
    client.close()  # type: ignore[attr-defined]


def test_a_whole_artefact_passes_and_stays_as_it_was(artefact: Path) -> None:
    before = digests(artefact)
    verify(artefact)
    assert digests(artefact) == before


def test_a_vector_that_no_query_reaches_is_found(artefact: Path) -> None:
    remove_from_chroma(artefact, 4)
    with pytest.raises(IndexDamaged, match="queries reach 5 of 6 vectors"):
        verify(artefact)


def test_a_vector_in_the_wrong_place_is_found(artefact: Path) -> None:
    vectors = np.load(artefact / VECTORS)
    vectors[5] = [0, -1]
    np.save(artefact / VECTORS, vectors)
    with pytest.raises(IndexDamaged, match="does not find itself"):
        verify(artefact)


def test_vectors_of_one_direction_may_find_each_other(tmp_path: Path) -> None:
    verify(write(tmp_path / "artefact", [NORTH, replace(NORTH, id="way#up", questions=())]))


def test_a_question_banked_twice_names_both_places(tmp_path: Path) -> None:
    both = "Which way is up, north or east?"
    artefact = write(
        tmp_path / "artefact",
        [replace(NORTH, questions=(both,)), replace(EAST, questions=(both,))],
    )
    with pytest.raises(GuideError) as found:
        verify(artefact)
    assert not isinstance(found.value, IndexDamaged)
    assert str(found.value) == (
        f"The question '{both}' is banked for way#east and for way#north; keep it in one place."
    )


def test_a_question_both_banked_and_unanswered_is_not_blamed_on_another_passage(
    tmp_path: Path,
) -> None:
    """The same words may come out of two batches with a last digit of difference."""
    both = "What lies in the northeast?"
    content = Content((replace(NORTH, questions=(both,)), EAST), {}, (), (both,), {})
    vectors = encode(CompassEmbeddings(), content.texts())
    vectors[2] *= 0.999999
    (tmp_path / "artefact").mkdir()
    write_artefact(tmp_path / "artefact", content, vectors)
    with pytest.raises(GuideError) as found:
        verify(tmp_path / "artefact")
    assert EAST.id not in str(found.value)


@pytest.mark.usefixtures("compass")
def test_a_section_of_two_passages_may_have_questions(settings: IndexSettings) -> None:
    write_files(
        settings.corpus,
        {
            "way.md": front_matter("way", "Way") + "# North\n\n" + "Go north. " * 6,
            "way.questions.yaml": "north:\n  - How do I go north?\n",
        },
    )
    assert build(settings).manifest.passages == 2


# In a process of its own


def test_a_whole_artefact_passes_in_a_child(artefact: Path) -> None:
    verify_in_child(artefact)


def test_damage_found_in_a_child_is_damage_here(artefact: Path) -> None:
    remove_from_chroma(artefact, 0, 1)
    with pytest.raises(IndexDamaged, match="queries reach 4 of 6 vectors"):
        verify_in_child(artefact)


def test_a_question_banked_twice_reads_the_same_from_a_child(tmp_path: Path) -> None:
    artefact = write(tmp_path / "artefact", [NORTH, replace(NORTH, id="way#up")])
    with pytest.raises(GuideError) as found:
        verify_in_child(artefact)
    assert not isinstance(found.value, IndexDamaged)
    assert str(found.value) == (
        "The question 'How do I go north?' is banked for way#up and for way#north; "
        "keep it in one place."
    )


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An interpreter that dies of a signal, as Chroma does on some damaged files."""
    program = tmp_path / "crash"
    program.write_text("#!/bin/sh\nkill -9 $$\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


@pytest.mark.usefixtures("crash")
def test_a_check_that_crashes_is_a_failed_check(artefact: Path) -> None:
    with pytest.raises(IndexDamaged, match="the check of it failed: signal 9"):
        verify_in_child(artefact)


def test_an_unforeseen_error_in_a_child_is_a_failed_check(artefact: Path) -> None:
    for path in sorted((artefact / CHROMA).rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    (artefact / CHROMA).rmdir()
    with pytest.raises(IndexDamaged) as found:
        verify_in_child(artefact)
    assert "Traceback" not in str(found.value)


def test_a_check_that_never_ends_is_a_failed_check(
    artefact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(command: list[str], timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(GuideError):
        verify_in_child(artefact)
