"""For a mutant that no example catches, an example that would: looked for near the cases that people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.answer import Settled
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.trials import Trial
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.errors import InputError
from dispute_rules.pack.model import PROOF, Decision, Edition, Rule
from dispute_rules.pack.scope import case_facts

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that tells; `hit` says whether the rule decides it as the rule stands.

    If it decides it before and after, only an expectation of the outcome can tell.
    """

    facts: Facts
    hit: bool
    by_outcome: bool


class Suggestions:
    """Looks for examples among the cases of all rules of an edition, and those that differ from them in one fact."""

    def __init__(self, advisor: Advisor, edition: Edition, trials: Sequence[Trial]) -> None:
        """Take the examples that pass."""
        self._advisor = advisor
        self._edition = edition
        self._trials = trials
        self._near: dict[str, list[tuple[Facts, Mapping[str, str]]]] = {}

    def example(self, decision: Decision, index: int, variant: Rule) -> Suggestion | None:
        """A case in which the variant tells; None if there is none among them."""
        change = Change(decision, index, variant)
        engine = ReferenceEngine(decision.rules)
        for facts, labels in self._candidates(decision.rules[index]):
            before, after = change.applied(labels, engine.matching(labels))
            decides = index in before
            if decides != (index in after) or (decides and change.tells(before, after)):
                return Suggestion(facts, decides, by_outcome=index in after and decides)
        return None

    def _candidates(self, rule: Rule) -> Iterator[tuple[Facts, Mapping[str, str]]]:
        if rule.name not in self._near:
            self._near = {rule.name: list(self._around(rule))}  # of one rule at a time: they are many
        yield from self._near[rule.name]
        yield from ((trial.facts, trial.labels) for trial in self._trials)

    def _around(self, rule: Rule) -> Iterator[tuple[Facts, Mapping[str, str]]]:
        """The rule's own examples, the ones it decides first, with one fact changed."""
        own = sorted((trial for trial in self._trials if trial.rule == rule.name), key=lambda trial: not trial.hit)
        for facts in (dict(facts) for trial in own for facts in self._changed(trial.facts)):
            for seen, settled in self._settled(facts):
                yield seen, settled.labels
                if PROOF.name in rule.box:  # how much of what is required is at hand
                    required = sorted(settled.required)
                    for some in ([], required[:1], required):
                        yield from ((more, s.labels) for more, s in self._settled({**facts, "evidence": some}))

    def _changed(self, facts: Facts) -> Iterator[Facts]:
        yield from ({**facts, fact: value} for fact, values in self._values().items() for value in values)

    def _settled(self, facts: Facts) -> Iterator[tuple[Facts, Settled]]:
        try:
            yield facts, self._advisor.settle(facts)
        except InputError:
            return

    def _values(self) -> Mapping[str, tuple[Any, ...]]:
        """Values of the facts that a case gives directly."""
        words = {"true": True, "false": False}
        facts = case_facts(self._advisor.pack.file)
        values = {name: tuple(words.get(label, label) for label in fact.labels) for name, fact in facts.items()}
        return values | {name: tuple(map(str, scale.cuts)) for name, scale in self._edition.scales.items()}
