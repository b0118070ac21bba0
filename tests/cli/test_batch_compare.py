"""`batch --compare`: what other rules would change for the cases of a file, counted, in words and as a page."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from examples.many_orders import orders

import dispute_rules as dr
from dispute_rules.cli.change_report import page, told
from dispute_rules.frames.batch import Changes, Move
from tests.cli.batches import run, write

pytestmark = pytest.mark.usefixtures("pack_loaded_once")
Streams = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
FIFTEEN = "{from: 2018-08-01, value: 15, source: [ae-help-2018"


@pytest.fixture(scope="module")
def five_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules with five days to open a dispute instead of fifteen."""
    new = tmp_path_factory.mktemp("packs") / "aliexpress"
    shutil.copytree(ROOT / "rules/aliexpress", new)
    pack = (new / "pack.yaml").read_text(encoding="utf-8")
    assert FIFTEEN in pack
    (new / "pack.yaml").write_text(pack.replace(FIFTEEN, FIFTEEN.replace("15", "5")), encoding="utf-8")
    return new


Row = dict[str, Any]


def _advice(frame: pl.DataFrame, pack: Any = "aliexpress") -> list[Row]:
    return dr.advise_frame(frame, pack=pack, keep=["order"]).to_dicts()


def _moves(before: list[Row], after: list[Row], name: str) -> list[str]:
    """In the words of the table, the most frequent first."""
    pairs = [(old[name] or "nothing", new[name] or "nothing") for old, new in zip(before, after, strict=True)]
    counts = Counter(pair for pair in pairs if pair[0] != pair[1])
    lines = sorted((-count, old, new, pairs.index((old, new)) + 1) for (old, new), count in counts.items())
    return [f"{-count:>9,}  {old} -> {new}, first in row {first:,}" for count, old, new, first in lines]


@pytest.mark.parametrize("rows", [250_000, 90], ids=["at once", "in parts"])
def test_what_would_change(
    tmp_path: Path, five_days: Path, capsys: Streams, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """As many as when each pack advises on all of them, and a page that asks for nothing from elsewhere."""
    monkeypatch.setattr("dispute_rules.frames.files._ROWS", rows)
    frame = orders(800, seed=2)
    given, report = write(frame, tmp_path / "cases.parquet"), tmp_path / "changes.html"
    assert run("--compare", "aliexpress", five_days, given, "--keep", "order", "--report", report) == 1
    shown = capsys.readouterr().out
    before, after = _advice(frame), _advice(frame, dr.load_pack(five_days))
    names = dr.Advisor().kernel.schema.keys() - {"settled", "rule"}
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if any(old[n] != new[n] for n in names)]
    aside = sum(each["problems"] is not None for each in before)
    summary = f"{len(pairs)} of 800 cases change, {800 - len(pairs) - aside} keep their advice, {aside} stay set aside"
    assert shown.startswith(f"{summary}\n")
    days = [(old["window_closes_on"], new["window_closes_on"]) for old, new in pairs]
    count = sum(old is not None and new is not None and old != new for old, new in days)
    assert f"window_closes_on\n  {count:>9,}  a value -> another, first in row " in shown
    for name in ("claim", "verdict", "action", "window"):
        expected = "\n  ".join([name, *_moves(before, after, name)])
        assert f"\n{expected}\n" in f"{shown}\n"
    html = report.read_text(encoding="utf-8")
    assert summary in html
    for line in _moves(before, after, "verdict"):
        number, move = line.strip().split("  ")
        old, new = move.split(",")[0].split(" -> ")
        assert f'<td>{old}</td><td>{new}</td><td class="count">{number}</td>' in html
    assert not any(word in html for word in ("http", "//", "<script", "@import"))


def test_nothing_is_not_the_label_none() -> None:
    """In the table and on the page."""
    changes = Changes(1, 1)
    changes.moves["action"] = {("none", None): Move(3, 7), (None, "none"): Move(2, 5), ("none", "wait"): Move(2, 6)}
    assert told(changes) == {"action": [(3, "none", "nothing", 7), (2, "none", "wait", 6), (2, "nothing", "none", 5)]}
    assert "<td>none</td><td>nothing</td>" in page(changes, "old", "new")


def test_no_change_at_all(tmp_path: Path, capsys: Streams) -> None:
    """That is what the table and the page say, and the exit status; bad rows are no changes."""
    (tmp_path / "cases.csv").write_text("ground\nfake\ndamagd\nfake,2\n", encoding="utf-8")
    report = tmp_path / "changes.html"
    assert run("--compare", "aliexpress", "aliexpress", tmp_path / "cases.csv", "--report", report) == 0
    summary = "0 of 3 cases change, 1 keep their advice, 2 stay set aside\n"
    assert capsys.readouterr().out == summary
    assert summary.strip() in report.read_text(encoding="utf-8")
    assert "<table>" not in report.read_text(encoding="utf-8")


def _refusing_usable_fakes(pack: Path, folder: Path) -> Path:
    other = folder / "aliexpress"
    shutil.copytree(pack, other)
    entry = "impossible:\n  - {when: {ground: fake, usability: usable}, because: No., help: No.}\n"
    text = (other / "pack.yaml").read_text(encoding="utf-8").replace("\nimpossible:\n", f"\n{entry}", 1)
    (other / "pack.yaml").write_text(text, encoding="utf-8")
    return other


def test_what_only_one_pack_sets_aside_is_a_change(tmp_path: Path, five_days: Path, capsys: Streams) -> None:
    """Told under `problems`."""
    other = _refusing_usable_fakes(five_days, tmp_path)
    lines = ["ground,usability,price", "fake,usable,5", "fake,unusable,5", "damagd,usable,5"]
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run("--compare", five_days, other, tmp_path / "cases.csv") == 1
    there = capsys.readouterr().out
    counts = "1 of 3 cases change, 1 keep their advice, 1 stay set aside"
    assert there.startswith(f"{counts}; of those that change, the old pack sets aside 0, the new 1\n")
    assert "problems\n          1  nothing -> ground, usability: contradiction, first in row 1\n" in there
    assert "refund_cap\n          1  a value -> nothing, first in row 1\n" in there
    assert run("--compare", other, five_days, tmp_path / "cases.csv") == 1
    back = capsys.readouterr().out
    assert back.startswith(f"{counts}; of those that change, the old pack sets aside 1, the new 0\n")
    assert "refund_cap\n          1  nothing -> a value, first in row 1\n" in back


def test_what_each_pack_sets_aside_for_another_fault_counts_once(
    tmp_path: Path, five_days: Path, capsys: Streams
) -> None:
    """As a change, and not also among those that stay set aside."""
    other = _refusing_usable_fakes(five_days, tmp_path)
    lines = ["ground,usability,received", "fake,usable,no", "fake,unusable,no", "fake,unusable,yes"]
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run("--compare", five_days, other, tmp_path / "cases.csv") == 1
    told = "1 of 3 cases change, 1 keep their advice, 1 stay set aside; of those that change, the old pack sets aside 1"
    assert capsys.readouterr().out.startswith(f"{told}, the new 1\n\nproblems\n")
