"""All situations that a case with unknown facts may be in, walked fact by fact.

The state of the walk is the set of rules that can still match, as bits. Two ways through the facts that leave the same
rules possible meet again, so that millions of situations are a few hundred places. A place where every label leads to
the same is left out; what remains is a decision diagram: its ends are the outcomes still possible, and the facts that
stand in it are the ones that can still matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import Decision, Edition

End = tuple[str, ...]
"""The values of the outputs that were asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A fact that matters here, and where each of its possible labels leads."""

    fact: str
    ways: Mapping[str, Place]


Place = Fork | End
_NOWHERE: None = None  # no possible situation lies this way


class _Fact(NamedTuple):
    name: str
    survivors: Mapping[str, int]  # the rules that accept each label, and those that do not look at the fact


class _Decision(NamedTuple):
    decision: Decision
    shift: int
    survivors: Mapping[str, Mapping[str, int]]  # the same for the labels of its outputs


class Space:
    """The situations of an edition, as far as they bear on some outputs."""

    def __init__(self, edition: Edition, outputs: tuple[str, ...]) -> None:
        """Put the facts and decisions that bear on the outputs in order."""
        self.outputs = tuple(name for name in outputs if edition.decision_with(name))
        self._edition = edition
        decisions = _bearing_on(edition, self.outputs)
        self._boxes = [rule.box for decision in decisions for rule in decision.rules]
        self._barred = ((1 << len(edition.barred)) - 1) << len(self._boxes)
        self._boxes += [entry.box for entry in edition.barred]
        self._steps = tuple(self._order(decisions))

    def _order(self, decisions: list[Decision]) -> Iterator[_Fact | _Decision]:
        placed: set[str] = set()
        shift = 0
        for decision in decisions:
            for name in decision.reads:
                if name in self._edition.facts and name not in placed:
                    placed.add(name)
                    yield _Fact(name, self._survivors(name, self._edition.facts[name].labels))
            outputs = {name: self._survivors(name, tuple(labels)) for name, labels in decision.outputs.items()}
            yield _Decision(decision, shift, outputs)
            shift += len(decision.rules)
        for name in {name: None for entry in self._edition.barred for name in entry.box}:
            if name not in placed:
                yield _Fact(name, self._survivors(name, self._edition.facts[name].labels))
                placed.add(name)

    def _survivors(self, name: str, labels: tuple[str, ...]) -> Mapping[str, int]:
        return {
            label: sum(1 << i for i, box in enumerate(self._boxes) if name not in box or label in box[name])
            for label in labels
        }

    def possible(self, known: Mapping[str, str]) -> Place | None:
        """What the unknown facts still allow; None if nothing."""
        return _Walk(self._steps, self._barred, self.outputs, known).place(0, (1 << len(self._boxes)) - 1, ())


def _bearing_on(edition: Edition, outputs: tuple[str, ...]) -> list[Decision]:
    wanted, found = set(outputs), []
    for decision in reversed(edition.decisions):
        if decision.policy is Policy.ANY and wanted & decision.outputs.keys():
            wanted.update(decision.reads)
            found.append(decision)
    return found[::-1]


class _Walk:
    """One walk, with what is known."""

    def __init__(
        self, steps: tuple[_Fact | _Decision, ...], barred: int, outputs: tuple[str, ...], known: Mapping[str, str]
    ) -> None:
        self._steps = steps
        self._barred = barred
        self._outputs = outputs
        self._known = known
        self._met: dict[tuple[int, int, End], Place | None] = {}
        self._forks: dict[tuple[str, tuple[tuple[str, int], ...]], Fork] = {}

    def place(self, level: int, alive: int, values: End) -> Place | None:
        if level == len(self._steps):
            return _NOWHERE if alive & self._barred else values
        key = (level, alive, values)
        if key not in self._met:
            step = self._steps[level]
            go_on = self._through_fact if isinstance(step, _Fact) else self._through_decision
            self._met[key] = go_on(step, level, alive, values)  # type: ignore[arg-type]
        return self._met[key]

    def _through_fact(self, step: _Fact, level: int, alive: int, values: End) -> Place | None:
        known = self._known.get(step.name)
        if known is not None:
            return self.place(level + 1, alive & step.survivors[known], values)
        ways = {
            label: place
            for label, surviving in step.survivors.items()
            if (place := self.place(level + 1, alive & surviving, values)) is not None
        }
        if not ways:
            return _NOWHERE
        first = next(iter(ways.values()))
        if all(place is first or (isinstance(place, tuple) and place == first) for place in ways.values()):
            return first
        return self._fork(step.name, ways)

    def _fork(self, fact: str, ways: Mapping[str, Place]) -> Fork:
        """The same fork for the same ways, so that equal places are one object."""
        key = (fact, tuple((label, hash(p) if isinstance(p, tuple) else id(p)) for label, p in ways.items()))
        return self._forks.setdefault(key, Fork(fact, ways))

    def _through_decision(self, step: _Decision, level: int, alive: int, values: End) -> Place | None:
        decision, count = step.decision, len(step.decision.rules)
        own = alive >> step.shift
        rules = [decision.rules[i] for i in applying(decision, (i for i in range(count) if own >> i & 1))]
        if not agree(rules):
            return _NOWHERE  # a fault of the pack, found by its checks
        outcome = rules[0].then
        for name, label in outcome.items():
            alive &= step.survivors[name][label]
        alive &= ~(((1 << count) - 1) << step.shift)
        asked = tuple(outcome[name] for name in self._outputs if name in outcome)
        return self.place(level + 1, alive, values + asked)
