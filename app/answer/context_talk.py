"""What a talk is about so far: its questions, the subjects they name, what "it" may be.

Questions are kept as they were understood. Of the answers, which come from the client
and prove nothing, only the known subjects that they name are kept, never their words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.answer.context_subjects import HIP_THRUST, THREE_GLUTES, Mention, mentions, of_kind

THE_HIP_THRUST = Mention("exercise", HIP_THRUST, 0, 10, "hip thrust")
"""What a talk about training is about as long as it names nothing else."""

_PREPOSITION = re.compile(
    r"\b(?:in|during|of|for|on|with|before|after|from|at|to|by|against|without|into)\s+"
    r"(?:(?:the|a|an|my|your|this|barbell|bodyweight|good|strong|weak)\s+)*$",
    re.IGNORECASE,
)
_DEFINABLE = ("ailment", "form", "muscle", "exercise")
_SOUGHT = re.compile(
    r"^(?:so\s+)?(?:which|what)\b.*\b(exercise|lift|movement|muscle)\b", re.IGNORECASE
)
_GLUTEAL_MUSCLES = Mention("muscle", "gluteal muscles", 0, 15, "gluteal muscles")
_REMEMBERED = 4
"""How many questions back a pronoun may point."""


@dataclass(frozen=True)
class Made:
    """A question that was made; `asks_on` if it only asks on about the one before."""

    question: str
    asks_on: bool = False


@dataclass(frozen=True)
class Asked:
    """One question of the talk as it was understood, and what its answer named."""

    question: str
    asks_on: bool = False
    answered: tuple[Mention, ...] = ()

    @property
    def subjects(self) -> tuple[Mention, ...]:
        """What the question names."""
        return mentions(self.question)


@dataclass
class Talk:
    """The questions so far, oldest first."""

    asked: list[Asked] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.asked)

    @property
    def last(self) -> str:
        """The question before this one."""
        return self.asked[-1].question

    @property
    def base(self) -> str:
        """The last question that is more than a "why?" or "how long?" to another one."""
        for asked in reversed(self.asked):
            if not asked.asks_on:
                return asked.question
        return self.asked[0].question

    def without(self, word: str) -> Talk:
        """The talk as if nobody had asked about that."""
        kept = [
            asked for asked in self.asked if word.lower().rstrip("s") not in asked.question.lower()
        ]
        return Talk(kept or self.asked)

    def about(self, value: str) -> str | None:
        """The last question that named this subject."""
        for asked in reversed(self.asked):
            if any(mention.value == value for mention in asked.subjects):
                return asked.question
        return None

    def exercise(self) -> Mention | None:
        """The exercise that was last asked about."""
        for asked in reversed(self.asked[-_REMEMBERED:]):
            if found := of_kind(asked.subjects, "exercise"):
                return found[0]
        return None

    def pair(self) -> tuple[Mention, Mention] | None:
        """The last two subjects of one kind that one question set side by side."""
        for asked in reversed(self.asked[-_REMEMBERED:]):
            found = asked.subjects
            for one, other in ((a, b) for n, a in enumerate(found) for b in found[n + 1 :]):
                if one.kind == other.kind and one.value != other.value and one.kind != "dose":
                    return one, other
        return None

    def subject(
        self,
        *,
        plural: bool | None = None,
        kinds: Sequence[str] = (),
        beside: Collection[str] = (),
    ) -> Mention | None:
        """What a pronoun of that number most likely stands for; None if nothing fits.

        Kinds that stand `beside` the pronoun are less likely: in "do they grow the
        glutes?" they are exercises.
        """
        ranked: list[tuple[float, Mention]] = []
        for age, asked in enumerate(reversed(self.asked[-_REMEMBERED:])):
            named = asked.subjects
            if wanted := _SOUGHT.search(asked.question):
                kind = "muscle" if wanted[1].lower() == "muscle" else "exercise"
                named = (*of_kind(asked.answered, kind)[:1], *named)
            for place, mention in enumerate(named):
                if (kinds and mention.kind not in kinds) or (
                    not kinds and mention.kind == "people"
                ):
                    continue
                unfit = plural is not None and mention.plural != plural
                if unfit and mention.kind != "exercise":
                    continue
                weight = -3.0 * age - 0.5 * place - 1.5 * unfit
                weight -= 1.5 * bool(_PREPOSITION.search(asked.question[: mention.start]))
                weight -= 1.0 * (mention.kind in {"tool", "dose", "outcome"})
                weight -= 4.0 * (mention.kind in beside)
                ranked.append((weight, mention))
        if plural and (not kinds or "muscle" in kinds) and len(self._single_glutes()) > 1:
            ranked.append((-1.0, _GLUTEAL_MUSCLES))
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _single_glutes(self) -> set[str]:
        """Which of the three gluteal muscles were asked about."""
        named = {m.value for asked in self.asked[-_REMEMBERED:] for m in asked.subjects}
        return named & set(THREE_GLUTES)

    def third_glute(self) -> str | None:
        """The gluteal muscle that is left when two of the three were asked about."""
        left = set(THREE_GLUTES) - self._single_glutes()
        return THREE_GLUTES[left.pop()] if len(left) == 1 else None

    def defined(self) -> Mention | None:
        """What the last answer brought up that no question had named: "what's that?"."""
        if not self.asked:
            return None
        known = {mention.value for asked in self.asked for mention in asked.subjects}
        new = [m for m in self.asked[-1].answered if m.value not in known]
        found = of_kind(new, "ailment") or of_kind(new, *_DEFINABLE)
        return found[0] if found else None

    def listed(self, kind: str) -> list[Mention]:
        """The different subjects of a kind, in the order in which the talk named them."""
        found: dict[str, Mention] = {}
        for asked in self.asked[-_REMEMBERED:]:
            for mention in of_kind((*asked.subjects, *asked.answered), kind):
                found.setdefault(mention.value, mention)
        return list(found.values())

    def person(self) -> str | None:
        """Whom "she" or "he" stands for: "my client"."""
        for asked in reversed(self.asked):
            for mention in reversed(of_kind(asked.subjects, "people")):
                if mention.text.lower().startswith("my "):
                    return mention.words
        return None
