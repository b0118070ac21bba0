"""Whether a rule written otherwise would ever come to something else: exact, over all situations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition, Rule
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.faults import labels_of
from dispute_rules.reasoning.reach import Reach
from dispute_rules.reasoning.sweep import Witness, track_to

Said = frozenset[tuple[tuple[str, str], ...]]
"""What a decision comes to: all that its rules collect, or the one thing on which they agree; empty without answer."""


def with_variant(decision: Decision, index: int, variant: Rule) -> Decision:
    """The decision with one of its rules written otherwise."""
    return replace(decision, rules=(*decision.rules[:index], variant, *decision.rules[index + 1 :]))


def said(decision: Decision, applied: Iterable[int]) -> Said:
    """What the rules that apply come to."""
    rules = [decision.rules[index] for index in applied]
    if decision.policy is Policy.ANY and not agree(rules):
        return frozenset()
    return frozenset(tuple(sorted(rule.then.items())) for rule in rules)


class Telling:
    """Looks for situations in which a decision comes to something else once one of its rules is written otherwise."""

    def __init__(
        self, edition: Edition, decision: Decision, index: int, variants: Iterable[Rule], budget: Budget
    ) -> None:
        """`variants` are the rule with one change each: of one condition, of the outcome or of the exceptions."""
        self._index = index
        self._decision = _bearing(decision, index, variants)
        self._labels = labels_of(edition)
        self._reach = Reach(track_to(edition, self._decision), budget)

    def situation(self, variant: Rule) -> Witness | None:
        """One that tells a variant from the rule; None if they are equivalent.

        Raises:
            UndecidedError: the budget was used up.
        """
        moved = set() if variant.box == self._rule.box else {self._index}  # matches either before or after
        changed = with_variant(self._decision, self._index, variant)
        for meeting in self._reach.meetings(self._where(variant)):
            before = said(self._decision, applying(self._decision, meeting.matching))
            if said(changed, applying(changed, moved ^ {*meeting.matching})) != before:
                return meeting.witness
        return None

    @property
    def _rule(self) -> Rule:
        return self._decision.rules[self._index]

    def _where(self, variant: Rule) -> Box:
        """The situations that one of the two accepts and the other does not; if they accept the same, all of these."""
        box = dict(self._rule.box)
        for fact, accepted in self._rule.box.items():
            if variant.box.get(fact) != accepted:
                box[fact] = accepted ^ variant.box.get(fact, frozenset(self._labels[fact]))
        return box


def _bearing(decision: Decision, index: int, variants: Iterable[Rule]) -> Decision:
    """The decision with those of its rules that can tell; the others collect what they collect in any case."""
    if decision.policy is Policy.ANY:
        return decision
    rules = decision.rules
    moved = {index}  # the rules that may begin or cease to apply
    for i, rule in enumerate(rules):  # a rule stands after those that override it
        moved |= {i} if moved & {*rule.unless} else set()
    thens = [rules[i].then for i in moved] + [variant.then for variant in variants]
    kept = {i for i, rule in enumerate(rules) if rule.then in thens}
    for i in reversed(range(len(rules))):
        kept |= {*rules[i].unless} if i in kept else set()
    return replace(decision, rules=tuple(r if i in kept else _never(r, decision) for i, r in enumerate(rules)))


def _never(rule: Rule, decision: Decision) -> Rule:
    """The rule as it would be if it never matched, so that a walk need not tell where it does."""
    return replace(rule, box={fact: frozenset() for fact in decision.reads[:1]})
