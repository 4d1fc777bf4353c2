"""A build is whole or it never was: same corpus same index, and nothing in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.build import BuildReport, build, corpus_digests, index_id_of
from index.config import KEEP_INDEXES, PACKAGED_MODEL, IndexSettings
from index.embed import encode, find_model
from index.errors import (
    BuildBusy,
    CorpusError,
    GuideError,
    IndexDamaged,
    IndexStale,
    ModelUnavailable,
)
from index.retrieve import open_index
from index.store import MANIFEST, Store, current_folder, digests, read_manifest
from tests.conftest import SMALL_CORPUS, CompassEmbeddings, front_matter, write_files

pytestmark = pytest.mark.usefixtures("compass", "small_corpus")


def change(settings: IndexSettings, name: str = "pages/sunset.md") -> None:
    """Change the corpus: one more sentence on one page."""
    path = settings.corpus / name
    path.write_text(path.read_text("utf-8") + "\nFurther west it sets later.\n", "utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def built(settings: IndexSettings) -> BuildReport:
    return build(settings)


# What a build makes


def test_a_build_makes_the_current_index(settings: IndexSettings, built: BuildReport) -> None:
    assert built.fresh
    assert built.folder == settings.indexes / built.manifest.index_id
    assert current_folder(settings) == built.folder
    with open_index(settings) as index:
        assert len(index.passages) == 4


def test_the_manifest_tells_what_the_index_was_made_from(
    settings: IndexSettings, built: BuildReport
) -> None:
    manifest = built.manifest
    assert manifest == read_manifest(built.folder)
    assert manifest.passages == 4
    # north: a passage, 4 sentences and items, 2 questions; south: 1 + 2 + 1; east: 1 + 1 + 1;
    # west: 1 + 1; and one question outside
    assert manifest.rows == 7 + 4 + 3 + 2 + 1
    assert manifest.model == PACKAGED_MODEL
    assert manifest.model_digest == find_model(PACKAGED_MODEL).digest
    assert set(manifest.corpus) == set(SMALL_CORPUS) - {"README.md"}
    assert manifest.files == digests(built.folder)


def test_nothing_but_index_pointer_and_lock_is_left_in_the_home(
    settings: IndexSettings, built: BuildReport
) -> None:
    assert {p.name for p in settings.home.iterdir()} - {"build.lock"} == {"current", "indexes"}
    assert [p.name for p in settings.indexes.iterdir()] == [built.manifest.index_id]


def test_progress_is_told_and_every_stage_ends(settings: IndexSettings) -> None:
    told: list[tuple[str, int, int]] = []
    build(settings, lambda *step: told.append(step))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["read the corpus", "load the model", "embed", "write and verify"]
    for stage in stages:
        steps = [(done, total) for name, done, total in told if name == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


def test_each_vector_is_that_of_its_text_whatever_the_batches(
    settings: IndexSettings, compass: CompassEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.BATCH", 3)
    with Store(build(settings).folder) as store:
        assert len(store.rows) % 3 != 0
        np.testing.assert_array_equal(store.vectors, encode(compass, store.content.texts()))


# The same corpus, another corpus


def test_the_same_corpus_is_never_built_twice(
    settings: IndexSettings, built: BuildReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the model was opened")

    monkeypatch.setattr("index.build.open_embeddings", never)
    before = files_of(built.folder)
    again = build(settings)
    assert not again.fresh
    assert again.manifest == built.manifest
    assert files_of(built.folder) == before


def test_the_same_corpus_in_another_place_has_the_same_index_id(
    built: BuildReport, settings: IndexSettings, tmp_path: Path
) -> None:
    shutil.copytree(settings.corpus, tmp_path / "elsewhere")
    other = IndexSettings(
        home=tmp_path / "other home",
        corpus=tmp_path / "elsewhere",
        embedding_model=PACKAGED_MODEL,
    )
    assert build(other).manifest.index_id == built.manifest.index_id


@pytest.mark.parametrize("name", sorted(set(SMALL_CORPUS) - {"README.md"}))
def test_a_change_in_any_file_gives_another_index_id(settings: IndexSettings, name: str) -> None:
    model = find_model(PACKAGED_MODEL)
    before = index_id_of(model, corpus_digests(settings.corpus))
    path = settings.corpus / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert index_id_of(model, corpus_digests(settings.corpus)) != before


def test_a_renamed_page_gives_another_index_id(settings: IndexSettings) -> None:
    model = find_model(PACKAGED_MODEL)
    before = index_id_of(model, corpus_digests(settings.corpus))
    page = settings.corpus / "pages" / "sunset.md"
    page.rename(page.with_name("evening.md"))
    assert index_id_of(model, corpus_digests(settings.corpus)) != before


def test_a_readme_gives_no_other_index_id(settings: IndexSettings, built: BuildReport) -> None:
    write_files(settings.corpus, {"README.md": "Other words for people.\n"})
    assert not build(settings).fresh


def test_the_order_of_files_does_not_matter() -> None:
    model = find_model(PACKAGED_MODEL)
    assert index_id_of(model, {"a": "1", "b": "2"}) == index_id_of(model, {"b": "2", "a": "1"})
    assert index_id_of(model, {"a": "1", "b": "2"}) != index_id_of(model, {"a": "2", "b": "1"})


@pytest.mark.parametrize(
    "changed",
    [
        ("index.build.FORMAT", 99),
        ("index.build.MAX_TOKENS", 99),
        ("index.build.MAX_SENTENCES", 99),
        ("index.build.software_versions", lambda: {"chromadb": "0"}),
    ],
    ids=lambda changed: changed[0],
)
def test_other_software_or_chunking_gives_another_index_id(
    monkeypatch: pytest.MonkeyPatch, changed: tuple[str, object]
) -> None:
    model = find_model(PACKAGED_MODEL)
    before = index_id_of(model, {})
    monkeypatch.setattr(*changed)
    assert index_id_of(model, {}) != before


def test_a_changed_corpus_makes_another_index_and_keeps_the_old_one(
    settings: IndexSettings, built: BuildReport
) -> None:
    before = files_of(built.folder)
    change(settings)
    other = build(settings)
    assert other.fresh
    assert other.manifest.index_id != built.manifest.index_id
    assert current_folder(settings) == other.folder
    assert files_of(built.folder) == before


def test_going_back_to_an_earlier_corpus_only_switches(
    settings: IndexSettings, built: BuildReport
) -> None:
    page = settings.corpus / "pages" / "sunset.md"
    original = page.read_bytes()
    change(settings)
    build(settings)
    page.write_bytes(original)
    back = build(settings)
    assert not back.fresh
    assert current_folder(settings) == built.folder


def test_three_indexes_are_kept_the_current_one_and_the_newest(settings: IndexSettings) -> None:
    built: list[str] = []
    for hour in range(5):
        report = build(settings)
        os.utime(report.folder, (hour * 3600, hour * 3600))
        built.append(report.manifest.index_id)
        change(settings)
    assert KEEP_INDEXES == 3
    assert {p.name for p in settings.indexes.iterdir()} == set(built[-3:])


# Interruptions


def fail_with(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("_embed", KeyboardInterrupt()),
        ("write_artefact", KeyboardInterrupt()),
        ("write_artefact", MemoryError()),
        ("verify_in_child", KeyboardInterrupt()),
        ("verify_in_child", IndexDamaged("by a test")),
        ("verify_in_child", RuntimeError()),
        ("seal", SystemExit()),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_interrupted_build_leaves_the_index_in_use_untouched(
    settings: IndexSettings,
    built: BuildReport,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
) -> None:
    before = files_of(settings.indexes)
    change(settings)
    monkeypatch.setattr(f"index.build.{step}", fail_with(error))
    with pytest.raises(type(error)):
        build(settings)
    assert current_folder(settings) == built.folder
    assert files_of(settings.indexes) == before
    assert [p.name for p in settings.indexes.iterdir()] == [built.manifest.index_id]


def test_an_interrupted_first_build_leaves_no_index(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.verify_in_child", fail_with(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        build(settings)
    assert list(settings.indexes.iterdir()) == []
    assert not settings.pointer.exists()


def test_after_an_interruption_the_next_build_succeeds(settings: IndexSettings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build.write_artefact", fail_with(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            build(settings)
    assert build(settings).fresh


def test_what_a_killed_build_left_is_swept_away(settings: IndexSettings) -> None:
    model = find_model(PACKAGED_MODEL)
    index_id = index_id_of(model, corpus_digests(settings.corpus))
    for name in (index_id, "0123456789abcdef"):
        write_files(settings.indexes / f".staging-{name}", {"content.json": "half"})
    report = build(settings)
    assert report.fresh
    assert [p.name for p in settings.indexes.iterdir()] == [index_id]
    with open_index(settings) as index:
        assert len(index.passages) == 4


def test_a_full_disk_is_told_in_one_sentence(
    settings: IndexSettings, built: BuildReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(settings)
    full = OSError(28, "No space left on device")
    monkeypatch.setattr("index.build.write_artefact", fail_with(full))
    with pytest.raises(GuideError, match="cannot be written: No space left on device") as found:
        build(settings)
    assert str(settings.home) in str(found.value)
    assert current_folder(settings) == built.folder


def test_a_home_that_is_a_file_is_told_in_one_sentence(settings: IndexSettings) -> None:
    settings.home.write_text("a file", "utf-8")
    with pytest.raises(GuideError, match="cannot be written"):
        build(settings)


# Nothing to build from


def test_a_bad_corpus_leaves_the_index_in_use(settings: IndexSettings, built: BuildReport) -> None:
    write_files(settings.corpus, {"pages/bad.md": "no front matter"})
    with pytest.raises(CorpusError):
        build(settings)
    assert current_folder(settings) == built.folder


def test_a_missing_model_leaves_the_index_in_use(
    settings: IndexSettings, built: BuildReport, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    other = settings.model_copy(update={"embedding_model": str(tmp_path / "empty")})
    with pytest.raises(ModelUnavailable):
        build(other)
    assert current_folder(settings) == built.folder


def test_a_question_banked_twice_leaves_the_index_in_use(
    settings: IndexSettings, built: BuildReport
) -> None:
    bank = 'going-east:\n  - "How do I go north?"\n'
    write_files(settings.corpus, {"evidence/sunrise.questions.yaml": bank})
    with pytest.raises(GuideError, match=r"banked for sunrise#going-east and for upright#going"):
        build(settings)
    assert [p.name for p in settings.indexes.iterdir()] == [built.manifest.index_id]


def test_a_corpus_without_any_sentence_is_refused(settings: IndexSettings) -> None:
    shutil.rmtree(settings.corpus)
    write_files(settings.corpus, {"dots.md": front_matter("dots", "Dots") + "# Dots\n\n...\n"})
    with pytest.raises(CorpusError):
        build(settings)


# Two builders


def test_a_second_builder_is_told_at_once_that_the_first_is_busy(settings: IndexSettings) -> None:
    settings.home.mkdir()
    with FileLock(settings.home / "build.lock"), pytest.raises(BuildBusy) as found:
        build(settings)
    assert str(settings.home) in str(found.value)
    assert not settings.pointer.exists()
    assert build(settings).fresh


def test_the_lock_is_released_after_a_failed_build(settings: IndexSettings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build.verify_in_child", fail_with(RuntimeError()))
        with pytest.raises(RuntimeError):
            build(settings)
    with FileLock(settings.home / "build.lock", timeout=0):
        pass


def test_builders_in_two_homes_do_not_disturb_each_other(
    settings: IndexSettings, tmp_path: Path
) -> None:
    other = settings.model_copy(update={"home": tmp_path / "other"})
    other.home.mkdir()
    with FileLock(other.home / "build.lock"):
        assert build(settings).fresh


# Damage


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "content flipped": lambda folder: flip(folder / "content.json"),
    "vectors removed": lambda folder: (folder / "vectors.npy").unlink(),
    "chroma removed": lambda folder: shutil.rmtree(folder / "chroma"),
    "one file more": lambda folder: write_files(folder, {"more": "x"}),
    "manifest removed": lambda folder: (folder / MANIFEST).unlink(),
    "manifest emptied": lambda folder: write_files(folder, {MANIFEST: ""}),
    "everything removed": lambda folder: shutil.rmtree(folder),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_built_again(
    settings: IndexSettings, built: BuildReport, damage: Callable[[Path], object]
) -> None:
    damage(built.folder)
    with pytest.raises(IndexDamaged):
        open_index(settings)
    again = build(settings)
    assert again.fresh
    assert again.folder == built.folder
    with open_index(settings) as index:
        assert len(index.passages) == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [('"format": ', '"format": 9'), ('"chromadb": "', '"chromadb": "9'), ('"chromadb', '"chroma')],
)
def test_an_index_whose_manifest_looks_stale_is_built_again(
    settings: IndexSettings, built: BuildReport, old: str, new: str
) -> None:
    text = (built.folder / MANIFEST).read_text("utf-8")
    assert old in text
    (built.folder / MANIFEST).write_text(text.replace(old, new), "utf-8")
    assert build(settings).fresh


def test_a_lost_pointer_is_written_again(settings: IndexSettings, built: BuildReport) -> None:
    settings.pointer.unlink()
    assert not build(settings).fresh
    assert current_folder(settings) == built.folder


def test_an_index_of_older_software_is_left_and_a_new_one_built(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        older = {"chromadb": "0.0.1"}
        patch.setattr("index.build.software_versions", lambda: older)
        old = build(settings)
    with pytest.raises(IndexStale, match=r"built with chromadb 0\.0\.1"):
        open_index(settings)
    fresh = build(settings)
    assert fresh.fresh
    assert fresh.folder != old.folder
    open_index(settings).close()
