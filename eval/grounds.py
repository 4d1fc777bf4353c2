"""Does the evidence corpus say only what the facts of its sources hold?

    python -m eval.grounds

`eval/data/evidence-facts.jsonl` lists every fact of the evidence base: the one passage
that tells it, words that prove it is there, and the figures and names that the fact
gives. This lists every figure and name of an evidence page that neither a fact of the
passage or of a source it cites, nor the bibliography gives. Reads the corpus, no index.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from eval.dataset import DATA, Row, read_rows
from eval.metrics import holds
from index.chunk import Passage, split_corpus
from index.config import index_settings
from index.embed import find_model
from index.load import Corpus, load_corpus
from index.reference import Reference

GAPS = "open-questions"
"""Pages whose passages tell what no source was found for."""

FACTS = DATA / "evidence-facts.jsonl"

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,;:(] )[A-Z][a-z]+(?:[A-Z][a-z]+)?\b")


class Fact(Row):
    """One fact of the evidence base and where it stands."""

    passage: str
    check: tuple[str, ...]
    key: str
    design: str
    figures_read_at_source: bool
    numbers: frozenset[str]
    names: frozenset[str]


def load_facts() -> list[Fact]:
    """The table of facts; refuses malformed rows by line."""
    return read_rows(Fact, FACTS)


def misplaced(facts: Iterable[Fact], texts: Mapping[str, str]) -> Iterator[str]:
    """Facts whose passage is not there or does not hold what proves the fact."""
    for fact in facts:
        if fact.passage not in texts:
            yield f"{fact.id}: there is no passage {fact.passage}"
            continue
        for words in fact.check:
            if not holds(texts[fact.passage], [words]):
                yield f"{fact.id}: '{words}' does not stand in {fact.passage}"


def ungrounded(
    passage: Passage, facts: Iterable[Fact], references: Mapping[str, Reference]
) -> Iterator[str]:
    """Figures and names of a passage that its facts and sources do not give."""
    keys = {key for span in passage.spans for key in span.references}
    known = [fact for fact in facts if fact.passage == passage.id or fact.key in keys]
    sources = " ".join(_bibliography(references[key]) for key in keys)
    numbers = {number for fact in known for number in fact.numbers}
    numbers |= {number.replace(",", "") for number in _NUMBER.findall(sources)}
    names = {name.lower() for fact in known for name in fact.names}
    said = f"{passage.title}. {passage.text}"
    for number in _NUMBER.findall(said):
        if number.replace(",", "") not in numbers and not _of_its_subject(number, passage):
            yield f"{passage.id}: the figure {number}"
    for name in _NAME.findall(passage.text):
        known_name = name.lower() in names or name.lower() in sources.lower()
        if not known_name and not _of_its_subject(name, passage):
            yield f"{passage.id}: the name {name}"


def all_ungrounded(corpus: Corpus, passages: Iterable[Passage]) -> Iterator[str]:
    """`ungrounded` over every evidence page."""
    facts = load_facts()
    for passage in passages:
        if passage.source.kind == "evidence":
            yield from ungrounded(passage, facts, corpus.references)


def main() -> int:
    """Print what was found; 0 if nothing was."""
    settings = index_settings()
    corpus = load_corpus(settings.corpus)
    passages = split_corpus(corpus, find_model(settings.embedding_model).count_tokens)
    texts = {passage.id: f"{passage.title}. {passage.text}" for passage in passages}
    found = [*misplaced(load_facts(), texts), *all_ungrounded(corpus, passages)]
    print("\n".join(found) or "Every fact stands in its passage; no figure or name without one.")
    return bool(found)


def _bibliography(reference: Reference) -> str:
    parts = (*reference.authors, reference.title, reference.container, reference.year)
    return " ".join(str(part) for part in (*parts, reference.population, reference.caveat))


def _of_its_subject(said: str, passage: Passage) -> bool:
    """A passage on a gap names in its first sentence what nobody studied: the 90-degree rule."""
    return passage.source.id.startswith(GAPS) and said in passage.sentences[0]


if __name__ == "__main__":
    sys.exit(main())
