"""The examples of a pack's rules, tried: a `case` is decided by its rule, a `near` is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.errors import InputError
from dispute_rules.pack.written import Pack, WrittenDecision, WrittenRule


@dataclass(frozen=True, slots=True)
class Trial:
    """One example and what came of it."""

    rule: str  # its path
    number: int  # of the example, from 1
    hit: bool  # whether the rule is to decide
    decided: bool
    facts: Mapping[str, Any]
    place: str
    labels: Mapping[str, str]  # what the rules saw; empty if the case was refused
    refusal: str = ""

    @property
    def passed(self) -> bool:
        """Whether it came out as the example says."""
        return not self.refusal and self.decided == self.hit

    @property
    def verdict(self) -> str:
        """What came out, in a sentence."""
        if self.refusal:
            return f"the case is refused: {self.refusal}"
        return "its rule decides" if self.decided else "its rule does not decide"

    def check(self) -> None:
        """Pass or fail as a test.

        Raises:
            AssertionError: the example did not come out as it says.
        """
        if not self.passed:
            facts = ", ".join(f"{name}: {value}" for name, value in self.facts.items())
            labels = ", ".join(f"{name}: {label}" for name, label in self.labels.items())
            raise AssertionError(f"{self.place}: {self.verdict}\n  case: {{{facts}}}\n  labels: {{{labels}}}")

    @property
    def name(self) -> str:
        """For test reports."""
        return f"{self.rule}[{'case' if self.hit else 'near'}-{self.number}]"


def try_examples(pack: Pack, *, advisor: Advisor | None = None) -> Iterator[Trial]:
    """Try every example of every rule, on a day on which the rule is in force."""
    advisor = advisor or Advisor(pack)
    for decision in pack.decisions:
        for rule in decision.rules:
            for number, example in enumerate(rule.file.examples, start=1):
                facts = {"today": _day(pack, rule), **example.facts}
                yield _try(advisor, decision, rule, number, facts, hit=example.case is not None)


def _day(pack: Pack, rule: WrittenRule) -> date:
    return rule.file.until or max(pack.starts[-1], rule.file.from_ or pack.starts[-1])


def _try(
    advisor: Advisor, decision: WrittenDecision, rule: WrittenRule, number: int, facts: dict[str, Any], *, hit: bool
) -> Trial:
    name = f"{advisor.pack.name}/{decision.name}/{rule.name}"
    try:
        settled = advisor.settle(facts)
    except InputError as error:
        return Trial(name, number, hit, False, facts, rule.place, {}, str(error))
    decided = any(applied.name == name for applied in settled.outcomes[decision.name].rules)
    return Trial(name, number, hit, decided, facts, rule.place, settled.labels)
