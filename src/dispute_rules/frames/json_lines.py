"""JSON Lines: the names that its objects have, and its rows, of which a bad one takes no others with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.answers import COLUMNS
from dispute_rules.frames.cells import kinds_in
from dispute_rules.frames.row import Row
from dispute_rules.frames.rules import told_short
from dispute_rules.reading import LARGEST_TEXT, read_json

_BETWEEN = re.compile(r"[\s,:]*")
_MOST_BYTES = 4 * LARGEST_TEXT  # of a line, which may be of any length


def json_names(path: Path, facts: Collection[str], keep: Collection[str]) -> list[str]:
    """The columns: names that are expected, and those that every object has. A name that only some have is their fault.

    Raises:
        OSError: the file cannot be read.
    """
    lines, objects, times = 0, 0, Counter[str]()
    for _, values in _objects(path):
        lines += 1
        if not isinstance(values, str):
            objects += 1
            times.update(values.keys())
    found = [name for name, count in times.items() if name in facts or name in keep or count == objects]
    may_be = ["ground", *keep] if objects < lines or not lines else []  # in what cannot be read, or in later lines
    return list(dict.fromkeys([*found, *may_be]))


def json_rows(path: Path, facts: Collection[str], names: Collection[str]) -> Iterator[Row]:
    """The rows, with those of their values that are in these columns; an empty line is none.

    Raises:
        OSError: the file cannot be read.
    """
    names = frozenset(names)
    for line, values in _objects(path):
        if isinstance(values, str):
            yield Row({}, values)
        else:
            head = None if values.keys() & COLUMNS else line[: line.rindex("}")].rstrip()
            yield Row(_texts(line, values, facts), _strangers(values, names), head)


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    """Each line with what is in it, or with what is wrong with it."""
    with path.open("rb") as stream:
        for line in _lines(stream):
            if line.strip():
                try:
                    values = read_json(line)
                except CaseError as error:
                    yield "", told_short(error)
                else:
                    yield line.decode("utf-8-sig"), values


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is far too long only the beginning."""
    while line := stream.readline(_MOST_BYTES):
        yield line
        while len(line) == _MOST_BYTES and not line.endswith(b"\n"):
            line = stream.readline(_MOST_BYTES)


def _strangers(values: Mapping[str, Any], names: Collection[str]) -> str | None:
    """What `advise` says of facts that there are not."""
    found = [Problem(quote(name)[1:-1], "unknown-fact", "") for name in values if name not in names]
    return told_short(CaseError(found)) if found else None


def _texts(line: str, values: Mapping[str, Any], facts: Collection[str]) -> dict[str, str | None]:
    told = {name: _of_fact(name, value) if name in facts else value for name, value in values.items()}
    written = _as_written(line) if any(isinstance(value, Decimal | list | dict) for value in told.values()) else {}
    return {
        name: written[name] if isinstance(value, Decimal | list | dict) else _text(value)
        for name, value in told.items()
    }


def _of_fact(name: str, value: Any) -> Any:
    """Numbers and lists of evidence as the text of a column is read."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value:f}"
    if name == "evidence" and isinstance(value, list) and all(kinds_in(each) == [each] for each in value):
        return ";".join(value) or "none"
    return value


def _text(value: str | int | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _as_written(line: str) -> dict[str, str]:
    """The values of an object, each as it stands in a line that is known to be JSON."""
    decode, found = json.JSONDecoder().raw_decode, {}
    at = _after(line, line.index("{") + 1)
    while line[at] != "}":
        name, at = decode(line, at)
        start = _after(line, at)
        _, at = decode(line, start)
        found[name] = line[start:at]
        at = _after(line, at)
    return found


def _after(line: str, at: int) -> int:
    """Past what stands between names and values."""
    between = _BETWEEN.match(line, at)
    return between.end() if between else at
