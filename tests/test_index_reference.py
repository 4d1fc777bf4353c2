"""The bibliography: each entry is a study with its design, its people and its caveat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import CorpusError
from index.reference import Reference, load_references
from tests.conftest import reference


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "references.json"


def load(file: Path, *entries: Any) -> dict[str, Reference]:
    file.write_text(json.dumps(list(entries), indent=2), "utf-8")
    return load_references(file)


def refused(file: Path, text: str) -> CorpusError:
    file.write_text(text, "utf-8")
    with pytest.raises(CorpusError) as found:
        load_references(file)
    assert found.value.path == file
    return found.value


def test_an_entry_tells_who_found_what_in_whom(file: Path) -> None:
    assert load(file, reference("miller2015")) == {
        "miller2015": Reference(
            key="miller2015",
            title="A study",
            authors=("Miller A", "The Walkers"),
            year=2015,
            container="Journal of Ways",
            doi="10.1234/ways.7",
            pmid=None,
            url=None,
            design="RCT",
            population="Twelve walkers",
            caveat="Few walkers.",
            secondary=False,
        )
    }


def test_what_an_entry_may_lack_is_none(file: Path) -> None:
    entry = reference("miller2015")
    for name in ("author", "issued", "container-title", "DOI"):
        del entry[name]
    found = load(file, entry)["miller2015"]
    assert found.authors == ()
    assert (found.year, found.container, found.doi) == (None, None, None)


def test_figures_read_elsewhere_are_marked(file: Path) -> None:
    entries = reference("a", figures="source"), reference("b", figures="secondary")
    found = load(file, *entries)
    assert [found[key].secondary for key in "ab"] == [False, True]


def test_without_a_file_there_are_no_references(file: Path) -> None:
    assert load_references(file) == {}


def test_titles_people_and_caveats_hide_no_characters(file: Path) -> None:
    entry = reference("a", "A\u200b study\u202e ", population=" Ten\u200b", caveat="\u202eFew")
    found = load(file, entry)["a"]
    assert (found.title, found.population, found.caveat) == ("A study", "Ten", "Few")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[\n  {"id": "a"},\n  {"id": "b"\n', 4, "not JSON: "),
        ("", 1, "not JSON: "),
        ('{"id": "a"}', 1, "a bibliography is a list of entries."),
        ('[{"title": "B"}]', None, "entry 1 has no id."),
        ('[{"id": 7}]', None, "entry 1 has no id."),
        ('[{"id": ""}]', None, "entry 1 has no id."),
        ('["a"]', None, "entry 1 has no id."),
        ('[\n  {"id": "a"}\n]', 2, "a: there is no 'custom' with"),
    ],
)
def test_a_bad_bibliography_is_refused(
    file: Path, text: str, line: int | None, problem: str
) -> None:
    error = refused(file, text)
    assert error.line == line
    assert error.problem.startswith(problem)


def test_a_bibliography_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes('[\n{"id": "m\u00fcller"}]'.encode("latin-1"))
    with pytest.raises(CorpusError, match="not UTF-8") as found:
        load_references(file)
    assert found.value.line == 2


def test_a_duplicate_key_is_refused_at_its_second_line(file: Path) -> None:
    entries = [reference(key) for key in ("a", "b", "a")]
    text = json.dumps(entries, indent=2)
    lines = [n for n, line in enumerate(text.split("\n"), 1) if '"id": "a"' in line]
    error = refused(file, text)
    assert error.problem == "the key 'a' is used twice."
    assert error.line == lines[1]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"custom": None}, "there is no 'custom'"),
        ({"type": "blog"}, "type must be one of article-journal"),
        ({"title": ""}, "there is no title."),
        ({"title": 7}, "there is no title."),
        ({"author": "A. Miller"}, "author must be a list of names."),
        ({"author": ["A. Miller"]}, "author must be a list of names."),
        ({"issued": {}}, "issued has no year"),
        ({"issued": {"date-parts": []}}, "issued has no year"),
        ({"issued": {"date-parts": [["in press"]]}}, "issued has no year"),
        ({"issued": "2015"}, "issued has no year"),
        ({"DOI": "https://doi.org/10.1234/ways.7"}, "the DOI 'https://doi.org/10"),
        ({"DOI": "10.1234/ways 7"}, "the DOI '10.1234/ways 7' is not well formed."),
        ({"PMID": "PMC123"}, "the PMID 'PMC123' is not well formed."),
        ({"PMID": 123}, "the PMID '123' is not well formed."),
        ({"URL": "javascript:alert(1)"}, "the URL 'javascript:alert(1)' is not well formed."),
    ],
)
def test_a_bad_field_is_named_with_its_key_and_line(
    file: Path, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CorpusError) as found:
        load(file, {**reference("miller2015"), **changes})
    assert found.value.problem.startswith(f"miller2015: {problem}")
    assert found.value.line == 3


@pytest.mark.parametrize(
    ("custom", "problem"),
    [
        ({"design": "blog"}, "design must be one of meta-analysis"),
        ({"figures": "guessed"}, "figures must be 'source' or 'secondary'."),
        ({"population": " "}, "there is no population."),
        ({"caveat": ""}, "there is no caveat."),
        ({"caveat": "\u200b"}, "there is no caveat."),
    ],
)
def test_a_study_without_design_people_or_caveat_is_refused(
    file: Path, custom: dict[str, str], problem: str
) -> None:
    with pytest.raises(CorpusError) as found:
        load(file, reference("miller2015", **custom))
    assert found.value.problem.startswith(f"miller2015: {problem}")


@pytest.mark.parametrize(
    "changes",
    [
        {"author": [{"family": 7}]},
        {"author": [{"literal": 7}]},
        {"container-title": ["Journal of Ways"]},
    ],
)
def test_names_that_are_no_text_are_refused(file: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(CorpusError):
        load(file, {**reference("miller2015"), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"author": [{"literal": "The\u202e Walkers"}]},
        {"container-title": "Journal\u200b"},
        {"URL": "https://example.org/\u202ea"},
    ],
)
def test_names_and_addresses_hide_no_characters(file: Path, changes: dict[str, Any]) -> None:
    found = load(file, {**reference("miller2015"), **changes})["miller2015"]
    shown = "".join([*found.authors, found.container or "", found.url or ""])
    assert not {"\u202e", "\u200b"} & set(shown)
