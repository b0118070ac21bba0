"""What cannot be true together in a case, on any marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any, get_args

from pydantic import BaseModel

from dispute_rules import currency as iso4217
from dispute_rules.errors import Mention, Problem, quote
from dispute_rules.money import EXACT
from dispute_rules.values import Amount

_OF_THE_DISPUTE = ("replied_on", "escalated_on", "decided_on", "returned_on")
# what cannot have happened before what, wherever the order was placed
CHRONOLOGY = (
    ("ordered_on", "shipped_on"),
    ("ordered_on", "promised_by"),
    ("ordered_on", "protection_ends_on"),
    ("ordered_on", "received_on"),
    ("ordered_on", "confirmed_on"),
    ("ordered_on", "opened_on"),
    ("shipped_on", "received_on"),
    ("shipped_on", "confirmed_on"),
    ("shipped_on", "opened_on"),
    *((first, then) for then in _OF_THE_DISPUTE for first in ("ordered_on", "shipped_on", "opened_on")),
    ("escalated_on", "decided_on"),
    ("received_on", "returned_on"),
)
PAST = ("ordered_on", "shipped_on", "received_on", "confirmed_on", "opened_on", *_OF_THE_DISPUTE)
IMPLIED = {
    "received_on": "received",
    "shipped_on": "shipped",
    "confirmed_on": "confirmed",
    "returned_on": "returned",
}
"""What is true once a day is given."""
AT_MOST = {
    "quantity_affected": (("quantity_ordered",), "no more pieces can be affected than were ordered"),
    "shipping_difference": (("shipping",), "give what the service that was used would have cost less"),
    "offered": (("price", "shipping"), "a seller gives back what was paid at most: check the three amounts"),
}
"""What cannot be more than others together; and what to do."""


def contradictions(case: BaseModel, today: date | None = None) -> Iterator[Problem]:
    """What cannot be true together, on any marketplace. `today` defaults to the case's own, if it has one."""
    facts = case.__dict__
    today = today or facts["today"]
    days = {name: day for name in (*PAST, "promised_by", "protection_ends_on") if (day := facts[name])}
    early = [(first, then) for first, then in _chronology(tuple(days)) if days[first] > days[then]]
    latest = {then: first for first, then in sorted(early, key=lambda pair: days[pair[0]])}
    for then, first in latest.items():  # a day is told once, however many it should come after
        yield _against(then, "check both days", _day(then, days), " is before ", _day(first, days))
    for name in PAST if today else ():
        if name in days and days[name] > today:
            help = "check the day, or give `today` as the day at the buyer's place"
            yield _against(name, help, _day(name, days), f" is after today, {today}")
    for day, fact in IMPLIED.items():
        if day in days and facts[fact] is False:
            yield _against(fact, "leave one of them out", f"`{fact}` is `false` but `{day}` is given")
    if facts["requested"] == 0:
        help = "give what you want to ask for, or leave `requested` out"
        yield Problem(
            "requested", "out-of-range", "`0` is not possible for `requested`: a claim is for some money", help
        )
    yield from _too_much(facts)
    yield from _too_fine(facts, amounts_of(type(case)))


@lru_cache(maxsize=4_096)  # of sets of twelve days
def _chronology(days: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((first, then) for first, then in CHRONOLOGY if first in days and then in days)


def _too_much(facts: Mapping[str, Any]) -> Iterator[Problem]:
    """What is more than it can be a part of."""
    for name, (others, help) in AT_MOST.items():
        value, wholes = facts[name], [facts[other] for other in others]
        if value is not None and None not in wholes and value > (whole := reduce(EXACT.add, wholes, Decimal(0))):
            names = " and ".join(f"`{other}`" for other in others) + (" together" if len(others) > 1 else "")
            yield _against(name, help, f"`{name}` {Decimal(value):f} is above ", Mention(others, names), f", {whole:f}")


def _too_fine(facts: Mapping[str, Any], amounts: Iterable[str]) -> Iterator[Problem]:
    """Amounts in fractions of the currency's smallest unit."""
    currency = facts["currency"]
    if currency is None:
        return
    unit, places = iso4217.smallest_unit(currency), iso4217.decimals(currency)
    for name in amounts:
        value = facts[name]
        if value is not None and value != value.quantize(unit, context=EXACT):
            message = f"{quote(value)} has more decimals than {currency} has"
            yield Problem(name, "out-of-range", message, f"give at most {places} decimals")


def _day(name: str, days: Mapping[str, date]) -> Mention:
    return Mention((name,), f"`{name}` {days[name]}")


def _against(place: str, help: str, *message: str | Mention) -> Problem:
    return Problem.mentioning(place, "contradiction", message, help)


@lru_cache(maxsize=64)
def amounts_of(kind: type[BaseModel]) -> tuple[str, ...]:
    """The facts that are amounts of money."""
    return tuple(name for name, field in kind.model_fields.items() if Amount in get_args(field.annotation))
