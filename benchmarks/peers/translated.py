"""An edition's rules in the terms that every engine knows: tables of labels, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition, Rule

Labels = Mapping[str, tuple[str, ...]]
Answers = Mapping[str, object]
"""The label of each output; for decisions that collect, by their names, the set of what they collect."""


@dataclass(frozen=True)
class Row:
    """When the labels are all accepted, then this."""

    box: Box
    then: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A decision. The first row that fits counts, or if it `collects` all of them."""

    name: str
    collects: bool
    reads: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]


def labels_of(edition: Edition) -> Labels:
    """The labels of all that rules look at, outputs included."""
    outputs = {name: tuple(labels) for decision in edition.decisions for name, labels in decision.outputs.items()}
    return {name: fact.labels for name, fact in edition.facts.items()} | outputs


def tables(edition: Edition) -> tuple[Table, ...]:
    """The decisions of an edition, in order."""
    labels = labels_of(edition)
    return tuple(_table(decision, labels) for decision in edition.decisions)


def _table(decision: Decision, labels: Labels) -> Table:
    collects = decision.policy is Policy.COLLECT
    # A rule stands after those that override it, and those that apply agree: the first that fits is right.
    boxes = {rule.name: _apart(decision, rule, labels) if collects else [rule.box] for rule in decision.rules}
    rows = tuple(Row(box, rule.then) for rule in decision.rules for box in boxes[rule.name])
    return Table(decision.name, collects, decision.reads, tuple(decision.outputs), rows)


def _apart(decision: Decision, rule: Rule, labels: Labels) -> list[Box]:
    """Where a rule holds and none of those that override it."""
    boxes = [rule.box]
    for over in (decision.rules[index] for index in rule.unless):
        if over.unless:
            raise NotImplementedError("an exception of an exception in a decision that collects")
        boxes = [part for box in boxes for part in _without(box, over.box, labels)]
    return boxes


def _without(box: Box, other: Box, labels: Labels) -> Iterator[Box]:
    """What is in a box and not in the other one."""
    for name, barred in other.items():
        if left := box.get(name, frozenset(labels[name])) - barred:
            yield {**box, name: left}
