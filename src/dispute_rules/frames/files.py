"""Files of cases, larger than memory, read part by part."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from dispute_rules.frames.csv_rows import csv_names, csv_rows
from dispute_rules.frames.json_lines import json_names, json_rows
from dispute_rules.frames.row import Row

_ROWS = 250_000  # at a time
_MANY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file, what is wrong with those that cannot be read, and the JSON that a row began with."""

    rows: pl.DataFrame
    faults: pl.Series
    heads: pl.Series


@dataclass(frozen=True, slots=True)
class Table:
    """A file of cases: its columns, and its rows in parts."""

    schema: pl.Schema
    parts: Callable[[], Iterator[Part]]


def table_in(path: Path, facts: Collection[str], keep: Collection[str]) -> Table:
    """The cases in a file, by the ending of its name. Of CSV and JSON Lines all values are text.

    Raises:
        OSError: it cannot be read, or is no regular file.
        PolarsError: it is no Parquet file.
        CaseError: the names of the columns cannot be read.
    """
    if path.exists() and not path.is_file():  # a pipe might keep one waiting, and cannot be read twice
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    ending = path.suffix.lower()
    if ending == ".parquet":
        frame = pl.scan_parquet(path, glob=False)
        return Table(frame.collect_schema(), lambda: _parts_of_frame(frame))
    if ending == ".csv":
        return _table(csv_names(path), lambda: csv_rows(path))
    names = json_names(path, facts, keep)
    return _table(names, lambda: json_rows(path, facts, names))


def most_rows(path: Path) -> int | None:
    """How many rows a file has at most, so that one can be told how far it is; None if it cannot be read."""
    with suppress(OSError, pl.exceptions.PolarsError):
        if path.suffix.lower() == ".parquet":
            return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        if path.is_file():
            with path.open("rb") as stream:
                return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(_MANY_BYTES), b"")) + 1
    return None


def _parts_of_frame(frame: pl.LazyFrame) -> Iterator[Part]:
    for rows in frame.collect_batches(chunk_size=_ROWS, maintain_order=True):
        nothing = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
        yield Part(rows, nothing, nothing)


def _table(names: Iterable[str], rows: Callable[[], Iterator[Row]]) -> Table:
    schema = pl.Schema(dict.fromkeys(names, pl.String()))
    return Table(schema, lambda: _parts(rows(), schema))


def _parts(rows: Iterator[Row], schema: pl.Schema) -> Iterator[Part]:
    while part := list(islice(rows, _ROWS)):
        columns = {name: [row.values.get(name) for row in part] for name in schema}
        faults, heads = [row.fault for row in part], [row.head for row in part]
        yield Part(pl.DataFrame(columns, schema), pl.Series(faults, dtype=pl.String), pl.Series(heads, dtype=pl.String))
