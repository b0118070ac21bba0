"""How fast frames are, against one case after another, and the memory that `batch` takes as rows grow.

python -m benchmarks.frames [--rows 1000000] [--batch 1000000,10000000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from examples.many_orders import orders

import dispute_rules as dr
from dispute_rules.frames.reading import cell

LABELS = ("ground", "usability", "fault", "tracking", "seller_response", "currency")
_SINGLE = 1_000  # cases one after another: no more than are remembered
_PART = 500_000  # rows of a file that are made at once
_BATCH = """
import resource, sys
from dispute_rules.cli.main import main
main(["batch", sys.argv[1], sys.argv[2], "--keep", "order"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def frames(rows: int) -> None:
    """Rows in a second, of text and of categories, new and met before; and of single cases."""
    advisor = dr.Advisor()
    text = orders(rows)
    categories = text.with_columns(pl.col(n).cast(pl.Enum(text[n].drop_nulls().unique().sort())) for n in LABELS)
    facts = [{n: cell(n, v) for n, v in row.items()} for row in text.drop("order").head(_SINGLE).iter_rows(named=True)]
    single = _rate(lambda: [_advised(advisor, row) for row in facts], _SINGLE)
    again = _rate(lambda: [_advised(advisor, row) for row in facts], _SINGLE)
    print(f"| work, {rows:,} plausible orders | rows in a second | times `advise` |")
    print("|---|---|---|")
    print(f"| `advise`, one after another | {single:,.0f} | {single / again:.1f} |")
    print(f"| `advise`, the same cases again | {again:,.0f} | 1 |")
    for name, frame in (("labels as text", text), ("labels as categories", categories)):
        rate = max(_rate(lambda frame=frame: advisor.advise_frame(frame, keep=["order"]), rows) for _ in range(2))
        print(f"| `advise_frame`, {name} | {rate:,.0f} | {rate / again:.1f} |")


def _advised(advisor: dr.Advisor, facts: dict[str, object]) -> dr.Advice | None:
    try:
        return advisor.advise(facts)
    except dr.CaseError:
        return None


def _rate(work: Callable[[], object], count: int) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def batches(sizes: list[int]) -> None:
    """Parquet to Parquet: the time and the most memory, each in a process of its own."""
    print("\n| rows through `batch` | seconds | most memory, MB |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            parts = Path(folder) / str(rows)
            parts.mkdir()
            for at in range(0, rows, _PART):
                orders(min(_PART, rows - at), first=at).write_parquet(parts / f"{at:012}.parquet")
            cases, advice = Path(folder) / f"{rows}.parquet", Path(folder) / "advice.parquet"
            pl.scan_parquet(parts).sink_parquet(cases)
            begun = time.perf_counter()
            command = [sys.executable, "-c", _BATCH, str(cases), str(advice)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            print(f"| {rows:,} | {time.perf_counter() - begun:,.0f} | {told[-1]} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--batch", default="1000000,10000000", help="sizes of files, with commas")
    options = parser.parse_args()
    frames(options.rows)
    batches([int(size) for size in options.batch.split(",") if size])


if __name__ == "__main__":
    main()
