"""Whether nothing unknown can change the outcome, for many rows at once.

The decision diagram of all situations is walked by the labels of a row; where one is unknown, it is walked all ways at
once. A row is settled if just one end is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from dispute_rules.frames.coding import UNKNOWN, Codes
from dispute_rules.frames.decided import Decided
from dispute_rules.frames.rules import GIVEN
from dispute_rules.frames.walks import Column, Step, Walk, looked_up
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import UndecidedError
from dispute_rules.reasoning.diagram import Fork, Place
from dispute_rules.reasoning.space import Space

OPEN = "open "
"""Before the name of a fact: whether its label may yet change."""
_CERTAIN = "certain "


@dataclass(frozen=True, slots=True)
class _Begun:
    """Which facts are given, and the labels that are certain; the whole diagram was too much to look at."""

    given: frozenset[str]
    labels: frozenset[tuple[str, str]] = frozenset()


_State = _Begun | frozenset[Place]


class Settling:
    """Tells of which rows the outputs are settled."""

    def __init__(self, edition: Edition, codes: Codes, outputs: tuple[str, ...]) -> None:
        """Nothing is looked at yet."""
        self.space = Space(edition, outputs)
        self._codes = codes
        givens = {entry.given for entry in edition.barred}
        given: list[Step[_State]] = [(GIVEN + n, 2, partial(_given, n)) for n in edition.kinds if n in givens]
        begin: Step[_State] = ("", 1, lambda state, _: self._begin(state))
        facts: list[Step[_State]] = [(_CERTAIN + n, codes.size(n), partial(self._meet, n)) for n in self.space.order]
        self._walk = Walk[_State](_Begun(frozenset()), [*given, begin, *facts])

    def settled(self, found: Decided) -> pl.Series:
        """Whether each is settled, by the columns of known labels, of those that may change, and of given facts."""
        certain = {_CERTAIN + name: self._certain(found, name) for name in self.space.order}
        at, states = self._walk.ends({**found.columns, **certain})
        return looked_up(at, list(map(self._is_settled, states)), pl.Boolean(), found.rows)

    def _certain(self, found: Decided, name: str) -> Column:
        """The codes of known labels, without those that may change."""
        codes, is_open = found.columns.get(name, UNKNOWN), found.columns.get(OPEN + name)
        return codes if is_open is None else codes * (1 - is_open)

    def _begin(self, state: _State) -> _State:
        """The start of the diagram, once it is known which facts are given."""
        whole = self.space.whole(state.given) if isinstance(state, _Begun) else None
        return frozenset(whole.forks[-1:] or whole.ends) if whole else state

    def _meet(self, name: str, state: _State, number: int) -> _State:
        label = self._codes.labels[name][number - 1] if number else None
        if isinstance(state, _Begun):
            return _Begun(state.given, state.labels | {(name, label)}) if label else state
        return frozenset(way for place in state for way in _onward(place, name, label))

    def _is_settled(self, state: _State) -> bool:
        if not isinstance(state, _Begun):
            return len(state - {None}) == 1
        try:
            return len(self.space.possible(dict(state.labels), state.given).ends) == 1
        except UndecidedError:
            return False


def _given(name: str, state: _State, is_given: int) -> _State:
    return _Begun(state.given | {name}) if is_given and isinstance(state, _Begun) else state


def _onward(place: Place, name: str, label: str | None) -> list[Place]:
    """Where a label leads, or all of them."""
    if not isinstance(place, Fork) or place.fact != name:
        return [place]
    return [place.ways[label]] if label else [*place.ways.values()]
