"""What a pack says, as hashes in the file `pack.lock`, so that a release tells what changed since the last one.

There are two for each rule and each decision, each parameter, source and further section of `pack.yaml`: one of the
logic, which decides what advice comes out, and one of the text, which is what a person reads. How the files are laid
out is in neither, and examples are not: they say again what the rules say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from dispute_rules.authoring.finding import Finding
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.conditions import Condition
from dispute_rules.pack.files import ChangeFile, DecisionFile, FactWords, RuleFile
from dispute_rules.pack.folder import LOCK
from dispute_rules.pack.written import Pack

_LARGEST_LOCK = 5_000_000
_TEXT = frozenset("name title about question because how help source contradicts basis by url dated confidence".split())
_APART = ("title", "about", "language", "from_", "parameters", "sources")  # no section with one entry for all of it
KINDS = ("pack", "parameters", "sources", "decisions", "rules")


@dataclass(frozen=True, slots=True)
class Hashes:
    """Of one entry."""

    logic: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule, a decision, or an entry or section of `pack.yaml`, that is not what it was; `how` says in what."""

    kind: str  # one of KINDS
    name: str
    how: str  # new, gone, logic, text, or "logic and text"


Entries = Mapping[tuple[str, str], Hashes]
"""By kind and name."""


def entries(pack: Pack) -> dict[tuple[str, str], Hashes]:
    """The hashes of all that a pack says."""
    file = pack.file
    sections = {name: getattr(file, name) for name in type(file).model_fields if name not in _APART}
    found = {("pack", name): _hashes(value) for name, value in sections.items()}
    found |= {("parameters", name): _hashes(parameter) for name, parameter in file.parameters.items()}
    found |= {("sources", name): _hashes(source) for name, source in file.sources.items()}
    about = [*filter(None, (file.title, file.about, file.language))]
    found["pack", "about"] = Hashes(_hash(_plain(file.from_)), _hash(about))
    for decision in pack.decisions:
        found["decisions", decision.name] = _hashes(decision.file)
        found |= {("rules", f"{decision.name}/{rule.name}"): _hashes(rule.file) for rule in decision.rules}
    return found


def changed(old: Entries, new: Entries) -> list[Changed]:
    """What differs, in order: `pack.yaml`, decisions, rules."""
    both = sorted({*old, *new}, key=lambda key: (KINDS.index(key[0]), key[1]))
    return [Changed(*key, how) for key in both if (how := _how(old.get(key), new.get(key)))]


def write_lock(pack: Pack) -> Path:
    """Write the lock file of a pack.

    Raises:
        PackError: it cannot be written.
    """
    path = pack.folder / LOCK
    try:
        path.write_text(_written(entries(pack)), encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise PackError([Problem(f"{pack.place}/{LOCK}", "unwritable", message, "check its permissions")]) from None
    return path


def out_of_step(pack: Pack) -> Iterator[Finding]:
    """What is not as the lock file says; nothing if there is none."""
    place = f"{pack.place}/{LOCK}"
    help = f"look at what changed, and when it is as it should be: `dispute-rules lock {pack.place}`"
    try:
        locked = _read(pack.folder / LOCK)
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError):
        yield Finding("lock-out-of-step", (place,), "this is no lock file", help)
        return
    for entry in changed(locked, entries(pack)):
        at = place if entry.how == "gone" else _place(pack, entry)
        yield Finding("lock-out-of-step", (at,), f"{_named(entry)} {_since(entry.how)}", help)


def _how(old: Hashes | None, new: Hashes | None) -> str:
    if old is None or new is None:
        return "new" if old is None else "gone"
    return " and ".join(part for part in ("logic", "text") if getattr(old, part) != getattr(new, part))


def _named(entry: Changed) -> str:
    kind = "section" if entry.kind == "pack" else entry.kind.removesuffix("s")
    return f"the {kind} {quote(entry.name)}"


def _since(how: str) -> str:
    what = f"is {how}" if how in ("new", "gone") else f"changed in {how}"
    return f"{what} since `{LOCK}` was made"


def _place(pack: Pack, entry: Changed) -> str:
    files = {"decisions": f"{entry.name}/decision.yaml", "rules": f"{entry.name}.yaml"}
    return f"{pack.place}/{files.get(entry.kind, 'pack.yaml')}"


def _written(found: Entries) -> str:
    """JSON, sorted, one line for each entry: a change of one rule is a change of one line."""
    parts = []
    for kind in KINDS:
        named = sorted((name, hashes) for (kind_of, name), hashes in found.items() if kind_of == kind)
        lines = [f"    {json.dumps(name)}: {json.dumps(_as_json(hashes))}" for name, hashes in named]
        parts.append(f"  {json.dumps(kind)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _as_json(hashes: Hashes) -> dict[str, str]:
    return {"logic": hashes.logic, "text": hashes.text}


def _read(path: Path) -> dict[tuple[str, str], Hashes]:
    with path.open("rb") as stream:
        text = stream.read(_LARGEST_LOCK + 1)
    data = json.loads(text.decode() if len(text) <= _LARGEST_LOCK else "")
    if not isinstance(data, dict) or data.keys() != set(KINDS):
        raise ValueError(LOCK)
    return {(kind, name): _hashes_in(value) for kind in KINDS for name, value in _items(data[kind])}


def _items(data: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(data, dict):
        raise ValueError(LOCK)  # noqa: TRY004 - the same error as for all other faults of the file
    return data.items()


def _hashes_in(data: Any) -> Hashes:
    pairs = dict(_items(data))
    return Hashes(str(pairs.get("logic")), str(pairs.get("text")))


def _hashes(value: object) -> Hashes:
    return Hashes(_hash(_logic(value)), _hash(_text(value)))


def _hash(plain: object) -> str:
    written = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]  # to see a change, not to keep anyone from making one


def _logic(value: object) -> object:
    """All that decides what advice comes out; None where there is nothing."""
    if isinstance(value, FactWords) and value.kind is None:
        return None  # words only
    if isinstance(value, ChangeFile):
        return "marked"  # how to change the fact is text
    if isinstance(value, BaseModel):
        named = {n: _in_any_order(value, n) or part for n, part in value if n not in _TEXT and n != "examples"}
        return _some({name: _logic(part) for name, part in named.items()})
    if isinstance(value, Mapping):
        return _some({name: _logic(part) for name, part in value.items()})
    if isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value):
        return [_logic(part) for part in value]
    return _plain(value)


def _in_any_order(file: BaseModel, name: str) -> object:
    """Of labels with their words, the labels; of rules that override, which."""
    if isinstance(file, FactWords) and name == "labels":
        return sorted(file.labels)
    if isinstance(file, DecisionFile) and name == "outputs":
        return {output: sorted(labels) for output, labels in file.outputs.items()}
    if isinstance(file, DecisionFile) and name == "better":
        return {output: [sorted(level) for level in levels] for output, levels in file.better.items()}
    return sorted(file.unless) if isinstance(file, RuleFile) and name == "unless" else None


def _text(value: object) -> object:
    """All that a person reads; None where there is nothing."""
    if isinstance(value, BaseModel):
        found = {name: _plain(part) if name in _TEXT else _text(part) for name, part in value if name != "examples"}
        words = [_plain(value.labels)] if isinstance(value, FactWords) and value.labels else []
        words += [_plain(value.outputs)] if isinstance(value, DecisionFile) else []
        return _some({**found, "words": words})
    if isinstance(value, Mapping):
        return _some({name: _text(part) for name, part in value.items()})
    if isinstance(value, tuple):
        return [_text(part) for part in value] if any(map(_text, value)) else None
    return None


def _some(named: Mapping[str, object]) -> object:
    """What is said at all: a key that may be left out is the same as one without a value."""
    return {name: part for name, part in named.items() if part not in (None, [], {})} or None


def _plain(value: object) -> object:
    """The value as JSON can say it, the same however it was written."""
    if isinstance(value, Condition):
        labels = {"not" if value.negated else "labels": sorted(value.labels)}
        return _some({**labels, "at_least": _plain(value.at_least), "below": _plain(value.below)})
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
