"""Amounts that name their currency, such as `24.90 EUR`. All amounts of a case are in one currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dispute_rules.currency import CODES
from dispute_rules.errors import Problem, quote

WITH_CURRENCY = r"^([-+]?[0-9.,]{1,40}) ([A-Za-z]{3})$"


def parted(facts: Mapping[str, Any], amounts: Iterable[str]) -> tuple[Mapping[str, Any], list[Problem]]:
    """The facts with plain amounts and the currency that they name; and each amount in another currency than that."""
    texts = {name: facts[name] for name in amounts if isinstance(facts.get(name), str)}
    found = {name: match for name, text in texts.items() if (match := re.match(WITH_CURRENCY, text))}
    if not found:
        return facts, []
    codes = {name: match[2] for name, match in found.items()}
    problems = [_unknown(name, code) for name, code in codes.items() if code not in CODES]
    known = {name: code for name, code in codes.items() if code in CODES}
    given = facts.get("currency")
    if isinstance(given, str) and given in CODES:
        known = {"currency": given, **known}
    named = {"currency": next(iter(known.values()))} if known and given is None else {}
    plain = {**facts, **{name: match[1] for name, match in found.items()}, **named}
    return plain, [*problems, *mixed(known)]


def mixed(currencies: Mapping[str, str]) -> Iterator[Problem]:
    """Each place whose currency is not that of the first one."""
    first, *others = currencies or [""]
    for name in others:
        if currencies[name] != currencies[first]:
            message = f"`{name}` is in {quote(currencies[name])}, and `{first}` in {quote(currencies[first])}"
            yield Problem(name, "mixed-currencies", message, "give all amounts in one currency: nothing is converted")


def _unknown(name: str, currency: str) -> Problem:
    return Problem(name, "unknown-currency", f"{quote(currency)} is no currency", help_for(currency))


def help_for(currency: str) -> str:
    """What to write in place of a code that is no currency."""
    return f"did you mean `{currency.upper()}`?" if currency.upper() in CODES else "an ISO 4217 code such as `EUR`"
