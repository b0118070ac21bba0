"""What a reader sees of a page: Markdown and HTML parsed again, without help of what wrote them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_EMPTY = frozenset("br wbr hr meta link img".split())


@dataclass
class Element:
    """An element of HTML; a line break counts as one."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(
            part if isinstance(part, str) else "\n" if part.tag == "br" else part.text for part in self.parts
        )

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements of these tags within, in their order."""
        for part in self.parts:
            if isinstance(part, Element):
                yield from [part] if part.tag in tags else []
                yield from part.all(*tags)

    def tags(self) -> set[str]:
        return {self.tag}.union(*(part.tags() for part in self.parts if isinstance(part, Element)))

    def rows(self) -> list[list[str]]:
        """The texts of a table's cells, without its header."""
        (body,) = self.all("tbody")
        return [[cell.text for cell in row.all("td", "th")] for row in body.all("tr")]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].parts.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read_html(text: str) -> Element:
    parser = _Parser()
    parser.feed(text)
    parser.close()
    assert len(parser.open) == 1, f"<{parser.open[-1].tag}> is never closed"
    return parser.open[0]


def read_markdown(text: str) -> Element:
    """As GitHub reads it: CommonMark with tables and strikethrough."""
    return read_html(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


@dataclass
class Section:
    """A heading and what stands below it until the next one."""

    heading: str
    anchor: str
    body: Element


def sections(page: str) -> list[Section]:
    """The sections of a page of Markdown, with the anchors that GitHub gives them."""
    found: list[Section] = []
    taken: dict[str, int] = {}
    for part in read_markdown(page).parts:
        if isinstance(part, Element) and part.tag in ("h1", "h2", "h3"):
            found.append(Section(part.text, _anchor(part.text, taken), Element("section")))
        elif found:
            found[-1].body.parts.append(part)
    return found


def _anchor(heading: str, taken: dict[str, int]) -> str:
    """GitHub keeps letters, digits, `_` and `-`, makes spaces to `-`, and numbers those that are there already."""
    kept = (sign for sign in heading.lower() if sign in "_- " or unicodedata.category(sign)[0] in "LMN")
    slug = anchor = "".join(kept).replace(" ", "-")
    while anchor in taken:
        taken[slug] += 1
        anchor = f"{slug}-{taken[slug]}"
    taken[anchor] = 0
    return anchor


def check_links(pages: Mapping[str, str]) -> None:
    """Every link within the pages leads somewhere, and one to an entry of a page to the heading with that name."""
    read = {page: sections(text) for page, text in pages.items()}
    anchors = {page: {part.anchor: part.heading for part in parts} for page, parts in read.items()}
    for page, parts in read.items():
        for element in (element for part in parts for element in part.body.all("a")):
            target, _, anchor = str(element.attributes["href"]).partition("#")
            if not target.startswith("http"):
                assert target in ("", *pages)
                if anchor:
                    heading = anchors[target or page][anchor]
                    assert heading.rpartition(": ")[2].lower() == element.text.lower()
