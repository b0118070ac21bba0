"""Each kind of data frame: what goes in comes out as the same kind, with the advice that `advise` gives."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from shutil import which
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from examples.many_orders import TODAY, orders
from pyspark.sql import DataFrame, SparkSession

import dispute_rules as dr
from dispute_rules.advisor import KernelMaker
from dispute_rules.frames.spark import _Advising, _kernel
from tests.frames.rows import COLUMNS, assert_same, facts_of, framed, random_rows

ALIEXPRESS = dr.Advisor()
PHONE_SHOP = dr.Advisor(Path(__file__).parents[2] / "examples/phone-shop/phone_shop")


def _orders() -> pl.DataFrame:
    """Plausible ones, and among them some that cannot be."""
    frame = orders(300, seed=11)
    first, second = pl.col("order") == 0, pl.col("order") == 1
    return frame.with_columns(
        pl.when(first).then(pl.lit("damagd")).otherwise("ground").alias("ground"),
        pl.when(second).then(-pl.col("price").abs().fill_null(1)).otherwise("price").alias("price"),
    )


def _plain(rows: list[Any]) -> list[dict[str, Any]]:
    """Values as `advise` has them: pandas writes None as NaN."""
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]


def _check(told: pl.DataFrame | list[Any]) -> None:
    rows = told.to_dicts() if isinstance(told, pl.DataFrame) else _plain(told)
    assert [row["order"] for row in rows] == _orders()["order"].to_list()
    assert_same(ALIEXPRESS, facts_of(_orders().drop("order")), rows)


def test_polars_lazy() -> None:
    """Nothing runs before it is collected, and what is then asked for is right."""
    lazy = dr.advise_frame(_orders().lazy(), keep=["order"])
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect_schema().names() == [*_orders().columns, *COLUMNS]
    _check(lazy.collect())
    _check(lazy.collect(engine="streaming").sort("order"))
    wanted = lazy.filter(pl.col("verdict") == "no_refund").select("order", "rule").collect()
    assert wanted.equals(lazy.collect().filter(pl.col("verdict") == "no_refund").select("order", "rule"))


def test_polars_categories() -> None:
    frame = _orders()
    labels = ["ground", "usability", "fault", "tracking", "seller_response", "currency"]
    _check(dr.advise_frame(frame.with_columns(pl.col(labels).cast(pl.Categorical)), keep=["order"]))
    enums = [pl.col(name).cast(pl.Enum(frame[name].drop_nulls().unique().sort())) for name in labels]
    _check(dr.advise_frame(frame.with_columns(enums), keep=["order"]))


def test_pandas() -> None:
    """With an index of its own, categories, days as timestamps, and None, NaN and NaT for unknown."""
    frame = _orders().to_pandas()
    frame.index = pd.Index(range(1000, 1000 + len(frame)))
    frame["ground"] = frame["ground"].astype("category")
    frame["shipped_on"] = pd.to_datetime(frame["shipped_on"])
    told = dr.advise_frame(frame, keep=["order"])
    assert isinstance(told, pd.DataFrame)
    assert told.index.equals(frame.index)
    _check(told.to_dict("records"))


@pytest.mark.parametrize("other", ["damagd", "damaged"], ids=["with a fault", "without"])
def test_pandas_rows_are_picked_by_whether_they_are_settled(other: str) -> None:
    told = dr.advise_frame(
        pd.DataFrame({"ground": ["damaged", other], "stage": "cancelled", "cancel_reason": "solved"})
    )
    assert str(told["settled"].dtype) == "boolean"
    assert told[told["settled"]]["ground"].to_list() == ["damaged"] * (2 - (other == "damagd"))


def test_pandas_columns_of_mixed_values() -> None:
    values: list[Any] = [24, "24.90", Decimal("3.10"), 12.5, None, float("nan"), "much", True, dt.date(2026, 1, 1)]
    frame = pd.DataFrame({"ground": "damaged", "price": pd.Series(values, dtype=object), "today": TODAY})
    rows = [{"ground": "damaged", "price": None if pd.isna(value) else value} for value in values]
    assert_same(ALIEXPRESS, rows, _plain(dr.advise_frame(frame).to_dict("records")))


def test_pyarrow() -> None:
    told = dr.advise_frame(_orders().to_arrow(), keep=["order"])
    assert isinstance(told, pa.Table)
    _check(told.to_pylist())


def test_a_column_that_polars_cannot_take() -> None:
    """It is read as text."""
    prices = pa.array([Decimal("24.90"), None, Decimal(-1)], pa.decimal256(50, 2))
    told = dr.advise_frame(pa.table({"ground": ["damaged"] * 3, "price": prices}))
    assert told["problems"].to_pylist() == [None, None, "price: out-of-range"]
    assert told["refund_cap"].to_pylist() == [Decimal("24.90"), None, None]


@pytest.mark.parametrize("own", [False, True], ids=["default connection", "own connection"])
def test_duckdb(own: bool) -> None:
    connection = duckdb.connect() if own else duckdb.default_connection()
    relation = connection.from_arrow(_orders().to_arrow())
    told = dr.advise_frame(relation, keep=["order"])
    assert isinstance(told, duckdb.DuckDBPyRelation)
    _check(told.order('"order"').pl())
    _check(told.order('"order"').pl())  # as often as it is asked for
    assert told.filter("problems is not null").count("*").fetchall() == [(2,)]


@pytest.mark.parametrize("name", ["advised", "relation", "name", "query", "cases", "advised_by_dispute_rules"])
def test_duckdb_leaves_tables_alone(name: str) -> None:
    """Whatever they are called: none of them is taken for the answer."""
    connection = duckdb.connect()
    connection.execute(f"create table {name} as select 'fake' as ground")
    told = dr.advise_frame(connection.table(name))
    assert told.columns == ["ground", *COLUMNS]
    assert told.select("ground", "problems").fetchall() == [("fake", None)]
    assert connection.table(name).fetchall() == [("fake",)]


@pytest.mark.parametrize("setting", ["python_enable_replacements", "enable_external_access"])
def test_duckdb_that_may_not_read_tables_of_python(setting: str) -> None:
    """It is told before anything is worked out, and what helps does help."""
    connection = duckdb.connect()
    relation = connection.sql("select 'fake' as ground")
    connection.execute(f"set {setting} = false")
    with pytest.raises(dr.CaseError, match=f"`{setting}` is false"):
        dr.advise_frame(relation)
    assert dr.advise_frame(relation.to_arrow_table())["problems"].to_pylist() == [None]


def _twice(kind: str, names: list[str]) -> Any:
    columns = [pa.array(["fake"]), *(pa.array([at]) for at in range(1, len(names)))]
    if kind == "pandas":
        return pd.DataFrame([["fake", *range(1, len(names))]], columns=names)
    if kind == "pyarrow":
        return pa.table(columns, names=names)
    values = ", ".join(f'{at} as "{name}"' for at, name in enumerate(names[1:], 1))
    return duckdb.sql(f"select 'fake' as ground, {values}")


@pytest.mark.parametrize("kind", ["pandas", "pyarrow", "duckdb"])
def test_a_column_that_stands_twice(kind: str) -> None:
    for name in ("price", "order"):
        with pytest.raises(dr.CaseError, match=f"{name}: the column `{name}` stands twice"):
            dr.advise_frame(_twice(kind, ["ground", name, name]), keep=["order"] if name == "order" else [])


def test_names_in_duckdb_have_no_case() -> None:
    """Where that counts, they are two columns."""
    names, kept = ["ground", "price", "Price"], ["Price"]
    with pytest.raises(dr.CaseError, match="`price` and `Price` have one name"):
        dr.advise_frame(_twice("duckdb", names), keep=kept)
    with pytest.raises(dr.CaseError, match="the column `Verdict` would be lost"):
        dr.advise_frame(_twice("duckdb", ["ground", "Verdict"]), keep=["Verdict"])
    assert dr.advise_frame(_twice("pyarrow", names), keep=kept)["Price"].to_pylist() == [2]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    if not (os.environ.get("JAVA_HOME") or which("java")):
        pytest.fail("Spark needs Java 17 or newer. Debian, Ubuntu: apt-get install default-jre-headless", pytrace=False)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield session
    session.stop()


def _from_spark(told: DataFrame) -> list[dict[str, Any]]:
    return sorted((row.asDict() for row in told.collect()), key=lambda row: row["order"])


def test_spark(spark: SparkSession) -> None:
    """Runs on the executors, with a pack of our own, too."""
    told = dr.advise_frame(spark.createDataFrame(_orders().to_arrow()), keep=["order"])
    assert isinstance(told, DataFrame)
    assert told.columns == [*_orders().columns, *COLUMNS]
    _check(_from_spark(told))
    rows = random_rows(PHONE_SHOP, Random(5), 60, odd=5)
    frame = framed(rows, PHONE_SHOP.Case.model_fields.keys() - {"events", "today"}).with_columns(today=TODAY)
    numbered = frame.with_row_index("order").with_columns(pl.col("order").cast(pl.Int64))
    told = PHONE_SHOP.advise_frame(spark.createDataFrame(numbered.to_arrow()), keep=["order"])
    assert_same(PHONE_SHOP, facts_of(frame), _from_spark(told))


def test_spark_makes_the_kernel_once_in_a_process() -> None:
    """Each task comes with a copy of its own of all that it needs."""
    pack = PHONE_SHOP.pack
    task = _Advising(KernelMaker("reference"), pack.name, tuple(pack.contents.items()), ["ground"], ["ground"], TODAY)
    batch = pa.RecordBatch.from_pydict({"ground": ["damaged"]})
    made = _kernel.cache_info()
    told = [list(pickle.loads(pickle.dumps(task))(iter([batch]))) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert _kernel.cache_info().misses == made.misses + 1


@pytest.mark.parametrize(
    ("columns", "keep", "told"),
    [
        ("1 as price, 2 as price", [], "price: the column `price` stands twice"),
        ("1 as o, 2 as o", ["o"], "o: the column `o` stands twice"),
        ("1 as price, 2 as Price", ["Price"], "Price: the columns `price` and `Price` have one name"),
        ("1 as Verdict", ["Verdict"], "Verdict: the column `Verdict` would be lost"),
        ("interval '1-2' year to month as y", ["y"], "y: Spark does not pass `interval year to month` to Python"),
    ],
)
def test_columns_that_spark_cannot_have(spark: SparkSession, columns: str, keep: list[str], told: str) -> None:
    with pytest.raises(dr.CaseError, match=told):
        dr.advise_frame(spark.sql(f"select 'fake' as ground, {columns}"), keep=keep)


def test_columns_of_spark_of_any_name_and_type(spark: SparkSession) -> None:
    """Also of nulls without a type, and with a dot in the name; kept ones come out as they were."""
    kept = "1 as `a.b`, map('k', array(1, null)) as m, named_struct('x', 1) as s, cast('x' as binary) as `b`, null as n"
    days = "timestamp'2026-03-29 02:30:00' as t, timestamp_ntz'2026-11-01 00:00:00' as received_on"
    facts = "'damaged' as ground, null as received, 24.9 as price, array('photos_of_goods') as evidence"
    frame = spark.sql(f"select {facts}, {days}, date'2026-11-20' as today, {kept}")
    keep = ["a.b", "m", "s", "b", "n", "t"]
    told = dr.advise_frame(frame, keep=keep)
    assert told.schema.fields[: len(frame.columns)] == frame.schema.fields
    (row,) = told.collect()
    assert row[: len(frame.columns)] == frame.collect()[0][:]
    known = {"ground": "damaged", "price": Decimal("24.9"), "evidence": ["photos_of_goods"], "today": TODAY}
    assert_same(ALIEXPRESS, [known | {"received_on": dt.date(2026, 11, 1)}], [row.asDict()])
    assert dr.advise_frame(frame.limit(0), keep=keep).collect() == []


def test_a_stream_of_spark(spark: SparkSession) -> None:
    frame = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 3).load()
    told = dr.advise_frame(frame.selectExpr("'fake' as ground", "value as order"), keep=["order"])
    assert told.isStreaming
    query = told.writeStream.format("memory").queryName("advised").trigger(availableNow=True).start()
    assert query.awaitTermination(120)
    assert {row["verdict"] for row in spark.sql("select verdict from advised").collect()} == {"full_refund"}


def test_the_page_shows_spark_as_it_works(spark: SparkSession) -> None:
    page = (Path(__file__).parents[2] / "docs/frames.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (program,) = (block for block in blocks if "pyspark" in block)
    names: dict[str, Any] = {}
    exec(program, names)
    counts = {row["verdict"]: row["count"] for row in names["verdicts"]}
    assert counts == dict(Counter(dr.advise_frame(orders(500), keep=["order"])["verdict"].to_list()))
