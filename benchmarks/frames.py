"""How fast frames are, against one case after another, and the memory that `batch` takes as rows grow.

python -m benchmarks.frames [--rows 1000000] [--batch 10000000]

Processor time counts. `python -m benchmarks.peers columns` sets frames beside zen-engine.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

import polars as pl
from examples.many_orders import orders

import dispute_rules as dr
from dispute_rules.frames.cells import rows_of

LABELS = ("ground", "usability", "fault", "tracking", "seller_response", "currency")
_SINGLE = 1_000  # cases one after another: no more than are remembered
_PART = 500_000  # rows of a file that are made at once
_BATCH = """
import resource, sys
from pathlib import Path

import dispute_rules as dr
from dispute_rules.frames.batch import advise_file

done = 0

def tell(rows):
    global done
    done += rows
    if done // 1_000_000 > (done - rows) // 1_000_000:
        print(done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

advise_file(Path(sys.argv[1]), Path(sys.argv[2]), dr.Advisor().kernel, ["order"], tell)
"""


def frames(rows: int) -> None:
    """Rows in a second, of text and of categories, new and met before; and of single cases."""
    advisor = dr.Advisor()
    text = orders(rows)
    categories = text.with_columns(pl.col(n).cast(pl.Enum(text[n].drop_nulls().unique().sort())) for n in LABELS)
    facts = [*rows_of(text.drop("order").head(_SINGLE))]
    single = _rate(lambda: [_advised(advisor, row) for row in facts], _SINGLE)
    again = _rate(lambda: [_advised(advisor, row) for row in facts], _SINGLE)
    print(f"| work, {rows:,} plausible orders | rows in a second | times `advise` |")
    print("|---|---|---|")
    print(f"| `advise`, one after another | {single:,.0f} | {single / again:.1f} |")
    print(f"| `advise`, the same cases again | {again:,.0f} | 1 |")
    for name, frame in (("labels as text", text), ("labels as categories", categories)):
        rate = max(_rate(partial(advisor.advise_frame, frame, keep=["order"]), rows) for _ in range(2))
        print(f"| `advise_frame`, {name} | {rate:,.0f} | {rate / again:.1f} |")


def _advised(advisor: dr.Advisor, facts: dict[str, object]) -> dr.Advice | None:
    try:
        return advisor.advise(facts)
    except dr.CaseError:
        return None


def _rate(work: Callable[[], object], count: int) -> float:
    begun = process_time()
    work()
    return count / (process_time() - begun)


def batch(rows: int) -> None:
    """Parquet to Parquet: the most memory after every million rows, and the time of all."""
    with tempfile.TemporaryDirectory() as folder:
        parts, cases, advice = (Path(folder) / name for name in ("parts", "cases.parquet", "advice.parquet"))
        parts.mkdir()
        for at in range(0, rows, _PART):
            orders(min(_PART, rows - at), first=at).write_parquet(parts / f"{at:012}.parquet")
        pl.scan_parquet(parts).sink_parquet(cases)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", _BATCH, str(cases), str(advice)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n| rows through `batch`, {seconds:,.0f} seconds for all | most memory so far, MB |\n|---|---|")
    for done, megabytes in (line.split() for line in told.splitlines()):
        print(f"| {int(done):,} | {megabytes} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=10_000_000, help="rows of a file")
    options = parser.parse_args()
    frames(options.rows)
    batch(options.batch)


if __name__ == "__main__":
    main()
