"""A decision before and after one of its rules is written otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispute_rules.engine.decide import applying
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Rule
from dispute_rules.reasoning.equivalence import said, with_variant
from dispute_rules.situation import fits


class Change:
    """One rule written otherwise."""

    def __init__(self, decision: Decision, index: int, variant: Rule) -> None:
        """`index` is the rule's in the decision."""
        self.before, self.after = decision, with_variant(decision, index, variant)
        self.index = index
        self._variant = variant
        rule = decision.rules[index]
        self._moves_only = (rule.then, rule.unless) == (variant.then, variant.unless)

    def bears_on(self, labels: Mapping[str, str], matching: frozenset[int]) -> bool:
        """Whether the rule matches before or after, and not just the same; `matching` are the rules that do now."""
        before, after = self.index in matching, fits(self._variant.box, labels)
        return before != after or (before and not self._moves_only)

    def applied(self, labels: Mapping[str, str], matching: frozenset[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The rules that apply, before and after."""
        after = {self.index} if fits(self._variant.box, labels) else set()
        return applying(self.before, matching), applying(self.after, matching - {self.index} | after)

    def unanswered(self, after: Sequence[int]) -> bool:
        """Whether there is no answer any more."""
        return not said(self.after, after) and self.after.policy is Policy.ANY

    def tells(self, before: Sequence[int], after: Sequence[int]) -> bool:
        """Whether the decision comes to something else."""
        return said(self.before, before) != said(self.after, after)
