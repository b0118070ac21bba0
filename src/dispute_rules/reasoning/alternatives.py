"""The smallest sets of labels that lead to each other end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, product

from dispute_rules.reasoning.diagram import Diagram, End, Fork, Place

_MOST_TRIES = 500  # sets of two and more that are looked at

Facts = Mapping[str, str]
LeadsTo = Callable[[Facts], End | None]


def alternatives(
    diagram: Diagram, wanted: Collection[End], assumed: Facts, labels: Mapping[str, Sequence[str]], leads_to: LeadsTo
) -> dict[End, Facts]:
    """For each of the wanted ends of a diagram a set of its facts that leads there.

    None of its facts can be left out, and there is no smaller set unless more than 500 of two and more facts would
    have to be looked at. `assumed` and `leads_to` say what is taken for the facts, and the end that a set leads to;
    `labels` are those of the facts, which come in this order.
    """
    forked = {fork.fact for fork in diagram.forks}
    search = _Search({name: labels[name] for name in labels if name in forked}, leads_to)
    found = search.of_size(1, wanted)
    left = [end for end in wanted if end not in found]
    routes = _shortest_routes(diagram, assumed) if left else {}
    found |= {end: search.irreducible(routes[end], end) for end in left}
    for size in range(2, max(map(len, found.values()), default=0)):
        found |= search.of_size(size, [end for end in left if len(found[end]) > size])
    return found


class _Search:
    """Tries sets of facts."""

    def __init__(self, labels: Mapping[str, Sequence[str]], leads_to: LeadsTo) -> None:
        self._labels = labels
        self._leads_to = leads_to
        self._tries = _MOST_TRIES

    def of_size(self, size: int, wanted: Collection[End]) -> dict[End, Facts]:
        """The first set of this size for each end that has one."""
        found: dict[End, Facts] = {}
        sets = self._sets(size)
        for facts in sets if size == 1 else islice(sets, self._tries):
            self._tries -= size > 1
            end = self._leads_to(facts)
            if end is not None and end in wanted:
                found.setdefault(end, facts)
                if len(found) == len(wanted):
                    break
        return found

    def _sets(self, size: int) -> Iterator[Facts]:
        for names in combinations(self._labels, size):
            for labels in product(*(self._labels[name] for name in names)):
                yield dict(zip(names, labels, strict=True))

    def irreducible(self, facts: Facts, end: End) -> Facts:
        """Leave out facts without which the rest leads to the same end."""
        for name in facts:
            fewer = {other: label for other, label in facts.items() if other != name}
            if self._leads_to(fewer) == end:
                return self.irreducible(fewer, end)
        return facts


def _shortest_routes(diagram: Diagram, assumed: Facts) -> dict[End, Facts]:
    """To each end, a way with the fewest labels that differ from the assumed ones."""
    routes: dict[int, dict[End, tuple[int, Facts]]] = {}
    best: dict[End, tuple[int, Facts]] = {}
    for fork in diagram.forks:
        best = routes[id(fork)] = {}
        for label, way in fork.ways.items():
            step = int(assumed[fork.fact] != label)
            for end, (length, facts) in _onward(way, routes):
                if end not in best or length + step < best[end][0]:
                    best[end] = (length + step, {fork.fact: label, **facts})
    return {end: facts for end, (_, facts) in best.items()}


def _onward(
    place: Place, routes: Mapping[int, Mapping[End, tuple[int, Facts]]]
) -> Iterable[tuple[End, tuple[int, Facts]]]:
    if isinstance(place, Fork):
        return routes[id(place)].items()
    return [] if place is None else [(place, (0, {}))]
