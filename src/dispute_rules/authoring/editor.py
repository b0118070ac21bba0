"""What an editor needs to complete and check a pack's files: the folder `.schema`, and the first line of each file."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispute_rules.authoring.pack_schema import pack_schema
from dispute_rules.authoring.schemas import FACTS, decision_schema, facts_schema, rule_schema
from dispute_rules.errors import PackError, Problem
from dispute_rules.pack.written import Pack

FOLDER = ".schema"
_WIDTH = 150
_LINE = "# yaml-language-server: $schema="
_FIRST = re.compile(rb"(\xef\xbb\xbf)?(" + re.escape(_LINE.encode()) + rb"[^\r\n]*\r?\n)?")


def first_line(file: str) -> str:
    """The line that tells an editor the schema of a file, given by its path within the pack."""
    return f"{_LINE}{'../' if '/' in file else ''}{FOLDER}/{_schema_of(file)}"


def schema_texts(pack: Pack) -> dict[str, str]:
    """The contents of `.schema`, by file name."""
    schemas = {FACTS: facts_schema(pack), _schema_of("pack.yaml"): pack_schema(pack)}
    for decision in pack.decisions:
        schemas[_schema_of(f"{decision.name}/decision.yaml")] = decision_schema(pack)
        schemas[_schema_of(f"{decision.name}/")] = rule_schema(pack, decision)
    return {name: _json(schema) + "\n" for name, schema in schemas.items()}


def write_schemas(pack: Pack) -> int:
    """Write `.schema`, and take out what is there for decisions that are gone; returns the number of files.

    Raises:
        PackError: it cannot be written.
    """
    folder, texts = pack.folder / FOLDER, schema_texts(pack)
    with writing(f"{pack.place}/{FOLDER}"):
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        for path in folder.glob("*-rule.json"):
            if path.name not in texts:
                path.unlink()
    return len(texts)


def write_first_lines(pack: Pack) -> int:
    """Give each file of a pack its first line, or mend it; returns the number of files changed.

    Raises:
        PackError: a file cannot be written.
    """
    rules = [f"{decision.name}/{rule.name}.yaml" for decision in pack.decisions for rule in decision.rules]
    heads = [f"{decision.name}/decision.yaml" for decision in pack.decisions]
    return sum(_write_first_line(pack, file) for file in ("pack.yaml", *heads, *rules))


def _write_first_line(pack: Pack, file: str) -> bool:
    path = pack.folder / file
    with writing(f"{pack.place}/{file}"):
        before = path.read_bytes()
        ending = "\r\n" if b"\r\n" in before else "\n"
        after = _FIRST.sub(rb"\1" + f"{first_line(file)}{ending}".encode(), before, count=1)
        if after != before:
            replace_file(path, after)
    return after != before


def replace_file(path: Path, content: bytes) -> None:
    """Write a file anew, so that nothing of it is lost where that fails."""
    beside = path.with_name(f".{path.name}")
    try:
        beside.write_bytes(content)
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def writing(place: str) -> Iterator[None]:
    """Tell of a place that cannot be written.

    Raises:
        PackError: the place cannot be written.
    """
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise PackError([Problem(place, "unwritable", message, "check its permissions")]) from None


def _json(value: object, margin: str = "") -> str:
    """JSON in which what fits on a line is on one: a name more is a line more."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(margin) + len(flat) <= _WIDTH or not isinstance(value, dict | list):
        return flat
    inner = f"{margin} "
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"{inner}{_json(part, inner)}" for part in value) + f"\n{margin}]"
    parts = (f"{inner}{json.dumps(name)}: {_json(part, inner)}" for name, part in value.items())
    return "{\n" + ",\n".join(parts) + f"\n{margin}}}"


def _schema_of(file: str) -> str:
    """The name of a file's schema. That of a rule has a `-`, which no decision can have."""
    decision, _, name = file.rpartition("/")
    return f"{decision}-rule.json" if decision and name != "decision.yaml" else f"{name.removesuffix('.yaml')}.json"
