"""The order in which facts and decisions are met on a walk through all situations, with rules as bits.

A rule is a bit; meeting a fact with some label clears the bits of the rules that do not accept it. A decision is met
once all that it reads has been met: the bits that are left are the rules that match, its outcome is met like a fact,
and its own bits are cleared, so that ways that came to the same go on as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dispute_rules.engine.boxes import Boxes, indexes
from dispute_rules.pack.model import Box, Decision, Edition


class Certain(NamedTuple):
    """A rule that has met all its facts: if it is alive, it matches."""

    rule: int
    overriders: int
    decision: int  # the bits of all rules of its decision
    made: int  # the bit that stands for its outcome


class FactStep(NamedTuple):
    """A fact is met."""

    name: str
    survivors: Mapping[str, int]  # for each label the bits that stay
    certain: tuple[Certain, ...]  # the rules that have met all their facts with this one
    barred: int  # the bits of impossible combinations that have: if one is alive, the situation is impossible


class DecisionStep(NamedTuple):
    """A decision is met."""

    decision: Decision
    shift: int
    own: int  # the bits of its rules
    survivors: Mapping[str, Mapping[str, int]]  # for each output and label the bits that stay
    certain: tuple[Certain, ...]
    made: Mapping[int, int]  # the bits that stand for an outcome already made, each with a rule that says it

    def matching(self, alive: int) -> list[int]:
        """The indexes of the decision's rules that match, or of one that says what is already decided."""
        for bit, index in self.made.items():
            if alive & bit:
                return [index]
        return list(indexes((alive & self.own) >> self.shift))

    def after(self, alive: int, outcome: Mapping[str, str]) -> int:
        """The bits once the outcome is known."""
        for name, label in outcome.items():
            alive &= self.survivors[name][label]
        return alive & ~(self.own | sum(self.made))


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
        rules = [rule.box for decision in decisions for rule in decision.rules]
        self._barred = [entry.box for entry in edition.barred]
        self._boxes = Boxes([*rules, *self._barred, *extra])
        self.start = self._boxes.all
        self._barred_shift = len(rules)
        self.barred = ((1 << len(self._barred)) - 1) << self._barred_shift
        self.conditional = {len(rules) + i: entry.given for i, entry in enumerate(edition.barred) if entry.given}
        self.extra_shift = len(rules) + len(self._barred)
        self._waiting = _Waiting(decisions, self.start.bit_length())
        self._made = sum(bit for bits in self._waiting.made.values() for bit in bits)
        self.steps = self._order(decisions)

    def start_given(self, given: frozenset[str]) -> int:
        """The bits at the start of a walk, without combinations that are impossible only when other facts are known."""
        return self.start & ~sum(1 << bit for bit, fact in self.conditional.items() if fact not in given)

    def _order(self, decisions: Sequence[Decision]) -> tuple[Step, ...]:
        steps: list[Step] = []
        placed: set[str] = set()
        shift = 0
        for position, decision in enumerate(decisions, start=1):
            last = position == len(decisions)
            for name in (*decision.reads, *(self._boxes.facts if last else ())):
                if name in self._edition.facts and name not in placed:
                    placed.add(name)
                    steps.append(self._fact_step(name, placed))
            steps.append(self._decision_step(decision, shift))
            shift += len(decision.rules)
        return tuple(steps)

    def _fact_step(self, name: str, placed: set[str]) -> FactStep:
        complete = (i for i, box in enumerate(self._barred) if name in box and box.keys() <= placed)
        return FactStep(
            name,
            self._survivors(name, self._edition.facts[name].labels),
            self._waiting.complete_with([name]),
            sum(1 << self._barred_shift + i for i in complete),
        )

    def _decision_step(self, decision: Decision, shift: int) -> DecisionStep:
        return DecisionStep(
            decision,
            shift,
            ((1 << len(decision.rules)) - 1) << shift,
            {name: self._survivors(name, labels) for name, labels in decision.outputs.items()},
            self._waiting.complete_with(decision.outputs),
            self._waiting.made[decision.name],
        )

    def _survivors(self, name: str, labels: Iterable[str]) -> Mapping[str, int]:
        return {label: self._made | self._boxes.surviving(name, label) for label in labels}


class _Waiting:
    """The rules that have yet to meet some of their facts; and for each decision the bits of outcomes already made."""

    def __init__(self, decisions: Sequence[Decision], free: int) -> None:
        self._rules: list[tuple[Certain, set[str]]] = []
        self._looking: dict[str, list[int]] = {}
        self.made: dict[str, dict[int, int]] = {}
        shift = 0
        for decision in decisions:
            own = ((1 << len(decision.rules)) - 1) << shift
            bits: dict[frozenset[tuple[str, str]], int] = {}
            made: dict[int, int] = {}  # with the first rule that says it
            for index, rule in enumerate(decision.rules):
                said = frozenset(rule.then.items())
                if said not in bits:
                    bits[said] = 1 << free
                    made[bits[said]] = index
                    free += 1
                overriders = sum(1 << (shift + other) for other in rule.unless)
                self._add(Certain(1 << (shift + index), overriders, own, bits[said]), rule.box)
            self.made[decision.name] = made
            shift += len(decision.rules)

    def _add(self, certain: Certain, box: Box) -> None:
        for name in box:
            self._looking.setdefault(name, []).append(len(self._rules))
        self._rules.append((certain, set(box)))

    def complete_with(self, names: Iterable[str]) -> tuple[Certain, ...]:
        """The rules for which these are the last facts."""
        met = set(names)
        touched = sorted({index for name in met for index in self._looking.pop(name, ())})
        for index in touched:
            self._rules[index][1].difference_update(met)
        return tuple(self._rules[index][0] for index in touched if not self._rules[index][1])


def leading_to(edition: Edition, outputs: Iterable[str]) -> list[Decision]:
    """The decisions that have these outputs, and the earlier ones that they rest on, in their order."""
    wanted, found = set(outputs), []
    for decision in reversed(edition.decisions):
        if wanted & decision.outputs.keys():
            wanted.update(decision.reads)
            found.append(decision)
    return found[::-1]
