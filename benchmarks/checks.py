"""How long loading and checking take: python -m benchmarks.checks [--json]

CPU time of one run, so that figures can be set against one another; machines differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from benchmarks.synthetic import Shape, write_pack
from dispute_rules.authoring.check import check
from dispute_rules.pack.load import load_pack

GROWTH = (10, 30, 100, 300, 1000)
_START_UP = "import time; import dispute_rules.cli.main; print(time.process_time())"


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    found = dict(_measured())
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        print(*(f"{name:50}{seconds:10.3f}" for name, seconds in found.items()), sep="\n")


def _measured() -> Iterator[tuple[str, float]]:
    yield "start-up, s", float(subprocess.check_output([sys.executable, "-c", _START_UP]))
    yield "aliexpress: load and check, s", _best(lambda: check(load_pack("aliexpress")), times=3)
    with tempfile.TemporaryDirectory() as folder:
        for rules in (*GROWTH, 400):
            pack = write_pack(Path(folder) / f"p{rules}", Shape(rules=rules))
            yield f"{rules} rules over 14 facts: load and check, s", _best(lambda p=pack: check(load_pack(p)), times=1)  # type: ignore[misc]
        yield from _loading(Path(folder) / f"p{max(GROWTH)}")


def _loading(pack: Path) -> Iterator[tuple[str, float]]:
    files = [file.read_text(encoding="utf-8") for file in sorted(pack.rglob("*.yaml"))]
    alone = _best(lambda: [yaml.load(text, yaml.CSafeLoader) for text in files], times=3)
    loading = _best(lambda: load_pack(pack), times=3)
    yield f"the C YAML loader on {len(files)} files, s", alone
    yield f"load_pack on {len(files)} files, s", loading
    yield "load_pack to the C YAML loader, ratio", loading / alone


def _best(work: Callable[[], object], *, times: int) -> float:
    found = []
    for _ in range(times):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


if __name__ == "__main__":
    main()
