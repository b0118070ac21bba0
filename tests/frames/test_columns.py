"""Which columns a frame may have, and what comes of odd ones: right or a clear error, never a wrong answer."""

from __future__ import annotations

import datetime as dt
import gc
import json
import tracemalloc
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dispute_rules as dr
from tests.frames.rows import COLUMNS, TODAY, assert_same, expected

ADVISOR = dr.Advisor()


def _check(frame: pl.DataFrame, rows: list[dict[str, Any]]) -> None:
    assert_same(ADVISOR, rows, ADVISOR.advise_frame(frame.with_columns(today=TODAY)).to_dicts())


@pytest.mark.parametrize(
    ("columns", "keep", "told"),
    [
        ({"ground": "fake", "recieved": True}, [], "did you mean `received`? Or name it in `keep`"),
        ({"ground": "fake", "order": 1}, [], "name it in `keep`"),
        ({"ground": "fake"}, ["order"], "there is no column `order`"),
        ({"ground": "fake", "verdict": "mine"}, ["verdict"], "the advice has a column of that name: leave it out"),
        ({"ground": "fake", "rule": "mine"}, [], "the column `rule` would be lost .*\n.*: leave it out"),
        ({"received": True}, [], "there is no column `ground`"),
    ],
)
def test_columns_that_do_not_fit(columns: dict[str, Any], keep: list[str], told: str) -> None:
    with pytest.raises(dr.CaseError, match=told.replace("?", r"\?")):
        ADVISOR.advise_frame(pl.DataFrame(columns), keep=keep)


def test_keep_is_a_list() -> None:
    """Of a text, each letter would count as a name."""
    with pytest.raises(dr.CaseError, match=r"give \[`order`\]"):
        ADVISOR.advise_frame(pl.DataFrame({"ground": ["fake"], "order": [1]}), keep="order")
    for keep in (None, 5, iter(["order"])):
        with pytest.raises(dr.CaseError, match="give the names of columns"):
            ADVISOR.advise_frame(pl.DataFrame({"ground": ["fake"], "order": [1]}), keep=keep)  # type: ignore[arg-type]


def test_what_is_no_frame() -> None:
    with pytest.raises(dr.CaseError, match="`list` is no data frame"):
        ADVISOR.advise_frame([{"ground": "fake"}])


def test_a_fact_that_is_kept_stays_a_fact() -> None:
    frame = pl.DataFrame({"ground": ["damaged"], "usability": ["unusable"]})
    assert ADVISOR.advise_frame(frame, keep=frame.columns).equals(ADVISOR.advise_frame(frame))


EMPTY = ["", " ", ",", " ; ,\t", "\x1c", "\u3000"]


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical], ids=str)
def test_evidence_that_says_nothing_is_unknown(dtype: Any) -> None:
    """Only `none` and an empty list say that none is at hand."""
    column = pl.Series([*EMPTY, "none", " none ", None], dtype=dtype)
    rows: list[dict[str, Any]] = [{"ground": "damaged"}] * len(EMPTY)
    rows += [{"ground": "damaged", "evidence": []}] * 2 + [{"ground": "damaged"}]
    _check(pl.DataFrame({"ground": "damaged", "evidence": column}), rows)
    odd = pl.DataFrame({"ground": "damaged", "evidence": column, "price": "24.90 EUR"})  # read one by one
    _check(odd, [{**row, "price": "24.90 EUR"} for row in rows])


def test_evidence_as_lists_and_text_in_one_column() -> None:
    values = [[], "", "photos_of_goods", ["photos_of_goods"], None]
    told = ADVISOR.advise_frame(pd.DataFrame({"ground": "damaged", "evidence": values, "today": TODAY}))
    said: list[list[str] | None] = [[], None, ["photos_of_goods"], ["photos_of_goods"], None]
    known = [{} if evidence is None else {"evidence": evidence} for evidence in said]
    assert told["prospects"].to_list() == [
        ADVISOR.advise({"ground": "damaged", "today": TODAY, **more}).prospects for more in known
    ]


def test_no_rows() -> None:
    frame = pl.DataFrame(schema={"ground": pl.String, "price": pl.Float64})
    told = ADVISOR.advise_frame(frame)
    assert told.columns == ["ground", "price", *COLUMNS]
    assert told.is_empty()


def test_columns_of_nulls_are_unknown_facts() -> None:
    nulls = pl.DataFrame({"ground": ["damaged"], "price": [None], "usability": pl.Series([None], dtype=pl.String)})
    _check(nulls, [{"ground": "damaged"}])
    _check(pl.DataFrame({"ground": pl.Series([None, None], dtype=pl.String)}), [{}, {}])
    _check(pl.DataFrame({"ground": [None, None]}), [{}, {}])


@pytest.mark.parametrize("names", [["ground"], ["ground", "price"], ["ground", "today"]])
def test_nothing_but_nulls(names: list[str]) -> None:
    """Without a type, as Python makes them: each row lacks its ground, whatever the kind of frame."""
    frame = pl.DataFrame({name: [None, None] for name in names})
    missing = pl.Series("problems", ["ground: missing-fact"] * 2)
    assert ADVISOR.advise_frame(frame)["problems"].equals(missing)
    assert ADVISOR.advise_frame(frame.lazy()).collect()["problems"].equals(missing)
    table = pa.table({name: pa.nulls(2) for name in names})
    assert ADVISOR.advise_frame(table)["problems"].to_pylist() == missing.to_list()
    assert ADVISOR.advise_frame(duckdb.from_arrow(table)).pl()["problems"].equals(missing)


AMOUNTS: list[pl.Series] = [
    pl.Series([24, 0, -1, 10**9, None]),
    pl.Series([24, 2**63 + 1], dtype=pl.UInt64),
    pl.Series([24.9, 0.1 + 0.2, -0.0, 1e-9, 1e300, float("inf"), None, 999999999.999, 24.900000000000002]),
    pl.Series([Decimal("24.9000"), Decimal("24.9001"), None], dtype=pl.Decimal(10, 4)),
    pl.Series(["24.9", "24.9000", "24.90000000000000001", " 24.9 ", "1e2", "1_000", "", "much", "nan", "24.90 EUR"]),
    pl.Series([True, False]),
    pl.Series([dt.date(2026, 1, 1)]),
    pl.Series([["24.90"]]),
]


@pytest.mark.parametrize("column", AMOUNTS, ids=[str(column.dtype) for column in AMOUNTS])
def test_amounts_of_every_type(column: pl.Series) -> None:
    _check(pl.DataFrame({"price": column}).with_columns(ground=pl.lit("damaged")), _rows("price", column))


def test_floats_of_32_bits_count_as_they_print() -> None:
    """For what is read at once, and for what is told of a row by itself."""
    written = [24.9, 0.1, 999999.9, 16777.217, -1.5, 0.0005, float("nan"), None]
    rows = [{"ground": "damaged", "price": price} for price in [*written[:-2], None, None]]
    frame = pl.DataFrame({"ground": "damaged", "price": pl.Series(written, dtype=pl.Float32), "today": TODAY})
    _check(frame, rows)
    assert_same(ADVISOR, rows, ADVISOR.advise_frame(duckdb.from_arrow(frame.to_arrow())).pl().to_dicts())


DAYS: list[pl.Series] = [
    pl.Series([dt.date(2026, 11, 1), dt.date(1969, 12, 31), dt.date(2199, 12, 31)]),
    pl.Series([dt.datetime.fromisoformat("2026-11-01"), dt.datetime.fromisoformat("2026-11-01T09:30")]),
    pl.Series(["2026-11-01", " 2026-1-02", "2026-02-30", "2026-1-1", "+026-01-02", "1.11.2026", "2026-11-01 "]),
    pl.Series([20260101, 5]),
    pl.Series([1.5]),
]


@pytest.mark.parametrize("column", DAYS, ids=[str(column.dtype) for column in DAYS])
def test_days_of_every_type(column: pl.Series) -> None:
    rows = _rows("received_on", column)
    for row in rows:
        value = row["received_on"]
        if isinstance(value, dt.datetime) and value.time() == dt.time():
            row["received_on"] = value.date()
    _check(pl.DataFrame({"received_on": column}).with_columns(ground=pl.lit("damaged")), rows)


TRUTHS: list[pl.Series] = [
    pl.Series([True, False, None]),
    pl.Series([1, 0, 2]),
    pl.Series([1.0, 0.0, 0.5]),
    pl.Series(["yes", "No", "TRUE", "t", "oN", "1", "2", " true", "ja"]),
    pl.Series(["true", "false"], dtype=pl.Categorical),
]


@pytest.mark.parametrize("column", TRUTHS, ids=[str(column.dtype) for column in TRUTHS])
def test_truths_of_every_type(column: pl.Series) -> None:
    _check(pl.DataFrame({"received": column}).with_columns(ground=pl.lit("damaged")), _rows("received", column))


def test_counts_of_every_type() -> None:
    columns: list[list[Any]] = [
        [1, 0, 3, 10**7],
        [1.0, 1.5, -1.0],
        ["2", "2.0", "two", "0"],
        [Decimal(2), Decimal("2.5")],
        [True],
    ]
    for values in columns:
        column = pl.Series(values)
        frame = pl.DataFrame({"quantity_ordered": column}).with_columns(ground=pl.lit("wrong_quantity"))
        rows = [{**row, "ground": "wrong_quantity"} for row in _rows("quantity_ordered", column)]
        _check(frame, rows)


def test_every_row_may_have_its_own_currency() -> None:
    currencies = ["EUR", "JPY", "KWD", "eur", "XXX", None]
    rows = [
        {
            "ground": "wrong_quantity",
            "price": Decimal(price),
            "quantity_ordered": 3,
            "quantity_affected": 1,
            "currency": c,
        }
        for c in currencies
        for price in ("10.00", "10.50", "10.505")
    ]
    _check(pl.DataFrame(rows, schema_overrides={"price": pl.Decimal(12, 3)}), rows)


def test_amounts_that_name_their_currency() -> None:
    rows = [
        {"ground": "damaged", "price": "24.90 EUR", "shipping": "3.10 EUR"},
        {"ground": "damaged", "price": "24.90 EUR", "shipping": "3.10 USD"},
    ]
    _check(pl.DataFrame(rows), rows)


def test_a_claim_of_nothing() -> None:
    rows = [{"ground": "damaged", "price": Decimal(5), "requested": asked} for asked in (Decimal(0), Decimal(1), None)]
    _check(pl.DataFrame(rows), rows)


def _amounts(numbers: range) -> pl.DataFrame:
    """Amounts that are all different: as numbers, as text, with a currency, and so that rows are read one by one."""
    written = [("{}", None), ("{} EUR", None), ("{}e-2", None), ("-{}", None), ("{}", "x")]
    return pl.concat(
        pl.DataFrame({"ground": "damaged", "price": [form.format(number) for number in numbers], "fault": fault})
        .with_columns(pl.col("fault").cast(pl.String))
        .with_columns(shipping=pl.Series(numbers).cast(pl.Decimal(12, 3)), evidence=pl.format("kind{}", "price"))
        for form, fault in written
    )


def test_very_many_different_amounts() -> None:
    """They are worked out by the column: nothing is kept of them, in whatever way they are written."""
    count = 100_000
    cents = pl.int_range(1, count + 1, eager=True)
    frame = pl.DataFrame({"price": cents.cast(pl.Decimal(12, 2)) / 100}).with_columns(ground=pl.lit("damaged"))
    told = ADVISOR.advise_frame(frame)
    assert (told["refund_cap"] == frame["price"]).all()
    assert told["rule"].n_unique() == 1


def test_nothing_is_kept_of_amounts() -> None:
    """Nor of kinds of evidence: after the first frames, further ones leave nothing behind, however they are read."""
    ADVISOR.advise_frame(_amounts(range(1, 50)))
    ADVISOR.advise_frame(_amounts(range(50, 100)))
    frame = _amounts(range(100, 250))
    tracemalloc.start()
    try:
        ADVISOR.advise_frame(frame)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 10 * len(frame)


def _rows(name: str, column: pl.Series) -> list[dict[str, Any]]:
    return [{"ground": "damaged", name: value} for value in column.to_list()]


EVENTS: list[Any] = [
    [{"on": "2026-11-01", "what": "opened"}, {"on": "2026-11-05", "what": "seller_offered", "offered": Decimal("5.5")}],
    [{"on": "2026-11-01", "what": "opened"}],
    [{"on": "2026-11-01", "what": "fell from the sky"}],
    [],
    None,
]


AS_TEXT = [None if events is None else json.dumps(events, default=str) for events in EVENTS]


@pytest.mark.parametrize("given", [EVENTS, AS_TEXT], ids=["structs", "text"])
def test_events(given: list[Any]) -> None:
    """A null in a struct is something that this event does not tell."""
    told = ADVISOR.advise_frame(pl.DataFrame({"ground": "damaged", "price": 20, "events": given, "today": TODAY}))
    facts = {"ground": "damaged", "price": Decimal(20)}
    wanted = [expected(ADVISOR, {**facts, "events": events}) for events in EVENTS]
    assert told.select(COLUMNS).to_dicts() == wanted


@pytest.mark.parametrize("text", ["", "opened", "[[", "{}", '[{"on": 5}]', "1", '[], "ground": "fake"', "[" * 9999])
def test_events_that_cannot_be_read(text: str) -> None:
    """They are told as faults of the row, not of the table."""
    told = ADVISOR.advise_frame(pl.DataFrame({"ground": "damaged", "events": [text, None]}))
    assert told["problems"][0].startswith("events")
    assert told["problems"][1] is None
