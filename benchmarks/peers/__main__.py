"""This library beside other engines: python -m benchmarks.peers [PART] [--cases N] [--rows N]

`make bench-peers` installs what it needs. Only ratios are worth quoting.
"""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Iterator
from contextlib import suppress

PARTS = ("single", "columns", "growth", "start", "memory", "situations")


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this one")
    parser.add_argument("--cases", type=int, default=200_000, help="how many `memory` and `situations` feed")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many rows `columns` has")
    options = parser.parse_args()
    with suppress(AttributeError):  # not everywhere
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for part in [options.part] if options.part else PARTS:
        print(f"--- {part}")
        gc.enable()
        if part not in ("memory", "situations"):
            gc.disable()  # as timeit does
        _PRINTED[part](options)


def _single(_: argparse.Namespace) -> None:
    from benchmarks.peers.single import single

    _table(single())


def _columns(options: argparse.Namespace) -> None:
    from benchmarks.peers.columns import columns

    seconds = columns(options.rows)
    for name, each in sorted(seconds.items(), key=lambda item: item[1]):
        print(f"{name:30}{1 / each:12,.0f} cases a second{seconds['zen-engine'] / each:10.0f} times zen")


def _start(_: argparse.Namespace) -> None:
    from benchmarks.peers.start import start

    _table(start())


def _table(seconds: dict[str, float]) -> None:
    for name, each in sorted(seconds.items(), key=lambda item: item[1]):
        print(f"{name:30}{each * 1e6:12,.1f} us{each / seconds['zen-engine']:10.2f} times zen")


def _growth(_: argparse.Namespace) -> None:
    from benchmarks.peers.growth import growth

    for name, by_size in growth().items():
        first = next(iter(by_size.values()))
        print(f"{name:30}" + "".join(f"{n:8,}: {s * 1e6:8.1f} us" for n, s in by_size.items()), end="")
        print(f"   last to first {by_size[max(by_size)] / first:.2f}")


def _memory(options: argparse.Namespace) -> None:
    from benchmarks.peers.memory import memory

    _megabytes(memory(options.cases))


def _situations(options: argparse.Namespace) -> None:
    from benchmarks.peers.memory import memory_of_situations

    _megabytes(memory_of_situations(options.cases))


def _megabytes(fed: Iterator[tuple[int, float]]) -> None:
    for count, megabytes in fed:
        print(f"{count:12,} cases {megabytes:8.1f} MB", flush=True)


_PRINTED = {
    "single": _single,
    "columns": _columns,
    "growth": _growth,
    "start": _start,
    "memory": _memory,
    "situations": _situations,
}

if __name__ == "__main__":
    main()
