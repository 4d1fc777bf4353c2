"""A question in, ranked passages out: arithmetic on a compass, and the real model's ranking."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.chunk import Passage, Span
from index.claim import ClaimLink
from index.config import PACKAGED_MODEL, IndexSettings
from index.errors import IndexDamaged, IndexMissing, IndexStale
from index.page import Source
from index.retrieve import (
    WEIGHTS,
    Hit,
    Index,
    PassageRetriever,
    as_document,
    changed_since,
    open_index,
)
from index.store import MANIFEST, current_folder, digests, read_manifest
from tests.conftest import COMPASS, SMALL_CORPUS, CompassEmbeddings, write_files

NORTH, SOUTH, EAST, WEST = range(4)
"""The passages of the small corpus, in reading order."""


@pytest.fixture(scope="module")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the small corpus, built once; copied by those who damage it."""
    home = tmp_path_factory.mktemp("built")
    write_files(home / "corpus", SMALL_CORPUS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build.open_embeddings", lambda *_, **__: CompassEmbeddings())
        build(
            IndexSettings(
                home=home / "home", corpus=home / "corpus", embedding_model=PACKAGED_MODEL
            )
        )
    return home


@pytest.fixture
def built(built_home: Path, settings: IndexSettings, compass: CompassEmbeddings) -> IndexSettings:
    """The settings of a copy of that home."""
    shutil.copytree(built_home / "home", settings.home)
    shutil.copytree(built_home / "corpus", settings.corpus)
    return settings


@pytest.fixture
def index(built: IndexSettings) -> Iterator[Index]:
    with open_index(built) as index:
        yield index


def search(index: Index, question: str, count: int = 8) -> list[Hit]:
    return index.search(question, index.encode(question), count)


# Ranking


@pytest.mark.parametrize(
    ("word", "number"), [("north", NORTH), ("south", SOUTH), ("east", EAST), ("west", WEST)]
)
def test_the_passage_in_the_direction_of_the_question_comes_first(
    index: Index, word: str, number: int
) -> None:
    assert word in COMPASS
    hits = search(index, f"Where is {word}?")
    assert hits[0].number == number
    assert hits[0].passage is index.passages[number]


def test_a_hit_tells_the_cosine_of_question_passage_and_each_sentence(index: Index) -> None:
    """Northeast lies at 45 degrees from north and from east."""
    half = 0.5**0.5
    hits = {hit.number: hit for hit in search(index, "northeast")}
    assert hits[NORTH].question == pytest.approx(half, abs=1e-6)
    assert hits[NORTH].whole == pytest.approx(half, abs=1e-6)
    assert hits[NORTH].sentences == pytest.approx([half] * 4, abs=1e-6)
    assert hits[SOUTH].whole == pytest.approx(-half, abs=1e-6)
    assert hits[SOUTH].question == 0


def test_a_passage_without_banked_questions_has_none_that_is_near(index: Index) -> None:
    assert index.passages[WEST].questions == ()
    (hit,) = search(index, "west", count=1)
    assert (hit.number, hit.question) == (WEST, 0)
    assert hit.whole == pytest.approx(1, abs=1e-6)


def test_the_score_is_the_weighted_sum_of_four_signals(index: Index) -> None:
    """`eastward` points east, and is no word of the corpus; `east` is one."""
    (by_vector,) = search(index, "eastward", count=1)
    (by_both,) = search(index, "east", count=1)
    assert (by_vector.keyword, by_both.keyword) == (0, 1)
    three = WEIGHTS["question"] + WEIGHTS["passage"] + WEIGHTS["sentence"]
    assert by_vector.score == pytest.approx(three, abs=1e-6)
    assert by_both.score == pytest.approx(three + WEIGHTS["keyword"], abs=1e-6)


def test_one_passage_can_be_asked_how_well_it_fits(index: Index) -> None:
    (found,) = search(index, "eastward", count=1)
    assert index.hit("sunrise#going-east", index.encode("eastward")) == found


def test_keywords_find_what_no_vector_is_near(index: Index) -> None:
    east = index.encode("east")
    hits = {hit.number: hit for hit in index.search("the star and maps", east)}
    assert hits[NORTH].keyword == 1
    assert 0 < hits[SOUTH].keyword < 1
    assert hits[EAST].keyword == 0


def test_hits_come_best_first_and_equals_in_reading_order(index: Index) -> None:
    """North and south both lie at right angles to east."""
    hits = search(index, "eastward")
    assert [hit.number for hit in hits] == [EAST, NORTH, SOUTH, WEST]
    assert hits[1].score == hits[2].score


@pytest.mark.parametrize("count", [0, 1, 2, 8])
def test_no_more_hits_than_asked_for_come_back(index: Index, count: int) -> None:
    assert len(search(index, "north", count)) == min(count, 4)


def test_searching_twice_finds_the_same(index: Index) -> None:
    assert search(index, "northeast star") == search(index, "northeast star")


def test_outside_is_the_cosine_of_the_nearest_question_that_nothing_answers(index: Index) -> None:
    assert index.outside(index.encode("southwest")) == pytest.approx(1, abs=1e-6)
    assert index.outside(index.encode("south")) == pytest.approx(0.5**0.5, abs=1e-6)
    assert index.outside(index.encode("northeast")) == 0


def test_a_question_outside_is_never_a_hit(index: Index) -> None:
    assert {hit.number for hit in search(index, "southwest")} <= {NORTH, SOUTH, EAST, WEST}


def test_without_questions_outside_nothing_is_near_them(
    settings: IndexSettings, compass: CompassEmbeddings, small_corpus: Path
) -> None:
    (small_corpus / "outside.yaml").unlink()
    build(settings)
    with open_index(settings) as index:
        assert index.outside(index.encode("southwest")) == 0


def test_passages_are_found_by_their_id(index: Index) -> None:
    assert index.passage("sunrise#going-east") is index.passages[EAST]
    assert index.passage("sunrise#going-up") is None


def test_references_are_those_of_the_bibliography(index: Index) -> None:
    assert index.references["ptolemy150"].title == "Geography"


def test_studies_on_a_claim_are_found_by_its_words(index: Index) -> None:
    north = index.passages[NORTH]
    link = ClaimLink("upright#going-north", "by the star", "sunrise#going-east", "nuances")
    assert index.studies_on(north, north.sentences[0]) == [link]
    assert index.studies_on(north, north.sentences[1]) == []
    assert index.studies_on(index.passages[EAST], north.sentences[0]) == []


def test_studies_on_a_claim_in_the_second_part_of_a_long_section_are_found(
    settings: IndexSettings, compass: CompassEmbeddings, small_corpus: Path
) -> None:
    page = SMALL_CORPUS["pages/sunset.md"] + "\n" + "Go west. " * 5 + "Go by the moon, west.\n"
    claim = "- claim: sunset#going-west\n  words: by the moon\n"
    claim += "  studies: sunrise#going-east\n  relation: contradicts\n"
    write_files(small_corpus, {"pages/sunset.md": page, "claims.yaml": claim})
    build(settings)
    with open_index(settings) as index:
        second = index.passage("sunset#going-west-2")
        assert second is not None
        assert len(index.studies_on(second, second.sentences[-1])) == 1


# Opening


def test_an_open_index_knows_its_manifest_and_its_model(index: Index, built: IndexSettings) -> None:
    assert index.manifest == read_manifest(current_folder(built))
    assert index.model.name == PACKAGED_MODEL


def test_opening_and_searching_never_changes_the_artefact(built: IndexSettings) -> None:
    before = digests(current_folder(built))
    with open_index(built) as index:
        search(index, "north")
    assert digests(current_folder(built)) == before


def test_closing_deletes_the_private_copy(built: IndexSettings, private_copies: Path) -> None:
    index = open_index(built)
    assert len(list(private_copies.iterdir())) == 1
    index.close()
    assert list(private_copies.iterdir()) == []


def test_two_may_have_one_index_open(built: IndexSettings) -> None:
    with open_index(built) as first, open_index(built) as second:
        assert search(first, "northeast") == search(second, "northeast")


def test_an_open_index_outlives_a_rebuild(built: IndexSettings) -> None:
    with open_index(built) as index:
        shutil.rmtree(built.indexes)
        assert search(index, "east")[0].number == EAST


def test_without_an_index_the_command_that_builds_one_is_named(settings: IndexSettings) -> None:
    with pytest.raises(IndexMissing, match=r": glute-guide index build$"):
        open_index(settings)


def test_another_embedding_model_makes_an_index_stale(built: IndexSettings) -> None:
    folder = current_folder(built)
    manifest = replace(read_manifest(folder), model_digest="0" * 64)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)), "utf-8")
    with pytest.raises(IndexStale, match="another embedding model"):
        open_index(built)


def test_missing_passages_are_damage(built: IndexSettings, private_copies: Path) -> None:
    folder = current_folder(built)
    manifest = replace(read_manifest(folder), passages=5)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)), "utf-8")
    with pytest.raises(IndexDamaged, match="passages are missing"):
        open_index(built)
    assert list(private_copies.iterdir()) == []


# Damage


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def halve(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_first(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])


def flip_last(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def remove(path: Path) -> None:
    path.unlink()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def dangle(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


OF_ANY = [lengthen, remove, make_folder, dangle]
DAMAGES = [truncate, halve, empty, flip_first, flip_last, *OF_ANY]
"""Chroma has empty files, too, of which nothing can be cut."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_any_file_is_found_and_the_file_is_named(
    built: IndexSettings, damage: Callable[[Path], None]
) -> None:
    folder = current_folder(built)
    names = sorted(read_manifest(folder).files)
    assert len(names) > 4
    pristine = folder.parent.parent / "pristine"
    folder.rename(pristine)
    damaged = 0
    for name in names:
        shutil.copytree(pristine, folder)
        if (folder / name).stat().st_size or damage in OF_ANY:
            damage(folder / name)
            damaged += 1
            with pytest.raises(IndexDamaged) as found:
                open_index(built)
            assert name in str(found.value)
            assert str(found.value).endswith(": glute-guide index build")
        shutil.rmtree(folder)
    assert damaged > 3


@pytest.mark.parametrize("name", ["more.txt", "chroma/more", "chroma/more/deep.bin", ".hidden"])
def test_a_file_that_does_not_belong_to_an_index_is_named(built: IndexSettings, name: str) -> None:
    write_files(current_folder(built), {name: "x"})
    with pytest.raises(IndexDamaged, match=f"{name} does not belong to it"):
        open_index(built)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_manifest_never_opens(
    built: IndexSettings, damage: Callable[[Path], None]
) -> None:
    path = current_folder(built) / MANIFEST
    path.write_bytes(path.read_bytes().rstrip())  # else it may be the line end that goes
    damage(path)
    with pytest.raises((IndexDamaged, IndexStale)) as found:
        open_index(built)
    assert str(found.value).endswith(": glute-guide index build")


@pytest.mark.parametrize("pointer", ["", "gone", "..", "../home", "/"])
def test_a_damaged_pointer_is_damage(built: IndexSettings, pointer: str) -> None:
    built.pointer.write_text(pointer, "utf-8")
    with pytest.raises(IndexDamaged, match=r": glute-guide index build$"):
        open_index(built)


def test_a_missing_index_folder_is_damage(built: IndexSettings) -> None:
    shutil.rmtree(built.indexes)
    with pytest.raises(IndexDamaged, match=r": glute-guide index build$"):
        open_index(built)


# The corpus since


def test_nothing_has_changed_since_the_build(built: IndexSettings, index: Index) -> None:
    assert changed_since(built, index.manifest) == []


def test_what_was_added_changed_or_removed_since_the_build_is_named(
    built: IndexSettings, index: Index
) -> None:
    write_files(built.corpus, {"pages/new.md": "new", "outside.yaml": "changed"})
    (built.corpus / "evidence" / "sunrise.md").unlink()
    assert changed_since(built, index.manifest) == [
        "evidence/sunrise.md",
        "outside.yaml",
        "pages/new.md",
    ]


def test_an_index_is_usable_where_its_corpus_is_not(built: IndexSettings, index: Index) -> None:
    shutil.rmtree(built.corpus)
    assert changed_since(built, index.manifest) == []


# As a LangChain retriever


def test_the_retriever_gives_documents_best_first(index: Index) -> None:
    documents = PassageRetriever(index=index, count=2).invoke("How do I go north?")
    assert len(documents) == 2
    assert documents[0] == as_document(index.passages[NORTH])


def test_a_document_brings_everything_that_a_citation_needs(index: Index) -> None:
    document = as_document(index.passages[SOUTH])
    assert document.id == "upright#going-south"
    assert document.page_content == index.passages[SOUTH].text
    assert document.metadata == {
        "document": "upright",
        "title": "Up and down",
        "authors": ["Ada Miller"],
        "year": 2021,
        "kind": "article",
        "section": "The upright way › Going south",
        "spans": [(0, 29), (30, 57)],
        "references": ["idrisi1154", "ptolemy150"],
    }
    json.dumps(document.metadata)


def test_the_spans_of_a_document_slice_its_text(index: Index) -> None:
    for passage in index.passages:
        document = as_document(passage)
        sliced = [document.page_content[start:end] for start, end in document.metadata["spans"]]
        assert tuple(sliced) == passage.sentences


def test_a_passage_without_a_year_has_none() -> None:
    source = Source("p", "P", "page", ("A",), "in press", "s", "l")
    passage = Passage("p#a", source, "A", "Text.", (Span(0, 5),), ())
    assert as_document(passage).metadata["year"] is None


def test_the_retriever_understands_gym_talk(index: Index) -> None:
    assert SMALL_CORPUS["slang.yaml"] == "Up top: north\n"
    (document,) = PassageRetriever(index=index, count=1).invoke("which way is up top?")
    assert document.id == "upright#going-north"


# The real model on the real article

QUESTIONS = [
    ("how far should my feet be from the bench?", "how-far-the-feet-are-from-the-bench"),
    ("I only feel it in my quads, what am I doing wrong?", "feeling-it-in-the-quads"),
    ("my hamstrings take over", "feeling-it-in-the-hamstrings"),
    ("where do I look, and what about my chin?", "head-neck-and-chin"),
    ("do the knees go out or in?", "knees-out"),
    ("what does the gluteus medius do?", "gluteus-medius"),
    ("smallest muscle of the butt", "gluteus-minimus"),
    ("can I overdo it and hurt a tendon?", "gluteal-tendinopathy"),
    ("when do I breathe in and when out?", "breathing-and-bracing"),
    ("what kit do I need?", "equipment-for-a-hip-thrust"),
    ("is a glute bridge the same as a hip thrust?", "hip-thrust-or-glute-bridge"),
    ("how should I warm up?", "warm-up-before-hip-thrusts"),
    ("I've never done one, where do I start?", "where-beginners-start"),
]


@pytest.mark.parametrize(("question", "anchor"), QUESTIONS)
def test_the_real_model_finds_the_passage_that_answers(
    article_index: Index, question: str, anchor: str
) -> None:
    """Among the first three: the weights are tuned elsewhere, and neighbours are close."""
    retriever = PassageRetriever(index=article_index, count=3)
    assert f"hip-thrust#{anchor}" in [document.id for document in retriever.invoke(question)]


@pytest.mark.parametrize("question", [q for q, _ in QUESTIONS[:3]])
def test_a_typo_in_a_question_changes_little(article_index: Index, question: str) -> None:
    typed = question.replace("bench", "bnech").replace("quads", "qauds").replace("ham", "hma")
    assert typed != question
    retriever = PassageRetriever(index=article_index, count=1)
    assert retriever.invoke(typed) == retriever.invoke(question)


def test_a_banked_question_finds_its_own_passage(article_index: Index) -> None:
    missed = []
    for passage in article_index.passages:
        question = passage.questions[0]
        hits = article_index.search(question, article_index.encode(question), 4)
        if passage.id not in [hit.passage.id for hit in hits]:
            missed.append((question, hits[0].passage.id))
    assert missed == []


def test_a_question_that_nothing_answers_is_nearer_to_the_outside(article_index: Index) -> None:
    vector = article_index.encode("How much does a hip thrust bench cost?")
    assert article_index.outside(vector) > 0.95
    assert article_index.outside(article_index.encode("how wide do I set my feet?")) < 0.8


def test_hits_of_the_real_index_are_finite_and_sorted(article_index: Index) -> None:
    hits = article_index.search("knees", article_index.encode("knees"), 8)
    scores = np.asarray([hit.score for hit in hits])
    assert np.isfinite(scores).all()
    assert (np.diff(scores) <= 0).all()
    assert all(len(hit.sentences) == len(hit.passage.spans) for hit in hits)


def test_a_corpus_that_cannot_be_read_is_not_compared(
    built: IndexSettings, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer goes on; `index build` and `doctor` name the file."""

    def fail(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("index.build.digest_of", fail)
    assert changed_since(built, index.manifest) == []
