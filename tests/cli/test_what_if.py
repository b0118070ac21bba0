"""`dispute-rules improve` and `compare`: what is printed, for people and for programs, and what is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.cli.main import main

Streams = pytest.CaptureFixture[str]
Run = Callable[..., str]
PHONE_SHOP = Path(__file__).parents[2] / "examples" / "phone-shop" / "phone_shop"
TODAY = "--today=2026-03-01"
KEPT = ("--ground=not_as_described", "--usability=usable", "--wants-to-keep=yes", TODAY)


@pytest.fixture
def run(capsys: Streams, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command that succeeds, and gives what it printed on lines of its own width."""
    monkeypatch.setenv("COLUMNS", "400")

    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(capsys: Streams) -> Run:
    def refused(*arguments: str) -> str:
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert told.out == ""
        return told.err

    return refused


# --- improve


def test_a_change_is_told_with_how_and_what_comes_of_it(run: Run) -> None:
    told = run("improve", *KEPT, "--price=20", "--shipping=3", "--currency=EUR")
    assert told.splitlines()[:3] == [
        "AliExpress: what you can change",
        "  1. Decide whether you keep the goods for a part of the money, or send them back. You may choose.",
        "     - Would you keep the goods if part of the money came back? No",
    ]
    assert (
        "pays for sending the goods back? A refund of all the money, once the goods are sent back at no cost to you "
        "(now: A refund of a part of the money, with nothing to send back) You would ask for 23.00 EUR."
    ) in in_one_line(told)
    assert told.splitlines()[-5:] == [
        "",
        "Worth telling: what is not known is not changed",
        "  Which of the listed evidence do you have? (--evidence)",
        "     - A screenshot of the listing as you bought from it",
        "     - Clear photos of what is wrong, of several pieces as many as you can",
    ]


def in_one_line(told: str) -> str:
    return " ".join(told.split())


def test_two_changes_are_joined_and_only_new_evidence_is_named(run: Run) -> None:
    told = in_one_line(run("improve", *KEPT, "--evidence=photos_of_goods").partition("  3. ")[2])
    assert told.startswith("Decide whether you keep")
    assert "back? No Also: Get this evidence" in told
    assert "closed. - A screenshot of the listing as you bought from it What will AliExpress" in told
    assert "How good are your prospects? Strong" in told


def test_a_day_to_wait_for_is_told(run: Run) -> None:
    told = run("improve", "--ground=not_arrived", "--shipped-on=2026-02-28", TODAY).splitlines()
    assert told[1:4] == [
        "  1. Wait, if nothing else happens before, until this day:",
        "     - 2026-03-11",
        "     Can a dispute be opened today? Yes (now: Not yet)",
    ]


def test_the_order_of_several_changes_is_told_and_kept(run: Run) -> None:
    told = run("improve", *KEPT, "--evidence=photos_of_goods").splitlines()
    assert told[1] == "  The fewest steps come first, and of as many those that lead to the better outcome."
    changes = dr.Advisor().changes(
        {
            **dict.fromkeys(["wants_to_keep"], True),
            "ground": "not_as_described",
            "usability": "usable",
            "evidence": ["photos_of_goods"],
            "today": "2026-03-01",
        }
    )
    assert [len(change.facts) for change in changes] == sorted(len(change.facts) for change in changes)
    assert "The fewest" not in run("improve", *KEPT, "--price=20")


def test_nothing_to_change_is_said(run: Run) -> None:
    told = run("improve", "--ground=damaged", "--usability=unusable", "--evidence=photos_of_goods,photos_of_package")
    assert "Nothing that you can change leads to a better outcome by these rules." in told
    assert "Worth telling" not in told


def test_changes_go_to_programs_as_the_library_has_them(run: Run) -> None:
    found = json.loads(run("improve", *KEPT, "--evidence=", "--json"))
    facts = {"ground": "not_as_described", "usability": "usable", "wants_to_keep": True, "evidence": []}
    assert [dr.Change.model_validate(change) for change in found] == [
        *dr.Advisor().changes({**facts, "today": "2026-03-01"})
    ]
    assert json.loads(run("improve", "--ground=damaged", "--json")) == []


def test_a_pack_of_your_own_is_told_in_its_words(run: Run) -> None:
    told = run("improve", "--pack", str(PHONE_SHOP), "--ground=no_longer_needed", "--complete=no")
    assert "     - Do you bring everything that was in the box? Yes" in told.splitlines()
    assert "     What does the shop do? Give the money back (now: Give a discount on the next purchase)" in told


def test_a_case_with_faults_cannot_be_improved(refused: Run) -> None:
    assert "[unknown-label]" in refused("improve", "--ground=fak")
    assert "[unknown-fact]" in refused("improve", "--ground=fake", "--colour=red")


# --- compare

BOTH = ("--ground=fake", "--ground=not_as_described", "--usability=usable", TODAY)


def rows(printed: str) -> dict[str, list[str]]:
    """The cells of a table by their heading."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in printed.splitlines():
        if line.startswith("│"):
            first, *cells = (cell.strip() for cell in line.strip("│").split("│"))
            heading = first or heading
            found.setdefault(heading, []).extend([*cells] if first else [f"+ {cell}" for cell in cells])
    return found


def test_grounds_stand_side_by_side(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = rows(run("compare", *BOTH, "--evidence=photos_of_goods", "--price=20", "--shipping=3"))
    assert told["AliExpress"] == ["It is a fake", "It is not what the listing describes"]
    lines = {heading: " ".join(cells) for heading, cells in told.items()}
    text = " ".join(lines.values())
    assert "Fair, it may go either way" in text
    assert "(missing)" in text
    assert "(have)" in text
    assert "23" in text
    assert "our own reading" in text or "a source says it" in text


def test_the_ground_of_the_file_is_compared_with_those_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"ground": "fake", "usability": "usable", "today": "2026-03-01"}')
    told = json.loads(run("compare", str(file), "--ground", "not_as_described", "--json"))
    assert [each["ground"] for each in told["grounds"]] == ["fake", "not_as_described"]
    expected = dr.Advisor().compare(
        {"usability": "usable", "today": "2026-03-01"}, grounds=["fake", "not_as_described"]
    )
    assert dr.Comparison.model_validate(told) == expected


def test_what_is_wrong_with_a_comparison_is_told(refused: Run) -> None:
    assert "[missing-fact]" in refused("compare", "--ground=fake")
    assert "`fake` is named twice" in refused("compare", "--ground=fake", "--ground=fake", "--ground=damaged")
    assert "did you mean `damaged`" in refused("compare", "--ground=fake", "--ground=damagd")
    told = refused("compare", "--ground=not_arrived", "--ground=fake", "--received=yes")
    assert "with the ground `not_arrived`" in told


def test_the_help_says_to_name_only_what_is_true(capsys: Streams) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])
    assert "Name only grounds that are true of your order." in capsys.readouterr().out


@pytest.mark.parametrize("facts", [("compare", *BOTH), ("improve", *KEPT)])
def test_without_rich_they_still_answer(
    facts: tuple[str, ...], capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("rich", "dispute_rules.cli"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    from dispute_rules.cli.main import main as without_rich

    assert without_rich(facts) == 0
    told = capsys.readouterr()
    if facts[0] == "compare":
        assert len(dr.Comparison.model_validate_json(told.out).grounds) == 2
        assert "dispute-rules[cli]" in told.err
    else:
        assert told.out.startswith("AliExpress: what you can change\n  1. ")
