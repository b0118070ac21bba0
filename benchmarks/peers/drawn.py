"""Cases drawn at random, the same on every run, with amounts and days that hardly ever come twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import dispute_rules as dr

_TODAY = date(2026, 3, 1)
_LABELS: dict[str, list[Any]] = {
    "received": [True, False],
    "usability": list(map(str, dr.Usability)),
    "wants_to_keep": [True, False],
    "fault": list(map(str, dr.Fault)),
    "tracking": list(map(str, dr.Tracking)),
    "returnable": [True, False],
    "stage": list(map(str, dr.Stage)),
    "seller_response": list(map(str, dr.SellerResponse)),
}
_AMOUNTS = {"price": 20_000, "shipping": 2_000, "requested": 20_000, "offered": 10_000}
_EVIDENCE = ("photos_of_goods", "photos_of_package", "tracking_screenshot", "messages_with_seller")


def drawn(advisor: dr.Advisor, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """So many cases, as a caller would write them, none of which is refused."""
    random = Random(seed)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        facts = dict(facts_of(random))
        try:
            advisor.advise(facts)
        except dr.CaseError:
            continue
        found.append(facts)
    return found


def facts_of(random: Random) -> Iterator[tuple[str, Any]]:
    """The ground, and of all else four fifths."""
    yield "ground", str(random.choice(list(dr.Ground)))
    yield "today", str(_TODAY)
    yield "currency", "EUR"
    for name, labels in _LABELS.items():
        if random.random() < 0.8:
            yield name, random.choice(labels)
    ordered = _TODAY - timedelta(days=random.randint(20, 120))
    shipped = ordered + timedelta(days=random.randint(0, 10))
    promised = shipped + timedelta(days=random.randint(10, 60))
    for name, day in {"ordered_on": ordered, "shipped_on": shipped, "promised_by": promised}.items():
        if random.random() < 0.8:
            yield name, str(day)
    for name, most in _AMOUNTS.items():
        if random.random() < 0.8:
            yield name, f"{random.randint(100, most) / 100:.2f}"
    if random.random() < 0.8:
        yield "evidence", random.sample(_EVIDENCE, random.randint(0, len(_EVIDENCE)))
