"""What is known of the situation of a case before any decision, and what of it may yet change."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from dispute_rules.case import Case
from dispute_rules.facts import Kind
from dispute_rules.pack.model import Assumed, Edition
from dispute_rules.process.amounts import Amounts
from dispute_rules.process.dates import Days
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.track import leading_to
from dispute_rules.situation import known_labels

_REMEMBERED = 4_096  # sets of facts that are given

Key = tuple[tuple[str | None, ...], frozenset[str], frozenset[str]]
"""The known labels, the names of those among them that are not certain, and the facts that are given at all."""


@dataclass(slots=True)
class Look:
    """The arithmetic of one case."""

    case: Case
    dates: Days
    amounts: Amounts

    # all that labels go by before the first decision: cases with the same signs have the same labels
    signs: tuple[object, ...]


class Looker:
    """Looks at cases by one edition."""

    def __init__(self, edition: Edition, tellers: Tellers, deciding: Iterable[str]) -> None:
        """`deciding` are the facts that bear on what questions are about."""
        self._edition = edition
        self._tellers = tellers
        kinds = edition.kinds.items()
        self._labelled = itemgetter(*(name for name, kind in kinds if kind in (Kind.LABEL, Kind.YES_NO)))
        self._several = {name: facts for name in edition.facts if len(facts := tellers.facts(name)) > 1}
        assumed = (entry.given for entry in edition.assumed)
        givens = set(filter(None, (*assumed, *(entry.given for entry in edition.barred))))
        self._givens = edition.kinds.keys() & givens.union(*(self._several.get(name, ()) for name in deciding))
        self._others = [name for name, kind in kinds if kind is Kind.OTHER and name in self._givens]
        self._cuts = [(name, scale.cuts) for name, scale in edition.scales.items()]
        self._reads = {
            name: {read for decision in leading_to(edition, [output]) for read in decision.reads} & edition.facts.keys()
            for name, output in edition.late.items()
        }
        self._uncertain = lru_cache(maxsize=_REMEMBERED)(self._find_uncertain)

    def look(self, case: Case, today: dt.date) -> Look:
        """Do the arithmetic of a case."""
        facts = case.__dict__
        amounts, dates = Amounts(self._edition, case), Days(self._edition, case, today)
        signs = (
            self._labelled(facts),
            *[facts[name] is None for name in self._others],
            *[bisect_right(cuts, number) for name, cuts in self._cuts if (number := facts[name]) is not None],
            amounts.signs(),
            dates.signs(),
        )
        return Look(case, dates, amounts, signs)

    def told(self, look: Look) -> dict[str, str]:
        """The labels that the facts tell by themselves, before any decision."""
        dates = look.dates.labels() | look.dates.ahead()
        return known_labels(self._edition, look.case) | dates | look.amounts.labels()

    def key(self, told: Mapping[str, str], uncertain: frozenset[str], case: Case) -> Key:
        """These labels, of a case, as what is remembered goes by them."""
        return tuple(map(told.get, self._edition.facts)), uncertain, self.given(case)

    def given(self, case: Case) -> frozenset[str]:
        """Of the facts that are known those that matter by being so."""
        return facts_known(case) & self._givens

    def uncertain(self, told: Mapping[str, str], look: Look) -> frozenset[str]:
        """The labels that a fact which is not known may yet change."""
        return self._uncertain(tuple(told), tuple(look.dates.ahead()), facts_known(look.case))

    def _find_uncertain(self, told: tuple[str, ...], ahead: tuple[str, ...], facts: frozenset[str]) -> frozenset[str]:
        open_ones = {
            name
            for name in (*self._several, *self._edition.scales)
            if name in told and name not in ahead and self._tellers.may_change(name, facts)
        }
        late = (name for name, reads in self._reads.items() if name in told and not reads <= {*told} - open_ones)
        return frozenset(open_ones.union(late))

    def rest_on(self, labels: Iterable[str], numbers: Iterable[Assumed]) -> bool:
        """Whether some labels come of numbers that are assumed."""
        return any(entry.fact in self._several.get(name, (name,)) for name in labels for entry in numbers)


def facts_known(case: Case) -> frozenset[str]:
    """The facts that are given; of one unit ordered, it is known how many are affected."""
    facts = {name for name, value in case.__dict__.items() if value is not None}
    return frozenset(facts | {"quantity_affected"} if case.quantity_ordered == 1 else facts)
