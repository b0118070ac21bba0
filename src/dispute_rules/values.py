"""The types of values that facts have: days, amounts, counts, currencies, kinds of evidence."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from dispute_rules import currency as iso4217
from dispute_rules.errors import quote
from dispute_rules.money import WITH_CURRENCY, help_for
from dispute_rules.validation import refused

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
MOST_EVIDENCE = 64
_MOST_BITS = 64


def _day(value: object) -> object:
    """A calendar day and nothing else: no time of day, no number that happens to be one."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise refused("bad-date", f"there is no day {quote(value)}", "check the month and the day") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refused("bad-date", f"{quote(value)} is not a day", "write it as year-month-day: 2026-03-31")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise refused(
            "out-of-range", f"{quote(value)} is too far away", f"a Gregorian day from {FIRST_DAY} to {LAST_DAY}"
        )
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise refused("wrong-type", f"{quote(value)} is not a number", "give a number")
    if isinstance(value, str) and ("_" in value or not value.isascii()):  # Python takes these for digits, too
        raise refused("wrong-type", f"{quote(value)} is not a number", "write it with the digits 0 to 9: 24.90")
    vast = isinstance(value, Decimal) and abs(value.adjusted()) > _MOST_BITS
    if vast or (isinstance(value, int) and value.bit_length() > _MOST_BITS):  # its digits would take minutes
        raise refused("out-of-range", "a number of very many digits", "give at most 12 digits")
    return value


def _currency(value: str) -> str:
    if value not in iso4217.CODES:
        raise refused("unknown-currency", f"{quote(value)} is no currency", help_for(value))
    return value


def _few(value: object) -> object:
    if not isinstance(value, list | tuple | set | frozenset):
        raise refused("wrong-type", f"{quote(value)} cannot be read as `evidence`", "give a list of names")
    if len(value) > MOST_EVIDENCE:
        raise refused("too-large", f"{len(value)} pieces of evidence", f"name at most {MOST_EVIDENCE} kinds")
    return value


Day = Annotated[date, BeforeValidator(_day)]
_Plain = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=3)]
_WITH_CURRENCY = Annotated[str, Field(pattern=WITH_CURRENCY)]
Amount = Annotated[_Plain, BeforeValidator(_number, json_schema_input_type=_Plain | _WITH_CURRENCY)]
"""Exact. A Python float counts as it prints, and is refused where that is no clean amount."""
Count = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_number)]
Number = Annotated[Decimal, Field(max_digits=12, decimal_places=3), BeforeValidator(_number)]
Currency = Annotated[str, AfterValidator(_currency)]
Evidence = Annotated[frozenset[Annotated[str, Field(max_length=64)]], BeforeValidator(_few)]
