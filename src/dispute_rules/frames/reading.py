"""Columns as they come, typed: labels as codes, amounts as thousandths, days as days since 1970."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from dispute_rules import currency as iso4217
from dispute_rules.facts import Fact, Kind
from dispute_rules.frames.cells import kinds_in
from dispute_rules.frames.coding import any_of
from dispute_rules.values import FIRST_DAY, LAST_DAY, MOST_EVIDENCE

_TRUE = [each for word in ("true", "t", "yes", "y", "on", "1") for each in {word, word.title(), word.upper()}]
_FALSE = [each for word in ("false", "f", "no", "n", "off", "0") for each in {word, word.title(), word.upper()}]
_LARGEST = 10**12  # thousandths: amounts have at most 9 digits before the point
_MOST_UNITS = 1_000_000
_PLAIN = r"-?[0-9]{1,9}(?:\.[0-9]{1,4})?"  # a number as long as that is told from any other when it is read as a float
_WITH_CURRENCY = f"^({_PLAIN}) ?([A-Z]{{3}})$"
_CURRENCIES = sorted(iso4217.CODES)
_BETWEEN = "\0"
_SAYS_NOTHING = r"^[,;\s\x1c-\x1f]*$"
THOUSANDTHS = pl.Decimal(38, 3)
ODD = " odd"
_IN_A_SECOND = {"ms": 1000, "us": 1_000_000}  # nanoseconds do not reach as far as Python
_SECONDS_OF_PYTHON = (-62_135_510_400, 253_402_214_400)  # from 0001-01-02 to 9999-12-31, at any place


def typed(frame: pl.DataFrame, kinds: Mapping[str, Fact], evidence: Sequence[str]) -> pl.DataFrame:
    """The columns of facts as numbers, the others as they are, and whether a row has something not to be read so.

    Columns of nulls are left out. `evidence` are the kinds that rules may ask for: it becomes a number with a bit for
    each of them.
    """
    columns = {name: dtype for name, dtype in frame.schema.items() if name in kinds and dtype != pl.Null}
    frame = frame.drop(kinds.keys() & (frame.schema.keys() - columns.keys()))
    values = {name: _value(kinds[name], dtype) for name, dtype in columns.items() if name != "evidence"}
    if "evidence" in columns:
        values["evidence"] = pl.lit(_evidence(frame["evidence"], evidence))
    odd = any_of(_given(name, columns[name]) & value.is_null() for name, value in values.items())
    read = [value.alias(name) for name, value in values.items()]
    return worked_out(frame, [pl.exclude([*columns]), *read, odd.alias(ODD)])


def as_meant(frame: pl.DataFrame) -> pl.DataFrame:
    """Floats of 32 bits as those of 64 that print the same, 24.9; and `evidence` that says nothing as not known.

    Days and times that Python cannot hold are the first or the last that it can: no fact can be one of these.
    """
    evidence = [pl.col("evidence").cast(pl.String)] if _is_text(frame.schema.get("evidence", pl.Null())) else []
    return frame.with_columns(_held(pl.col(name), dtype) for name, dtype in frame.schema.items()).with_columns(
        pl.col(pl.Float32).cast(pl.String).cast(pl.Float64),
        pl.col(pl.Float16).cast(pl.Float64),
        *(pl.when(~text.str.contains(_SAYS_NOTHING)).then(text) for text in evidence),
    )


def in_one_currency(frame: pl.DataFrame, amounts: Iterable[str]) -> pl.DataFrame:
    """The rows whose amounts name one currency, as `24.90 EUR`, as if it were told once; see `money.parted`."""
    texts = [pl.col(name).cast(pl.String) for name in amounts if _is_text(frame.schema.get(name, pl.Null()))]
    named = [text.str.extract(_WITH_CURRENCY, 2) for text in texts]
    told = [pl.col("currency").cast(pl.String)] if "currency" in frame.columns else []
    if not named or not all(_is_text(frame.schema["currency"]) for _ in told):
        return frame.clear()
    currency = pl.coalesce(told + named)
    same = any_of(each.is_not_null() for each in named) & ~any_of(each != currency for each in told + named)
    plain = [pl.coalesce(text.str.extract(_WITH_CURRENCY, 1), text) for text in texts]
    return frame.filter(same.fill_null(value=True)).with_columns(*plain, currency=currency)


def _held(column: pl.Expr, dtype: Any) -> pl.Expr:
    if dtype == pl.Date:
        return column.clip(dt.date.min, dt.date.max)
    if dtype == pl.Datetime and dtype.time_unit in _IN_A_SECOND:
        first, last = (second * _IN_A_SECOND[dtype.time_unit] for second in _SECONDS_OF_PYTHON)
        return column.to_physical().clip(first, last).cast(dtype)
    return column


def worked_out(frame: pl.DataFrame, columns: Iterable[pl.Expr]) -> pl.DataFrame:
    """These columns; lazily, so that what they have in common is worked out once."""
    return frame.lazy().select(columns).collect()


def _given(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column.is_not_null() & column.is_not_nan() if dtype.is_float() else column.is_not_null()


def _value(fact: Fact, dtype: pl.DataType) -> pl.Expr:
    """A column's values as numbers; null what is null or cannot be read at once."""
    if fact.name == "currency":
        return _among(_CURRENCIES, fact.name, dtype)
    if fact.kind is Kind.LABEL:
        return _among(fact.labels, fact.name, dtype)
    reader = _READERS[fact.kind]
    return reader(pl.col(fact.name), dtype) if dtype != pl.Object else pl.lit(None)


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)


def _among(labels: Iterable[str], name: str, dtype: pl.DataType) -> pl.Expr:
    """The place among some labels, from 1 on."""
    if not _is_text(dtype):
        return pl.lit(None, pl.UInt16)
    if isinstance(dtype, pl.Enum):
        places = {label: at for at, label in enumerate(labels, 1)}
        codes = pl.Series([places.get(each) for each in dtype.categories], dtype=pl.UInt16)
        return pl.lit(codes).gather(pl.col(name).to_physical())
    return pl.col(name).cast(pl.Enum(labels), strict=False).to_physical().cast(pl.UInt16) + 1


def _truth(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """1 for true and 2 for false, as the labels of such facts are numbered."""
    if dtype == pl.Boolean:
        return 2 - column.cast(pl.UInt16)
    if dtype.is_integer() or dtype.is_float():
        return pl.when(column == 1).then(1).when(column == 0).then(2).cast(pl.UInt16)
    if not _is_text(dtype):
        return pl.lit(None, pl.UInt16)
    word = column.cast(pl.Enum([*_TRUE, *_FALSE]), strict=False).to_physical()
    return pl.when(word < len(_TRUE)).then(1).when(word.is_not_null()).then(2).cast(pl.UInt16)


def _day(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    day: pl.Expr = column
    if dtype == pl.Datetime:
        day = pl.when(column.dt.time() == dt.time()).then(column.dt.date())
    elif _is_text(dtype):
        text = column.cast(pl.String)
        written = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        day = pl.when(written).then(text.str.to_date("%Y-%m-%d", strict=False))
    elif dtype != pl.Date:
        return pl.lit(None, pl.Int32)
    return pl.when(day.is_between(FIRST_DAY, LAST_DAY)).then(day.cast(pl.Int32))


def _amount(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    number = _number(column, dtype)
    return pl.when(number >= 0).then(number)


def _number(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Thousandths."""
    if dtype.is_integer():
        limit = _LARGEST // 1000
        small = (column < limit) & (column > -limit) if dtype.is_signed_integer() else column < limit
        return pl.when(small).then(column).cast(pl.Int64) * 1000
    if dtype.is_decimal():
        exact = column.cast(THOUSANDTHS, strict=False)
        whole = exact.to_physical()
        return pl.when((whole.abs() < _LARGEST) & (exact == column)).then(whole).cast(pl.Int64, strict=False)
    if dtype.is_float():
        return _exact(column.cast(pl.Float64))
    if _is_text(dtype):
        text = column.cast(pl.String)
        return _exact(pl.when(text.str.contains(f"^{_PLAIN}$")).then(text).cast(pl.Float64, strict=False))
    return pl.lit(None, pl.Int64)


def _exact(value: pl.Expr) -> pl.Expr:
    """Thousandths where the float is the one that prints with at most three decimals."""
    whole = (value * 1000).round()
    thousand = whole * 0 + 1000  # a column: by a single number Polars divides inexactly
    sound = (whole.abs() < _LARGEST) & (whole / thousand == value)
    return pl.when(sound).then(whole).cast(pl.Int64, strict=False)


def _count(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if _is_text(dtype):
        number = column.cast(pl.String).cast(pl.Int64, strict=False)
    elif dtype.is_integer() or dtype.is_float():
        whole = column.is_between(1, _MOST_UNITS) & (column == column.floor() if dtype.is_float() else True)
        number = pl.when(whole).then(column).cast(pl.Int64, strict=False)
    else:
        return pl.lit(None, pl.Int64)
    return pl.when(number.is_between(1, _MOST_UNITS)).then(number)


def _unreadable(_: pl.Expr, __: pl.DataType) -> pl.Expr:
    return pl.lit(None)


_READERS: Mapping[Kind, Callable[[pl.Expr, pl.DataType], pl.Expr]] = {
    Kind.YES_NO: _truth,
    Kind.DATE: _day,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.COUNT: _count,
    Kind.OTHER: _unreadable,
}


def smallest_unit(currency: pl.Expr) -> pl.Expr:
    """The smallest unit of a currency, in thousandths, from its place among the currencies."""
    units = [1000, 100, 10, 1]
    places = pl.Series([10, *(units[iso4217.decimals(name)] for name in _CURRENCIES)], dtype=pl.Int64)
    return currency.fill_null(0).replace_strict(range(len(places)), places, return_dtype=pl.Int64)


def _evidence(column: pl.Series, kinds: Sequence[str]) -> pl.Series:
    """A bit for each kind, null where the column is null or names no such kinds."""
    bits = {kind: 1 << at for at, kind in enumerate(kinds)} if len(kinds) <= MOST_EVIDENCE else {}
    if isinstance(column.dtype, pl.List) and _is_text(column.dtype.inner):  # type: ignore[arg-type]
        named = column.cast(pl.List(pl.String))
        text = named.set(named.list.contains(""), None).list.join(_BETWEEN, ignore_nulls=False)
        masks = {text: _mask(text.split(_BETWEEN) if text else [], bits) for text in text.unique().drop_nulls()}
    elif _is_text(column.dtype):
        text = column.cast(pl.String)
        masks = {text: _mask(kinds_in(text), bits) for text in text.unique().drop_nulls()}
    else:
        return pl.Series(column.name, [None] * len(column), dtype=pl.UInt64)
    table = pl.DataFrame({"": list(masks), "mask": list(masks.values())}, {"": pl.String, "mask": pl.UInt64})
    return text.to_frame("").join(table, on="", how="left", maintain_order="left")["mask"].alias(column.name)


def _mask(named: Collection[str], bits: Mapping[str, int]) -> int | None:
    if len(named) > MOST_EVIDENCE or not all(kind in bits for kind in named):
        return None
    return sum(bits[kind] for kind in set(named))
