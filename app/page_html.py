"""Text in, HTML that shows exactly this text out. The only place where the page makes markup.

Whatever comes from the corpus, a model or a visitor passes `text` and is never markup. The
result holds no script: the browser's own popovers open and close the sources.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

from app.answer import Citation
from app.picture import Picture
from app.picture_svg import data_uri

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode's categories of characters that show nothing and may turn what stands around them."""

_NUMBERS = r"112|911|999|995|000|111|110|108|119|118|116\s?117|116\s?123|988"
_PHONE = re.compile(
    rf"(?<![\w.,-])(?:{_NUMBERS}|\+\d(?:[\s-]?\d){{6,13}}|0\d(?:[\s-]?\d){{6,11}})(?![\w%-]|[.,]\d)"
)
_LIST = re.compile(r"(?<=Emergency numbers: )[^.]*|(?<=Somebody to talk to: )[^.]*")
"""Where the safety texts list numbers: there every number can be called."""
_LISTED = re.compile(r"\d(?: ?\d)+")
_LINK = re.compile(r"https?://[^\s\"'<>\\^`{|}]+")


def text(raw: str) -> str:
    """Text as HTML that shows it unchanged; characters that only steer are dropped."""
    kept = "".join(c for c in raw if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)
    return escape(kept, quote=True)


def escape_markdown(raw: str) -> str:
    """Text as Markdown that shows it unchanged, for labels that Streamlit reads as Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$:])", r"\\\1", raw)


def paragraphs(raw: str, *, phones: bool = False) -> str:
    """Text as paragraphs; blank lines part them. With `phones`, emergency numbers can be called."""
    shown = (callable_numbers(p) if phones else text(p) for p in raw.split("\n\n") if p.strip())
    return "".join(f"<p>{p.strip()}</p>".replace("\n", "<br>") for p in shown)


def callable_numbers(raw: str) -> str:
    """Text in which the numbers to call are links to call them."""
    places = {found.span() for found in _PHONE.finditer(raw)}
    for part in _LIST.finditer(raw):
        places = {p for p in places if p[1] <= part.start() or p[0] >= part.end()}
        places |= {found.span() for found in _LISTED.finditer(raw, part.start(), part.end())}
    made, position = "", 0
    for start, end in sorted(places):
        number = re.sub(r"[\s-]", "", raw[start:end])
        made += f'{text(raw[position:start])}<a href="tel:{number}">{text(raw[start:end])}</a>'
        position = end
    return made + text(raw[position:])


def outward(url: str | None, label: str) -> str:
    """A link to another site, opened beside the page; nothing if it is no web address."""
    if url is None or not _LINK.fullmatch(url):
        return ""
    return f'<a href="{escape(url, quote=True)}" target="_blank">{text(label)}</a>'


def marked(passage: str, start: int, end: int) -> str:
    """A passage with the characters from start to end marked."""
    return f"{text(passage[:start])}<mark>{text(passage[start:end])}</mark>{text(passage[end:])}"


def marker(citation: Citation, target: str, *, named: bool) -> str:
    """The button after a claim; the first one of a source says its short name too."""
    name = citation.document.short_name
    shown = f"<span>{text(name)}</span>" if named else ""
    return (
        f'<button type="button" class="gg-cite" popovertarget="{target}" '
        f'aria-label="Source {citation.n}: {text(name)}"><b>{citation.n}</b>{shown}</button>'
    )


def source_line(citation: Citation, target: str) -> str:
    """A line in the list of sources; it opens the same card as the marker."""
    subject = citation.section.rsplit(" › ", 1)[-1]
    return (
        f'<li><button type="button" class="gg-source" popovertarget="{target}">'
        f"<b>{citation.n}</b><span><strong>{text(citation.document.short_name)}</strong> "
        f"{text(subject)}</span></button></li>"
    )


def source_card(citation: Citation, target: str, passage: str | None) -> str:
    """Everything about a source; the quote is marked only where it stands exactly."""
    document, evidence = citation.document, citation.evidence
    rows = [("Authors", ", ".join(document.authors)), ("Year", str(document.year or ""))]
    if evidence is not None:
        rows += [
            ("Study", evidence.design),
            ("Who", evidence.population),
            ("Strength", evidence.strength),
            ("Mind", evidence.caveat),
        ]
    rows.append(("Section", citation.section))
    facts = "".join(f"<dt>{k}</dt><dd>{text(v)}</dd>" for k, v in rows if v.strip())
    if passage is not None and passage[citation.start : citation.end] == citation.quote:
        words = marked(passage, citation.start, citation.end)
        heading = (
            "Our passage on this study, the words used marked"
            if document.kind == "evidence"
            else "The passage, the words used marked"
        )
    else:
        words, heading = text(citation.quote), "The words used"
    return (
        f'<div popover id="{target}" class="gg-card" role="dialog" '
        f'aria-label="Source {citation.n}: {text(document.short_name)}">'
        f'<div class="gg-top"><strong>Source {citation.n}</strong>'
        f'<button type="button" class="gg-close" popovertarget="{target}" '
        'popovertargetaction="hide">Close</button></div>'
        f"<h3>{text(document.title)}</h3><dl>{facts}</dl>"
        f'<p class="gg-meta">{heading}</p><blockquote class="gg-passage">{words}</blockquote>'
        f"<p>{outward(document.link, _link_label(document.link))}</p></div>"
    )


def figure(picture: Picture, credit: str = "") -> str:
    """A picture with its caption and the HTML of its source; its room is known before it loads."""
    if picture.kind == "form":
        items = "".join(
            f'<li class="{"gg-good" if image.good else "gg-bad"}">'
            f'<img src="{data_uri(image.svg)}" width="152" height="122" alt="{text(image.alt)}">'
            f"{'Do' if image.good else 'Avoid'}: {text(image.label)}</li>"
            for image in picture.images
        )
        inner = f'<ul class="gg-panels">{items}</ul>'
    else:
        image = picture.images[0]
        size = re.search(r'width="([\d.]+)" height="([\d.]+)"', image.svg)
        assert size is not None
        inner = (
            f'<img class="gg-{picture.kind}" src="{data_uri(image.svg)}" width="{size[1]}" '
            f'height="{size[2]}" alt="{text(image.alt)}">'
        )
    said = f"{text(picture.caption)} {credit}".strip()
    caption = f"<figcaption>{said}</figcaption>" if said else ""
    name = f'<p class="gg-name">{text(picture.title)}</p>'
    return f'<figure class="gg-figure">{name}{inner}{caption}</figure>'


def _link_label(url: str | None) -> str:
    if url is None:
        return ""
    site = url.split("/")[2] if url.count("/") >= 2 else url
    name = {"doi.org": "DOI", "pubmed.ncbi.nlm.nih.gov": "PubMed"}.get(site, site)
    return f"Read it at the source ({name})"
