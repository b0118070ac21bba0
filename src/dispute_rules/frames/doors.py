"""Data frames of all kinds to the kernel and back: out comes the kind that went in, with columns of advice added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

import narwhals as nw
import polars as pl

from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.frames.columns import column_of
from dispute_rules.frames.kernel import Kernel
from dispute_rules.pack.written import Pack

_KINDS = "Polars, pandas, PyArrow, DuckDB or PySpark"


def advise_frame(native: Any, kernel: Kernel, make: Callable[[Pack], Kernel], keep: Collection[str]) -> Any:
    """The frame with columns of advice; `make` makes the kernel again in another process.

    Raises:
        CaseError: it is no data frame, or its columns do not fit.
    """
    today = dt.date.today()  # one day for all rows, however long it takes
    try:
        frame = nw.from_native(native)
    except TypeError:
        raise _refused("case", "not-a-case", f"{quote(type(native).__name__)} is no data frame", _KINDS) from None
    except nw.exceptions.DuplicateError as error:
        raise _refused("case", "duplicate-fact", str(error), "keep one column of each name") from None
    names = frame.columns if isinstance(frame, nw.DataFrame) else frame.collect_schema().names()
    facts = checked_columns(names, kernel, keep)
    if isinstance(frame, nw.DataFrame):
        return _eager(frame, facts, kernel, today)
    if frame.implementation.is_polars():
        return _lazy(native, partial(_with_advice, kernel=kernel, facts=facts, today=today), kernel)
    if frame.implementation.is_duckdb():
        return _relation(native, facts, kernel, today)
    if frame.implementation.is_pyspark():
        from dispute_rules.frames.spark import advise_spark

        return advise_spark(native, facts, kernel, make, today)
    help = f"collect it first: {_KINDS}"
    raise _refused("case", "not-a-case", f"frames of {quote(frame.implementation.name)} are not known", help)


def checked_columns(names: Iterable[str], kernel: Kernel, keep: Collection[str]) -> list[str]:
    """The columns that are facts.

    Raises:
        CaseError: some columns are no facts and not to be kept, are lacking, or have names that the advice takes.
    """
    named: object = keep
    if isinstance(named, str) or not isinstance(named, Collection):
        help = f"give [{quote(keep)}]" if isinstance(named, str) else "give the names of columns"
        raise _refused("case", "wrong-type", f"`keep` is {quote(keep)}, and not a list", help)
    names = list(names)
    problems = [
        Problem(quote(name)[1:-1], "unknown-fact", f"there is no fact {quote(name)}", _unknown_help(name, kernel.facts))
        for name in names
        if name not in kernel.facts and name not in keep
    ]
    problems += [
        Problem(quote(name)[1:-1], "unknown-fact", f"there is no column {quote(name)}", did_you_mean(name, names))
        for name in keep
        if name not in names
    ]
    help = "rename the column: the advice has one of that name"
    problems += [
        Problem(name, "duplicate-fact", f"the column {quote(name)} would be lost", help)
        for name in names
        if name in kernel.schema
    ]
    if "ground" not in names:
        problems.append(Problem("ground", "missing-fact", "there is no column `ground`", "every case has a ground"))
    if problems:
        raise CaseError(problems)
    return [name for name in names if name in kernel.facts]


def _unknown_help(name: str, facts: Collection[str]) -> str:
    meant = did_you_mean(name, facts)
    carry = "name it in `keep` to carry it along"
    return f"{meant} Or {carry}" if meant.startswith("did you mean") else carry


def _refused(place: str, code: str, message: str, help: str) -> CaseError:
    return CaseError([Problem(place, code, message, help)])


def _eager(frame: nw.DataFrame[Any], facts: Collection[str], kernel: Kernel, today: dt.date) -> Any:
    answers = kernel.answers(_table(frame, facts), today)
    if frame.implementation.is_polars():
        added = nw.from_native(answers)
    else:
        added = nw.from_arrow(answers.to_arrow(compat_level=pl.CompatLevel.oldest()), backend=frame.implementation)
    return frame.with_columns(*added.iter_columns()).to_native()


def _table(frame: nw.DataFrame[Any], facts: Collection[str]) -> pl.DataFrame:
    return pl.DataFrame([column_of(frame[name]) for name in facts])


def _with_advice(frame: pl.DataFrame, *, kernel: Kernel, facts: Collection[str], today: dt.date) -> pl.DataFrame:
    return frame.hstack(kernel.answers(frame.select(facts), today))


def _lazy(frame: pl.LazyFrame, advised: Callable[[pl.DataFrame], pl.DataFrame], kernel: Kernel) -> pl.LazyFrame:
    """Part by part, once it is collected."""
    schema = pl.Schema({**frame.collect_schema(), **kernel.schema})
    return frame.map_batches(
        advised, predicate_pushdown=False, projection_pushdown=False, schema=schema, streamable=True
    )


def _relation(relation: Any, facts: Collection[str], kernel: Kernel, today: dt.date) -> Any:
    """Read part by part; what comes out is held in memory, and belongs to the same connection."""
    import pyarrow as pa

    reader = relation.to_arrow_reader(kernel.CHUNK)
    parts = [with_advice(pa.Table.from_batches([batch]), facts, kernel, today) for batch in reader if batch.num_rows]
    advised = pa.concat_tables(parts) if parts else with_advice(reader.schema.empty_table(), facts, kernel, today)
    return _in_its_connection(relation, advised)


def _in_its_connection(relation: Any, advised: Any) -> Any:
    """DuckDB finds a table of Python by its name, after those in the database: so the name is one that nobody gives."""
    advised_by_dispute_rules = advised  # noqa: F841
    return relation.query("asked_of_dispute_rules", "FROM advised_by_dispute_rules")


def with_advice(table: Any, facts: Collection[str], kernel: Kernel, today: dt.date) -> Any:
    """An Arrow table with columns of advice; labels as text."""
    answers = kernel.answers(_table(nw.from_native(table, eager_only=True), facts), today)
    labels = [name for name, dtype in answers.schema.items() if isinstance(dtype, pl.Enum)]
    added = answers.cast(dict.fromkeys(labels, pl.String)).to_arrow(compat_level=pl.CompatLevel.oldest())
    for name in added.column_names:
        table = table.append_column(name, added[name])
    return table
