"""The whole cases of `tests/cases/`, which say what `domain/matrix.md` says, through Python and through the shell."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.cli.authors import as_options
from dispute_rules.cli.main import main
from dispute_rules.errors import Problem
from dispute_rules.testing import trial_id, whole_cases

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

ROOT = Path(__file__).parents[1]
CASES = whole_cases(ROOT / "tests" / "cases", "aliexpress")
CHANGES_OF_MIND = ("buyer_mistake", "found_cheaper", "no_longer_needed")
each_case = pytest.mark.parametrize("trial", CASES, ids=trial_id)


@each_case
def test_the_case_through_python(trial: CaseTrial) -> None:
    trial.check()


class Shell(dr.Advisor):
    """Advises as the command `advise` does."""

    streams: pytest.CaptureFixture[str]

    def advise(self, case: dr.Case | Mapping[str, Any] | None = None, /, **facts: Any) -> dr.Advice:
        options = shlex.split(as_options(dict(case or {}), "aliexpress"))
        status = main(["advise", "--json", *options])
        told = self.streams.readouterr()
        if status:
            raise dr.CaseError(Problem(**problem) for problem in json.loads(told.err)["problems"])
        return dr.Advice.model_validate_json(told.out)


SHELL = Shell()


@each_case
def test_the_case_through_the_shell(trial: CaseTrial, capsys: pytest.CaptureFixture[str]) -> None:
    SHELL.streams = capsys
    replace(trial, others=(), advisor=SHELL).check()


@each_case
def test_the_case_says_why_that_is_expected(trial: CaseTrial) -> None:
    assert trial.support


def test_there_are_cases_of_every_ground() -> None:
    told = {trial.facts.get("ground") for trial in CASES}
    assert told >= set(dr.Ground)


@pytest.mark.parametrize("ground", [ground for ground in dr.Ground if ground not in CHANGES_OF_MIND])
def test_a_sum_above_the_cap_changes_nothing_but_the_warning(ground: dr.Ground) -> None:
    case = {"ground": ground, "price": "24.90", "shipping": "3.10", "today": "2026-03-01"}
    within, above = (dr.advise(case, requested=requested) for requested in ("28", "28.01"))
    assert (above.claim, above.extent, above.verdict) == (within.claim, within.extent, within.verdict)
    assert above.refund == within.refund
    assert {w.code for w in above.warnings} - {w.code for w in within.warnings} == {"amount_above_cap"}
