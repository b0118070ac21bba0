"""Why an outcome did not come out: the rules that are nearest to it, and what stands in their way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.reasoning.why import failing

_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that did not apply: the facts whose labels it does not accept, and the rules that would override it."""

    rule: Rule
    failed: tuple[str, ...]
    overridden_by: tuple[Rule, ...]


def nearest(
    edition: Edition, decision: Decision, said: tuple[str, str], labels: Mapping[str, str], applied: Collection[Rule]
) -> list[Near]:
    """The rules of a decision that say this label of this output, those with the fewest failed conditions first.

    `applied` are those that applied, and none of them says so. Of rules equally near, those come later that cannot go
    together with the other labels, or ask for another label of a fact for which nothing is assumed, such as the ground.
    """
    output, label = said
    found = [_near(rule, decision, labels, applied) for rule in decision.rules if rule.then[output] == label]
    return sorted(found, key=lambda near: _distance(edition, near, labels))[:_MOST_TOLD]


def _distance(edition: Edition, near: Near, labels: Mapping[str, str]) -> tuple[int, bool, int]:
    changed = {name: frozenset([label]) for name, label in labels.items()}
    changed |= {name: near.rule.box[name] for name in near.failed}
    impossible = any(
        entry.given is None and all(changed[name] <= barred for name, barred in entry.box.items())
        for entry in edition.barred
    )
    premises = [name for name in near.failed if name in edition.facts and not edition.assumed_of(name)]
    return len(near.failed), impossible, len(premises)


def _near(rule: Rule, decision: Decision, labels: Mapping[str, str], applied: Collection[Rule]) -> Near:
    overriding = {decision.rules[index].name for index in rule.unless}
    others = (other for other in applied if other.name in overriding and _go_together(rule, other))
    return Near(rule, tuple(failing(rule, labels)), tuple(others))


def _go_together(rule: Rule, other: Rule) -> bool:
    """Whether both can match in one situation."""
    return all(rule.box[fact] & other.box[fact] for fact in rule.box.keys() & other.box.keys())
