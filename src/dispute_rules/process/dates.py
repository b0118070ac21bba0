"""The days that follow from a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from dispute_rules.case import CHRONOLOGY, Case
from dispute_rules.pack.model import AHEAD, PASSED, Edition, label_of_order

Range = tuple[date, date]
"""The earliest and the latest day that something may be."""


def dates_of(edition: Edition, case: Case, today: date) -> dict[str, Range]:
    """The pack's dates, as far as the days that they are counted from are known."""
    known: dict[str, Range] = {name: (day, day) for name, day in case.__dict__.items() if type(day) is date}
    known["today"] = (today, today)
    for name, spec in edition.dates.items():
        span = spec.span
        for after in span.after:
            if after in known:
                known[name] = _count(edition, known[after], span.days or ())
                break
    return {name: known[name] for name in edition.dates if name in known}


def _count(edition: Edition, start: Range, parameters: tuple[str, ...]) -> Range:
    if not parameters:
        return start
    first, last = edition.parameters[parameters[0]], edition.parameters[parameters[-1]]
    earliest = add_days(start[0], *first)
    if start[0] == start[1] and first is last:
        return earliest, earliest
    return earliest, add_days(start[1], *last)


def add_days(start: date, count: int, unit: str) -> date:
    """Some calendar days later, or some business days: Monday to Friday."""
    try:
        return _add_days(start, count, unit)
    except OverflowError:  # of a pack with very long spans
        return date.max


def _add_days(start: date, count: int, unit: str) -> date:
    if unit == "days" or count == 0:
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


def certain_labels(edition: Edition, case: Case, dates: Mapping[str, Range], today: date) -> dict[str, str]:
    """Dates that are ahead whatever the unknown days are, because these cannot be so long ago."""
    earliest = {name: day for name, day in case.__dict__.items() if type(day) is date} | {"today": today}
    told = earliest.keys() | dates.keys()
    for first, then in CHRONOLOGY:
        if then not in told and first in told:
            earliest[then] = max(earliest[first], earliest.get(then, earliest[first]))
    for name, spec in edition.dates.items():
        counting = _counting(spec.span.after, told)
        if counting and all(after in earliest for after in counting):
            start = min(earliest[after] for after in counting)
            earliest[name] = _count(edition, (start, start), spec.span.days or ())[1]
    names = (name for name in edition.dates if name in edition.facts and name in earliest)
    return {name: AHEAD for name in names if not _has_passed(edition, name, earliest[name], today)}


def _counting(after: Sequence[str], told: Collection[str]) -> Sequence[str]:
    """Of the days that something may be counted from, those that count: all down to the first one that is told."""
    first = next((at for at, name in enumerate(after) if name in told), len(after))
    return after[: first + 1]


def comparison_labels(edition: Edition, dates: Mapping[str, Range]) -> dict[str, str]:
    """The labels of comparisons between dates, by their later days, as far as both are known."""
    return {
        name: label_of_order(dates[spec.compare][1], dates[spec.with_][1], spec.labels)
        for name, spec in edition.comparisons.items()
        if name in edition.facts and spec.compare in dates and spec.with_ in dates
    }


def _has_passed(edition: Edition, name: str, latest: date, today: date) -> bool:
    return today >= latest if edition.dates[name].first_day else today > latest
