"""Files of cases, larger than memory: read part by part, and written so that no half of one stands under its name."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.rules import told_short
from dispute_rules.reading import read_json

UNREADABLE = " unreadable"
"""The column with what is wrong with a row that cannot even be read."""
SUFFIXES = (".csv", ".jsonl", ".parquet")
_ROWS = 250_000  # at a time
_Record = tuple[Mapping[str, str | None], str | None]
"""The values of a row by their columns, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file of cases: its columns, how many rows it has if that is known, and its rows in parts."""

    schema: pl.Schema
    rows: int | None
    parts: Callable[[], Iterator[pl.DataFrame]]


def table_in(path: Path) -> Table:
    """The cases in a file, by the ending of its name. Of CSV and JSON Lines all values are text.

    Raises:
        OSError: it cannot be read.
        PolarsError: it is no Parquet file.
        CaseError: a column stands twice, or the names of the columns cannot be read.
    """
    if path.suffix == ".parquet":
        frame = pl.scan_parquet(path)
        count = frame.select(pl.len()).collect().item()
        return Table(frame.collect_schema(), count, partial(_parts_of_frame, frame))
    records = _csv_records if path.suffix == ".csv" else _json_records
    names = _csv_names(path) if path.suffix == ".csv" else _json_names(path)
    schema = pl.Schema(dict.fromkeys(names, pl.String()))
    return Table(schema, None, lambda: _parts(records(path), schema))


def _parts_of_frame(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    for part in frame.collect_batches(chunk_size=_ROWS, maintain_order=True):
        yield part.with_columns(pl.lit(None, pl.String).alias(UNREADABLE))


def _parts(records: Iterator[_Record], schema: pl.Schema) -> Iterator[pl.DataFrame]:
    while part := list(islice(records, _ROWS)):
        columns: dict[str, list[str | None]] = {name: [values.get(name) for values, _ in part] for name in schema}
        yield pl.DataFrame({**columns, UNREADABLE: [fault for _, fault in part]}, {**schema, UNREADABLE: pl.String()})


def _csv_names(path: Path) -> list[str]:
    names = next(_csv_rows(path), [])
    if names is None:
        help = "write the names of the columns with commas between them, and close each quote"
        raise CaseError([Problem("case", "wrong-type", "the first line cannot be read", help)])
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise CaseError(
            Problem(quote(name)[1:-1], "duplicate-fact", f"the column {quote(name)} stands twice", "keep one")
            for name in doubled
        )
    return names


def _csv_records(path: Path) -> Iterator[_Record]:
    rows = _csv_rows(path)
    names = next(rows, None) or []
    for row in rows:
        if row is None:
            yield {}, "case: wrong-type"
        elif row:
            yield dict(zip(names, (value or None for value in row), strict=False)), _fault_of(row, names)


def _csv_rows(path: Path) -> Iterator[list[str] | None]:
    """The rows, and None for a line that cannot be read: a quote that never closes takes no other lines with it."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        taken: list[str] = []  # for one row
        left: list[str] = []  # to be read once more, the last line first

        def lines() -> Iterator[str]:
            while line := left.pop() if left else stream.readline():
                taken.append(line)
                yield line

        reader = csv.reader(lines(), strict=True)
        while True:
            taken.clear()
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                left.extend(reversed(taken[1:]))
                reader = csv.reader(lines(), strict=True)
                yield None


def _fault_of(row: list[str], names: list[str]) -> str | None:
    if len(row) != len(names):
        return "case: wrong-type"
    return "case: not-utf-8" if any("\ufffd" in value for value in row) else None


def _json_names(path: Path) -> list[str]:
    return list(dict.fromkeys(name for values, _ in _json_records(path) for name in values))


def _json_records(path: Path) -> Iterator[_Record]:
    with path.open("rb") as stream:
        for line in stream:
            if not line.strip():
                continue
            try:
                yield {name: _text(name, value) for name, value in read_json(line).items()}, None
            except CaseError as error:
                yield {}, told_short(error)


def _text(name: str, value: Any) -> str | None:
    if name == "events" and value is not None:
        return json.dumps(value, default=str)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value) or "none"
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def write(parts: Iterable[pl.DataFrame], path: Path) -> None:
    """Write a file by the ending of its name; it takes that name only once it is whole.

    Raises:
        OSError: it cannot be written.
    """
    parts = iter(parts)
    first = next(parts)
    if path.suffix == ".csv":
        parts, first = map(_flat, parts), _flat(first)
    frame = register_io_source(lambda *_: chain([first], parts), schema=first.schema, is_pure=True)
    with whole(path) as unfinished:
        if path.suffix == ".parquet":
            frame.sink_parquet(unfinished)
        elif path.suffix == ".csv":
            frame.sink_csv(unfinished)
        else:
            frame.sink_ndjson(unfinished)


def _flat(part: pl.DataFrame) -> pl.DataFrame:
    """Lists as text."""
    lists = {name: dtype.inner for name, dtype in part.schema.items() if isinstance(dtype, pl.List)}
    return part.with_columns(_as_text(name, inner) for name, inner in lists.items())


def _as_text(name: str, inner: Any) -> pl.Expr:
    if isinstance(inner, pl.Struct):
        items = pl.col(name).list.eval(pl.element().struct.json_encode()).list.join(",")
        return pl.format("[{}]", items).alias(name)
    return pl.col(name).cast(pl.List(pl.String)).list.join(";")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what takes the name of a file only once it is whole.

    Raises:
        OSError: it cannot be written there.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")  # two runs do not mix
    try:
        unfinished.touch()
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
