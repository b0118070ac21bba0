"""The sums of money that follow from a case. Always decimals, rounded to the currency's smallest unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext

from dispute_rules.currency import smallest_unit
from dispute_rules.pack.files import AmountSpec, Part
from dispute_rules.pack.model import Edition, label_of_order

CAP, RECOMMENDED = "cap", "recommended"
_EXACT = Context(prec=50)  # whatever the caller's own context is


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
        with localcontext(_EXACT):
            for name, spec in self._edition.amounts.items():
                self._known[name] = self._amount(spec)

    def _amount(self, spec: AmountSpec) -> Decimal | None:
        if spec.part:
            return self._share(spec.part)
        known = [amount for part in spec.inputs if (amount := self.get(part)) is not None]
        if spec.sum:
            return sum(known, Decimal(0)) if len(known) == len(spec.inputs) else None
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
                found[name] = label_of_order(left, right, spec.labels)
        return found
