"""A pack's texts in Markdown and HTML: what an author writes is shown as it is, and is never taken for markup."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

_MARKS = re.compile(
    r"[\\`*\[\]<>|~&$#]"  # emphasis, code, links, tags, cells of a table, entities, formulas, headings
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # within a word it is only itself
    r"|:(?=//)|(?<=www)\."  # what GitHub makes a link of by itself
    r"|^[-+=]"  # lists, and lines that make a heading of the line above
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_IN_LINKS = ":/?#@!$&*+,;=%"


def one_line(text: str) -> str:
    """A text on one line, without signs that steer a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def markdown(text: str) -> str:
    """A text as Markdown that shows as that text, at the start of a line and in a table, too."""
    return _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", one_line(text)))


def html(text: str) -> str:
    """A text as HTML, in an attribute, too."""
    return escape(one_line(text))


def code(text: str) -> str:
    """A text as a code span of Markdown; for a cell of a table it must have no `|` in it."""
    line = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    pad = " " if "`" in (line[:1], line[-1:]) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(words: str, target: str) -> str:
    """A link; `words` are Markdown already."""
    return f"[{words}]({quote(target, safe=_IN_LINKS).replace('&', '&amp;')})"
