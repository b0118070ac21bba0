"""The days that follow from a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dispute_rules.case import Case
from dispute_rules.pack.model import AHEAD, PASSED, Edition

Range = tuple[date, date]
"""The earliest and the latest day that something may be."""


def dates_of(edition: Edition, case: Case, today: date) -> dict[str, Range]:
    """The pack's dates, as far as the days that they are counted from are known."""
    known: dict[str, Range] = {name: (day, day) for name, day in case if type(day) is date}
    known["today"] = (today, today)
    for name, spec in edition.dates.items():
        start = next((known[after] for after in spec.span.after if after in known), None)
        if start is not None:
            known[name] = _count(edition, start, spec.span.days or ())
    return {name: known[name] for name in edition.dates if name in known}


def _count(edition: Edition, start: Range, parameters: tuple[str, ...]) -> Range:
    if not parameters:
        return start
    spans = [edition.parameters[name] for name in parameters]
    return add_days(start[0], *spans[0]), add_days(start[1], *spans[-1])


def add_days(start: date, count: int, unit: str) -> date:
    """Some calendar days later, or some business days: Monday to Friday."""
    try:
        return _add_days(start, count, unit)
    except OverflowError:  # of a pack with very long spans
        return date.max


def _add_days(start: date, count: int, unit: str) -> date:
    if unit == "days":
        return start + timedelta(days=count)
    weekday = min(start.weekday(), 4)  # from a weekend, counting starts as from its Friday
    friday_based = start - timedelta(days=start.weekday() - weekday)
    weeks, rest = divmod(weekday + count, 5)
    return friday_based + timedelta(days=weeks * 7 + rest - weekday)


def date_labels(edition: Edition, dates: Mapping[str, Range], today: date) -> dict[str, str]:
    """Whether each of the dates is ahead or has passed."""
    return {
        name: PASSED if _has_passed(edition, name, latest, today) else AHEAD
        for name, (_, latest) in dates.items()
        if name in edition.facts
    }


def _has_passed(edition: Edition, name: str, latest: date, today: date) -> bool:
    return today >= latest if edition.dates[name].first_day else today > latest
