"""The memory of one process that is fed cases which are all different."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import dispute_rules as dr
from benchmarks.peers.drawn import drawn, facts_of

Facts = dict[str, Any]
_SITUATIONS = 1_000
_AMOUNTS = ("price", "shipping", "requested", "offered")
_DAYS = ("today", "ordered_on", "shipped_on", "promised_by")


def memory(count: int) -> Iterator[tuple[int, float]]:
    """Megabytes after each tenth of so many cases, each with its own amounts and days, in 1,000 situations or more."""
    advisor = dr.Advisor()
    yield from _fed(advisor.advise, _varied(drawn(advisor, _SITUATIONS), Random(1)), count)


def memory_of_situations(count: int) -> Iterator[tuple[int, float]]:
    """The same where nearly each case is in a situation of its own; without what is open, which takes milliseconds."""
    random = Random(1)
    yield from _fed(dr.Advisor().outline, (dict(facts_of(random)) for _ in range(count)), count)


def _varied(written: list[Facts], random: Random) -> Iterator[Facts]:
    while True:
        facts = dict(random.choice(written))
        later = timedelta(days=random.randrange(300))
        facts |= {name: str(date.fromisoformat(facts[name]) + later) for name in _DAYS if name in facts}
        facts |= {name: f"{float(facts[name]) * random.uniform(0.8, 1.2):.2f}" for name in _AMOUNTS if name in facts}
        yield facts


def _fed(advise: Any, cases: Iterator[Facts], count: int) -> Iterator[tuple[int, float]]:
    for tenth in range(1, 11):
        for facts in islice(cases, count // 10):
            with suppress(dr.CaseError):  # those that are refused count, too
                advise(facts)
        yield tenth * count // 10, _megabytes()


def _megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
