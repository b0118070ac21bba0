"""What each row tells by itself: its labels as codes, and whether its facts go together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from math import ceil
from operator import add
from typing import Any

import polars as pl

from dispute_rules.contradictions import AT_MOST, CHRONOLOGY, IMPLIED, PAST
from dispute_rules.facts import Kind
from dispute_rules.frames.coding import Codes, any_of
from dispute_rules.frames.days import earliest_of, has_passed, spans_of
from dispute_rules.frames.reading import smallest_unit
from dispute_rules.frames.sums import THOUSAND, Sums, TooLargeError
from dispute_rules.pack.model import AHEAD, PASSED, Edition
from dispute_rules.process.tellers import Tellers

_MOST_TELLERS = 10  # facts that tell one label: all sets of them are looked at


class Told:
    """Expressions over the typed columns of the facts that are `given` in some row; `today` is always one."""

    def __init__(self, edition: Edition, codes: Codes, given: Collection[str]) -> None:
        """Work out what the edition makes of these columns.

        Raises:
            TooLargeError: the numbers of the pack may not fit.
        """
        self._edition = edition
        self._codes = codes
        self.given = given
        self.unit = smallest_unit(pl.col("currency")) if "currency" in given else pl.lit(10, pl.Int64)
        self.days = spans_of(edition, [name for name in given if edition.kinds[name] is Kind.DATE])
        self.sums = Sums(edition, given, self.unit)
        earliest = earliest_of(edition, [n for n in given if edition.kinds[n] is Kind.DATE], self.days)
        self.ahead = {
            name: ~has_passed(edition, name, day, pl.col("today"))
            for name, day in earliest.items()
            if name in edition.facts
        }
        """Whether a day is ahead whatever the days are that are not told; null where that is open."""

    def labels(self) -> dict[str, pl.Expr]:
        """The codes of the labels that are told before any decision; names that are told in no row are left out."""
        found = dict(self._direct())
        found |= {name: self._date(name) for name in self._edition.facts if name in self.days or name in self.ahead}
        found |= dict(self._comparisons(late=False))
        return found

    def late(self) -> dict[str, pl.Expr]:
        """The codes of comparisons with what is recommended."""
        return dict(self._comparisons(late=True))

    def _direct(self) -> Iterator[tuple[str, pl.Expr]]:
        implied = {fact: day for day, fact in IMPLIED.items()}
        for name in self._edition.facts:
            scale = self._edition.scales.get(name)
            columns = [pl.col(name)] if name in self.given else []
            if scale and columns:
                factor = 1 if self._edition.kinds[name] is Kind.COUNT else THOUSAND
                above = pl.sum_horizontal(
                    [1, *((columns[0] >= ceil(cut * factor)).cast(pl.UInt16) for cut in scale.cuts)]
                )
                columns = [pl.when(columns[0].is_not_null()).then(above)]
            if (day := implied.get(name)) in self.given:
                columns.append(pl.when(pl.col(str(day)).is_not_null()).then(self._codes.of(name, "true")))
            if columns:
                yield name, pl.coalesce(columns).fill_null(0)

    def _date(self, name: str) -> pl.Expr:
        ahead, passed = (self._codes.of(name, label) for label in (AHEAD, PASSED))
        label = pl.lit(None, pl.UInt16)
        if name in self.days:
            over = has_passed(self._edition, name, self.days[name][1], pl.col("today"))
            label = pl.when(over).then(passed).when(~over).then(ahead)
        if name in self.ahead:
            label = pl.when(self.ahead[name].fill_null(value=False)).then(ahead).otherwise(label)
        return label.fill_null(0)

    def _comparisons(self, *, late: bool) -> Iterator[tuple[str, pl.Expr]]:
        for name, spec in self._edition.comparisons.items():
            if name not in self._edition.facts or (name in self._edition.late) != late:
                continue
            pair = self._pair(spec.compare, spec.with_)
            if pair is not None:
                yield name, self._order(name, *pair, spec.labels)

    def _pair(self, left: str, right: str) -> tuple[pl.Expr, pl.Expr] | None:
        if left not in self._edition.dates:
            return self.sums.pair(left, right)
        if left in self.days and right in self.days:
            return self.days[left][1], self.days[right][1]
        return None

    def _order(self, name: str, left: pl.Expr, right: pl.Expr, labels: Mapping[Any, str]) -> pl.Expr:
        holds, yes, no = (
            (left < right, "below", "at_least") if "below" in labels else (left <= right, "at_most", "above")
        )
        codes = {side: self._codes.of(name, label) for side, label in labels.items()}
        return pl.when(holds).then(codes[yes]).when(~holds).then(codes[no]).otherwise(0)

    def open_ones(self, tellers: Tellers, names: Iterable[str]) -> dict[str, pl.Expr]:
        """Whether a fact that is not known may yet change what these names tell; see `Looker`."""
        return {name: self._is_open(tellers, name) for name in names}

    def _is_open(self, tellers: Tellers, name: str) -> pl.Expr:
        known = {fact: known for fact in tellers.facts(name) if (known := self._known(fact)) is not None}
        if len(known) > _MOST_TELLERS:
            raise TooLargeError
        sets = [{fact for at, fact in enumerate(known) if number >> at & 1} for number in range(1 << len(known))]
        open_ones = [number for number, facts in enumerate(sets) if tellers.may_change(name, facts)]
        number = pl.sum_horizontal([0, *(known.cast(pl.UInt16) * (1 << at) for at, known in enumerate(known.values()))])
        is_open = number.is_in(open_ones)
        return is_open & ~self.ahead[name].fill_null(value=False) if name in self.ahead else is_open

    def _known(self, name: str) -> pl.Expr | None:
        """Whether a fact is known in a row; None if in no row."""
        known = pl.col(name).is_not_null() if name in self.given else None
        if name == "quantity_affected" and "quantity_ordered" in self.given:
            single = (pl.col("quantity_ordered") == 1).fill_null(value=False)
            return single if known is None else known | single
        return known

    def contradictions(self) -> pl.Expr:
        """Whether a row's facts cannot be true together, on any marketplace; see `case.contradictions`."""
        return any_of(condition.fill_null(value=False) for condition in self._against())

    def _against(self) -> Iterator[pl.Expr]:
        given = self.given
        pairs = [*CHRONOLOGY, *((name, "today") for name in PAST)]
        yield from (
            pl.col(first) > pl.col(then)
            for first, then in pairs
            if first in given and (then in given or then == "today")
        )
        for day, fact in IMPLIED.items():
            if day in given and fact in given:
                yield pl.col(day).is_not_null() & (pl.col(fact) == 2)
        if "requested" in given:
            yield pl.col("requested") == 0
        for name, (others, _) in AT_MOST.items():
            if {name, *others} <= {*given}:
                yield pl.col(name) > reduce(add, map(pl.col, others))
        for name in given if "currency" in given else ():
            if self._edition.kinds[name] is Kind.AMOUNT:
                yield pl.col("currency").is_not_null() & (pl.col(name) % self.unit != 0)
