"""The one answer that every door and the eval suite receive. Knows only its own shape.

Scores, vectors and distances are no part of it: they never leave the process.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["answered", "not_covered", "safety", "smalltalk", "rejected"]
Mode = Literal["extractive", "generated", "fixed"]
Support = Literal["quoted", "supported"]
Level = Literal["none", "caution", "see-clinician", "emergency"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""In rising urgency."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Frozen):
    """What was said earlier in a talk; only the client holds it, so it proves nothing."""

    question: str
    answer: str = Field(default="", description="What the client says the assistant replied.")


class Ask(_Frozen):
    """A question and the talk before it, oldest turn first."""

    question: str
    history: tuple[Turn, ...] = ()


class DocumentRef(_Frozen):
    """The document that a citation points to."""

    id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    kind: Literal["article", "evidence", "page"]
    url: str | None = None
    doi: str | None = None

    @property
    def short_name(self) -> str:
        """What a reader calls it: `Contreras et al. 2015`, or the title if nobody signed it."""
        if not self.authors:
            return self.title
        # A bibliography writes "Contreras B", a page's front matter "Giuliana Zegarra".
        words = self.authors[0].split()
        first = " ".join(w for w in words if not (w.isupper() and len(w) <= 3)) or words[0]
        if first == self.authors[0] and len(words) == 2 and self.kind == "article":
            first = words[-1]
        others = " et al." if len(self.authors) > 1 else ""
        return f"{first}{others} {self.year}" if self.year else f"{first}{others}"

    @property
    def link(self) -> str | None:
        """Where the document can be read: its DOI before any other address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


class Evidence(_Frozen):
    """What kind of study stands behind a citation, and how far to trust it."""

    design: str
    population: str
    strength: Literal["strong", "moderate", "limited", "expert opinion"] = Field(
        description="Derived from the design; the rule is in corpus/README.md."
    )
    caveat: str


class Citation(_Frozen):
    """The exact words that sentences of the answer stand on."""

    n: int = Field(ge=1, description="Number of the marker [n] in the answer.")
    passage_id: str
    document: DocumentRef
    section: str
    quote: str = Field(description="passage text from start to end, unchanged")
    start: int = Field(ge=0, description="Offset in the passage, in Unicode code points.")
    end: int = Field(ge=1)
    sha256: str = Field(description="SHA-256 of the quote in UTF-8.")
    evidence: Evidence | None = None


class Sentence(_Frozen):
    """One sentence of the answer, with the citations it stands on."""

    text: str
    start: int = Field(ge=0, description="Offset in `answer`, in Unicode code points.")
    end: int = Field(ge=1)
    citations: tuple[int, ...]
    support: Support


class Safety(_Frozen):
    """What the message says about the health of whoever asks."""

    level: Level = "none"
    message: str = ""
    citations: tuple[Citation, ...] = ()


class Suggestion(_Frozen):
    """Something the assistant can answer, as a question to tap."""

    title: str
    question: str


class CorpusRef(_Frozen):
    """The index that answered."""

    index_id: str
    passages: int
    built_at: str


class Answer(_Frozen):
    """The reply to one question."""

    schema_: Literal["answer/1"] = Field(default="answer/1", alias="schema")
    id: str
    question: str
    standalone_question: str
    status: Status
    refused: bool
    mode: Mode
    answer: str = Field(description="Markdown with [n] markers; no HTML, no images.")
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    safety: Safety = Safety()
    related: tuple[Suggestion, ...] = ()
    nearest: tuple[Suggestion, ...] = ()
    corpus: CorpusRef
    timings_ms: dict[str, float]

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def to_json(self) -> str:
        """The contract as one line of JSON."""
        return self.model_dump_json(by_alias=True)
