"""Correct sentences in, the same sentences with one error planted, by type of error.

Each planter makes one real edit that changes what the sentence says. Edits are chosen by
a hash, so that the same corpus gives the same errors. A word that is swapped in does not
stand in the passage, or else stands in the sentence itself and trades its place, so that
the edit cannot be true by chance. Knows nothing of judges.

What it cannot do: it edits words, it does not understand them. Here and there an edit
reads clumsily, and one that happens to stay true would count against the judge.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval import swaps

PER_TYPE = 40
PER_PASSAGE = 2
"""At most so many errors of one type in one passage."""

_NUMBER = re.compile(r"(?<![\w.,/])\d+(?:\.\d+)?(?=[ %,;)\-]|\.(?:\s|$)|$)")
_NOT_A_CLAIM = re.compile(r"\?|\bwhether\b", re.I)
_SAME_EITHER_WAY = re.compile(r"\b(?:between|both|either|neither|nor|whether|compared)\b", re.I)


@dataclass(frozen=True)
class Source:
    """A passage and the sentences that stand in it."""

    id: str
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Planted:
    """A claim that the passage does not support, made from a sentence that it does."""

    id: str
    type: str
    passage_id: str
    passage: str
    sentence: str
    claim: str


Edit = Callable[[str, str], Iterable[str]]
"""Sentence and passage in, edited sentences out."""


def plant(sources: Sequence[Source], per_type: int = PER_TYPE) -> list[Planted]:
    """Errors of every type, at most `per_type` of each, in a fixed order."""
    return [error for kind in TYPES for error in _of_type(kind, sources, per_type)]


def edits(kind: str, sentence: str, passage: str) -> list[str]:
    """Every error of one type that can be planted in a sentence, without repeats."""
    known = _squeezed(passage)
    made = [_mended(claim) for claim in _EDITS[kind](sentence, passage)]
    return [claim for claim in dict.fromkeys(made) if _squeezed(claim) not in known]


def _of_type(kind: str, sources: Sequence[Source], per_type: int) -> list[Planted]:
    places = [(s, n) for s in sources for n in range(len(s.sentences))]
    places.sort(key=lambda place: _rank(kind, place[0].id, place[1]))
    found: list[Planted] = []
    taken: dict[str, int] = {}
    for source, number in places:
        if len(found) == per_type:
            break
        if taken.get(source.id, 0) == PER_PASSAGE:
            continue
        sentence = source.sentences[number]
        if kind == "off-passage":
            claims = _from_elsewhere(source, number, sources)
        else:
            claims = edits(kind, sentence, source.text)
        if claims:
            name = f"{kind}:{source.id}:{number}"
            claim = claims[int(_rank("which", name, 0), 16) % len(claims)]
            found.append(Planted(name, kind, source.id, source.text, sentence, claim))
            taken[source.id] = taken.get(source.id, 0) + 1
    return found


def _from_elsewhere(source: Source, number: int, sources: Sequence[Source]) -> list[str]:
    """A true sentence of another document: right words, wrong citation."""
    document = source.id.split("#")[0]
    others = [s for s in sources if s.id.split("#")[0] != document and s.text != source.text]
    if not others:
        return []
    at = int(_rank("other", source.id, number), 16)
    other = others[at % len(others)]
    sentence = other.sentences[at % len(other.sentences)]
    return [sentence] if len(sentence.split()) >= 6 else []


def _number(sentence: str, passage: str) -> Iterable[str]:
    for found in _NUMBER.finditer(sentence):
        old = found[0]
        for new in (_larger(old), _smaller(old)):
            if not re.search(rf"(?<![\d.]){re.escape(new)}(?![\d.])", passage):
                yield _replaced(sentence, found, new)
    yield from _table(swaps.NUMBER_WORDS)(sentence, passage)


def _larger(number: str) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return str(int(number) + 4)
    return f"{float(number) * 1.6 + 1:.1f}" if "." in number else str(int(int(number) * 1.6) + 2)


def _smaller(number: str) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return str(int(number) - 3)
    return f"{float(number) * 0.4 + 0.3:.1f}" if "." in number else str(int(int(number) * 0.5) + 1)


def _negation(sentence: str, passage: str) -> Iterable[str]:
    for found in re.finditer(swaps.NEGATED, sentence, re.I):
        yield _replaced(sentence, found, found[1])
    yield from _table(swaps.NO, keep_new=True)(sentence, passage)
    if not re.search(r"\b(?:not|no|never|if|than)\b|n't", sentence, re.I):
        for found in re.finditer(swaps.CAN_BE_NEGATED, sentence):
            yield _replaced(sentence, found, f"{found[0]} not")


def _turned(table: Mapping[str, Sequence[str]]) -> Edit:
    """Swap opposites, but not where a sentence says the same either way round."""
    plain = _table(table, keep_new=True)

    def edit(sentence: str, passage: str) -> Iterable[str]:
        words = set(re.findall(r"[a-z]+", sentence.lower()))
        told = any(new in words and old in words for old, (new, *_) in table.items())
        same = told or _SAME_EITHER_WAY.search(sentence)
        return [] if same else plain(sentence, passage)

    return edit


def _order(sentence: str, passage: str) -> Iterable[str]:
    """Two things that are compared trade places; before and after, first and last too."""
    things = list(re.finditer(swaps.COMPARED, sentence, re.I))
    kinds = {thing[0].lower().rstrip("s") for thing in things}
    if len(things) == 2 and len(kinds) == 2:
        first, second = things
        if re.search(r" (?:than|against) ", sentence[first.end() : second.start() + 1]):
            yield (
                sentence[: first.start()]
                + _cased(second[0], first[0])
                + sentence[first.end() : second.start()]
                + _cased(first[0], second[0])
                + sentence[second.end() :]
            )
    yield from _turned(swaps.ORDER)(sentence, passage)


def _added_detail(sentence: str, passage: str) -> Iterable[str]:
    if len(sentence.split()) < 6 or _NOT_A_CLAIM.search(sentence) or sentence.endswith(":"):
        return
    for detail in swaps.DETAILS:
        if not set(re.findall(r"[a-z]{6,}", detail)) & set(re.findall(r"\w+", passage.lower())):
            yield f"{sentence.rstrip('.!')}{detail}."


def _attribution(sentence: str, passage: str) -> Iterable[str]:
    yield from _table(swaps.SPEAKERS)(sentence, passage)
    if sentence.split()[0] in swaps.PLAIN_STARTS and not _NOT_A_CLAIM.search(sentence):
        for speaker in swaps.NEW_SPEAKERS:
            if speaker.split()[1] not in passage:
                yield f"{speaker} {sentence[:1].lower()}{sentence[1:]}"


def _table(table: Mapping[str, Sequence[str]], *, keep_new: bool = False) -> Edit:
    """Replace a word of the table; unless `keep_new`, by one that the passage lacks."""

    def edit(sentence: str, passage: str) -> Iterable[str]:
        low = passage.lower()
        for old, choices in table.items():
            for found in re.finditer(rf"(?<![\w-])(?:{old})(?![\w-])", sentence, re.I):
                for new in choices:
                    stem = new.lower().rstrip("s")
                    if keep_new or not re.search(rf"(?<!\w){re.escape(stem)}", low):
                        yield _replaced(sentence, found, found.expand(new))

    return edit


def _replaced(sentence: str, found: re.Match[str], new: str) -> str:
    return sentence[: found.start()] + _cased(new, found[0]) + sentence[found.end() :]


def _cased(new: str, old: str) -> str:
    """A capital where the word before had one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() and not old.isupper() else new


def _mended(claim: str) -> str:
    """A sentence starts with a capital, has single blanks and says "an" before a vowel."""
    plain = " ".join(claim.split())
    plain = re.sub(r"\b([Aa])n(?= [b-df-gj-np-tv-z])", r"\1", plain)
    plain = re.sub(r"\b([Aa])(?= (?!one|use|eu)[aeio])", r"\1n", plain)
    return plain[:1].upper() + plain[1:]


def _squeezed(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _rank(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


_EDITS: dict[str, Edit] = {
    "number": _number,
    "unit": _table(swaps.UNITS),
    "negation": _negation,
    "direction": _turned(swaps.DIRECTIONS),
    "muscle": _table(swaps.MUSCLES),
    "body-part": _table(swaps.BODY_PARTS),
    "comparative": _turned(swaps.COMPARATIVES),
    "order": _order,
    "quantifier": _table(swaps.QUANTIFIERS, keep_new=True),
    "hedge": _table(swaps.HEDGES, keep_new=True),
    "causal": _table(swaps.CAUSES, keep_new=True),
    "added-detail": _added_detail,
    "attribution": _attribution,
    "condition": _table(swaps.CONDITIONS, keep_new=True),
    "population": _table(swaps.PEOPLE),
}
TYPES = (*_EDITS, "off-passage")
