"""Corpus in, verified index out: built aside, checked, then switched to atomically.

The same corpus, model and software give the same index id, and an index that is
already there and whole is not built again. An interrupted build leaves the index in
use untouched. Knows nothing of questions.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.chunk import Passage, split_sections
from index.claim import place_claims
from index.config import KEEP_INDEXES, MAX_SENTENCES, MAX_TOKENS, IndexSettings
from index.conflict import conflicts
from index.content import Content, read_content
from index.embed import ModelFiles, Vectors, encode, find_model, open_embeddings
from index.errors import BuildBusy, CorpusError, GuideError, IndexDamaged, IndexStale
from index.load import Corpus, corpus_files, load_corpus
from index.store import (
    CONTENT,
    FORMAT,
    VECTORS,
    Manifest,
    check_files,
    checked_artefact,
    digest_of,
    digests,
    read_manifest,
    seal,
    software_versions,
    switch,
    write_artefact,
)
from index.text import unreadable
from index.verify import verify_in_child

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""

BATCH = 64


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    manifest: Manifest
    folder: Path
    fresh: bool
    """False if this very index was there already."""


def build(settings: IndexSettings, progress: Progress = lambda *_: None) -> BuildReport:
    """Build the index of a corpus and make it the current one.

    Raises:
        CorpusError: if a page is malformed.
        ModelUnavailable: if the embedding model is not there.
        BuildBusy: if another process builds in the same home folder.
    """
    try:
        settings.indexes.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.home / "build.lock", timeout=0):
            return _build(settings, progress)
    except Timeout:
        raise BuildBusy(settings.home) from None
    except OSError as error:
        raise GuideError(
            f"The index cannot be written: {error.strerror or error}. "
            f"The index in use is untouched. Mend {settings.home} and try again."
        ) from error


def corpus_digests(folder: Path) -> dict[str, str]:
    """Digest of each corpus file, by its path in the corpus folder.

    Raises:
        CorpusError: if the folder or a file in it cannot be read.
    """
    try:
        return {p.relative_to(folder).as_posix(): digest_of(p) for p in corpus_files(folder)}
    except OSError as error:
        raise unreadable(Path(error.filename or folder), error) from error


def content_of(corpus: Corpus, count_tokens: Callable[[str], int]) -> Content:
    """What the index of a corpus holds.

    Raises:
        CorpusError: if a sentence is too long, or if two passages say the opposite and are
            not linked.
    """
    passages: list[Passage] = []
    parts: dict[str, list[tuple[str, str]]] = {}
    places: dict[str, tuple[Path, int]] = {}
    for page in corpus.pages:
        for section, cut in split_sections(page, count_tokens):
            passages += cut
            parts[f"{page.source.id}#{section.anchor}"] = [(p.id, p.text) for p in cut]
            places.update((p.id, (page.path, section.line)) for p in cut)
    claims = place_claims(corpus.claims, parts)
    for conflict in conflicts(passages, claims):
        one, other = conflict.sentences
        raise CorpusError(
            *places[conflict.first.id],
            f"'{one}' says the opposite of '{other}' in {conflict.second.id}; "
            "correct one of them or link the two in claims.yaml.",
        )
    return Content(
        passages=tuple(passages),
        references=corpus.references,
        claims=claims,
        outside=corpus.outside,
        slang=corpus.slang,
        outside_follow_ups=corpus.outside_follow_ups,
    )


def index_id_of(model: ModelFiles, corpus: dict[str, str]) -> str:
    """The name of the index that a corpus gives with a model and the software installed."""
    made_of = {
        "format": FORMAT,
        "model": model.digest,
        "software": software_versions(),
        "chunking": [MAX_TOKENS, MAX_SENTENCES],
        "corpus": corpus,
    }
    text = json.dumps(made_of, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _build(settings: IndexSettings, progress: Progress) -> BuildReport:
    progress("read the corpus", 0, 1)
    model = find_model(settings.embedding_model)
    corpus = load_corpus(settings.corpus)
    digest = corpus_digests(settings.corpus)
    content = content_of(corpus, model.count_tokens)
    progress("read the corpus", 1, 1)
    index_id = index_id_of(model, digest)
    folder = settings.indexes / index_id
    if (manifest := _whole(folder)) is not None:
        switch(settings, index_id)
        return BuildReport(manifest, folder, fresh=False)

    staging = settings.indexes / f".staging-{index_id}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        vectors = _embed(model, content.texts(), _known_vectors(settings, model), progress)
        progress("write and verify", 0, 2)
        write_artefact(staging, content, vectors)
        progress("write and verify", 1, 2)
        verify_in_child(staging)
        manifest = Manifest(
            index_id=index_id,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            model=model.name,
            model_digest=model.digest,
            passages=len(content.passages),
            rows=len(content.rows()),
            corpus=digest,
            files=digests(staging),
            software=software_versions(),
        )
        seal(staging, manifest)
        shutil.rmtree(folder, ignore_errors=True)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    switch(settings, index_id)
    progress("write and verify", 2, 2)
    _prune(settings, index_id)
    return BuildReport(manifest, folder, fresh=True)


def _whole(folder: Path) -> Manifest | None:
    if not folder.is_dir():
        return None
    try:
        manifest = read_manifest(folder)
        check_files(folder, manifest)
    except (IndexDamaged, IndexStale):
        return None
    return manifest


def _known_vectors(settings: IndexSettings, model: ModelFiles) -> dict[str, Vectors]:
    """Vectors of the current index by their text, if the same model made them.

    So an editor who changes one sentence waits for one sentence.
    """
    try:
        folder, manifest = checked_artefact(settings)
        if manifest.model_digest != model.digest:
            return {}
        content, vectors = read_content(folder / CONTENT), np.load(folder / VECTORS)
    except (GuideError, OSError, ValueError):
        return {}
    return dict(zip(content.texts(), vectors, strict=True))


def _embed(
    model: ModelFiles, texts: list[str], known: dict[str, Vectors], progress: Progress
) -> Vectors:
    """One vector a text, shape (texts, dimension); loads the model only for new texts."""
    # Texts of one length make a batch, so that little is padding.
    fresh = sorted({text for text in texts if text not in known}, key=lambda t: (len(t), t))
    if fresh:
        progress("load the model", 0, 1)
        embeddings = open_embeddings(model, threads=os.cpu_count() or 1)
        progress("load the model", 1, 1)
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            known.update(zip(batch, encode(embeddings, batch), strict=True))
            progress("embed", start + len(batch), len(fresh))
    return np.stack([known[text] for text in texts])


def _prune(settings: IndexSettings, keep: str) -> None:
    """Keep the current index and the newest others."""
    for leftover in settings.indexes.glob(".staging-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folders = [p for p in settings.indexes.iterdir() if p.is_dir() and p.name != keep]
    folders.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for folder in folders[KEEP_INDEXES - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
