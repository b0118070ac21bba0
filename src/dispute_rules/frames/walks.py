"""From the labels of many rows to what follows from them, one fact after another.

A walk has a state, such as the rules that can still match, and a fact's label leads it to the next one. That is worked
out when a state and a label first meet, and kept: for all other rows it is a look-up of a number. So rows cost the same
however many different ones there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, Generic, TypeAlias, TypeVar

import polars as pl

from dispute_rules.frames.coding import UNKNOWN

S = TypeVar("S", bound=Hashable)

Column: TypeAlias = pl.Series | int
"""A small number for each row, or the one that all rows have."""
Columns: TypeAlias = Mapping[str, Column]
"""The codes of labels, by the names of facts; what is not there is unknown in all rows."""
Ways: TypeAlias = Callable[[S, int], S]
"""From a state to the next one, by the code of a label."""
Step: TypeAlias = tuple[str, int, Ways[S]]
"""A column, what its codes are below, and where they lead."""

_NOT_MET = 2**32 - 1
_MOST_PLACES = 4_000_000  # states times labels that are kept of one walk
_FORMS = 16  # different sets of columns that are the same in all rows


class Numbered(Generic[S]):
    """States with a number each."""

    def __init__(self, first: Iterable[S] = ()) -> None:
        """Number these, and others as they are met."""
        self.states = [*first]
        self._numbers = {state: at for at, state in enumerate(self.states)}

    def of(self, state: S) -> int:
        """The number of a state."""
        number = self._numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number


class _Level(Generic[S]):
    """Where the labels of one fact lead."""

    def __init__(self, size: int, before: Numbered[S], ways: Ways[S]) -> None:
        self.after = Numbered[S]()
        self._size = size
        self._before = before
        self._ways = ways
        self._kept: list[int] = []
        self._table = pl.Series([], dtype=pl.UInt32)

    def __len__(self) -> int:
        return len(self._kept)

    def onward(self, at: Column, codes: pl.Series) -> pl.Series:
        """The numbers of the next states, from those of the states that rows are in."""
        places = codes + at * self._size
        if lacking := len(self._before.states) * self._size - len(self._kept):
            self._keep(range(0), lacking)
        found = self._table[places]
        if found.max() != _NOT_MET:
            return found
        self._keep(places.filter(found == _NOT_MET).unique(), 0)
        return self._table[places]

    def _keep(self, places: Iterable[int], lacking: int) -> None:
        """Work out where these places lead, and keep it."""
        self._kept += [_NOT_MET] * lacking
        for place in places:
            state, code = divmod(place, self._size)
            self._kept[place] = self.after.of(self._ways(self._before.states[state], code))
        self._table = pl.Series(self._kept, dtype=pl.UInt32)


class Walk(Generic[S]):
    """The way from one state over some facts."""

    def __init__(self, start: S, steps: Sequence[Step[S]]) -> None:
        """Nothing is met yet."""
        self._start = start
        self._steps = steps
        self.reads = frozenset(name for name, _, _ in steps)
        self._levels = lru_cache(maxsize=_FORMS)(self._levels_with)

    def ends(self, columns: Columns) -> tuple[Column, Sequence[S]]:
        """Of each row the number of the state that it ends in; and the states by their numbers."""
        codes = [columns.get(name, UNKNOWN) for name, _, _ in self._steps]
        form = tuple(code if isinstance(code, int) else None for code in codes)
        if sum(map(len, self._levels(form)[0])) > _MOST_PLACES:
            self._levels.cache_clear()
        levels, ends = self._levels(form)
        at: Column = 0
        for level, code in zip(levels, (code for code in codes if isinstance(code, pl.Series)), strict=True):
            at = level.onward(at, code)
        return at, ends.states

    def _levels_with(self, form: tuple[int | None, ...]) -> tuple[list[_Level[S]], Numbered[S]]:
        """What rows look up: labels that all of them have are met along with the fact before."""
        met = [(ways, code or UNKNOWN) for (_, _, ways), code in zip(self._steps, form, strict=True)]
        own = [at for at, code in enumerate(form) if code is None]
        levels: list[_Level[S]] = []
        ends = Numbered([_through(met[: own[0] if own else len(met)], self._start)])
        for at, until in pairwise([*own, len(met)]):
            _, size, ways = self._steps[at]
            levels.append(_Level(size, ends, partial(_onward, ways, met[at + 1 : until])))
            ends = levels[-1].after
        return levels, ends


def _onward(ways: Ways[S], then: Sequence[tuple[Ways[S], int]], state: S, label: int) -> S:
    return _through(then, ways(state, label))


def _through(met: Iterable[tuple[Ways[S], int]], state: S) -> S:
    for ways, code in met:
        state = ways(state, code)
    return state


def looked_up(at: Column, values: Sequence[Any], dtype: pl.DataType, rows: int) -> pl.Series:
    """The value for each row, by its number."""
    table = pl.Series(values, dtype=dtype)
    return table[at : at + 1].new_from_index(0, rows) if isinstance(at, int) else table[at]
