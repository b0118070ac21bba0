"""For a mutant that no example catches, an example that would: looked for near the cases that people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, tee
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.answer import Settled
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.trials import Trial
from dispute_rules.authoring.witness import Finder
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.errors import InputError
from dispute_rules.pack.model import PROOF, Decision, Edition, Rule
from dispute_rules.reasoning.sweep import Witness

Facts = Mapping[str, Any]
_Seen = tuple[Facts, Mapping[str, str]]
"""A case, and what the rules see of it."""
_Candidate = tuple[Facts, Mapping[str, str], frozenset[int]]
"""The same, and the rules that match."""


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
        self._finder = Finder(advisor, edition.since)
        self._near: dict[str, _Cases] = {}
        self._far: dict[str, _Cases] = {}

    def example(self, change: Change, situation: Witness) -> Suggestion | None:
        """A case in which a change tells; None if none was found, not even in a situation in which it does."""
        decision, rule = change.before, change.before.rules[change.index]
        if rule.name not in self._near:
            self._near = {rule.name: _Cases(decision, self._around(rule))}  # of one rule at a time: they are many
        if decision.name not in self._far:
            self._far = {decision.name: _Cases(decision, ((trial.facts, trial.labels) for trial in self._trials))}
        known = chain(self._near[rule.name], self._far[decision.name], _Cases(decision, self._within(situation)))
        return next((found for case in known if (found := _telling(change, *case))), None)

    def _around(self, rule: Rule) -> Iterator[_Seen]:
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

    def _within(self, situation: Witness) -> Iterator[_Seen]:
        facts = self._finder.case(situation)
        if facts is not None:
            dated = {"today": self._edition.since, **facts}
            yield from ((seen, settled.labels) for seen, settled in self._settled(dated))

    def _settled(self, facts: Facts) -> Iterator[tuple[Facts, Settled]]:
        try:
            yield facts, self._advisor.settle(facts)
        except InputError:
            return

    def _values(self) -> Mapping[str, tuple[Any, ...]]:
        """Values of the facts that a case gives directly."""
        words = {"true": True, "false": False}
        facts = self._advisor.pack.facts
        values = {name: tuple(words.get(label, label) for label in fact.labels) for name, fact in facts.items()}
        cuts = {name: scale.cuts for name, scale in self._edition.scales.items()}
        return values | {name: tuple(f"{number:f}" for number in (some[0] - 1, *some)) for name, some in cuts.items()}


class _Cases:
    """Cases with the rules of a decision that match; each is worked out once, when it is first needed."""

    def __init__(self, decision: Decision, cases: Iterable[_Seen]) -> None:
        engine = ReferenceEngine(decision.rules)
        self._cases: Iterator[_Candidate] = ((facts, labels, engine.matching(labels)) for facts, labels in cases)

    def __iter__(self) -> Iterator[_Candidate]:
        self._cases, again = tee(self._cases)
        return again


def _telling(change: Change, facts: Facts, labels: Mapping[str, str], matching: frozenset[int]) -> Suggestion | None:
    """The case as a suggestion, if the rule no longer decides it, now does, or decides it otherwise."""
    if not change.bears_on(labels, matching):
        return None
    before, after = change.applied(labels, matching)
    decides, still = change.index in before, change.index in after
    if decides != still or (decides and change.tells(before, after)):
        return Suggestion(facts, decides, by_outcome=decides and still)
    return None
