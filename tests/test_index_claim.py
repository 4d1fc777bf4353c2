"""Claims of the article and the studies that question them: both ends must be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.claim import ClaimLink, load_claims
from index.errors import CorpusError

TEXTS = {"way#north": ["North is up.", "The star shows it."], "map#north": ["Some maps differ."]}
LINK = {
    "claim": "way#north",
    "words": "star shows",
    "studies": "map#north",
    "relation": "nuances",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "claims.yaml"


def row(**changes: str) -> str:
    return "\n  ".join(f"{k}: {v}" for k, v in {**LINK, **changes}.items()).join(("- ", "\n"))


def refused(file: Path, text: str) -> CorpusError:
    file.write_text(text, "utf-8")
    with pytest.raises(CorpusError) as found:
        load_claims(file, TEXTS)
    assert found.value.path == file
    return found.value


def test_a_link_joins_the_words_of_a_claim_with_its_studies(file: Path) -> None:
    file.write_text(row() + row(relation="contradicts", words="is up"), "utf-8")
    assert load_claims(file, TEXTS) == (
        ClaimLink("way#north", "star shows", "map#north", "nuances"),
        ClaimLink("way#north", "is up", "map#north", "contradicts"),
    )


def test_without_a_file_there_are_no_links(file: Path) -> None:
    assert load_claims(file, TEXTS) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (row() + "- claim: way#north\n", "link 2 needs exactly claim, relation, studies, words."),
        (row() + "  note: x\n", "link 1 needs exactly claim, relation, studies, words."),
        ("- just words\n", "link 1 needs exactly claim, relation, studies, words."),
        ("claim: way#north\n", "link 1 needs exactly claim, relation, studies, words."),
        ("", "link 1 needs exactly claim, relation, studies, words."),
        (row(claim="way#south"), "link 1: there is no passage 'way#south'."),
        (row(studies="map"), "link 1: there is no passage 'map'."),
        (row(words="moon"), "link 1: 'moon' does not stand in way#north."),
        (row(words="up. The star"), "link 1: 'up. The star' does not stand in way#north."),
        (row(relation="supports"), "link 1: relation is contradicts or nuances."),
    ],
)
def test_a_bad_link_is_named_by_its_number(file: Path, text: str, problem: str) -> None:
    assert refused(file, text).problem == problem


def test_links_that_are_not_yaml_are_refused_at_their_line(file: Path) -> None:
    error = refused(file, row() + "- claim: [\n")
    assert error.problem == "the links are not YAML."
    assert error.line == 6


@pytest.mark.parametrize(
    "changes",
    [{"claim": "[way#north]"}, {"studies": "{a: b}"}, {"words": "7"}, {"words": "''"}],
)
def test_a_link_holds_words_only(file: Path, changes: dict[str, str]) -> None:
    refused(file, row(**changes))
