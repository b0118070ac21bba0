"""Whether a rule written otherwise would ever come to something else: exact, over all situations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.sweep import Witness, sweep

_TOGETHER = 6  # boxes followed in one sweep: more share its cost, but each makes more places to visit

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


def telling(
    edition: Edition, decision: Decision, rule: Rule, variants: Sequence[Rule], budget: Budget
) -> Mapping[int, Witness]:
    """For each variant of a rule that is not equivalent to it, a situation in which the decision comes to another end.

    Raises:
        UndecidedError: the budget was used up.
    """
    found: dict[int, Witness] = {}
    same = [i for i, variant in enumerate(variants) if variant.box == rule.box]
    moved = [i for i, variant in enumerate(variants) if variant.box != rule.box]
    batches = [moved[start : start + _TOGETHER] for start in range(0, len(moved), _TOGETHER)]
    for batch in [*([same] if same else []), *batches]:
        found |= _told(edition, _bearing(decision, rule, variants), rule, {i: variants[i] for i in batch}, budget)
    return found


def _bearing(decision: Decision, rule: Rule, variants: Iterable[Rule]) -> Decision:
    """The decision with those of its rules that can tell; the others collect what they collect in any case."""
    if decision.policy is Policy.ANY:
        return decision
    moved = {decision.rules.index(rule)}  # the rules that may begin or cease to apply
    for i, other in enumerate(decision.rules):  # a rule stands after those that override it
        moved |= {i} if moved & set(other.unless) else set()
    thens = [decision.rules[i].then for i in moved] + [variant.then for variant in variants]
    kept = {i for i, other in enumerate(decision.rules) if other.then in thens}
    for i in reversed(range(len(decision.rules))):
        kept |= set(decision.rules[i].unless) if i in kept else set()
    place = {old: new for new, old in enumerate(sorted(kept))}
    rules = tuple(
        replace(decision.rules[i], unless=tuple(place[j] for j in decision.rules[i].unless)) for i in sorted(kept)
    )
    return replace(decision, rules=rules, reads=tuple(dict.fromkeys(name for each in rules for name in each.box)))


def _told(
    edition: Edition, near: Decision, rule: Rule, variants: Mapping[int, Rule], budget: Budget
) -> Mapping[int, Witness]:
    index = next(i for i, other in enumerate(near.rules) if other.name == rule.name)
    moved = [i for i, variant in variants.items() if variant.box != rule.box]
    others = {i: with_variant(near, index, _replaced(near.rules[index], rule, v)) for i, v in variants.items()}
    found: dict[int, Witness] = {}
    for meeting in sweep(edition, near, budget, [variants[i].box for i in moved]):
        before = said(near, applying(near, meeting.matching))
        for i in variants.keys() - found.keys():
            matching = set(meeting.matching)
            if i in moved:
                matching = matching - {index} | ({index} if moved.index(i) in meeting.extra else set())
            if said(others[i], applying(others[i], matching)) != before:
                found[i] = meeting.witness
    return found


def _replaced(here: Rule, rule: Rule, variant: Rule) -> Rule:
    """The variant as it stands among fewer rules, where those that override it have other indexes."""
    dropped = [rule.unless.index(old) for old in rule.unless if old not in variant.unless]
    kept = tuple(overrider for position, overrider in enumerate(here.unless) if position not in dropped)
    return replace(variant, unless=kept)
