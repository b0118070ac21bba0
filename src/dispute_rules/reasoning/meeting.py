"""The walk through all situations in which a question is put to two editions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.model import Box, Rule
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.diagram import End, Forks, Place
from dispute_rules.reasoning.joint import Joint
from dispute_rules.reasoning.sweep import Witness
from dispute_rules.reasoning.track import DecisionStep, FactStep

Answer = tuple[str, ...]
"""The labels of a decision's outputs, or one word that stands in their place."""
Answers = tuple[Answer, Answer]
"""That of the old edition and that of the new one."""
State = tuple[int, int, tuple[Answer, ...]]
"""A place of the walk, before a fact or at the end: the step, the rules left as bits, the answers known so far."""

_Ways = frozenset[tuple[bool, bool]]  # in what editions something can be: one pair for each way to complete it

IN: End = ("in",)
OUT: End = ("out",)


@dataclass(frozen=True, slots=True)
class Within:
    """What a box holds of a group."""

    situations: int
    witnesses: tuple[Witness, Witness]


class Walk:
    """All situations of a question, state by state. Those that are impossible in either edition are left out.

    A situation is possible in an edition if some labels of the facts that only impossible combinations look at allow
    it; these facts are met after the decisions.
    """

    def __init__(self, joint: Joint, budget: Budget) -> None:
        """Nothing is walked yet."""
        self._joint = joint
        self._budget = budget
        self._steps = joint.track.steps
        self._facts = {level: step for level, step in enumerate(self._steps) if isinstance(step, FactStep)}
        self._end = joint.decisions + len(joint.facts)
        self._tallies: dict[State, Mapping[Answers | None, int]] = {}
        self._deciding: dict[tuple[int, tuple[int, ...]], Rule | None] = {}
        self._completions: dict[tuple[int, int], _Ways] = {}
        self.start = self._before_fact(0, joint.track.start, ())

    def tally(self, state: State) -> Mapping[Answers | None, int]:
        """The number of situations from here, by their answers; None stands for all that change nothing.

        Raises:
            UndecidedError: the budget was used up.
        """
        if state not in self._tallies:
            self._budget.spend(1)
            self._tallies[state] = self._answers(state) if state[0] == self._end else self._sum(state)
        return self._tallies[state]

    def diagram(self, answers: Answers) -> Place:
        """A decision diagram whose ways to the end `IN` are the situations with these answers, the rest goes to `OUT`.

        Impossible situations may be on either.
        """
        return _Diagram(self, answers).place(self.start) or OUT

    def within(self, answers: Answers, box: Box) -> Within:
        """The number of situations in a box that have these answers, and one of them.

        The two witnesses are this one situation, with labels that make it possible in the old edition and in the new.
        """
        counts: dict[State, int] = {}

        def count(state: State) -> int:
            if state not in counts:
                here = self.tally(state).get(answers, 0)
                at_end = state[0] == self._end or not here
                counts[state] = here if at_end else sum(count(onward) for _, onward in self.onward(state, box))
            return counts[state]

        state, labels = self.start, dict[str, str]()
        while count(state) and state[0] != self._end:
            fact = self.fact(state).name
            labels[fact], state = next((label, onward) for label, onward in self.onward(state, box) if count(onward))
        old, new = (labels | self._completing(state, side) for side in (0, 1))
        return Within(count(self.start), (old, new))

    def onward(self, state: State, box: Box | None = None) -> Iterator[tuple[str, State]]:
        """The states after a fact, for each of its labels or for those in a box."""
        level, alive, answers = state
        step = self.fact(state)
        for label, surviving in step.survivors.items():
            if box is None or label in box.get(step.name, (label,)):
                yield label, self._before_fact(level + 1, alive & surviving, answers)

    def fact(self, state: State) -> FactStep:
        """The fact that is met next."""
        return self._facts[state[0]]

    def _before_fact(self, level: int, alive: int, answers: tuple[Answer, ...]) -> State:
        """Make the decisions that come next. Where an earlier one has no answer there is nothing to compare."""
        while level < self._end and isinstance(step := self._steps[level], DecisionStep):
            speaking = self._speaking(level, step, alive)
            mark = self._joint.asked.get(step.decision.name)
            if mark is not None:
                answers = (*answers, self._answer(mark, speaking))
            elif speaking is None:
                return self._end, 0, ()
            alive = step.after(alive, {} if mark or not speaking else speaking.then)
            level += 1
        return level, alive, answers

    def _speaking(self, level: int, step: DecisionStep, alive: int) -> Rule | None:
        """The rule that decides, or the first of those that do; None if there is none, or they do not agree."""
        matching = tuple(step.matching(alive))
        if (level, matching) not in self._deciding:
            rules = [step.decision.rules[index] for index in applying(step.decision, matching)]
            speaking = [rule for rule in rules if rule.then]
            self._deciding[level, matching] = speaking[0] if agree(speaking) else None
        return self._deciding[level, matching]

    def _answer(self, mark: str, speaking: Rule | None) -> Answer:
        if speaking is None:
            return (self._joint.question.otherwise,)
        return tuple(speaking.then[mark + name] for name in self._joint.outputs)

    def _sum(self, state: State) -> Mapping[Answers | None, int]:
        found: dict[Answers | None, int] = {}
        for _, onward in self.onward(state):
            for answers, count in self.tally(onward).items():
                found[answers] = found.get(answers, 0) + count
        return found

    def _answers(self, state: State) -> Mapping[Answers | None, int]:
        level, alive, answers = state
        ways = self._completed(level, alive) if answers else ()
        if not any(old for old, _ in ways) or not any(new for _, new in ways):
            return {}
        old, new = answers
        return {None if old == new else (old, new): 1}

    def _completed(self, level: int, alive: int) -> _Ways:
        step = self._steps[level]
        if isinstance(step, DecisionStep):
            old, new = self._joint.barred
            return frozenset({(not alive & old, not alive & new)})
        if (level, alive) not in self._completions:
            ways = (self._completed(level + 1, alive & surviving) for surviving in step.survivors.values())
            self._completions[level, alive] = frozenset().union(*ways)
        return self._completions[level, alive]

    def _completing(self, state: State, side: int) -> dict[str, str]:
        """Labels of the facts that are left which make the situation possible in one edition; in both, if any do."""
        level, alive, _ = state
        ways = self._completed(level, alive)
        wanted = (True, True) if (True, True) in ways else next(way for way in ways if way[side])
        labels: dict[str, str] = {}
        while level in self._facts:
            step = self._facts[level]
            level += 1
            onward = {label: alive & surviving for label, surviving in step.survivors.items()}
            labels[step.name] = next(label for label in onward if wanted in self._completed(level, onward[label]))
            alive = onward[labels[step.name]]
        return labels


class _Diagram:
    """The diagram of one group of situations."""

    def __init__(self, walk: Walk, answers: Answers) -> None:
        self._walk = walk
        self._answers = answers
        self._forks = Forks()
        self._met: dict[State, Place | None] = {}

    def place(self, state: State) -> Place | None:
        """Where a state leads; None if nothing is possible from there."""
        tally = self._walk.tally(state)
        if self._answers not in tally or len(tally) == 1:
            return (IN if self._answers in tally else OUT) if tally else None
        if state not in self._met:
            ways = ((label, self.place(onward)) for label, onward in self._walk.onward(state))
            found = {label: place for label, place in ways if place is not None}
            self._met[state] = self._forks.join(self._walk.fact(state).name, found)
        return self._met[state]
