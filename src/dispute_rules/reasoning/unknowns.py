"""What the unknown facts of a case still allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispute_rules.errors import CaseError
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import UndecidedError
from dispute_rules.reasoning.space import End, Fork, Place, Space
from dispute_rules.situation import Situation, complete

_MOST_ENDS = 64  # of a pack whose outputs are many; claim, extent and verdict have no more


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The other ends that are possible, with facts that lead to each; and the facts that can still matter."""

    ends: Mapping[End, Mapping[str, str]]
    questions: tuple[str, ...]
    settled: bool  # no other end; also False where there was too much to look at


def unknowns(space: Space, edition: Edition, known: Mapping[str, str], given: frozenset[str]) -> Unknowns:
    """Look at every completion of what is known."""
    look = _Look(space, edition, known, given)
    try:
        place = space.possible(known, given)
    except UndecidedError:
        return Unknowns({}, (), settled=False)
    assumed = look.situation({})
    if not isinstance(place, Fork) or assumed is None:
        return Unknowns({}, (), settled=True)
    routes = _shortest_routes(place, assumed.labels, {})
    here = look.end({})
    ends = {end: look.fewest(end, facts) for end, (_, facts) in routes.items() if end != here}
    nearest_first = dict(sorted(ends.items(), key=lambda item: (len(item[1]), item[0]))[:_MOST_ENDS])
    return Unknowns(nearest_first, look.order(place, here), settled=False)


def _shortest_routes(
    place: Place, assumed: Mapping[str, str], met: dict[int, dict[End, tuple[int, dict[str, str]]]]
) -> dict[End, tuple[int, dict[str, str]]]:
    """To each end, a way with the fewest labels that differ from the assumed ones, and that number."""
    if isinstance(place, tuple):
        return {place: (0, {})}
    if id(place) not in met:
        best: dict[End, tuple[int, dict[str, str]]] = {}
        for label, way in place.ways.items():
            step = 0 if assumed[place.fact] == label else 1
            for end, (length, facts) in _shortest_routes(way, assumed, met).items():
                if end not in best or length + step < best[end][0]:
                    best[end] = (length + step, {place.fact: label, **facts})
        met[id(place)] = best
    return met[id(place)]


class _Look:
    """The case with some more facts known."""

    def __init__(self, space: Space, edition: Edition, known: Mapping[str, str], given: frozenset[str]) -> None:
        self._space = space
        self._edition = edition
        self._known = known
        self._given = given

    def situation(self, facts: Mapping[str, str]) -> Situation | None:
        try:
            return complete(self._edition, {**self._known, **facts}, self._given | facts.keys())
        except CaseError:
            return None

    def end(self, facts: Mapping[str, str]) -> Place | None:
        situation = self.situation(facts)
        return self._space.possible(situation.labels, self._given) if situation else None

    def fewest(self, end: End, facts: Mapping[str, str]) -> Mapping[str, str]:
        """Leave out each fact without which the assumptions lead to the same end."""
        kept = dict(facts)
        for name in facts:
            fewer = {other: label for other, label in kept.items() if other != name}
            if self.end(fewer) == end:
                kept = fewer
        return kept

    def order(self, place: Fork, here: Place | None) -> tuple[str, ...]:
        """The facts that can matter: first those of which the most answers alone change the end."""
        facts = sorted(_facts_in(place, set()), key=list(self._edition.facts).index)
        return tuple(sorted(facts, key=lambda name: -self._changes(name, here)))

    def _changes(self, name: str, here: Place | None) -> int:
        ends = (self.end({name: label}) for label in self._edition.facts[name].labels)
        return sum(end is not None and end != here for end in ends)


def _facts_in(place: Place, met: set[int]) -> set[str]:
    if isinstance(place, tuple) or id(place) in met:
        return set()
    met.add(id(place))
    return {place.fact}.union(*(_facts_in(way, met) for way in place.ways.values()))
