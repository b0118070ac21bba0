"""Files of advice, in CSV, JSON Lines or Parquet, written so that no half of one stands under its name."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

import polars as pl
from polars.io.plugins import register_io_source

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.facts import Fact, Kind

_KIND_ALONE = r"^[^,;\s\x1c-\x1f]+$"  # as `cells.kinds_in` would find it again


@dataclass(frozen=True, slots=True)
class Told:
    """Rows as they came, their advice, and the JSON that a row began with."""

    rows: pl.DataFrame
    advice: pl.DataFrame
    heads: pl.Series


def check_columns(schema: Mapping[str, pl.DataType], path: Path) -> None:
    """Whether a file of this ending can hold such columns.

    Raises:
        CaseError: some hold bytes, and the file text.
    """
    if path.suffix.lower() != ".parquet":
        names = [name for name, dtype in schema.items() if _has_bytes(dtype)]
        help = "write .parquet, or give a file without the column"
        if names:
            raise CaseError(
                Problem(
                    quote(name)[1:-1], "wrong-type", f"the column {quote(name)} holds bytes, which are no text", help
                )
                for name in names
            )


def _has_bytes(dtype: object) -> bool:
    if isinstance(dtype, pl.Struct):
        return any(_has_bytes(field.dtype) for field in dtype.fields)
    return _has_bytes(dtype.inner) if isinstance(dtype, pl.List | pl.Array) else dtype == pl.Binary


def write(parts: Iterable[Told], path: Path, facts: Mapping[str, Fact]) -> None:
    """Write a file by the ending of its name; it takes that name only once it is whole.

    What a fact says is the same when it is read again. There is one part at least, which may be without rows.

    Raises:
        OSError: it cannot be written.
    """
    with whole(path) as unfinished, unfinished.open("wb") as file:
        stream = _Stream(file)
        try:
            _write_all(parts, path.suffix.lower(), facts, cast("IO[bytes]", stream))
        except (OSError, pl.exceptions.PolarsError):
            if stream.failure:
                raise stream.failure from None
            raise


class _Stream(io.RawIOBase):
    """A file that keeps why it could not be written: Polars tells that as a fault of what it reads."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def write(self, data: Any) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = error
            raise


def _write_all(parts: Iterable[Told], ending: str, facts: Mapping[str, Fact], stream: IO[bytes]) -> None:
    if ending == ".parquet":
        _write_parquet(parts, stream)
        return
    write_part = _write_csv if ending == ".csv" else _write_json
    for part in parts:
        rows = part.rows.with_columns(_same_again(part.rows.schema, facts))
        write_part(Told(rows, part.advice, part.heads), stream)


def _write_parquet(parts: Iterable[Told], stream: IO[bytes]) -> None:
    frames = (part.rows.hstack(part.advice) for part in parts)
    first = next(frames)
    frame = register_io_source(lambda *_: chain([first], frames), schema=first.schema, is_pure=True)
    frame.sink_parquet(stream)  # by its name Polars might make the file anew, after an interruption


def _write_csv(part: Told, stream: IO[bytes]) -> None:
    table = part.rows.hstack(part.advice)
    table.with_columns(_flat(table.schema)).write_csv(stream, include_header=not stream.tell())


def _write_json(part: Told, stream: IO[bytes]) -> None:
    """What was an object before stays as it was written, with the advice added to it."""
    head = pl.coalesce(part.heads, part.rows.select(_json(pl.all()).str.head(-1)).to_series())
    between = pl.when(head == "{").then(pl.lit("")).otherwise(pl.lit(","))
    advice = part.advice.select(_json(pl.all()).str.slice(1)).to_series()
    for line in pl.select(pl.concat_str(head, between, pl.lit(advice))).to_series():
        stream.write(f"{line}\n".encode())


def _same_again(schema: Mapping[str, pl.DataType], facts: Mapping[str, Fact]) -> Iterator[pl.Expr]:
    """Facts whose text would otherwise be read as something else."""
    for name in schema.keys() & facts.keys():
        column, dtype = pl.col(name), schema[name]
        if dtype.is_float():
            column = column.fill_nan(None)
        if facts[name].kind is Kind.YES_NO and (dtype.is_float() or dtype.is_decimal()):
            yield column.cast(pl.String).str.replace(r"\.0*$", "")
        elif dtype.is_float():
            yield column
        elif dtype == pl.Datetime:
            text = column.cast(pl.String)
            yield pl.when(column.dt.time() == dt.time()).then(column.dt.date().cast(pl.String)).otherwise(text)


def _flat(schema: Mapping[str, pl.DataType]) -> Iterator[pl.Expr]:
    """Text for what CSV has no form for: JSON, or kinds of evidence with `;` between them."""
    for name, dtype in schema.items():
        if name == "evidence" and isinstance(dtype, pl.List | pl.Array) and not dtype.inner.is_nested():
            yield _evidence(pl.col(name).cast(pl.List(pl.String))).alias(name)
        elif dtype.is_nested():
            yield _value_in_json(pl.col(name))
        elif dtype == pl.Duration:
            yield pl.col(name).dt.to_string("iso")


def _evidence(column: pl.Expr) -> pl.Expr:
    alone = pl.element().str.contains(_KIND_ALONE) & (pl.element() != "none")
    text = pl.when(column.list.len() == 0).then(pl.lit("none")).otherwise(column.list.join(";"))
    return pl.when(column.list.eval(alone.fill_null(False)).list.all()).then(text).otherwise(_value_in_json(column))


def _value_in_json(column: pl.Expr) -> pl.Expr:
    text = _json(column.alias("")).str.slice(len('{"":')).str.head(-1)
    return pl.when(column.is_not_null()).then(text).name.keep()


def _json(columns: pl.Expr) -> pl.Expr:
    return pl.struct(columns).struct.json_encode()


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what takes the name of a file only once it is whole: a link stays one, a mode as it was.

    Raises:
        OSError: it cannot be written there.
    """
    target = Path(os.path.realpath(path))
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.unfinished")  # two runs do not mix
    try:
        if target.exists():
            _check_replaceable(target)
        unfinished.touch()
        try:
            yield unfinished
            if target.exists():
                shutil.copymode(target, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        if error.errno and error.filename in (None, str(target), str(unfinished)):
            error.filename = str(path)
        raise


def _check_replaceable(target: Path) -> None:
    if not target.is_file():
        raise OSError(errno.EEXIST, "there is something that is no file", str(target))
    target.open("ab").close()
