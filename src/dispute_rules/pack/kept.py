"""What stands in the files of a shipped pack, kept as JSON so that the next process need not read YAML.

It lies with the library's bytecode, goes by the rules that Python has for that, and is as much to be trusted. It is for
shipped packs only: with a pack that comes from elsewhere, it could say something else than the files.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.written import Forms, content_hash

_LIBRARY = Path(__file__).parents[1]
_DECIMAL = "\0"  # no key in a file of a pack that has no problems


def kept_forms(root: Path, contents: Mapping[str, bytes]) -> Forms | None:
    """What the files say, if they and the library are as they were when it was kept; else None."""
    try:
        kept = json.loads(_place(root).read_bytes(), object_hook=_with_decimals)
        is_right = isinstance(kept, dict) and kept.get("of") == _state(root, contents)
        return _forms(kept["values"]) if is_right else None
    except (OSError, ValueError, NotImplementedError):  # nothing is kept, or it is broken, or nothing ever is
        return None


def keep(root: Path, contents: Mapping[str, bytes], values: Mapping[str, Any]) -> None:
    """Keep the values of files that have no problems, if that is possible."""
    if sys.dont_write_bytecode:
        return
    with suppress(OSError, NotImplementedError):
        text = json.dumps({"of": _state(root, contents), "values": values}, default=lambda each: {_DECIMAL: str(each)})
        place = _place(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{os.getpid()}.{id(text)}")
        try:
            part.write_text(text, encoding="ascii")
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def _with_decimals(said: dict[str, Any]) -> object:
    """JSON's own numbers would lose a last nought, and so how finely something is counted."""
    return Decimal(said[_DECIMAL]) if _DECIMAL in said else said


def _place(root: Path) -> Path:
    """Beside the bytecode of this Python, wherever that is."""
    return Path(cache_from_source(str(_LIBRARY / f"{root.name}.py"))).with_suffix(".json")


def _state(root: Path, contents: Mapping[str, bytes]) -> str:
    """While it is the same, reading comes to the same: the files, what lies beside them, the library's own modules."""
    beside = sorted(entry.name for entry in root.iterdir())
    return hashlib.sha256("\0".join([content_hash(contents), *beside, *_modules()]).encode()).hexdigest()


def _modules() -> Iterator[str]:
    for folder in (_LIBRARY, _LIBRARY / "pack"):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                yield f"{entry.name} {entry.stat().st_mtime_ns} {entry.stat().st_size}"


def _forms(values: Mapping[str, Any]) -> Forms:
    decisions: dict[str, tuple[DecisionFile, dict[str, RuleFile]]] = {}
    for path, said in values.items():
        folder, _, name = path.rpartition("/")
        if name == "decision.yaml":
            decisions[folder] = DecisionFile.model_validate(said), _rules(folder, values)
    return PackFile.model_validate(values["pack.yaml"]), decisions


def _rules(folder: str, values: Mapping[str, Any]) -> dict[str, RuleFile]:
    named = {path.removeprefix(f"{folder}/"): said for path, said in values.items() if path.startswith(f"{folder}/")}
    del named["decision.yaml"]
    return {name.removesuffix(".yaml"): RuleFile.model_validate(said) for name, said in named.items()}
