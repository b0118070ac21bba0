"""The order in which facts and decisions are met on a walk through all situations, with rules as bits.

A rule is a bit; meeting a fact with some label clears the bits of the rules that do not accept it. A decision is met
once all that it reads has been met: the bits that are left are the rules that match, its outcome is met like a fact,
and its own bits are cleared, so that ways that came to the same go on as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispute_rules.pack.model import Box, Decision, Edition


@dataclass(frozen=True, slots=True)
class Certain:
    """A rule that has met all its facts: if it is alive, it matches."""

    rule: int
    overriders: int
    decision: int  # the bits of all rules of its decision
    made: int  # the bit that stands for its outcome


@dataclass(frozen=True, slots=True)
class FactStep:
    """A fact is met."""

    name: str
    survivors: Mapping[str, int]  # for each label the bits that stay
    certain: tuple[Certain, ...]  # the rules that have met all their facts with this one


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A decision is met."""

    decision: Decision
    shift: int
    survivors: Mapping[str, Mapping[str, int]]  # for each output and label the bits that stay
    certain: tuple[Certain, ...]
    made: Mapping[int, int]  # the bits that stand for an outcome already made, each with a rule that says it

    def matching(self, alive: int) -> list[int]:
        """The indexes of the decision's rules that match, or of one that says what is already decided."""
        for bit, index in self.made.items():
            if alive & bit:
                return [index]
        own = alive >> self.shift
        return [index for index in range(len(self.decision.rules)) if own >> index & 1]

    def after(self, alive: int, outcome: Mapping[str, str]) -> int:
        """The bits once the outcome is known."""
        for name, label in outcome.items():
            alive &= self.survivors[name][label]
        own = ((1 << len(self.decision.rules)) - 1) << self.shift
        return alive & ~(own | sum(self.made))


Step = FactStep | DecisionStep


def settle(step: Step, alive: int) -> int:
    """Once a rule matches that nothing can override any more, its decision is made: only what it says is kept.

    That is right because rules that apply together agree; where they do not, the checks of the pack say so.
    """
    for certain in step.certain:
        if alive & certain.rule and not alive & certain.overriders:
            alive = alive & ~certain.decision | certain.made
    return alive


class Track:
    """The steps to some decisions; impossible combinations are found out before the last of these is met."""

    def __init__(self, edition: Edition, decisions: Sequence[Decision], extra: Sequence[Box] = ()) -> None:
        """`extra` are boxes to be followed like rules."""
        self._edition = edition
        boxes = [rule.box for decision in decisions for rule in decision.rules]
        self._boxes = [*boxes, *(entry.box for entry in edition.barred), *extra]
        self.start = (1 << len(self._boxes)) - 1
        self.barred = ((1 << len(edition.barred)) - 1) << len(boxes)
        self.conditional = {len(boxes) + i: entry.given for i, entry in enumerate(edition.barred) if entry.given}
        self.extra_shift = len(boxes) + len(edition.barred)
        self._waiting = _Waiting(decisions, len(self._boxes))
        self.steps = self._order(decisions)

    def start_given(self, given: frozenset[str]) -> int:
        """The bits at the start of a walk, without combinations that are impossible only when other facts are known."""
        return self.start & ~sum(1 << bit for bit, fact in self.conditional.items() if fact not in given)

    def _order(self, decisions: Sequence[Decision]) -> tuple[Step, ...]:
        steps: list[Step] = []
        placed: set[str] = set()
        shift = 0
        waiting = self._waiting
        for position, decision in enumerate(decisions, start=1):
            wanted: list[str] = list(decision.reads)
            if position == len(decisions):
                wanted += [name for box in self._boxes for name in box]
            self._place(wanted, placed, steps, waiting)
            outputs = {name: self._survivors(name, labels) for name, labels in decision.outputs.items()}
            steps.append(
                DecisionStep(
                    decision, shift, outputs, waiting.complete_with(decision.outputs), waiting.made[decision.name]
                )
            )
            shift += len(decision.rules)
        return tuple(steps)

    def _place(self, wanted: Iterable[str], placed: set[str], steps: list[Step], waiting: _Waiting) -> None:
        for name in wanted:
            if name in self._edition.facts and name not in placed:
                placed.add(name)
                survivors = self._survivors(name, self._edition.facts[name].labels)
                steps.append(FactStep(name, survivors, waiting.complete_with([name])))

    def _survivors(self, name: str, labels: Iterable[str]) -> Mapping[str, int]:
        made = sum(bit for bits in self._waiting.made.values() for bit in bits)
        return {
            label: made | sum(1 << i for i, box in enumerate(self._boxes) if name not in box or label in box[name])
            for label in labels
        }


class _Waiting:
    """The rules that have yet to meet some of their facts; and for each decision the bits of outcomes already made."""

    def __init__(self, decisions: Sequence[Decision], free: int) -> None:
        self._facts: dict[Certain, set[str]] = {}
        self.made: dict[str, dict[int, int]] = {}
        shift = 0
        for decision in decisions:
            own = ((1 << len(decision.rules)) - 1) << shift
            bits: dict[int, int] = {}  # by the first rule that says the same
            for index, rule in enumerate(decision.rules):
                alike = next(i for i, other in enumerate(decision.rules) if other.then == rule.then)
                if alike == index:
                    bits[index] = 1 << free
                    free += 1
                overriders = sum(1 << (shift + other) for other in rule.unless)
                self._facts[Certain(1 << (shift + index), overriders, own, bits[alike])] = set(rule.box)
            self.made[decision.name] = {bit: index for index, bit in bits.items()}
            shift += len(decision.rules)

    def complete_with(self, names: Iterable[str]) -> tuple[Certain, ...]:
        """The rules for which these are the last facts."""
        met = set(names)
        found = tuple(certain for certain, facts in self._facts.items() if facts & met and facts <= met)
        for facts in self._facts.values():
            facts.difference_update(met)
        return found


def leading_to(edition: Edition, outputs: Iterable[str]) -> list[Decision]:
    """The decisions that have these outputs, and the earlier ones that they rest on, in their order."""
    wanted, found = set(outputs), []
    for decision in reversed(edition.decisions):
        if wanted & decision.outputs.keys():
            wanted.update(decision.reads)
            found.append(decision)
    return found[::-1]
