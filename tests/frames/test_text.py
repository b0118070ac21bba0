"""Text in a column is read as `advise` reads it, however it is written."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.case import Case
from dispute_rules.frames.kernel import Kernel
from tests.frames.rows import COLUMNS, TODAY, assert_same

ALIEXPRESS = dr.Advisor()
PHONE_SHOP = dr.Advisor(Path(__file__).parents[2] / "examples/phone-shop/phone_shop")
FACTS = [
    *((ALIEXPRESS, name) for name in ("fault", "received", "price", "quantity_ordered", "received_on", "currency")),
    (PHONE_SHOP, "months"),
]
IDS = [name for _, name in FACTS]

SMALL_AND_LARGE = [
    "1e-400",
    "1E-300000000",
    "1e-323",
    "0.1e-400",
    "0e-400",
    "0E+400",
    "1e400",
    "1e99999999999999999999",
]
NUMBERS = [
    *("1e2", "1E+2", "500e-2", "0.5e1", "1e", "e1", "1e+", "1d5", "1f", "0x10", "0b1", "½", "²", "+5", "-5", "+-5"),
    *("5.", ".5", ".", "-", "-0", "-0.0", "0e5", "0005", "007.50", "5.0000", "5.00000", "0.0005", "01", "2.0", "1.0"),
    *("1_000", "_1", "1,5", "1 000", "1'000", "1.5.5", "NaN", "nan", "-nan", "sNaN", "inf", "-inf", "Infinity", "iNf"),
    *(
        "\uff11\uff12",
        "1\uff11",
        "\u0663",
        "\u0661.\u0665",
        "999999999",
        "999999999.999",
        "1000000000",
        "1000000",
        "1000001",
        "0" * 40,
        "9" * 5_000,
    ),
    *("1." + "0" * 5_000, "24.90 EUR", "24.90EUR", "24.90  EUR", "24.90 EUR\n", "1e2 EUR", "EUR 5", "5 eur", "5 XXX"),
]
SPACED = [
    f"{before}{word}{after}"
    for word in ("5", "yes", "EUR", "carrier", "2026-11-01")
    for before, after in product(("", " ", "\t", "\n", "\0", "\u00a0", "\u200b"), repeat=2)
]
WORDS = [
    *(
        "true",
        "True",
        "TRUE",
        "tRUE",
        "t",
        "T",
        "y",
        "yEs",
        "on",
        "oFF",
        "0",
        "1",
        "2",
        "none",
        "None",
        "null",
        "NA",
        "",
    ),
    *("Carrier", "CARRIER", "carriers", "eur", "EURO", "\uff12", "\ufeffcarrier", "carrie\u0301r"),
]
DAYS = [
    *(
        "2026-11-1",
        "20261101",
        "2026-11-01T00:00",
        "2026-11-01 00:00:00",
        "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0660\u0661",
        "+2026-11-01",
        "-2026-11-01",
    ),
    *("0000-01-01", "1969-12-31", "1970-01-01", "2199-12-31", "2200-01-01", "2026-02-30", "9999-12-31", "12026-11-01"),
]
TEXTS = [*SMALL_AND_LARGE, *NUMBERS, *SPACED, *WORDS, *DAYS]


def _check(advisor: dr.Advisor, name: str, column: pl.Series) -> None:
    frame = pl.DataFrame({"ground": "damaged", name: column, "today": TODAY})
    rows: list[dict[str, Any]] = [{"ground": "damaged", name: text} for text in column.cast(pl.String)]
    assert_same(advisor, rows, advisor.advise_frame(frame).select(COLUMNS).to_dicts())


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical], ids=str)
@pytest.mark.parametrize(("advisor", "name"), FACTS, ids=IDS)
def test_ways_to_write(advisor: dr.Advisor, name: str, dtype: Any) -> None:
    _check(advisor, name, pl.Series(TEXTS, dtype=dtype))


ANY = st.text(
    st.sampled_from([*"0123456789012345678901234567890123456789+-..eE_, \t\n\0EURUSDtrueyson\uff11\u0663"]), max_size=14
)


@pytest.mark.parametrize(("advisor", "name"), FACTS, ids=IDS)
@settings(max_examples=4, derandomize=True, deadline=None)
@given(texts=st.lists(ANY, min_size=60, max_size=60))
def test_any_text(advisor: dr.Advisor, name: str, texts: list[str]) -> None:
    _check(advisor, name, pl.Series(texts, dtype=pl.String))


WRITTEN = [
    None,
    "5",
    "5.505",
    "5.50 EUR",
    "5.50EUR",
    "-5 EUR",
    "5.505 EUR",
    "7 USD",
    "5.50 JPY",
    "7 XXX",
    "7 eur",
    "7 E",
]


@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical], ids=str)
def test_currencies_of_all_amounts(dtype: Any) -> None:
    """One for all of them, wherever it is told."""
    names = ("price", "requested", "currency")
    rows = [
        {"ground": "damaged", "today": TODAY} | dict(zip(names, told, strict=True))
        for told in product(WRITTEN, WRITTEN, [None, "EUR", "JPY", "XXX"])
    ]
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(names, dtype))
    assert_same(ALIEXPRESS, rows, ALIEXPRESS.advise_frame(frame).select(COLUMNS).to_dicts())


def test_amounts_beside_a_currency_that_is_no_text() -> None:
    rows = [{"ground": "damaged", "today": TODAY, "price": "5 EUR", "currency": 5}]
    assert_same(ALIEXPRESS, rows, ALIEXPRESS.advise_frame(pl.DataFrame(rows)).select(COLUMNS).to_dicts())


def test_amounts_with_a_currency_are_read_by_the_column() -> None:
    """No row is looked at by itself."""

    def check(_: object) -> Case:
        raise AssertionError

    kernel = Kernel(ALIEXPRESS.pack, check, ALIEXPRESS.advise)
    frame = pl.DataFrame({"ground": "damaged", "price": ["24.90 EUR", "5 JPY", "5"], "shipping": ["3 EUR", None, "1"]})
    told = kernel.answers(frame, TODAY)
    assert [str(cap) for cap in told["refund_cap"]] == ["27.900", "5.000", "6.000"]
