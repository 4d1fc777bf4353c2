"""How urgent is what somebody writes about a body? Asked before anything is searched.

Rules in memory, made from safety.yaml: no index, no model, no network. The same message
gets the same level on every machine. Recognises warning signs in words; it is no diagnosis, and
it knows nothing of the answer that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from app.answer.cite import cite
from app.answer.compose import Extract
from app.answer.schema import Citation, Level, Safety
from app.answer.triage_phrases import Place
from app.answer.triage_rules import Rule, Rules, When, load_safety
from app.answer.triage_scope import scopes
from app.answer.triage_words import mender, read
from index.config import index_settings
from index.retrieve import Index

MAX_CHARACTERS = 4_000
"""What is read of a message; the screen refuses longer ones anyway."""


@dataclass(frozen=True)
class Triaged:
    """How urgent a message is, by which rule, and what to say."""

    level: Level = "none"
    rule: str | None = None
    message: str = ""
    says: tuple[str, ...] = ()
    """Keys of the references that say so."""
    passage: str | None = None
    sentence: str | None = None
    stems: tuple[str, ...] = ()
    """The message as the rules read it."""
    voiced: tuple[str, ...] = ()
    """Groups of phrases in it, once more as `name!` if they are meant as the rules of an emergency
    see it, and as `name?` if as others do."""
    fits: tuple[str, ...] = ()
    """The first rule of each level that fits, the most urgent first."""
    country: str = ""


class Triage:
    """The rules of one corpus, ready to be asked; safe to share between threads."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._mend: Callable[[str], str] = mender(rules.phrases.words, rules.spelt_right)

    def __call__(self, question: str, country: str = "") -> Triaged:
        """The most urgent level that a message gives cause for.

        Args:
            question: What was written, of any length.
            country: Two letters; whose emergency number stands first.
        """
        words = read(question[:MAX_CHARACTERS], self._mend)
        found = self._rules.phrases.find(words)
        if not found:
            return Triaged(stems=words.stems, country=country)
        around = scopes(words, found)
        meant: dict[bool, dict[str, list[Place]]] = {True: {}, False: {}}
        for urgent, groups in meant.items():
            for group, places in found.items():
                lasting, always = group in self._rules.lasting, group in self._rules.always
                voiced = [
                    place
                    for place in places
                    if around.meant(place, urgent=urgent, lasting=lasting, always=always)
                ]
                if voiced:
                    groups[group] = voiced
        fits: dict[str, str] = {}
        for rule in self._rules.rules:
            voiced_now = meant[rule.level == "emergency"]
            if rule.level in fits or any(group in voiced_now for group in rule.unless):
                continue
            if any(_together(when, voiced_now) for when in rule.when):
                fits[rule.level] = rule.name
                if rule.level == "emergency":
                    break
        first = next(iter(fits.values()), None)
        return replace(
            self.said(first, country) if first else Triaged(country=country),
            stems=words.stems,
            voiced=tuple(
                sorted([*found, *(f"{g}!" for g in meant[True]), *(f"{g}?" for g in meant[False])])
            ),
            fits=tuple(fits.values()),
        )

    def said(self, name: str, country: str = "") -> Triaged:
        """What the rule of that name says, whoever found that it fits."""
        return self._triaged(self._rules.named[name], country)

    def names(self, level: Level) -> frozenset[str]:
        """The rules of a level."""
        return frozenset(rule.name for rule in self._rules.rules if rule.level == level)

    def call(self, country: str = "") -> str:
        """Whom to call now, the country's own number first."""
        return self._rules.call.format(numbers=_of(self._rules.numbers, country.upper()))

    def _triaged(self, rule: Rule, country: str) -> Triaged:
        lines = [rule.message]
        if rule.level == "emergency":
            lines.append(self.call(country))
            if rule.crisis:
                line = _of(self._rules.lines, country.upper())
                lines.append(self._rules.crisis.format(line=line))
        return Triaged(
            rule.level,
            rule.name,
            " ".join(lines),
            rule.says,
            rule.passage,
            rule.sentence,
            country=country,
        )


@cache
def triage_of(corpus: Path) -> Triage:
    """The triage of a corpus folder, made once.

    Raises:
        CorpusError: if its safety.yaml is malformed.
    """
    return Triage(load_safety(corpus))


def triage(question: str, country: str = "", corpus: Path | None = None) -> Triaged:
    """How urgent a message is, by the rules of the corpus in use."""
    return triage_of(corpus or index_settings().corpus)(question, country)


def safety_of(triaged: Triaged, index: Index | None) -> Safety:
    """The part of the answer about safety, cited if the index holds what it stands on."""
    return Safety(
        level=triaged.level,
        message=triaged.message,
        citations=_cited(triaged, index) if index is not None else (),
    )


def _cited(triaged: Triaged, index: Index) -> tuple[Citation, ...]:
    passage = index.passage(triaged.passage) if triaged.passage else None
    if passage is None or triaged.sentence is None:
        return ()
    for number, sentence in enumerate(passage.sentences):
        if sentence.startswith(triaged.sentence):
            return cite([Extract(passage, number)], index.references)[2]
    return ()


def _of(table: Mapping[str, str], country: str) -> str:
    return table.get(country, table["default"])


def _together(when: When, voiced: Mapping[str, Sequence[Place]]) -> bool:
    """Whether all groups are voiced, within as few words as the rule asks for."""
    if not all(group in voiced for group in when.groups):
        return False
    if len(when.groups) == 1 or when.near is None:
        return True
    return _closest(voiced[group] for group in when.groups) <= when.near


def _closest(groups: Iterable[Sequence[Place]]) -> int:
    """The fewest words between the ends of one place of each group; 0 if they touch."""
    sorted_places = [list(places) for places in groups]
    order = sorted(
        (place, number) for number, places in enumerate(sorted_places) for place in places
    )
    last: dict[int, Place] = {}
    fewest = 1 << 30
    for place, number in order:
        last[number] = place
        if len(last) == len(sorted_places):
            fewest = min(fewest, place[0] - min(end for _, end in last.values()))
    return max(fewest, 0)
