"""A column of any type there is, under any fact, is told as `advise` tells its values, or as a fault of the row.

Nothing fails in words of another library, and nothing is taken more loosely for standing in a column.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import dispute_rules as dr
from tests.frames.rows import COLUMNS, assert_same, facts_of_row

ADVISOR = dr.Advisor()
FACTS = "fault received price quantity_ordered received_on currency evidence events today".split()
DAY, FAR = dt.date(2026, 11, 1), [dt.date.min, dt.date.max]
NOON, MIDNIGHT = dt.datetime.fromisoformat("2026-11-01T12:00"), dt.datetime.fromisoformat("2026-11-01")
EVENT = {"on": DAY, "what": "opened"}
TEXTS = ["carrier", "yes", "24.90", "5", "EUR", "2026-11-01", "none", "24.90 EUR", "[]", "", " "]
Make = Callable[[list[Any]], Any]
Typed = list[tuple[list[Any], list[Any]]]
"""Values, and the types that can have them."""


def _each(typed: Typed) -> list[Any]:
    return [pytest.param(values, kind, id=f"{kind} of {values[-1]}") for values, kinds in typed for kind in kinds]


def _blocks(values: list[Any], make: Make) -> dict[str, Any]:
    """A column for each fact, with all values: of each row just one fact is told."""
    count, empty = len(values), [None] * len(values)
    columns = {name: make(empty * at + values + empty * (len(FACTS) - at - 1)) for at, name in enumerate(FACTS)}
    return {"ground": ["damaged"] * (count * len(FACTS)), **columns}


def _check(seen: Sequence[Any], told: list[dict[str, Any]]) -> None:
    """`seen` is what Python sees of the values."""
    rows = [{"ground": "damaged", "today": dt.date.today()} | {name: value} for name in FACTS for value in seen]
    assert_same(ADVISOR, map(facts_of_row, rows), told)


class _Odd:
    """An object that cannot even be printed."""

    def __repr__(self) -> str:
        raise ValueError


OBJECTS: dict[str, list[Any]] = {
    "lists": [["carrier"], [5], [True], [DAY], [None], [], None],
    "bytes": [b"carrier", b"yes", b"24.90", b"5", b"EUR", b"2026-11-01", None],
    "text": TEXTS,
    "mixed": ["carrier", b"carrier", ["carrier"], 5, 2.5, Decimal("24.90"), True, DAY, NOON, MIDNIGHT, None, ("x",)],
    "text and bytes": ["carrier", b"carrier", "EUR", b"EUR"],
    "numbers and text": [24, "24.90", 24.9, True, "EUR", "24.90 EUR"],
    "times": [dt.time(), dt.time(12), dt.timedelta(5), dt.timedelta(0)],
    "days and times": [DAY, NOON, MIDNIGHT],
    "dicts": [{"a": {"b": [1]}}, {}, {1: 2}],
    "events": [[EVENT], [{**EVENT, "on": "2026-11-01"}], '[{"on": "2026-11-01", "what": "opened"}]', [EVENT, 5], "[5]"],
    "days and text in one list": [[EVENT, {"on": "2026-11-02", "what": "escalated"}]],
    "sets": [{"carrier"}, frozenset(["photos_of_goods"]), ("photos_of_goods",)],
    "arrays": [np.array(["photos_of_goods"]), np.array(["carrier"], dtype=object), np.array(5), np.array([EVENT])],
    "numbers of numpy": [np.int64(5), np.float64(2.5), np.bool_(True), np.str_("carrier"), 2j],
    "decimals": [Decimal("1E+30"), Decimal("1E-400"), Decimal("1E+400"), Decimal("-0"), Decimal("1" * 60), Decimal(24)],
    "decimals that do not fit together": [Decimal("1E-30"), Decimal(12345678901234567890), Decimal(24)],
    "whole numbers": [2**63, 2**126, -1, 5],
    "large whole numbers": [2**130, 2**9999, 5],
    "own objects": [_Odd(), object(), uuid.UUID(int=5), dr.Fault.CARRIER, Ellipsis],
    "half characters": ["\ud800", "carrier"],
    "half characters in lists": [["\ud800"], ["photos_of_goods"]],
    "lists of different things": [["photos_of_goods", 5], ["photos_of_goods", b"x"], [["photos_of_goods"]]],
}


def _objects(kind: Any) -> list[Any]:
    return [pytest.param(values, kind, id=name) for name, values in OBJECTS.items()]


def _of_pandas(dtype: Any) -> Make:
    return lambda column: pd.Series(column, dtype=dtype)


BERLIN = pd.Timestamp("2026-11-01", tz="Europe/Berlin")
PANDAS: Typed = [
    ([5, 1], ["Int64", "UInt8", "Float64", "float16", "float32", complex]),
    ([True, False], ["boolean"]),
    (["carrier", "24.90", "yes", "EUR"], ["string", "str", "string[python]", "category"]),
    ([NOON, MIDNIGHT], ["datetime64[s]", "datetime64[ns]"]),
    ([BERLIN], ["datetime64[ns, Europe/Berlin]"]),
    ([pd.Timedelta(5, "D")], ["timedelta64[ns]"]),
    ([pd.Period("2026-11-01")], ["period[D]"]),
    ([pd.Interval(1, 5)], ["interval", pd.CategoricalDtype(pd.IntervalIndex([pd.Interval(1, 5)]))]),
    ([5.0, 1.0], [pd.SparseDtype(float)]),
    ([Decimal("1" * 50), Decimal(5)], [pd.ArrowDtype(pa.decimal256(60, 2))]),
    ([["photos_of_goods"], ["carrier"]], [pd.ArrowDtype(pa.list_(pa.string()))]),
    ([DAY], [pd.ArrowDtype(pa.date32())]),
    (["carrier", 5, b"carrier", DAY], [pd.CategoricalDtype(["carrier", 5, b"carrier", DAY])]),
    ([5, 1], [pd.CategoricalDtype([5, 1], ordered=True)]),
    ([pd.Timestamp(MIDNIGHT)], [pd.CategoricalDtype([pd.Timestamp(MIDNIGHT)])]),
]


@pytest.mark.parametrize(("values", "kind"), [*_objects(object), *_each(PANDAS)])
def test_types_of_pandas(values: list[Any], kind: Any) -> None:
    make = _of_pandas(kind)
    seen = [value.tolist() if isinstance(value, np.ndarray) else value for value in make(values).to_list()]
    _check(seen, _from_pandas(ADVISOR.advise_frame(pd.DataFrame(_blocks(values, make)))))


def _from_pandas(told: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [[None if pd.isna(value) else value for value in told[name]] for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


class _Text(str):
    def strip(self, *_: Any) -> str:
        raise ValueError


class _Moment(dt.datetime):
    def time(self) -> dt.time:
        raise ValueError


@pytest.mark.parametrize("value", [_Text("x"), _Moment(2026, 11, 1)], ids=["text", "moment"])
def test_objects_that_cannot_be_looked_at(value: Any) -> None:
    """They are told of as they are."""
    told = ADVISOR.advise_frame(pl.DataFrame({"ground": ["fake"], "evidence": pl.Series([value], dtype=pl.Object)}))
    assert told["problems"].to_list() == ["evidence: wrong-type"]


def test_lists_in_lists() -> None:
    """Polars would take minutes to find a type for them."""
    nested: list[Any] = reduce(lambda inner, _: [inner], range(400), ["carrier"])
    told = ADVISOR.advise_frame(pd.DataFrame({"ground": ["fake"], "fault": pd.Series([nested], dtype=object)}))
    assert told["problems"].to_list() == ["fault: unknown-label"]


ARROW: Typed = [
    ([None], [pa.null()]),
    ([True, False, None], [pa.bool_(), pa.bool8()]),
    ([5, 1, 0, None], [pa.int8(), pa.uint32(), pa.int64()]),
    ([2**64 - 1, 5], [pa.uint64()]),
    ([2.5, 1.0, 24.90625, float("nan"), float("inf"), None], [pa.float16(), pa.float64()]),
    ([Decimal("24.90"), Decimal(5)], [pa.decimal32(7, 2), pa.decimal128(38, 2)]),
    ([Decimal("1" * 50), Decimal("24.90"), Decimal(-1)], [pa.decimal256(60, 2)]),
    ([Decimal(100), Decimal(500)], [pa.decimal128(5, -2)]),
    (TEXTS, [pa.string_view(), pa.json_(), pa.dictionary(pa.int8(), pa.string())]),
    (TEXTS, [pa.run_end_encoded(pa.int32(), pa.string())]),
    ([b"carrier", b"EUR", b"5"], [pa.binary(), pa.binary_view()]),
    ([b"EUR"], [pa.binary(3)]),
    ([uuid.UUID(int=5)], [pa.uuid()]),
    ([DAY, *FAR], [pa.date32(), pa.date64(), pa.dictionary(pa.int8(), pa.date32())]),
    ([dt.time(), dt.time(12)], [pa.time32("s"), pa.time64("ns")]),
    ([NOON, MIDNIGHT], [pa.timestamp("s"), pa.timestamp("ns")]),
    ([MIDNIGHT], [pa.timestamp("us", "Europe/Berlin"), pa.timestamp("s", "UTC")]),
    ([dt.timedelta(5)], [pa.duration("s")]),
    ([(1, 2, 3)], [pa.month_day_nano_interval()]),
    (
        [["photos_of_goods"], [], ["carrier"], ["none"], [None], None],
        [pa.list_(pa.string()), pa.large_list(pa.string()), pa.list_view(pa.string())],
    ),
    ([["photos_of_goods"], ["x"]], [pa.list_(pa.string(), 1), pa.list_(pa.dictionary(pa.int8(), pa.string()))]),
    ([[5], []], [pa.list_(pa.int64()), pa.list_(pa.decimal256(60, 2))]),
    ([[b"photos_of_goods"]], [pa.list_(pa.binary())]),
    ([[DAY], FAR], [pa.list_(pa.date32())]),
    ([{"a": "carrier"}, None], [pa.struct({"a": pa.string()})]),
    ([{"a": Decimal(5)}], [pa.struct({"a": pa.decimal256(60, 2)})]),
    ([[EVENT], [], [None], None], [pa.list_(pa.struct({"on": pa.date32(), "what": pa.string()}))]),
    ([[("carrier", "x")]], [pa.map_(pa.string(), pa.string())]),
    ([5, 5], [pa.dictionary(pa.int8(), pa.int64()), pa.dictionary(pa.int8(), pa.decimal128(5, 2))]),
]


def _of_arrow(kind: Any) -> Make:
    def make(column: list[Any]) -> Any:
        if isinstance(kind, pa.BaseExtensionType):
            stored = [value.bytes if isinstance(value, uuid.UUID) else value for value in column]
            return pa.ExtensionArray.from_storage(kind, pa.array(stored).cast(kind.storage_type))
        if pa.types.is_run_end_encoded(kind):
            return pc.run_end_encode(pa.array(column, kind.value_type))
        if pa.types.is_dictionary(kind):
            return pa.array(column, kind.value_type).dictionary_encode().cast(kind)
        return pa.array(column, kind)

    return make


@pytest.mark.parametrize(("values", "kind"), _each(ARROW))
def test_types_of_arrow(values: list[Any], kind: Any) -> None:
    make = _of_arrow(kind)
    _check(make(values).to_pylist(), ADVISOR.advise_frame(pa.table(_blocks(values, make))).select(COLUMNS).to_pylist())


def _of_polars(dtype: Any) -> Make:
    return lambda column: pl.Series(column, dtype=dtype)


POLARS: Typed = [
    ([5, 1, 0], [pl.Int128, pl.UInt64, pl.UInt128, pl.Float16, pl.Float32]),
    (["carrier", "24.90"], [pl.String, pl.Categorical, pl.Enum(["24.90", "carrier", "x"])]),
    ([b"carrier", b"5"], [pl.Binary]),
    ([DAY, *FAR], [pl.Date]),
    ([dt.time()], [pl.Time]),
    ([NOON, MIDNIGHT], [pl.Datetime("ms"), pl.Datetime("ns")]),
    ([Decimal("24.9"), Decimal("0.1")], [pl.Decimal(38, 1), pl.Decimal(38, 13)]),
    (
        [["carrier"], [], ["photos_of_goods"]],
        [pl.List(pl.String), pl.List(pl.Enum(["carrier", "photos_of_goods"]))],
    ),
    ([["carrier"]], [pl.Array(pl.String, 1)]),
    ([[5], []], [pl.List(pl.Int8)]),
    ([[None]], [pl.List(pl.Null)]),
    ([[b"photos_of_goods"]], [pl.List(pl.Binary)]),
    ([{"a": 1}], [pl.Struct({"a": pl.Int8})]),
]


@pytest.mark.parametrize(("values", "kind"), [*_objects(pl.Object), *_each(POLARS)])
def test_types_of_polars(values: list[Any], kind: Any) -> None:
    make = _of_polars(kind)
    _check(make(values).to_list(), ADVISOR.advise_frame(pl.DataFrame(_blocks(values, make))).select(COLUMNS).to_dicts())


BEYOND: dict[Any, tuple[int, object]] = {
    pl.Date(): (2**31 - 1, dt.date.max),
    pl.Datetime("ms"): (-(2**62), dt.date.min),
    pl.Datetime("us"): (2**62, dt.date.max),
    pl.Datetime("us", "Asia/Tokyo"): (2**62, NOON),
    pl.Duration("ms"): (2**62, object()),
}


@pytest.mark.parametrize("dtype", BEYOND, ids=str)
def test_what_python_cannot_hold(dtype: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """Days and times of other ages; Polars prints where it fails at them."""
    number, seen = BEYOND[dtype]
    frame = pl.DataFrame(_blocks([number], lambda column: pl.Series(column, dtype=pl.Int64).cast(dtype)))
    _check([seen], ADVISOR.advise_frame(frame).select(COLUMNS).to_dicts())
    assert capfd.readouterr().err == ""


DUCKDB = [
    *("5::HUGEINT", "5::UHUGEINT", "'5'::BIGNUM", "24.90::DECIMAL(18, 2)", "'carrier'::ENUM('carrier', 'x')"),
    *("'carrier'::BLOB", "TIMESTAMP_S '2026-11-01'", "TIMESTAMPTZ '2026-11-01'", "TIME '12:00'", "INTERVAL 5 DAY"),
    *("uuid()", "'101'::BIT", "['photos_of_goods']", "['carrier']::VARCHAR[1]", "{'a': 1}", "MAP {'a': 1}", "NULL"),
    *("[{'on': DATE '2026-11-01', 'what': 'opened'}]", "union_value(a := 5)", "'5'::JSON", "'5'::VARIANT"),
]
FOREVER = {
    "'infinity'::DATE": dt.date.max,
    "'-infinity'::TIMESTAMP": dt.date.min,
    "'infinity'::TIMESTAMPTZ": dt.date.max,
    "[{'on': 'infinity'::DATE, 'what': 'opened'}]": object(),
}


@pytest.mark.parametrize("written", [*DUCKDB, *FOREVER])
def test_types_of_duckdb(written: str) -> None:
    """What they are in Arrow; what Python cannot hold is refused."""
    cells = [[written if at == row else "NULL" for at in range(len(FACTS))] for row in range(len(FACTS))]
    columns = [", ".join(f"({cell}) AS {name}" for name, cell in zip(FACTS, row, strict=True)) for row in cells]
    relation = duckdb.connect().sql(" UNION ALL ".join(f"SELECT 'damaged' AS ground, {row}" for row in columns))
    seen = FOREVER[written] if written in FOREVER else relation.to_arrow_table()[FACTS[0]][0].as_py()
    _check([seen], ADVISOR.advise_frame(relation).select(*COLUMNS).to_arrow_table().to_pylist())
