"""The vectors of an index on a Chroma server, for guides on several machines.

The artefact stays the truth and the server a cache of it: a collection that is not there, or
not whole, is filled from the artefact, under the id of the index. Whoever asks is told in
time that the server does not answer. Knows nothing of what is done then, and of ranking.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.breaker import Breaker
from index.collection import CONFIGURATION, client_settings, fill
from index.config import KEEP_INDEXES
from index.content import Content
from index.errors import GuideError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

    from index.embed import Vectors

log = logging.getLogger(__name__)

PREFIX = "glute-guide-"
DEADLINE_S = 2.0
"""How long one request may take; Chroma's own client would wait for ever."""

FILL_S = 60.0
"""The same for a batch of vectors."""

RETRY_S = 10.0
"""How often a server that could not be used is tried again."""


class ChromaServer:
    """One collection on a server, as far as that answers."""

    def __init__(
        self,
        url: str,
        index_id: str,
        content: Content,
        vectors: Vectors,
        *,
        breaker: Breaker | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        """Connect and fill the collection; if that fails, go on trying in the background.

        Args:
            url: `http://host:port`.
            index_id: Names the collection.
            content: Says what each row is.
            vectors: Shape (rows, dimension).
            breaker: Decides whether a server that failed is asked.
            retry_s: Seconds between two tries to connect.

        Raises:
            GuideError: if that is no address.
        """
        self._address = address_of(url)
        self._name = PREFIX + index_id
        self._content = content
        self._vectors = vectors
        self._breaker = breaker or Breaker()
        self._retry_s = retry_s
        self._collection: Collection | None = None
        self._lost = threading.Event()
        self._closed = threading.Event()
        self._connect()
        self._keeper = threading.Thread(target=self._keep, name="chroma-server", daemon=True)
        self._keeper.start()

    @property
    def connected(self) -> bool:
        """Whether the collection was there and whole when it was last looked for."""
        return self._collection is not None

    def nearest(self, vectors: Vectors, count: int) -> list[list[int]] | None:
        """Row numbers of the nearest vectors for each row of `vectors`; None if none came."""
        collection = self._collection
        if collection is None or not self._breaker.allows():
            return None
        try:
            found = collection.query(query_embeddings=vectors, n_results=count, include=[])
            numbers = [[int(name) for name in names] for names in found["ids"]]
        except Exception as error:  # noqa: BLE001  # Chroma's, httpx's, or a reply that is none
            self._failed(error)
            return None
        self._breaker.worked()
        return numbers

    def close(self) -> None:
        """Stop trying; what is on the server stays there."""
        self._closed.set()
        self._lost.set()
        self._keeper.join()

    def _failed(self, error: Exception) -> None:
        from chromadb.errors import NotFoundError

        log.warning("the Chroma server gave no answer: %s", type(error).__name__)
        self._breaker.failed()
        if isinstance(error, NotFoundError):  # it was begun anew, and is empty
            self._collection = None
            self._lost.set()

    def _keep(self) -> None:
        while not self._closed.is_set():
            if self._collection is None:
                self._closed.wait(self._retry_s)
                if not self._closed.is_set():
                    self._connect()
            else:
                self._lost.wait()
                self._lost.clear()

    def _connect(self) -> None:
        try:
            client = open_client(self._address)
            self._collection = self._filled(client)
            self._breaker.worked()
        except Exception as error:  # noqa: BLE001  # as above
            log.warning(
                "the Chroma server cannot be used, searching without it: %s", type(error).__name__
            )

    def _filled(self, client: ClientAPI) -> Collection:
        """The collection, every row in it."""
        collection = client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration=CONFIGURATION,
            metadata={"filled": time.time()},
        )
        if collection.count() != len(self._vectors):
            with _patience(client, FILL_S):
                fill(client, collection, self._content, self._vectors)
            _forget_old(client)
        return collection


def address_of(url: str) -> tuple[str, int, bool]:
    """Host, port and whether to encrypt.

    Raises:
        GuideError: if that is no address of a server.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        fine = parts.scheme in {"http", "https"} and not parts.path.strip("/")
    except ValueError:
        fine = False
    if not fine or not parts.hostname:
        raise GuideError(
            f"GLUTE_GUIDE_CHROMA_URL is {url!r}, which is no server's address. "
            "Write it like http://chroma:8000"
        )
    return parts.hostname, port, parts.scheme == "https"


def sign_of_life(url: str) -> float:
    """How long the server takes to answer at all, in milliseconds.

    Raises:
        GuideError: if it does not.
    """
    begin = time.perf_counter()
    try:
        _beat(address_of(url))
    except GuideError:
        raise
    except Exception as error:
        raise GuideError(
            f"The Chroma server at {url} does not answer ({type(error).__name__}); search goes on "
            "without it. Start one with: chroma run --path FOLDER --host ADDRESS"
        ) from error
    return (time.perf_counter() - begin) * 1000


def open_client(address: tuple[str, int, bool]) -> ClientAPI:
    """A client whose every request ends in time; asks the server for a sign of life first.

    Raises:
        Exception: Chroma's or httpx's own.
    """
    import chromadb

    _beat(address)  # the client's own first request, when it is created, has no deadline
    host, port, encrypted = address
    client = chromadb.HttpClient(host=host, port=port, ssl=encrypted, settings=client_settings())
    _set_deadline(client, DEADLINE_S)
    return client


def _beat(address: tuple[str, int, bool]) -> None:
    """Raise whatever httpx raises if there is no sign of life in time."""
    import httpx

    host, port, encrypted = address
    where = f"[{host}]" if ":" in host else host
    httpx.get(
        f"{'https' if encrypted else 'http'}://{where}:{port}/api/v2/heartbeat",
        timeout=DEADLINE_S,
        trust_env=False,
    ).raise_for_status()


@contextmanager
def _patience(client: ClientAPI, seconds: float) -> Iterator[None]:
    """A longer deadline for what takes longer."""
    _set_deadline(client, seconds)
    try:
        yield
    finally:
        _set_deadline(client, DEADLINE_S)


def _set_deadline(client: ClientAPI, seconds: float) -> None:
    """Chroma has no setting for it; a test notices when this attribute goes."""
    inner: Any = client
    inner._server._session.timeout = seconds


def _forget_old(client: ClientAPI) -> None:
    """Delete the collections of all but the newest indexes."""
    ours = [c for c in client.list_collections() if c.name.startswith(PREFIX)]
    ours.sort(key=lambda c: float((c.metadata or {}).get("filled", 0.0)))
    for collection in ours[:-KEEP_INDEXES]:
        client.delete_collection(collection.name)
