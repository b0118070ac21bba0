"""All situations that a case with unknown facts may be in, walked fact by fact.

The state of the walk is the set of rules that can still match, as bits. Two ways through the facts that leave the same
rules possible meet again, so that millions of situations are a few hundred places. A place where every label leads to
the same is left out; what remains is a decision diagram: its ends are the outcomes still possible, and the facts that
stand in it are the ones that can still matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.diagram import Diagram, End, Kin, Place
from dispute_rules.reasoning.track import DecisionStep, FactStep, Track, leading_to, settle

_MOST_PLACES = 50_000  # some tenths of a second
_MOST_WHOLE = 16  # diagrams of all situations; there is one unless combinations are impossible only with given facts


class Space:
    """The situations of an edition, as far as they bear on some outputs."""

    def __init__(self, edition: Edition, outputs: tuple[str, ...]) -> None:
        """Put the facts and decisions that bear on the outputs in order."""
        self.outputs = tuple(name for name in outputs if edition.decision_with(name))
        self.decisions = leading_to(edition, self.outputs)
        self._track = Track(edition, self.decisions)
        self.order = {step.name: at for at, step in enumerate(self._track.steps) if isinstance(step, FactStep)}
        self._whole = lru_cache(maxsize=_MOST_WHOLE)(self._walk_all)
        self._is_first = True

    def possible(self, known: Mapping[str, str], given: frozenset[str]) -> Diagram:
        """What the unknown facts still allow. `given` are the other facts of the case.

        The first time only what is known is walked, some fifth of it all: who asks once is answered sooner.

        Raises:
            UndecidedError: there is too much to look at.
        """
        start = self._track.start_given(given)
        if self._is_first:
            self._is_first = False
            return self._walk(start, known)
        whole = self._whole(start)
        return whole.within(known, Kin(self.order)) if isinstance(whole, Diagram) else self._walk(start, known)

    def whole(self, given: frozenset[str]) -> Diagram | None:
        """All situations; None if there is too much to look at."""
        whole = self._whole(self._track.start_given(given))
        return whole if isinstance(whole, Diagram) else None

    def _walk_all(self, start: int) -> Diagram | UndecidedError:
        """The diagram of all situations, or that there are too many; with much known there may be few enough."""
        try:
            return self._walk(start, {})
        except UndecidedError:
            return UndecidedError()  # without what was walked

    def _walk(self, start: int, known: Mapping[str, str]) -> Diagram:
        try:
            kin = Kin(self.order)
            return Diagram(_Walk(self._track, self.outputs, known, kin).place(0, start, ()), kin)
        except RecursionError:
            raise UndecidedError from None


class _Walk:
    """One walk, with what is known."""

    def __init__(self, track: Track, outputs: tuple[str, ...], known: Mapping[str, str], kin: Kin) -> None:
        self._track = track
        self._outputs = outputs
        self._known = known
        self._budget = Budget(_MOST_PLACES)
        self._met: dict[tuple[int, int, End], Place] = {}
        self._forks = kin.forks

    def place(self, level: int, alive: int, values: End) -> Place:
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

    def _through_fact(self, step: FactStep, level: int, alive: int, values: End) -> Place:
        known = self._known.get(step.name)
        survivors = step.survivors if known is None else {known: step.survivors[known]}
        ways: dict[str, Place] = {}
        for label, kept in survivors.items():
            left = alive & kept
            impossible = left & step.barred
            ways[label] = None if impossible else self.place(level + 1, settle(step, left), values)
        return self._forks.join(step.name, ways)

    def _through_decision(self, step: DecisionStep, level: int, alive: int, values: End) -> Place:
        rules = [step.decision.rules[index] for index in applying(step.decision, step.matching(alive))]
        if not agree(rules):
            return None  # a fault of the pack, found by its checks
        outcome = rules[0].then
        asked = tuple(outcome[name] for name in self._outputs if name in outcome)
        return self.place(level + 1, settle(step, step.after(alive, outcome)), values + asked)
