"""`batch`: files of cases to files of advice; nothing lost, nothing half written."""

from __future__ import annotations

import json
import os
import signal
from decimal import Decimal
from pathlib import Path
from time import sleep
from typing import Any

import polars as pl
import pytest
from examples.many_orders import orders

import dispute_rules as dr
from dispute_rules.frames.kernel import Kernel
from dispute_rules.frames.output import whole
from tests.cli.batches import ENDINGS, problems_in, run, texts_in, write

pytestmark = pytest.mark.usefixtures("pack_loaded_once")
ROOT = Path(__file__).parents[2]
Streams = pytest.CaptureFixture[str]


@pytest.mark.parametrize("source", ENDINGS)
@pytest.mark.parametrize("target", ENDINGS)
def test_each_format_gives_the_advice_of_a_frame(tmp_path: Path, source: str, target: str, capsys: Streams) -> None:
    frame = orders(300, seed=4)
    given, told = write(frame, tmp_path / f"cases.{source}"), tmp_path / f"advice.{target}"
    assert run(given, told, "--keep", "order") == 1
    summary = "300 rows: 298 with advice, 2 set aside\n  2  ground: unknown-label\n"
    assert capsys.readouterr().out == summary
    expected = write(dr.advise_frame(frame, keep=["order"]), tmp_path / "expected.parquet")
    columns = dr.Advisor().kernel.schema.keys() | {"order", "ground"}
    assert [{name: row[name] for name in columns} for row in texts_in(told)] == [
        {name: row[name] for name in columns} for row in texts_in(expected)
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([given.name, told.name, "expected.parquet"])


def test_bad_rows_of_csv_come_out_with_what_is_wrong(tmp_path: Path, capsys: Streams) -> None:
    lines = [
        b"ground,price,evidence",
        b"damaged,24.90,none",
        b"damagd,24.90,",
        b"damaged,1,2,3",
        b"damaged,\xff,",
        b"",
        b"damaged,much,nothing",
        b'fake,"1,5",photos_of_goods;messages_with_seller',
    ]
    (tmp_path / "cases.csv").write_bytes(b"\n".join(lines))
    assert run(tmp_path / "cases.csv", tmp_path / "advice.jsonl") == 1
    assert capsys.readouterr().out.splitlines()[0] == "6 rows: 1 with advice, 5 set aside"
    assert problems_in(tmp_path / "advice.jsonl") == [
        None,
        "ground: unknown-label",
        "case: wrong-type",
        "case: not-utf-8",
        "price: wrong-type; evidence: unknown-evidence",
        "price: wrong-type",
    ]


def test_bad_lines_of_json_come_out_with_what_is_wrong(tmp_path: Path, capsys: Streams) -> None:
    lines = [
        '{"ground": "damaged", "price": 24.9, "evidence": [], "received": true}',
        '{"ground": "damaged"',
        "",
        '{"ground": "damaged", "ground": "fake"}',
        '{"ground": null, "price": 1e400}',
        '{"ground": "damaged", "price": {"EUR": 5}}',
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run(tmp_path / "cases.jsonl", tmp_path / "advice.csv") == 1
    assert capsys.readouterr().out.splitlines()[0] == "5 rows: 1 with advice, 4 set aside"
    problems = problems_in(tmp_path / "advice.csv")
    assert problems[:3] == [None, "case: not-json", "ground: duplicate-fact"]
    assert problems[3:] == ["ground: missing-fact; price: out-of-range", "price: wrong-type"]


@pytest.mark.parametrize(
    "broken",
    ['damaged,5,"A2', 'damaged,"5,A2', 'damaged,"5"0,A2', 'damaged,5,"A2\nfake,"6",A3', 'damaged,5,"A2\ndamaged,5,"A3'],
)
@pytest.mark.parametrize("after", [3, 30_000])
def test_a_quote_that_never_closes_takes_no_other_lines_with_it(tmp_path: Path, broken: str, after: int) -> None:
    """However much comes after it; a quote that does close may hold lines."""
    good = [f"fake,{number},order {number}" for number in range(1, after)]
    lines = ["ground,price,order", *good[:1], broken, *good[1:], 'fake,5,"two\nlines"']
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run(tmp_path / "cases.csv", tmp_path / "advice.parquet", "--keep", "order") == 1
    told = pl.read_parquet(tmp_path / "advice.parquet").select("order", "problems").rows()
    first, *others = broken.splitlines()
    expected = [(f"order {number}", None) for number in range(1, after)]
    bad: list[tuple[str | None, str | None]] = [(None, "case: wrong-type") for _ in (first, *others)]
    if others and '"6"' in others[0]:
        bad[1] = ("A3", None)
    assert told == [*expected[:1], *bad, *expected[1:], ("two\nlines", None)]


def test_two_runs_do_not_write_to_one_file(tmp_path: Path) -> None:
    with whole(tmp_path / "advice.csv") as one:
        with whole(tmp_path / "advice.csv") as other:
            other.write_text("other", encoding="utf-8")
            one.write_text("one", encoding="utf-8")
        assert (tmp_path / "advice.csv").read_text(encoding="utf-8") == "other"
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ('"price": 1e99999999999999999999', "case: not-json"),
        ('"price": 1e300000000', "case: not-json"),
        ('"price": 1e-300000000', "case: not-json"),
        ('"quantity_ordered": 1e300', "quantity_ordered: out-of-range"),
        ('"order": "\\ud800"', "case: not-utf-8"),
        ('"\\udc00": 5', "case: not-utf-8"),
        ('"order": "\\ud83d\\ude00"', None),
        ('"order": 1e300', None),
    ],
)
def test_no_line_of_json_stops_the_others(tmp_path: Path, facts: str, problem: str | None) -> None:
    """Numbers that would take gigabytes to write out, and halves of characters; single cases are refused alike."""
    line = f'{{"ground": "damaged", {facts}}}'
    (tmp_path / "cases.jsonl").write_text(f'{line}\n{{"ground": "fake", "order": "A"}}\n', encoding="utf-8")
    run(tmp_path / "cases.jsonl", tmp_path / "advice.csv", "--keep", "order")
    assert problems_in(tmp_path / "advice.csv") == [problem, None]
    if problem:
        with pytest.raises(dr.CaseError) as refused:
            dr.Case.model_validate_json(line)
        assert problem in [f"{each.place}: {each.code}" for each in refused.value.problems]


@pytest.mark.parametrize("fact", ["quantity_ordered", "price"])
@pytest.mark.parametrize("number", ["1e300000000", "1e-300000000"])
def test_no_number_takes_gigabytes_to_read(fact: str, number: str) -> None:
    with pytest.raises(dr.CaseError, match="out-of-range"):
        dr.Case.model_validate({"ground": "damaged", fact: Decimal(number)})


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_without_rows(tmp_path: Path, ending: str, capsys: Streams) -> None:
    assert run(write(orders(0), tmp_path / f"cases.{ending}"), tmp_path / f"advice.{ending}", "--keep", "order") == 0
    assert capsys.readouterr().out == "0 rows: 0 with advice, 0 set aside\n"
    assert "verdict" in (pl.read_csv if ending == "csv" else pl.read_parquet)(tmp_path / f"advice.{ending}").columns


def test_an_interrupted_run_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off once the first part is done: neither a half file nor a trace of one."""
    answers, parts = Kernel.answers, iter(range(10))

    def interrupted(self: Kernel, *given: Any) -> pl.DataFrame:
        if next(parts) == 2:
            raise KeyboardInterrupt
        return answers(self, *given)

    monkeypatch.setattr(Kernel, "answers", interrupted)
    monkeypatch.setattr("dispute_rules.frames.files._ROWS", 50)
    given = write(orders(200), tmp_path / "cases.csv")
    (tmp_path / "advice.csv").write_text("as it was", encoding="utf-8")
    assert run(given, tmp_path / "advice.csv", "--keep", "order") == 130
    assert (tmp_path / "advice.csv").read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["advice.csv", "cases.csv"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_told_to_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, number: int
) -> None:
    """As a container is stopped, or a terminal closed; also while Polars writes."""
    answers, parts = Kernel.answers, iter(range(1_000))

    def told_to_end(self: Kernel, *given: Any) -> pl.DataFrame:
        if next(parts) == 2:
            os.kill(os.getpid(), number)
            sleep(0.2)
        return answers(self, *given)

    monkeypatch.setattr(Kernel, "answers", told_to_end)
    monkeypatch.setattr("dispute_rules.frames.files._ROWS", 50)
    given = write(orders(300), tmp_path / "cases.csv")
    with pytest.raises(SystemExit) as ended:
        run(given, tmp_path / f"advice.{ending}", "--keep", "order")
    assert ended.value.code == 128 + number
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]
    assert signal.getsignal(number) == signal.SIG_DFL


def test_a_run_that_ignores_a_signal_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `nohup`."""
    answers = Kernel.answers

    def hung_up(self: Kernel, *given: Any) -> pl.DataFrame:
        os.kill(os.getpid(), signal.SIGHUP)
        return answers(self, *given)

    monkeypatch.setattr(Kernel, "answers", hung_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(write(orders(5), tmp_path / "cases.csv"), tmp_path / "advice.csv", "--keep", "order") == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_parts_are_put_together_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_rules.frames.files._ROWS", 70)
    frame = orders(300, seed=4)
    for ending in ENDINGS:
        told = tmp_path / "advice.parquet"
        assert run(write(frame, tmp_path / f"cases.{ending}"), told, "--keep", "order") == 1
        expected = dr.advise_frame(frame, keep=["order"])
        assert pl.read_parquet(told)["verdict"].to_list() == expected["verdict"].to_list()


def test_events_come_from_each_format(tmp_path: Path) -> None:
    events = [[{"on": "2026-11-01", "what": "opened"}], [], None]
    written = [None if each is None else json.dumps(each) for each in events]
    frame = pl.DataFrame({"ground": "damaged", "events": events, "today": "2026-11-20"})
    frame.write_parquet(tmp_path / "cases.parquet")
    frame.write_ndjson(tmp_path / "cases.jsonl")
    frame.with_columns(events=pl.Series(written)).write_csv(tmp_path / "cases.csv")
    expected = dr.advise_frame(frame)["action"].to_list()
    assert expected[0] != expected[1] == expected[2]
    for ending in ENDINGS:
        assert run(tmp_path / f"cases.{ending}", tmp_path / f"advice.{ending}") == 0
        assert [row["action"] for row in texts_in(tmp_path / f"advice.{ending}")] == expected
    assert run(tmp_path / "cases.parquet", tmp_path / "advice.csv") == 0
    told = texts_in(tmp_path / "advice.csv")
    assert told[1:] == [{**row, "events": events} for row, events in zip(told[1:], ["[]", None], strict=True)]
    assert json.loads(told[0]["events"] or "") == events[0]


def _problem(capsys: Streams, *words: object) -> str:
    assert run(*words) == 2
    return capsys.readouterr().err


def test_what_cannot_be_used_is_told(tmp_path: Path, capsys: Streams) -> None:
    given = write(orders(5), tmp_path / "cases.csv")
    told = tmp_path / "advice.csv"
    assert "order: there is no fact `order` [unknown-fact]" in _problem(capsys, given, told)
    assert "name it in `--keep` to carry it along" in _problem(capsys, given, told)
    assert "there is no column `ordr` [unknown-fact]" in _problem(capsys, given, told, "--keep", "ordr")
    assert "[unreadable]" in _problem(capsys, tmp_path / "none.csv", told)
    assert "[unreadable]" in _problem(capsys, given, tmp_path / "no" / "advice.csv", "--keep", "order")
    assert "[usage]" in _problem(capsys, tmp_path / "cases.xlsx", told)
    assert "[usage]" in _problem(capsys, given)
    assert "[usage]" in _problem(capsys, given, told, "--report", "x.html")
    assert "[usage]" in _problem(capsys, "--compare", "aliexpress", "aliexpress", given, "--pack", "aliexpress")
    assert "[usage]" in _problem(capsys, "--compare", "aliexpress", "aliexpress", given, "--report", "changes.pdf")
    page = tmp_path / "no" / "changes.html"
    assert "[unreadable]" in _problem(capsys, "--compare", "aliexpress", "aliexpress", given, "--report", page)
    (tmp_path / "cases.parquet").write_text("no Parquet", encoding="utf-8")
    assert "[unreadable]" in _problem(capsys, tmp_path / "cases.parquet", told)
    (tmp_path / "cases.csv").write_text("price\n5\n", encoding="utf-8")
    assert "ground: there is no column `ground` [missing-fact]" in _problem(capsys, given, told)
    (tmp_path / "cases.csv").write_text('ground,"price\n' + "damaged,5\n" * 30_000, encoding="utf-8")
    assert "the first line cannot be read [wrong-type]" in _problem(capsys, given, told)
    (tmp_path / "cases.csv").write_text("ground,price,price\nfake,5,6\n", encoding="utf-8")
    assert "[duplicate-fact]" in _problem(capsys, given, told)
    assert not told.exists()


def test_a_file_that_is_advice_already_is_told_so(tmp_path: Path, capsys: Streams) -> None:
    """Once for each column, and not to keep what cannot be kept."""
    given = write(orders(5), tmp_path / "cases.csv")
    assert run(given, tmp_path / "advice.csv", "--keep", "order") == 0
    for more in ([], ["--keep", "claim"]):
        told = _problem(capsys, tmp_path / "advice.csv", tmp_path / "again.csv", "--keep", "order", *more)
        places = [line.partition(":")[0] for line in told.splitlines()[1:] if not line.startswith(" ")]
        assert places == list(dr.Advisor().kernel.schema)
        assert told.count("leave it out") == len(places)
        assert "to carry it along" not in told
