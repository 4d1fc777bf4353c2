"""One Markdown file: what is read, what is refused and where, what nobody ever sees."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.errors import CorpusError
from index.page import (
    FIELDS,
    Block,
    Section,
    Source,
    plain,
    read_markdown,
    read_source,
    split_front_matter,
)
from index.text import clean, read_text, slug

HEADER = """---
id: bridge
title: The bridge
kind: page
authors: [Ada Miller, Bo Chen]
published: 2021-03-04
source: a test
license: free
---
"""
BODY_LINE = 10
"""The line of a page on which its body begins."""

FIELDS_OF_HEADER: dict[str, object] = {
    "id": "bridge",
    "title": "The bridge",
    "kind": "page",
    "authors": ["Ada Miller"],
    "published": "2021-03-04",
    "source": "a test",
    "license": "free",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page.md"


def read(file: Path, body: str) -> tuple[Section, ...]:
    """The sections of a page with this body."""
    file.write_text(HEADER + body, "utf-8")
    return read_markdown(file)[1]


def blocks(file: Path, body: str) -> list[Block]:
    """The blocks of a page whose only heading is put before this body."""
    (section,) = read(file, f"# Heading\n\n{body}")
    return section.blocks


def texts(file: Path, body: str) -> list[str]:
    return [block.text for block in blocks(file, body)]


def inline(text: str) -> str:
    """What `plain` makes of a line of Markdown."""
    return " ".join(plain(token) for token in MarkdownIt("commonmark").parseInline(text))


def refused(file: Path, text: str | bytes) -> CorpusError:
    """The error that a file gives; its message begins with the file and the line."""
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(CorpusError) as found:
        read_markdown(file)
    error = found.value
    assert error.path == file
    assert str(error) == f"{file}:{error.line}: {error.problem}"
    return error


# The front matter


def test_the_front_matter_becomes_the_source_of_every_citation(file: Path) -> None:
    file.write_text(HEADER + "# Heading\n\nText.\n", "utf-8")
    source, _ = read_markdown(file)
    assert source == Source(
        id="bridge",
        title="The bridge",
        kind="page",
        authors=("Ada Miller", "Bo Chen"),
        published="2021-03-04",
        source="a test",
        license="free",
        url=None,
    )


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "no front matter"),
        ("# Heading\n\nText.\n", 1, "no front matter"),
        ("\n" + HEADER, 1, "no front matter"),
        ("---\nid: bridge\n\n# Heading\n", 1, "no closing '---'"),
        ("---\n---\n# Heading\n", 2, "holds no fields"),
        ("---\n- id\n---\n# Heading\n", 2, "holds no fields"),
        ("---\njust words\n---\n# Heading\n", 2, "holds no fields"),
        ("---\nid: bridge\ntitle: [The bridge\nkind: page\n---\n", 4, "not YAML"),
        ("---\nid: bridge\ntitle: The: bridge\n---\n", 3, "not YAML"),
        ("---\nid: bridge\n\tkind: page\n---\n", 3, "not YAML"),
        ("---\nid: bri\x07dge\n---\n", 2, "not YAML"),
        ("---\nid: !!python/name:os.system x\n---\n", 2, "not YAML"),
    ],
)
def test_a_broken_front_matter_is_refused_at_its_line(
    file: Path, text: str, line: int, problem: str
) -> None:
    error = refused(file, text)
    assert error.line == line
    assert problem in error.problem


def test_a_day_that_does_not_exist_is_refused(file: Path) -> None:
    refused(file, HEADER.replace("2021-03-04", "2021-02-30") + "# Heading\n\nText.\n")


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("rest", [None, "", " []", " ''", " null"])
def test_a_missing_or_empty_field_is_named(file: Path, name: str, rest: str | None) -> None:
    kept = "" if rest is None else f"{name}:{rest}\n"
    error = refused(file, re.sub(f"^{name}:.*\n", kept, HEADER, flags=re.M) + "# H\n\nText.\n")
    assert error.problem == f"the front matter lacks: {name}."
    assert error.line == 1


def test_all_missing_fields_are_named_at_once(file: Path) -> None:
    assert refused(file, "---\ntitle: The bridge\n---\n").problem == (
        "the front matter lacks: id, kind, authors, published, source, license."
    )


def test_an_unknown_field_is_named(file: Path) -> None:
    error = refused(file, HEADER.replace("kind:", "autor: Bo\nyear: 2021\nkind:"))
    assert error.problem == "the front matter has unknown fields: autor, year."


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("kind", "blog", "kind must be one of article, evidence, page"),
        ("kind", ["page"], "kind must be one of"),
        ("id", "The Bridge", "id must be lower-case"),
        ("id", "-bridge", "id must be lower-case"),
        ("id", "brücke", "id must be lower-case"),
        ("id", "../bridge", "id must be lower-case"),
        ("id", "bridge\n", "id must be lower-case"),
        ("authors", "Ada Miller", "authors must be a list"),
        ("authors", {"name": "Ada"}, "authors must be a list"),
        ("authors", ["Ada", 7], "authors must be a list"),
        ("url", "javascript:alert(1)", "url must start with https://"),
        ("url", "www.example.org", "url must start with https://"),
        ("url", "https://example.org/a b", "url must start with https://"),
        ("url", 7, "url must start with https://"),
    ],
)
def test_a_field_of_the_wrong_sort_is_refused(
    file: Path, name: str, value: object, problem: str
) -> None:
    with pytest.raises(CorpusError) as found:
        read_source(file, {**FIELDS_OF_HEADER, name: value})
    assert found.value.line == 1
    assert problem in found.value.problem


def test_an_address_is_kept(file: Path) -> None:
    source = read_source(file, {**FIELDS_OF_HEADER, "url": "https://example.org/bridge"})
    assert source.url == "https://example.org/bridge"


@pytest.mark.parametrize(
    "name",
    [
        "title",
        "source",
        "license",
        "published",
        "url",
    ],
)
def test_a_field_of_the_front_matter_hides_no_characters(file: Path, name: str) -> None:
    hidden = "https://example.org/\u202e\u200bbridge"
    source = read_source(file, {**FIELDS_OF_HEADER, name: hidden})
    assert getattr(source, name) == "https://example.org/bridge"


def test_the_names_of_authors_hide_no_characters(file: Path) -> None:
    source = read_source(file, {**FIELDS_OF_HEADER, "authors": ["Ada\u200b", "\u202eBo"]})
    assert source.authors == ("Ada", "Bo")


@pytest.mark.parametrize(
    ("published", "year"),
    [("2021-03-04", 2021), ("2021", 2021), ("in press", None), ("March 2021", None)],
)
def test_the_year_is_what_the_date_begins_with(
    file: Path, published: str, year: int | None
) -> None:
    assert read_source(file, {**FIELDS_OF_HEADER, "published": published}).year == year


def test_the_body_knows_on_which_line_it_begins(file: Path) -> None:
    header, body, line = split_front_matter(file, "---\na: 1\nb: 2\n---\nfirst\nsecond")
    assert (header, body, line) == ({"a": 1, "b": 2}, "first\nsecond", 5)


# The bytes


def test_another_encoding_is_refused_at_the_line_of_its_first_byte(file: Path) -> None:
    page = HEADER + "# Heading\n\nA na\u00efve bridge.\n"
    error = refused(file, page.encode("latin-1"))
    assert error.line == BODY_LINE + 2
    assert error.problem == "not UTF-8: byte 0xef. Save the file as UTF-8."


def test_utf_16_is_refused(file: Path) -> None:
    error = refused(file, (HEADER + "# Heading\n\nText.\n").encode("utf-16"))
    assert error.line == 1
    assert "not UTF-8" in error.problem


def test_a_byte_order_mark_and_the_line_ends_of_windows_do_no_harm(file: Path) -> None:
    page = HEADER + "# Heading\n\nFirst line\nand second.\n"
    file.write_text(page, "utf-8")
    expected = read_markdown(file)
    for raw in (page.encode("utf-8-sig"), page.replace("\n", "\r\n").encode()):
        file.write_bytes(raw)
        assert read_markdown(file) == expected


def test_old_line_ends_are_line_ends(file: Path) -> None:
    file.write_bytes(b"a\rb\r\nc\nd")
    assert read_text(file) == "a\nb\nc\nd"


# The headings


def test_a_section_knows_its_headings_its_anchor_and_its_line(file: Path) -> None:
    first, second, third = read(
        file,
        "# Form\n\nText.\n\n## Knees out\n\nText.\n\n# Load\n\nText.\n",
    )
    assert (first.path, first.anchor, first.line) == (("Form",), "form", BODY_LINE)
    assert (second.path, second.anchor, second.line) == (
        ("Form", "Knees out"),
        "knees-out",
        BODY_LINE + 4,
    )
    assert second.name == "Form › Knees out"
    assert third.path == ("Load",)


def test_a_heading_without_text_of_its_own_is_only_part_of_the_path(file: Path) -> None:
    (only,) = read(file, "# Form\n\n## Knees out\n\nText.\n")
    assert only.name == "Form › Knees out"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param(
            "## Feet\n\nText.\n\n## Knees\n\nText.\n",
            ["Feet", "Knees"],
            id="a page that begins at the second level",
        ),
        pytest.param(
            "# Form\n\n### Feet\n\nText.\n\n### Knees\n\nText.\n",
            ["Form › Feet", "Form › Knees"],
            id="a page that skips a level",
        ),
    ],
)
def test_headings_of_one_level_are_never_inside_each_other(
    file: Path, body: str, names: list[str]
) -> None:
    assert [section.name for section in read(file, body)] == names


def test_underlined_headings_count(file: Path) -> None:
    (section,) = read(file, "Form\n====\n\nKnees out\n---------\n\nText.\n")
    assert section.name == "Form › Knees out"


def test_a_heading_may_bring_its_own_anchor(file: Path) -> None:
    (section,) = read(file, "# Колени {#knees}\n\nText.\n")
    assert (section.path, section.anchor) == (("Колени",), "knees")


def test_a_duplicate_anchor_names_both_lines(file: Path) -> None:
    error = refused(file, HEADER + "# Knees\n\nText.\n\n## Knees!\n\nText.\n")
    assert error.line == BODY_LINE + 4
    assert error.problem == f"the anchor 'knees' is taken by the heading on line {BODY_LINE}."


@pytest.mark.parametrize("heading", ["#", "# ???", "# Колени", "# {#knees}", "# Knees {#Not OK}"])
def test_a_heading_without_words_or_with_a_bad_anchor_is_refused(file: Path, heading: str) -> None:
    error = refused(file, f"{HEADER}# Form\n\nText.\n\n{heading}\n\nText.\n")
    assert error.line == BODY_LINE + 4
    assert "a heading needs words and an anchor" in error.problem


@pytest.mark.parametrize("body", ["", "\n\n", "<!-- # no heading -->\n", "[a]: https://x.org\n"])
def test_a_page_without_headings_is_refused(file: Path, body: str) -> None:
    error = refused(file, HEADER + body)
    assert error.line == BODY_LINE
    assert "the page has no headings" in error.problem


def test_text_before_the_first_heading_is_refused_at_its_line(file: Path) -> None:
    error = refused(file, HEADER + "\n\nToo early.\n\n# Form\n\nText.\n")
    assert error.line == BODY_LINE + 2
    assert error.problem == "text stands before the first heading."


@pytest.mark.parametrize("body", ["# Form\n", "# Form\n\n## Knees\n", "# Form\n\n<b></b>\n\n---\n"])
def test_headings_without_any_text_are_refused(file: Path, body: str) -> None:
    error = refused(file, HEADER + body)
    assert error.line == BODY_LINE
    assert error.problem == "no text stands under the headings."


# Paragraphs, lists and tables


def test_a_block_knows_its_line(file: Path) -> None:
    body = "First\nparagraph.\n\nSecond.\n\n- an item\n"
    assert [block.line for block in blocks(file, body)] == [
        BODY_LINE + 2,
        BODY_LINE + 5,
        BODY_LINE + 7,
    ]


def test_a_paragraph_becomes_one_line(file: Path) -> None:
    assert texts(file, "First  line\nand second,  \nand\ta third.\n") == [
        "First line and second, and a third."
    ]


def test_lists_stay_lists(file: Path) -> None:
    body = "Take:\n\n- a bench\n- a bar\n\nThen:\n\n1. sit\n2. lift\n"
    assert [(block.marker, block.text) for block in blocks(file, body)] == [
        (None, "Take:"),
        ("-", "a bench"),
        ("-", "a bar"),
        (None, "Then:"),
        ("1.", "sit"),
        ("2.", "lift"),
    ]


def test_numbering_starts_where_the_page_starts_it(file: Path) -> None:
    numbered = blocks(file, "4) lean\n5) lift\n6) hold\n")
    assert [block.marker for block in numbered] == ["4.", "5.", "6."]


def test_each_list_has_its_own_numbers(file: Path) -> None:
    body = "1. sit\n   1. on the floor\n   2. or on a mat\n2. lift\n   - slowly\n3. hold\n"
    assert [(block.marker, block.text) for block in blocks(file, body)] == [
        ("1.", "sit"),
        ("1.", "on the floor"),
        ("2.", "or on a mat"),
        ("2.", "lift"),
        ("-", "slowly"),
        ("3.", "hold"),
    ]


def test_only_the_first_paragraph_of_an_item_carries_the_marker(file: Path) -> None:
    body = "- sit\n\n  Take your time.\n\n- lift\n\nDone.\n"
    assert [(block.marker, block.text) for block in blocks(file, body)] == [
        ("-", "sit"),
        (None, "Take your time."),
        ("-", "lift"),
        (None, "Done."),
    ]


def test_an_empty_item_lends_its_marker_to_nobody(file: Path) -> None:
    assert [(b.marker, b.text) for b in blocks(file, "- \n- <i></i>\n\nDone.\n")] == [
        (None, "Done.")
    ]


def test_a_row_of_a_table_becomes_an_item(file: Path) -> None:
    body = "| Muscle | Part |\n|---|---|\n| **Glutes** | much |\n| Quads | |\n"
    assert [(block.marker, block.text) for block in blocks(file, body)] == [
        ("-", "Muscle, Part"),
        ("-", "Glutes, much"),
        ("-", "Quads"),
    ]


def test_code_is_text(file: Path) -> None:
    assert texts(file, "```\n3 x 10\n  reps\n```\n\n    indented\n") == ["3 x 10 reps", "indented"]


def test_a_quotation_is_text(file: Path) -> None:
    assert texts(file, "> Squeeze\n> hard.\n") == ["Squeeze hard."]


# What is not shown


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Push *hard* and **harder** with `force`.", "Push hard and harder with force."),
        ("Push <b>hard</b><br> now.", "Push hard now."),
        ("Push <!-- not --> hard.", "Push hard."),
        ("See [the heels](https://example.org) now.", "See the heels now."),
        ("See [the heels](/page 'title') now.", "See the heels now."),
        ("See <https://example.org> now.", "See https://example.org now."),
        ("See ![a picture](x.png) now.", "See now."),
        ("A[![picture](x.png)](https://example.org)B", "AB"),
        ("Push\u200b ha\u00adrd\u202e now\ufeff.", "Push hard now."),
        ("Push\x07 hard.", "Push hard."),
        ("Push\u2028hard.", "Push hard."),
        ("na\u0131\u0308ve e\u0301", "na\u0131\u0308ve \u00e9"),
        ("3 < 4 and 5 <6 and a <- b", "3 < 4 and 5 <6 and a <- b"),
        ("A \\*star\\*.", "A *star*."),
        ("R&amp;D", "R&D"),
    ],
)
def test_only_words_are_left_of_a_line(markdown: str, text: str) -> None:
    assert inline(markdown) == text


def test_html_blocks_and_pictures_leave_no_block(file: Path) -> None:
    body = "<script>\nalert(1)\n</script>\n\n![alone](x.png)\n\nText.\n"
    assert texts(file, body) == ["Text."]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "< script>alert(1)< /script>"),
        ("&#60;img src=x&#x3E;", "< img src=x>"),
        ("\\<b>bold\\</b>", "< b>bold< /b>"),
        ("&lt;!-- hidden --&gt;", "< !-- hidden -->"),
        ("&lt;?php", "< ?php"),
        ("<\u200bscript>", "< script>"),
        ("&lt;\u202escript&gt;", "< script>"),
        ("`<script>`", "< script>"),
        ("&lt;<b>script</b>&gt;", "< script>"),
        ("[click](javascript:alert(1))", "[click] (javascript:alert(1))"),
        ("\\[click](javascript:alert(1))", "[click] (javascript:alert(1))"),
        ("&#91;click&#93;&#40;javascript:x&#41;", "[click] (javascript:x)"),
    ],
)
def test_entities_and_escapes_cannot_become_tags_or_links(markdown: str, text: str) -> None:
    assert inline(markdown) == text


@pytest.mark.parametrize("code", ["```\n{}\n```\n", "    {}\n"])
def test_code_blocks_cannot_become_tags_or_links(file: Path, code: str) -> None:
    (text,) = texts(file, code.format("<script> [click](javascript:alert(1))"))
    assert text == "< script> [click] (javascript:alert(1))"


MARKUP = [*"<>&;[]()!`*_\\/# 60\nab", "&lt;", "&#93;", "\u200b", "\u0338"]


@given(st.lists(st.sampled_from(MARKUP)).map("".join))
def test_whatever_is_written_no_tag_and_no_link_comes_out(markdown: str) -> None:
    assert not re.search(r"<[A-Za-z/!?]|\]\(", inline(markdown))


def test_headings_are_plain_words_as_well(file: Path) -> None:
    (section,) = read(file, "# *Knees*\u200b <b>out</b> &lt;i&gt;\n\nText.\n")
    assert section.path == ("Knees out < i>",)


# References


@pytest.mark.parametrize(
    ("written", "text", "references"),
    [
        ("It is so [@smith2015].", "It is so.", ((8, "smith2015"),)),
        ("It is so. [@smith2015]", "It is so.", ((9, "smith2015"),)),
        ("It is [@a1; @b2] so.", "It is so.", ((5, "a1"), (5, "b2"))),
        ("One [@a1]. Two [@b2].", "One. Two.", ((3, "a1"), (8, "b2"))),
        ("It is so [@doi:10.1-x_y].", "It is so.", ((8, "doi:10.1-x_y"),)),
        ("No reference.", "No reference.", ()),
        ("Mail me [@] or a@b.org.", "Mail me [@] or a@b.org.", ()),
    ],
)
def test_references_are_cut_out_and_their_place_is_kept(
    file: Path, written: str, text: str, references: tuple[tuple[int, str], ...]
) -> None:
    (block,) = blocks(file, written)
    assert (block.text, block.references) == (text, references)


def test_items_and_rows_have_references_too(file: Path) -> None:
    item, _, row = blocks(file, "- sit [@a1]\n\n| Muscle |\n|---|\n| Glutes [@b2] |\n")
    assert (item.text, item.references) == ("sit", ((3, "a1"),))
    assert (row.text, row.references) == ("Glutes", ((6, "b2"),))


# The laws of `clean` and `slug`


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_has_no_unseen_characters(text: str) -> None:
    unseen = {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert not [c for c in clean(text) if unicodedata.category(c) in unseen and c not in "\n\t"]


@given(st.text(st.characters(categories=["L", "N", "P", "Z"])))
def test_clean_keeps_what_can_be_seen(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_clean_keeps_line_ends_and_tabs() -> None:
    assert clean("a\n\tb\r") == "a\n\tb"


@pytest.mark.parametrize("text", ["e\u200d\u0301", "\u1100\u200b\u1161"])
def test_cleaned_text_is_composed(text: str) -> None:
    assert unicodedata.is_normalized("NFC", clean(text))


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Head, neck and chin", "head-neck-and-chin"),
        ("Runner's knee", "runners-knee"),
        ("Runner’s knee", "runners-knee"),
        ("90° – à la carte", "90-a-la-carte"),
        ("  Knees  ", "knees"),
        ("Колени", ""),
    ],
)
def test_a_heading_becomes_an_anchor(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


@given(st.text())
def test_the_slug_of_a_slug_is_itself(heading: str) -> None:
    assert slug(slug(heading)) == slug(heading)


@given(st.text())
def test_a_slug_is_empty_or_a_valid_anchor(heading: str) -> None:
    assert re.fullmatch(r"|[a-z0-9]+(-[a-z0-9]+)*", slug(heading))


@pytest.mark.parametrize("written", ["[@a1, p. 3]", "[@a1;]", "[@a1 @b2]", "[see @a1] [@a1, 3]"])
def test_a_reference_with_more_in_its_brackets_is_refused_at_its_line(
    file: Path, written: str
) -> None:
    error = refused(file, f"{HEADER}# Form\n\nIt is so {written}.\n")
    assert error.line == BODY_LINE + 2
    assert "put nothing else in the brackets" in error.problem


def test_a_reference_in_a_heading_is_refused_at_its_line(file: Path) -> None:
    error = refused(file, f"{HEADER}# Form [@a1]\n\nIt is so.\n")
    assert error.line == BODY_LINE
