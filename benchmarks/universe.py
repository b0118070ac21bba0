"""All situations that bear on a decision, each one a bit: a set of situations is an integer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from random import Random

Labels = Mapping[str, Sequence[str]]
Box = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class MadeRule:
    """A made-up rule of a decision with one output. It stands after those that override it."""

    name: str
    box: Box
    then: str
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """The labels of some facts of a case; the rule decides it, or it is a near one."""

    decided: bool
    labels: Mapping[str, str]


class Universe:
    """The possible combinations of the labels of some facts, and what decisions come to in them."""

    def __init__(self, facts: Labels, barred: Iterable[Box] = ()) -> None:
        """Enumerate them; of what is barred counts what is about these facts alone."""
        self._facts = facts
        size = prod(len(labels) for labels in facts.values())
        self.masks: dict[str, dict[str, int]] = {}
        period = size
        for name, labels in facts.items():
            stride = period // len(labels)
            often = ((1 << size) - 1) // ((1 << period) - 1)
            block = (1 << stride) - 1
            self.masks[name] = {label: (block << i * stride) * often for i, label in enumerate(labels)}
            period = stride
        self.possible = (1 << size) - 1
        for box in barred:
            if box.keys() <= facts.keys():
                self.possible &= ~self.within(box)

    def within(self, box: Box) -> int:
        """The situations in a box."""
        found = self.possible
        for name, accepted in box.items():
            found &= self._any(name, accepted)
        return found

    def _any(self, name: str, accepted: Iterable[str]) -> int:
        found = 0
        for label in accepted:
            found |= self.masks[name].get(label, 0)
        return found

    def met(self, name: str, situations: int) -> list[str]:
        """The labels that occur in some situations."""
        return [label for label, mask in self.masks[name].items() if mask & situations]

    def applying(self, rules: Iterable[MadeRule]) -> dict[str, int]:
        """Where each rule applies."""
        found: dict[str, int] = {}
        for rule in rules:
            overridden = 0
            for name in rule.unless:
                overridden |= found[name]
            found[rule.name] = self.within(rule.box) & ~overridden
        return found

    def learn(self, output: str, rules: Sequence[MadeRule]) -> None:
        """Let the outcome of a decision be looked at like a fact."""
        applying = self.applying(rules)
        masks: dict[str, int] = {}
        for rule in rules:
            masks[rule.then] = masks.get(rule.then, 0) | applying[rule.name]
        self.masks[output] = {label: mask for label, mask in masks.items() if mask}

    def needed(self, box: Box) -> Box:
        """The same situations with as few conditions and labels as it takes."""
        box = dict(box)
        for name in list(box):
            rest = {other: accepted for other, accepted in box.items() if other != name}
            if self.within(rest) & ~self._any(name, box[name]):
                box[name] = frozenset(self.met(name, self.within(box)))
            else:
                box = rest
        return box

    def examples(self, box: Box, applying: int, random: Random) -> list[Example]:
        """A case in which a rule applies, and for each condition one that misses just that."""
        found = [Example(True, self._one_of(applying, random))]
        for name in box:
            rest = {other: accepted for other, accepted in box.items() if other != name}
            found.append(Example(False, self._one_of(self.within(rest) & ~self.within(box), random)))
        return found

    def _one_of(self, situations: int, random: Random) -> Mapping[str, str]:
        """The facts of a situation."""
        start = random.randrange(situations.bit_length())
        later = situations >> start
        place = start + (later & -later).bit_length() - 1
        return {
            name: next(label for label, mask in self.masks[name].items() if mask >> place & 1) for name in self._facts
        }
