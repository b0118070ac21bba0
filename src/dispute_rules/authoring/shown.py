"""What the examples of a pack show of its rules, so that nobody has to look for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from dispute_rules.authoring.trials import Trial
from dispute_rules.pack.model import Edition
from dispute_rules.pack.written import Pack


def shown_conditions(edition: Edition, trials: Sequence[Trial]) -> set[tuple[str, str]]:
    """Conditions, by rule and fact, that some example misses while it meets the others of their rule."""
    boxes = {rule.name: rule.box for decision in edition.decisions for rule in decision.rules}
    shown: set[tuple[str, str]] = set()
    for trial in trials:
        labels = {**trial.labels, **_numbers(edition, trial)}
        missed = [fact for fact, accepted in boxes.get(trial.rule, {}).items() if labels.get(fact) not in accepted]
        if len(missed) == 1 and trial.labels:
            shown.add((trial.rule, missed[0]))
    return shown


def _numbers(edition: Edition, trial: Trial) -> dict[str, str]:
    """The labels of numbers by the thresholds of an edition."""
    return {
        name: scale.label(Decimal(str(trial.facts[name])))
        for name, scale in edition.scales.items()
        if trial.labels and trial.facts.get(name) is not None
    }


def unshown_labels(pack: Pack, trials: Sequence[Trial]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The labels, by rule and fact, in lists of a rule with which no example meets the whole rule."""
    met: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for trial in trials:
        if trial.decided:
            met[trial.rule].append(trial.labels)
    unshown: dict[str, dict[str, tuple[str, ...]]] = {}
    for decision in pack.decisions:
        for rule in decision.rules:
            name = f"{pack.name}/{decision.name}/{rule.name}"
            unshown[name] = {
                fact: _without(condition.labels, (labels[fact] for labels in met[name]))
                for fact, condition in rule.file.when.items()
                if len(condition.labels) > 1 and not condition.negated
            }
    return unshown


def _without(labels: Sequence[str], met: Iterable[str]) -> tuple[str, ...]:
    known = set(met)
    return tuple(label for label in labels if label not in known)
