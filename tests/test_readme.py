"""What the README says is true."""

from __future__ import annotations

import re
from pathlib import Path

from app.cli import app, index_app
from eval.config import EvalSettings
from index.config import IndexSettings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TREE = README.split("## Where things are")[1].split("```")[1]


def listed() -> dict[Path, str]:
    """Each path of the tree with its phrase."""
    found: dict[Path, str] = {}
    parents: list[str] = []
    for line in TREE.strip("\n").split("\n"):
        if not line.strip():
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        name, _, phrase = line.strip().partition(" ")
        parents = [*parents[:depth], name.rstrip("/")]
        found[Path(*parents)] = phrase.strip()
    return found


def test_every_path_of_the_tree_exists_and_has_a_phrase() -> None:
    for path, phrase in listed().items():
        assert (ROOT / path).exists(), path
        assert phrase, path


def test_every_module_stands_in_the_tree() -> None:
    modules = {
        path.relative_to(ROOT)
        for package in ("index", "app", "eval")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert modules - set(listed()) == set()


def test_every_setting_is_documented_with_its_default() -> None:
    for settings in (IndexSettings, EvalSettings):
        for name, field in settings.model_fields.items():
            assert f"| `GLUTE_GUIDE_{name.upper()}` | `{field.default}` |" in README


def test_every_command_is_documented() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert f"glute-guide {command.name or command.callback.__name__}" in README
    for command in index_app.registered_commands:
        assert f"`{command.name}`" in README or f"index {command.name}" in README


def test_the_pictures_are_there_and_small() -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / picture).stat().st_size < 150_000


def test_the_two_commands_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
