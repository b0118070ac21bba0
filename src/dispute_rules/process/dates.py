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
from dispute_rules.pack.files import DateSpec
from dispute_rules.pack.model import AHEAD, PASSED, Edition

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
class _Check:
    """Whether a day, with so many calendar days added, comes before another one; and what the label is then."""

    name: str
    day: str
    added: int
    before: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What follows from days of certain names."""

    dates: Mapping[str, _Counted]
    counted: tuple[tuple[str, str, Counts], ...]  # days that are counted first, as not all of it is calendar days
    checks: tuple[_Check, ...]  # the labels of dates that rules look at, and of comparisons
    exact: tuple[str, ...]  # of these dates, those that no other day can change
    bounds: tuple[tuple[str, tuple[str, ...]], ...]  # days that are not told, and those that they cannot be before
    soonest: tuple[tuple[str, tuple[str, ...], Span], ...]  # the days that dates may be at the soonest
    bounded: tuple[tuple[str, int], ...]  # of these, those that rules look at; 1 if it is a first day


class Days(Mapping[str, Range]):
    """The pack's dates for one case, as far as the days that they are counted from are known."""

    def __init__(self, edition: Edition, case: Case, today: date) -> None:
        """Take the days that the case gives."""
        self._days = {name: day.toordinal() for name in edition.days if (day := case.__dict__[name])}
        self._days["today"] = self._today = today.toordinal()
        self._plan = _plan(edition, tuple(self._days))
        for name, start, counts in self._plan.counted:
            self._days[name] = _later(self._days[start], counts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan.dates)

    def __len__(self) -> int:
        return len(self._plan.dates)

    def __contains__(self, name: object) -> bool:
        return name in self._plan.dates

    def __getitem__(self, name: str) -> Range:
        counted = self._plan.dates[name]
        start = self._days[counted.start]
        latest = date.fromordinal(min(_later(start, counted.latest), _LAST))
        if counted.earliest == counted.latest:
            return latest, latest
        return date.fromordinal(min(_later(start, counted.earliest), _LAST)), latest

    def counted_from(self, name: str) -> str:
        """The day of the case, or `today`, that a date is counted from."""
        return self._plan.dates[name].start

    def signs(self) -> tuple[object, ...]:
        """All that labels go by: for days with the same signs they are the same."""
        days = self._days
        checks = [days[check.day] + check.added < days[check.before] for check in self._plan.checks]
        return self._plan, *checks, *self._ahead()

    def labels(self) -> dict[str, str]:
        """Whether dates are ahead or have passed, by their later days, and the labels of comparisons between dates."""
        days = self._days
        return {
            check.name: check.yes if days[check.day] + check.added < days[check.before] else check.no
            for check in self._plan.checks
        }

    def ahead(self) -> dict[str, str]:
        """Dates that are ahead whatever the unknown days are, because these cannot be so long ago."""
        labels = self.labels()
        found = {name: AHEAD for name in self._plan.exact if labels[name] == AHEAD}
        bounded = zip(self._plan.bounded, self._ahead(), strict=True)
        return found | {name: AHEAD for (name, _), is_ahead in bounded if is_ahead}

    def _ahead(self) -> list[bool]:
        """Of the dates that unknown days can change, whether they are ahead at the soonest."""
        if not self._plan.bounded:
            return []
        soonest = dict(self._days)
        for then, firsts in self._plan.bounds:
            soonest[then] = max([soonest[first] for first in firsts])
        for name, starts, span in self._plan.soonest:
            start = soonest[starts[0]] if len(starts) == 1 else min([soonest[start] for start in starts])
            soonest[name] = start + span if type(span) is int else _later(start, span)
        return [soonest[name] >= self._today + first_day for name, first_day in self._plan.bounded]


def _later(start: int, span: Span) -> int:
    if isinstance(span, int):
        return start + span
    for count, unit in span:
        start = start + count if unit == "days" else _business_days_later(start, count)
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
    return date.fromordinal(min(_later(start.toordinal(), ((count, unit),)), _LAST))


@lru_cache(maxsize=_REMEMBERED)
def _plan(edition: Edition, days: tuple[str, ...]) -> _Plan:
    dates = _counted_from(edition, days)
    first_days = {
        name: int(spec.first_day is not None) for name, spec in edition.dates.items() if name in edition.facts
    }
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
        counted=tuple(
            (name, date.start, date.latest) for name, date in dates.items() if not isinstance(date.latest, int)
        ),
        checks=(*_checks_of_dates(first_days, dates), *_checks_of_comparisons(edition, dates)),
        exact=tuple(name for name in first_days if name in exact),
        bounds=tuple(bounds.items()),
        soonest=tuple(
            (name, starts[name], _span(_counts(edition, edition.dates[name])[1]))
            for name in _leading_to(bounded, starts)
        ),
        bounded=tuple((name, first_days[name]) for name in bounded),
    )


def _checks_of_dates(first_days: Mapping[str, int], dates: Mapping[str, _Counted]) -> Iterator[_Check]:
    """A last day has passed on the day after it, a first day when it comes."""
    for name in first_days:
        if name in dates:
            day, added = _reckoned(name, dates[name])
            yield _Check(name, day, added - first_days[name], "today", PASSED, AHEAD)


def _checks_of_comparisons(edition: Edition, dates: Mapping[str, _Counted]) -> Iterator[_Check]:
    for name, spec in edition.comparisons.items():
        if name in edition.facts and spec.compare in dates and spec.with_ in dates:
            left, added = _reckoned(spec.compare, dates[spec.compare])
            right, more = _reckoned(spec.with_, dates[spec.with_])
            if "below" in spec.labels:
                yield _Check(name, left, added - more, right, spec.labels["below"], spec.labels["at_least"])
            else:  # at most is before the day after
                yield _Check(name, left, added - more - 1, right, spec.labels["at_most"], spec.labels["above"])


def _reckoned(name: str, counted: _Counted) -> tuple[str, int]:
    """The latest day of a date, as calendar days added to another one."""
    return (counted.start, counted.latest) if isinstance(counted.latest, int) else (name, 0)


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
