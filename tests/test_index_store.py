"""An artefact on disk: what is written is read, what Chroma says is translated."""

from __future__ import annotations

import gc
import inspect
import json
import math
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import chromadb
import chromadb.errors
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.chunk import Passage, Span
from index.claim import ClaimLink
from index.config import IndexSettings
from index.content import NOWHERE, Content, Row, read_content
from index.embed import Vectors
from index.errors import GuideError, IndexDamaged, IndexMissing, IndexStale
from index.follow_up import FollowUp
from index.page import Source
from index.reference import Reference
from index.store import (
    CHROMA,
    COLLECTION,
    CONTENT,
    FORMAT,
    MANIFEST,
    VECTORS,
    Manifest,
    Store,
    artefact_files,
    check_files,
    current_folder,
    digests,
    read_manifest,
    seal,
    software_versions,
    switch,
    write_artefact,
)

SOURCE = Source("way", "The way", "page", ("Ada Miller", "Bo"), "2021", "a test", "free")
NORTH = Passage(
    "way#north",
    SOURCE,
    "Ways › North",
    "It is up. The star shows it.",
    (Span(0, 9), Span(10, 28, None, ("ptolemy150",))),
    ("Where is up?",),
)
EAST = Passage("way#east", SOURCE, "East", "- Sunrise", (Span(2, 9, "-"),), ())
STUDY = Reference(
    "ptolemy150", "Maps", ("Ptolemy",), 150, None, None, None, None, "other", "Maps", "Old.", True
)
CONTENT_OF_TWO = Content(
    passages=(NORTH, EAST),
    references={"ptolemy150": STUDY},
    claims=(ClaimLink("way#north", "star", "way#east", "nuances"),),
    outside=("How far is the moon?",),
    slang={"up": "north"},
)

HALF = 0.5
SQRT = math.sqrt(0.75)
SQRT_HALF = math.sqrt(0.5)
VECTORS_OF_TWO = np.asarray(
    [[0, 1], [0, 1], [HALF, SQRT], [0, 1], [1, 0], [1, 0], [-1, 0]], dtype=np.float32
)
"""Passage, its two sentences and its question; passage and its item; a question outside.
The second sentence lies at 30 degrees from north and at 60 degrees from east."""


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    return write(tmp_path / "artefact", CONTENT_OF_TWO, VECTORS_OF_TWO)


def write(folder: Path, content: Content, vectors: Vectors) -> Path:
    folder.mkdir()
    write_artefact(folder, content, vectors)
    return folder


def manifest_of(folder: Path, **changes: Any) -> Manifest:
    manifest = Manifest(
        index_id="abc123",
        built_at="2021-03-04T05:06:07+00:00",
        model="packaged",
        model_digest="0" * 64,
        passages=2,
        rows=7,
        corpus={"way.md": "1"},
        files=digests(folder),
        software=software_versions(),
    )
    return replace(manifest, **changes)


# Rows and texts


def test_each_vector_stands_for_one_text() -> None:
    rows = CONTENT_OF_TWO.rows()
    assert list(zip(rows, CONTENT_OF_TWO.texts(), strict=True)) == [
        (Row("passage", 0, 0), "North. It is up. The star shows it."),
        (Row("sentence", 0, 0), "It is up."),
        (Row("sentence", 0, 1), "The star shows it."),
        (Row("question", 0, 0), "Where is up?"),
        (Row("passage", 1, 0), "East. - Sunrise"),
        (Row("sentence", 1, 0), "Sunrise"),
        (Row("outside", NOWHERE, 0), "How far is the moon?"),
    ]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
REFERENCES = st.builds(
    Reference,
    key=TEXT,
    title=TEXT,
    authors=st.lists(TEXT).map(tuple),
    year=st.none() | st.integers(1, 2100),
    container=st.none() | TEXT,
    doi=st.none() | TEXT,
    pmid=st.none() | TEXT,
    url=st.none() | TEXT,
    design=st.sampled_from(["RCT", "guideline"]),
    population=TEXT,
    caveat=TEXT,
    secondary=st.booleans(),
)
PASSAGES = st.builds(
    Passage,
    id=TEXT,
    source=st.builds(
        Source,
        id=TEXT,
        title=TEXT,
        kind=st.sampled_from(["article", "evidence", "page"]),
        authors=st.lists(TEXT).map(tuple),
        published=TEXT,
        source=TEXT,
        license=TEXT,
        url=st.none() | TEXT,
    ),
    section=TEXT,
    text=TEXT,
    spans=st.lists(
        st.builds(
            Span,
            start=st.integers(0, 9),
            end=st.integers(0, 9),
            marker=st.none() | TEXT,
            references=st.lists(TEXT, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    questions=st.lists(TEXT, max_size=3).map(tuple),
)
CONTENTS = st.builds(
    Content,
    passages=st.lists(PASSAGES, min_size=1, max_size=3).map(tuple),
    references=st.dictionaries(TEXT, REFERENCES, max_size=2),
    claims=st.just(CONTENT_OF_TWO.claims),
    outside=st.lists(TEXT, max_size=2).map(tuple),
    slang=st.dictionaries(TEXT, TEXT, max_size=2),
)


@given(CONTENTS)
def test_there_are_as_many_texts_as_rows(content: Content) -> None:
    assert len(content.texts()) == len(content.rows())


def test_a_follow_up_has_two_texts_and_one_direction_between_them(tmp_path: Path) -> None:
    asked = replace(NORTH, follow_ups=(FollowUp(("Where is up?",), "and down?"),))
    outside = (FollowUp(("What is up?", "ok"), "who says so"),)
    content = replace(CONTENT_OF_TWO, passages=(asked, EAST), outside_follow_ups=outside)
    assert content.texts()[len(content.rows()) :] == [
        "and down?",
        "Where is up? and down?",
        "who says so",
        "What is up? ok who says so",
    ]
    four = np.asarray([[1, 0], [0, 1], [0, 1], [0, 1]], dtype=np.float32)
    write_artefact(tmp_path, content, np.concatenate([VECTORS_OF_TWO, four]))
    with Store(tmp_path) as store:
        assert [number for number, _ in store.content.follow_ups()] == [0, NOWHERE]
        between = np.asarray([[SQRT_HALF, SQRT_HALF], [0, 1]], dtype=np.float32)
        np.testing.assert_allclose(store.follow_ups, between, atol=1e-6)
        assert len(store.nearest(VECTORS_OF_TWO[:1], 99)[0]) == len(content.rows())


def test_vectors_of_follow_ups_that_are_missing_are_damage(tmp_path: Path) -> None:
    content = replace(CONTENT_OF_TWO, outside_follow_ups=(FollowUp(("What?",), "why"),))
    write_artefact(tmp_path, content, VECTORS_OF_TWO)
    with pytest.raises(IndexDamaged, match="has 7 rows, not 9"):
        Store(tmp_path)


@given(CONTENTS)
@hypothesis_settings(max_examples=15)
def test_reading_what_was_written_gives_the_same_content(content: Content) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vectors = np.ones((len(content.rows()), 2), dtype=np.float32)
        write_artefact(folder, content, vectors)
        assert read_content(folder / CONTENT) == content


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b'{"passages": [7]}'])
def test_content_that_cannot_be_read_is_damage(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / CONTENT).write_bytes(raw)
    with pytest.raises(IndexDamaged, match=r"content\.json cannot be read"):
        read_content(tmp_path / CONTENT)


def test_missing_content_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"content\.json cannot be read"):
        read_content(tmp_path / CONTENT)


# Chroma's distance, and nearest neighbours


def test_the_distance_in_chroma_is_cosine(tmp_path: Path) -> None:
    """Similarity 1.0 for the same direction, whatever the length, and 0.5 at 60 degrees."""
    vectors = VECTORS_OF_TWO * np.asarray([[1], [3], [7], [0.5], [1], [1], [2]], dtype=np.float32)
    folder = write(tmp_path / "artefact", CONTENT_OF_TWO, vectors)
    client = chromadb.PersistentClient(
        str(folder / CHROMA), ChromaSettings(anonymized_telemetry=False)
    )
    collection = client.get_collection(COLLECTION, embedding_function=None)
    assert collection.configuration_json["hnsw"]["space"] == "cosine"
    east = np.asarray([[10, 0]], dtype=np.float32)
    found = collection.query(query_embeddings=east, n_results=7, include=["distances"])
    assert found["distances"] is not None
    similarity = dict(
        zip(map(int, found["ids"][0]), 1 - np.asarray(found["distances"][0]), strict=True)
    )
    assert similarity[4] == pytest.approx(1.0, abs=1e-6)
    assert similarity[2] == pytest.approx(0.5, abs=1e-6)
    assert similarity[1] == pytest.approx(0.0, abs=1e-6)
    assert similarity[6] == pytest.approx(-1.0, abs=1e-6)
    client.close()  # type: ignore[attr-defined]


def test_chroma_tells_what_each_vector_stands_for(artefact: Path) -> None:
    client = chromadb.PersistentClient(
        str(artefact / CHROMA), ChromaSettings(anonymized_telemetry=False)
    )
    found = client.get_collection(COLLECTION, embedding_function=None).get(ids=["3", "5", "6"])
    assert found["metadatas"] == [
        {"kind": "question", "passage": "way#north"},
        {"kind": "sentence", "passage": "way#east"},
        {"kind": "outside", "passage": ""},
    ]
    client.close()  # type: ignore[attr-defined]


def test_the_nearest_come_first(artefact: Path) -> None:
    east, north = np.asarray([[[1, 0]], [[0, 1]]], dtype=np.float32)
    with Store(artefact) as store:
        (found,) = store.nearest(east, 7)
        assert set(found[:2]) == {4, 5}
        assert found[2] == 2
        assert set(found[3:6]) == {0, 1, 3}
        assert found[6] == 6
        assert set(store.nearest(north, 4)[0][:3]) == {0, 1, 3}


def test_more_neighbours_than_there_are_gives_all(artefact: Path) -> None:
    with Store(artefact) as store:
        (found,) = store.nearest(VECTORS_OF_TWO[:1], 1000)
    assert sorted(found) == list(range(7))


def test_similarities_are_exact_cosines(artefact: Path) -> None:
    with Store(artefact) as store:
        similar = store.similarities(np.asarray([[1, 0]], dtype=np.float32))
    np.testing.assert_allclose(similar, [0, 0, 0.5, 0, 1, 1, -1], atol=1e-6)


def test_a_store_has_the_passages_of_its_content(artefact: Path) -> None:
    with Store(artefact) as store:
        assert store.content == CONTENT_OF_TWO
        assert store.passages == (NORTH, EAST)
        assert store.rows == CONTENT_OF_TWO.rows()
        np.testing.assert_array_equal(store.vectors, VECTORS_OF_TWO)


# Opening


def test_opening_and_asking_never_changes_the_artefact(artefact: Path) -> None:
    before = digests(artefact)
    with Store(artefact) as store:
        store.nearest(VECTORS_OF_TWO, 7)
    assert digests(artefact) == before


def test_two_stores_on_one_artefact_do_not_disturb_each_other(
    artefact: Path, private_copies: Path
) -> None:
    with Store(artefact) as first:
        with Store(artefact) as second:
            assert len(list(private_copies.iterdir())) == 2
            assert first.nearest(VECTORS_OF_TWO, 7) == second.nearest(VECTORS_OF_TWO, 7)
        assert sorted(first.nearest(VECTORS_OF_TWO[:1], 7)[0]) == list(range(7))


def test_the_private_copy_is_deleted_on_close(artefact: Path, private_copies: Path) -> None:
    store = Store(artefact)
    assert len(list(private_copies.iterdir())) == 1
    store.close()
    assert list(private_copies.iterdir()) == []


def test_an_artefact_may_be_deleted_while_it_is_open(artefact: Path) -> None:
    with Store(artefact) as store:
        for path in artefact_files(artefact):
            path.unlink()
        assert len(store.nearest(VECTORS_OF_TWO[:1], 7)[0]) == 7


def test_fewer_vectors_than_rows_is_damage(artefact: Path) -> None:
    np.save(artefact / VECTORS, VECTORS_OF_TWO[:-1])
    with pytest.raises(IndexDamaged, match=r"vectors\.npy has 6 rows, not 7"):
        Store(artefact)


@pytest.mark.parametrize("raw", [b"no array", b"\x93NUMPY\x01\x00junk"])
def test_vectors_that_cannot_be_read_are_damage(artefact: Path, raw: bytes) -> None:
    (artefact / VECTORS).write_bytes(raw)
    with pytest.raises(IndexDamaged, match=r"vectors\.npy cannot be read"):
        Store(artefact)


def test_pickled_objects_are_never_loaded(artefact: Path) -> None:
    np.save(artefact / VECTORS, np.asarray([print] * 7, dtype=object), allow_pickle=True)
    with pytest.raises(IndexDamaged, match=r"vectors\.npy cannot be read"):
        Store(artefact)


def test_an_open_that_fails_leaves_no_private_copy(artefact: Path, private_copies: Path) -> None:
    client = chromadb.PersistentClient(
        str(artefact / CHROMA), ChromaSettings(anonymized_telemetry=False)
    )
    client.delete_collection(COLLECTION)
    client.close()  # type: ignore[attr-defined]
    with pytest.raises(IndexDamaged) as found:
        Store(artefact)
    left = list(private_copies.iterdir())
    del found  # with its traceback, which holds what was opened
    gc.collect()
    assert left == []


# Chroma's errors

CHROMA_ERRORS = [
    value
    for _, value in inspect.getmembers(chromadb.errors, inspect.isclass)
    if issubclass(value, Exception)
]


class FailingCollection:
    """Stands in for Chroma's collection: whatever is asked, it fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def query(self, **_: object) -> None:
        raise self._error


def test_there_are_errors_of_chroma_to_look_at() -> None:
    assert len(CHROMA_ERRORS) > 10


@pytest.mark.parametrize("kind", CHROMA_ERRORS)
def test_every_error_of_chroma_is_translated(
    artefact: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    with Store(artefact) as store:
        monkeypatch.setattr(store, "_collection", FailingCollection(kind("its own words")))
        with pytest.raises(IndexDamaged) as found:
            store.nearest(VECTORS_OF_TWO[:1], 1)
    assert kind.__name__ in str(found.value)
    assert str(found.value).endswith(": glute-guide index build")


def test_a_question_of_another_dimension_is_translated(artefact: Path) -> None:
    with Store(artefact) as store, pytest.raises(IndexDamaged, match="Chroma cannot use it"):
        store.nearest(np.ones((1, 3), dtype=np.float32), 1)


@pytest.mark.filterwarnings("ignore:Implicitly cleaning up:ResourceWarning")
def test_without_chroma_the_command_that_brings_it_is_named(
    artefact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "chromadb", None)
    with pytest.raises(GuideError, match=r"Chroma is not installed.*make setup") as found:
        Store(artefact)
    del found
    gc.collect()


# The manifest


def test_reading_a_sealed_manifest_gives_the_same_manifest(artefact: Path) -> None:
    manifest = manifest_of(artefact)
    seal(artefact, manifest)
    assert read_manifest(artefact) == manifest
    check_files(artefact, manifest)


def test_the_manifest_is_not_one_of_the_files_it_lists(artefact: Path) -> None:
    before = digests(artefact)
    seal(artefact, manifest_of(artefact))
    assert digests(artefact) == before
    assert {CONTENT, VECTORS, f"{CHROMA}/chroma.sqlite3"} < set(before)
    assert MANIFEST not in before


def test_a_missing_manifest_is_damage(artefact: Path) -> None:
    """It is written last: without it the artefact was never whole."""
    with pytest.raises(IndexDamaged, match=r"manifest\.json is missing"):
        read_manifest(artefact)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"{}", b'{"index_id": "a"}', b"\xff\xfe"]
)
def test_a_manifest_that_is_none_is_damage(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(raw)
    with pytest.raises(IndexDamaged, match=r"manifest\.json in .* cannot be read"):
        read_manifest(tmp_path)


def test_a_field_too_many_is_damage(artefact: Path) -> None:
    seal(artefact, manifest_of(artefact))
    raw = json.loads((artefact / MANIFEST).read_text("utf-8"))
    (artefact / MANIFEST).write_text(json.dumps({**raw, "more": 1}), "utf-8")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        read_manifest(artefact)


def test_another_format_is_stale(artefact: Path) -> None:
    seal(artefact, manifest_of(artefact, format=FORMAT + 1))
    with pytest.raises(IndexStale, match=f"its format is {FORMAT + 1}, this software reads"):
        read_manifest(artefact)


@pytest.mark.parametrize("name", sorted(software_versions()))
def test_another_version_of_a_library_is_stale_and_named(artefact: Path, name: str) -> None:
    seal(artefact, manifest_of(artefact, software={**software_versions(), name: "0.0.1"}))
    with pytest.raises(IndexStale, match=rf"built with {name} 0\.0\.1, installed is"):
        read_manifest(artefact)


def test_a_library_that_is_not_installed_makes_an_index_unusable(artefact: Path) -> None:
    seal(artefact, manifest_of(artefact, software={"no-such-library": "1.0"}))
    with pytest.raises((IndexDamaged, IndexStale)):
        read_manifest(artefact)


@pytest.mark.parametrize("field", ["software", "files"])
def test_a_manifest_with_a_field_of_another_type_is_damage(artefact: Path, field: str) -> None:
    seal(artefact, manifest_of(artefact, **{field: None}))
    with pytest.raises(IndexDamaged):
        check_files(artefact, read_manifest(artefact))


def test_one_flipped_byte_of_the_manifest_raises_nothing_foreign(artefact: Path) -> None:
    """Some bytes say nothing that can be checked; none may bring another exception."""
    seal(artefact, manifest_of(artefact, files={"a": "b"}))
    raw = (artefact / MANIFEST).read_bytes()
    foreign = set()
    for n in range(len(raw)):
        (artefact / MANIFEST).write_bytes(raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :])
        try:
            read_manifest(artefact)
        except (IndexDamaged, IndexStale):
            continue
        except Exception as error:  # noqa: BLE001  # the point of this test
            foreign.add(type(error).__name__)
    assert foreign == set()


# The pointer


def test_the_pointer_names_the_index_in_use(settings: IndexSettings) -> None:
    for name in ("abc123", "def456"):
        (settings.indexes / name).mkdir(parents=True)
        switch(settings, name)
        assert current_folder(settings) == settings.indexes / name
    assert sorted(path.name for path in settings.home.iterdir()) == ["current", "indexes"]


def test_without_a_pointer_there_is_no_index(settings: IndexSettings) -> None:
    with pytest.raises(IndexMissing, match=str(settings.home)):
        current_folder(settings)
    settings.indexes.mkdir(parents=True)
    with pytest.raises(IndexMissing, match=r": glute-guide index build$"):
        current_folder(settings)


def test_a_home_that_is_a_file_has_no_index(settings: IndexSettings) -> None:
    settings.home.write_text("a file", "utf-8")
    with pytest.raises(IndexMissing):
        current_folder(settings)


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "\n",
        "gone",
        ".",
        "..",
        "../indexes/abc123",
        "abc123/../abc123",
        "/etc",
        "~",
        "abc123\x00",
        "abc123\nabc123",
        "a" * 200,
        "a" * 300,
    ],
)
def test_a_pointer_to_anything_but_an_index_is_damage(
    settings: IndexSettings, pointer: str
) -> None:
    (settings.indexes / "abc123").mkdir(parents=True)
    settings.pointer.write_text(pointer, "utf-8")
    with pytest.raises(IndexDamaged, match="names an index that is not there"):
        current_folder(settings)


def test_a_pointer_that_is_no_text_is_damage(settings: IndexSettings) -> None:
    settings.home.mkdir()
    settings.pointer.write_bytes(b"\xff\xfe")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        current_folder(settings)


def test_a_pointer_that_is_a_folder_is_damage(settings: IndexSettings) -> None:
    settings.pointer.mkdir(parents=True)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        current_folder(settings)
