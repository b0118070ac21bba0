"""The memory of one process that is fed cases which are all different."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random

import dispute_rules as dr
from benchmarks.peers.drawn import facts_of


def memory(count: int) -> Iterator[tuple[int, float]]:
    """Megabytes after each tenth of so many cases; those that are refused count, too."""
    advisor = dr.Advisor()
    cases = (dict(facts_of(random)) for random in [Random(1)] for _ in range(count))
    for tenth in range(1, 11):
        for facts in islice(cases, count // 10):
            with suppress(dr.CaseError):
                advisor.outline(facts)
        yield tenth * count // 10, _megabytes()


def _megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
