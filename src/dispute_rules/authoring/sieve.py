"""Which cases are worth a try when one is looked for: none that cannot be, none that must come out as another did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.contradictions import CHRONOLOGY
from dispute_rules.errors import CaseError
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.pack.scope import RECOMMENDED
from dispute_rules.vocabulary import Ground

Key = tuple[Any, ...]


class Told:
    """The labels that the facts of cases tell in one edition, each worked out once."""

    def __init__(self, advisor: Advisor, edition: Edition) -> None:
        """Nothing is worked out yet."""
        self.advisor = advisor
        self.edition = edition
        self.comes_of = {name: _comes_of(edition, name) for name in edition.facts}
        """What each label may come of: no other fact has a bearing on it."""
        self._known: dict[frozenset[tuple[str, Any]], Mapping[str, str]] = {}

    def labels(self, facts: Mapping[str, Any]) -> Mapping[str, str]:
        """The labels that these facts tell.

        Raises:
            CaseError: they contradict one another.
        """
        key = frozenset(facts.items())
        if key not in self._known:
            self._known[key] = self.advisor.told({"ground": next(iter(Ground)), **facts})
        return self._known[key]


class Sieve:
    """Tells cases apart that share some facts, by the labels that the others tell.

    Further facts mend no contradiction, and change no label but those that come of them.
    """

    def __init__(self, told: Told, shared: Mapping[str, Any], wanted: Mapping[str, str], varied: Iterable[str]) -> None:
        """`wanted` are the labels that a case is to have; `varied` the facts in which cases differ."""
        self._told = told
        self._shared = shared
        self._wanted = wanted
        self._varied = tuple(varied)
        self._names: dict[tuple[str, ...], list[str]] = {}  # of the labels that come of the same ones of these facts
        for name in told.edition.facts:
            parts = self._varied_of(told.comes_of[name])
            if parts and name not in told.edition.late and name not in shared:
                self._names.setdefault(parts, []).append(name)
        self._late = self._varied_of(set[str]().union(*(told.comes_of[name] for name in told.edition.late)))
        self._met: dict[Key, Key | None] = {}
        self._cases: dict[frozenset[tuple[str, Any]], bool] = {}

    def _varied_of(self, facts: set[str]) -> tuple[str, ...]:
        return tuple(fact for fact in self._varied if fact in facts)

    def key(self, facts: Mapping[str, Any]) -> Key | None:
        """The same for cases that come out the same; None for one that is refused or has other labels than wanted."""
        found: list[Key] = []
        for parts in self._names:
            values = (parts, *map(facts.get, parts))
            if values not in self._met:
                self._met[values] = self._labels(parts, facts)
            labels = self._met[values]
            if labels is None:
                return None
            found.append(labels)
        late = [str(facts.get(fact)) for fact in self._late]
        return (*found, *(facts.get(fact) is None for fact in self._varied), *late)

    def _labels(self, parts: tuple[str, ...], facts: Mapping[str, Any]) -> Key | None:
        """The labels that come of some of the facts, as far as these tell them."""
        names = self._names[parts]
        bearing = {"today", *parts}.union(*(self._told.comes_of[name] for name in names))
        if not self._is_case({part: facts[part] for part in ("ground", *parts, "today") if part in facts}):
            return None
        told = self._told.labels({name: value for name, value in facts.items() if name in bearing})
        as_wanted = (told[name] == self._wanted.get(name, told[name]) for name in names if name in told)
        return tuple(map(told.get, names)) if all(as_wanted) else None

    def _is_case(self, facts: Mapping[str, Any]) -> bool:
        """Whether some facts go together with those that are shared."""
        key = frozenset(facts.items())
        if key not in self._cases:
            try:
                self._told.advisor.Case(**{**self._shared, **facts})
                self._cases[key] = True
            except CaseError:
                self._cases[key] = False
        return self._cases[key]


def _comes_of(edition: Edition, name: str) -> set[str]:
    """All that a label may come of."""
    left, found = [name], set[str]()
    while left:
        part = left.pop()
        if part not in found:
            found.add(part)
            left += [first for first, then in CHRONOLOGY if then == part]  # an unknown day is not before these
            left += ["quantity_ordered"] if part == "quantity_affected" else []  # of one unit, that one
            left += ["evidence"] if part == PROOF.name else []
            left += edition.amounts if part == RECOMMENDED else []
            left += edition.amounts[part].inputs if part in edition.amounts else ()
            left += edition.dates[part].span.after if part in edition.dates else ()
            if part in edition.comparisons:
                left += [edition.comparisons[part].compare, edition.comparisons[part].with_]
    return found
