"""Whether nothing unknown can change the outcome, for many situations at once.

The decision diagram of all situations is the same for all of them: from its ends up, each place is given the set of
ends that a situation can still reach from there, as bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_

import polars as pl

from dispute_rules.frames.coding import Codes, all_of
from dispute_rules.frames.situations import GIVEN, OPEN
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import UndecidedError
from dispute_rules.reasoning.diagram import Diagram, Fork, Place
from dispute_rules.reasoning.space import Space

_MOST_ENDS = 64
_FEW = 100  # situations: as many are looked at one by one, which then takes less


class Settling:
    """Tells of which situations of an edition the outputs are settled."""

    def __init__(self, edition: Edition, codes: Codes, outputs: tuple[str, ...]) -> None:
        """Nothing is looked at yet."""
        self.space = Space(edition, outputs)
        self._codes = codes
        givens = {entry.given for entry in edition.barred}
        self._givens = [name for name in edition.kinds if name in givens]

    def settled(self, situations: pl.DataFrame) -> pl.Series:
        """Whether each is settled, by the columns of known labels, of those that may change, and of given facts."""
        certain = [
            pl.when(pl.col(OPEN + name)).then(0).otherwise(pl.col(name)).alias(name)
            if OPEN + name in situations.columns
            else pl.col(name)
            for name in self.space.order
        ]
        givens = [GIVEN + name for name in self._givens]
        frame = situations.select(*certain, *givens)
        different = frame.unique()
        parts = [self._part(different, given) for given in _different(different, givens)]
        return frame.join(pl.concat(parts), on=frame.columns, how="left", maintain_order="left")["settled"]

    def _part(self, frame: pl.DataFrame, given: tuple[bool, ...]) -> pl.DataFrame:
        """The situations in which just these facts are given."""
        names = dict(zip(self._givens, given, strict=True))
        part = frame.filter(all_of(pl.col(GIVEN + name) == is_given for name, is_given in names.items()))
        facts = frozenset(name for name, is_given in names.items() if is_given)
        try:
            diagram = self.space.possible({}, facts)
        except UndecidedError:
            diagram = None
        if diagram is None or len(diagram.ends) > _MOST_ENDS or len(part) < _FEW:
            settled = pl.Series([self._is_settled(row, facts) for row in part.iter_rows(named=True)], dtype=pl.Boolean)
        else:
            settled = self._reachable(diagram, part).bitwise_count_ones() == 1
        return part.with_columns(settled.alias("settled"))

    def _is_settled(self, row: dict[str, int], given: frozenset[str]) -> bool:
        """The same for one situation."""
        certain = {name: self._codes.labels[name][row[name] - 1] for name in self.space.order if row[name]}
        try:
            return len(self.space.possible(certain, given).ends) == 1
        except UndecidedError:
            return False

    def _reachable(self, diagram: Diagram, frame: pl.DataFrame) -> pl.Series:
        """The ends that can still be reached, a bit for each."""
        bits = {end: 1 << at for at, end in enumerate(diagram.ends)}
        column = {id(fork): f" {at}" for at, fork in enumerate(diagram.forks)}

        def ends(place: Place) -> pl.Expr:
            return (
                pl.col(column[id(place)]) if isinstance(place, Fork) else pl.lit(bits[place] if place else 0, pl.UInt64)
            )

        for level in _levels(diagram):
            frame = frame.with_columns(self._after(fork, ends).alias(column[id(fork)]) for fork in level)
        last = [column[id(fork)] for fork in diagram.forks[-1:]]
        return frame[last[0]] if last else pl.Series([sum(bits.values())] * len(frame), dtype=pl.UInt64)

    def _after(self, fork: Fork, ends: Callable[[Place], pl.Expr]) -> pl.Expr:
        reached = reduce(or_, map(ends, fork.ways.values()))
        for label, place in fork.ways.items():
            told = pl.col(fork.fact) == self._codes.of(fork.fact, label)
            reached = pl.when(told).then(ends(place)).otherwise(reached)
        return reached


def _levels(diagram: Diagram) -> Iterator[list[Fork]]:
    """The forks, each after those that it leads to; those that do not lead to one another together."""
    height: dict[int, int] = {}
    levels: dict[int, list[Fork]] = {}
    for fork in diagram.forks:
        height[id(fork)] = 1 + max((height[id(way)] for way in fork.ways.values() if isinstance(way, Fork)), default=0)
        levels.setdefault(height[id(fork)], []).append(fork)
    return iter([levels[at] for at in sorted(levels)])


def _different(frame: pl.DataFrame, names: Sequence[str]) -> list[tuple[bool, ...]]:
    return frame.select(names).unique().rows() if names else [()]
