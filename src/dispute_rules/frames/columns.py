"""Columns of all kinds of frames, for Polars: as they are where it has their type, else the values that Python sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
from narwhals.dependencies import get_numpy

from dispute_rules.frames.cells import each_value

# what Polars has, too, value for value
_SHARED = (nw.Boolean, nw.String, nw.Categorical, nw.Enum, nw.Date, nw.Datetime, nw.Decimal)
_OF_PYTHON = {str, bool, int, float, Decimal, dt.date}
_FAILS = (ArithmeticError, NotImplementedError, RuntimeError, TypeError, ValueError, pl.exceptions.PolarsError)


def column_of(column: nw.Series[Any]) -> pl.Series:
    """A column as Polars has it."""
    if column.implementation.is_polars():
        return column.to_polars()
    with suppress(*_FAILS):
        if _is_shared(column):
            return column.to_polars().alias(column.name)
    values = each_value(column.to_list, len(column), column.item)
    return _of_values(column.name, _from_pandas(column, values) if column.implementation.is_pandas_like() else values)


def _is_shared(column: nw.Series[Any]) -> bool:
    dtype, native = column.dtype, column.to_native().dtype if column.implementation.is_pandas_like() else None
    mixed = "object" in (str(native), str(getattr(getattr(native, "categories", None), "dtype", None)))
    return not mixed and (isinstance(dtype, _SHARED) or dtype.is_numeric() or dtype == nw.List(nw.String))


def _from_pandas(column: nw.Series[Any], values: Sequence[Any]) -> list[Any]:
    """It has several values for what is not known, and arrays where it has read lists from a file."""
    nulls, array = column.to_native().astype(object).isna(), get_numpy().ndarray
    known = (value.tolist() if isinstance(value, array) else value for value in values)
    return [None if is_null else value for value, is_null in zip(known, nulls, strict=True)]


def _of_values(name: str, values: Sequence[Any]) -> pl.Series:
    """A column of one type, or of anything."""
    known = [value for value in values if value is not None]
    types = set(map(type, known))
    simple = len(types) == 1 and types <= _OF_PYTHON and (types != {Decimal} or all(map(Decimal.is_finite, known)))
    lists = types == {list} and all(type(each) is str for value in known for each in value)
    with suppress(*_FAILS):
        if simple or lists:
            column = _of_lists(name, values) if lists else pl.Series(name, values)
            if len(values) - column.null_count() == len(known):  # decimals that do not fit together get lost
                return column
    return pl.Series(name, values, dtype=pl.Object if known else pl.Null)


def _of_lists(name: str, values: Sequence[Any]) -> pl.Series:
    """By way of Arrow, which takes lists from Python many times as quickly."""
    import pyarrow as pa  # is there where the frame is not one of Polars

    return pl.Series(name, pa.array(values, pa.list_(pa.large_string())))
