"""Whether any situation lies in a box: a walk that keeps to the box, and may end with the first one found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dispute_rules.pack.model import Box
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.sweep import Meeting, Trail, Witness, outcome_of
from dispute_rules.reasoning.track import DecisionStep, FactStep, Step, Track


class Reach:
    """The situations in which the last decision of a track is made."""

    def __init__(self, track: Track, budget: Budget) -> None:
        """Nothing is walked yet."""
        self._track = track
        self._budget = budget
        self._outcomes: dict[tuple[str, int], Mapping[str, str] | None] = {}

    def into(self, box: Box) -> Witness | None:
        """The first situation in a box, in the order of the facts and their labels; None if there is none.

        Raises:
            UndecidedError: the budget was used up.
        """
        return next((meeting.witness for meeting in self.meetings(box)), None)

    def meetings(self, box: Box) -> Iterator[Meeting]:
        """The rules that match together in some situation of a box, in the same order.

        Raises:
            UndecidedError: the budget was used up.
        """
        steps, met = self._track.steps, set[tuple[int, int]]()
        left: list[tuple[int, int, Trail | None]] = [(0, self._track.start_given(frozenset()), None)]
        while left:
            level, alive, trail = left.pop()
            if (level, alive) in met:
                continue
            met.add((level, alive))
            self._budget.spend(1)
            step = steps[level]
            if level < len(steps) - 1:
                left += reversed([(level + 1, *place) for place in self._onward(step, alive, trail, box)])
            elif isinstance(step, DecisionStep) and not alive & self._track.barred:
                yield Meeting(tuple(step.matching(alive)), trail)

    def _onward(self, step: Step, alive: int, trail: Trail | None, box: Box) -> Iterator[tuple[int, Trail | None]]:
        if isinstance(step, FactStep):
            for label, surviving in step.survivors.items():
                if not alive & surviving & step.barred and label in box.get(step.name, (label,)):
                    yield alive & surviving, (trail, step.name, label)
        else:
            outcome = self._outcome(step, alive & step.own)
            if outcome is not None and all(label in box.get(name, (label,)) for name, label in outcome.items()):
                yield step.after(alive, outcome), trail

    def _outcome(self, step: DecisionStep, matching: int) -> Mapping[str, str] | None:
        key = step.decision.name, matching
        if key not in self._outcomes:
            self._outcomes[key] = outcome_of(step, matching)
        return self._outcomes[key]
