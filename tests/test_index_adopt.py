"""An owner's page becomes a page of the corpus: what is kept, what is dropped and reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.adopt import Adopted, adopt
from index.chunk import split_page
from index.config import PACKAGED_MODEL
from index.embed import find_model
from index.errors import CorpusError
from index.fetch import MAX_BYTES
from index.load import Page, load_corpus, load_page
from tests.conftest import front_matter, write_files


class StoppedClock(date):
    """Today is always the fourth of March."""

    @classmethod
    def today(cls) -> StoppedClock:
        return cls(2021, 3, 4)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.adopt.date", StoppedClock)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def take(corpus: Path, text: str, name: str = "deadlift.txt", title: str | None = None) -> Adopted:
    """Adopt a file of this name with this text."""
    file = corpus.parent / name
    file.write_text(text, "utf-8")
    return adopt(str(file), corpus, title)


def page_of(corpus: Path, text: str, name: str = "deadlift.txt") -> Page:
    return load_page(take(corpus, text, name).path)


def shown(page: Page) -> dict[str, list[str]]:
    """Innermost heading to the texts under it, items with their marker."""
    return {
        section.path[-1]: [
            f"{block.marker} {block.text}" if block.marker else block.text
            for block in section.blocks
        ]
        for section in page.sections
    }


def refused(source: str, corpus: Path, title: str | None = None) -> CorpusError:
    with pytest.raises(CorpusError) as found:
        adopt(source, corpus, title)
    return found.value


SCRAPED = """Skip to content

The Romanian Deadlift

By Ada Miller

March 4 2019

romanian deadlift with a barbell

The Romanian deadlift trains the back of the thighs and the glutes. You hinge at the hips.

What it trains:

It trains a whole chain of muscles along the back of the body.
• hamstrings
• glutes
– back extensors

1. Foot placement

Put your feet hip-width apart, straight under the bar, toes forward.

2. Grip

Hold the bar just outside of your legs, with straight arms all the time.


Your breathing matters because it keeps the trunk stiff. Breathe in before you go down.

Woman lifting a barbell
Woman lifting a barbell

Then breathe out on the way up, slowly and under control.

Recommended Reading: Ten Ways to Stretch

Leave a Comment

Your email address will not be published. Required fields are marked *

This site uses Akismet to reduce spam. Learn how your comment data is processed.

Scroll to Top
"""


# Scraped text


def test_bare_and_numbered_lines_become_headings(corpus: Path) -> None:
    assert list(shown(page_of(corpus, SCRAPED))) == [
        "The Romanian Deadlift",
        "What it trains",
        "Foot placement",
        "Grip",
        "Your breathing matters",
    ]


def test_a_heading_that_was_lost_is_made_of_what_the_paragraph_is_about(corpus: Path) -> None:
    """Two blank lines are where the scrape lost one."""
    texts = shown(page_of(corpus, SCRAPED))
    assert texts["Your breathing matters"][0] == (
        "Your breathing matters because it keeps the trunk stiff. Breathe in before you go down."
    )


def test_bullets_of_any_kind_become_one_list(corpus: Path) -> None:
    assert shown(page_of(corpus, SCRAPED))["What it trains"] == [
        "It trains a whole chain of muscles along the back of the body.",
        "- hamstrings",
        "- glutes",
        "- back extensors",
    ]


def test_title_author_and_date_are_read_off_the_page(corpus: Path) -> None:
    source = page_of(corpus, SCRAPED).source
    assert source.title == "The Romanian Deadlift"
    assert source.id == "the-romanian-deadlift"
    assert source.authors == ("Ada Miller",)
    assert source.published == "2019-03-04"
    assert source.kind == "page"
    assert source.source == "deadlift.txt"


def test_what_is_not_content_is_dropped_and_reported(corpus: Path) -> None:
    adopted = take(corpus, SCRAPED)
    assert adopted.dropped == (
        "Skip to content",
        "romanian deadlift with a barbell",
        "Woman lifting a barbell",
        "Woman lifting a barbell",
        "Recommended Reading: Ten Ways to Stretch",
        "Leave a Comment",
        "Your email address will not be published. Required fields are marked *",
        "This site uses Akismet to reduce spam. Learn how your comment data is processed.",
        "Scroll to Top",
    )
    written = adopted.path.read_text("utf-8")
    assert not [line for line in adopted.dropped if line in written]


def test_the_page_goes_to_the_folder_of_owned_pages_and_names_its_headings(corpus: Path) -> None:
    adopted = take(corpus, SCRAPED)
    assert adopted.path == corpus / "pages" / "the-romanian-deadlift.md"
    assert adopted.headings == tuple(s.name for s in load_page(adopted.path).sections)


def test_every_sentence_of_the_text_is_in_a_passage(corpus: Path) -> None:
    page = page_of(corpus, SCRAPED)
    model = find_model(PACKAGED_MODEL)
    found = [s for passage in split_page(page, model.count_tokens) for s in passage.sentences]
    assert found == [
        "The Romanian deadlift trains the back of the thighs and the glutes.",
        "You hinge at the hips.",
        "It trains a whole chain of muscles along the back of the body.",
        "hamstrings",
        "glutes",
        "back extensors",
        "Put your feet hip-width apart, straight under the bar, toes forward.",
        "Hold the bar just outside of your legs, with straight arms all the time.",
        "Your breathing matters because it keeps the trunk stiff.",
        "Breathe in before you go down.",
        "Then breathe out on the way up, slowly and under control.",
    ]


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Mar 4 2019", "2019-03-04"),
        ("March 4, 2019", "2019-03-04"),
        ("4 March 2019", "2019-03-04"),
        ("2019-03-04", "2019-03-04"),
        ("Sometime in March", "2021-03-04"),
    ],
)
def test_a_page_is_of_the_day_it_names_or_of_today(corpus: Path, line: str, published: str) -> None:
    text = f"Bridges\n\n{line}\n\nLift the hips as high as you can without arching your back.\n"
    assert page_of(corpus, text).source.published == published


@pytest.mark.parametrize("line", ["by Ada Miller", "Written by Ada Miller", "By Ada M. O'Neil-Lee"])
def test_a_byline_names_the_author(corpus: Path, line: str) -> None:
    text = f"Bridges\n\n{line}\n\nLift the hips as high as you can without arching your back.\n"
    assert page_of(corpus, text).source.authors == (line.split("by ")[-1].removeprefix("By "),)


def test_without_a_byline_the_author_is_unknown(corpus: Path) -> None:
    text = "Bridges\n\nLift the hips as high as you can without arching your back.\n"
    assert page_of(corpus, text).source.authors == ("Unknown",)


def test_a_text_without_any_heading_gets_one(corpus: Path) -> None:
    page = page_of(
        corpus, "The hip is a joint that carries you through the whole day.", "a_b-c.txt"
    )
    assert page.source.title == "A b c"
    assert shown(page) == {
        "The hip": ["The hip is a joint that carries you through the whole day."]
    }


def test_headings_that_occur_twice_are_told_apart(corpus: Path) -> None:
    text = "Bridges\n\nTips\n\nLift the hips high.\n\nTips\n\nTuck the chin, too.\n"
    assert shown(page_of(corpus, text)) == {
        "Tips": ["Lift the hips high."],
        "Tips (2)": ["Tuck the chin, too."],
    }


def test_a_heading_in_another_script_gets_a_name_that_can_be_linked(corpus: Path) -> None:
    text = "Bridges\n\nКолени\n\nKeep the knees out.\n\nШея\n\nTuck the chin.\n"
    assert list(shown(page_of(corpus, text))) == ["More", "More (2)"]


def test_unseen_characters_do_not_get_in(corpus: Path) -> None:
    page = page_of(corpus, "Brid\u200bges\n\nLift the\u202e hips\u00ad high.\n\ufeff\n")
    assert page.source.title == "Bridges"
    assert shown(page) == {"Bridges": ["Lift the hips high."]}


@pytest.mark.parametrize(
    "line",
    [
        "Keep 3 * 4 reps, a_b and `c`, in [brackets] and #7 | more, all of it as typed.",
        "A back\\slash, a $ and a 100 % sign are words like any other in such a text.",
        "2019 was the year in which this exercise came to our own gym for the first time.",
        "5) is a number that may well stand at the beginning of a line of prose, too.",
        "+ is a sign that may well stand at the beginning of a line of prose, too.",
        "~~~ is a sign that may well stand at the beginning of a line of prose, too.",
        "Write &copy; for the sign and &amp; for the other, says a manual of the web.",
    ],
)
def test_prose_is_quoted_as_it_was_typed(corpus: Path, line: str) -> None:
    page = page_of(corpus, f"Bridges\n\nLift the hips.\n\n{line}\n\nThen lower them.\n")
    texts = [text for texts in shown(page).values() for text in texts]
    assert texts == ["Lift the hips.", line, "Then lower them."]


def test_tags_in_a_text_stay_harmless(corpus: Path) -> None:
    page = page_of(corpus, "Bridges\n\nLift <script>alert(1)</script> the hips.\n")
    assert shown(page) == {"Bridges": ["Lift < script>alert(1)< /script> the hips."]}


@pytest.mark.parametrize("line", [":", "::", "## #"])
def test_a_line_of_signs_does_no_harm(corpus: Path, line: str) -> None:
    text = f"Bridges\n\nLift the hips high.\n\n{line}\n\nThen lower them slowly.\n"
    texts = [text for texts in shown(page_of(corpus, text)).values() for text in texts]
    assert texts == ["Lift the hips high.", "Then lower them slowly."]


def test_headings_that_look_like_our_own_numbers_are_told_apart(corpus: Path) -> None:
    text = "Bridges\n\nTips\n\nOne is it.\n\nTips\n\nTwo is it.\n\nTips (2)\n\nThree is it.\n"
    assert len(shown(page_of(corpus, text))) == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not sign up for a marathon before your hips are strong.",
        "Cookies before training sit heavy in the stomach.",
        "Share this load between both legs.",
    ],
)
def test_a_sentence_that_only_holds_such_a_word_is_kept(corpus: Path, sentence: str) -> None:
    text = f"Bridges\n\nLift the hips high.\n\n{sentence}\n"
    assert sentence in shown(page_of(corpus, text))["Bridges"]


def test_a_heading_that_begins_with_by_names_no_author(corpus: Path) -> None:
    text = "Bridges\n\nBy the numbers\n\nLift the hips high.\n"
    assert page_of(corpus, text).source.authors == ("Unknown",)


def test_a_heading_may_begin_with_a_digit(corpus: Path) -> None:
    text = "Bridges\n\n5 Tips for Beginners\n\nLift the hips high.\n"
    assert list(shown(page_of(corpus, text))) == ["5 Tips for Beginners"]


# Markdown

MARKDOWN = """# Bridges

An introduction that stands before any heading of its own on this page.

## How to do it

Lie down on the floor and put your feet flat on it, close to your hips.

* lift the hips
* hold

### Mistakes

Arching the lower back.
"""


@pytest.mark.parametrize("header", ["", "---\nlayout: post\ntags: [a, b]\n---\n\n"])
def test_markdown_with_or_without_front_matter_gives_the_same_page(
    corpus: Path, header: str
) -> None:
    page = page_of(corpus, header + MARKDOWN, "bridges.md")
    assert page.source.title == "Bridges"
    assert shown(page) == {
        "Bridges": ["An introduction that stands before any heading of its own on this page."],
        "How to do it": [
            "Lie down on the floor and put your feet flat on it, close to your hips.",
            "- lift the hips",
            "- hold",
        ],
        "Mistakes": ["Arching the lower back."],
    }


def test_a_front_matter_that_never_ends_is_text(corpus: Path) -> None:
    page = page_of(corpus, "---\n\n" + MARKDOWN, "bridges.md")
    assert "Mistakes" in shown(page)


def test_a_markdown_heading_is_a_heading_in_any_case(corpus: Path) -> None:
    text = "# Bridges\n\n## how to do it\n\nLift the hips high.\n"
    assert list(shown(page_of(corpus, text, "bridges.md"))) == ["how to do it"]


def test_a_numbered_list_stays_a_list(corpus: Path) -> None:
    text = "# Bridges\n\n## Steps\n\n1. Lie down\n2. Lift\n3. Hold\n\nThen lower the hips.\n"
    assert shown(page_of(corpus, text, "bridges.md")) == {
        "Steps": ["1. Lie down", "2. Lift", "3. Hold", "Then lower the hips."]
    }


def test_emphasis_and_links_of_markdown_are_not_shown_as_signs(corpus: Path) -> None:
    text = "# Bridges\n\nLift **hard** and read [more](https://example.org) about it, please.\n"
    assert shown(page_of(corpus, text, "bridges.md")) == {
        "Bridges": ["Lift hard and read more about it, please."]
    }


def test_a_table_of_markdown_is_kept(corpus: Path) -> None:
    text = "# Bridges\n\nThis is a plan.\n\n| Week | Sets |\n|---|---|\n| One | 3 |\n"
    adopted = take(corpus, text, "bridges.md")
    assert adopted.dropped == ()


# HTML

HTML = """<!doctype html>
<html lang="en"><head><title>The Step-Up | Gym Blog</title>
<meta name="author" content="Ada Miller">
<meta property="article:published_time" content="2019-03-04T08:00:00Z"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Our shop</a></li></ul></nav>
<main><article><h1>The Step-Up</h1>
<p>The step-up trains one leg at a time, so that both sides have to do the same work for the
same number of reps.</p>
<h2>How high the box should be</h2>
<p>Choose a box that is about as high as your knee. A higher box asks for more work of the
glutes, and a lower one for less.</p>
<ul><li>beginners: half as high as the knee</li><li>later: as high as the knee</li></ul>
<h2>Where to put the foot</h2>
<p>Put the whole foot on the box, the heel as well. Push through it, and do not bounce with the
other leg on the floor.</p>
</article></main>
<section id="comments" class="comments"><h3>3 comments</h3>
<div class="comment"><p>Buy cheap pills at my shop, they made my legs grow in a week!</p></div>
</section>
<script>alert("tracking")</script>
<footer><p>Copyright Gym Blog. All rights reserved. Privacy policy.</p></footer></body></html>
"""


@pytest.mark.parametrize("name", ["step-up.html", "step-up.HTM"])
def test_of_a_saved_page_only_the_main_text_is_kept(corpus: Path, name: str) -> None:
    page = page_of(corpus, HTML, name)
    assert page.source.title == "The Step-Up"
    assert page.source.authors == ("Ada Miller",)
    assert page.source.published == "2019-03-04"
    assert shown(page) == {
        "The Step-Up": [
            "The step-up trains one leg at a time, so that both sides have to do the same work "
            "for the same number of reps."
        ],
        "How high the box should be": [
            "Choose a box that is about as high as your knee. A higher box asks for more work of "
            "the glutes, and a lower one for less.",
            "- beginners: half as high as the knee",
            "- later: as high as the knee",
        ],
        "Where to put the foot": [
            "Put the whole foot on the box, the heel as well. Push through it, and do not bounce "
            "with the other leg on the floor."
        ],
    }


@pytest.mark.parametrize("html", ["<html></html>", "<html><body><nav>Home</nav></body></html>", ""])
def test_a_saved_page_without_main_text_is_refused(corpus: Path, html: str) -> None:
    write_files(corpus.parent, {"empty.html": html})
    problem = refused(str(corpus.parent / "empty.html"), corpus).problem
    assert problem in {
        "no main text was found in this HTML page.",
        "there is no text in it that could be quoted.",
    }


def test_emphasis_of_a_saved_page_is_not_shown_as_signs(corpus: Path) -> None:
    html = HTML.replace("one leg at a time", "<b>one leg</b> at a <i>time</i>")
    text = shown(page_of(corpus, html, "step-up.html"))["The Step-Up"][0]
    assert text.startswith("The step-up trains one leg at a time, so that")


def test_a_table_of_a_saved_page_is_kept(corpus: Path) -> None:
    table = "<table><tr><th>Week</th><th>Sets</th></tr><tr><td>One</td><td>3</td></tr></table>"
    html = HTML.replace("</article>", f"{table}</article>")
    assert take(corpus, html, "step-up.html").dropped == ()


# What cannot be adopted


@pytest.mark.parametrize(
    "text", ["", "\n \n\u200b\n", "Only a title\n", "Title\n\nLeave a comment\n\nShare this\n"]
)
def test_a_file_without_text_is_refused(corpus: Path, text: str) -> None:
    write_files(corpus.parent, {"empty.txt": text})
    error = refused(str(corpus.parent / "empty.txt"), corpus)
    assert error.problem == "there is no text in it that could be quoted."
    assert not corpus.exists()


@pytest.mark.parametrize(
    ("raw", "line", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", 1, "not UTF-8"),
        (b"Title\n\nA na\xefve text.\n", 3, "not UTF-8"),
        (b"PK\x03\x04\0\0", 1, "this is not a text file."),
        (b"Title\n\n\0\n", 3, "this is not a text file."),
    ],
)
def test_a_binary_file_is_refused(corpus: Path, raw: bytes, line: int, problem: str) -> None:
    file = corpus.parent / "page.txt"
    file.write_bytes(raw)
    error = refused(str(file), corpus)
    assert error.line == line
    assert problem in error.problem


def test_a_huge_file_is_refused_unread(corpus: Path) -> None:
    file = corpus.parent / "page.txt"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert refused(str(file), corpus).problem == "the file is larger than 5 MB."


@pytest.mark.parametrize(
    "name",
    [
        "gone.txt",
        "",
        "\0",
        "x" * 300,
    ],
)
def test_a_missing_file_is_refused(corpus: Path, name: str) -> None:
    error = refused(str(corpus.parent / name), corpus)
    assert error.problem == "there is no such file."


@pytest.mark.parametrize("address", ["https://example.org/a", "HTTP://example.org", "file:///a.md"])
def test_an_address_is_not_fetched(corpus: Path, address: str) -> None:
    assert "fetched" in refused(address, corpus).problem


def test_the_same_title_twice_is_refused_and_the_first_page_stays(corpus: Path) -> None:
    first = take(corpus, MARKDOWN, "one.md").path
    before = first.read_bytes()
    write_files(corpus.parent, {"two.md": "# Bridges!\n\nQuite another text.\n"})
    error = refused(str(corpus.parent / "two.md"), corpus)
    assert error.path == first
    assert "a page of this title is there already" in error.problem
    assert first.read_bytes() == before


def test_a_title_and_an_origin_may_be_given(corpus: Path) -> None:
    write_files(corpus.parent, {"bridges.md": MARKDOWN})
    adopted = adopt(str(corpus.parent / "bridges.md"), corpus, "My: own 'title'", "our blog")
    source = load_page(adopted.path).source
    assert (source.title, source.source) == ("My: own 'title'", "our blog")
    assert adopted.path.name == "my-own-title.md"


@pytest.mark.parametrize("title", ["../../etc/passwd", "a/b", "..", "Колени"])
def test_no_title_leads_out_of_the_folder(corpus: Path, title: str) -> None:
    assert take(corpus, MARKDOWN, "bridges.md", title).path.parent == corpus / "pages"


def test_a_very_long_title_does_no_harm(corpus: Path) -> None:
    page_of(corpus, f"# {'Very ' * 80}\n\nLift the hips high.\n", "bridges.md")


# An adopted page can be built


def test_an_adopted_page_is_part_of_the_corpus(corpus: Path) -> None:
    take(corpus, SCRAPED)
    take(corpus, MARKDOWN, "bridges.md")
    assert [page.source.id for page in load_corpus(corpus).pages] == [
        "bridges",
        "the-romanian-deadlift",
    ]


def test_a_title_whose_id_another_page_has_is_refused(corpus: Path) -> None:
    """Else the page is taken, and from then on no build succeeds."""
    write_files(corpus, {"other/old.md": front_matter("bridges", "Old") + "# Old\n\nIt is old.\n"})
    write_files(corpus.parent, {"bridges.md": MARKDOWN})
    refused(str(corpus.parent / "bridges.md"), corpus)


def test_a_page_with_a_sentence_too_long_for_the_model_is_refused(corpus: Path) -> None:
    """Else the page is taken, and from then on no build succeeds."""
    text = f"Bridges\n\nLift the hips {'and the hips ' * 80} high.\n"
    write_files(corpus.parent, {"bridges.txt": text})
    refused(str(corpus.parent / "bridges.txt"), corpus)


def test_a_list_of_numbers_in_plain_text_stays_a_list(corpus: Path) -> None:
    text = "Bridges\n\nSteps\n\n1. Lie down\n2. Lift\n3. Hold\n\nThen lower the hips.\n"
    assert shown(page_of(corpus, text)) == {
        "Steps": ["1. Lie down", "2. Lift", "3. Hold", "Then lower the hips."]
    }


def test_markdown_without_a_heading_gets_its_title_for_one(corpus: Path) -> None:
    assert shown(page_of(corpus, "Lift the hips *high*.\n", "glute-bridge.md")) == {
        "Glute bridge": ["Lift the hips high."]
    }


def test_headings_of_markdown_that_occur_twice_are_told_apart(corpus: Path) -> None:
    text = "# Bridges\n\n## Tips\n\nLift.\n\nTips\n----\n\nTuck the chin.\n\n## Колени\n\nOut.\n"
    assert shown(page_of(corpus, text, "bridges.md")) == {
        "Tips": ["Lift."],
        "Tips (2)": ["Tuck the chin."],
        "More": ["Out."],
    }


def test_boilerplate_of_markdown_goes_and_code_stays(corpus: Path) -> None:
    text = "# Bridges\n\nBy Ada Miller\n\nLift.\n\n- hold\n- Share this\n\n```\n# Menu\n```\n\n"
    adopted = take(corpus, text + "**Subscribe to our newsletter!**\n", "bridges.md")
    page = load_page(adopted.path)
    assert shown(page) == {"Bridges": ["Lift.", "- hold", "# Menu"]}
    assert page.source.authors == ("Ada Miller",)
    assert adopted.dropped == ("Share this", "Subscribe to our newsletter!")


def test_a_refused_page_leaves_nothing_behind(corpus: Path) -> None:
    """Neither a file nor a folder; and the error names the file that was given."""
    write_files(corpus.parent, {"bridges.md": "# Bridges\n\nIt is so [@nobody2015].\n"})
    error = refused(str(corpus.parent / "bridges.md"), corpus)
    assert error.path == corpus.parent / "bridges.md"
    assert "[@nobody2015] has no entry" in error.problem
    assert not corpus.exists()


def test_every_page_that_is_taken_can_be_loaded_with_the_corpus(corpus: Path) -> None:
    take(corpus, HTML, "step-up.html")
    take(corpus, MARKDOWN, "bridges.md")
    take(corpus, SCRAPED)
    assert len(load_corpus(corpus).pages) == 3


def test_markdown_without_words_and_raw_html_are_dropped_and_reported(corpus: Path) -> None:
    text = "...\n\n# Bridges\n\nLift.\n\n## Rest\n\n***\n\n...\n\n<div>\nMenu\n</div>\n"
    adopted = take(corpus, text, "bridges.md")
    assert shown(load_page(adopted.path)) == {"Bridges": ["Lift."]}
    assert adopted.dropped == ("...", "...", "< div> Menu < /div>")
