"""The days that follow from each row, as `process/dates.py` says, in columns: days since 1970."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from dispute_rules.contradictions import CHRONOLOGY
from dispute_rules.pack.model import Edition
from dispute_rules.process.dates import add_days

_EPOCH = date(1970, 1, 1)
_LAST = (date.max - _EPOCH).days
Span = tuple[pl.Expr, pl.Expr]
"""The earliest and the latest day; null where nothing is told."""


def spans_of(edition: Edition, given: Collection[str]) -> dict[str, Span]:
    """The pack's dates, where some of the days that they are counted from are columns."""
    known: dict[str, Span] = {name: (pl.col(name), pl.col(name)) for name in given}
    for name, spec in edition.dates.items():
        starts = [known[after] for after in spec.span.after if after in known]
        if starts:
            counted = [_count(edition, start, spec.span.days or ()) for start in starts]
            known[name] = pl.coalesce(each[0] for each in counted), pl.coalesce(each[1] for each in counted)
    return {name: known[name] for name in edition.dates if name in known}


def _count(edition: Edition, start: Span, parameters: tuple[str, ...]) -> Span:
    if not parameters:
        return start
    first, last = edition.parameters[parameters[0]], edition.parameters[parameters[-1]]
    return _add_days(start[0], *first), _add_days(start[1], *last)


def _add_days(start: pl.Expr, count: int, unit: str) -> pl.Expr:
    if unit == "days" or count == 0:
        return (start + count).clip(upper_bound=_LAST)
    week = [_EPOCH + timedelta(number) for number in range(7)]
    added = pl.Series([(add_days(day, count, unit) - day).days for day in week], dtype=pl.Int32)
    return (start + pl.lit(added).gather(start % 7)).clip(upper_bound=_LAST)


def earliest_of(edition: Edition, given: Collection[str], spans: Mapping[str, Span]) -> dict[str, pl.Expr]:
    """The days before which something cannot be, whatever the days are that are not told."""
    earliest = {name: pl.col(name) for name in given}
    for then in dict.fromkeys(then for _, then in CHRONOLOGY):
        before = [pl.col(first) for first, other in CHRONOLOGY if other == then and first in given]
        if before:
            own = [pl.col(then)] if then in given else []
            earliest[then] = pl.coalesce(*own, pl.max_horizontal(before))
    for name, spec in edition.dates.items():
        starts = [earliest.get(after) for after in spec.span.after]
        told = [
            spans[after][0] if after in spans else pl.col(after) if after in given else None
            for after in spec.span.after
        ]
        if (start := _least(starts, told)) is not None:
            earliest[name] = _count(edition, (start, start), spec.span.days or ())[1]
    return {name: earliest[name] for name in edition.dates if name in earliest}


def _least(starts: Sequence[pl.Expr | None], told: Sequence[pl.Expr | None]) -> pl.Expr | None:
    """The least of all down to the first one that is told; null if one of these is not known."""
    start, *later = starts
    if start is None:
        return None
    if not later:
        return start
    rest = _least(later, told[1:])
    least = (
        pl.when(start.is_null() | rest.is_null()).then(None).otherwise(pl.min_horizontal(start, rest))
        if rest is not None
        else pl.lit(None, pl.Int32)
    )
    return least if told[0] is None else pl.when(told[0].is_not_null()).then(start).otherwise(least)


def has_passed(edition: Edition, name: str, latest: pl.Expr, today: pl.Expr) -> pl.Expr:
    """Whether a first day has come, or a last one is over."""
    return today >= latest if edition.dates[name].first_day else today > latest
