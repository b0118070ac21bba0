"""All situations that a case with unknown facts may be in, walked fact by fact.

The state of the walk is the set of rules that can still match, as bits. Two ways through the facts that leave the same
rules possible meet again, so that millions of situations are a few hundred places. A place where every label leads to
the same is left out; what remains is a decision diagram: its ends are the outcomes still possible, and the facts that
stand in it are the ones that can still matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.track import DecisionStep, FactStep, Track, leading_to, settle

End = tuple[str, ...]
"""The values of the outputs that were asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A fact that matters here, and where each of its possible labels leads."""

    fact: str
    ways: Mapping[str, Place]


Place = Fork | End


class Forks:
    """Forks of which equal ones are one object."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[str, tuple[tuple[str, object], ...]], Fork] = {}

    def join(self, fact: str, ways: Mapping[str, Place]) -> Place | None:
        """The place from which the labels lead these ways: no fork if all lead to the same, None if there are none."""
        if not ways:
            return None
        first = next(iter(ways.values()))
        if all(place is first or (isinstance(place, tuple) and place == first) for place in ways.values()):
            return first
        key = (fact, tuple((label, p if isinstance(p, tuple) else id(p)) for label, p in ways.items()))
        return self._known.setdefault(key, Fork(fact, ways))


_MOST_PLACES = 50_000  # some tenths of a second


class Space:
    """The situations of an edition, as far as they bear on some outputs."""

    def __init__(self, edition: Edition, outputs: tuple[str, ...]) -> None:
        """Put the facts and decisions that bear on the outputs in order."""
        self.outputs = tuple(name for name in outputs if edition.decision_with(name))
        self._track = Track(edition, leading_to(edition, self.outputs))

    def possible(self, known: Mapping[str, str], given: frozenset[str]) -> Place | None:
        """What the unknown facts still allow; None if nothing. `given` are the other facts of the case.

        Raises:
            UndecidedError: there is too much to look at.
        """
        try:
            return _Walk(self._track, self.outputs, known).place(0, self._track.start_given(given), ())
        except RecursionError:
            raise UndecidedError from None


class _Walk:
    """One walk, with what is known."""

    def __init__(self, track: Track, outputs: tuple[str, ...], known: Mapping[str, str]) -> None:
        self._track = track
        self._outputs = outputs
        self._known = known
        self._budget = Budget(_MOST_PLACES)
        self._met: dict[tuple[int, int, End], Place | None] = {}
        self._forks = Forks()

    def place(self, level: int, alive: int, values: End) -> Place | None:
        if level == len(self._track.steps):
            return values
        key = (level, alive, values)
        if key not in self._met:
            self._budget.spend(1)
            step = self._track.steps[level]
            if isinstance(step, FactStep):
                self._met[key] = self._through_fact(step, level, alive, values)
            else:
                self._met[key] = self._through_decision(step, level, alive, values)
        return self._met[key]

    def _through_fact(self, step: FactStep, level: int, alive: int, values: End) -> Place | None:
        known = self._known.get(step.name)
        if known is not None:
            return self.place(level + 1, settle(step, alive & step.survivors[known]), values)
        ways = {
            label: place
            for label, surviving in step.survivors.items()
            if (place := self.place(level + 1, settle(step, alive & surviving), values)) is not None
        }
        return self._forks.join(step.name, ways)

    def _through_decision(self, step: DecisionStep, level: int, alive: int, values: End) -> Place | None:
        if level == len(self._track.steps) - 1 and alive & self._track.barred:
            return None  # impossible
        rules = [step.decision.rules[index] for index in applying(step.decision, step.matching(alive))]
        if not agree(rules):
            return None  # a fault of the pack, found by its checks
        outcome = rules[0].then
        asked = tuple(outcome[name] for name in self._outputs if name in outcome)
        return self.place(level + 1, settle(step, step.after(alive, outcome)), values + asked)
