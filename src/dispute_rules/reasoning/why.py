"""Why an outcome is as it is: the decisions that bear on it, and the labels that a rule rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from dispute_rules.engine.decide import Outcome
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.reasoning.track import leading_to

_FEW = 8  # names of which every combination is tried


def bearing_on(edition: Edition, outputs: Iterable[str]) -> list[Decision]:
    """The decisions that have these outputs, and all that they rest on, also through facts known only later."""
    wanted = set(outputs)
    while True:
        found = leading_to(edition, wanted)
        later = {edition.late[name] for decision in found for name in decision.reads if name in edition.late}
        if later <= wanted:
            return found
        wanted |= later


def sufficient(names: Sequence[str], suffice: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """Some of the names that suffice, as all do, and of which none can be left out.

    The last ones are left out first. Of few, no smaller set suffices either.
    """
    kept, before = frozenset(names), frozenset[str]()
    while kept != before:
        before = kept
        for name in reversed(names):
            if name in kept and suffice(kept - {name}):
                kept -= {name}
    sizes = range(len(kept) - 1 if len(kept) <= _FEW else 0)
    smaller = (frozenset(some) for size in sizes for some in combinations(sorted(kept), size))
    return next(filter(suffice, smaller), kept)


class Supports:
    """What the rules of a decision that applied rest on.

    `firmness` puts facts in an order: where one of several is enough to keep a rule off, the first is taken.
    """

    def __init__(
        self, decision: Decision, outcome: Outcome, labels: Mapping[str, str], firmness: Callable[[str], int]
    ) -> None:
        """`labels` are those of all facts that the decision reads."""
        self._rules = decision.rules
        self._applied = {rule.name for rule in outcome.rules}
        self._labels = labels
        self._firmness = firmness

    def of(self, rule: Rule) -> dict[str, tuple[str, ...]]:
        """The facts that a rule which applied rests on, each with the rules that it keeps from overriding this one.

        Wherever these facts are so, the rule applies: they are its conditions, and one that fails of each rule that
        would override it. Where such a rule is overridden itself, what that rests on stands in for it.
        """
        found: dict[str, tuple[str, ...]] = dict.fromkeys(rule.box, ())
        overriding = [self._rules[index] for index in rule.unless]
        for other in sorted(overriding, key=lambda other: len(self._failing(other))):
            for fact in self._keeping_off(other, found):
                found[fact] = (*found.get(fact, ()), other.name)
        return found

    def _keeping_off(self, rule: Rule, known: Mapping[str, object]) -> Iterable[str]:
        failing = self._failing(rule)
        if failing:
            return [min(failing, key=lambda fact: (fact not in known, self._firmness(fact)))]
        return self.of(next(self._overriding(rule)))

    def _failing(self, rule: Rule) -> list[str]:
        return failing(rule, self._labels)

    def _overriding(self, rule: Rule) -> Iterator[Rule]:
        return (self._rules[index] for index in rule.unless if self._rules[index].name in self._applied)


def failing(rule: Rule, labels: Mapping[str, str]) -> list[str]:
    """The facts whose labels a rule does not accept."""
    return [fact for fact, accepted in rule.box.items() if labels[fact] not in accepted]
