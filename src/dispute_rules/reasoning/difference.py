"""What changes between two editions: in which situations, how many, from what to what. Exact, nothing is sampled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispute_rules.pack.model import Box, Edition
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.joint import NO_ANSWER, Editions, Joint, Question
from dispute_rules.reasoning.meeting import IN, Answers, Walk
from dispute_rules.reasoning.sweep import Witness
from dispute_rules.reasoning.ways import ways_to

_MOST_WAYS = 50  # listed of a group; the number of its situations is exact in any case


@dataclass(frozen=True, slots=True)
class Way:
    """Some situations of a group: any of these labels for each of these facts, and any at all for the others."""

    labels: Mapping[str, tuple[str, ...]]
    situations: int  # without the impossible ones among them
    witnesses: tuple[Witness, Witness]  # one of the situations, as it is possible in each edition


@dataclass(frozen=True, slots=True)
class Group:
    """All situations in which the answer to a question changes from one to another."""

    answers: Answers
    situations: int
    ways: tuple[Way, ...]  # the widest first
    unlisted: int  # situations in further ways


@dataclass(frozen=True, slots=True)
class Change:
    """A question to which some answers change.

    A situation is here one label for each of `facts`: all that the decision looks at in either edition, by itself or
    through decisions before it. `situations` are those that are possible in both.
    """

    question: Question
    outputs: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]]  # with all their labels
    situations: int
    groups: tuple[Group, ...]  # the largest first


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes between two editions; `undecided` are the decisions for which the budget did not suffice."""

    changes: tuple[Change, ...]
    undecided: tuple[str, ...]


def difference(old: Edition, new: Edition, budget: Budget) -> Difference:
    """Compare two editions that have the same labels for each fact, and the same outputs for each decision.

    What is impossible only where another fact is known counts as possible.
    """
    editions = Editions(old, new)
    changes: list[Change] = []
    undecided: dict[str, None] = {}
    moves: dict[str, set[tuple[str, str]] | None] = {**editions.unknown_moves()}
    for question in editions.questions():
        if editions.untouched(question, moves):
            continue
        joint = editions.ask(question)
        try:
            change = _Comparison(joint, budget).change()
        except UndecidedError:
            undecided[question.decision or "impossible"] = None
            moves |= dict.fromkeys(joint.outputs)
        else:
            changes += [change] if change.groups else []
            moves |= _moves(change)
    return Difference(tuple(changes), tuple(undecided))


def _moves(change: Change) -> Mapping[str, set[tuple[str, str]]]:
    """From what to what each output changes. Without an answer there is nothing that later decisions could read."""
    pairs: dict[str, set[tuple[str, str]]] = {name: set() for name in change.outputs}
    for before, after in (group.answers for group in change.groups):
        if NO_ANSWER not in (*before, *after):
            for name, *pair in zip(change.outputs, before, after, strict=True):
                pairs[name].add((pair[0], pair[1]))
    return pairs


class _Comparison:
    """One question, put to both editions."""

    def __init__(self, joint: Joint, budget: Budget) -> None:
        self._joint = joint
        self._walk = Walk(joint, budget)
        self._labels = {name: fact.labels for name, fact in joint.facts.items()}

    def change(self) -> Change:
        tally = self._walk.tally(self._walk.start)
        groups = [self._group(answers, count) for answers, count in tally.items() if answers]
        groups.sort(key=lambda group: (-group.situations, group.answers))
        return Change(self._joint.question, self._joint.outputs, self._labels, sum(tally.values()), tuple(groups))

    def _group(self, answers: Answers, situations: int) -> Group:
        ways = tuple(self._ways(answers))
        return Group(answers, situations, ways, situations - sum(way.situations for way in ways))

    def _ways(self, answers: Answers) -> Iterator[Way]:
        for box in ways_to(IN, self._walk.diagram(answers), self._labels)[:_MOST_WAYS]:
            found = self._walk.within(answers, box)
            yield Way(self._listed(box), found.situations, found.witnesses)

    def _listed(self, box: Box) -> Mapping[str, tuple[str, ...]]:
        return {
            name: tuple(label for label in labels if label in box[name])
            for name, labels in self._labels.items()
            if name in box
        }
