"""What the unknown facts of a case still allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from math import log
from typing import NamedTuple

from dispute_rules.pack.model import Box, Edition
from dispute_rules.reasoning.alternatives import alternatives
from dispute_rules.reasoning.budget import UndecidedError
from dispute_rules.reasoning.diagram import Diagram, End
from dispute_rules.reasoning.narrowing import narrowed
from dispute_rules.reasoning.space import Space
from dispute_rules.situation import Assumptions

_REMEMBERED = 256  # situations; each with its diagrams takes some 50 kB
_MOST_ENDS = 64  # of a pack whose outputs are many; claim, extent and verdict have no more


class Ending(NamedTuple):
    """What a label of an unknown fact leads to, with what is assumed of the others."""

    label: str
    end: End
    settled: bool  # whether nothing else can change the end then


class Outlook:
    """What can still come of the situations of an edition, as far as some outputs go."""

    def __init__(self, edition: Edition, outputs: tuple[str, ...]) -> None:
        """Nothing is looked at yet."""
        self.edition = edition
        self.space = Space(edition, outputs)
        self.bearing = {name: _bearing_on(edition, name) for name in edition.facts}
        self.facts = frozenset[str]().union(*map(self.bearing.__getitem__, self.space.order))
        assumed = (entry.given for name in self.facts for entry in edition.assumed_of(name))
        self._givens = {*assumed, *(entry.given for entry in edition.barred)}
        self._unknowns = lru_cache(maxsize=_REMEMBERED)(self._look)

    def unknowns(self, told: Mapping[str, str], uncertain: Collection[str], given: frozenset[str]) -> Unknowns:
        """What is still open where these labels are told; the `uncertain` ones may yet be told otherwise.

        `given` are the facts of the case that assumptions and impossible combinations rest on.
        """
        bearing = tuple((name, label) for name, label in told.items() if name in self.facts)
        return self._unknowns(bearing, self.facts.intersection(uncertain), given & self._givens)

    def _look(self, told: tuple[tuple[str, str], ...], uncertain: frozenset[str], given: frozenset[str]) -> Unknowns:
        return Unknowns(self, dict(told), uncertain, given)


def _bearing_on(edition: Edition, fact: str) -> frozenset[str]:
    """A fact, and those by which it goes what is assumed of it."""
    found, left = set[str](), [fact]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [other for entry in edition.assumed_of(name) for other in entry.box]
    return frozenset(found)


def _going_with(facts: Iterable[str], bearing: Mapping[str, frozenset[str]], boxes: Iterable[Box]) -> frozenset[str]:
    """These facts with all that bear on what is assumed of them, and that may be impossible together with them."""
    found, left = set[str](), set(facts)
    while left:
        found |= left.union(*(bearing[name] for name in left))
        left = {name for box in boxes if not found.isdisjoint(box) for name in box} - found
    return frozenset(found)


class Unknowns:
    """What the facts that are unknown in one situation still allow."""

    def __init__(
        self, outlook: Outlook, told: Mapping[str, str], uncertain: Collection[str], given: frozenset[str]
    ) -> None:
        """Find out which situations are possible."""
        self._outlook = outlook
        certain = {name: label for name, label in told.items() if name not in uncertain}
        labels, boxes = narrowed(outlook.edition, certain, given)
        self._certain = certain | {name: label for name, left in labels.items() if len(left) == 1 for label in left}
        self._uncertain = {name: told[name] for name in uncertain if name in told}
        self._given = given
        self._reached: dict[tuple[tuple[str, str], ...], End | None] = {}
        self._after: dict[tuple[str, str], Diagram] = {}
        try:
            whole: Diagram | None = outlook.space.possible(self._certain, given)
        except UndecidedError:  # too much to look at
            whole = None
        facts = _going_with(whole.telling if whole else outlook.space.order, outlook.bearing, boxes)
        # without the facts that only tell, among themselves, what is impossible
        idle = whole and {name: label for name, label in whole.way().items() if name not in facts}
        self._diagram = whole.within(idle) if whole and idle else whole
        # where rules of a faulty pack answer nothing, facts may be left that no rule tells an end by
        self._bearing = facts.union(fork.fact for fork in self._diagram.forks) if self._diagram else facts
        self._assumptions = Assumptions(outlook.edition, self._bearing, self._certain)

    @cached_property
    def here(self) -> End | None:
        """The end to which the assumptions lead; None if the labels are impossible."""
        return self._end({})

    @cached_property
    def settled(self) -> bool:
        """Whether no other end is possible; also False where there is too much to look at."""
        return self._diagram is not None and self._diagram.ends <= {self.here}

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that can still matter, the most decisive first."""
        if self._diagram is None:
            return tuple(name for name in self._outlook.space.order if name not in self._certain)
        place = {name: at for at, name in enumerate(self._outlook.edition.words)}
        left = {name: self._left_after(name, self._diagram) for name in self._diagram.mattering}
        return tuple(sorted(left, key=lambda name: (left[name], place[name])))

    def endings(self, name: str) -> tuple[Ending, ...]:
        """What each label of an unknown fact that is possible leads to."""
        labels = self._outlook.edition.facts[name].labels
        ends = ((label, self._end({name: label})) for label in labels if self._may_be(name, label))
        return tuple(Ending(label, end, self._is_settled(name, label)) for label, end in ends if end is not None)

    def _may_be(self, name: str, label: str) -> bool:
        """Whether a label is possible, of a fact that does not go with those that matter."""
        if name in self._bearing or name in self._certain or self._diagram is None:
            return True
        return bool(self._outlook.space.possible({**self._certain, name: label}, self._given).ends)

    @cached_property
    def ends(self) -> Mapping[End, Mapping[str, str]]:
        """The other ends that are possible, each with the smallest set of facts that leads there; see `alternatives`.

        Those with the fewest facts come first, and are listed where there are very many.
        """
        found = self._assumptions.fill(self._uncertain, self._given)
        if self._diagram is None or found is None:
            return {}
        labels = {name: fact.labels for name, fact in self._outlook.edition.facts.items()}
        wanted = sorted(self._diagram.ends - {self.here})
        sets = alternatives(self._diagram, wanted, found[0], labels, self._end)
        return dict(sorted(sets.items(), key=lambda item: (len(item[1]), item[0]))[:_MOST_ENDS])

    def _left_after(self, name: str, diagram: Diagram) -> float:
        """How many facts can still matter once this one is known: the mean over all that is possible.

        A mean of logarithms, as it is to halve them that counts, and to one decimal: what is nearly as good is as good.
        """
        views = [self._with(name, label, diagram) for label in self._outlook.edition.facts[name].labels]
        left = sum(view.share * log(1 + len(view.mattering)) for view in views)
        return round(left / sum(view.share for view in views), 1)

    def _is_settled(self, name: str, label: str) -> bool:
        return self._diagram is not None and len(self._with(name, label, self._diagram).ends) == 1

    def _with(self, name: str, label: str, diagram: Diagram) -> Diagram:
        if (name, label) not in self._after:
            self._after[name, label] = diagram.within({name: label})
        return self._after[name, label]

    def _end(self, facts: Mapping[str, str]) -> End | None:
        """Where the assumptions lead with some more labels told; None if that is impossible."""
        key = tuple(facts.items())
        if any(self._certain.get(name, label) != label for name, label in key):
            return None
        if key not in self._reached:
            found = self._assumptions.fill({**self._uncertain, **facts}, self._given | facts.keys())
            self._reached[key] = self._end_of(found[0]) if found else None
        return self._reached[key]

    def _end_of(self, labels: Mapping[str, str]) -> End | None:
        return (self._diagram or self._outlook.space.possible(labels, self._given)).end(labels)
