"""What a talk is about so far: its questions, and which subject of theirs is meant.

Questions are kept as they were understood. Of the answers, which come from the client
and prove nothing, only the known subjects that they name are kept, never their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.answer.context_subjects import Mention, mentions
from index.words import content_words, stems

REMEMBERED = 3
"""How many questions back a pronoun may point."""

FOUND = 3.0
"""As much as a question's age: what was found outweighs that another was named later."""

_PREPOSITION = re.compile(
    r"\b(?:in|during|of|for|on|with|before|after|from|at|to|by|against|without|into)\s+"
    r"(?:(?:the|a|an|my|your|this|barbell|bodyweight|good|strong|weak)\s+)*$",
    re.IGNORECASE,
)
_MINOR = frozenset({"dose", "outcome", "tool", "people", "part"})
"""Kinds that a pronoun seldom stands for while there is another."""


@dataclass(frozen=True)
class Talk:
    """The questions so far as they were understood, newest first, and what was named last."""

    asked: tuple[str, ...]
    answered: tuple[Mention, ...] = ()
    """The subjects that the last answer names."""
    typed: str = ""
    """The last questions as they were typed, oldest first."""
    found: frozenset[str] = frozenset()
    """The subjects of what was found for the message; a pronoun rather stands for one of them."""

    @property
    def last(self) -> str:
        """The question before."""
        return self.asked[0]

    def about(self, topic: str) -> str | None:
        """The newest question that shares a word with the topic."""
        words = set(stems(content_words(topic)))
        return next((q for q in self.asked if words & set(stems(content_words(q)))), None)

    def subjects(self) -> list[Mention]:
        """The different subjects of the last questions, newest question first."""
        found: dict[str, Mention] = {}
        for question in self.asked[:REMEMBERED]:
            for mention in mentions(question):
                found.setdefault(mention.value, mention)
        return list(found.values())

    def meant(
        self, *, plural: bool | None = None, besides: Sequence[Mention] = ()
    ) -> Mention | None:
        """The subject that a pronoun of that number most likely stands for; None without one.

        Args:
            plural: They (True), it (False) or either (None).
            besides: What the message itself names, which needs no pronoun.
        """
        own = {mention.value for mention in besides}
        ranked: list[tuple[float, Mention]] = []
        for age, question in enumerate(self.asked[:REMEMBERED]):
            for place, mention in enumerate(mentions(question)):
                if mention.value in own:
                    continue
                unfit = plural is not None and mention.plural != plural
                weight = -3.0 * age - 0.5 * place
                weight -= 1.5 * (unfit and mention.kind != "exercise")
                weight -= 1.0 * bool(_PREPOSITION.search(question[: mention.start]))
                weight -= 1.5 * (mention.kind in _MINOR)
                weight += FOUND * (mention.value in self.found)
                ranked.append((weight, mention))
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def brought_up(self) -> Mention | None:
        """What the last answer names first that no question had: "what's that?"."""
        known = {mention.value for question in self.asked for mention in mentions(question)}
        new = [mention for mention in self.answered if mention.value not in known]
        return next((m for m in new if m.kind == "ailment"), next(iter(new), None))

    def other(self) -> Mention | None:
        """Of several subjects of one kind, the one that was not asked about last."""
        last = mentions(self.last)
        values = {mention.value for mention in last}
        kinds = {mention.kind for mention in last}
        rest = [m for m in (*self.subjects(), *self.answered) if m.kind in kinds]
        return next((m for m in rest if m.value not in values), None)
