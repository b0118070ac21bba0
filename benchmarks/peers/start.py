"""A fresh process: import, load, the first answer; processor time above that of Python alone.

All have run before, with bytecode written, as on any machine that starts such processes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import dispute_rules as dr
from benchmarks.peers.engines import jdm
from benchmarks.peers.translated import tables
from dispute_rules.pack.edition import edition_on

_ROUNDS = 15
_ZEN = """
import json, zen
pack, labels = json.load(open({path!r}))
engine = zen.ZenEngine({{"loader": {{"type": "static", "content": {{"pack": pack}}}}}})
engine.evaluate("pack", labels)
"""
_PROGRAMS = {
    "Python alone": "pass",
    "bound: importing pydantic": "import pydantic",
    "bound: a model of one field": "import pydantic\nclass One(pydantic.BaseModel):\n    it: int",
    "this library": "import dispute_rules as dr\ndr.advise(ground='damaged', price=20)",
}


def start() -> dict[str, float]:
    """Seconds for each, in turns, as the least of all rounds: whatever else runs on the machine only adds to it."""
    with tempfile.TemporaryDirectory() as folder:
        programs = _PROGRAMS | {"zen-engine": _zen(Path(folder) / "pack.json")}
        written = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        written["PYTHONPYCACHEPREFIX"] = folder
        rounds = [{name: _seconds(program, written) for name, program in programs.items()} for _ in range(_ROUNDS)]
    least = {name: min(each[name] for each in rounds) for name in programs}
    alone = least.pop("Python alone")
    return {name: seconds - alone for name, seconds in least.items()}


def _zen(path: Path) -> str:
    advisor = dr.Advisor()
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    settled = advisor.settle(ground="damaged", price=20)
    labels = {name: settled.labels[name] for name in edition.facts}
    path.write_text(json.dumps([jdm(tables(edition)), labels]))
    return _ZEN.format(path=str(path))


def _seconds(program: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
