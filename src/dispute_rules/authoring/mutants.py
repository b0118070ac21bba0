"""Rules written otherwise, one small change each: which of them do the examples catch?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.exams import Exam, Exams, sitters
from dispute_rules.authoring.suggestions import Suggestion, Suggestions
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.authoring.variants import variants
from dispute_rules.pack.edition import finely_cut
from dispute_rules.pack.model import Decision
from dispute_rules.pack.written import Pack
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.equivalence import Telling


class Fate(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"  # an example fails
    EQUIVALENT = "equivalent"  # in no situation does its decision come to anything else
    SURVIVED = "survived"  # an example would catch it, and there is none
    UNSEEN = "unseen"  # there is a situation that tells, but no case was found in it
    UNDECIDED = "undecided"  # the budget did not suffice to say whether it is equivalent


_RISING = (Fate.EQUIVALENT, Fate.UNDECIDED, Fate.UNSEEN, Fate.SURVIVED)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change; with a situation that tells, and an example that would catch it."""

    rule: str  # its path
    place: str
    change: str
    fate: Fate
    labels: Mapping[str, str] | None = None
    example: Suggestion | None = None


class Mutation:
    """Writes the rules of a pack otherwise, and asks its examples each time."""

    def __init__(self, pack: Pack, more: Iterable[Exam] = (), *, steps: int) -> None:
        """Try the examples of all rules, and `more`. `steps` is the budget for each rule in each edition."""
        editions = {since: finely_cut(pack, since) for since in reversed(pack.starts)}
        advisor = Advisor(replace(pack, editions=dict(editions)), engine="reference")
        trials, asked = [*try_examples(pack, advisor=advisor)], [*more]
        passing: list[Trial | Exam] = [trial for trial in trials if trial.passed]
        passing += [exam for exam in asked if exam.holds(advisor)]
        sitting = [*sitters(advisor, passing)]
        self.failing = len(trials) + len(asked) - len(passing)
        """How many examples and cases fail as it is, and cannot tell anything."""
        self.rules = {f"{pack.name}/{d.name}/{rule.name}": rule.place for d in pack.decisions for rule in d.rules}
        """Where each rule stands, by its path."""
        self._rooms = []
        for edition in editions.values():
            here = [sitter for sitter in sitting if sitter.edition is edition]
            own = [sitter.exam for sitter in here if isinstance(sitter.exam, Trial)]
            self._rooms.append(_Room(Exams(advisor, edition, here), Suggestions(advisor, edition, own), steps))

    def mutants(self, name: str) -> Iterator[Mutant]:
        """Every mutant of a rule, with its fate; the rule is changed in all editions in which it is in force."""
        stands = [stand for room in self._rooms for stand in room.stands(name)]
        for change in dict.fromkeys(change for stand in stands for change in stand.variants):
            fate, labels, example = _fate(change, [stand for stand in stands if change in stand.variants])
            yield Mutant(name, self.rules[name], change, fate, labels, example)


class _Judgement(NamedTuple):
    fate: Fate
    labels: Mapping[str, str] | None = None
    example: Suggestion | None = None


def _fate(change: str, stands: Sequence[_Stand]) -> _Judgement:
    """What becomes of a change in all editions; the newest one in which it is told is shown."""
    if any(stand.catch(change) for stand in stands):
        return _Judgement(Fate.KILLED)
    gravest = _Judgement(Fate.EQUIVALENT)
    for stand in stands:
        if gravest.fate is not Fate.SURVIVED:
            gravest = max(gravest, stand.uncaught(change), key=lambda found: _RISING.index(found.fate))
    return gravest


class _Room(NamedTuple):
    """All that is asked of one edition."""

    exams: Exams
    suggestions: Suggestions
    steps: int

    def stands(self, name: str) -> Iterator[_Stand]:
        """Where a rule stands, if it is in force."""
        for decision in self.exams.edition.decisions:
            for index, rule in enumerate(decision.rules):
                if rule.name == name:
                    yield _Stand(self, decision, index)


class _Stand:
    """A rule in one edition, and all that it may be written otherwise."""

    def __init__(self, room: _Room, decision: Decision, index: int) -> None:
        self._room = room
        self._decision = decision
        self._index = index
        self.variants = dict(variants(room.exams.edition, decision, decision.rules[index]))

    @cached_property
    def _telling(self) -> Telling:
        budget = Budget(self._room.steps)
        return Telling(self._room.exams.edition, self._decision, self._index, self.variants.values(), budget)

    def catch(self, change: str) -> bool:
        """Whether an example fails."""
        return self._room.exams.catch(self._changed(change))

    def uncaught(self, change: str) -> _Judgement:
        """What becomes of a change that no example catches."""
        try:
            labels = self._telling.situation(self.variants[change])
        except UndecidedError:
            return _Judgement(Fate.UNDECIDED)
        if labels is None:
            return _Judgement(Fate.EQUIVALENT)
        example = self._room.suggestions.example(self._changed(change), labels)
        return _Judgement(Fate.SURVIVED if example else Fate.UNSEEN, labels, example)

    def _changed(self, change: str) -> Change:
        return Change(self._decision, self._index, self.variants[change])
