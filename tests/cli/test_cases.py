"""`dispute-rules test --cases`: whole cases beside the examples, and the page that tells of them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dispute_rules.cli.main import main
from dispute_rules.testing import examples, whole_cases
from tests.authoring.conftest import entry, told
from tests.conftest import MakePack

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "whole-cases.md").read_text(encoding="utf-8")
Streams = pytest.CaptureFixture[str]

RIGHT = entry("case: {ground: damaged}", "expect: {verdict: full_refund}", name="right")
WRONG = entry("case: {ground: damaged, gift: true, evidence: []}", "expect: {verdict: no_refund}", name="wrong")


@pytest.fixture(autouse=True)
def in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_pack: MakePack) -> None:
    """With the good pack in `own`."""
    make_pack()
    monkeypatch.chdir(tmp_path)


def write(name: str, *entries: str) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(told(*entries), encoding="utf-8")


def shell(streams: Streams, *arguments: str) -> tuple[int, list[str], str]:
    status = main(["test", *arguments])
    out, err = streams.readouterr()
    return status, out.splitlines(), err


def test_cases_are_tried_beside_the_examples(capsys: Streams) -> None:
    write("cases/table.yaml", RIGHT)
    number = len(examples("own"))
    for path in ("cases", "cases/table.yaml"):
        assert shell(capsys, "own", "--cases", path) == (
            0,
            [f"{number} examples, 1 cases: {number + 1} passed, 0 failed"],
            "",
        )


def test_a_case_that_fails_is_told_with_the_command_that_shows_it(capsys: Streams) -> None:
    write("table.yaml", RIGHT, WRONG)
    status, out, err = shell(capsys, "own", "--cases", "table.yaml", "-k", "table/")
    assert (status, err) == (1, "")
    assert out == [
        "table.yaml:7:5: table/wrong",
        "  table.yaml:9:23: verdict: expected `no_refund`, got `full_refund`",
        "    by own/verdict/new-goods, own/verdict/new-goods.yaml",
        "      it saw age_months: ..3, colour: red",
        "  case: dispute-rules advise --pack own --today=2022-06-01 --ground=damaged --gift=yes --evidence=none",
        "0 examples, 2 cases: 1 passed, 1 failed",
    ]
    assert main(shlex.split(out[4])[2:]) == 0


def test_only_the_cases_named_are_tried(capsys: Streams) -> None:
    write("table.yaml", RIGHT, WRONG)
    assert shell(capsys, "own", "--cases", "table.yaml", "-k", "right")[:2] == (
        0,
        ["0 examples, 1 cases: 1 passed, 0 failed"],
    )
    status, out, err = shell(capsys, "own", "--cases", "table.yaml", "-k", "nothing-like-it")
    assert (status, out) == (2, [])
    assert "own: no example or case has `nothing-like-it` in its name [nothing-to-try]" in err


def test_several_tables_are_tried_together(capsys: Streams) -> None:
    write("one.yaml", RIGHT)
    write("two.yaml", WRONG)
    status, out, _ = shell(capsys, "own", "--cases", "one.yaml", "--cases", "two.yaml", "-k", "/")
    assert status == 1
    assert re.fullmatch(r"\d+ examples, 2 cases: \d+ passed, 1 failed", out[-1])


def test_a_table_with_faults_is_told_and_nothing_is_tried(capsys: Streams) -> None:
    write("table.yaml", RIGHT, entry("case: {ground: damagd}", "expect: {verdit: none}"))
    status, out, err = shell(capsys, "own", "--cases", "table.yaml")
    assert (status, out) == (2, [])
    assert (
        "table.yaml:8:20: `damagd` is not a value of `ground` [unknown-label]\n  help: did you mean `damaged`?" in err
    )
    assert "table.yaml:9:14: there is no key `verdit` [unknown-key]\n  help: did you mean `verdict`?" in err


@pytest.mark.parametrize("facts", ["evidence: [3, [x]]", "price: {a: b}", "colour: null", "ground: 3"])
def test_a_case_that_is_refused_otherwise_than_expected_can_be_printed(capsys: Streams, facts: str) -> None:
    write("table.yaml", entry(f"case: {{{facts}}}", "expect: {refused: contradiction}"))
    status, out, err = shell(capsys, "own", "--cases", "table.yaml", "-k", "table/")
    assert (status, err) == (1, "")
    assert out[1].startswith("  table.yaml:4:5: refused: expected `contradiction`, got `")


# --- the page


def block(language: str) -> str:
    """The first block of a language."""
    found: list[tuple[str, str]] = re.findall(r"^```([a-z]*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return next(code for name, code in found if name == language)


def test_the_table_on_the_page_passes() -> None:
    Path("cases.yaml").write_text(block("yaml"), encoding="utf-8")
    trials = whole_cases("cases.yaml", "aliexpress")
    for trial in trials:
        trial.check()
    assert len(trials) == 2


def test_the_failure_on_the_page_is_told_so(capsys: Streams) -> None:
    assert block("yaml").count("verdict: full_refund") == 1
    wrong = block("yaml").replace("verdict: full_refund", "verdict: no_refund")
    Path("cases.yaml").write_text(wrong, encoding="utf-8")
    _, out, _ = shell(capsys, "--cases", "cases.yaml", "-k", "cases/")
    assert out[:-1] == block("").splitlines()


def test_every_field_on_the_page_is_one(capsys: Streams) -> None:
    """A name of capitals stands for those of the pack."""
    section = PAGE[PAGE.index("## What can be expected") : PAGE.index("## When a case fails")]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    names = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    some = {"DATE": "decision", "FACT": "usability", "DECISION": "verdict"}
    names = [re.sub(r"[A-Z]+", lambda found: some[found[0]], name) for name in names]
    expect = ", ".join(f"{name}: wrong!" for name in names)
    write("table.yaml", entry("case: {ground: damaged}", f"expect: {{{expect}}}"))
    _, _, err = shell(capsys, "--cases", "table.yaml")
    assert "unknown-key" not in err
    assert err.count("`wrong!`") == len(names)
