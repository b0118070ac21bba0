"""What changes between two editions: in which situations, how many, from what to what. Exact, nothing is sampled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.joint import IMPOSSIBLE, MARKS, NO_ANSWER, Editions, Joint, Question
from dispute_rules.reasoning.sweep import Budget, UndecidedError, Witness
from dispute_rules.reasoning.track import DecisionStep, FactStep
from dispute_rules.reasoning.ways import Box, Diagram, diagram_of, ways_through

Answer = tuple[str, ...]
"""The labels of a decision's outputs, by the outputs' names; or one of the words that stand for no such labels."""
Answers = tuple[Answer, Answer]
"""Of the old edition and of the new one."""

_MOST_WAYS = 200  # of a group; the number of its situations is exact in any case


@dataclass(frozen=True, slots=True)
class Way:
    """Some situations of a group: any of these labels for each of these facts, and anything for the others."""

    labels: Mapping[str, tuple[str, ...]]
    situations: int  # without the impossible ones among them
    witnesses: tuple[Witness, Witness]  # one of them in the labels of each edition, impossible combinations heeded


@dataclass(frozen=True, slots=True)
class Group:
    """All situations in which an answer changes from one to another; the largest ways first."""

    before: Answer
    after: Answer
    situations: int
    ways: tuple[Way, ...]
    unlisted: int  # situations in further ways


@dataclass(frozen=True, slots=True)
class Change:
    """A question of which some answers changed. The situations are those of the facts that bear on the question."""

    question: Question
    outputs: tuple[str, ...]
    facts: tuple[str, ...]
    situations: int  # all that are possible in both editions
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes between two editions; `undecided` are the decisions for which the budget did not suffice."""

    changes: tuple[Change, ...]
    undecided: tuple[str, ...]


def difference(old: Edition, new: Edition, budget: Budget) -> Difference:
    """Compare two editions that have the same labels for each fact, and the same outputs for each decision."""
    editions = Editions(old, new)
    changes: list[Change] = []
    undecided: dict[str, None] = {}
    for question in editions.questions():
        joint = editions.ask(question)
        if joint.same:
            continue
        try:
            change = _change(question, joint, editions, (old, new), budget)
        except UndecidedError:
            undecided[question.decision or "impossible"] = None
        else:
            changes += [change] if change.groups else []
    return Difference(tuple(changes), tuple(undecided))


def _change(
    question: Question, joint: Joint, editions: Editions, both: tuple[Edition, Edition], budget: Budget
) -> Change:
    walk = _Walk(joint, budget)
    tally = walk.tally(walk.start)
    groups = [_group(walk, answers, count, editions, both) for answers, count in tally.items() if answers]
    outputs = next(iter(joint.asked.values()))
    return Change(
        question,
        tuple(name.partition(":")[2] for name in outputs),
        tuple(joint.facts),
        sum(tally.values()),
        tuple(sorted(groups, key=lambda group: (-group.situations, group.before, group.after))),
    )


def _group(
    walk: _Walk, answers: Answers, situations: int, editions: Editions, both: tuple[Edition, Edition]
) -> Group:
    ways = []
    for box in ways_through(walk.diagram(answers), walk.labels, _MOST_WAYS):
        met = walk.witnesses(answers, box)
        witnesses = (editions.of(both[0], met[0]), editions.of(both[1], met[1]))
        listed = {name: tuple(label for label in walk.labels[name] if label in box[name]) for name in walk.labels if name in box}
        ways.append(Way(listed, walk.count(answers, box), witnesses))
    ways.sort(key=lambda way: -way.situations)
    before, after = answers
    return Group(before, after, situations, tuple(ways), situations - sum(way.situations for way in ways))


State = tuple[int, int, tuple[Answer | None, Answer | None]]
"""A place of the walk: the step, the rules that are still possible as bits, and the answers as far as they are known."""


class _Walk:
    """The walk through all situations of a joint question. Its states stand before a fact, or at the end."""

    def __init__(self, joint: Joint, budget: Budget) -> None:
        self._joint = joint
        self._budget = budget
        self._steps = joint.track.steps
        self._end = max(i for i, step in enumerate(self._steps[:-1]) if isinstance(step, DecisionStep)) + 1
        self._tallies: dict[State, Mapping[Answers | None, int]] = {}
        self._rooms: dict[tuple[int, int], tuple[bool, bool]] = {}
        self.labels = {name: fact.labels for name, fact in joint.facts.items()}

    @cached_property
    def start(self) -> State:
        return self._past_decisions((0, self._joint.track.start, (None, None)))

    def tally(self, state: State) -> Mapping[Answers | None, int]:
        """The number of situations from here by their answers; None stands for all whose answer does not change."""
        if state not in self._tallies:
            self._budget.spend(1)
            self._tallies[state] = self._tally(state)
        return self._tallies[state]

    def _tally(self, state: State) -> Mapping[Answers | None, int]:
        if state[0] == self._end:
            return {answers: 1 for answers in self._answers(state)}
        found: dict[Answers | None, int] = {}
        for _, onward in self._onward(state):
            for answers, count in self.tally(onward).items():
                found[answers] = found.get(answers, 0) + count
        return found

    def count(self, answers: Answers, box: Box) -> int:
        """The number of situations in a box that have these answers."""
        counts: dict[State, int] = {}

        def from_here(state: State) -> int:
            if answers not in self.tally(state):
                return 0
            if state[0] == self._end:
                return 1
            if state not in counts:
                counts[state] = sum(from_here(onward) for _, onward in self._onward(state, box))
            return counts[state]

        return from_here(self.start)

    def diagram(self, answers: Answers) -> Diagram:
        """Where these answers are met; it may lead there through impossible situations too."""
        forks = diagram_of[State]()

        return None  # type: ignore

    def _onward(self, state: State, box: Box | None = None) -> Iterator[tuple[str, State]]:
        ...
