"""What every test stands on: no network, no developer's settings, a model one can do in
the head, a small corpus, and the real index of the article."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from langchain_core.embeddings import Embeddings

from app.answer import GuideChain, LiveChain, open_chain
from index.build import build
from index.config import PACKAGED_MODEL, IndexSettings, index_settings
from index.retrieve import Index, open_index
from index.verify import verify

# No clock: an example may take its time, and every run tries the same examples.
hypothesis.settings.register_profile("guide", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("guide")

REPOSITORY = Path(__file__).parents[1]

COMPASS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}


class CompassEmbeddings(Embeddings):
    """A text points where its compass words point: "north" to (0, 1), "east" to (1, 0).

    Several words add up: "northeast" and "north, then east" both point to (1, 1).
    """

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        words = re.findall("|".join(COMPASS), text.lower())
        if not words:
            raise ValueError(f"this text has no compass word: {text!r}")
        x, y = (sum(COMPASS[word][axis] for word in words) for axis in (0, 1))
        return [float(x), float(y)]


@pytest.fixture(autouse=True)
def _nobodys_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No test sees the developer's settings, index or corpus."""
    for name in [name for name in os.environ if name.startswith("GLUTE_GUIDE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GLUTE_GUIDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GLUTE_GUIDE_CORPUS", str(tmp_path / "corpus"))
    index_settings.cache_clear()
    yield
    index_settings.cache_clear()


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """The settings of a test: home and corpus in its own folder."""
    return IndexSettings(
        home=tmp_path / "home", corpus=tmp_path / "corpus", embedding_model=PACKAGED_MODEL
    )


@pytest.fixture
def private_copies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which open indexes keep their private copies."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def compass(monkeypatch: pytest.MonkeyPatch) -> CompassEmbeddings:
    """Builds and questions use the compass; a build is checked in this process."""
    embeddings = CompassEmbeddings()
    monkeypatch.setattr("index.build.open_embeddings", lambda *_, **__: embeddings)
    monkeypatch.setattr("index.retrieve.open_embeddings", lambda *_, **__: embeddings)
    monkeypatch.setattr("index.build.verify_in_child", verify)
    return embeddings


def front_matter(
    name: str,
    title: str,
    kind: str = "page",
    authors: str = "[Ada Miller]",
    published: str = "2021-03-04",
) -> str:
    """Ten lines: the page's first heading goes to line 11."""
    return (
        f"---\nid: {name}\ntitle: {title}\nkind: {kind}\nauthors: {authors}\n"
        f"published: {published}\nsource: a test\nlicense: free\n---\n\n"
    )


def reference(key: str, title: str = "A study", **custom: str) -> dict[str, Any]:
    """An entry of a bibliography; keywords change what is special to this project."""
    return {
        "id": key,
        "type": "article-journal",
        "title": title,
        "author": [{"family": "Miller", "given": "A"}, {"literal": "The Walkers"}],
        "issued": {"date-parts": [[2015, 3]]},
        "container-title": "Journal of Ways",
        "DOI": "10.1234/ways.7",
        "custom": {
            "design": "RCT",
            "population": "Twelve walkers",
            "caveat": "Few walkers.",
            "figures": "source",
            **custom,
        },
    }


SMALL_CORPUS = {
    "README.md": "For people only.\n",
    "article/upright.md": front_matter("upright", "Up and down", "article")
    + """# The upright way

## Going north

You go north by the star. North is up on most maps [@ptolemy150].

1. Face north.
2. Walk north.

## Going south

You go south by the noon sun. South is down on most maps [@ptolemy150; @idrisi1154].
""",
    "article/upright.questions.yaml": """going-north:
  - "How do I go north?"
  - "Which star shows north?"
going-south:
  - "How do I go south?"
""",
    "evidence/sunrise.md": front_matter("sunrise", "Where the sun rises", "evidence")
    + """## Going east

The sun rises in the east [@idrisi1154].
""",
    "evidence/sunrise.questions.yaml": """going-east:
  - "How do I go east?"
""",
    "pages/sunset.md": front_matter("sunset", "Where the sun sets")
    + """## Going west

The sun sets in the west.
""",
    "references.json": json.dumps(
        [
            reference("ptolemy150", "Geography", design="narrative review"),
            reference("idrisi1154", "The Book of Roger", design="cohort"),
        ],
        indent=2,
    ),
    "claims.yaml": """- claim: upright#going-north
  words: by the star
  studies: sunrise#going-east
  relation: nuances
""",
    "slang.yaml": "Up top: north\n",
    "outside.yaml": """between the ways:
  - "What lies southwest?"
""",
}
"""Four ways, each with a page or a section of its own; nothing lies in the southwest."""


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write texts by their paths; returns the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def small_corpus(settings: IndexSettings) -> Path:
    """A corpus of three pages with four passages, where the settings expect it."""
    return write_files(settings.corpus, SMALL_CORPUS)


@pytest.fixture(scope="session")
def article_index_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real index of the article, by the real model; its corpus is inside."""
    home = tmp_path_factory.mktemp("article")
    shutil.copytree(REPOSITORY / "corpus" / "article", home / "corpus" / "article")
    shutil.copy(REPOSITORY / "corpus" / "outside.yaml", home / "corpus" / "outside.yaml")
    build(IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL))
    return home


@pytest.fixture(scope="session")
def article_index(article_index_home: Path) -> Iterator[Index]:
    """The real index of the article, open."""
    home = article_index_home
    settings = IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    with open_index(settings) as index:
        yield index


@pytest.fixture(scope="session")
def whole_index_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real index of the whole corpus, by the real model; its corpus is inside."""
    home = tmp_path_factory.mktemp("whole")
    shutil.copytree(REPOSITORY / "corpus", home / "corpus")
    if (built := REPOSITORY / ".glute-guide").is_dir():
        # Only saves time: a build takes over the vectors of texts that have not changed.
        shutil.copytree(built, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
    build(IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL))
    return home


@pytest.fixture(scope="session")
def guide(whole_index_home: Path) -> Iterator[GuideChain]:
    """The chain that users get, over the whole corpus."""
    home = whole_index_home
    settings = IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    chain = open_chain(settings)
    yield chain
    chain.index.close()


@pytest.fixture(scope="module")
def live(article_index_home: Path) -> Iterator[LiveChain]:
    """The chain that doors share, over the article alone."""
    home = article_index_home
    chain = LiveChain(
        IndexSettings(home=home, corpus=home / "corpus", embedding_model=PACKAGED_MODEL)
    )
    yield chain
    chain.close()
