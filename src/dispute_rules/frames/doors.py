"""Data frames of all kinds to the kernel and back: out comes the kind that went in, with columns of advice added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from uuid import uuid4

import narwhals as nw
import polars as pl

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.columns import column_of
from dispute_rules.frames.kernel import Kernel
from dispute_rules.frames.names import checked_columns, doubled
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
    except nw.exceptions.DuplicateError:
        names = native.column_names if nw.dependencies.is_pyarrow_table(native) else native.columns
        raise CaseError(doubled(names)) from None
    names = _names(frame, native)
    facts = checked_columns(names, kernel, keep, like=str if _tells_case(frame, native) else str.lower)
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


def _names(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], native: Any) -> list[str]:
    """As its own kind tells them: narwhals fails, each time in other words, where one stands twice."""
    if isinstance(frame, nw.DataFrame):
        return frame.columns
    return frame.collect_schema().names() if frame.implementation.is_polars() else list(native.columns)


def _tells_case(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], native: Any) -> bool:
    """Whether `price` and `Price` are two names."""
    if frame.implementation.is_pyspark():
        return bool(native.sparkSession.conf.get("spark.sql.caseSensitive") == "true")
    return not frame.implementation.is_duckdb()


def _refused(place: str, code: str, message: str, help: str) -> CaseError:
    return CaseError([Problem(place, code, message, help)])


def _eager(frame: nw.DataFrame[Any], facts: Collection[str], kernel: Kernel, today: dt.date) -> Any:
    answers = kernel.answers(_table(frame, facts), today)
    if frame.implementation.is_polars():
        added = nw.from_native(answers)
    else:
        added = nw.from_arrow(answers.to_arrow(compat_level=pl.CompatLevel.oldest()), backend=frame.implementation)
        if frame.implementation.is_pandas_like():
            pandas: Any = added.to_native()  # whose own truth values are objects once one of them is null
            added = nw.from_native(pandas.astype({"settled": "boolean"}), eager_only=True)
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

    _check_sees_python(relation)
    reader = relation.to_arrow_reader(kernel.CHUNK)
    parts = [with_advice(pa.Table.from_batches([batch]), facts, kernel, today) for batch in reader if batch.num_rows]
    advised = pa.concat_tables(parts) if parts else with_advice(reader.schema.empty_table(), facts, kernel, today)
    return _in_its_connection(relation, advised)


def _check_sees_python(relation: Any) -> None:
    """The answer goes back as a table of Python's, which a connection may be forbidden to read."""
    for setting in ("python_enable_replacements", "enable_external_access"):
        query = f"SELECT current_setting('{setting}')"
        if relation.query(f"asked_{uuid4().hex}", query).fetchall() == [(False,)]:
            help = f"`SET {setting} = true`, or give `relation.to_arrow_table()`, of which a table comes back"
            raise _refused("case", "not-a-case", f"DuckDB may not read tables of Python: `{setting}` is false", help)


def _in_its_connection(relation: Any, advised: Any) -> Any:
    """DuckDB finds a table of Python by its name, after those in the database: so the name is one of its own."""
    name = f"advised_{uuid4().hex}"
    globals()[name] = advised
    try:
        return relation.query(f"asked_{name}", f"FROM {name}")
    finally:
        del globals()[name]


def with_advice(table: Any, facts: Collection[str], kernel: Kernel, today: dt.date) -> Any:
    """An Arrow table with columns of advice; labels as text."""
    answers = kernel.answers(_table(nw.from_native(table, eager_only=True), facts), today)
    labels = [name for name, dtype in answers.schema.items() if isinstance(dtype, pl.Enum)]
    added = answers.cast(dict.fromkeys(labels, pl.String)).to_arrow(compat_level=pl.CompatLevel.oldest())
    for name in added.column_names:
        table = table.append_column(name, added[name])
    return table
