"""JSON as callers may write it: nothing doubled, nothing lost, nothing absurd."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from dispute_rules.errors import CaseError, Problem, quote

LARGEST_TEXT = 1_000_000
_MOST_TOLD = 20
_MOST_DIGITS = 4_300  # as many as Python reads of a whole number


def read_json(text: str | bytes | bytearray) -> dict[str, Any]:
    """The facts in a JSON object. Numbers stay as exact as they are written.

    Raises:
        CaseError: it is not a JSON object, it is too large, or a fact stands in it twice.
    """
    if not isinstance(text, str | bytes | bytearray):
        _refuse("not-json", f"{quote(text)} is not JSON", "give text or bytes")
    if len(text) > LARGEST_TEXT:
        _refuse("too-large", f"more than {LARGEST_TEXT:,} characters", "a case needs far less")
    doubled: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        facts = dict(pairs)
        if len(facts) < len(pairs):
            doubled.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return facts

    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        facts = json.loads(decoded, parse_float=_number, parse_constant=_no_number, object_pairs_hook=unique)
    except UnicodeDecodeError as error:
        _refuse("not-utf-8", f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _refuse("not-json", f"this is not JSON: {error.msg}, {place}", 'a case looks like {"ground": "damaged"}')
    except RecursionError:
        _refuse("not-json", "too many brackets within brackets", 'a case looks like {"ground": "damaged"}')
    except ValueError as error:  # a number of thousands of digits
        _refuse("not-json", f"a number cannot be read: {quote(str(error))}", "amounts are numbers such as 24.90")
    if "\\u" in decoded and not _is_unicode(facts):
        _refuse("not-utf-8", "half of a character that is written as two, such as `\\ud83d`", "write both, or neither")
    if not isinstance(facts, dict):
        _refuse("not-a-case", f"{quote(facts)} is not a case", 'a case looks like {"ground": "damaged"}')
    if doubled:
        raise CaseError(
            Problem(quote(name)[1:-1], "duplicate-fact", f"the fact {quote(name)} stands twice", "keep one")
            for name in doubled[:_MOST_TOLD]
        )
    return facts


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent beyond all bounds
        raise ValueError(text) from None
    if abs(number.adjusted()) > _MOST_DIGITS:  # written out it would fill the memory
        raise ValueError(text)
    return number


def _is_unicode(facts: Any) -> bool:
    """Whether its texts can be written; JSON can name halves of characters."""
    try:
        json.dumps(facts, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(code: str, message: str, help: str) -> NoReturn:
    raise CaseError([Problem("case", code, message, help)]) from None
