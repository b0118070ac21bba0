"""What `batch` writes: facts that say the same when they are read again, kept columns as they came, and where."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from examples.many_orders import orders

import dispute_rules as dr
from tests.cli.batches import ENDINGS, problems_in, run, texts_in, values_in, write
from tests.frames.rows import COLUMNS, TODAY, framed, random_rows

pytestmark = pytest.mark.usefixtures("pack_loaded_once")
Streams = pytest.CaptureFixture[str]
ADVISOR = dr.Advisor()
NAMES = ADVISOR.Case.model_fields.keys() - {"events", "today"}


def _again(told: Path) -> list[dict[str, str | None]]:
    """The advice on the facts that a file of advice holds."""
    left = told.with_name(f"left{told.suffix}")
    rows = values_in(told)
    names = [name for name in rows[0] if name not in COLUMNS]
    schema = pl.read_parquet_schema(told) if told.suffix == ".parquet" else dict.fromkeys(names, pl.String)
    if told.suffix == ".jsonl":
        left.write_text("".join(json.dumps({name: row[name] for name in names}) + "\n" for row in rows), "utf-8")
    else:
        write(pl.DataFrame([{name: row[name] for name in names} for row in rows], {n: schema[n] for n in names}), left)
    run(left, told.with_name(f"again{told.suffix}"))
    return texts_in(told.with_name(f"again{told.suffix}"))


def _advice(rows: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    return [{name: row[name] for name in COLUMNS} for row in rows]


def _odd_types(frame: pl.DataFrame) -> pl.DataFrame:
    """As a file may have them: days with a time, truth as numbers, floats, lists of categories."""
    dtypes = frame.schema
    days = [pl.col(name).cast(pl.Datetime("ns")) for name, dtype in dtypes.items() if dtype == pl.Date]
    truths = [pl.col(name).cast(pl.Float64) for name, dtype in dtypes.items() if dtype == pl.Boolean]
    amounts = [pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in dtypes if dtypes[name].is_decimal()]
    lists = [pl.col("evidence").cast(pl.List(pl.Categorical))] if dtypes["evidence"] == pl.List else []
    return frame.with_columns(*days, *truths, *amounts, *lists)


@pytest.mark.parametrize("target", ENDINGS)
@pytest.mark.parametrize("source", ["jsonl", "parquet", "odd.parquet"])
def test_facts_say_the_same_when_they_are_read_again(tmp_path: Path, source: str, target: str) -> None:
    frame = framed(random_rows(ADVISOR, Random(f"{source} {target}"), 80), NAMES).with_columns(today=TODAY)
    given = write(_odd_types(frame) if "odd" in source else frame, tmp_path / f"cases.{source}")
    run(given, tmp_path / f"advice.{target}")
    told = _advice(texts_in(tmp_path / f"advice.{target}"))
    assert _advice(_again(tmp_path / f"advice.{target}")) == told
    assert told == _advice(texts_in(write(ADVISOR.advise_frame(frame), tmp_path / "expected.parquet")))


EVIDENCE: list[Any] = [
    *([], ["photos_of_goods"], ["listing_screenshot", "messages_with_seller"]),
    *(["a;b"], [""], ["none"], None),
]


@pytest.mark.parametrize("source", ["jsonl", "parquet"])
@pytest.mark.parametrize("target", ENDINGS)
def test_evidence_says_the_same_when_it_is_read_again(tmp_path: Path, source: str, target: str) -> None:
    """Also none at hand, and what no kind is."""
    frame = pl.DataFrame({"ground": "damaged", "evidence": EVIDENCE, "today": TODAY})
    run(write(frame, tmp_path / f"cases.{source}"), tmp_path / f"advice.{target}")
    told = _advice(texts_in(tmp_path / f"advice.{target}"))
    assert [row["prospects"] for row in told] == ["weak", "fair", "weak", None, None, None, "strong"]
    assert [row["problems"] for row in told[3:6]] == ["evidence: unknown-evidence"] * 3
    assert _advice(_again(tmp_path / f"advice.{target}")) == told


KEPT = pl.DataFrame(
    {
        "ground": ["fake", "fake"],
        "struct": [{"a": 1, "b": Decimal("1.50")}, None],
        "texts": [["a;b", 'c"'], []],
        "map": [[{"key": "k", "value": 1}], None],
        "array": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
        "duration": [dt.timedelta(days=1, seconds=1), None],
        "time": [dt.time(9, 30), None],
        "category": pl.Series(["a", None], dtype=pl.Categorical),
        "nothing": [None, None],
    }
)
KEEP = [word for name in KEPT.columns[1:] for word in ("--keep", name)]


def test_kept_columns_of_any_type_come_out_in_each_format(tmp_path: Path) -> None:
    """As JSON in CSV, where that has no form of its own."""
    KEPT.write_parquet(tmp_path / "cases.parquet")
    for ending in ENDINGS:
        assert run(tmp_path / "cases.parquet", tmp_path / f"advice.{ending}", *KEEP) == 0
    assert pl.read_parquet(tmp_path / "advice.parquet").select(KEPT.columns).equals(KEPT)
    nested = ["struct", "texts", "map", "array"]
    in_json, in_csv = values_in(tmp_path / "advice.jsonl"), values_in(tmp_path / "advice.csv")
    expected = [
        [{"a": 1, "b": "1.50"}, ["a;b", 'c"'], [{"key": "k", "value": 1}], [1, 2]],
        [None, [], None, [3, 4]],
    ]
    assert [[row[name] for name in nested] for row in in_json] == expected
    assert [[row[name] and json.loads(row[name]) for name in nested] for row in in_csv] == expected
    assert [in_csv[0][name] for name in ("duration", "time", "category")] == ["P1DT1S", "09:30:00.000000000", "a"]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_columns_of_bytes_are_refused_before_anything_is_written(tmp_path: Path, ending: str, capsys: Streams) -> None:
    frame = pl.DataFrame({"ground": ["fake"], "photo": [b"\xff"], "more": [[{"of": b"\xff"}]]})
    frame.write_parquet(tmp_path / "cases.parquet")
    words = ("--keep", "photo", "--keep", "more")
    assert run(tmp_path / "cases.parquet", tmp_path / f"advice.{ending}", *words) == 2
    told = capsys.readouterr().err
    assert "photo: the column `photo` holds bytes, which are no text [wrong-type]" in told
    assert "more: the column `more` holds bytes" in told
    assert [path.name for path in tmp_path.iterdir()] == ["cases.parquet"]
    assert run(tmp_path / "cases.parquet", tmp_path / "advice.parquet", *words) == 0
    assert pl.read_parquet(tmp_path / "advice.parquet").select(frame.columns).equals(frame)


OBJECTS = [
    '{"ground": "fake", "more": {"a": [1.50, 1e2, "\\u00fc", true]}, "n": 1e2, "received": 1.0, "price": 24.90}',
    '{ "n":"1e2" , "ground":"fake", "more":[ ]}',
    '{"ground":"fake","n":123456789012345678901234567890}',
    "{}",
]


def test_objects_come_out_as_they_went_in(tmp_path: Path) -> None:
    """To the letter, in JSON Lines; where they become columns, each value that is no text as its JSON."""
    (tmp_path / "cases.jsonl").write_text("\ufeff" + "\r\n".join(OBJECTS), encoding="utf-8")
    for ending in ENDINGS:
        assert run(tmp_path / "cases.jsonl", tmp_path / f"advice.{ending}", "--keep", "more", "--keep", "n") == 1
    lines = (tmp_path / "advice.jsonl").read_text(encoding="utf-8").splitlines()
    for line, came in zip(lines, OBJECTS, strict=True):
        assert line.startswith(came.removesuffix("}").strip())
        assert json.loads(line).items() > json.loads(came).items()
    assert problems_in(tmp_path / "advice.jsonl") == [None, None, None, "ground: missing-fact"]
    for ending in ("csv", "parquet"):
        kept = [(row["more"], row["n"]) for row in values_in(tmp_path / f"advice.{ending}")]
        number = "123456789012345678901234567890"
        assert kept == [('{"a": [1.50, 1e2, "\\u00fc", true]}', "1e2"), ("[ ]", "1e2"), (None, number), (None, None)]


def _given(folder: Path) -> Path:
    return write(orders(5), folder / "cases.csv")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "advice.csv").symlink_to(tmp_path / "there" / "real.csv")
    for _ in range(2):  # to what is not there yet, and to what is
        assert run(_given(tmp_path), tmp_path / "advice.csv", "--keep", "order") == 0
        assert (tmp_path / "advice.csv").is_symlink()
        assert len(values_in(tmp_path / "there" / "real.csv")) == 5
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["real.csv"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, ending: str) -> None:
    before = os.umask(0o027)
    try:
        told = tmp_path / f"advice.{ending}"
        for expected, mode in ((0o640, 0o600), (0o600, 0o664), (0o664, 0o664)):
            assert run(_given(tmp_path), told, "--keep", "order") == 0
            assert told.stat().st_mode & 0o777 == expected
            told.chmod(mode)
    finally:
        os.umask(before)


def test_nothing_but_a_file_is_replaced(tmp_path: Path, capsys: Streams) -> None:
    given = _given(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "null.csv").symlink_to("/dev/null")
    for name in ("folder", "pipe", "null"):
        assert run(given, tmp_path / f"{name}.csv", "--keep", "order") == 2
        assert f"{name}.csv`: " in capsys.readouterr().err
    for name in ("no/advice.csv", "cases.csv/advice.csv"):
        assert run(given, tmp_path / name, "--keep", "order") == 2
        assert f"{name}`: " in capsys.readouterr().err, "the name that was given"
    assert {path.name for path in tmp_path.iterdir()} == {*("cases.csv", "folder.csv", "pipe.csv", "null.csv")}


def test_the_cases_are_not_replaced_by_their_advice(tmp_path: Path, capsys: Streams) -> None:
    given = _given(tmp_path)
    (tmp_path / "link.csv").symlink_to(given)
    (tmp_path / "second.csv").hardlink_to(given)
    before = given.read_bytes()
    for name in ("cases.csv", "link.csv", "second.csv"):
        assert run(given, tmp_path / name, "--keep", "order") == 2
        assert "would replace the cases" in capsys.readouterr().err
    assert given.read_bytes() == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_is_full_is_told_of_the_advice(tmp_path: Path, ending: str, capsys: Streams) -> None:
    """And not of the cases, with which nothing is wrong."""
    given = write(orders(2_000), tmp_path / "cases.parquet")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        assert run(given, tmp_path / f"advice.{ending}", "--keep", "order") == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert f"advice.{ending}`: File too large [unreadable]" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["cases.parquet"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_endings_count_in_any_case(tmp_path: Path, ending: str) -> None:
    given = write(orders(5), tmp_path / f"cases.{ending}").rename(tmp_path / f"CASES.{ending.upper()}")
    for target in ENDINGS:
        told = tmp_path / f"ADVICE.{target.upper()}"
        assert run(given, told, "--keep", "order") == 0
        assert len(values_in(told.rename(tmp_path / f"advice.{target}"))) == 5
