"""The files of a pack: which there may be, and nothing from outside the folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dispute_rules.errors import PackError, Problem, printable, quote
from dispute_rules.pack.kinds import LANGUAGE

_LARGEST_FILE = 1_000_000
_LARGEST_PACK = 20_000_000  # half a minute of reading
_MOST_FILES = 20_000
_FILE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.yaml")
_FOLDER = re.compile(r"[a-z][a-z0-9_]*")
_TRANSLATION = re.compile(rf"texts\.({LANGUAGE})\.yaml")
LOCK = "pack.lock"
"""What `dispute-rules lock` writes beside `pack.yaml`: about the pack, not of it."""
_BESIDE_HELP = (
    "beside `pack.yaml` stand only folders, and translations named like `texts.de.yaml` or `texts.pt-BR.yaml`"
)
_NAMES_HELP = "folders are named like `return_cost`, rule files like `fake-but-usable.yaml`"


def files_of(root: Path, shown: str, problems: list[Problem]) -> dict[str, bytes | None]:
    """The contents of a pack's files by their path within it, None if unreadable; what is wrong goes to `problems`.

    Raises:
        PackError: there is too much of it to go on.
    """
    found: dict[str, bytes | None] = {}
    size = 0
    for inside, entry in _walk(root, shown, problems):
        found[inside] = text = content_of(entry, f"{shown}/{inside}", problems)
        size += len(text or b"")
        if len(found) > _MOST_FILES or size > _LARGEST_PACK:
            message = f"more than {_MOST_FILES:,} files, or more than {_LARGEST_PACK:,} bytes in all"
            raise PackError([*problems, Problem(shown, "too-large", message, "split the pack")])
    return found


def languages_in(root: Path, shown: str, problems: list[Problem]) -> list[str]:
    """The languages for which there is a file of texts."""
    names = (_TRANSLATION.fullmatch(entry.name) for entry in _entries(root, shown, problems))
    return [name[1] for name in names if name]


def content_of(file: Path | os.DirEntry[str], place: str, problems: list[Problem]) -> bytes | None:
    """What stands in a file; None if it cannot be read, and why goes to `problems`."""
    try:
        size = file.stat().st_size
        if size <= _LARGEST_FILE:
            with open(file, "rb") as opened:  # noqa: PTH123 - to make a `Path` takes longer than to read
                return opened.read()
        help = f"a file of a pack has at most {_LARGEST_FILE:,} bytes"
        problems.append(Problem(place, "too-large", f"{size:,} bytes", help))
    except OSError as error:
        problems.append(Problem(place, "unreadable", f"cannot be read: {error.strerror}", "check its permissions"))
    return None


def _walk(root: Path, shown: str, problems: list[Problem]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files, each with its path within the pack."""
    for entry in _entries(root, shown, problems):
        if entry.is_symlink():
            problems.append(_stray(entry.name, shown, "is a link", "put the file itself there"))
        elif entry.is_dir():
            yield from _walk_decision(Path(entry.path), shown, problems)
        elif entry.is_file() and entry.name == "pack.yaml":
            yield entry.name, entry
        elif not (entry.is_file() and (entry.name == LOCK or _TRANSLATION.fullmatch(entry.name))):
            problems.append(_stray(entry.name, shown, "does not belong here", _BESIDE_HELP))


def _walk_decision(folder: Path, shown: str, problems: list[Problem]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    if not _FOLDER.fullmatch(folder.name):
        problems.append(_stray(folder.name, shown, "is no name for a decision", _NAMES_HELP))
    for entry in _entries(folder, shown, problems):
        inside = f"{folder.name}/{entry.name}"
        if entry.is_symlink():
            problems.append(_stray(inside, shown, "is a link", "put the file itself there"))
        elif entry.is_file() and _FILE.fullmatch(entry.name):
            yield inside, entry
        else:
            problems.append(_stray(inside, shown, "does not belong here", _NAMES_HELP))


def _entries(folder: Path, shown: str, problems: list[Problem]) -> list[os.DirEntry[str]]:
    """What lies in a folder; the system tells what it is when it lists it, so that no entry is looked at twice."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(Problem(shown, "unreadable", f"cannot be read: {error.strerror}", "check its permissions"))
        return []
    return [entry for entry in entries if not entry.name.startswith(".") and entry.name != "README.md"]


def _stray(inside: str, shown: str, what: str, help: str) -> Problem:
    name = inside.rpartition("/")[2]
    return Problem(printable(f"{shown}/{inside}"), "stray-file", f"{quote(name)} {what}", help)
