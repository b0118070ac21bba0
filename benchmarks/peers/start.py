"""A fresh process: import, load, the first answer; processor time above that of Python alone."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import dispute_rules as dr
from benchmarks.peers.engines import jdm
from benchmarks.peers.translated import tables
from dispute_rules.pack.edition import edition_on

_ROUNDS = 9
_ZEN = """
import json, zen
pack, labels = json.load(open({path!r}))
engine = zen.ZenEngine({{"loader": {{"type": "static", "content": {{"pack": pack}}}}}})
engine.evaluate("pack", labels)
"""
_OURS = "import dispute_rules as dr\ndr.advise(ground='damaged', price=20)"


def start() -> dict[str, float]:
    """Seconds for each, in turns, as the median of all rounds."""
    with tempfile.TemporaryDirectory() as folder:
        programs = {"Python alone": "pass", "zen-engine": _zen(Path(folder) / "pack.json"), "this library": _OURS}
        programs["importing pydantic"] = "import pydantic"
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(_ROUNDS):
            for name, program in programs.items():
                times[name].append(_seconds(program))
    alone = median(times.pop("Python alone"))
    return {name: median(rounds) - alone for name, rounds in times.items()}


def _zen(path: Path) -> str:
    advisor = dr.Advisor()
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    settled = advisor.settle(ground="damaged", price=20)
    labels = {name: settled.labels[name] for name in edition.facts}
    path.write_text(json.dumps([jdm(tables(edition)), labels]))
    return _ZEN.format(path=str(path))


def _seconds(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
