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
_ROW = "row"
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
class Move:
    """How many rows change so, and the number of the first of them."""

    count: int
    first: int


@dataclass(slots=True)
class Changes:
    """How many rows there were, how many changed or stay set aside, and for each column from what to what.

    None stands for null. Amounts and days are not told themselves: `a value` changes to `another`. A row that only one
    pack sets aside, or each for another fault, is among those that changed; so each row counts once.
    """

    rows: int = 0
    changed: int = 0
    stay_aside: int = 0
    changed_aside_by_old: int = 0
    """Of those that changed, how many the old pack sets aside."""
    changed_aside_by_new: int = 0
    moves: dict[str, dict[tuple[str | None, str | None], Move]] = field(
        default_factory=lambda: {name: {} for name in COMPARED}
    )


def advise_file(source: Path, target: Path, kernel: Kernel, keep: Collection[str], progress: Progress) -> Counts:
    """Write the rows of a file with their advice; `progress` is told of rows as they are done.

    Raises:
        CaseError: the columns do not fit.
        OSError: a file cannot be read or written.
    """
    table, counts, today = table_in(source, kernel.facts, keep), Counts(), dt.date.today()
    facts = _facts(table, kernel, keep)
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
    facts = [_facts(table, kernel, keep) for kernel in (old, new)]
    for part in _read(table):
        before, after = (
            _answers(part, kernel, names, today).select(COMPARED)
            for kernel, names in zip((old, new), facts, strict=True)
        )
        _add(changes, before, after)
        progress(len(part.rows))
    return changes


def _facts(table: Table, kernel: Kernel, keep: Collection[str]) -> list[str]:
    return checked_columns(table.schema.names(), kernel, keep, keep_is="--keep")


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
    texts = [each.select(pl.all().cast(pl.String).name.prefix(at)) for at, each in (("old ", before), ("new ", after))]
    pairs = pl.concat(texts, how="horizontal").with_row_index(_ROW, changes.rows + 1)
    changed = {name: pl.col(f"old {name}").ne_missing(pl.col(f"new {name}")) for name in COMPARED}
    changes.rows += len(pairs)
    changed_rows = pairs.filter(pl.any_horizontal(changed.values()))
    by_old, by_new = (changed_rows[f"{at} {PROBLEMS}"].count() for at in ("old", "new"))
    changes.changed += len(changed_rows)
    changes.stay_aside += before[PROBLEMS].count() - by_old
    changes.changed_aside_by_old += by_old
    changes.changed_aside_by_new += by_new
    for name, is_changed in changed.items():
        old, new = _told(name)
        moved = pairs.filter(is_changed).group_by(old.alias("old"), new.alias("new"))
        for was, becomes, count, first in moved.agg(pl.len(), pl.col(_ROW).min()).iter_rows():
            changes.moves[name].setdefault((was, becomes), Move(0, first)).count += count


def _told(name: str) -> tuple[pl.Expr, pl.Expr]:
    """What a column was, and what it becomes."""
    old, new = pl.col(f"old {name}"), pl.col(f"new {name}")
    if name not in VALUES:
        return old, new
    value = pl.lit("a value")
    return pl.when(old.is_not_null()).then(value), pl.when(new.is_not_null()).then(
        pl.when(old.is_null()).then(value).otherwise(pl.lit("another"))
    )
