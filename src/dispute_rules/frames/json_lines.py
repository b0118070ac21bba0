"""JSON Lines: the names that its objects have, and its rows, of which a bad one takes no others with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.frames.answers import COLUMNS
from dispute_rules.frames.cells import kinds_in
from dispute_rules.frames.row import Row
from dispute_rules.frames.rules import told_short
from dispute_rules.reading import LARGEST_TEXT, read_json

_OPEN, _COLON, _NEXT = (re.compile(rf"[ \t\r\n]*{mark}[ \t\r\n]*") for mark in ("{", ":", "[,}]"))
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)  # of which only the places count
_MOST_BYTES = 4 * LARGEST_TEXT  # of a line, which may be of any length


class _Line(NamedTuple):
    """An object in JSON, what is in it, and what is wrong with the line; then it is what can be read of that."""

    text: str
    values: Mapping[str, Any]
    fault: str | None = None


class _Pair(NamedTuple):
    """A name, its value as it is written, and both as they are written."""

    name: str
    value: str
    text: str


def json_names(path: Path, facts: Collection[str], keep: Collection[str]) -> list[str]:
    """The columns: names that are expected, and those that every object has. A name that only some have is their fault.

    Raises:
        OSError: the file cannot be read.
    """
    lines, objects, times, in_faulty = 0, 0, Counter[str](), dict[str, Any]()
    for line in _objects(path):
        lines += 1
        if line.fault:
            in_faulty |= line.values
        else:
            objects += 1
            times.update(line.values.keys())
    expected = {*facts, *keep}
    found = [name for name, count in times.items() if name in expected or count == objects]
    may_be = ["ground", *keep] if objects < lines or not lines else []  # in what cannot be read, or in later lines
    return list(dict.fromkeys([*found, *(name for name in in_faulty if name in expected), *may_be]))


def json_rows(path: Path, facts: Collection[str], names: Collection[str]) -> Iterator[Row]:
    """The rows, with those of their values that are in these columns; an empty line is none.

    Raises:
        OSError: the file cannot be read.
    """
    names = frozenset(names)
    for line in _objects(path):
        fault = line.fault or _strangers(line.values, names)
        yield Row(_texts(line.text, line.values, facts), fault, _head(line))


def _objects(path: Path) -> Iterator[_Line]:
    with path.open("rb") as stream:
        for line in _lines(stream):
            if line.strip():
                try:
                    values = read_json(line)
                except CaseError as error:
                    text = _sound(line.decode("utf-8-sig", "surrogateescape"))
                    yield _Line(text, read_json(text), told_short(error))
                else:
                    yield _Line(line.decode("utf-8-sig"), values)


def _sound(line: str) -> str:
    """An object of what can be read of a faulty line: without names that stand twice."""
    pairs = list(_pairs(line))
    times = Counter(pair.name for pair in pairs)
    text = _object(pair for pair in pairs if times[pair.name] == 1 and _is_sound(f"{{{pair.text}}}"))
    return f"{text}}}" if _is_sound(f"{text}}}") else "{}"


def _is_sound(text: str) -> bool:
    with suppress(CaseError):
        read_json(text.encode("utf-8", "surrogateescape"))
        return True
    return False


def _head(line: _Line) -> str:
    """The object without the last brace, and without what has a name that the advice takes."""
    if line.values.keys() & COLUMNS:
        return _object(pair for pair in _pairs(line.text) if pair.name not in COLUMNS)
    return line.text[: line.text.rindex("}")].rstrip()


def _object(pairs: Iterable[_Pair]) -> str:
    return "{" + ",".join(pair.text for pair in pairs)


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
    nested = any(isinstance(value, Decimal | list | dict) for value in told.values())
    written = {pair.name: pair.value for pair in _pairs(line)} if nested else {}
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


def _pairs(line: str) -> Iterator[_Pair]:
    """What is in an object, up to where it is no JSON."""
    before = _OPEN.match(line)
    with suppress(ValueError, RecursionError):
        while before and "}" not in before[0]:
            start = before.end()
            name, end = _DECODER.raw_decode(line, start)
            colon = _COLON.match(line, end)
            if not colon or not isinstance(name, str):
                return
            _, end = _DECODER.raw_decode(line, colon.end())
            before = _NEXT.match(line, end)
            if before:  # else the value may go on
                yield _Pair(name, line[colon.end() : end], line[start:end])
