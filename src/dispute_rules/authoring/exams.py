"""The examples of one edition, asked again and again with one rule written otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, Protocol

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.trials import Trial, try_again
from dispute_rules.case import Case
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.errors import InputError
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Decision, Edition


class Exam(Protocol):
    """A case and what is expected of its advice."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the case."""
        ...

    def holds(self, advisor: Advisor) -> bool:
        """Whether the advice is as expected."""
        ...


class Sitter(NamedTuple):
    """An example of a rule or a whole case, what the rules see of it, and the edition that it rests on."""

    exam: Trial | Exam
    case: Case
    labels: Mapping[str, str]
    edition: Edition

    @property
    def rule(self) -> str:
        """Of which it is an example; of a whole case nothing."""
        return self.exam.rule if isinstance(self.exam, Trial) else ""

    def holds(self, advisor: Advisor) -> bool:
        """Whether it passes."""
        if isinstance(self.exam, Trial):
            return try_again(self.exam, advisor, self.case).passed
        return self.exam.holds(advisor)


def sitters(advisor: Advisor, exams: Iterable[Trial | Exam]) -> Iterator[Sitter]:
    """Those with an advice; a case that is refused is so whatever the rules say."""
    for exam in exams:
        try:
            case = advisor.case(exam.facts)
            labels = advisor.settle(case).labels
        except InputError:
            continue
        yield Sitter(exam, case, labels, edition_on(advisor.pack, case.today or date.today()))


class Exams:
    """The examples that rest on one edition; all of them pass."""

    def __init__(self, advisor: Advisor, edition: Edition, sitters: Sequence[Sitter]) -> None:
        self.edition = edition
        self._advisor = advisor
        self._sitters = sitters
        self._groups: dict[str, list[_Group]] = {}

    def catch(self, change: Change) -> bool:
        """Whether any of them fails once a rule is written otherwise."""
        told: list[Sitter] = []
        for group in self._groups_of(change.before):
            if change.bears_on(group.labels, group.matching):
                before, after = change.applied(group.labels, group.matching)
                moved = {change.before.rules[index].name for index in {*before} ^ {*after}}
                if change.unanswered(after) or any(sitter.rule in moved for sitter in group.sitters):
                    return True
                told += group.sitters if change.tells(before, after) else []
        return bool(told) and self._fails(change, told)

    def _fails(self, change: Change, told: Iterable[Sitter]) -> bool:
        """Whether any fails by what comes of it; those are tried first that are the likeliest to."""
        changed = self._with(change)
        resting = self._resting_on(change.before)
        order = {True: 0, False: 2}
        tried = sorted(told, key=lambda sitter: order[sitter.rule.split("/")[1] in resting] if sitter.rule else 1)
        return not all(sitter.holds(changed) for sitter in tried)

    def _resting_on(self, decision: Decision) -> set[str]:
        """The later decisions that look at its outcome, or at theirs."""
        resting, outputs = set[str](), {*decision.outputs}
        for later in self.edition.decisions[self.edition.decisions.index(decision) + 1 :]:
            if outputs & {self.edition.late.get(name, name) for name in later.reads}:
                resting.add(later.name)
                outputs |= later.outputs.keys()
        return resting

    def _groups_of(self, decision: Decision) -> Sequence[_Group]:
        """The examples, sorted by what a decision sees of them."""
        if decision.name not in self._groups:
            groups: dict[tuple[str, ...], _Group] = {}
            engine = ReferenceEngine(decision.rules)
            for sitter in self._sitters:
                reads = tuple(sitter.labels[name] for name in decision.reads)
                if reads not in groups:
                    groups[reads] = _Group(sitter.labels, engine.matching(sitter.labels), [])
                groups[reads].sitters.append(sitter)
            self._groups[decision.name] = [*groups.values()]
        return self._groups[decision.name]

    def _with(self, change: Change) -> Advisor:
        decisions = tuple(change.after if d is change.before else d for d in self.edition.decisions)
        editions = {**self._advisor.pack.editions, self.edition.since: replace(self.edition, decisions=decisions)}
        return Advisor(replace(self._advisor.pack, editions=editions), engine="reference")


class _Group(NamedTuple):
    """Examples that are one and the same to a decision."""

    labels: Mapping[str, str]
    matching: frozenset[int]
    sitters: list[Sitter]
