"""Which facts of a case tell what is worked out: days, amounts and counts as labels, and the evidence at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import TypeVar

from dispute_rules.case import Case
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED

_TODAY = "today"  # always known
_FACTS = {name: at for at, name in enumerate(Case.model_fields)}

Ask = Callable[[str], str | None]
"""The fact that is to be asked for where an unknown one is wanted, or None if there is no use in asking."""


T = TypeVar("T")

_Telling = tuple[bool, str | None]
"""Whether something is told, and else the fact that is to be asked for."""


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
        return self._up_to(name, lambda fact: (fact,), lambda _, parts: tuple(dict.fromkeys(chain(*parts))))

    def may_change(self, name: str, known: Collection[str]) -> bool:
        """Whether a fact that is not known would still count."""
        return self._telling(name, known, lambda fact: fact)[1] is not None

    def to_ask(self, name: str, known: Collection[str], ask: Ask) -> str | None:
        """The fact to ask for so that it can be worked out; None if nothing that can be asked for helps."""

        def fact_of(by: _By, parts: Sequence[_Telling]) -> str | None:
            helpless = by is _By.ALL and any(not told and fact is None for told, fact in parts)
            return None if helpless else _first(parts)

        return self._telling(name, known, ask, fact_of)[1]

    def _telling(
        self,
        name: str,
        known: Collection[str],
        ask: Ask,
        fact_of: Callable[[_By, Sequence[_Telling]], str | None] = lambda _, parts: _first(parts),
    ) -> _Telling:
        def of_fact(fact: str) -> _Telling:
            told = fact in known or fact == _TODAY
            return told, None if told else ask(fact)

        def of_parts(by: _By, parts: Sequence[_Telling]) -> _Telling:
            counting = _counting(by, parts)
            told = (told for told, _ in counting)
            return all(told) if by is _By.ALL else any(told), fact_of(by, counting)

        return self._up_to(name, of_fact, of_parts)

    def _up_to(self, name: str, of_fact: Callable[[str], T], of_parts: Callable[[_By, Sequence[T]], T]) -> T:
        """What is so of something, where it follows from what is so of its parts; each is looked at once."""
        found: dict[str, T] = {}
        left = [name]
        while left:
            by, parts = self._made.get(left[-1], (_By.ALL, ()))
            if open_ones := [part for part in parts if part not in found]:
                left += open_ones
                continue
            at = left.pop()
            found[at] = of_parts(by, [found[part] for part in parts]) if at in self._made else of_fact(at)
        return found[name]


def _counting(by: _By, parts: Sequence[_Telling]) -> Sequence[_Telling]:
    """The parts that count: of those in order all down to the first one that is told."""
    first = next((at for at, (told, _) in enumerate(parts) if told), len(parts)) if by is _By.FIRST else len(parts)
    return parts[: first + 1]


def _first(parts: Sequence[_Telling]) -> str | None:
    return next((fact for _, fact in parts if fact is not None), None)


def _makings(edition: Edition) -> Iterator[tuple[str, tuple[_By, tuple[str, ...]]]]:
    for name, date in edition.dates.items():
        yield name, (_By.FIRST, date.span.after)
    for name, amount in edition.amounts.items():
        yield name, (_By.FIRST if amount.first else _By.ANY if amount.least else _By.ALL, amount.inputs)
    for name, spec in edition.comparisons.items():
        yield name, (_By.ALL, (spec.compare, spec.with_))
    yield PROOF.name, (_By.ALL, ("evidence",))
    yield RECOMMENDED, (_By.ALL, (CAP,) if CAP in edition.amounts else ())
