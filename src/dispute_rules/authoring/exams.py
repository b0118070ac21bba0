"""The examples of one edition, asked again and again with one rule written otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, Protocol

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.suggestions import Suggestions
from dispute_rules.authoring.trials import Trial, try_again
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.errors import InputError
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Decision, Edition, Rule


class Exam(Protocol):
    """A case and what is expected of its advice."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the case."""
        ...

    def holds(self, advisor: Advisor) -> bool:
        """Whether the advice is as expected."""
        ...


class Exams:
    """The examples that rest on one edition."""

    def __init__(self, advisor: Advisor, edition: Edition, trials: Iterable[Trial], exams: Iterable[Exam]) -> None:
        """Sort out those of this edition that pass."""
        self.edition = edition
        self._advisor = advisor
        passed = [(trial, trial.labels) for trial in trials if trial.passed and self._on(trial.facts)]
        held = [(exam, labels) for exam in exams if (labels := self._labels(exam)) and exam.holds(advisor)]
        self.suggestions = Suggestions(advisor, edition, [trial for trial, _ in passed])
        self._sitters: list[tuple[Trial | Exam, Mapping[str, str]]] = [*passed, *held]
        self._groups: dict[str, list[_Group]] = {}

    def _on(self, facts: Mapping[str, Any]) -> bool:
        today = self._advisor.case(facts).today or date.today()
        return edition_on(self._advisor.pack, today) is self.edition

    def _labels(self, exam: Exam) -> Mapping[str, str]:
        """What the rules see of an exam; nothing if its case is refused, or belongs to another edition."""
        try:
            return self._advisor.settle(exam.facts).labels if self._on(exam.facts) else {}
        except InputError:
            return {}

    def catch(self, decision: Decision, index: int, variant: Rule) -> bool:
        """Whether any of them fails once a rule is written otherwise."""
        change = Change(decision, index, variant)
        touched: list[_Group] = []
        for group in self._groups_of(decision):
            if not change.bears_on(group.labels, group.matching):
                continue
            before, after = change.applied(group.labels, group.matching)
            if change.unanswered(after) or _caught(group.trials, decision, {*before} ^ {*after}):
                return True
            touched += [group] if change.tells(before, after) else []
        exams = [exam for group in touched for exam in group.exams]
        trials = list(self._after(decision, (trial for group in touched for trial in group.trials)))
        changed = self._with(change) if exams or trials else self._advisor
        return any(not exam.holds(changed) for exam in exams) or any(
            not try_again(trial, changed).passed for trial in trials
        )

    def _groups_of(self, decision: Decision) -> Sequence[_Group]:
        """The examples, sorted by what a decision sees of them."""
        if decision.name not in self._groups:
            groups: dict[tuple[str, ...], _Group] = {}
            engine = ReferenceEngine(decision.rules)
            for sitter, labels in self._sitters:
                reads = tuple(labels[name] for name in decision.reads)
                if reads not in groups:
                    groups[reads] = _Group(labels, engine.matching(labels), [], [])
                if isinstance(sitter, Trial):
                    groups[reads].trials.append(sitter)
                else:
                    groups[reads].exams.append(sitter)
            self._groups[decision.name] = [*groups.values()]
        return self._groups[decision.name]

    def _after(self, decision: Decision, trials: Iterable[Trial]) -> Iterator[Trial]:
        """The examples of decisions that rest on a decision."""
        resting, outputs = set(), set(decision.outputs)
        for later in self.edition.decisions[self.edition.decisions.index(decision) + 1 :]:
            late = {name for name in later.reads if self.edition.late.get(name) in outputs}
            if late or outputs & set(later.reads):
                resting.add(later.name)
                outputs |= later.outputs.keys()
        return (trial for trial in trials if trial.rule.split("/")[1] in resting)

    def _with(self, change: Change) -> Advisor:
        decisions = tuple(change.after if d.name == change.after.name else d for d in self.edition.decisions)
        editions = {**self._advisor.pack.editions, self.edition.since: replace(self.edition, decisions=decisions)}
        return Advisor(replace(self._advisor.pack, editions=editions), engine="reference")


class _Group(NamedTuple):
    """Examples that are one and the same to a decision."""

    labels: Mapping[str, str]
    matching: frozenset[int]
    trials: list[Trial]
    exams: list[Exam]


def _caught(trials: Iterable[Trial], decision: Decision, changed: Iterable[int]) -> bool:
    """Whether an example of the decision fails: its rule decides no longer, or now does."""
    names = {decision.rules[index].name for index in changed}
    return any(trial.rule in names for trial in trials)
