"""Rows with what is known of them, and what has been found out so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from dispute_rules.engine.decide import Outcome
from dispute_rules.frames.coding import UNKNOWN
from dispute_rules.frames.walks import Column, looked_up

E = TypeVar("E")


@dataclass(slots=True)
class Decided:
    """So many rows; the columns by their names, and of each decision the outcomes by the numbers in a column."""

    rows: int
    columns: dict[str, Column]
    outcomes: dict[str, tuple[Column, Sequence[Outcome]]] = field(default_factory=dict)
    faults: list[pl.Series] = field(default_factory=list)
    searched: bool = False
    """Whether the first assumptions did not do for some row."""

    def series(self, name: str) -> pl.Series:
        """A column with a code for each row."""
        column = self.columns.get(name, UNKNOWN)
        return pl.repeat(column, self.rows, dtype=pl.UInt32, eager=True) if isinstance(column, int) else column

    def look_up(self, name: str, at: Column, ends: Sequence[E], code_of: Callable[[E], int]) -> None:
        """Make a column of the codes of what rows come to, which is given by numbers."""
        codes = list(map(code_of, ends))
        self.columns[name] = codes[at] if isinstance(at, int) else looked_up(at, codes, pl.UInt32(), self.rows)

    def tell(self, at: Column, ends: Sequence[E], fault: Callable[[E], str | None]) -> None:
        """Add what is wrong with rows, if anything is."""
        faults = list(map(fault, ends))
        if any(faults):
            self.faults.append(looked_up(at, faults, pl.String(), self.rows))

    @property
    def fault(self) -> pl.Series | None:
        """The first thing that is wrong with each row; None if nothing is wrong with any."""
        return pl.select(pl.coalesce(self.faults)).to_series() if self.faults else None
