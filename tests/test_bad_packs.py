"""Whatever is given for a pack, the commands of rule authors end with a clear error and exit status 2."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GOOD_PACK, edited, write_pack

COMMANDS = ("check bad", "test bad", "lock bad", "diff good bad", "table bad verdict", "texts bad")
RULE = "verdict/old-goods.yaml"


def no_folder(folder: Path) -> None:
    folder.write_text(GOOD_PACK["pack.yaml"])


def empty(folder: Path) -> None:
    folder.mkdir()


def link_out_of_it(folder: Path) -> None:
    write_pack(folder, GOOD_PACK)
    (folder / RULE).unlink()
    (folder / RULE).symlink_to(folder.parent / "good" / RULE)


def hundred_megabytes(folder: Path) -> None:
    write_pack(folder, GOOD_PACK)
    with (folder / RULE).open("r+b") as file:
        file.truncate(100_000_000)


def hundred_megabytes_in_small_files(folder: Path) -> None:
    write_pack(folder, GOOD_PACK)
    for number in range(110):
        with (folder / f"verdict/more-{number}.yaml").open("wb") as file:
            file.truncate(950_000)


def binary(folder: Path) -> None:
    write_pack(folder, {**GOOD_PACK, RULE: b"\x7fELF\x00\x01\x02" * 50})


def latin_1(folder: Path) -> None:
    write_pack(folder, {**GOOD_PACK, RULE: GOOD_PACK[RULE].replace("worth", "caf\u00e9 worth").encode("latin-1")})


def utf_16(folder: Path) -> None:
    write_pack(folder, {**GOOD_PACK, RULE: GOOD_PACK[RULE].encode("utf-16")})


def decisions_in_a_circle(folder: Path) -> None:
    write_pack(folder, {**GOOD_PACK, **edited("window/too-late.yaml", "last_complaint: passed", "verdict: none")})


BAD: dict[Callable[[Path], None], tuple[str, str]] = {
    no_folder: ("unknown-pack", "`bad` is a file, not a folder"),
    empty: ("missing-file", "bad/pack.yaml: there is no `pack.yaml`"),
    link_out_of_it: ("stray-file", f"bad/{RULE}: `old-goods.yaml` is a link"),
    hundred_megabytes: ("too-large", f"bad/{RULE}: 100,000,000 bytes"),
    hundred_megabytes_in_small_files: (
        "too-large",
        "bad: more than 20,000 files, or more than 20,000,000 bytes in all",
    ),
    binary: ("not-yaml", f"bad/{RULE}:1:1: not YAML: the control character '\\x7f'"),
    latin_1: ("not-utf-8", f"bad/{RULE}:5:31: byte 131 is not UTF-8"),
    utf_16: ("not-utf-8", f"bad/{RULE}:1:1: byte 1 is not UTF-8"),
    decisions_in_a_circle: (
        "circle",
        "`window` waits for `verdict` to know `verdict`, and `verdict` waits for `window`",
    ),
}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A folder with a good pack in it."""
    write_pack(tmp_path / "good", GOOD_PACK)
    return tmp_path


def refusals(bench: Path, *commands: str) -> list[str]:
    """What the shell says of commands that it refuses: nothing on standard output, exit status 2."""
    shell = [sys.executable, "-m", "dispute_rules"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*shell, *command.split()], cwd=bench, **pipes) for command in commands]
    ended = [(*process.communicate(), process.returncode) for process in running]
    assert [(printed, status) for printed, _, status in ended] == [("", 2)] * len(commands), ended
    return [told for _, told, _ in ended]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_pack_is_refused_by_every_command(make: Callable[[Path], None], bench: Path) -> None:
    make(bench / "bad")
    code, words = BAD[make]
    for told in refusals(bench, *COMMANDS):
        assert told.startswith("the pack cannot be used:\n")
        assert told.count(f"[{code}]") == told.count(" [") == 1
        assert words in told
        assert "\n  help: " in told


def test_versions_with_different_facts_cannot_be_compared(bench: Path) -> None:
    write_pack(bench / "other", {**GOOD_PACK, **edited("pack.yaml", "  gift:", "  new: {kind: yes_no}\n  gift:")})
    for told in refusals(bench, "diff good other", "diff other good"):
        assert "version has the fact `new` [different-facts]" in told
        assert "\n  help: two versions can be compared if" in told


def test_a_link_to_a_pack_is_as_good_as_the_pack(bench: Path) -> None:
    (bench / "linked").symlink_to(bench / "good")
    command = [sys.executable, "-m", "dispute_rules", "diff", "linked", "good"]
    done = subprocess.run(command, cwd=bench, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "no difference\n")
