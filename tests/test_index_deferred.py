"""Modules that wait until they are needed."""

from __future__ import annotations

import subprocess
import sys

from index.deferred import deferred


def test_a_function_of_a_deferred_module_imports_it_when_it_is_called() -> None:
    sys.modules.pop("colorsys", None)
    with deferred("colorsys"):
        from colorsys import rgb_to_hsv
    assert "colorsys" not in sys.modules
    assert rgb_to_hsv(1.0, 1.0, 1.0) == (0.0, 0.0, 1.0)
    assert sys.modules["colorsys"].__name__ == "colorsys"


def test_a_module_that_is_there_is_left_alone() -> None:
    import json

    with deferred("json"):
        assert sys.modules["json"] is json
    assert sys.modules["json"] is json


def test_the_embedding_model_works_without_what_its_library_loads_on_sight() -> None:
    code = """
import sys
from index.embed import encode_question, find_model, open_embeddings
print(encode_question(open_embeddings(find_model("packaged")), "hips").shape)
print([m for m in ("sklearn", "scipy.stats", "pandas", "pyarrow") if m in sys.modules])
import torch
from sentence_transformers.util import manhattan_sim
sparse = torch.eye(2).to_sparse()
print(manhattan_sim(sparse, sparse).tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    shape, loaded, distances = done.stdout.splitlines()
    assert shape == "(1, 384)"
    assert loaded == "[]"
    assert distances == "[[-0.0, -2.0], [-2.0, -0.0]]"
