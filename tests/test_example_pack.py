"""The example pack under `examples/` is without findings, and its tests run where they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.authoring.check import check
from dispute_rules.cli.main import main
from dispute_rules.testing import CaseTrial, Trial, examples, trial_id, whole_cases

HOME = Path(__file__).parents[1] / "examples" / "phone-shop"
PACK = dr.load_pack(HOME / "phone_shop")
CASES = whole_cases(HOME / "cases.yaml", PACK)
SHOP = dr.Advisor(PACK)


@pytest.mark.parametrize("trial", examples(PACK), ids=trial_id)
def test_example(trial: Trial) -> None:
    trial.check()


@pytest.mark.parametrize("trial", CASES, ids=trial_id)
def test_case(trial: CaseTrial) -> None:
    trial.check()


def test_the_example_pack_has_no_findings() -> None:
    report = check(PACK)
    assert (report.findings, report.undecided) == ([], [])


def test_its_own_test_passes_with_pytest_alone() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_phone_shop.py"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(examples(PACK)) + len(CASES)} passed" in done.stdout


def test_the_shell_commands_of_its_readme_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME.parents[1])
    told = [line.split() for line in (HOME / "README.md").read_text("utf-8").splitlines() if "-rules " in line]
    commands = [words[1:] for words in told if words[0] == "dispute-rules"]
    assert [(words[0], main(words)) for words in commands] == [("check", 0), ("test", 0), ("advise", 0)]


@pytest.mark.parametrize(
    ("months", "remedy"), [("5.9", "replacement"), ("6", "repair"), ("23.9", "repair"), ("24", "discount")]
)
def test_months_are_told_apart_at_the_thresholds(months: str, remedy: str) -> None:
    advice = SHOP.advise(ground="damaged", months=months, today="2024-06-01")
    assert advice.outcomes["remedy"] == {"remedy": remedy}


@pytest.mark.parametrize(("today", "remedy"), [("2023-12-31", "repair"), ("2024-01-01", "replacement")])
def test_accessories_are_exchanged_since_2024(today: str, remedy: str) -> None:
    advice = SHOP.advise(ground="damaged", months=8, device="accessory", today=today)
    assert advice.outcomes["remedy"] == {"remedy": remedy}


@pytest.mark.parametrize(
    ("home", "today", "verdict"),
    [
        ("2023-03-01", "2023-03-15", "full_refund_return_buyer_pays"),
        ("2023-03-01", "2023-03-16", "no_refund"),
        ("2024-03-01", "2024-03-31", "full_refund_return_buyer_pays"),
        ("2024-03-01", "2024-04-01", "no_refund"),
    ],
)
def test_the_days_for_a_return_are_those_of_the_edition(home: str, today: str, verdict: str) -> None:
    assert SHOP.advise(ground="found_cheaper", handed_over_on=home, today=today).verdict == verdict


def test_its_sources_are_marked_as_invented() -> None:
    for source in PACK.file.sources.values():
        assert source.url.startswith("https://example.org/")
        assert "invented" in source.title
