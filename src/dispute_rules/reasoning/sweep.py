"""Every situation in which a decision is made, as sets of rules that match together, each with a witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.model import Box, Decision, Edition
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.track import DecisionStep, FactStep, Track, leading_to

Witness = Mapping[str, str]
"""A label for each fact that was met: one situation."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Rules of a decision that match together in some situation, and the extra boxes that fit there."""

    matching: tuple[int, ...]
    extra: frozenset[int]
    witness: Witness


@dataclass(frozen=True, slots=True)
class _Trail:
    """How a place was reached; the first way found, as a chain."""

    before: _Trail | None
    fact: str
    label: str

    def witness(self) -> Witness:
        met: list[tuple[str, str]] = []
        trail: _Trail | None = self
        while trail is not None:
            met.append((trail.fact, trail.label))
            trail = trail.before
        return dict(reversed(met))


def sweep(edition: Edition, decision: Decision, budget: Budget, extra: Sequence[Box] = ()) -> Iterator[Meeting]:
    """All meetings at a decision, except where an earlier decision has no answer.

    Raises:
        UndecidedError: the budget was used up.
    """
    track = Track(edition, [*(d for d in leading_to(edition, decision.reads) if d is not decision), decision], extra)
    places: dict[int, _Trail | None] = {track.start_given(frozenset()): None}
    for step in track.steps[:-1]:
        budget.spend(len(places))
        places = _onward_fact(step, places) if isinstance(step, FactStep) else _onward_decision(step, places)
    last = track.steps[-1]
    if isinstance(last, DecisionStep):
        for alive, trail in places.items():
            if not alive & track.barred:
                fitting = frozenset(i for i in range(len(extra)) if alive >> (track.extra_shift + i) & 1)
                yield Meeting(tuple(last.matching(alive)), fitting, trail.witness() if trail else {})


def _onward_fact(step: FactStep, places: Mapping[int, _Trail | None]) -> dict[int, _Trail | None]:
    onward: dict[int, _Trail | None] = {}
    for alive, trail in places.items():
        for label, surviving in step.survivors.items():
            if alive & surviving not in onward:
                onward[alive & surviving] = _Trail(trail, step.name, label)
    return onward


def _onward_decision(step: DecisionStep, places: Mapping[int, _Trail | None]) -> dict[int, _Trail | None]:
    onward: dict[int, _Trail | None] = {}
    for alive, trail in places.items():
        rules = [step.decision.rules[index] for index in applying(step.decision, step.matching(alive))]
        if agree(rules):
            onward.setdefault(step.after(alive, rules[0].then), trail)
    return onward
