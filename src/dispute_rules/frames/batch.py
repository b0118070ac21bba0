"""A file of cases to a file of advice, and what would change for its cases by other rules."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dispute_rules.frames.answers import AMOUNTS, DATES, PROBLEMS, SAID
from dispute_rules.frames.files import Part, Table, table_in
from dispute_rules.frames.kernel import Kernel
from dispute_rules.frames.names import checked_columns
from dispute_rules.frames.output import Told, check_columns, write

VALUES = (*AMOUNTS, *DATES)
COMPARED = (*SAID, *VALUES, PROBLEMS)
Progress = Callable[[int], None]


@dataclass(slots=True)
class Counts:
    """How many rows there were, and how many of them were set aside for what."""

    rows: int = 0
    set_aside: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, problems: pl.Series) -> None:
        """Count some rows."""
        self.rows += len(problems)
        self.set_aside += len(problems) - problems.null_count()
        self.faults.update(dict(problems.drop_nulls().value_counts().iter_rows()))


@dataclass(slots=True)
class Changes:
    """How many rows there were, how many changed, and for each column from what to what.

    Amounts and days are not told themselves: `a value` changes to `another`. Rows set aside are so by either pack.
    """

    rows: int = 0
    set_aside: int = 0
    changed: int = 0
    moves: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: {name: Counter() for name in COMPARED})


def advise_file(source: Path, target: Path, kernel: Kernel, keep: Collection[str], progress: Progress) -> Counts:
    """Write the rows of a file with their advice; `progress` is told of rows as they are done.

    Raises:
        CaseError: the columns do not fit.
        OSError: a file cannot be read or written.
    """
    table, counts, today = table_in(source, kernel.facts, keep), Counts(), dt.date.today()
    facts = checked_columns(table.schema.names(), kernel, keep)
    check_columns(table.schema, target)

    def advised() -> Iterator[Told]:
        for part in _read(table):
            advice = _answers(part, kernel, facts, today)
            counts.add(advice[PROBLEMS])
            progress(len(advice))
            yield Told(part.rows, advice, part.heads)

    write(advised(), target, kernel.facts)
    return counts


def compare_file(source: Path, old: Kernel, new: Kernel, keep: Collection[str], progress: Progress) -> Changes:
    """What changes for the rows of a file from one pack to another.

    Raises:
        CaseError: the columns do not fit both.
        OSError: the file cannot be read.
    """
    table, changes, today = table_in(source, old.facts.keys() | new.facts.keys(), keep), Changes(), dt.date.today()
    facts = [checked_columns(table.schema.names(), kernel, keep) for kernel in (old, new)]
    for part in _read(table):
        before, after = (
            _answers(part, kernel, names, today).select(COMPARED)
            for kernel, names in zip((old, new), facts, strict=True)
        )
        _add(changes, before, after)
        progress(len(part.rows))
    return changes


def _read(table: Table) -> Iterator[Part]:
    """The parts, first one without rows: there are columns even if there are no rows."""
    nothing = pl.Series(dtype=pl.String)
    yield Part(table.schema.to_frame(), nothing, nothing)
    yield from (part for part in table.parts() if len(part.rows))


def _answers(part: Part, kernel: Kernel, facts: Collection[str], today: dt.date) -> pl.DataFrame:
    """The columns of advice as text, days and amounts; nothing but the fault of a row that cannot be read."""
    answers = kernel.answers(part.rows.select(facts), today)
    labels = [name for name, dtype in answers.schema.items() if isinstance(dtype, pl.Enum)]
    answers = answers.cast(dict.fromkeys(labels, pl.String)).with_columns(pl.when(part.faults.is_null()).then(pl.all()))
    return answers.with_columns(pl.coalesce(part.faults, PROBLEMS).alias(PROBLEMS))


def _add(changes: Changes, before: pl.DataFrame, after: pl.DataFrame) -> None:
    pairs = pl.concat([_texts(before, "old "), _texts(after, "new ")], how="horizontal")
    changed = {name: pl.col(f"old {name}") != pl.col(f"new {name}") for name in COMPARED}
    changes.rows += len(pairs)
    faults = pl.DataFrame([before[PROBLEMS].alias("old"), after[PROBLEMS].alias("new")])
    changes.set_aside += len(faults) - len(faults.filter(pl.all_horizontal(pl.all().is_null())))
    changes.changed += pairs.select(pl.any_horizontal(changed.values()).sum()).item()
    for name, is_changed in changed.items():
        moved = pairs.filter(is_changed)
        if name in VALUES:
            moved = moved.with_columns(_kind(f"old {name}", "a value"), _kind(f"new {name}", "another"))
        moves = moved.group_by(f"old {name}", f"new {name}").len()
        changes.moves[name].update({(old, new): count for old, new, count in moves.iter_rows()})


def _kind(name: str, value: str) -> pl.Expr:
    return pl.when(pl.col(name) == "none").then(pl.col(name)).otherwise(pl.lit(value)).alias(name)


def _texts(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """Values in words."""
    return frame.select(pl.all().cast(pl.String).fill_null("none").name.prefix(prefix))
