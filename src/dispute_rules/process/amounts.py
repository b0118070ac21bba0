"""The sums of money that follow from a case. Always decimals, rounded to the currency's smallest unit.

What can be made and compared goes by which numbers are given: that is worked out once for each such set, as a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from dispute_rules.case import Case
from dispute_rules.currency import smallest_unit
from dispute_rules.facts import Kind
from dispute_rules.money import EXACT
from dispute_rules.pack.model import Assumed, Edition
from dispute_rules.pack.specs import AmountSpec
from dispute_rules.vocabulary import Result

CAP, RECOMMENDED = "cap", "recommended"
_NO_MONEY = Decimal(0)
_REMEMBERED = 4_096  # sets of numbers; of the standard ones there are at most 512 for each edition

Get = Callable[[str], Decimal | None]
Maker = Callable[[Get, Decimal], Decimal | None]
"""Makes an amount of others, in a smallest unit; None if it cannot be made."""
Steps = tuple[tuple[str, Maker], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Check:
    """Whether an amount is below another one; and what the label is then."""

    name: str
    amount: str
    other: str
    yes: str
    no: str


Checks = tuple[_Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What follows from numbers of certain names."""

    counts: tuple[str, ...]
    assumed: tuple[Assumed, ...]
    taken: Mapping[str, Decimal]  # what is assumed
    made: Steps
    late: Steps  # what is made, or made anew, of the recommended amount
    checks: Checks
    late_checks: Mapping[bool, Checks]  # where no amount is recommended, and where one is


class Amounts:
    """The amounts of one case, as far as they are known."""

    __slots__ = ("_known", "_late", "_plan", "_unit")

    def __init__(self, edition: Edition, case: Case) -> None:
        """Take the numbers that the case gives, and for others what is assumed."""
        facts = case.__dict__
        given = {name: value for name in edition.numbers if (value := facts[name]) is not None}
        if facts["quantity_ordered"] == 1:
            given.setdefault("quantity_affected", 1)  # of one unit, that one
        self._plan = plan = _plan(edition, tuple(given))
        for name in plan.counts:
            given[name] = Decimal(given[name])
        self._known: dict[str, Decimal | None] = {**plan.taken, **given}
        self._unit = smallest_unit(facts["currency"])
        self._late: Checks = ()
        self._make(plan.made)

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        """The numbers that are."""
        return self._plan.assumed

    def recommend(self, name: str | None) -> None:
        """Say which amount is recommended; never more than the cap."""
        amount, cap = (self.get(name) if name else None), self.get(CAP)
        self._late = self._plan.late_checks[amount is not None]
        if amount is not None:
            self._known[RECOMMENDED] = amount if cap is None else min(amount, cap)
            self._make(self._plan.late)

    def get(self, name: str) -> Decimal | None:
        """An amount, or None if something that it is made of is unknown."""
        return self._known.get(name)

    def signs(self) -> tuple[object, ...]:
        """All that labels go by before an amount is recommended: where the signs are the same, so are the labels."""
        return self._plan, *self._below(self._plan.checks)

    def late_signs(self) -> tuple[object, ...]:
        """All that the labels go by that rest on the recommended amount."""
        return self._late, *self._below(self._late)

    def labels(self) -> dict[str, str]:
        """The labels of comparisons of which both sides are known."""
        checks = (*self._plan.checks, *self._late)
        found = zip(checks, self._below(checks), strict=True)
        return {check.name: check.yes if below else check.no for check, below in found if below is not None}

    def _make(self, steps: Steps) -> None:
        known, unit = self._known, self._unit
        for name, make in steps:
            known[name] = make(known.get, unit)

    def _below(self, checks: Checks) -> list[bool | None]:
        known = self._known
        return [
            None if (one := known[check.amount]) is None or (other := known[check.other]) is None else one < other
            for check in checks
        ]


def granted_by(result: Result, case: Case, cap: Decimal | None) -> Decimal | None:
    """What was granted or agreed, as far as the facts tell; never more than the cap."""
    amount = {Result.AS_CLAIMED: case.requested, Result.AS_OFFERED: case.offered, Result.NOTHING: _NO_MONEY}.get(result)
    return amount if amount is None or cap is None else min(amount, cap)


@lru_cache(maxsize=_REMEMBERED)
def _plan(edition: Edition, given: tuple[str, ...]) -> _Plan:
    assumed = tuple(entry for entry in edition.assumed_numbers if entry.fact not in given)
    taken = {entry.fact: entry.number for entry in assumed if entry.number is not None}
    names = {*given, *taken}
    made, remade = _steps(edition, names), _steps(edition, {*names, RECOMMENDED})
    late, known = _late(edition), names.union(name for name, _ in made)
    return _Plan(
        counts=tuple(name for name in given if edition.kinds[name] is Kind.COUNT),
        assumed=assumed,
        taken=taken,
        made=made,
        late=tuple(step for step in remade if step[0] in late),
        checks=_checks(edition, known, late=False),
        late_checks={
            False: _checks(edition, known, late=True),
            True: _checks(edition, {*known, RECOMMENDED, *(name for name, _ in remade)}, late=True),
        },
    )


def _late(edition: Edition) -> set[str]:
    """The amounts that are made of the recommended one."""
    late = {RECOMMENDED}
    for name, spec in edition.amounts.items():
        late |= set() if late.isdisjoint(spec.inputs) else {name}
    return late


def _steps(edition: Edition, names: set[str]) -> Steps:
    """What can be made of amounts of these names, in the pack's order: each is made of earlier ones."""
    known, steps = set(names), []
    for name, spec in edition.amounts.items():
        enough = any if spec.first or spec.least else all
        if enough(part in known for part in spec.inputs):
            known.add(name)
            steps.append((name, _maker(spec)))
    return tuple(steps)


def _checks(edition: Edition, known: set[str], *, late: bool) -> Checks:
    """The comparisons that rules look at of which both sides may be known."""
    specs = ((name, edition.comparisons[name]) for name in edition.facts if name in edition.comparisons)
    return tuple(
        _Check(name, spec.compare, spec.with_, spec.labels["below"], spec.labels["at_least"])
        if "below" in spec.labels
        else _Check(name, spec.with_, spec.compare, spec.labels["above"], spec.labels["at_most"])
        for name, spec in specs
        if (name in edition.late) is late and spec.compare in known and spec.with_ in known
    )


def _maker(spec: AmountSpec) -> Maker:
    parts = spec.inputs
    if spec.part:
        return lambda get, unit: _share([get(part) for part in parts], unit)
    if spec.sum:
        return _sum(parts)
    if spec.least:
        return lambda get, _: _least(get, parts)
    return lambda get, _: next((amount for part in parts if (amount := get(part)) is not None), None)


def _least(get: Get, parts: Iterable[str]) -> Decimal | None:
    least = None
    for part in parts:
        if (amount := get(part)) is not None and (least is None or amount < least):
            least = amount
    return least


def _sum(parts: Sequence[str]) -> Maker:
    first, *others = parts

    def made(get: Get, _: Decimal) -> Decimal | None:
        total = get(first)
        for part in others:
            if total is None or (amount := get(part)) is None:
                return None
            total = EXACT.add(total, amount)
        return total

    return made


def _share(parts: Sequence[Decimal | None], unit: Decimal) -> Decimal | None:
    of, times, per = parts
    if of is None or times is None or not per:
        return None
    try:
        return EXACT.divide(EXACT.multiply(of, times), per).quantize(unit, ROUND_HALF_UP, EXACT)
    except InvalidOperation:  # of a pack that multiplies without end
        return None
