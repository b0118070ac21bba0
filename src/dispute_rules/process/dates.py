"""The days that follow from a case.

Which days follow from which goes by what days are given: that is worked out once for each such set, as a plan. A case
is then arithmetic on days as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import add, itemgetter, lt

from dispute_rules.case import Case
from dispute_rules.contradictions import CHRONOLOGY
from dispute_rules.pack.model import AHEAD, PASSED, Edition
from dispute_rules.pack.specs import DateSpec

Range = tuple[date, date]
"""The earliest and the latest day that something may be."""
Counts = tuple[tuple[int, str], ...]
"""Numbers of days with their units, to be added one after another."""
Span = int | Counts
"""As many calendar days, or what is left of counts where some are in business days."""

_Picker = Callable[[Mapping[str, int]], Iterable[int]]

_Reckoning = tuple[str, tuple[tuple[str, int], ...], Counts]
"""A day that is counted, and not all in calendar days, from the first of some days with so many added."""

_REMEMBERED = 4_096  # sets of days; of the standard ones there are at most 4,096 for each edition
_COUNTED = 16_384  # days of some years, by the handful of counts that a pack has
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Counted:
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


@dataclass(frozen=True, slots=True)
class _Soonest:
    """A date that unknown days can change: at the soonest, it is the first of these days, with so many days added."""

    name: str
    days: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What follows from days of certain names."""

    dates: Mapping[str, Counted]
    latest_of: tuple[tuple[str, tuple[str, ...]], ...]  # days that are not told: they cannot be before any of several
    counted: tuple[_Reckoning, ...]
    checks: tuple[_Check, ...]  # the labels of dates that rules look at, and of comparisons
    exact: tuple[str, ...]  # of these dates, those that no other day can change
    bounded: tuple[_Soonest, ...]  # the others
    signs: tuple[_Picker, tuple[int, ...], _Picker]  # days, as many added to each, and days that they may come before


class Days(Mapping[str, Range]):
    """The pack's dates for one case, as far as the days that they are counted from are known."""

    def __init__(self, edition: Edition, case: Case, today: date) -> None:
        """Take the days that the case gives."""
        facts = case.__dict__
        self._days = {name: day.toordinal() for name in edition.days if (day := facts[name])}
        self._days["today"] = self._today = today.toordinal()
        self._plan = _plan(edition, tuple(self._days))
        for name, firsts in self._plan.latest_of:
            self._days[name] = max([self._days[first] for first in firsts])
        for name, starts, counts in self._plan.counted:
            self._days[name] = _counted_later(min([self._days[day] + added for day, added in starts]), counts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan.dates)

    def __len__(self) -> int:
        return len(self._plan.dates)

    def __contains__(self, name: object) -> bool:
        return name in self._plan.dates

    def __getitem__(self, name: str) -> Range:
        earliest, latest = self.when(self._plan.dates[name])
        return day_of(earliest), day_of(latest)

    def counted(self, name: str) -> Counted | None:
        """What a date is counted from; None if it is not known."""
        return self._plan.dates.get(name)

    def when(self, counted: Counted) -> tuple[int, int]:
        """The earliest and the latest day of a date, as numbers."""
        start, earliest, latest = self._days[counted.start], counted.earliest, counted.latest
        if type(earliest) is int and type(latest) is int:
            return start + earliest, start + latest
        return _later(start, earliest), _later(start, latest)

    def signs(self) -> tuple[object, ...]:
        """All that labels go by: for days with the same signs they are the same."""
        one, added, other = self._plan.signs
        return self._plan, *map(lt, map(add, one(self._days), added), other(self._days))

    def labels(self) -> dict[str, str]:
        """Whether dates are ahead or have passed, by their later days, and the labels of comparisons between dates."""
        days = self._days
        return {
            check.name: check.yes if days[check.day] + check.added < days[check.before] else check.no
            for check in self._plan.checks
        }

    def ahead(self) -> dict[str, str]:
        """Dates that are ahead whatever the unknown days are, because these cannot be so long ago."""
        labels, days = self.labels(), self._days
        found = {name: AHEAD for name in self._plan.exact if labels[name] == AHEAD}
        for date_ in self._plan.bounded:
            if all(days[day] + added >= self._today for day, added in date_.days):
                found[date_.name] = AHEAD
        return found


def day_of(number: int) -> date:
    """The day of a number, or the last one that there is."""
    return date.fromordinal(min(number, _LAST))


def _later(start: int, span: Span) -> int:
    return start + span if isinstance(span, int) else _counted_later(start, span)


@lru_cache(maxsize=_COUNTED)
def _counted_later(start: int, counts: Counts) -> int:
    for count, unit in counts:
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
    return day_of(_later(start.toordinal(), ((count, unit),)))


@lru_cache(maxsize=_REMEMBERED)
def _plan(edition: Edition, days: tuple[str, ...]) -> _Plan:
    dates = _counted_from(edition, days)
    first_days = {n: int(spec.first_day is not None) for n, spec in edition.dates.items() if n in edition.facts}
    soonest = _Bounds(edition, days, dates)
    checks = (*_checks_of_dates(first_days, dates), *_checks_of_comparisons(edition, dates))
    bounded = tuple(
        _Soonest(name, tuple((day, added - first_days[name]) for day, added in soonest.of[name].items()))
        for name in first_days
        if name in soonest.of and name not in soonest.exact
    )
    looked_at = {day for check in checks for day in (check.day, check.before)}
    told = (
        (n, ((d.start, 0),), d.latest) for n, d in dates.items() if n in looked_at and not isinstance(d.latest, int)
    )
    compared = [(check.day, check.added, check.before) for check in checks]
    compared += [(day, added, "today") for each in bounded for day, added in each.days]
    signs = list(dict.fromkeys(each for each in compared if each[0] != each[2]))
    return _Plan(
        dates=dates,
        latest_of=tuple(soonest.latest_of.items()),
        counted=(*told, *soonest.needed(day for each in bounded for day, _ in each.days)),
        checks=checks,
        exact=tuple(name for name in first_days if name in soonest.exact),
        bounded=bounded,
        signs=(_picker(day for day, _, _ in signs), tuple(n for _, n, _ in signs), _picker(day for _, _, day in signs)),
    )


def _picker(names: Iterable[str]) -> _Picker:
    """Picks the numbers of some days."""
    wanted = tuple(names)
    return itemgetter(*wanted) if len(wanted) > 1 else lambda days: [days[name] for name in wanted]


class _Bounds:
    """The days that dates may be at the soonest, from days that are told."""

    def __init__(self, edition: Edition, days: Collection[str], dates: Collection[str]) -> None:
        """Go through the dates in the pack's order: each is counted from earlier ones."""
        self.of: dict[str, dict[str, int]] = {day: {day: 0} for day in days}
        self.exact = set(days)
        self.latest_of: dict[str, tuple[str, ...]] = {}
        self.counted: list[_Reckoning] = []
        self._bound(days)
        for name, spec in edition.dates.items():
            starts = _counting(spec.span.after, {*days, *dates})
            if starts and all(start in self.of for start in starts):
                self._count(name, starts, _counts(edition, spec)[1])

    def needed(self, days: Iterable[str]) -> list[_Reckoning]:
        """Of the days that are counted, those that some days are, or are counted from."""
        wanted = set(days)
        found: list[_Reckoning] = []
        for counted in reversed(self.counted):
            if counted[0] in wanted:
                wanted.update(day for day, _ in counted[1])
                found.insert(0, counted)
        return found

    def _bound(self, days: Collection[str]) -> None:
        """Days that are not told cannot be before some that are; of these only those count that may be the last."""
        for then in dict.fromkeys(then for _, then in CHRONOLOGY if then not in days):
            firsts = [first for first, other in CHRONOLOGY if other == then and first in days]
            last = [first for first in firsts if not any((first, other) in CHRONOLOGY for other in firsts)]
            if len(last) == 1:
                self.of[then] = {last[0]: 0}
            elif last:
                self.of[then] = {then: 0}
                self.latest_of[then] = tuple(last)

    def _count(self, name: str, starts: Sequence[str], counts: Counts) -> None:
        found: dict[str, int] = {}
        for day, added in ((day, added) for start in starts for day, added in self.of[start].items()):
            found[day] = min(added, found.get(day, added))
        span = _span(counts)
        if isinstance(span, int):
            self.of[name] = {day: added + span for day, added in found.items()}
        else:
            soonest = f"{name} at the soonest"  # no name of a day
            self.counted.append((soonest, tuple(found.items()), span))
            self.of[name] = {soonest: 0}
        if len(starts) == 1 and starts[0] in self.exact:
            self.exact.add(name)


def _checks_of_dates(first_days: Mapping[str, int], dates: Mapping[str, Counted]) -> Iterator[_Check]:
    """A last day has passed on the day after it, a first day when it comes."""
    for name in first_days:
        if name in dates:
            day, added = _reckoned(name, dates[name])
            yield _Check(name, day, added - first_days[name], "today", PASSED, AHEAD)


def _checks_of_comparisons(edition: Edition, dates: Mapping[str, Counted]) -> Iterator[_Check]:
    for name, spec in edition.comparisons.items():
        if name in edition.facts and spec.compare in dates and spec.with_ in dates:
            left, added = _reckoned(spec.compare, dates[spec.compare])
            right, more = _reckoned(spec.with_, dates[spec.with_])
            if "below" in spec.labels:
                yield _Check(name, left, added - more, right, spec.labels["below"], spec.labels["at_least"])
            else:  # at most is before the day after
                yield _Check(name, left, added - more - 1, right, spec.labels["at_most"], spec.labels["above"])


def _reckoned(name: str, counted: Counted) -> tuple[str, int]:
    """The latest day of a date, as calendar days added to another one."""
    return (counted.start, counted.latest) if isinstance(counted.latest, int) else (name, 0)


def _counted_from(edition: Edition, days: Collection[str]) -> Mapping[str, Counted]:
    """The dates that follow from some days."""
    found: dict[str, tuple[str, Counts, Counts]] = {day: (day, (), ()) for day in days}
    for name, spec in edition.dates.items():
        if after := next((after for after in spec.span.after if after in found), None):
            start, *before = found[after]
            earliest, latest = map(tuple.__add__, before, _counts(edition, spec))
            found[name] = start, earliest, latest
    return {
        name: Counted(start, _span(earliest), _span(latest))
        for name, (start, earliest, latest) in found.items()
        if name in edition.dates
    }


def _counts(edition: Edition, spec: DateSpec) -> tuple[Counts, Counts]:
    """What is added for the earliest and for the latest day."""
    parameters = [edition.parameters[name] for name in spec.span.days or ()]
    return tuple(parameters[:1]), tuple(parameters[-1:])


def _span(counts: Counts) -> Span:
    return counts if any(unit != "days" for _, unit in counts) else sum(count for count, _ in counts)


def _counting(after: Sequence[str], told: Collection[str]) -> Sequence[str]:
    """Of the days that something may be counted from, those that count: all down to the first one that is told."""
    first = next((at for at, name in enumerate(after) if name in told), len(after))
    return after[: first + 1]
