"""`coverage` and `mutants` on the phone shop: all is caught, and what is taken away is missed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dispute_rules.cli.main import main

SHOP = Path(__file__).parents[2] / "examples" / "phone-shop"
PACK, CASES = SHOP / "phone_shop", SHOP / "cases.yaml"
Streams = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the phone shop in which a rule has only its first example."""
    pack = Path(shutil.copytree(PACK, tmp_path / "phone_shop"))
    rule = pack / "remedy" / "repair.yaml"
    head, examples = rule.read_text(encoding="utf-8").split("examples:\n")
    rule.write_text(f"{head}examples:\n{examples.splitlines()[0]}\n", encoding="utf-8")
    return pack


def test_every_mutant_of_the_shop_is_caught(capsys: Streams) -> None:
    assert main(["mutants", str(PACK), "--cases", str(CASES)]) == 0
    assert "survived" not in capsys.readouterr().err


def test_without_whole_cases_changed_outcomes_survive(capsys: Streams) -> None:
    assert main(["mutants", str(PACK), "-k", "verdict/", "--json"]) == 1
    survivors = [mutant for mutant in json.loads(capsys.readouterr().out) if mutant["fate"] == "survived"]
    assert survivors
    assert all(mutant["example"]["by_outcome"] for mutant in survivors)


def test_what_is_taken_away_is_missed_and_suggested(shop: Path, capsys: Streams) -> None:
    assert main(["coverage", str(shop)]) == 1
    assert "remedy/repair.yaml: no near misses `entitlement` alone" in capsys.readouterr().out
    assert main(["mutants", str(shop), "-k", "repair"]) == 1
    told = capsys.readouterr().out
    assert "[survived]" in told
    assert "would kill it: dispute-rules advise --pack" in told


def test_a_word_that_no_rule_has_is_no_success() -> None:
    assert main(["mutants", str(PACK), "-k", "no-such-rule"]) != 0
