"""The sums of money that follow from a case. Always decimals, rounded to the currency's smallest unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from dispute_rules.currency import smallest_unit
from dispute_rules.pack.files import Part, Side
from dispute_rules.pack.model import Edition

CAP, RECOMMENDED = "cap", "recommended"


class Amounts:
    """The amounts of one case, as far as they are known."""

    def __init__(self, edition: Edition, numbers: Mapping[str, Decimal], currency: str | None) -> None:
        """Take the numbers that the case gives."""
        self._edition = edition
        self._known: dict[str, Decimal | None] = dict(numbers)
        self._unit = smallest_unit(currency)

    def recommend(self, name: str | None) -> None:
        """Say which amount is recommended; never more than the cap."""
        amount, cap = (self.get(name) if name else None), self.get(CAP)
        self._known[RECOMMENDED] = min(amount, cap) if amount is not None and cap is not None else amount

    def get(self, name: str) -> Decimal | None:
        """An amount, or None if something that it is made of is unknown."""
        if name not in self._known:
            self._known[name] = self._work_out(name)
        return self._known[name]

    def _work_out(self, name: str) -> Decimal | None:
        spec = self._edition.amounts.get(name)
        if spec is None:
            return None
        if spec.sum:
            parts = [self.get(part) for part in spec.sum]
            return sum((part for part in parts if part is not None), Decimal(0)) if None not in parts else None
        if spec.part:
            return self._share(spec.part)
        known = [amount for part in spec.inputs if (amount := self.get(part)) is not None]
        return (min(known) if spec.least else known[0]) if known else None

    def _share(self, part: Part) -> Decimal | None:
        of, times, per = self.get(part.of), self.get(part.times), self.get(part.per)
        if of is None or times is None or not per:
            return None
        try:
            return (of * times / per).quantize(self._unit, ROUND_HALF_UP)
        except InvalidOperation:  # of a pack that multiplies without end
            return None

    def labels(self, names: Iterable[str]) -> dict[str, str]:
        """The labels of comparisons, as far as both sides are known."""
        found: dict[str, str] = {}
        for name in names:
            spec = self._edition.comparisons[name]
            left, right = self.get(spec.compare), self.get(spec.with_)
            if left is not None and right is not None:
                found[name] = _compare(left, right, spec.labels)
        return found


def _compare(left: Decimal, right: Decimal, labels: Mapping[Side, str]) -> str:
    if "below" in labels:
        return labels["below"] if left < right else labels["at_least"]
    return labels["at_most"] if left <= right else labels["above"]
