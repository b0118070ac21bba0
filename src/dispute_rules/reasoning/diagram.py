"""Decision diagrams: a function of some facts, as forks that lead from label to label to its ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

End = tuple[str, ...]
"""The values of the outputs that were asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A fact that matters here, and where each of its labels leads."""

    fact: str
    ways: Mapping[str, Place]


Place = Fork | End | None
"""None stands for what is impossible."""


class Forks:
    """Forks of which equal ones are one object."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[object, ...], Fork] = {}

    def join(self, fact: str, ways: Mapping[str, Place]) -> Place:
        """The place from which the labels lead these ways: no fork if all lead to the same, None if there are none."""
        places = list(ways.values())
        if not places or places.count(places[0]) == len(places):
            return places[0] if places else None
        key = (fact, *ways, *[id(place) if isinstance(place, Fork) else place for place in places])
        return self._known.setdefault(key, Fork(fact, ways))


class Diagram:
    """All that can be from a place on. The facts come in the same order on all ways."""

    def __init__(self, place: Place, kin: Kin) -> None:
        """Look at nothing yet. Diagrams made of one another share what is known of their forks."""
        self._place = place
        self._kin = kin

    def within(self, labels: Mapping[str, str], kin: Kin | None = None) -> Diagram:
        """The same with these labels known; with other `kin` nothing is shared."""
        kin = kin or self._kin
        last = max((kin.order[name] for name in labels if name in kin.order), default=-1)
        met: dict[int, Place] = {}

        def onward(at: Place) -> Place:
            while isinstance(at, Fork) and at.fact in labels:
                at = at.ways[labels[at.fact]]
            if not isinstance(at, Fork) or kin.order[at.fact] > last:
                return at
            if id(at) not in met:
                met[id(at)] = kin.forks.join(at.fact, {label: onward(way) for label, way in at.ways.items()})
            return met[id(at)]

        place = onward(self._place)
        return kin.known.setdefault(id(place) if isinstance(place, Fork) else place, Diagram(place, kin))

    def end(self, labels: Mapping[str, str]) -> End | None:
        """Where these labels lead, of which there is one for each fact; None if that is impossible."""
        at = self._place
        while isinstance(at, Fork):
            at = at.ways[labels[at.fact]]
        return at

    def way(self) -> dict[str, str]:
        """The labels on some way to an end."""
        labels: dict[str, str] = {}
        at = self._place
        while isinstance(at, Fork):
            labels[at.fact], at = next((label, way) for label, way in at.ways.items() if way is not None)
        return labels

    @cached_property
    def forks(self) -> list[Fork]:
        """All forks, each after those that it leads to."""
        met: dict[int, Fork] = {}

        def meet(at: Place) -> None:
            if isinstance(at, Fork) and id(at) not in met:
                for way in at.ways.values():
                    meet(way)
                met[id(at)] = at

        meet(self._place)
        return list(met.values())

    @cached_property
    def ends(self) -> frozenset[End]:
        """All ends that are possible."""
        places = [self._place, *(way for fork in self.forks for way in fork.ways.values())]
        return frozenset(place for place in places if isinstance(place, tuple))

    @cached_property
    def share(self) -> float:
        """How much of all combinations of labels is possible, between 0 and 1."""
        return self._kin.share(self._place)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Facts that tell the end, where no others are needed to tell what is impossible."""
        forks = Forks()
        places: dict[int, Place] = {}
        for fork in self.forks:
            ways = {label: places[id(way)] if isinstance(way, Fork) else way for label, way in fork.ways.items()}
            places[id(fork)] = forks.join(fork.fact, {label: way for label, way in ways.items() if way is not None})
        return frozenset(fork.fact for fork in Diagram(places.get(id(self._place)), self._kin).forks)

    @cached_property
    def mattering(self) -> list[str]:
        """The facts that can still matter, in their order.

        Two possible ways that differ in such a fact alone lead to different ends. Where no fact is like that and there
        are different ends all the same, some facts only change together: then those that tell the end can matter.
        """
        found = {fork.fact for fork in self.forks if self._kin.tells(fork)}
        return sorted(found or self.telling, key=self._kin.order.__getitem__)


class Kin:
    """What is known of the forks of diagrams that are made of one another."""

    def __init__(self, order: Mapping[str, int]) -> None:
        """Know nothing yet but the order of the facts."""
        self.order = order
        self.forks = Forks()
        self.known: dict[object, Diagram] = {}
        self._shares: dict[int, float] = {}
        self._telling: dict[int, bool] = {}
        self._different: dict[tuple[int, int], bool] = {}

    def share(self, place: Place) -> float:
        """How much of all combinations of labels from here is possible."""
        if not isinstance(place, Fork):
            return float(place is not None)
        if id(place) not in self._shares:
            ways = [self.share(way) for way in place.ways.values()]
            self._shares[id(place)] = sum(ways) / len(ways)
        return self._shares[id(place)]

    def tells(self, fork: Fork) -> bool:
        """Whether two ways from here lead to different ends where all else is the same."""
        if id(fork) not in self._telling:
            self._telling[id(fork)] = any(self._differ(*two) for two in combinations(fork.ways.values(), 2))
        return self._telling[id(fork)]

    def _differ(self, one: Place, other: Place) -> bool:
        if one is other or one is None or other is None:
            return False
        if not isinstance(one, Fork) and not isinstance(other, Fork):
            return one != other
        key = (id(one), id(other))
        if key not in self._different:
            self._different[key] = any(self._differ(*two) for two in self._onward(one, other))
        return self._different[key]

    def _onward(self, one: Place, other: Place) -> Iterator[tuple[Place, Place]]:
        """Both after the fact that comes first."""
        forks = [place for place in (one, other) if isinstance(place, Fork)]
        first = min(forks, key=lambda fork: self.order[fork.fact])
        for label in first.ways:
            yield _after(one, first.fact, label), _after(other, first.fact, label)


def _after(place: Place, fact: str, label: str) -> Place:
    return place.ways[label] if isinstance(place, Fork) and place.fact == fact else place
