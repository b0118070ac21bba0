"""A process that only asks for advice brings in only what that takes, from its second time on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import dispute_rules as dr
advice = dr.advise(ground="damaged", price="20", today="2026-03-01")
import json
print(json.dumps([advice.model_dump_json(), sorted(sys.modules)]))
"""

SHELL = """
import contextlib, io, json, sys
from dispute_rules.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as told:
    main(["advise", "--json", "--ground", "damaged", "--price", "20", "--today", "2026-03-01"])
print(json.dumps([told.getvalue(), sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, set[str]]]:
    """What two processes, one after the other, and then the shell said, and what they brought in."""
    folder = tmp_path_factory.mktemp("bytecode")
    written = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told = []
    for program in (PROGRAM, PROGRAM, SHELL):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=written | {"PYTHONPYCACHEPREFIX": str(folder)},
            check=True,
            capture_output=True,
        )
        said, modules = json.loads(done.stdout)
        told.append((said, set(modules)))
    assert list(Path(folder).rglob("aliexpress*.pickle"))
    return told


def test_it_says_the_same_as_the_first_one(processes: list[tuple[str, set[str]]]) -> None:
    (first, _), (second, _), (shell, _) = processes
    assert second == first
    assert json.loads(shell) == json.loads(first)


def test_the_first_one_reads_yaml(processes: list[tuple[str, set[str]]]) -> None:
    (_, modules), *_ = processes
    assert {"yaml", "dispute_rules.pack.read"} <= modules


NOT_NEEDED = [
    "yaml",
    "polars",
    "narwhals",
    "rich",
    "icalendar",
    "argparse",
    "difflib",
    "dispute_rules.authoring",
    "dispute_rules.changes",
    "dispute_rules.cli",
    "dispute_rules.comparison",
    "dispute_rules.explainer",
    "dispute_rules.explanation",
    "dispute_rules.form",
    "dispute_rules.frames",
    "dispute_rules.interview",
    "dispute_rules.order",
    "dispute_rules.orders",
    "dispute_rules.pack.files",
    "dispute_rules.pack.read",
    "dispute_rules.pack.rule_checks",
    "dispute_rules.pack.translation",
    "dispute_rules.process.events",
    "dispute_rules.timeline",
    "dispute_rules.whatif",
]
SHELL_ONLY = {"argparse", "dispute_rules.cli"}
OTHER_COMMANDS = "ask authors batch difference explain form lock pages scaffold texts timeline".split()


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_it_does_without(processes: list[tuple[str, set[str]]], name: str) -> None:
    _, (_, modules), _ = processes
    assert not [module for module in modules if module == name or module.startswith(f"{name}.")]


@pytest.mark.parametrize("name", [*(f"dispute_rules.cli.{name}" for name in OTHER_COMMANDS), *NOT_NEEDED])
def test_so_does_the_shell_with_the_command_that_is_chosen(processes: list[tuple[str, set[str]]], name: str) -> None:
    *_, (_, modules) = processes
    found = [module for module in modules if module == name or module.startswith(f"{name}.")]
    assert bool(found) == (name in SHELL_ONLY)
