"""The live chain: one for all visitors, bounded, on whichever index is current."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.answer import Answer, GuideChain
from app.answer.chain import Begun
from app.answer.live import MOST_PENDING, Busy, LiveChain, current_chain
from index.build import build
from index.config import PACKAGED_MODEL, IndexSettings
from index.errors import IndexDamaged, IndexMissing
from tests.conftest import CompassEmbeddings

NORTH = "How do I go north?"
PATIENCE_S = 30.0


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    deadline = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < deadline, "it did not happen"
        sleep(0.005)


def change(corpus: Path, word: str) -> None:
    """Another corpus, so another index."""
    page = corpus / "pages" / "sunset.md"
    page.write_text(page.read_text("utf-8") + f"\nThe west is {word}.\n", "utf-8")


class Tolerant(CompassEmbeddings):
    """A text without a compass word points somewhere too."""

    def embed_query(self, text: str) -> list[float]:
        try:
            return super().embed_query(text)
        except ValueError:
            return [0.6, -0.8]


@pytest.fixture
def compass(compass: CompassEmbeddings, monkeypatch: pytest.MonkeyPatch) -> CompassEmbeddings:
    """Asking may embed other texts than the question."""
    tolerant = Tolerant()
    monkeypatch.setattr("index.retrieve.open_embeddings", lambda *_, **__: tolerant)
    return tolerant


@pytest.fixture
def live(
    compass: CompassEmbeddings, private_copies: Path, small_corpus: Path, settings: IndexSettings
) -> Iterator[LiveChain]:
    build(settings)
    chain = LiveChain(settings, poll_s=3_600)  # tests look for a new index themselves
    yield chain
    chain.close()


class Held:
    """Makes every answer of a live chain wait until it is let go."""

    def __init__(self, live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = threading.Semaphore(0)
        self.free = threading.Event()
        finish = GuideChain.finish

        def wait(chain: GuideChain, begun: Begun) -> Answer:
            self.begun.release()
            assert self.free.wait(PATIENCE_S)
            return finish(chain, begun)

        monkeypatch.setattr(GuideChain, "finish", wait)


@pytest.fixture
def held(live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held(live, monkeypatch)
    yield held
    held.free.set()


def test_it_answers_and_names_the_index(live: LiveChain, settings: IndexSettings) -> None:
    answer = live.invoke(NORTH)
    assert answer.corpus.index_id == live.index_id == settings.pointer.read_text().strip()
    assert live.passage("upright#going-north") is not None
    assert live.passage("nothing") is None
    assert live.healthy()
    assert live.built_at.tzinfo is not None


def test_an_index_that_fails_its_probe_is_not_healthy(
    live: LiveChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise IndexDamaged("its files are gone")

    monkeypatch.setattr("index.retrieve.Index.search", lambda *_: [])
    assert not live.healthy()
    monkeypatch.setattr("index.retrieve.Index.search", gone)
    assert not live.healthy()


def test_without_an_index_it_says_how_to_build_one(settings: IndexSettings) -> None:
    with pytest.raises(IndexMissing, match="glute-guide index build"):
        LiveChain(settings)


def test_nothing_changes_while_the_pointer_stays(live: LiveChain) -> None:
    assert not live.refresh()


def test_f13_a_new_index_is_taken_without_a_failed_request(
    live: LiveChain, small_corpus: Path, settings: IndexSettings, private_copies: Path
) -> None:
    ids = {live.index_id}
    ended = threading.Event()
    answers: list[Answer] = []

    def visitor() -> None:
        while not ended.is_set():
            answers.append(live.invoke(NORTH))

    with ThreadPoolExecutor(3) as visitors:
        tasks = [visitors.submit(visitor) for _ in range(3)]
        for word in ("red", "wide", "far"):
            change(small_corpus, word)
            ids.add(build(settings).manifest.index_id)
            assert live.refresh()
            seen = len(answers)
            until(lambda seen=seen: len(answers) > seen + 10)  # type: ignore[misc]
        ended.set()
        for task in tasks:
            task.result()
    assert len(ids) == 4
    assert {answer.corpus.index_id for answer in answers} <= ids
    assert answers[-1].corpus.index_id == live.index_id
    until(lambda: len(list(private_copies.glob("glute-guide-*"))) == 1)


def test_the_watcher_takes_a_new_index_by_itself(
    compass: CompassEmbeddings, small_corpus: Path, settings: IndexSettings
) -> None:
    build(settings)
    live = LiveChain(settings, poll_s=0.01)
    change(small_corpus, "red")
    fresh = build(settings).manifest.index_id
    until(lambda: live.index_id == fresh)
    live.close()


def test_an_old_index_is_closed_after_its_last_answer(
    live: LiveChain,
    held: Held,
    small_corpus: Path,
    settings: IndexSettings,
    private_copies: Path,
) -> None:
    old = live.index_id
    future = live.submit(NORTH)
    assert held.begun.acquire(timeout=PATIENCE_S)
    change(small_corpus, "red")
    build(settings)
    assert live.refresh()
    assert len(list(private_copies.glob("glute-guide-*"))) == 2
    held.free.set()
    assert future.result(PATIENCE_S).corpus.index_id == old != live.index_id
    until(lambda: len(list(private_copies.glob("glute-guide-*"))) == 1)


def test_an_index_that_is_pruned_from_disk_still_answers(
    live: LiveChain, small_corpus: Path, settings: IndexSettings
) -> None:
    old = settings.indexes / live.index_id
    for word in ("red", "wide", "far", "late"):
        change(small_corpus, word)
        build(settings)
    assert not old.exists()
    assert live.invoke(NORTH).corpus.index_id == old.name


def test_a_damaged_new_index_leaves_the_old_one_in_use(
    live: LiveChain, small_corpus: Path, settings: IndexSettings, private_copies: Path
) -> None:
    old = live.index_id
    change(small_corpus, "red")
    folder = build(settings).folder
    (folder / "vectors.npy").write_bytes(b"broken")
    assert not live.refresh()
    assert live.invoke(NORTH).corpus.index_id == old
    assert len(list(private_copies.glob("glute-guide-*"))) == 1
    settings.pointer.unlink()
    assert not live.refresh()
    assert live.healthy()


def test_two_indexes_share_one_model(
    live: LiveChain,
    small_corpus: Path,
    settings: IndexSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(small_corpus, "red")
    build(settings)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("the model is loaded twice")

    monkeypatch.setattr("index.retrieve.open_embeddings", again)
    assert live.refresh()
    assert live.healthy()


def test_when_too_many_wait_the_next_one_hears_so_at_once(live: LiveChain, held: Held) -> None:
    live._takes_s = 0.0  # only the number counts
    futures = [live.submit(NORTH) for _ in range(MOST_PENDING)]
    with pytest.raises(Busy, match="try again"):
        live.submit(NORTH)
    held.free.set()
    for future in futures:
        future.result(PATIENCE_S)
    until(lambda: live.pending == 0)
    assert live.invoke(NORTH).id


def test_nobody_is_let_in_for_a_wait_that_is_too_long(live: LiveChain, held: Held) -> None:
    live._takes_s = 0.5
    futures = [live.submit(NORTH) for _ in range(3)]
    with pytest.raises(Busy):
        live.submit(NORTH)
    futures.append(live.submit(NORTH, longest_wait_s=1.0))
    held.free.set()
    for future in futures:
        future.result(PATIENCE_S)


def test_f26_a_question_that_is_cancelled_frees_its_place(live: LiveChain, held: Held) -> None:
    running = [live.submit(NORTH) for _ in range(2)]
    for _ in running:
        assert held.begun.acquire(timeout=PATIENCE_S)
    waiting = live.submit(NORTH)
    assert live.pending == 3
    assert waiting.cancel()
    assert live.pending == 2
    held.free.set()
    for future in running:
        future.result(PATIENCE_S)


def test_a_failed_answer_frees_its_place(live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Answer:
        raise OSError("disk gone")

    monkeypatch.setattr(GuideChain, "finish", fail)
    with pytest.raises(OSError, match="disk gone"):
        live.invoke(NORTH)
    until(lambda: live.pending == 0)


def test_a_page_does_not_wait_for_ever(
    live: LiveChain, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.answer.live.PATIENCE_S", 0.01)
    with pytest.raises(Busy):
        live.invoke(NORTH)


def test_closed_it_takes_nobody_and_leaves_nothing_on_disk(
    compass: CompassEmbeddings, private_copies: Path, small_corpus: Path, settings: IndexSettings
) -> None:
    build(settings)
    live = LiveChain(settings)
    live.close()
    assert list(private_copies.glob("glute-guide-*")) == []
    with pytest.raises(Busy):
        live.submit(NORTH)
    assert live.pending == 0


def test_answers_made_side_by_side_are_the_answers_made_one_by_one(
    article_index_home: Path,
) -> None:
    home = article_index_home
    settings = IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    live = LiveChain(settings)
    try:
        with live.lease() as chain:
            questions = [p.questions[0] for p in chain.index.passages if p.questions][:24]
            alone = [chain.invoke(question) for question in questions]
        with ThreadPoolExecutor(8) as visitors:
            together = list(visitors.map(live.invoke, questions))
        free = {"id": True, "timings_ms": True}
        assert [a.model_dump(exclude=free) for a in together] == [
            a.model_dump(exclude=free) for a in alone
        ]
    finally:
        live.close()


def test_doors_share_the_one_of_the_process(
    compass: CompassEmbeddings, small_corpus: Path, settings: IndexSettings
) -> None:
    build(settings)
    current_chain.cache_clear()
    live = current_chain()
    assert live is current_chain()
    live.close()
    current_chain.cache_clear()
