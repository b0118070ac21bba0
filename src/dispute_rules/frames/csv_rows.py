"""CSV: the names of its columns, and its rows, of which a bad one takes no others with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.names import doubled
from dispute_rules.frames.row import Row

_NOT_COMMAS = (";", "\t", "|")


def csv_names(path: Path) -> list[str]:
    """The columns.

    Raises:
        OSError: the file cannot be read.
        CaseError: one stands twice or has no name, or the first line cannot be read.
    """
    names = _header(_lists(path))
    if names is None:
        help = "write the names of the columns with commas between them, and close each quote"
        raise CaseError([Problem("case", "wrong-type", "the first line cannot be read", help)])
    if problems := list(_problems(names)):
        raise CaseError(problems)
    return names


def _problems(names: list[str]) -> Iterator[Problem]:
    if not all(_is_utf_8(name) and "\0" not in name for name in names):
        yield Problem("case", "not-utf-8", "the first line is not UTF-8", "save the file as UTF-8")
    for mark in _NOT_COMMAS:
        if len(names) == 1 and mark in names[0]:
            help = "write commas between the values, and decimals with a point"
            yield Problem("case", "wrong-type", f"the names have {quote(mark)} between them", help)
    for at, name in enumerate(names, 1):
        if not name:
            help = "name it, or take away the comma that is too many"
            yield Problem("case", "wrong-type", f"column {at} of {len(names)} has no name", help)
    yield from doubled(filter(None, names))


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows; an empty field is nothing known, and an empty line is none.

    Raises:
        OSError: the file cannot be read.
    """
    rows = _lists(path)
    names = _header(rows) or []
    for row in rows:
        if row is None:
            yield Row({}, "case: wrong-type")
        elif row:
            yield Row(dict(zip(names, map(_value, row), strict=False)), _fault(row, names))


def _header(rows: Iterator[list[str] | None]) -> list[str] | None:
    return next((row for row in rows if row != []), [])


def _lists(path: Path) -> Iterator[list[str] | None]:
    """The rows, and None for a line that cannot be read: a quote that never closes takes no other lines with it."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        taken: list[str] = []  # for one row
        left: list[str] = []  # to be read once more, the last line first

        def lines() -> Iterator[str]:
            while line := left.pop() if left else stream.readline():
                taken.append(line)
                yield line

        reader = csv.reader(lines(), strict=True)
        while True:
            taken.clear()
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                left.extend(reversed(taken[1:]))
                reader = csv.reader(lines(), strict=True)
                yield None


def _fault(row: list[str], names: list[str]) -> str | None:
    if len(row) != len(names):
        return "case: wrong-type"
    return None if all(map(_is_utf_8, row)) else "case: not-utf-8"


def _value(text: str) -> str | None:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") or None


def _is_utf_8(text: str) -> bool:
    """Whether all bytes of it were."""
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)
