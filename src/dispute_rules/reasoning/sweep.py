"""Every situation in which a decision is made, as sets of rules that match together, each with a witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.model import Decision, Edition
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.track import DecisionStep, FactStep, Track, leading_to

Witness = Mapping[str, str]
"""A label for each fact that was met: one situation."""
Trail = tuple["Trail | None", str, str]
"""How a place was reached, the first way found: the trail before it, a fact and its label."""
_Places = dict[int, "Trail | None"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Rules of a decision that match together in some situation."""

    matching: tuple[int, ...]
    trail: Trail | None  # how it was reached

    @property
    def witness(self) -> Witness:
        """One such situation."""
        return witness_of(self.trail)


def witness_of(trail: Trail | None) -> Witness:
    """The labels that were met on a trail."""
    met: list[tuple[str, str]] = []
    while trail is not None:
        trail, fact, label = trail
        met.append((fact, label))
    return dict(reversed(met))


def sweep(edition: Edition, decision: Decision, budget: Budget) -> Iterator[Meeting]:
    """All meetings at a decision, except where an earlier decision has no answer.

    Raises:
        UndecidedError: the budget was used up.
    """
    track = track_to(edition, decision)
    places: _Places = {track.start_given(frozenset()): None}
    for step in track.steps[:-1]:
        budget.spend(len(places))
        places = _onward_fact(step, places) if isinstance(step, FactStep) else _onward_decision(step, places)
    last = track.steps[-1]
    if isinstance(last, DecisionStep):
        for alive, trail in places.items():
            if not alive & track.barred:
                yield Meeting(tuple(last.matching(alive)), trail)


def track_to(edition: Edition, decision: Decision) -> Track:
    """The track to a decision, through all those that it rests on."""
    return Track(edition, [*(d for d in leading_to(edition, decision.reads) if d is not decision), decision])


def _onward_fact(step: FactStep, places: _Places) -> _Places:
    onward: _Places = {}
    for alive, trail in places.items():
        for label, surviving in step.survivors.items():
            place = alive & surviving
            if place not in onward and not place & step.barred:
                onward[place] = (trail, step.name, label)
    return onward


def _onward_decision(step: DecisionStep, places: _Places) -> _Places:
    onward: _Places = {}
    staying: dict[int, int | None] = {}  # by the rules that match, what stays; None without an answer
    for alive, trail in places.items():
        matching = alive & step.own
        if matching not in staying:
            outcome = outcome_of(step, matching)
            staying[matching] = None if outcome is None else step.after(-1, outcome)
        stays = staying[matching]
        if stays is not None:
            onward.setdefault(alive & stays, trail)
    return onward


def outcome_of(step: DecisionStep, alive: int) -> Mapping[str, str] | None:
    """What the decision comes to in a place; None if it has no answer."""
    rules = [step.decision.rules[index] for index in applying(step.decision, step.matching(alive))]
    return rules[0].then if agree(rules) else None
