"""Amounts that name their currency, such as `24.90 EUR`. All amounts of a case are in one currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import floor
from typing import Any

from dispute_rules.currency import CODES, decimals, smallest_unit
from dispute_rules.errors import Problem, quote

EXACT = Context(prec=50)  # whatever the caller's own context is
WITH_CURRENCY = r"^([-+]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})) ?([A-Za-z]{3})$"


def parted(facts: Mapping[str, Any], amounts: Iterable[str]) -> tuple[Mapping[str, Any], list[Problem]]:
    """The facts with plain amounts and the currency that they name; and each amount in another currency than that."""
    found = _with_currency(facts, amounts)
    if not found:
        return facts, []
    problems = [_unknown(name, match[2]) for name, match in found.items() if match[2] not in CODES]
    known = currencies_of(facts, found)
    given = facts.get("currency")
    if isinstance(given, str) and given in CODES:
        known = {"currency": given, **known}
    named = {"currency": next(iter(known.values()))} if known and given is None else {}
    plain = {**facts, **{name: match[1] for name, match in found.items()}, **named}
    return plain, [*problems, *mixed(known)]


def currencies_of(facts: Mapping[str, Any], amounts: Iterable[str]) -> dict[str, str]:
    """The currencies that amounts name, of those that there are."""
    return {name: match[2] for name, match in _with_currency(facts, amounts).items() if match[2] in CODES}


def _with_currency(facts: Mapping[str, Any], amounts: Iterable[str]) -> dict[str, re.Match[str]]:
    texts = {name: facts[name] for name in amounts if isinstance(facts.get(name), str)}
    return {name: match for name, text in texts.items() if (match := re.match(WITH_CURRENCY, text))}


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


def written(amount: Decimal, currency: str | None) -> str:
    """An amount with its currency, if that is known, and with as many decimals as that has."""
    return f"{EXACT.add(amount, EXACT.scaleb(0, -decimals(currency))):f} {currency}" if currency else f"{amount:f}"


def shares(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """A total shared out by weights, in whole units that add up to it; weights that are all nothing count alike.

    What rounding leaves goes unit by unit to those that it took most from, of equals to the first.
    """
    parts = [Fraction(weight) for weight in weights]
    parts = parts if any(parts) else [Fraction(1)] * len(parts)
    exact = [Fraction(total) / Fraction(unit) * part / sum(parts) for part in parts]
    counts = [floor(count) for count in exact]
    left = int(Fraction(total) / Fraction(unit)) - sum(counts)
    for index in sorted(range(len(exact)), key=lambda index: counts[index] - exact[index])[:left]:
        counts[index] += 1
    return [EXACT.multiply(Decimal(count), unit) for count in counts]


def finest(currency: str | None, amounts: Iterable[Decimal]) -> Decimal:
    """The smallest unit of a currency, or what is finer among the amounts."""
    exponents = [int(amount.as_tuple().exponent) for amount in amounts]
    return min([smallest_unit(currency), *(Decimal(1).scaleb(exponent) for exponent in exponents)])
