"""The sums of money that follow from a case. Always decimals, rounded to the currency's smallest unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from dispute_rules.currency import smallest_unit
from dispute_rules.pack.files import AmountSpec
from dispute_rules.pack.model import Edition, label_of_order

CAP, RECOMMENDED = "cap", "recommended"
_EXACT = Context(prec=50)  # whatever the caller's own context is

Known = Mapping[str, Decimal | None]
Maker = Callable[[Known, Decimal], Decimal | None]
"""Makes an amount of those that are known, in a smallest unit; None if it cannot be made."""


class Amounts:
    """The amounts of one case, as far as they are known."""

    def __init__(self, edition: Edition, numbers: Mapping[str, Decimal], currency: str | None) -> None:
        """Take the numbers that the case gives."""
        self._edition = edition
        self._known: dict[str, Decimal | None] = dict(numbers)
        self._unit = smallest_unit(currency)
        self._work_out()

    def recommend(self, name: str | None) -> None:
        """Say which amount is recommended; never more than the cap."""
        amount, cap = (self.get(name) if name else None), self.get(CAP)
        if amount is not None:
            self._known[RECOMMENDED] = amount if cap is None else min(amount, cap)
            self._work_out()

    def get(self, name: str) -> Decimal | None:
        """An amount, or None if something that it is made of is unknown."""
        return self._known.get(name)

    def _work_out(self) -> None:
        """All amounts, in the pack's order: each is made of earlier ones."""
        for name, make in _makers(self._edition):
            self._known[name] = make(self._known, self._unit)

    def labels(self, names: Iterable[str]) -> dict[str, str]:
        """The labels of comparisons, as far as both sides are known."""
        found: dict[str, str] = {}
        for name in names:
            spec = self._edition.comparisons[name]
            left, right = self.get(spec.compare), self.get(spec.with_)
            if left is not None and right is not None:
                found[name] = label_of_order(left, right, spec.labels)
        return found


@lru_cache(maxsize=64)
def _makers(edition: Edition) -> tuple[tuple[str, Maker], ...]:
    return tuple((name, _maker(spec)) for name, spec in edition.amounts.items())


def _maker(spec: AmountSpec) -> Maker:
    parts = spec.inputs
    if spec.part:
        return lambda known, unit: _share([known.get(part) for part in parts], unit)
    if spec.sum:
        return lambda known, _: _sum(map(known.get, parts))
    if spec.least:
        return lambda known, _: min(_told(known, parts), default=None)
    return lambda known, _: next(iter(_told(known, parts)), None)


def _told(known: Known, parts: Iterable[str]) -> list[Decimal]:
    return [amount for part in parts if (amount := known.get(part)) is not None]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total = _EXACT.add(total, amount)
    return total


def _share(parts: Sequence[Decimal | None], unit: Decimal) -> Decimal | None:
    of, times, per = parts
    if of is None or times is None or not per:
        return None
    try:
        return _EXACT.divide(_EXACT.multiply(of, times), per).quantize(unit, ROUND_HALF_UP, _EXACT)
    except InvalidOperation:  # of a pack that multiplies without end
        return None
