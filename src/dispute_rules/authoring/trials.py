"""The examples of a pack's rules, tried: a `case` is decided by its rule, a `near` is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.errors import InputError
from dispute_rules.pack.written import Pack, WrittenRule


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
                name = f"{pack.name}/{decision.name}/{rule.name}"
                untried = Trial(name, number, example.case is not None, False, facts, rule.place, {})
                yield try_again(untried, advisor)


def _day(pack: Pack, rule: WrittenRule) -> date:
    return rule.file.until or max(pack.starts[-1], rule.file.from_ or pack.starts[-1])


def try_again(trial: Trial, advisor: Advisor, case: Case | None = None) -> Trial:
    """The same example by other rules; `case` is what its facts make, if that is known."""
    try:
        settled = advisor.settle(trial.facts if case is None else case)
    except InputError as error:
        return replace(trial, decided=False, labels={}, refusal=str(error))
    applied = settled.outcomes[trial.rule.split("/")[1]].rules
    return replace(trial, decided=any(rule.name == trial.rule for rule in applied), labels=settled.labels, refusal="")
