"""The pages of docs/errors: each shows a fault, what is printed, and how it is mended.

A page has a title, the code; a sentence or two; the fault; and below `## How to mend it` the same without it. Blocks
marked `diff` change a file of the small pack that the index of the pages shows, those marked `console` are commands.
Where nothing else is said, the commands of the fault are tried once more when it is mended.

    python -m tests.error_pages     writes what is printed into the pages
"""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dispute_rules.cli.main import main
from tests.conftest import write_pack

FOLDER = Path(__file__).parents[1] / "docs" / "errors"
INDEX = FOLDER / "README.md"
MENDING = "\n## How to mend it\n"
_BLOCK = re.compile(r"^```(diff|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"^`(shop/\S+)`\n\n```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Ran(NamedTuple):
    """A command of the program, what it printed, and how it ended."""

    command: str
    printed: str
    status: int

    @property
    def codes(self) -> list[str]:
        return re.findall(r" \[([a-z][a-z0-9-]*)\]$", self.printed, re.MULTILINE)


class Played(NamedTuple):
    """A page as it is when all that it says is done."""

    text: str
    fault: list[Ran]
    mended: list[Ran]


@dataclass(frozen=True)
class Page:
    """A page about one code."""

    path: Path

    @property
    def code(self) -> str:
        return self.path.stem

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def meaning(self) -> str:
        """The first sentence."""
        return self.text.split("\n\n")[1].replace("\n", " ").split(". ")[0].rstrip(".")

    def play(self) -> Played:
        """Do what the page says, in a folder with the small pack in it."""
        fault, heading, mending = self.text.partition(MENDING)
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            write_pack(Path(), small_pack())
            broken, mended = _Player(prints=True), _Player(prints=False)
            text = _BLOCK.sub(broken.play, fault) + heading + _BLOCK.sub(mended.play, mending)
            return Played(text, broken.ran, mended.ran or [_run(ran.command) for ran in broken.ran])


@dataclass
class _Player:
    """Does what blocks say; where it `prints`, a block is given back with what was printed."""

    prints: bool
    ran: list[Ran] = field(default_factory=list)

    def play(self, block: re.Match[str]) -> str:
        if block[1] == "diff":
            _change(block[2])
            return block[0]
        return "```console\n" + "".join(self._commands(block[2])) + "```"

    def _commands(self, code: str) -> Iterator[str]:
        for line in code.splitlines():
            if line.startswith("$ dispute-rules "):
                self.ran.append(_run(line.removeprefix("$ ")))
                yield f"{line}\n{self.ran[-1].printed if self.prints else ''}"
            elif line.startswith("$ "):
                subprocess.run(["/bin/sh", "-c", line.removeprefix("$ ")], check=True)
                yield f"{line}\n"


def pages() -> list[Page]:
    """All pages, without their index."""
    return [Page(path) for path in sorted(FOLDER.glob("*.md")) if path != INDEX]


def small_pack() -> dict[str, str]:
    """The pack that the pages change, as the index shows it."""
    return dict(_FILE.findall(INDEX.read_text(encoding="utf-8")))


def _run(command: str) -> Ran:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        status = main(shlex.split(command)[1:])
    return Ran(command, printed.getvalue(), status)


def _change(diff: str) -> None:
    """Change files as a diff says: lines that stand together, with `--- file` above them."""
    for change in re.split(r"^--- ", diff, flags=re.MULTILINE)[1:]:
        name, *lines = change.splitlines()
        old, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] in f" {sign}") for sign in "-+")
        if not old:
            assert not Path(name).exists(), f"{name} is there: where in it do the new lines stand?"
            write_pack(Path(), {name: new})
            continue
        text = "\n" + Path(name).read_text(encoding="utf-8")
        assert text.count(f"\n{old}") == 1, f"{name} has not once:\n{old}"
        write_pack(Path(), {name: text.replace(f"\n{old}", f"\n{new}")[1:]})


if __name__ == "__main__":
    for page in pages():
        page.path.write_text(page.play().text, encoding="utf-8")
