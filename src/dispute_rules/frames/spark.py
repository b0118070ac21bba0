"""Spark: the kernel runs on the executors, on Arrow batches, when the frame is asked for."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import types
from pyspark.sql.pandas.types import to_arrow_type

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.doors import with_advice
from dispute_rules.frames.kernel import Kernel
from dispute_rules.frames.reading import THOUSANDTHS
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack

_MOST_ROWS = 100_000  # of the small batches that Spark gives, taken together


Make = Callable[[Pack], Kernel]


def advise_spark(frame: Any, facts: Collection[str], kernel: Kernel, make: Make, today: dt.date) -> Any:
    """The frame with columns of advice, lazy as it was; `make` makes the kernel again on the executors.

    Raises:
        CaseError: some columns are of a type that Spark does not pass to Python.
    """
    if problems := [problem for field in frame.schema.fields for problem in _problems(field)]:
        raise CaseError(problems)
    fields = [types.StructField(name, _type(dtype)) for name, dtype in kernel.schema.items()]
    pack = kernel.pack
    advising = _Advising(make, pack.name, tuple(pack.contents.items()), frame.columns, list(facts), today)
    numbered = frame.toDF(*map(str, range(len(frame.columns))))  # mapInArrow takes a dot in a name for a field in it
    return numbered.mapInArrow(advising, types.StructType([*frame.schema.fields, *fields]))


def _problems(field: types.StructField) -> Iterator[Problem]:
    try:
        to_arrow_type(field.dataType, timezone="UTC")
    except PySparkException:
        message = f"Spark does not pass {quote(field.dataType.simpleString())} to Python"
        yield Problem(quote(field.name)[1:-1], "wrong-type", message, "cast the column, or leave it out")


def _type(dtype: pl.DataType) -> types.DataType:
    if dtype == THOUSANDTHS:
        return types.DecimalType(38, 3)
    return {pl.Date(): types.DateType(), pl.Boolean(): types.BooleanType()}.get(dtype, types.StringType())


Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class _Advising:
    """What each executor does."""

    make: Make
    name: str
    files: Files
    columns: list[str]
    facts: list[str]
    today: dt.date

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        kernel = _kernel(self.make, self.name, self.files)
        for table in _gathered(batches):
            advised = with_advice(table.rename_columns(self.columns), self.facts, kernel, self.today)
            schema = pa.schema([_as_spark_has_it(field) for field in advised.schema])
            yield from advised.cast(schema).combine_chunks().to_batches()


@lru_cache(maxsize=4)
def _kernel(make: Make, name: str, files: Files) -> Kernel:
    """Made from the files of the pack, which the executor need not have; kept from one task to the next."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / name
        for path, contents in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(contents)
        return make(load_pack(root))


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Small batches taken together: what each table costs, however few its rows, is paid less often."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= _MOST_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _as_spark_has_it(field: pa.Field) -> pa.Field:
    return field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
