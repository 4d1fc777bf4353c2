"""The one chain that all visitors of a process share: bounded, and always on the current index.

Answers are made by a few threads, because encoders that fight for cores are slower than
encoders that queue; a queue that is full is said at once instead of growing. When the
pointer names another index it is opened beside the old one, tried and swapped in; the old
one is closed after its last answer. An index that does not open leaves the old one in use.
Knows nothing of HTTP or pages.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from app.answer.budget import Budget
from app.answer.chain import Begun, GuideChain
from app.answer.language_model import open_model
from app.answer.schema import Answer, Ask
from app.config import app_settings
from index.chunk import Passage
from index.config import IndexSettings, index_settings
from index.errors import GuideError
from index.retrieve import Index, open_index

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

WORKERS = 2
"""Answers made at a time; a third on two cores makes all of them slower."""

WORKERS_WITH_MODEL = 8
"""The same where a language model rewords: whoever waits for it keeps no core busy."""

MOST_PENDING = 64
"""Answers made or waiting, at most."""

LONGEST_WAIT_S = 0.6
"""Nobody is let in who would wait longer, by how long the last answers took."""

LONGEST_WAIT_STREAMING_S = 3.0
"""The same for those who see at once that something happens."""

USUAL_S = 0.025
"""How long an answer takes, until it is known."""

SMOOTHED_OVER = 20
NICE = 5
PATIENCE_S = 45.0
"""How long a page waits for its answer; longer than for a language model."""

POLL_S = 2.0
"""How often the pointer is looked at."""


class Busy(GuideError):
    """More people ask than can be answered soon; nothing was begun."""

    def __init__(self) -> None:
        super().__init__("Many people are asking right now. Please try again in a moment.")


class _Opened:
    """A chain with the number of answers in the making, so that it is closed after the last."""

    def __init__(self, chain: GuideChain) -> None:
        self.chain = chain
        self.users = 0
        self.retired = False


class LiveChain(Runnable[str | Ask, Answer]):
    """A question in, an Answer out, by whichever index is current."""

    def __init__(
        self,
        settings: IndexSettings,
        *,
        workers: int | None = None,
        most_pending: int = MOST_PENDING,
        poll_s: float = POLL_S,
        model: BaseChatModel | None = None,
        budget: Budget | None = None,
    ) -> None:
        """Open the current index, load the embedding model and begin to watch for newer indexes.

        Args:
            settings: Where the index lies.
            workers: Answers made at a time; by default as many as the cores bear.
            most_pending: Answers made or waiting, at most.
            poll_s: How often the pointer is looked at, in seconds.
            model: A language model that rewords the answers, of any index.
            budget: How often it may be asked to; None: always.

        Raises:
            GuideError: if index or embedding model are missing, stale or damaged.
        """
        if workers is None:
            workers = WORKERS if model is None else WORKERS_WITH_MODEL
        self._settings = settings
        self._model = model
        self._budget = budget
        self._most_pending = most_pending
        self._poll_s = poll_s
        self._lock = threading.Lock()
        self._pending = 0
        self._workers = workers
        self._takes_s = USUAL_S
        self._seen = self._pointer()
        self._now = _Opened(self._open(None))
        self._pool = ThreadPoolExecutor(
            workers, thread_name_prefix="answer", initializer=_step_back
        )
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="index-watch", daemon=True)
        self._watcher.start()

    def submit(self, asked: str | Ask, longest_wait_s: float = LONGEST_WAIT_S) -> Future[Answer]:
        """Queue a question; cancelling the future before its turn frees the place.

        What needs no search is answered however many wait: an emergency above all.

        Raises:
            Busy: if too many wait already.
        """
        with self.lease() as chain:
            begun = chain.begin(asked)
        if isinstance(begun, Answer):
            done: Future[Answer] = Future()
            done.set_result(begun)
            return done
        with self._lock:
            # Answers that are only waited for do not slow the next one while a worker is free.
            ahead = self._pending - (0 if self._model is None else self._workers - 1)
            wait_s = ahead * self._takes_s / self._workers
            if self._pending >= self._most_pending or wait_s > longest_wait_s:
                raise Busy
            self._pending += 1
        try:
            future = self._pool.submit(self._finish, begun)
        except RuntimeError:  # the pool is shut down
            self._done()
            raise Busy from None
        future.add_done_callback(lambda _: self._done())
        return future

    def invoke(  # LangChain's signature
        self,
        input: str | Ask,  # noqa: A002
        config: RunnableConfig | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Answer:
        """Answer one question, waiting for a free place among those that answer.

        Raises:
            Busy: if too many wait already, or if the wait is too long.
        """
        future = self.submit(input, LONGEST_WAIT_STREAMING_S)
        try:
            return future.result(PATIENCE_S)
        except FutureTimeout:
            future.cancel()
            raise Busy from None

    def passage(self, passage_id: str) -> Passage | None:
        """The passage that a citation names, in the current index."""
        with self.lease() as chain:
            return chain.passage(passage_id)

    @property
    def index_id(self) -> str:
        """Which index answers now."""
        return self._now.chain.index.manifest.index_id

    @property
    def built_at(self) -> datetime:
        """When the index that answers now was built."""
        return datetime.fromisoformat(self._now.chain.index.manifest.built_at)

    @property
    def pending(self) -> int:
        """Answers made or waiting now."""
        return self._pending

    def healthy(self) -> bool:
        """Whether the current index finds a passage by a question that is known to lead there."""
        with self.lease() as chain:
            try:
                return _finds_itself(chain.index)
            except GuideError:
                return False

    def refresh(self) -> bool:
        """Take the current index into use if the pointer has moved; False if nothing changed."""
        seen = self._pointer()
        if seen == self._seen:
            return False
        self._seen = seen
        if seen is None or seen[0] == self.index_id:
            return False
        try:
            fresh = _Opened(self._open(self._now.chain.index))
        except (GuideError, OSError) as error:
            log.warning("the new index is not used, the old one stays: %s", type(error).__name__)
            return False
        with self._lock:
            old, self._now = self._now, fresh
            old.retired = True
            idle = old.users == 0
        if idle:
            old.chain.index.close()
        log.info("a new index is in use")
        return True

    def close(self) -> None:
        """Stop answering and delete the private copy of the index."""
        self._closed.set()
        self._watcher.join()
        self._pool.shutdown(cancel_futures=True)
        self._now.chain.index.close()

    def _finish(self, begun: Begun) -> Answer:
        begin = time.perf_counter()
        try:
            with self.lease() as chain:
                return chain.finish(begun)
        finally:
            with self._lock:
                self._takes_s += (time.perf_counter() - begin - self._takes_s) / SMOOTHED_OVER

    def _done(self) -> None:
        with self._lock:
            self._pending -= 1

    @contextmanager
    def lease(self) -> Iterator[GuideChain]:
        """The chain in use, kept open until the end of the `with` block."""
        with self._lock:
            opened = self._now
            opened.users += 1
        try:
            yield opened.chain
        finally:
            with self._lock:
                opened.users -= 1
                idle = opened.retired and opened.users == 0
            if idle:
                opened.chain.index.close()

    def _open(self, old: Index | None) -> GuideChain:
        index = open_index(self._settings)
        try:
            if old is not None and old.manifest.model_digest == index.manifest.model_digest:
                index.embeddings = old.embeddings  # one model in memory, not two
            if not _finds_itself(index):
                raise GuideError("The index does not find its own passages.")
        except BaseException:
            index.close()
            raise
        return GuideChain(index, model=self._model, budget=self._budget)

    def _pointer(self) -> tuple[str, int] | None:
        """What the pointer names and when it was written; None while it cannot be read."""
        path = self._settings.pointer
        try:
            return path.read_text("utf-8").strip(), path.stat().st_mtime_ns
        except (OSError, UnicodeDecodeError):
            return None

    def _watch(self) -> None:
        while not self._closed.wait(self._poll_s):
            self.refresh()


def _finds_itself(index: Index) -> bool:
    """Golden probe: the first passage is among the hits of its own first question."""
    passage = index.passages[0]
    question = passage.questions[0] if passage.questions else passage.sentences[0]
    hits = index.search(question, index.encode(question))
    return any(hit.passage.id == passage.id for hit in hits)


def _step_back() -> None:
    """Let the thread that talks to visitors go first where cores are short."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


@cache
def current_chain() -> LiveChain:
    """The live chain of this process, for doors that serve many visitors.

    Raises:
        GuideError: if index, embedding model or the language model that is set cannot be used.
    """
    settings = app_settings()
    model = open_model(settings.model) if settings.model else None
    return LiveChain(index_settings(), model=model, budget=Budget(settings.model_rate))
