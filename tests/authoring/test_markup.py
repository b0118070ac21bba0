"""Whatever a rule author writes comes through as it is, and is never taken for markup."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from dispute_rules.authoring.pages.decision_table import table_of
from dispute_rules.authoring.pages.markup import code, html, link, markdown, one_line
from dispute_rules.authoring.pages.reference import pages_of
from dispute_rules.authoring.pages.table_pages import html_page, markdown_page
from dispute_rules.authoring.versions import Version
from dispute_rules.cli.table_text import show_table
from dispute_rules.pack.files import FactWords
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack
from tests.conftest import GOOD_PACK, write_pack
from tests.reading import Element, check_links, read_html, read_markdown

HOSTILE = st.text(
    st.sampled_from("ab12 |<>`*_[]()#+-=.!~&$:/\\\"'{}@^%\n\t\r\x00\x1b\u2028é😀"), min_size=1, max_size=12
)
HOSTILE |= st.sampled_from(
    [
        "<script>alert(1)</script>",
        "a | b",
        "`code` and ``more``",
        "one\ntwo\n\nthree",
        "# heading #",
        "- item",
        "1. item",
        "1) item",
        "---",
        "===",
        "> quote",
        "[a](https://example.org)",
        "![a](b)",
        "[a]: https://example.org",
        "<!-- a",
        "-->",
        "&amp; &copy; &#60;",
        "a\\",
        "\\|",
        "**bold** _too_ __and__ ~~gone~~",
        "https://example.org/a_b*c www.example.org",
        "$a$ $$b$$",
        "    indented",
        "```\nfence",
        "| a |\n| --- |",
        "</td></table>",
        "' onload='x",
    ]
)


def shown(text: str) -> str:
    return read_markdown(text).text.strip()


@given(HOSTILE)
def test_a_text_comes_through_as_it_is(text: str) -> None:
    line = one_line(text)
    inline = markdown(text)
    assert shown(inline) == line
    for around in (f"# {inline}", f"- {inline}", f"before {inline}", f"**Title**\n\n{inline}\n\nafter"):
        assert line in shown(around)
        assert not read_markdown(around).tags() & set("a code img em script del table hr blockquote h2".split())
    (table,) = read_markdown(f"| a | b |\n| --- | --- |\n| {inline} | {inline} |").all("table")
    assert table.rows() == [[line, line]]


@given(HOSTILE)
def test_code_comes_through_as_it_is(text: str) -> None:
    if line := one_line(text):
        (span,) = read_markdown(f"- {code(text)}").all("code")
        assert span.text == line


@given(HOSTILE, HOSTILE)
def test_a_link_comes_through_as_it_is(text: str, path: str) -> None:
    target = f"https://example.org/{''.join(path.split())}"
    (found,) = read_markdown(f"| a |\n| --- |\n| {link(markdown(text), target)} |").all("a")
    assert found.text == one_line(text)
    assert str(found.attributes["href"]).startswith("https://example.org/")


@given(HOSTILE)
def test_a_text_comes_through_html_as_it_is(text: str) -> None:
    (element,) = read_html(f'<p title="{html(text)}">{html(text)}</p>').all("p")
    assert (element.text, element.attributes["title"], element.tags()) == (one_line(text), one_line(text), {"p"})


def with_texts(value: Any, text: str) -> Any:
    """The same with the text in place of everything that is written for people to read."""
    if isinstance(value, BaseModel):
        told = "title about question because help by dated".split()
        changed = {name: with_texts(part, text) for name, part in value}
        changed |= {name: text for name in told if getattr(value, name, None) is not None}
        if isinstance(value, FactWords):
            changed["labels"] = dict.fromkeys(value.labels, text)
        return value.model_copy(update=changed)
    if isinstance(value, dict):
        return {name: with_texts(part, text) for name, part in value.items()}
    return tuple(with_texts(part, text) for part in value) if isinstance(value, tuple) else value


def told_otherwise(pack: Pack, text: str) -> Pack:
    decisions = tuple(
        decision._replace(
            file=decision.file.model_copy(
                update={
                    "question": text,
                    "outputs": {name: dict.fromkeys(labels, text) for name, labels in decision.file.outputs.items()},
                }
            ),
            rules=tuple(rule._replace(file=with_texts(rule.file, text)) for rule in decision.rules),
        )
        for decision in pack.decisions
    )
    return pack.saying(with_texts(pack.file, text), decisions)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(write_pack(tmp_path_factory.mktemp("packs") / "own", GOOD_PACK))


@cache
def harmless(pack: Pack) -> Mapping[str, tuple[list[Any], int]]:
    """What each page is made of, and how often the text stands in it."""
    pages = {page: read_markdown(text) for page, text in pages_of(told_otherwise(pack, "Harmless")).items()}
    return {page: (outline(read), read.text.count("Harmless")) for page, read in pages.items()}


@settings(deadline=None, max_examples=30)
@given(HOSTILE)
def test_no_text_changes_what_the_pages_are_made_of(good: Pack, text: str) -> None:
    """The same headings, links and tables as with a harmless text, and the text itself as often."""
    assume(one_line(text))
    pages = pages_of(told_otherwise(good, text))
    for page, (elements, times) in harmless(good).items():
        read = read_markdown(pages[page])
        assert outline(read) == elements
        assert read.text.count(one_line(text)) >= times
    check_links(pages)


@settings(deadline=None, max_examples=50)
@given(HOSTILE)
def test_no_text_changes_what_a_table_is_made_of(good: Pack, text: str) -> None:
    assume(one_line(text))
    told, plain = (
        table_of(Version(pack, pack.starts[-1]), "verdict")
        for pack in (told_otherwise(good, text), told_otherwise(good, "Harmless"))
    )
    for write, read in ((html_page, read_html), (markdown_page, read_markdown)):
        one, other = read(write(told)), read(write(plain))
        assert outline(one) == outline(other)
        assert one.text.count(one_line(text)) >= other.text.count("Harmless") > 5


def test_a_text_of_nothing_but_spaces_breaks_no_link(good: Pack) -> None:
    check_links(pages_of(told_otherwise(good, " \n ")))


def test_a_terminal_is_not_steered_by_a_text(good: Pack, capsys: pytest.CaptureFixture[str]) -> None:
    pack = told_otherwise(good, "a\x1b[31mb\x07c")
    show_table(table_of(Version(pack, pack.starts[-1]), "verdict"))
    assert "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}c" in capsys.readouterr().out


def outline(element: Element) -> list[Any]:
    """The elements, with where they lead, without any text."""
    return [
        (part.tag, part.attributes.get("href"), outline(part)) for part in element.parts if isinstance(part, Element)
    ]
