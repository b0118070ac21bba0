"""Which facts of a case tell what is worked out: days, amounts and counts as labels, and the evidence at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import Enum

from dispute_rules.case import Case
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED

_TODAY = "today"  # always known
_FACTS = {name: at for at, name in enumerate(Case.model_fields)}

Ask = Callable[[str], str | None]
"""The fact that is to be asked for where an unknown one is wanted, or None if there is no use in asking."""


class _By(Enum):
    """Which of its parts tell something."""

    FIRST = "the first one that is told"
    ALL = "all of them"
    ANY = "those that are told"


class Tellers:
    """What comes of which facts, in one edition."""

    def __init__(self, edition: Edition) -> None:
        """Look at its dates, amounts and comparisons."""
        self._made = dict(_makings(edition))
        for name, (by, parts) in self._made.items():
            if by is _By.ALL:  # in the order of the facts of a case: how many were ordered comes before how many broke
                self._made[name] = by, tuple(sorted(parts, key=self._place))

    def _place(self, name: str) -> int:
        return min((_FACTS.get(fact, len(_FACTS)) for fact in self.facts(name)), default=len(_FACTS))

    def facts(self, name: str) -> tuple[str, ...]:
        """The facts of a case from which something comes, the first to be looked at first; a fact comes of itself."""
        if name not in self._made:
            return (name,)
        return tuple(dict.fromkeys(fact for part in self._made[name][1] for fact in self.facts(part)))

    def are_told(self, name: str, known: Collection[str]) -> bool:
        """Whether it can be worked out from the facts that are known."""
        if name not in self._made:
            return name in known or name == _TODAY
        by, parts = self._made[name]
        told = (self.are_told(part, known) for part in parts)
        return all(told) if by is _By.ALL else any(told)

    def may_change(self, name: str, known: Collection[str]) -> bool:
        """Whether a fact that is not known would still count."""
        if name not in self._made:
            return not self.are_told(name, known)
        return any(self.may_change(part, known) for part in self._counting(name, known))

    def to_ask(self, name: str, known: Collection[str], ask: Ask) -> str | None:
        """The fact to ask for so that it can be worked out; None if nothing that can be asked for helps."""
        if name not in self._made:
            return None if self.are_told(name, known) else ask(name)
        parts = list(self._counting(name, known))
        asked = [self.to_ask(part, known, ask) for part in parts]
        if self._made[name][0] is _By.ALL and any(
            fact is None and not self.are_told(part, known) for fact, part in zip(asked, parts, strict=True)
        ):
            return None
        return next((fact for fact in asked if fact is not None), None)

    def _counting(self, name: str, known: Collection[str]) -> Iterator[str]:
        """The parts that count: of those in order all down to the first one that is told."""
        by, parts = self._made[name]
        for part in parts:
            yield part
            if by is _By.FIRST and self.are_told(part, known):
                return


def _makings(edition: Edition) -> Iterator[tuple[str, tuple[_By, tuple[str, ...]]]]:
    for name, date in edition.dates.items():
        yield name, (_By.FIRST, date.span.after)
    for name, amount in edition.amounts.items():
        yield name, (_By.FIRST if amount.first else _By.ANY if amount.least else _By.ALL, amount.inputs)
    for name, spec in edition.comparisons.items():
        yield name, (_By.ALL, (spec.compare, spec.with_))
    yield PROOF.name, (_By.ALL, ("evidence",))
    yield RECOMMENDED, (_By.ALL, (CAP,) if CAP in edition.amounts else ())
