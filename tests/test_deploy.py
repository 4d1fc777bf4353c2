"""What the files for containers promise, as far as reading them tells."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import AppSettings
from index.config import IndexSettings
from tests.conftest import REPOSITORY


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"]
    return found


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text("utf-8"))
    return found


def test_the_chroma_server_is_of_our_version_and_out_of_reach(services: dict[str, Any]) -> None:
    chroma = services["chroma"]
    assert chroma["image"] == f"chromadb/chroma:{version('chromadb')}"
    assert chroma["profiles"] == ["chroma"]
    assert "ports" not in chroma
    assert chroma["networks"] == ["vectors"]
    assert compose()["networks"]["vectors"]["internal"] is True


def test_only_the_machine_itself_reaches_the_guide_s_port(services: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services["guide"]["ports"])


def test_every_variable_given_is_a_setting(services: dict[str, Any]) -> None:
    known = {
        f"GLUTE_GUIDE_{n.upper()}" for n in {*AppSettings.model_fields, *IndexSettings.model_fields}
    }
    assert set(services["guide"]["environment"]) <= known


def test_a_variable_left_empty_is_a_setting_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLUTE_GUIDE_CHROMA_URL", "GLUTE_GUIDE_HOSTS", "GLUTE_GUIDE_HOME"):
        monkeypatch.setenv(name, "")
    assert IndexSettings().chroma_url is None
    assert IndexSettings().home == Path(".glute-guide")
    assert AppSettings().hosts == ()


def test_the_image_runs_without_root() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text("utf-8").splitlines()
    last = max(n for n, line in enumerate(lines) if line.startswith("FROM"))
    assert any(line.startswith("USER ") and line != "USER root" for line in lines[last:])
