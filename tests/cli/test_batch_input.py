"""What `batch` reads: files as programs and people write them, of which no bad line stops the others."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dispute_rules as dr
from dispute_rules.frames.files import most_rows
from tests.cli.batches import ENDINGS, problems_in, run, values_in

pytestmark = pytest.mark.usefixtures("pack_loaded_once")
Streams = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffground,note\nfake,Größe\n",
        "ground,note\r\nfake,Größe\r\n\r\n",
        "ground,note\rfake,Größe",
        "\n\nground,note\n\nfake,Größe\n\n",
        '"ground","note"\n"fake","Größe"',
    ],
)
def test_csv_as_programs_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases.csv").write_bytes(text.encode())
    assert run(tmp_path / "cases.csv", tmp_path / "advice.csv", "--keep", "note") == 0
    assert [row["note"] for row in values_in(tmp_path / "advice.csv")] == ["Größe"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (b"ground;price", "the names have `;` between them [wrong-type]"),
        (b"ground\tprice", "between them [wrong-type]"),
        (b"ground,price,", "column 3 of 3 has no name [wrong-type]"),
        (b"ground,,price", "column 2 of 3 has no name [wrong-type]"),
        (b"ground,price,price", "price: the column `price` stands twice [duplicate-fact]"),
        ("ground,Größe".encode("latin-1"), "the first line is not UTF-8 [not-utf-8]"),
        ("ground,price".encode("utf-16"), "the first line is not UTF-8 [not-utf-8]"),
        ("ground,price".encode("utf-16-le"), "the first line is not UTF-8 [not-utf-8]"),
        (b"Ground,price", "did you mean `ground`"),
        (b"", "there is no column `ground` [missing-fact]"),
    ],
)
def test_names_of_columns_that_cannot_be_used(tmp_path: Path, header: bytes, told: str, capsys: Streams) -> None:
    (tmp_path / "cases.csv").write_bytes(header + b"\n")
    assert run(tmp_path / "cases.csv", tmp_path / "advice.csv") == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "advice.csv").exists()


def test_a_bad_line_of_csv_keeps_what_can_be_read_of_it(tmp_path: Path) -> None:
    lines = [b"order,ground,note", b"A,fake", b"B,fake,x,y", b"C,fake,\xfc", "D,fake,\ufffd".encode(), b'E,"fa"ke,x']
    (tmp_path / "cases.csv").write_bytes(b"\n".join(lines))
    assert run(tmp_path / "cases.csv", tmp_path / "advice.jsonl", "--keep", "order", "--keep", "note") == 1
    rows = values_in(tmp_path / "advice.jsonl")
    assert [(row["order"], row["note"], row["problems"]) for row in rows] == [
        ("A", None, "case: wrong-type"),
        ("B", "x", "case: wrong-type"),
        ("C", "\ufffd", "case: not-utf-8"),
        ("D", "\ufffd", None),
        (None, None, "case: wrong-type"),
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_name_that_only_some_objects_have_is_their_fault(tmp_path: Path, ending: str) -> None:
    """As `advise` says of each; the others have their advice, and what is known of these comes out."""
    lines = [
        '{"ground": "fake", "order": 1}',
        '{"ground": "fake", "order": 2, "recieved": true, "x": [1]}',
        '{"ground": "fake", "verdict": "mine"}',
        '{"ground": "fake", "order": 4, "received": true}',
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / f"advice.{ending}", "--keep", "order") == 1
    rows = values_in(tmp_path / f"advice.{ending}")
    expected = [None, "recieved: unknown-fact; x: unknown-fact", "verdict: unknown-fact", None]
    assert [row["problems"] for row in rows] == expected
    assert [row.get("order") and str(row["order"]) for row in rows] == ["1", "2", None, "4"]
    assert [row["verdict"] is None for row in rows] == [problem is not None for problem in expected]
    for line, problem in zip(lines, expected, strict=True):
        facts = {name: value for name, value in json.loads(line).items() if name != "order"}
        if problem:
            with pytest.raises(dr.CaseError) as refused:
                dr.advise(facts)
            assert "; ".join(f"{each.place}: {each.code}" for each in refused.value.problems) == problem


FAULTY = [
    (
        b'{"order":11,"who":"Ann","ground":"damaged","ground":"fake"}',
        '{"order":11,"who":"Ann"',
        "ground: duplicate-fact",
    ),
    (b'{"order":1.50,"price":NaN,"who":"\\u00fc"}', '{"order":1.50,"who":"\\u00fc"', "case: not-json"),
    (b'{"order":11,"price":1e99999999999999999999,"who":[1.0]}', '{"order":11,"who":[1.0]', "case: not-json"),
    (b'{ "order" : 11 , "note":"a\tb","who":{"a":1,"a":2},"price":5 }', '{"order" : 11,"price":5', "case: not-json"),
    (b'{"order":11,"ground":"fake"} {"order":12}', '{"order":11,"ground":"fake"', "case: not-json"),
    (b'{"order":11,"who":"\xff","ground":"fake"}', '{"order":11,"ground":"fake"', "case: not-utf-8"),
    (b'{"order":11,"who":"\\ud83d","ground":"fake"}', '{"order":11,"ground":"fake"', "case: not-utf-8"),
    (b'{"order":21,"price":5.10,"claim":"x"}', '{"order":21,"price":5.10', "claim: unknown-fact"),
    (b'{"claim":"x","ground":"fake","n":NaN}', '{"ground":"fake"', "case: not-json"),
    (b',"order":11,"ground":"fake"}', "{", "case: not-json"),
]


def test_a_faulty_object_keeps_what_can_be_read_of_it(tmp_path: Path) -> None:
    """To the letter, in JSON Lines: above all whose it is. What stands twice is not known."""
    (tmp_path / "cases.jsonl").write_bytes(b"\n".join([*(line for line, *_ in FAULTY), b'{"ground":"fake"}']))
    for ending in ENDINGS:
        assert run(tmp_path / "cases.jsonl", tmp_path / f"advice.{ending}", "--keep", "order", "--keep", "who") == 1
        assert problems_in(tmp_path / f"advice.{ending}") == [*(problem for *_, problem in FAULTY), None]
    lines = (tmp_path / "advice.jsonl").read_text(encoding="utf-8").splitlines()
    assert [line.partition('"claim":')[0].removesuffix(",") for line in lines[:-1]] == [head for _, head, _ in FAULTY]
    read = [json.loads(f"{head}}}", parse_float=str) for _, head, _ in FAULTY]
    for ending in ("csv", "parquet"):
        rows = values_in(tmp_path / f"advice.{ending}")[:-1]
        for name in ("order", "price", "ground"):
            expected = [None if name not in row else str(row[name]) for row in read]
            assert [row[name] for row in rows] == expected
        assert [row["who"] for row in rows[:3]] == ["Ann", "ü", "[1.0]"]


def test_an_object_that_is_cut_off_keeps_what_is_whole(tmp_path: Path) -> None:
    """Of a number one cannot see whether it is."""
    line = '{"ground": "fake", "order": 123, "who": "a,b}"}'
    (tmp_path / "cases.jsonl").write_text("\n".join(line[:end] for end in range(1, len(line))), encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.jsonl", "--keep", "order", "--keep", "who") == 1
    rows = values_in(tmp_path / "advice.jsonl")
    expected = [("fake" if end > 17 else None, 123 if end > 31 else None, None) for end in range(1, len(line))]
    assert [(row.get("ground"), row.get("order"), row.get("who")) for row in rows] == expected


def test_a_name_that_every_object_has_is_a_column(tmp_path: Path, capsys: Streams) -> None:
    (tmp_path / "cases.jsonl").write_text('{"ground":"fake","order":1}\n{"order":2}\n{"orde', encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv") == 2
    assert "order: there is no fact `order` [unknown-fact]" in capsys.readouterr().err
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv", "--keep", "order", "--keep", "ordr") == 1
    (tmp_path / "cases.jsonl").write_text('{"ground":"fake","order":1}\n{"order":2}', encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv", "--keep", "order", "--keep", "ordr") == 2
    assert "there is no column `ordr`" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "\n \n", "[\n{\n]\n"])
def test_json_lines_without_an_object(tmp_path: Path, text: str) -> None:
    """No rows, or only bad ones: the columns are there all the same."""
    (tmp_path / "cases.jsonl").write_text(text, encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv", "--keep", "order") == (1 if text.strip() else 0)
    assert problems_in(tmp_path / "advice.csv") == ["case: not-json"] * len(text.split())
    assert (tmp_path / "advice.csv").read_text(encoding="utf-8").startswith("ground,order,claim,")


def test_a_line_without_end_is_one_bad_row(tmp_path: Path) -> None:
    """It is not held in memory."""
    long = '{"ground": "fake", "note": "' + "x" * 9_000_000 + '"}'
    (tmp_path / "cases.jsonl").write_text(f'{{"ground": "fake"}}\n{long}\n{{"ground": "fake"}}\n', encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.jsonl") == 1
    assert problems_in(tmp_path / "advice.jsonl") == [None, "case: too-large", None]


def test_nested_without_end(tmp_path: Path) -> None:
    deep = ["[" * depth + "]" * depth for depth in (500, 100_000)]
    lines = [f'{{"ground": "fake", "note": {note}}}' for note in [*deep, "1"]]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv", "--keep", "note") == 1
    rows = values_in(tmp_path / "advice.csv")
    assert [(row["note"], row["problems"]) for row in rows] == [(deep[0], None), (None, "case: not-json"), ("1", None)]


def test_parquet_as_other_programs_write_it(tmp_path: Path) -> None:
    """With a dictionary, without row groups, of nulls, under any name."""
    given = tmp_path / "cases [1] *?%20é.parquet"
    pq.write_table(pa.table({"ground": pa.array(["fake", None]).dictionary_encode()}), given)
    assert run(given, tmp_path / "advice.csv") == 1
    assert problems_in(tmp_path / "advice.csv") == [None, "ground: missing-fact"]
    pq.write_table(pa.table({"ground": pa.nulls(2)}), given)
    assert run(given, tmp_path / "advice.csv") == 1
    assert problems_in(tmp_path / "advice.csv") == ["ground: missing-fact"] * 2
    pq.ParquetWriter(given, pa.schema([("ground", pa.string())])).close()
    assert run(given, tmp_path / "advice [2].parquet") == 0
    assert pq.read_table(tmp_path / "advice [2].parquet").num_rows == 0


def test_parquet_that_is_damaged(tmp_path: Path, capsys: Streams) -> None:
    given = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"ground": ["fake"] * 1000, "price": range(1000)}), given)
    whole = given.read_bytes()
    for cut in (0, 7, len(whole) // 2, len(whole) - 1):
        given.write_bytes(whole[:cut])
        assert run(given, tmp_path / "advice.csv") == 2
        assert "cases.parquet`: " in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["cases.parquet"]


@pytest.mark.parametrize("failure", [pl.exceptions.PanicException, pl.exceptions.ComputeError, OSError])
def test_what_fails_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], capsys: Streams
) -> None:
    """Polars panics at some pages that are damaged, and does not call that an `Exception`."""
    pl.DataFrame({"ground": ["fake"]}).write_parquet(tmp_path / "cases.parquet")

    def fails(*_: object, **__: object) -> None:
        raise failure("range end index 5 out of range")

    monkeypatch.setattr(pl.LazyFrame, "collect_batches", fails)
    assert run(tmp_path / "cases.parquet", tmp_path / "advice.csv") == 2
    assert "range end index 5 out of range [unreadable]" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["cases.parquet"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_no_regular_file_is_refused(tmp_path: Path, ending: str, capsys: Streams) -> None:
    """One would wait for a pipe for ever."""
    os.mkfifo(tmp_path / f"pipe.{ending}")
    (tmp_path / f"folder.{ending}").mkdir()
    (tmp_path / f"zero.{ending}").symlink_to("/dev/zero")
    for name in ("pipe", "folder", "zero"):
        assert run(tmp_path / f"{name}.{ending}", tmp_path / "advice.csv") == 2
        assert f"{name}.{ending}`: it is no regular file [unreadable]" in capsys.readouterr().err


def test_a_bar_on_a_terminal_tells_how_many_rows_there_are(tmp_path: Path) -> None:
    pl.DataFrame({"ground": ["damaged", "fake", "damaged"]}).write_parquet(tmp_path / "cases.parquet")
    command = [sys.executable, "-m", "dispute_rules", "batch", "cases.parquet", "advice.csv"]
    ours, theirs = pty.openpty()
    subprocess.run(
        command, check=True, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"}
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "3/3" in shown


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_of_text_are_not_more_than_its_lines(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"cases.{ending}"
    path.write_text({"csv": "ground\ndamaged\nfake\n", "jsonl": '{"ground": "fake"}\n{"ground": "damaged"}'}[ending])
    assert 2 <= (most_rows(path) or 0) <= 4
    assert most_rows(tmp_path / f"none.{ending}") is None
