"""A built index on disk: written once, checked by digest, opened as a private copy.

An artefact is a folder with `content.json`, `vectors.npy`, a Chroma directory and,
written last, `manifest.json`. Chroma changes its files whenever it is opened, so the
artefact itself is never opened: each process works on a copy, or on a Chroma server that
was filled from it. Chroma's errors do not leave this module. Knows nothing of ranking.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import ConfigDict, TypeAdapter

from index.chroma_server import ChromaServer
from index.collection import CONFIGURATION, client_settings, fill
from index.config import IndexSettings
from index.content import Content, read_content, write_content
from index.embed import Vectors, unit
from index.errors import GuideError, IndexDamaged, IndexMissing, IndexStale

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

FORMAT = 6
COLLECTION = "passages"
MANIFEST = "manifest.json"
CONTENT = "content.json"
VECTORS = "vectors.npy"
CHROMA = "chroma"
SOFTWARE = ("chromadb", "sentence-transformers", "sentencex", "transformers")


@dataclass(frozen=True)
class Manifest:
    """What an artefact was made from and what it holds."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    index_id: str
    built_at: str
    model: str
    model_digest: str
    passages: int
    rows: int
    corpus: dict[str, str]
    """Corpus file, relative to the corpus folder, to its digest."""
    files: dict[str, str]
    """File of the artefact to its digest."""
    software: dict[str, str]
    format: int = FORMAT


def digest_of(path: Path) -> str:
    """BLAKE2b of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def software_versions() -> dict[str, str]:
    """Versions of the libraries that decide what an index looks like."""
    return {name: version(name) for name in SOFTWARE}


def write_artefact(folder: Path, content: Content, vectors: Vectors) -> None:
    """Write everything but the manifest into an empty folder."""
    write_content(folder / CONTENT, content)
    np.save(folder / VECTORS, vectors)
    with _chroma(folder / CHROMA) as client:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration=CONFIGURATION
        )
        fill(client, collection, content, vectors)


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and force everything to disk: from here on the artefact is whole."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
    for path in [*artefact_files(folder), folder / MANIFEST]:
        _sync(path)
    _sync(folder)


def artefact_files(folder: Path) -> list[Path]:
    """Every file of an artefact but its manifest."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)


def digests(folder: Path) -> dict[str, str]:
    """Digest of each file of an artefact, by its path in the folder."""
    return {p.relative_to(folder).as_posix(): digest_of(p) for p in artefact_files(folder)}


def switch(settings: IndexSettings, index_id: str) -> None:
    """Make an artefact the current one, atomically."""
    fresh = settings.pointer.with_suffix(".new")
    fresh.write_text(index_id + "\n", "utf-8")
    _sync(fresh)
    fresh.replace(settings.pointer)
    _sync(settings.home)


def current_folder(settings: IndexSettings) -> Path:
    """The folder of the index in use.

    Raises:
        IndexMissing: if none was built.
        IndexDamaged: if the pointer names a folder that is not there.
    """
    try:
        index_id = settings.pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(settings.home) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{settings.pointer} cannot be read") from error
    folder = settings.indexes / index_id
    if not index_id.isalnum() or not _is_folder(folder):
        raise IndexDamaged(f"{settings.pointer} names an index that is not there")
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Read and check a manifest."""
    try:
        manifest = _manifest().validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise IndexDamaged(f"{MANIFEST} is missing in {folder}") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{MANIFEST} in {folder} cannot be read") from error
    if manifest.format != FORMAT:
        raise IndexStale(f"its format is {manifest.format}, this software reads {FORMAT}")
    for name, expected in manifest.software.items():
        if expected != (installed := _installed(name)):
            raise IndexStale(f"it was built with {name} {expected}, installed is {installed}")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its digest.

    Raises:
        IndexDamaged: naming the first file that is missing, changed or not listed.
    """
    try:
        found = digests(folder)
    except OSError as error:
        raise IndexDamaged(f"{error.filename or folder} cannot be read") from error
    for name in sorted({*manifest.files, *found}):
        if name not in found:
            raise IndexDamaged(f"{name} is missing")
        if name not in manifest.files:
            raise IndexDamaged(f"{name} does not belong to it")
        if found[name] != manifest.files[name]:
            raise IndexDamaged(f"{name} has changed since it was built")


def checked_artefact(settings: IndexSettings) -> tuple[Path, Manifest]:
    """The folder and the manifest of the index in use, its every file compared with its digest.

    Raises:
        IndexMissing, IndexStale, IndexDamaged: as the three steps do.
    """
    folder = current_folder(settings)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    return folder, manifest


class Store:
    """An artefact opened for reading: passages, vectors and nearest neighbours."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        """Open a private copy of the artefact, or its collection on a Chroma server.

        Its digests must have been checked before: Chroma may crash the process on
        damaged files.

        Args:
            folder: The artefact.
            server: `http://host:port`; while it does not answer, search goes without it.
        """
        self.content = read_content(folder / CONTENT)
        self.passages = self.content.passages
        self.rows = self.content.rows()
        try:
            vectors: Vectors = np.load(folder / VECTORS, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{VECTORS} cannot be read") from error
        banked = self.content.follow_ups()
        if len(vectors) != (expected := len(self.rows) + 2 * len(banked)):
            raise IndexDamaged(f"{VECTORS} has {len(vectors)} rows, not {expected}")
        self.vectors = vectors[: len(self.rows)].copy()
        """Shape (rows, dimension)."""
        alone_and_in_talk = vectors[len(self.rows) :].reshape(len(banked), 2, vectors.shape[1])
        self.follow_ups: Vectors = unit(alone_and_in_talk.sum(axis=1))
        """The mean direction of each follow-up alone and in its talk, as `content.follow_ups()`."""
        self._server: ChromaServer | None = None
        with ExitStack() as opened:
            if server is not None:
                self._server = ChromaServer(server, folder.name, self.content, self.vectors)
                opened.callback(self._server.close)
            else:
                copy = Path(
                    opened.enter_context(tempfile.TemporaryDirectory(prefix="glute-guide-"))
                )
                shutil.copytree(folder / CHROMA, copy / CHROMA)
                client = opened.enter_context(_chroma(copy / CHROMA))
                with _translated():
                    self._collection = client.get_collection(COLLECTION, embedding_function=None)
            self._opened = opened.pop_all()

    def nearest(self, vectors: Vectors, count: int) -> list[list[int]]:
        """Row numbers of the nearest vectors for each row of `vectors`, nearest first."""
        count = min(count, len(self.rows))
        if self._server is not None:
            found = self._server.nearest(vectors, count)
            return self._exactly_nearest(vectors, count) if found is None else found
        with _translated():
            result = self._collection.query(query_embeddings=vectors, n_results=count, include=[])
        return [[int(name) for name in names] for names in result["ids"]]

    def _exactly_nearest(self, vectors: Vectors, count: int) -> list[list[int]]:
        """The same by comparing with every row: some milliseconds each."""
        order = np.argsort(-(vectors @ self.vectors.T), axis=1, kind="stable")
        found: list[list[int]] = order[:, :count].tolist()
        return found

    def similarities(self, vector: Vectors) -> Vectors:
        """Exact cosine similarity of every row to `vector` of shape (1, dimension)."""
        similar: Vectors = self.vectors @ vector[0]
        return similar

    def close(self) -> None:
        """Close Chroma and delete the private copy."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def _manifest() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):
        return None


def _is_folder(path: Path) -> bool:
    """Whether a folder is there; a name too long for one is not."""
    try:
        return path.is_dir()
    except OSError:
        return False


@contextmanager
def _chroma(folder: Path) -> Iterator[ClientAPI]:
    """Open a Chroma directory."""
    try:
        import chromadb
    except ImportError as error:
        raise GuideError("Chroma is not installed. Install everything with: make setup") from error
    with _translated():
        client = chromadb.PersistentClient(path=str(folder), settings=client_settings())
    try:
        with _translated():
            yield client
    finally:
        client.close()  # type: ignore[attr-defined]  # clients have it, their interface not


@contextmanager
def _translated() -> Iterator[None]:
    """Turn Chroma's errors into ours: whatever it says, the copy on disk is not usable."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise IndexDamaged(f"Chroma cannot use it ({type(error).__name__})") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
