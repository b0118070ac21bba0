"""`timeline`: a table with bars, JSON, or a calendar."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.cli.main import main

CASE = "timeline --ground damaged --opened-on 2026-02-27 --today 2026-03-01 --ordered-on 2026-01-10".split()


def run(capsys: pytest.CaptureFixture[str], arguments: Sequence[str], status: int = 0) -> str:
    assert main(arguments) == status
    out, err = capsys.readouterr()
    assert bool(err) == bool(status)
    return str(err or out)


def told() -> dr.Timeline:
    facts = {"opened_on": "2026-02-27", "today": "2026-03-01", "ordered_on": "2026-01-10"}
    return dr.Advisor().timeline(ground="damaged", **facts)


def test_each_day_has_its_bar_its_distance_and_its_title(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    lines = run(capsys, CASE).splitlines()
    assert lines[:2] == ["AliExpress, 2026-03-01", "Keep the dispute open and do not cancel it"]
    for day in told().days:
        at = next(number for number, line in enumerate(lines) if line.endswith(f"  {day.when}"))
        assert lines[at].startswith(str(day.earliest))
        assert lines[at + 1].strip() == day.title


def test_bars_stand_for_days_between_the_first_and_the_last(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    bars = [line.split("  ") for line in run(capsys, CASE).splitlines() if "█" in line]
    shown = {next(part.strip() for part in parts if "█" in part): parts[0].strip() for parts in bars}
    assert all(len(bar) == 24 for bar in shown)
    assert next(bar for bar, days in shown.items() if days == "2026-07-09").endswith("·█")
    decision = next(bar for bar, days in shown.items() if days.startswith("2026-03-13"))
    assert decision == "│·█████████·············"


def test_what_can_happen_next_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, CASE).partition("What can happen next")[2]
    you, seller, platform = (shown.index(f"\n  {party}\n") for party in ("You", "The seller", "AliExpress"))
    parts = {"buyer": shown[you:seller], "seller": shown[seller:platform], "platform": shown[platform:]}
    listed = {by: re.findall(r"^    (\w+)", part, re.MULTILINE) for by, part in parts.items()}
    assert listed == {by: [event.what for event in told().possible if event.by == by] for by in parts}


def test_each_day_is_shown_with_its_sources(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    shown = run(capsys, CASE)
    for day in told().days:
        assert ", ".join(source.source for source in day.sources) in shown


def test_json_is_the_timeline(capsys: pytest.CaptureFixture[str]) -> None:
    assert dr.Timeline.model_validate_json(run(capsys, [*CASE, "--json"])) == told()


def test_a_calendar_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, [*CASE, "--ics"])
    assert printed.startswith("BEGIN:VCALENDAR")
    assert printed.count("BEGIN:VEVENT") == len(told().days)


def test_without_a_day_to_come_there_is_no_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 5545 wants a component in each."""
    assert main(["timeline", "--ground", "damaged", "--today", "2026-03-01", "--ics"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("note: there is no day to put into a calendar")


def test_events_are_given_in_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = {"ground": "damaged", "today": "2026-03-01", "events": [{"on": "2026-02-27", "what": "opened"}]}
    (tmp_path / "case.json").write_text(json.dumps(case))
    printed = json.loads(run(capsys, ["timeline", str(tmp_path / "case.json"), "--json"]))
    assert (printed["stage"], printed["action"]) == ("open", "keep_dispute_open")


def test_two_forms_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not allowed with" in run(capsys, [*CASE, "--ics", "--json"], 2)


def test_without_icalendar_it_is_said_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, "dispute_rules.cli.calendar_file", raising=False)
    assert "pip install 'dispute-rules[calendar]'" in run(capsys, [*CASE, "--ics"], 2)


def test_events_are_given_as_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    events = json.dumps([{"on": "2026-02-27", "what": "opened"}])
    options = ["--ground", "damaged", "--ordered-on", "2026-01-10", "--today", "2026-03-01", "--events", events]
    assert dr.Timeline.model_validate_json(run(capsys, ["timeline", *options, "--json"])) == told()


@pytest.mark.parametrize("text", ["opened", "[", "", '[] , "ground": "fake"', '[{"on": 1, "on": 2}]'])
def test_events_that_are_no_list_are_refused(capsys: pytest.CaptureFixture[str], text: str) -> None:
    refused = run(capsys, ["advise", "--ground", "damaged", "--events", text], 2)
    assert refused.count("events: `") == refused.count("[not-json]") == 1
    assert "  help: events look like [{" in refused


def test_the_events_of_the_pack_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["advise", "--help"])
    assert "seller_stayed_silent" in capsys.readouterr().out


def test_whether_a_dispute_can_be_opened_is_not_told_while_one_runs(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "Can a dispute be opened today?"
    dates = {stage: run(capsys, ["advise", "--ground", "damaged", "--stage", stage]) for stage in map(str, dr.Stage)}
    assert {stage for stage, text in dates.items() if asked in text.partition("Why")[0]} == {"not_opened", "cancelled"}
