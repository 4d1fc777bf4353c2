"""The settings of the index layer."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from index.config import PACKAGED_MODEL, IndexSettings, index_settings


def test_without_variables_everything_lies_in_the_working_directory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GLUTE_GUIDE_HOME")
    monkeypatch.delenv("GLUTE_GUIDE_CORPUS")
    settings = IndexSettings()
    assert settings.home == Path(".glute-guide")
    assert settings.corpus == Path("corpus")
    assert settings.embedding_model == PACKAGED_MODEL


def test_each_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLUTE_GUIDE_HOME", "/a/home")
    monkeypatch.setenv("GLUTE_GUIDE_CORPUS", "/a/corpus")
    monkeypatch.setenv("GLUTE_GUIDE_EMBEDDING_MODEL", "/a/model")
    settings = IndexSettings()
    assert settings.home == Path("/a/home")
    assert settings.corpus == Path("/a/corpus")
    assert settings.embedding_model == "/a/model"


def test_variables_without_the_prefix_mean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS", "/elsewhere")
    monkeypatch.setenv("GLUTE_GUIDE_NO_SUCH_SETTING", "1")
    assert IndexSettings().corpus != Path("/elsewhere")


def test_indexes_and_pointer_lie_in_the_home_folder() -> None:
    settings = IndexSettings(home=Path("/a/home"))
    assert settings.indexes == Path("/a/home/indexes")
    assert settings.pointer == Path("/a/home/current")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        IndexSettings().home = Path("/elsewhere")  # type: ignore[misc]


def test_a_process_reads_its_settings_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = index_settings()
    monkeypatch.setenv("GLUTE_GUIDE_HOME", "/too/late")
    assert index_settings() is first


def test_a_test_never_sees_the_repositorys_own_index(tmp_path: Path) -> None:
    assert index_settings().home.is_relative_to(tmp_path)
    assert index_settings().corpus.is_relative_to(tmp_path)
