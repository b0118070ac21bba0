"""Values as `advise` takes them, for rows that are read one by one: each as Python sees it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import polars as pl

from dispute_rules.errors import CaseError
from dispute_rules.reading import read_json

_ROWS = 1_000  # of which values are held at a time
_SEPARATORS = re.compile("[,;]")
_TOO_FAR = object()  # stands for a value that Python cannot hold: no fact can be read from it


def rows_of(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows, without what is not known."""
    for part in frame.iter_slices(_ROWS):
        columns = [[_fact(column.name, value) for value in _values(column)] for column in part.iter_columns()]
        for row in zip(*columns, strict=True):
            yield {name: value for name, value in zip(frame.columns, row, strict=True) if value is not None}


def _values(column: pl.Series) -> list[Any]:
    return each_value(column.to_list, len(column), lambda at: column[at : at + 1].to_list()[0])


def each_value(together: Callable[[], list[Any]], count: int, one: Callable[[int], Any]) -> list[Any]:
    """The values of a column, all at once or, where some cannot be held by Python, one by one."""
    try:
        return together()
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - each library has its own
        return [_value(one, at) for at in range(count)]


def _value(one: Callable[[int], Any], at: int) -> Any:
    try:
        return one(at)
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001
        return _TOO_FAR


def _fact(name: str, value: Any) -> Any:
    try:
        return _meant(name, value)
    except Exception:  # noqa: BLE001 - a caller's own object may fail in any way to be looked at
        return value


def _meant(name: str, value: Any) -> Any:
    """As docs/frames.md says: NaN is nothing known, midnight is a day, text may list evidence or events."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - not a number
        return None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return kinds_in(value) if name == "evidence" else _events(value) if name == "events" else value


def kinds_in(value: Any) -> Any:
    """The kinds of evidence in a text, with `,` or `;` between them, or `none`; anything else stays as it is.

    None if it says nothing.
    """
    if not isinstance(value, str):
        return value
    return (
        [part.strip() for part in _SEPARATORS.split(value) if part.strip()] or None if value.strip() != "none" else []
    )


def _events(value: Any) -> Any:
    """What a text in JSON or a list of structs says, of which nulls are not known; anything else stays as it is."""
    if isinstance(value, str):
        with suppress(CaseError):  # then it is told of the text that it is no list
            facts = read_json(f'{{"events": {value}}}')
            value = facts["events"] if len(facts) == 1 else value
    if not isinstance(value, list):
        return value
    return [{n: v for n, v in each.items() if v is not None} if isinstance(each, dict) else each for each in value]
