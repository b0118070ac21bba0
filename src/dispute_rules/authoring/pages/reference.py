"""The reference of a pack: its pages, written into a folder, or compared with what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from dispute_rules.authoring.editor import writing
from dispute_rules.authoring.pages.decision_page import decision_page
from dispute_rules.authoring.pages.index_page import index_page
from dispute_rules.authoring.pages.links import INDEX, Links, page_of
from dispute_rules.errors import PackError, Problem, printable, quote
from dispute_rules.pack.written import Pack

SUPERFLUOUS: Final = "superfluous"
"""Of a page that no decision of the pack has any more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A page that is not as it would be written."""

    page: Path
    how: Literal["missing", "changed", "superfluous"]


def pages_of(pack: Pack) -> Mapping[str, str]:
    """The text of each page by the name of its file: one for each decision, and one for what they share."""
    links = Links(pack)
    pages = {INDEX: index_page(pack, links)}
    pages |= {page_of(decision.name): decision_page(pack, decision, links) for decision in pack.decisions}
    return {name: "\n\n".join([_mark(pack), *filter(None, paragraphs)]) + "\n" for name, paragraphs in pages.items()}


def differences(pack: Pack, folder: Path) -> list[Difference]:
    """What is out of step in the folder.

    Raises:
        PackError: a page cannot be read.
    """
    pages = pages_of(pack)
    written = {name: _read(folder / name) for name in pages}
    found = [
        Difference(folder / name, "missing" if written[name] is None else "changed")
        for name, text in pages.items()
        if written[name] != text
    ]
    return found + [Difference(path, SUPERFLUOUS) for path in _left_over(pack, folder, pages)]


def write_reference(pack: Pack, folder: Path) -> list[Difference]:
    """Write the pages that are out of step and remove those that no longer belong; returns which these were.

    Raises:
        PackError: the folder cannot be written, or a page is in the way that was not made from this pack.
    """
    found = differences(pack, folder)
    strangers = [entry.page for entry in found if entry.how == "changed" and not _is_ours(pack, entry.page)]
    if strangers:
        help = "give another folder with --to, or move the file away"
        message = f"this file was not made from the pack {quote(pack.name)}"
        raise PackError(Problem(printable(str(path)), "not-generated", message, help) for path in strangers)
    pages = pages_of(pack)
    with writing(printable(str(folder))):
        folder.mkdir(parents=True, exist_ok=True)
        for entry in found:
            if entry.how == SUPERFLUOUS:
                entry.page.unlink()
            else:
                entry.page.write_text(pages[entry.page.name], encoding="utf-8", newline="\n")
    return found


def _mark(pack: Pack) -> str:
    """The first line of each page, by which the pages of a pack are known again."""
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", pack.name)
    return f"<!-- Made from the pack {name} by `dispute-rules reference`: change the rules, not this page. -->"


def _left_over(pack: Pack, folder: Path, pages: Mapping[str, str]) -> Iterator[Path]:
    for path in sorted(folder.glob("*.md")):
        if path.name not in pages and path.is_file() and _is_ours(pack, path):
            yield path


def _is_ours(pack: Pack, path: Path) -> bool:
    return (_read(path) or "").startswith(_mark(pack))


def _read(path: Path) -> str | None:
    """The text of a file; None if there is none, nothing if it is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise PackError([Problem(printable(str(path)), "unreadable", message, "check its permissions")]) from None
