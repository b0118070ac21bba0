"""The amounts that follow from each row, as `process/amounts.py` says, in columns of whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import gcd, lcm
from operator import add

import polars as pl

from dispute_rules.facts import Kind
from dispute_rules.pack.model import Edition
from dispute_rules.pack.specs import AmountSpec, Part
from dispute_rules.process.amounts import CAP, RECOMMENDED

_LARGEST = {Kind.AMOUNT: 10**12, Kind.NUMBER: 10**12, Kind.COUNT: 10**6}
_MOST = 2**62
THOUSAND = 1000


class TooLargeError(Exception):
    """Numbers of the pack may not fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class Number:
    """A column of whole numbers, of which so many make one; none is larger than `most`."""

    column: pl.Expr
    scale: int
    most: int

    def at(self, scale: int) -> Number:
        """The same on a finer scale."""
        times = scale // self.scale
        if self.most * times > _MOST:
            raise TooLargeError
        return Number(self.column * times, scale, self.most * times)


class Sums:
    """The numbers of each row, as far as they are known."""

    def __init__(self, edition: Edition, given: Collection[str], unit: pl.Expr) -> None:
        """Take the columns that are there; `unit` is the smallest one of the currency, in thousandths.

        Raises:
            TooLargeError: they may not fit.
        """
        self._edition = edition
        self._unit = unit
        self._known = dict(_numbers(edition, given))
        self._work_out()

    def recommend(self, names: Mapping[str, pl.Expr]) -> None:
        """Take the amounts of these names where the conditions hold as what is recommended, never more than the cap."""
        chosen = [(holds, number.at(THOUSAND)) for name, holds in names.items() if (number := self.get(name))]
        if not chosen:
            return
        amount = pl.coalesce(pl.when(holds).then(number.column) for holds, number in chosen)
        if cap := self.get(CAP):
            amount = pl.when(amount.is_not_null()).then(pl.min_horizontal(amount, cap.at(THOUSAND).column))
        self._known[RECOMMENDED] = Number(amount, THOUSAND, max(number.most for _, number in chosen))
        self._work_out()

    def get(self, name: str) -> Number | None:
        """A number; None if it is known in no row."""
        return self._known.get(name)

    def pair(self, left: str, right: str) -> tuple[pl.Expr, pl.Expr] | None:
        """Two numbers on one scale; None if they are never both known."""
        one, other = self.get(left), self.get(right)
        if one is None or other is None:
            return None
        scale = lcm(one.scale, other.scale)
        return one.at(scale).column, other.at(scale).column

    def _work_out(self) -> None:
        for name, spec in self._edition.amounts.items():
            if (number := self._amount(spec)) is not None:
                self._known[name] = number

    def _amount(self, spec: AmountSpec) -> Number | None:
        if spec.part:
            return self._share(spec.part)
        known = [number.at(THOUSAND) for name in spec.inputs if (number := self.get(name))]
        columns, most = [number.column for number in known], max((number.most for number in known), default=0)
        if not known or (spec.sum and len(known) < len(spec.inputs)):
            return None
        if spec.sum:
            return Number(reduce(add, columns), THOUSAND, sum(number.most for number in known)).at(THOUSAND)
        return Number(pl.min_horizontal(columns) if spec.least else pl.coalesce(columns), THOUSAND, most)

    def _share(self, part: Part) -> Number | None:
        of, times, per = self.get(part.of), self.get(part.times), self.get(part.per)
        if of is None or times is None or per is None:
            return None
        # of * times / per in thousandths, to the nearest unit, and a half away from nothing
        up, down = per.scale * THOUSAND, of.scale * times.scale
        up, down = up // gcd(up, down), down // gcd(up, down)
        most = 2 * of.most * times.most * up
        if max(most, 2 * per.most * down * THOUSAND) > _MOST:
            raise TooLargeError
        product, divisor = of.column * times.column * up, per.column * down * self._unit
        sign = product.sign() * divisor.sign()
        units = (2 * product.abs() + divisor.abs()) // (2 * divisor.abs())
        return Number(pl.when(divisor != 0).then(sign * units * self._unit), THOUSAND, most)


def _numbers(edition: Edition, given: Collection[str]) -> Iterator[tuple[str, Number]]:
    """The columns of numbers, with what is assumed where they are null."""
    assumed = {entry.fact: entry.number for entry in edition.assumed if entry.number is not None}
    for name, kind in edition.kinds.items():
        if kind not in _LARGEST:
            continue
        scale = 1 if kind is Kind.COUNT else THOUSAND
        column = pl.col(name) if name in given else None
        if name == "quantity_affected" and "quantity_ordered" in given:  # of one unit, that one
            only = pl.when(pl.col("quantity_ordered") == 1).then(1)
            column = only if column is None else pl.coalesce(column, only)
        if name in assumed:
            taken = _whole(assumed[name], scale)
            column = pl.lit(taken, pl.Int64) if column is None else column.fill_null(taken)
        if column is not None:
            yield name, Number(column.cast(pl.Int64), scale, _LARGEST[kind])


def _whole(number: Decimal, scale: int) -> int:
    if number * scale != int(number * scale):
        raise TooLargeError  # too fine for the scale
    return int(number * scale)
