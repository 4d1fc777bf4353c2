"""A corpus folder: every way in which it can be bad is named by file, and by line if it has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.bank import Banked
from index.errors import CorpusError
from index.load import corpus_files, load_corpus, load_page
from tests.conftest import SMALL_CORPUS, front_matter, write_files

NO_LIST = (
    "'going-north' must hold a list of questions, each alone or after one of yes, no, not quite, "
    "unclear."
)


def refused(corpus: Path, name: str, text: str) -> CorpusError:
    """The error that the small corpus gives once this file reads so."""
    write_files(corpus, {name: text})
    with pytest.raises(CorpusError) as found:
        load_corpus(corpus)
    return found.value


def changed(name: str, old: str, new: str) -> str:
    """A file of the small corpus with one thing changed."""
    assert old in SMALL_CORPUS[name]
    return SMALL_CORPUS[name].replace(old, new)


# What is read


def test_a_corpus_is_its_pages_its_bibliography_and_what_it_does_not_answer(
    small_corpus: Path,
) -> None:
    corpus = load_corpus(small_corpus)
    assert [page.source.id for page in corpus.pages] == ["upright", "sunrise", "sunset"]
    assert set(corpus.references) == {"ptolemy150", "idrisi1154"}
    assert corpus.references["ptolemy150"].title == "Geography"
    assert [link.words for link in corpus.claims] == ["by the star"]
    assert corpus.slang == {"up top": "north"}
    assert corpus.outside == ("What lies southwest?",)


def test_a_page_has_its_question_bank(small_corpus: Path) -> None:
    page = load_page(small_corpus / "article" / "upright.md")
    assert page.questions == {
        "going-north": (Banked("How do I go north?"), Banked("Which star shows north?")),
        "going-south": (Banked("How do I go south?"),),
    }


def test_a_page_of_an_owner_may_do_without_a_question_bank(small_corpus: Path) -> None:
    assert load_page(small_corpus / "pages" / "sunset.md").questions == {}


def test_a_page_of_an_owner_may_bank_questions_for_some_passages_only(small_corpus: Path) -> None:
    page = small_corpus / "pages" / "sunset.md"
    page.write_text(page.read_text("utf-8") + "\n## Going further west\n\nWest of it.\n", "utf-8")
    bank = {"pages/sunset.questions.yaml": "going-west:\n  - How do I go west?\n"}
    write_files(small_corpus, bank)
    assert load_page(page).questions == {"going-west": (Banked("How do I go west?"),)}


def test_every_file_that_counts_is_listed_and_no_other(small_corpus: Path) -> None:
    write_files(small_corpus, {"notes.txt": "no", "article/README.md": "no", "x.yaml": "no"})
    files = [path.relative_to(small_corpus).as_posix() for path in corpus_files(small_corpus)]
    assert files == sorted(set(SMALL_CORPUS) - {"README.md"})
    assert load_corpus(small_corpus).files == tuple(corpus_files(small_corpus))


def test_bibliography_links_and_outside_questions_may_be_absent(tmp_path: Path) -> None:
    page = front_matter("west", "West") + "# West\n\nThe sun sets there.\n"
    corpus = load_corpus(write_files(tmp_path / "c", {"west.md": page}))
    assert corpus.references == {}
    assert corpus.claims == ()
    assert corpus.slang == {}
    assert corpus.outside == ()


def test_banked_questions_lose_blanks_and_what_nobody_sees(small_corpus: Path) -> None:
    bank = 'going-east:\n  - "  How do\u200b I go\u202e east? "\n'
    write_files(small_corpus, {"evidence/sunrise.questions.yaml": bank})
    page = load_page(small_corpus / "evidence" / "sunrise.md")
    assert page.questions == {"going-east": (Banked("How do I go east?"),)}


def test_a_banked_question_may_say_how_its_answer_opens(small_corpus: Path) -> None:
    bank = (
        "going-east:\n  - yes: Does the sun rise there?\n  - no: Is it far?\n"
        '  - not quite: "Is it flat?"\n  - unclear: Is it warm?\n  - How far is it?\n'
    )
    write_files(small_corpus, {"evidence/sunrise.questions.yaml": bank})
    page = load_page(small_corpus / "evidence" / "sunrise.md")
    assert page.questions["going-east"] == (
        Banked("Does the sun rise there?", "yes"),
        Banked("Is it far?", "no"),
        Banked("Is it flat?", "not quite"),
        Banked("Is it warm?", "unclear"),
        Banked("How far is it?"),
    )


def test_an_anchor_of_digits_is_a_name_like_any_other(small_corpus: Path) -> None:
    page = changed("evidence/sunrise.md", "## Going east", "## 2015")
    bank = changed("evidence/sunrise.questions.yaml", "going-east", "2015")
    write_files(
        small_corpus, {"evidence/sunrise.md": page, "evidence/sunrise.questions.yaml": bank}
    )
    assert load_page(small_corpus / "evidence" / "sunrise.md").questions == {
        "2015": (Banked("How do I go east?"),)
    }


def test_a_heading_without_text_needs_no_questions(small_corpus: Path) -> None:
    assert "The upright way" in SMALL_CORPUS["article/upright.md"]
    assert "the-upright-way" not in SMALL_CORPUS["article/upright.questions.yaml"]
    load_corpus(small_corpus)


# The folder


def test_a_missing_corpus_folder_is_named_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as found:
        load_corpus(tmp_path / "nowhere")
    assert found.value.path == tmp_path / "nowhere"
    assert "GLUTE_GUIDE_CORPUS" in found.value.problem


def test_a_corpus_without_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no page"):
        load_corpus(write_files(tmp_path / "c", {"README.md": "Hello."}))


def test_a_malformed_page_is_refused_by_the_whole_corpus(small_corpus: Path) -> None:
    error = refused(small_corpus, "pages/new.md", front_matter("new", "New") + "Text.\n")
    assert (error.path, error.line) == (small_corpus / "pages" / "new.md", 11)


def test_a_duplicate_id_names_both_pages(small_corpus: Path) -> None:
    page = front_matter("upright", "Another") + "# West\n\nWest.\n"
    error = refused(small_corpus, "pages/another.md", page)
    assert error.path == small_corpus / "pages" / "another.md"
    assert error.line == 1
    first = small_corpus / "article" / "upright.md"
    assert error.problem == f"the id 'upright' is taken by {first}."


def test_a_page_that_cannot_be_read_is_named(small_corpus: Path) -> None:
    """Such as `.#page.md`, the link that an editor leaves beside a page being edited."""
    (small_corpus / "pages" / "gone.md").symlink_to("nowhere")
    with pytest.raises(CorpusError, match=r"gone\.md"):
        load_corpus(small_corpus)


# References


def test_a_reference_without_an_entry_is_refused_at_its_line(small_corpus: Path) -> None:
    page = changed("evidence/sunrise.md", "@idrisi1154", "@nobody2020")
    error = refused(small_corpus, "evidence/sunrise.md", page)
    assert error.path == small_corpus / "evidence" / "sunrise.md"
    assert error.line == 13
    assert error.problem == "the reference [@nobody2020] has no entry in references.json."


def test_without_a_bibliography_no_reference_has_an_entry(small_corpus: Path) -> None:
    (small_corpus / "references.json").unlink()
    with pytest.raises(CorpusError, match=r"the reference \[@ptolemy150\] has no entry"):
        load_corpus(small_corpus)


def test_a_bad_bibliography_is_refused(small_corpus: Path) -> None:
    error = refused(small_corpus, "references.json", '[\n  {"id": "a"},\n')
    assert (error.path, error.line) == (small_corpus / "references.json", 3)


def test_a_bad_link_from_a_claim_is_refused(small_corpus: Path) -> None:
    error = refused(small_corpus, "claims.yaml", changed("claims.yaml", "by the star", "by night"))
    assert error.path == small_corpus / "claims.yaml"
    assert error.problem == "link 1: 'by night' does not stand in upright#going-north."


# Gym talk


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("- noon\n", 1, "slang maps a phrase to its plain words."),
        ("", 1, "slang maps a phrase to its plain words."),
        ("up: north\nnoon: [\n", 3, "the slang is not YAML."),
        ("noon: 12\n", None, "'noon' must be words and mean words."),
        ("12: noon\n", None, "'12' must be words and mean words."),
        ("noon:\n", None, "'noon' must be words and mean words."),
        ('"": noon\n', None, "'' must be words and mean words."),
    ],
)
def test_bad_slang_is_refused(
    small_corpus: Path, text: str, line: int | None, problem: str
) -> None:
    error = refused(small_corpus, "slang.yaml", text)
    assert (error.path, error.line) == (small_corpus / "slang.yaml", line)
    assert error.problem == problem


# Question banks


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (
            "going-north: [a]\ngoing-south: [b]\ngoing-down: [c]\n",
            None,
            "no passage has the anchor 'going-down'.",
        ),
        (
            "the-upright-way: [a]\ngoing-north: [a]\ngoing-south: [b]\n",
            None,
            "no passage has the anchor 'the-upright-way'.",
        ),
        ("going-north: [a]\n", None, "the passage 'going-south' has no questions."),
        (
            "going-north: [a]\ngoing-south: []\n",
            None,
            "the passage 'going-south' has no questions.",
        ),
        ("going-north:\n  - a\n  - [b\n", 4, "the question bank is not YAML."),
        ("going-north: a: b\n", 1, "the question bank is not YAML."),
        ("", 1, "a question bank maps a name to a list of questions."),
        ("# nothing yet\n", 1, "a question bank maps a name to a list of questions."),
        ("- a\n- b\n", 1, "a question bank maps a name to a list of questions."),
        ("going-north: How?\n", None, NO_LIST),
        ("going-north:\n", None, NO_LIST),
        ("going-north: [7]\n", None, NO_LIST),
        ("going-north: ['']\n", None, NO_LIST),
        ('going-north: ["\u200b "]\n', None, NO_LIST),
        ("going-north:\n  - Why: how?\n", None, NO_LIST),
        ("going-north:\n  - perhaps: Is it cold?\n", None, NO_LIST),
        ("going-north:\n  - yes: ''\n", None, NO_LIST),
        ("going-north:\n  - yes: Is it cold?\n    no: Is it warm?\n", None, NO_LIST),
    ],
)
def test_a_bad_question_bank_is_refused(
    small_corpus: Path, text: str, line: int | None, problem: str
) -> None:
    error = refused(small_corpus, "article/upright.questions.yaml", text)
    assert error.path == small_corpus / "article" / "upright.questions.yaml"
    assert error.line == line
    assert error.problem == problem


def test_a_question_bank_in_another_encoding_is_refused_at_its_line(small_corpus: Path) -> None:
    bank = small_corpus / "article" / "upright.questions.yaml"
    bank.write_bytes("going-north:\n  - N\u00f6rdlich?\n".encode("latin-1"))
    with pytest.raises(CorpusError) as found:
        load_corpus(small_corpus)
    assert (found.value.path, found.value.line) == (bank, 2)
    assert "not UTF-8" in found.value.problem


@pytest.mark.parametrize("name", ["article/upright", "evidence/sunrise"])
def test_an_article_or_evidence_without_a_question_bank_is_refused(
    small_corpus: Path, name: str
) -> None:
    bank = small_corpus / f"{name}.questions.yaml"
    bank.unlink()
    with pytest.raises(CorpusError) as found:
        load_corpus(small_corpus)
    assert found.value.path == bank
    assert found.value.problem == "this question bank is missing."


def test_a_question_bank_without_a_page_is_refused(small_corpus: Path) -> None:
    error = refused(small_corpus, "pages/sunrise.questions.yaml", "going-east: [How?]\n")
    assert error.path == small_corpus / "pages" / "sunrise.questions.yaml"
    assert error.problem == "this question bank has no page beside it."


def test_bad_outside_questions_are_refused(small_corpus: Path) -> None:
    error = refused(small_corpus, "outside.yaml", "- What lies southwest?\n")
    assert error.path == small_corpus / "outside.yaml"
    assert error.line == 1


def test_an_anchor_banked_twice_in_one_file_is_refused(small_corpus: Path) -> None:
    """Else the questions of the first are lost without a word."""
    bank = SMALL_CORPUS["article/upright.questions.yaml"] + "going-north:\n  - North again?\n"
    refused(small_corpus, "article/upright.questions.yaml", bank)


def test_a_bank_with_a_day_that_does_not_exist_is_refused(small_corpus: Path) -> None:
    refused(small_corpus, "outside.yaml", "dates:\n  - 2021-02-30\n")


def test_a_key_that_stands_twice_is_named_at_its_line(small_corpus: Path) -> None:
    bank = SMALL_CORPUS["article/upright.questions.yaml"] + "going-north:\n  - North again?\n"
    error = refused(small_corpus, "article/upright.questions.yaml", bank)
    assert (error.line, error.problem) == (6, "'going-north' stands twice.")


@pytest.mark.parametrize("text", ["[" * 5000, "a: !!timestamp b\n", "a: !!bool b\n", "? [a]\n"])
def test_odd_yaml_raises_nothing_foreign(small_corpus: Path, text: str) -> None:
    refused(small_corpus, "outside.yaml", text)


@pytest.mark.parametrize("name", ["claims.yaml", "pages/gone.questions.yaml", "references.json"])
def test_a_name_that_leads_to_no_file_is_named(small_corpus: Path, name: str) -> None:
    (small_corpus / name).unlink(missing_ok=True)
    (small_corpus / name).symlink_to("nowhere")
    with pytest.raises(CorpusError) as found:
        load_corpus(small_corpus)
    assert found.value.path == small_corpus / name
