"""YAML as rule authors may write it: YAML 1.2's core values, nothing clever, and the position of everything.

PyYAML (maintained, its C parser is ten times as fast as any in Python) only parses here: it delivers events,
and what a plain scalar means is decided below, because PyYAML itself still follows YAML 1.1, where `no` is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

import yaml

from dispute_rules.errors import Problem, quote

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20
_MOST_PROBLEMS = 200  # of one file, before the rest is not worth reading
_CORE = re.compile(
    r"(?P<null>|~|null|Null|NULL)"
    r"|(?P<true>true|True|TRUE)"
    r"|(?P<false>false|False|FALSE)"
    r"|(?P<decimal>[-+]?[0-9]{1,18})"
    r"|(?P<prefixed>0o[0-7]{1,18}|0x[0-9a-fA-F]{1,16})"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?)"
    r"|(?P<no_number>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_READ: Mapping[str | None, Callable[[str], Any]] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "false": lambda _: False,
    "decimal": int,
    "prefixed": lambda text: int(text, 0),
    "real": Decimal,
    "no_number": lambda text: Decimal(text.replace(".", "")),
}
# every plain scalar that is not simply text begins with one of these
_FIRST = frozenset("~nNtTfF0123456789+-.")

Path = tuple[str | int, ...]


class Mark(NamedTuple):
    """Where something begins, counted from 1."""

    line: int
    column: int


_Node = tuple[Any, "_Entries"]
"""Where a value begins, as the parser marks it, and what it holds."""
_Entries = dict[str | int, tuple[Any, _Node]]
"""Where each key, or each item of a list, begins, and its value."""


@dataclass(slots=True)
class Document:
    """A file's values as plain Python, and where each value, and each key, stands."""

    place: str
    data: Any = None
    root: _Node | None = None
    problems: list[Problem] = field(default_factory=list)

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """Where the value (or the key) at a path stands, or the nearest thing that holds it."""
        if self.root is None:
            return Mark(1, 1)
        found, entries = self.root
        for steps, step in enumerate(path, start=1):
            if step not in entries:
                break
            of_key, (found, entries) = entries[step]
            if key and steps == len(path):
                found = of_key
        return _mark(found)

    def at(self, path: Path, *, key: bool = False) -> str:
        """`file:line:column` of the value (or the key) at a path, or of the nearest thing that holds it."""
        return self._place(self.mark(path, key=key))

    def problem(self, path: Path, code: str, message: str, help: str = "", *, key: bool = False) -> None:
        """Note a problem with the value (or the key) at a path."""
        self.problems.append(Problem(self.at(path, key=key), code, message, help))

    def problem_at(self, mark: Mark, code: str, message: str, help: str = "") -> None:
        """Note a problem at a mark."""
        self.problems.append(Problem(self._place(mark), code, message, help))

    def _place(self, mark: Mark) -> str:
        return f"{self.place}:{mark.line}:{mark.column}"


def read(text: bytes, place: str) -> Document:
    """Read one file. Never raises: what is wrong is in `problems`."""
    document = Document(place)
    try:
        _Reader(document, text.decode("utf-8")).read()
    except UnicodeDecodeError as error:
        mark = _mark_of(text[: error.start].decode("utf-8"))
        document.problem_at(mark, "not-utf-8", f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8")
    except yaml.MarkedYAMLError as error:
        words = " ".join(filter(None, (error.context, error.problem)))
        help = "text that contains `: ` or begins with a sign must be in quotes"
        document.problem_at(_mark(error.problem_mark or error.context_mark), "not-yaml", f"not YAML: {words}", help)
    except yaml.reader.ReaderError:
        decoded = text.decode("utf-8")
        position = next((i for i, sign in enumerate(decoded) if yaml.reader.Reader.NON_PRINTABLE.match(sign)), 0)
        sign = ascii(decoded[position : position + 1])
        document.problem_at(
            _mark_of(decoded[:position]), "not-yaml", f"not YAML: the control character {sign}", "take it out"
        )
    except _StopError:
        pass
    else:
        if document.data is None and not document.problems:
            document.problem((), "empty-file", "the file is empty", "`docs/` says what goes into it")
    return document


class _StopError(Exception):
    """The rest of the file cannot be read sensibly."""


class _Reader:
    """From the parser's events to a document."""

    def __init__(self, document: Document, text: str) -> None:
        self._document = document
        self._next: Callable[[], Any] = _LOADER(text).get_event

    def read(self) -> None:
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                if self._document.root:
                    self._refuse(event, "two-documents", "a second document", "one file, one document: drop `---`")
                self._document.data, self._document.root = self._value(self._next(), 0)

    def _value(self, event: Any, depth: int) -> tuple[Any, _Node]:
        self._check(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event), (event.start_mark, {})
        entries: _Entries = {}
        read = self._list if isinstance(event, yaml.SequenceStartEvent) else self._mapping
        return read(entries, depth), (event.start_mark, entries)

    def _check(self, event: Any, depth: int) -> None:
        if event.anchor is not None:  # an alias carries its anchor's name, too
            self._refuse(event, "alias", f"the anchor or alias {quote(event.anchor)}", "write the value out")
        if event.tag is not None:
            self._refuse(event, "tag", f"the tag {quote(event.tag)}", "leave it out")
        if depth > _DEEPEST:
            self._refuse(event, "too-deep", f"nesting of more than {_DEEPEST} levels", "make it flat")

    def _list(self, entries: _Entries, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            value, node = self._value(event, depth + 1)
            entries[len(items)] = node[0], node
            items.append(value)
        return items

    def _mapping(self, entries: _Entries, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            name = self._key(event, depth)
            if name in items:
                self._doubled(event, name, entries)
            items[name], node = self._value(self._next(), depth + 1)
            entries[name] = event.start_mark, node
        return items

    def _doubled(self, event: Any, name: str, entries: _Entries) -> None:
        if len(self._document.problems) >= _MOST_PROBLEMS:
            raise _StopError
        help = f"the first is in line {_mark(entries[name][0]).line}; keep one"
        self._document.problem_at(_mark(event.start_mark), "duplicate-key", f"{quote(name)} stands twice", help)

    def _key(self, event: Any, depth: int) -> str:
        self._check(event, depth)
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "bad-name", "a key that is not a name", "put one name before the `:`")
        value = _scalar(event)
        if isinstance(value, str):
            return value
        if isinstance(value, bool):  # the labels of a yes/no fact: `true: Yes, it has`
            return "true" if value else "false"
        message = f"{quote(event.value)} is no name, YAML reads it as {'nothing' if value is None else 'a number'}"
        self._document.problem_at(_mark(event.start_mark), "bad-name", message, "put it in quotes")
        return str(event.value)

    def _refuse(self, event: Any, code: str, what: str, help: str) -> NoReturn:
        self._document.problem_at(_mark(event.start_mark), code, f"{what} is not allowed here", help)
        raise _StopError


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0] or (text and text[0] not in _FIRST):  # quoted, or plainly text
        return text
    found = _CORE.fullmatch(text)
    return _READ[found.lastgroup](text) if found else text


def _mark_of(before: str) -> Mark:
    """Where the text goes on after what stands before."""
    return Mark(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)
