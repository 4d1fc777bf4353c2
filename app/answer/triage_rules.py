"""The safety rules: `safety.yaml` in, checked rules out.

Refuses what is malformed by file and place: a rule without a message, a group that is not
there, a source that the bibliography beside the file does not have, no emergency rule at all.
A corpus without the file gets the rules that ship with the product: there is always triage.
Knows nothing of how rules are matched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from app.answer.triage_phrases import Phrasebook
from app.answer.triage_scope import GROUPS
from index.errors import CorpusError
from index.load import REFERENCES
from index.reference import load_references
from index.text import read_text, read_yaml, words_in

SAFETY = "safety.yaml"
SHIPPED = Path(__file__).parents[2] / "corpus"
"""The corpus that comes with the product."""

RuleLevel = Literal["emergency", "see-clinician", "caution"]
LEVELS: tuple[RuleLevel, ...] = get_args(RuleLevel)
"""Most urgent first."""

NEAR = 9
"""Most words that two findings of a rule stand apart, unless the rule says otherwise."""

_WHEN = re.compile(r"([a-z+\- ]+?)(?:\s*~\s*(\d+|any))?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_FIELDS = {"rule", "level", "when", "message", "says"}
_MAYBE = {"unless", "passage", "sentence", "crisis", "about"}


@dataclass(frozen=True)
class When:
    """Groups that must be voiced together, at most `near` words apart; None: anywhere."""

    groups: tuple[str, ...]
    near: int | None


@dataclass(frozen=True)
class Rule:
    """What to recognise, what to say, who says so."""

    name: str
    level: RuleLevel
    when: tuple[When, ...]
    unless: frozenset[str]
    """Groups that call the rule off wherever they are voiced."""
    message: str
    says: tuple[str, ...]
    """Keys of the bibliography."""
    passage: str | None
    """Id of the passage that says it."""
    sentence: str | None
    """How the sentence of the passage begins."""
    crisis: bool
    """Whether a crisis line is named beside the emergency number."""


@dataclass(frozen=True)
class Rules:
    """Everything that triage knows."""

    rules: tuple[Rule, ...]
    """Most urgent first; of one level in the order of the file."""
    phrases: Phrasebook
    lasting: frozenset[str]
    """Groups that the past does not end."""
    always: frozenset[str]
    """Groups that are meant however generally or fearfully they are voiced."""
    spelt_right: frozenset[str]
    call: str
    """The line with the emergency numbers: `{numbers}` stands for them."""
    crisis: str
    """The line with the crisis line: `{line}` stands for it."""
    numbers: Mapping[str, str]
    """Emergency numbers by country; under `default` where the country is not known."""
    lines: Mapping[str, str]
    """Crisis lines by country, with a default."""

    @cached_property
    def named(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return {rule.name: rule for rule in self.rules}


@cache
def load_safety(corpus: Path) -> Rules:
    """The rules of a corpus, or the shipped ones if it has none of its own.

    Raises:
        CorpusError: naming file and place of what is malformed.
    """
    own = corpus / SAFETY
    path = own if own.exists() or own.is_symlink() else SHIPPED / SAFETY
    if not path.is_file():
        raise CorpusError(
            path, None, "the safety rules are not there; install again or put the file back."
        )
    raw = read_yaml(path, read_text(path), "the safety rules are not YAML.")
    keys = load_references(path.parent / REFERENCES)
    try:
        return _rules(raw, frozenset(keys))
    except ValueError as error:
        raise CorpusError(path, None, f"{error}.") from error


def _rules(raw: Any, keys: frozenset[str]) -> Rules:
    parts = {
        "groups",
        "rules",
        "lasting",
        "always",
        "spelt-right",
        "call",
        "crisis",
        "numbers",
        "lines",
    }
    if not isinstance(raw, dict) or set(raw) != parts:
        raise ValueError(f"safety rules hold exactly {', '.join(sorted(parts))}")
    groups = _groups(raw["groups"])
    phrases = Phrasebook(groups)
    rows = raw["rules"] if isinstance(raw["rules"], list) else [None]
    rules = [_rule(number, row, groups, keys) for number, row in enumerate(rows, 1)]
    names = [rule.name for rule in rules]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"the rule '{twice}' stands twice")
    if not any(rule.level == "emergency" for rule in rules):
        raise ValueError("there is no rule for an emergency")
    lasting, always = (frozenset(_words(raw[part], part)) for part in ("lasting", "always"))
    if missing := sorted((lasting | always) - set(groups)):
        raise ValueError(f"there is no group '{missing[0]}'")
    return Rules(
        rules=tuple(sorted(rules, key=lambda rule: LEVELS.index(rule.level))),
        phrases=phrases,
        lasting=lasting,
        always=always,
        spelt_right=frozenset(" ".join(_words(raw["spelt-right"], "spelt-right")).split()),
        call=_line(raw["call"], "call", "{numbers}"),
        crisis=_line(raw["crisis"], "crisis", "{line}"),
        numbers=_by_country(raw["numbers"], "numbers"),
        lines=_by_country(raw["lines"], "lines"),
    )


def _groups(raw: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        raise ValueError("groups map a name to phrases")
    groups = {}
    for name, phrases in raw.items():
        if not isinstance(name, str) or not re.fullmatch(r"[a-z-]+", name):
            raise ValueError(f"the group name '{name}' is not lower-case words with hyphens")
        groups[name] = tuple(_words(phrases, f"group '{name}'"))
    if missing := [name for name in GROUPS if name not in groups]:
        raise ValueError(f"there is no group '{missing[0]}'")
    return groups


def _rule(number: int, row: Any, groups: Mapping[str, Any], keys: frozenset[str]) -> Rule:
    if not isinstance(row, dict) or not _FIELDS <= set(row) <= _FIELDS | _MAYBE:
        raise ValueError(f"rule {number} needs {', '.join(sorted(_FIELDS))}")
    name = words_in(row["rule"])
    if name is None:
        raise ValueError(f"rule {number} has no name")
    place = f"rule '{name}'"
    if row["level"] not in LEVELS:
        raise ValueError(f"{place}: level is one of {', '.join(LEVELS)}")
    whens = tuple(_when(line, place) for line in _words(row["when"], f"{place}, when"))
    unless = frozenset(_words(row.get("unless", []), f"{place}, unless", empty=True))
    for group in (*(group for when in whens for group in when.groups), *unless):
        if group not in groups:
            raise ValueError(f"{place}: there is no group '{group}'")
    message = words_in(row["message"])
    if message is None:
        raise ValueError(f"{place} has no message")
    says = tuple(_words(row["says"], f"{place}, says", empty=True))
    for key in says:
        if key not in keys:
            raise ValueError(f"{place}: the reference '{key}' has no entry in {REFERENCES}")
    passage, sentence = words_in(row.get("passage")), words_in(row.get("sentence"))
    if (passage is None) != (sentence is None):
        raise ValueError(f"{place}: passage and sentence go together")
    return Rule(
        name,
        row["level"],
        whens,
        unless,
        " ".join(message.split()),
        says,
        passage,
        sentence,
        row.get("crisis") is True,
    )


def _when(line: str, place: str) -> When:
    read = _WHEN.fullmatch(line.strip())
    groups = tuple(part.strip() for part in read[1].split("+")) if read else ()
    if read is None or not all(groups):
        raise ValueError(f"{place}: '{line}' is no 'group + group ~ words apart'")
    return When(groups, None if read[2] == "any" else int(read[2] or NEAR))


def _words(raw: Any, place: str, *, empty: bool = False) -> list[str]:
    """A list of texts; YAML reads a bare `no` or `911` as something else."""
    texts = [words_in(item) for item in raw] if isinstance(raw, list) else [None]
    found = [text for text in texts if text]
    if len(found) != len(texts) or not (found or empty):
        raise ValueError(f"{place} must hold a list of texts")
    return found


def _line(raw: Any, place: str, gap: str) -> str:
    line = words_in(raw)
    if line is None or line.count(gap) != 1:
        raise ValueError(f"{place} must be a line with {gap} in it")
    return line


def _by_country(raw: Any, place: str) -> dict[str, str]:
    if not isinstance(raw, dict) or "default" not in raw:
        raise ValueError(f"{place} map countries to texts and have a default")
    for country, text in raw.items():
        if country != "default" and not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
            raise ValueError(
                f"{place}: '{country}' is no country in two capital letters; quote \"NO\""
            )
        if words_in(text) is None:
            raise ValueError(f"{place}: '{country}' must hold a text")
    return dict(raw)
