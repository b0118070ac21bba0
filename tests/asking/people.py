"""Truthful people by chance: first what happened on which day, then all facts as these people would tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import dispute_rules as dr

GOODS = ["not_as_described", "poor_quality", "damaged", "wrong_quantity", "fake", "component_problem"]
CHANGED_MIND = ["buyer_mistake", "found_cheaper", "no_longer_needed"]
NOT_THERE = ["not_arrived", "wrong_delivery_method", *CHANGED_MIND]
DISPUTED = ["open", "mediation", "decided", "cancelled"]
PARCEL = ["none", "in_transit", "delivered", "delivered_elsewhere", "returned", "held_by_customs"]
REPLY = timedelta(days=5)  # that a seller has before silence is one
Person = Mapping[str, Any]


def buyer(random: Random) -> Person:
    """All that a buyer on AliExpress knows. What did not happen has no day."""
    today = date(2024, 1, 1) + timedelta(days=random.randrange(700))
    facts: dict[str, Any] = {"today": today, **_days(random, today)}
    facts |= {fact: f"{fact}_on" in facts for fact in ("shipped", "received", "confirmed")}
    disputed = "opened_on" in facts
    facts["stage"] = random.choices(DISPUTED, [5, 2, 1, 1])[0] if disputed else "not_opened"
    facts["seller_response"] = random.choice(list(dr.SellerResponse)) if disputed else "none"
    if facts["seller_response"] == "silent" and today < facts["opened_on"] + REPLY:
        facts["seller_response"] = "none"
    grounds = [*GOODS, *CHANGED_MIND, "wrong_delivery_method"] if facts["received"] else NOT_THERE
    weights = [4, 4, 4, 2, 2, 2, 1, 1, 1, 1] if facts["received"] else [8, 1, 1, 1, 1]
    facts["ground"] = random.choices(grounds, weights)[0]
    return facts | _goods(random, facts)


def _days(random: Random, today: date) -> dict[str, date]:
    def after(day: date, least: int, most: int) -> date:
        return day + timedelta(days=random.randint(least, most))

    ordered = today - timedelta(days=int(random.triangular(0, 200, 50)))
    days = {"ordered_on": ordered, "promised_by": after(ordered, 15, 60), "protection_ends_on": after(ordered, 45, 100)}
    shipped = after(ordered, 0, 12)
    if shipped > today or random.random() < 0.05:
        return days
    days["shipped_on"] = came = shipped
    arrival = after(shipped, 6, 60)
    if arrival <= today and random.random() < 0.9:
        days["received_on"] = came = arrival
    if random.random() < (0.5 if "received_on" in days else 0.03):
        days["confirmed_on"] = after(came, 0, (today - came).days)
    if random.random() < 0.35:
        days["opened_on"] = after(shipped, 0, (today - shipped).days)
    return days


def _goods(random: Random, facts: Person) -> dict[str, Any]:
    changed = facts["ground"] in CHANGED_MIND
    ordered = random.choices([1, 2, 5], [8, 1, 1])[0]
    seen = ["none"] if not facts["shipped"] else ["none", "delivered"] if facts["received"] else PARCEL
    return {
        "tracking": random.choice(seen),
        "usability": random.choices(list(dr.Usability), [3, 4, 4])[0],
        "wants_to_keep": random.random() < 0.5,
        "as_described": facts["ground"] != "not_as_described" and random.random() < 0.1,
        "fault": "buyer" if changed else random.choices(list(dr.Fault), [14, 8, 2, 1])[0],
        "free_return": random.random() < 0.2,
        "returnable": random.random() < 0.85,
        "quantity_ordered": ordered,
        "quantity_affected": random.randint(1, ordered),
        "price": "20.00",
        "shipping": "3.00",
        "requested": "20.00",
        "offered": "5.00",
        "return_cost": "9.00",
        "shipping_difference": random.choice(["0.00", "1.00"]),
        "evidence": random.choice([[], ["photos_of_goods"], ["photos_of_goods", "photos_of_package"]]),
    }


def phone_buyer(random: Random) -> Person:
    """All that somebody at the desk of the phone shop knows."""
    today = date(2024, 6, 1) + timedelta(days=random.randrange(400))
    months = random.choice([0, 1, 5, 11, 12, 20, 24, 30])
    grounds = [ground for ground in dr.Ground if ground not in ("not_arrived", "wrong_delivery_method")]
    return {
        "today": today,
        "ground": random.choice(grounds),
        "months": months,
        "device": random.choice(["phone", "refurbished", "accessory"]),
        "mishandled": random.random() < 0.3,
        "complete": random.random() < 0.7,
        "handed_over_on": today - timedelta(days=30 * months + random.randrange(30)),
        "usability": random.choice(list(dr.Usability)),
        "price": "300",
        "evidence": [],
    }
