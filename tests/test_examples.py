"""The examples and the README do what they show."""

from __future__ import annotations

import ast
import doctest
import io
import json
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.cli.main import main

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
TOLD = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
Streams = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")


@dataclass(frozen=True)
class Block:
    """A block of code in a text."""

    file: Path
    line: int
    language: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def blocks_of(file: Path) -> Iterator[Block]:
    text = file.read_text(encoding="utf-8")
    for found in re.finditer(r"^```([a-z]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield Block(file, text.count("\n", 0, found.start()) + 2, found[1], found[2])


ERRORS = ROOT / "docs" / "errors"  # tests of their own: test_error_pages.py
BLOCKS = [block for file in TOLD if file.parent != ERRORS for block in blocks_of(file)]
SESSIONS = [block for block in BLOCKS if ">>>" in block.code]
PROGRAMS = [block for block in BLOCKS if block.language == "python" and ">>>" not in block.code]
COMMANDS = [block for block in BLOCKS if block.language in ("sh", "console") and "dispute-rules " in block.code]


def test_there_are_examples() -> None:
    assert "late-parcel.json" in [file.name for file in EXAMPLES]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_advised_on_for_reading(file: Path, capsys: Streams) -> None:
    assert main(["advise", str(file)]) == 0
    told = capsys.readouterr()
    assert re.search("What to expect|To be expected was: ", told.out)
    assert told.err == ""


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_advised_on_as_json_and_by_python_alike(file: Path, capsys: Streams) -> None:
    assert main(["advise", str(file), "--json"]) == 0
    case = dr.Case.model_validate_json(file.read_bytes())
    assert dr.Advice.model_validate_json(capsys.readouterr().out) == dr.advise(case)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_says_on_which_day_it_is_asked(file: Path) -> None:
    assert "today" in json.loads(file.read_text(encoding="utf-8"))


def test_the_readme_shows_a_case_and_its_answer_in_the_first_screen() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert any("dispute-rules advise" in line for line in first)
    assert any("What to expect" in line for line in first)


def test_the_readme_has_sessions_and_commands() -> None:
    assert [block for block in SESSIONS if block.file.name == "README.md"]
    assert [block for block in COMMANDS if block.file.name == "README.md"]


def test_a_files_sessions_run_and_print_what_they_show() -> None:
    for file in dict.fromkeys(block.file for block in SESSIONS):
        names: dict[str, object] = {}
        for block in (block for block in SESSIONS if block.file == file):
            test = doctest.DocTestParser().get_doctest(block.code, names, block.name, str(file), block.line)
            told: list[str] = []
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
            runner.run(test, out=told.append, clear_globs=False)
            names |= test.globs
            assert runner.failures == 0, "".join(told)
            assert runner.tries > 0


def test_programs_are_python() -> None:
    for block in PROGRAMS:
        assert ast.parse(block.code, block.name).body, f"{block.name} does nothing"


def shown(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    """Each command of a block, and the lines that are shown after it."""
    command: list[str] = []
    output: list[str] = []
    prompted = "$ " in block.code
    for line in block.code.splitlines():
        if line.startswith("$ ") or not prompted:
            yield from [(command, output)] if command else []
            command, output = shlex.split(line.removeprefix("$ "), comments=True), []
        else:
            output.append(line)
    yield from [(command, output)] if command else []


def matches(expected: list[str], told: str) -> bool:
    """Whether the output is the one shown; a line of `...` stands for any lines."""
    lines = "\n".join(line.rstrip() for line in expected).strip("\n")
    pattern = re.escape(lines).replace(re.escape("..."), ".*")
    return bool(re.fullmatch(pattern, "\n".join(line.rstrip() for line in told.splitlines()).strip("\n"), re.DOTALL))


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.name)
def test_a_command_works_and_prints_what_is_shown(
    block: Block, capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = 0
    for command, output in shown(block):
        typed = [line.removeprefix("> ") for line in output if line.startswith("> ")]
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*typed, ""])))
        if command and Path(command[0]).name == "dispute-rules" and not {"|", "<", ">"} & set(command):
            assert main(command[1:]) == 0, shlex.join(command)
            told = capsys.readouterr().out
            assert not output or matches(output, told), told
            ran += 1
    assert ran


def test_an_answer_shown_below_a_command_is_its_answer(capsys: Streams) -> None:
    """In the README the answer stands in a block of its own, after the one with the command."""
    blocks = list(blocks_of(ROOT / "README.md"))
    pairs = [
        (command, answer)
        for command, answer in pairwise(blocks)
        if command in COMMANDS and not answer.language and answer.code.startswith("AliExpress:")
    ]
    for command, answer in pairs:
        ((words, _),) = shown(command)
        assert main(words[1:]) == 0
        assert matches(answer.code.splitlines(), capsys.readouterr().out)


@pytest.mark.parametrize("file", TOLD, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
