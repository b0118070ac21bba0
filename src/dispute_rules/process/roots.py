"""What the labels of a case were worked out from: facts that were given, numbers that were assumed, and parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dispute_rules.case import Case
from dispute_rules.contradictions import CHRONOLOGY, IMPLIED
from dispute_rules.pack.model import PROOF, Assumed, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts
from dispute_rules.process.dates import Days


@dataclass(frozen=True, slots=True)
class Roots:
    """What went into a label, each once: facts of the case, assumed numbers, and parameters that days were counted by.

    `output` is that of the decision on which it rests, too.
    """

    facts: tuple[str, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    parameters: tuple[str, ...] = ()
    output: str | None = None


class Tracer:
    """Tells what the labels of one case that are known come from."""

    def __init__(self, edition: Edition, case: Case, today: date, amount: str | None) -> None:
        """`amount` is the one to ask for, by its name in the pack."""
        self._edition = edition
        self._case = case
        self._amount = amount
        self._dates = Days(edition, case, today)
        self._amounts = Amounts(edition, case)
        self._assumed = {entry.fact: entry for entry in self._amounts.assumed}
        self._amounts.recommend(amount)

    def of(self, name: str) -> Roots:
        """What a label that is known was worked out from."""
        if name == PROOF.name:
            return Roots(self._given(["evidence"]), output="evidence")
        if name in self._edition.comparisons:
            spec = self._edition.comparisons[name]
            of_each = self._date if spec.compare in self._edition.dates else self._number
            return _joined([of_each(spec.compare), of_each(spec.with_)])
        return self._date(name) if name in self._edition.dates else Roots(self._given([name, *_DAYS.get(name, ())])[:1])

    def _given(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if getattr(self._case, name) is not None)

    def _date(self, name: str) -> Roots:
        if name not in self._edition.dates:
            return Roots((name,))
        span = self._edition.dates[name].span
        known = (after for after in span.after if after == "today" or after in self._dates or self._is_given(after))
        start = next(known, None)
        first = span.after[0]
        begun = self._date(start or first) if start or first in self._edition.dates else self._latest_before(first)
        return _joined([begun, Roots(parameters=span.days or ())])

    def _is_given(self, name: str) -> bool:
        return name not in self._edition.dates and getattr(self._case, name) is not None

    def _latest_before(self, name: str) -> Roots:
        """The day that a day which is not known cannot have been before."""
        given = self._given(first for first, then in CHRONOLOGY if then == name)
        return Roots((max(given, key=lambda first: getattr(self._case, first)),))

    def _number(self, name: str) -> Roots:
        if name == RECOMMENDED:
            parts = [part for part in (self._amount, CAP) if part and self._amounts.get(part) is not None]
            return _joined([Roots(output="amount"), *map(self._number, parts)])
        if spec := self._edition.amounts.get(name):
            known = [part for part in spec.inputs if self._amounts.get(part) is not None]
            return _joined(map(self._number, known[:1] if spec.first else known))
        if name in self._assumed:
            return Roots(assumed=(self._assumed[name],))
        return Roots(self._given([name]) or ("quantity_ordered",))  # of one unit, that one is affected


_DAYS = {fact: (day,) for day, fact in IMPLIED.items()}


def _joined(several: Iterable[Roots]) -> Roots:
    several = list(several)
    return Roots(
        tuple(dict.fromkeys(fact for each in several for fact in each.facts)),
        tuple({entry.fact: entry for each in several for entry in each.assumed}.values()),
        tuple(dict.fromkeys(name for each in several for name in each.parameters)),
        next((each.output for each in several if each.output), None),
    )
