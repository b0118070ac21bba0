"""A rule written otherwise in one place, in every way in which people slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.reasoning.faults import labels_of


def variants(edition: Edition, decision: Decision, rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A rule with one change each, and what it is; each way of saying it stands for one change."""
    labels = labels_of(edition)
    for fact, accepted in rule.box.items():
        yield f"without the condition on `{fact}`", replace(rule, box={n: s for n, s in rule.box.items() if n != fact})
        changed = _neighbours if fact in edition.scales else _others
        for change, others in changed(fact, accepted, labels[fact]):
            yield change, replace(rule, box={**rule.box, fact: others})
    for output, label in rule.then.items():
        for other in _other_outcomes(decision, output, label):
            yield f"`{output}: {other}` for `{label}`", replace(rule, then={**rule.then, output: other})
    for overrider in rule.unless:
        unless = tuple(index for index in rule.unless if index != overrider)
        name = decision.rules[overrider].name.rpartition("/")[2]
        yield f"without `{name}` in `unless`", replace(rule, unless=unless)


def _other_outcomes(decision: Decision, output: str, label: str) -> Sequence[str]:
    """Any other label; for what is collected the next one will do, as each is there or not."""
    labels = [*decision.outputs[output]]
    following = [*labels[labels.index(label) + 1 :], *labels[: labels.index(label)]]
    return following if decision.policy is Policy.ANY else following[:1]


def _others(fact: str, accepted: frozenset[str], labels: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """One label more, less, or another one; to accept all is to have no condition."""
    for label in labels:
        if label in accepted and len(accepted) > 1:
            yield f"`{fact}` never `{label}`", accepted - {label}
        elif label not in accepted:
            if len(accepted) < len(labels) - 1:
                yield f"`{fact}` `{label}`, too", accepted | {label}
            if len(accepted) == 1:
                yield f"`{fact}` `{label}` instead", frozenset({label})


def _neighbours(fact: str, accepted: frozenset[str], labels: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """A range that begins or ends one piece sooner or later."""
    pieces = [index for index, label in enumerate(labels) if label in accepted]
    first, last = pieces[0], pieces[-1]
    for begin, end in ((first - 1, last), (first + 1, last), (first, last - 1), (first, last + 1)):
        if 0 <= begin <= end < len(labels) and end - begin < len(labels) - 1:
            told, instead = (_range(labels[first], labels[last]), _range(labels[begin], labels[end]))
            yield f"`{fact}: {instead}` for `{told}`", frozenset(labels[begin : end + 1])


def _range(first: str, last: str) -> str:
    """As it is written in a rule."""
    bounds = {"at_least": first.partition("..")[0], "below": last.partition("..")[2]}
    return "{" + ", ".join(f"{name}: {bound}" for name, bound in bounds.items() if bound) + "}"
