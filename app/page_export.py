"""An answer or a whole talk as text to take away: sources and quotes stay with the words."""

from __future__ import annotations

from collections.abc import Iterable

from app.answer import Answer, Citation

NOTE = "From Glute Guide, a program. General information, not medical advice for a person."


def answer_text(answer: Answer) -> str:
    """One answer with its sources, as plain text."""
    parts = [answer.answer]
    if answer.safety.level != "none" and answer.safety.message not in answer.answer:
        parts.insert(0, answer.safety.message)
    parts += [f"[{c.n}] {reference(c)}" for c in answer.citations]
    parts.append(NOTE)
    return "\n\n".join(parts)


def talk_markdown(answers: Iterable[Answer]) -> str:
    """A talk as Markdown: a heading a question, numbered sources with the quoted words."""
    parts = ["# A talk with Glute Guide", NOTE]
    for answer in answers:
        parts.append(f"## {_inert(' '.join(answer.question.split())) or '(nothing readable)'}")
        if answer.safety.level != "none" and answer.safety.message not in answer.answer:
            parts.append(f"**{_inert(answer.safety.message)}**")
        parts.append(_inert(answer.answer))
        if answer.citations:
            parts.append("Sources:")
        for citation in answer.citations:
            quote = "\n".join(f"> {_inert(line)}" for line in citation.quote.split("\n"))
            parts.append(f"\\[{citation.n}\\] {_inert(reference(citation))}\n\n{quote}")
    return "\n\n".join(parts) + "\n"


def reference(citation: Citation) -> str:
    """Authors, year, title, section, kind of study, address."""
    document, evidence = citation.document, citation.evidence
    who = ", ".join(document.authors) or document.title
    year = f" ({document.year})" if document.year else ""
    title = f" {document.title}." if document.authors else ""
    study = f" {evidence.design}, {evidence.population}; {evidence.strength}." if evidence else ""
    link = f" {document.link}" if document.link else ""
    return f"{who}{year}.{title} {citation.section}.{study}{link}"


def _inert(text: str) -> str:
    """Text that a Markdown viewer shows and never runs or fetches."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace("![", "!\\[").replace("](", "\\](")
    )
