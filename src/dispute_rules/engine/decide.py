"""From the rules that match to a decision's outcome, remembered by the labels that the decision reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dispute_rules.engine import EngineName, make_engine
from dispute_rules.errors import PackError, Problem
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Edition, Rule

_REMEMBERED = 16_384  # outcomes of one decision; a decision that reads six facts has some hundreds


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a decision comes to, and the rules that brought it there; one object wherever the same rules did."""

    rules: tuple[Rule, ...]

    @property
    def values(self) -> Mapping[str, str]:
        """The label of each output, where the rules agree by policy."""
        return self.rules[0].then

    @cached_property
    def items(self) -> tuple[Mapping[str, str], ...]:
        """What the rules collect, each once."""
        return tuple({tuple(rule.then.items()): rule.then for rule in self.rules}.values())


def applying(decision: Decision, matching: Iterable[int]) -> tuple[int, ...]:
    """Of the rules that match, those that no other one overrides."""
    applied: dict[int, None] = {}
    for index in sorted(matching):  # a rule stands after those that override it
        if applied.keys().isdisjoint(decision.rules[index].unless):
            applied[index] = None
    return tuple(applied)


def agree(rules: Iterable[Rule]) -> bool:
    """Whether all rules say the same, and at least one says something."""
    said = [rule.then for rule in rules]
    return bool(said) and all(then == said[0] for then in said)


class Decider:
    """Makes the decisions of an edition, one after another."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        """Set up an engine for each decision."""
        self._steps = [(decision, _remembering(decision, engine)) for decision in edition.decisions]

    def decide(self, labels: Mapping[str, str]) -> dict[str, Outcome]:
        """The outcome of every decision.

        `labels` has a label for every fact that the decisions read, other than outputs.

        Raises:
            PackError: no rule answers, or the rules that do disagree.
        """
        seen = dict(labels)
        outcomes: dict[str, Outcome] = {}
        for decision, outcome_of in self._steps:
            outcome = outcome_of(tuple(map(seen.__getitem__, decision.reads)))
            outcomes[decision.name] = outcome
            if decision.policy is Policy.ANY:
                seen |= outcome.values
        return outcomes


def _remembering(decision: Decision, name: EngineName) -> Callable[[tuple[str, ...]], Outcome]:
    engine = make_engine(name, decision.rules)

    @lru_cache(maxsize=_REMEMBERED)
    def outcome(applied: tuple[int, ...]) -> Outcome:
        return Outcome(tuple(decision.rules[index] for index in applied))

    @lru_cache(maxsize=_REMEMBERED)
    def outcome_of(read: tuple[str, ...]) -> Outcome:
        labels = dict(zip(decision.reads, read, strict=True))
        found = outcome(applying(decision, engine.matching(labels)))
        if decision.policy is Policy.ANY and not agree(found.rules):
            raise PackError([_undecided(decision, labels, found.rules)])
        return found

    return outcome_of


def _undecided(decision: Decision, labels: Mapping[str, str], rules: tuple[Rule, ...]) -> Problem:
    witness = ", ".join(f"{name}: {label}" for name, label in labels.items())
    if not rules:
        return Problem(decision.name, "gap", f"no rule answers {{{witness}}}", "add a rule for it")
    said = "; ".join(f"`{rule.name}` says {dict(rule.then)}" for rule in rules)
    return Problem(
        decision.name, "conflict", f"rules disagree on {{{witness}}}: {said}", "name the exception in `unless`"
    )
