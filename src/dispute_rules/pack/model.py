"""An edition: the rules of a pack that are in force on one day, ready for the engines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.specs import AmountSpec, ComparisonSpec, DateSpec, Side
from dispute_rules.phrases import ENGLISH, Phrases

Box = Mapping[str, frozenset[str]]
"""The labels that are accepted, for each fact that is looked at."""

NOTHING = "none"  # the label of an output that has no value
AHEAD, PASSED = "ahead", "passed"  # the labels of a date
PROOF = Fact("proof", Kind.LABEL, ("none", "some", "all"))


class Cite(NamedTuple):
    """A source, down to the place in it."""

    source: str
    title: str
    url: str
    dated: str | None
    confidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule in force; `name` is its path, `unless` the indexes of those that override it."""

    name: str
    box: Box
    then: Mapping[str, str]
    unless: tuple[int, ...]
    title: str
    because: str
    basis: str
    cites: tuple[Cite, ...]
    contradicts: tuple[Cite, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A decision in force. Each rule stands after those that override it."""

    name: str
    question: str
    policy: Policy
    outputs: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]
    reads: tuple[str, ...]


class Assumed(NamedTuple):
    """What is taken for a fact that is unknown, when `box` fits and the fact `given`, if any, is known."""

    fact: str
    label: str  # empty for a number that no rule looks at
    number: Decimal | None
    box: Box
    given: str | None
    because: str


class Barred(NamedTuple):
    """A combination that cannot be; with `given`, only where that fact of the case is known."""

    box: Box
    given: str | None
    because: str
    help: str


class Parameter(NamedTuple):
    """A number of days, and the first day on which it has this value."""

    name: str
    title: str
    value: int
    unit: str
    since: date
    cites: tuple[Cite, ...]


class Words(NamedTuple):
    """How a fact is asked for, and what its labels mean to a person."""

    question: str
    labels: Mapping[str, str]


class Scale(NamedTuple):
    """Where the labels of a number begin and end: `..3`, `3..10`, `10..`."""

    cuts: tuple[Decimal, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, from the smallest numbers to the largest."""
        edges = ["", *(f"{cut:f}" for cut in self.cuts), ""]
        return tuple(f"{low}..{high}" for low, high in pairwise(edges))

    def label(self, number: Decimal | int) -> str:
        """The label of a number."""
        return self.labels[bisect_right(self.cuts, number)]

    def between(self, at_least: Decimal | None, below: Decimal | None) -> frozenset[str]:
        """The labels of a range whose ends are among the cuts."""
        start = 0 if at_least is None else bisect_right(self.cuts, at_least)
        stop = len(self.cuts) + 1 if below is None else bisect_right(self.cuts, below)
        return frozenset(self.labels[start:stop])


def label_of_order(left: Decimal | date | int, right: Decimal | date | int, labels: Mapping[Side, str]) -> str:
    """The label of a comparison of two amounts or two days."""
    if "below" in labels:
        return labels["below"] if left < right else labels["at_least"]  # type: ignore[operator]
    return labels["at_most"] if left <= right else labels["above"]  # type: ignore[operator]


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The pack as it is in force from the day `since` until the next edition."""

    pack: str
    title: str
    language: str | None
    content_hash: str
    since: date
    kinds: Mapping[str, Kind]  # of all facts of a case
    days: tuple[str, ...]  # of these facts, the dates
    numbers: tuple[str, ...]  # and the numbers, counts and amounts
    facts: Mapping[str, Fact]  # what rules look at beside outputs: one label of each makes a situation
    late: Mapping[str, str]  # of these, the ones known only after a decision; and the output they rest on
    scales: Mapping[str, Scale]
    decisions: tuple[Decision, ...]
    assumed: tuple[Assumed, ...]
    assumed_numbers: tuple[Assumed, ...]  # those of them that are numbers
    barred: tuple[Barred, ...]
    words: Mapping[str, Words]
    parameters: Mapping[str, tuple[int, str]]  # value and unit
    dates: Mapping[str, DateSpec]
    amounts: Mapping[str, AmountSpec]
    comparisons: Mapping[str, ComparisonSpec]
    assumed_by_fact: Mapping[str, tuple[Assumed, ...]]
    evidence: frozenset[str]  # every kind of evidence that a rule may ask for
    phrases: Phrases = ENGLISH  # the texts between its own

    def assumed_of(self, fact: str) -> tuple[Assumed, ...]:
        """The assumptions for a fact, in their order."""
        return self.assumed_by_fact.get(fact, ())

    def decision_with(self, output: str) -> Decision | None:
        """The decision that has an output."""
        return next((decision for decision in self.decisions if output in decision.outputs), None)
