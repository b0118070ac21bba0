"""Whole cases, tried: a case goes in, and what comes out is compared with what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from dispute_rules.advice import Advice
from dispute_rules.advisor import Advisor
from dispute_rules.authoring.expectations import Expectable, Values, said
from dispute_rules.errors import CaseError, InputError
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.written import Pack


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a field, and where that is written."""

    name: str
    field: Expectable
    values: Values
    place: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A field that did not come out as expected, and `why`: the rules that decided, or the reasons of a refusal."""

    place: str
    field: str
    expected: str
    got: str
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.place}: {self.field}: expected `{self.expected}`, got `{self.got}`"
        return "\n    ".join([told, *self.why])


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose advice is not as expected, in the words of the table."""

    title: str
    facts: Mapping[str, Any]
    mismatches: tuple[Mismatch, ...]
    support: tuple[str, ...]

    def __str__(self) -> str:
        return "\n  ".join([self.title, *map(str, self.mismatches), *self.support])


@dataclass(frozen=True)
class CaseTrial:
    """A case of a table, and what is expected of its advice."""

    name: str  # the table's file and the case's own name
    place: str
    facts: Mapping[str, Any]
    others: tuple[tuple[str, Any], ...]  # facts and values with which the same is expected
    expected: tuple[Expected, ...]
    refused: frozenset[str]  # the codes with which the case is to be refused
    support: tuple[str, ...]  # why that is expected, in lines
    advisor: Advisor

    def each(self) -> Iterator[CaseTrial]:
        """The case as it stands and with each of the other values, as cases of their own."""
        for other in self._others():
            yield replace(self, facts={**self.facts, **other}, others=())

    def holds(self, advisor: Advisor) -> bool:
        """Whether the advice is as expected."""
        return next(self._failures(advisor), None) is None

    @cached_property
    def failure(self) -> Failure | None:
        """The first that is not as expected: the case as it stands, or with one of the other values."""
        return next(self._failures(self.advisor), None)

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return self.failure is None

    def check(self) -> None:
        """Pass or fail as a test.

        Raises:
            AssertionError: something did not come out as expected.
        """
        if self.failure is not None:
            raise AssertionError(f"{self.failure}\n  case: {{{_listed(self.failure.facts)}}}")

    def _others(self) -> Iterator[dict[str, Any]]:
        yield {}
        yield from ({name: value} for name, value in self.others)

    def _failures(self, advisor: Advisor) -> Iterator[Failure]:
        for other in self._others():
            facts = {**self.facts, **other}
            if mismatches := tuple(self._mismatches(advisor, facts)):
                title = f"{self.place}: {self.name}" + (f", with {_listed(other)}" if other else "")
                yield Failure(title, facts, mismatches, self.support)

    def _mismatches(self, advisor: Advisor, facts: Mapping[str, Any]) -> Iterator[Mismatch]:
        try:
            ahead = any(wanted.name == "settled" for wanted in self.expected)  # takes ten times as long
            advice = advisor.advise(facts) if ahead else advisor.outline(facts)
        except InputError as error:
            codes = frozenset(problem.code for problem in error.problems)
            if not self.refused or not self.refused <= codes or not isinstance(error, CaseError):
                yield self._refusal(codes, str(error))
            return
        if self.refused:
            yield self._refusal(frozenset({NOTHING}))
        for wanted in self.expected:
            got = wanted.field.got(advice)
            if not wanted.field.agrees(wanted.values, got):
                told = wanted.field.told(wanted.values)
                why = tuple(_deciding(wanted, got, advice, advisor.pack))
                yield Mismatch(wanted.place, wanted.name, told, said(got), why)

    def _refusal(self, got: Values, *why: str) -> Mismatch:
        expected = self.refused or frozenset({NOTHING})
        return Mismatch(self.place, "refused", said(expected), said(got), tuple("\n".join(why).splitlines()))


def _listed(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_word(value)}" for name, value in facts.items())


def _word(value: object) -> str:
    """As it is written in a table."""
    if isinstance(value, list):
        return f"[{', '.join(map(_word, value))}]"
    if isinstance(value, dict):
        return f"{{{_listed(value)}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _deciding(wanted: Expected, got: Values, advice: Advice, pack: Pack) -> Iterator[str]:
    """The rules that decided, with what they saw; for labels that none gave, the rules that would have."""
    rules = {f"{pack.name}/{decision.name}/{rule.name}": rule for decision in pack.decisions for rule in decision.rules}
    output, labels = wanted.field.output, wanted.field.at_issue(wanted.values, got)
    decided = [reason for reason in advice.reasons if _is_at_issue(reason.outcome, output, labels)]
    for reason in decided:
        yield f"by {reason.rule}, {rules[reason.rule].place}"
        yield f"  it saw {_listed(reason.facts) or 'nothing, it always holds'}"
    missing = (labels or frozenset()) - {reason.outcome[str(output)] for reason in decided}
    for name, rule in rules.items():
        if _is_at_issue(rule.file.then, output, missing):
            yield f"not by {name}, {rule.place}"


def _is_at_issue(outcome: Mapping[str, str], output: str | None, labels: Values | None) -> bool:
    return output is not None and output in outcome and (labels is None or outcome[output] in labels)
