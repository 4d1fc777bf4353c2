"""How the vectors of an index lie in a Chroma collection, in a folder or on a server.

One row a vector, its number as the id; never a text, so that nothing is embedded by Chroma.
Knows nothing of files and of searching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings

    from index.content import Content
    from index.embed import Vectors

CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}}


def client_settings() -> Settings:
    """What every client is told: no telemetry, no `.env` of the working directory."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, _env_file=None)


def fill(client: ClientAPI, collection: Collection, content: Content, vectors: Vectors) -> None:
    """Write every row that is searched, over whatever row of that number is there."""
    step = client.get_max_batch_size()
    names = {n: passage.id for n, passage in enumerate(content.passages)}
    rows = content.rows()
    for start in range(0, len(rows), step):
        batch = rows[start : start + step]
        collection.upsert(
            ids=[str(start + n) for n in range(len(batch))],
            embeddings=vectors[start : start + len(batch)],
            metadatas=[{"kind": r.kind, "passage": names.get(r.passage, "")} for r in batch],
        )
