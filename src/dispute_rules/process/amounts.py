"""The sums of money that follow from a case. Always decimals, rounded to the currency's smallest unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from dispute_rules.case import Case
from dispute_rules.currency import smallest_unit
from dispute_rules.pack.files import AmountSpec, Side
from dispute_rules.pack.model import Edition, label_of_order
from dispute_rules.vocabulary import Result

CAP, RECOMMENDED = "cap", "recommended"
_NO_MONEY = Decimal(0)
_EXACT = Context(prec=50)  # whatever the caller's own context is

Get = Callable[[str], Decimal | None]
Maker = Callable[[Get, Decimal], Decimal | None]
"""Makes an amount of others, in a smallest unit; None if it cannot be made."""


class Amounts:
    """The amounts of one case, as far as they are known. Each is made when it is asked for."""

    def __init__(self, edition: Edition, numbers: Mapping[str, Decimal], currency: str | None) -> None:
        """Take the numbers that the case gives."""
        self._known: dict[str, Decimal | None] = dict(numbers)
        self._unit = smallest_unit(currency)
        self._makers, self._late, self._compared = _plan(edition)

    def recommend(self, name: str | None) -> None:
        """Say which amount is recommended; never more than the cap."""
        amount, cap = (self.get(name) if name else None), self.get(CAP)
        if amount is not None:
            for late in self._late:
                self._known.pop(late, None)
            self._known[RECOMMENDED] = amount if cap is None else min(amount, cap)

    def get(self, name: str) -> Decimal | None:
        """An amount, or None if something that it is made of is unknown."""
        if name in self._known:
            return self._known[name]
        made = self._makers[name](self.get, self._unit) if name in self._makers else None
        self._known[name] = made
        return made

    def labels(self, names: Iterable[str]) -> dict[str, str]:
        """The labels of comparisons, as far as both sides are known."""
        found: dict[str, str] = {}
        known, get = self._known, self.get
        for name in names:
            compare, with_, labels = self._compared[name]
            left = known[compare] if compare in known else get(compare)
            if left is not None:
                right = known[with_] if with_ in known else get(with_)
                if right is not None:
                    found[name] = label_of_order(left, right, labels)
        return found


def granted_by(result: Result, case: Case, cap: Decimal | None) -> Decimal | None:
    """What was granted or agreed, as far as the facts tell; never more than the cap."""
    amount = {Result.AS_CLAIMED: case.requested, Result.AS_OFFERED: case.offered, Result.NOTHING: _NO_MONEY}.get(result)
    return amount if amount is None or cap is None else min(amount, cap)


@lru_cache(maxsize=64)
def _plan(
    edition: Edition,
) -> tuple[Mapping[str, Maker], tuple[str, ...], Mapping[str, tuple[str, str, Mapping[Side, str]]]]:
    """How amounts are made, which are made of the recommended one, and what is compared."""
    late: list[str] = [RECOMMENDED]
    for name, amount in edition.amounts.items():
        late += [name] if not set(late).isdisjoint(amount.inputs) else []
    makers = {name: _maker(spec) for name, spec in edition.amounts.items()}
    return makers, tuple(late), {n: (spec.compare, spec.with_, spec.labels) for n, spec in edition.comparisons.items()}


def _maker(spec: AmountSpec) -> Maker:
    parts = spec.inputs
    if spec.part:
        return lambda get, unit: _share([get(part) for part in parts], unit)
    if spec.sum:
        return _sum(parts)
    if spec.least:
        return lambda get, _: min(_told(get, parts), default=None)
    return lambda get, _: next(_told(get, parts), None)


def _told(get: Get, parts: Iterable[str]) -> Iterator[Decimal]:
    return (amount for part in parts if (amount := get(part)) is not None)


def _sum(parts: Sequence[str]) -> Maker:
    first, *others = parts

    def made(get: Get, _: Decimal) -> Decimal | None:
        total = get(first)
        for part in others:
            if total is None or (amount := get(part)) is None:
                return None
            total = _EXACT.add(total, amount)
        return total

    return made


def _share(parts: Sequence[Decimal | None], unit: Decimal) -> Decimal | None:
    of, times, per = parts
    if of is None or times is None or not per:
        return None
    try:
        return _EXACT.divide(_EXACT.multiply(of, times), per).quantize(unit, ROUND_HALF_UP, _EXACT)
    except InvalidOperation:  # of a pack that multiplies without end
        return None
