"""The days that follow from a case.

Which days follow from which goes by what days are given: that is worked out once for each such set, as a plan. A case
is then arithmetic on days as numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dispute_rules.case import CHRONOLOGY, Case
from dispute_rules.pack.files import DateSpec, Side
from dispute_rules.pack.model import AHEAD, PASSED, Edition, label_of_order

Range = tuple[date, date]
"""The earliest and the latest day that something may be."""
Counts = tuple[tuple[int, str], ...]
"""Numbers of days with their units, to be added one after another."""
Span = int | Counts
"""As many calendar days, or what is left of counts where some are in business days."""

_REMEMBERED = 4_096  # sets of days; of the standard ones there are at most 4,096 for each edition
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class _Counted:
    """A date: the day of the case, or `today`, that it is counted from, and how much is added."""

    start: str
    earliest: Span
    latest: Span


@dataclass(frozen=True, slots=True)
class _Plan:
    """What follows from days of certain names."""

    dates: Mapping[str, _Counted]
    labelled: tuple[tuple[str, _Counted, bool], ...]  # those that rules look at; and whether it is a first day
    compared: tuple[tuple[str, _Counted, _Counted, Mapping[Side, str]], ...]
    exact: tuple[str, ...]  # of the labelled ones, those that no other day can change
    bounds: tuple[tuple[str, tuple[str, ...]], ...]  # days that are not told, and those that they cannot be before
    soonest: tuple[tuple[str, tuple[str, ...], Span], ...]  # the days that dates may be at the soonest
    bounded: tuple[tuple[str, bool], ...]  # of these, those that rules look at; and whether it is a first day


class Days(Mapping[str, Range]):
    """The pack's dates for one case, as far as the days that they are counted from are known."""

    def __init__(self, edition: Edition, case: Case, today: date) -> None:
        """Take the days that the case gives."""
        self._days = {name: day.toordinal() for name in edition.days if (day := case.__dict__[name])}
        self._days["today"] = self._today = today.toordinal()
        self._plan = _plan(edition, tuple(self._days))

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan.dates)

    def __len__(self) -> int:
        return len(self._plan.dates)

    def __contains__(self, name: object) -> bool:
        return name in self._plan.dates

    def __getitem__(self, name: str) -> Range:
        counted = self._plan.dates[name]
        latest = date.fromordinal(self._latest(counted))
        if counted.earliest == counted.latest:
            return latest, latest
        return date.fromordinal(_later(self._days[counted.start], counted.earliest)), latest

    def counted_from(self, name: str) -> str:
        """The day of the case, or `today`, that a date is counted from."""
        return self._plan.dates[name].start

    def labels(self) -> dict[str, str]:
        """Whether dates are ahead or have passed, by their later days, and the labels of comparisons between dates."""
        found = {
            name: PASSED if self._latest(counted) < self._today + first_day else AHEAD
            for name, counted, first_day in self._plan.labelled
        }
        for name, left, right, labels in self._plan.compared:
            found[name] = label_of_order(self._latest(left), self._latest(right), labels)
        return found

    def ahead(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Dates that are ahead whatever the unknown days are, because these cannot be so long ago."""
        found = {name: AHEAD for name in self._plan.exact if labels[name] == AHEAD}
        if self._plan.bounded:
            soonest = dict(self._days)
            for then, firsts in self._plan.bounds:
                soonest[then] = max(map(soonest.__getitem__, firsts))
            for name, starts, span in self._plan.soonest:
                soonest[name] = _later(min(map(soonest.__getitem__, starts)), span)
            found |= {n: AHEAD for n, first_day in self._plan.bounded if soonest[n] >= self._today + first_day}
        return found

    def _latest(self, counted: _Counted) -> int:
        return _later(self._days[counted.start], counted.latest)


def _later(start: int, span: Span) -> int:
    if type(span) is int:
        return min(start + span, _LAST)
    for count, unit in span:  # type: ignore[union-attr]
        start = min(start + count if unit == "days" else _business_days_later(start, count), _LAST)
    return start


def _business_days_later(start: int, count: int) -> int:
    """Monday to Friday count; from a weekend, counting starts as from its Friday."""
    if count == 0:
        return start
    day = (start + 6) % 7
    weekday = min(day, 4)
    weeks, rest = divmod(weekday + count, 5)
    return start - day + weeks * 7 + rest


def add_days(start: date, count: int, unit: str) -> date:
    """Some calendar days later, or some business days: Monday to Friday."""
    return date.fromordinal(_later(start.toordinal(), ((count, unit),)))


@lru_cache(maxsize=_REMEMBERED)
def _plan(edition: Edition, days: tuple[str, ...]) -> _Plan:
    dates = _counted_from(edition, days)
    first_days = {name: spec.first_day is not None for name, spec in edition.dates.items() if name in edition.facts}
    bounds: dict[str, tuple[str, ...]] = {}
    for first, then in CHRONOLOGY:
        if then not in days and first in days:
            bounds[then] = (*bounds.get(then, ()), first)
    starts = _counting_starts(edition, {*days, *dates}, {*days, *bounds})
    exact = set(days)
    for name, several in starts.items():
        exact |= {name} if len(several) == 1 and several[0] in exact else set()
    bounded = [name for name in first_days if name in starts and name not in exact]
    return _Plan(
        dates=dates,
        labelled=tuple((name, dates[name], first_day) for name, first_day in first_days.items() if name in dates),
        compared=tuple(
            (name, dates[spec.compare], dates[spec.with_], spec.labels)
            for name, spec in edition.comparisons.items()
            if name in edition.facts and spec.compare in dates and spec.with_ in dates
        ),
        exact=tuple(name for name in first_days if name in exact),
        bounds=tuple(bounds.items()),
        soonest=tuple(
            (name, starts[name], _span(_counts(edition, edition.dates[name])[1]))
            for name in _leading_to(bounded, starts)
        ),
        bounded=tuple((name, first_days[name]) for name in bounded),
    )


def _counted_from(edition: Edition, days: Collection[str]) -> Mapping[str, _Counted]:
    """The dates that follow from some days."""
    found: dict[str, tuple[str, Counts, Counts]] = {day: (day, (), ()) for day in days}
    for name, spec in edition.dates.items():
        if after := next((after for after in spec.span.after if after in found), None):
            start, *before = found[after]
            earliest, latest = map(tuple.__add__, before, _counts(edition, spec))
            found[name] = start, earliest, latest
    return {
        name: _Counted(start, _span(earliest), _span(latest))
        for name, (start, earliest, latest) in found.items()
        if name in edition.dates
    }


def _counts(edition: Edition, spec: DateSpec) -> tuple[Counts, Counts]:
    """What is added for the earliest and for the latest day."""
    parameters = [edition.parameters[name] for name in spec.span.days or ()]
    return tuple(parameters[:1]), tuple(parameters[-1:])


def _span(counts: Counts) -> Span:
    return counts if any(unit != "days" for _, unit in counts) else sum(count for count, _ in counts)


def _counting_starts(edition: Edition, told: Collection[str], bounded: set[str]) -> dict[str, tuple[str, ...]]:
    """For dates that cannot be before some day: the days that they may be counted from."""
    found: dict[str, tuple[str, ...]] = {}
    for name, spec in edition.dates.items():
        starts = _counting(spec.span.after, told)
        if starts and (bounded | found.keys()).issuperset(starts):
            found[name] = tuple(starts)
    return found


def _counting(after: Sequence[str], told: Collection[str]) -> Sequence[str]:
    """Of the days that something may be counted from, those that count: all down to the first one that is told."""
    first = next((at for at, name in enumerate(after) if name in told), len(after))
    return after[: first + 1]


def _leading_to(names: Collection[str], starts: dict[str, tuple[str, ...]]) -> list[str]:
    """These dates, and before them those that they are counted from."""
    wanted = set(names)
    for name in reversed(starts):
        wanted.update(starts[name] if name in wanted else ())
    return [name for name in starts if name in wanted]
