"""What pydantic found wrong, in our own words: stable codes, the user's words, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from dispute_rules.errors import Problem, did_you_mean, quote

Location = tuple[int | str, ...]
What = Literal["fact", "key"]

_WRONG_TYPE = {
    "bool": "true or false",
    "int": "a whole number",
    "decimal": "an amount such as 24.90, or 24.90 EUR with its currency",
    "string": "a piece of text; put it in quotes if it looks like something else",
    "list": "a list",
    "tuple": "a list",
    "frozen": "a list of names",
    "dict": "names with values",
    "mapping": "names with values",
    "model": "names with values",
    "finite": "an amount such as 24.90",
    "date": "a day such as 2026-03-31",
}


NAME_HELP: dict[str, str] = {}
"""How a name is to be written, by its pattern; those who have patterns of their own add to it."""


def refused(code: str, message: str, help: str) -> PydanticCustomError:
    """The error by which a validator refuses a value, with its stable code and what to do."""
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


def problems_of(
    error: ValidationError,
    *,
    place: Callable[[ErrorDetails], str],
    known: Callable[[Location], Iterable[str]],
    what: What,
) -> list[Problem]:
    """Each of pydantic's errors as a `Problem`; `what` is what the input's keys are called."""
    details = error.errors(include_url=False)
    holders = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    # a list whose entries cannot be read is not too short for that: it is told for each entry
    told = [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in holders]
    return [_explain(place(detail), detail, known, what) for detail in told]


def _explain(place: str, detail: ErrorDetails, known: Callable[[Location], Iterable[str]], what: What) -> Problem:
    named = [step for step in detail["loc"] if isinstance(step, str)] or [what]
    kind, given, name = detail["type"], detail.get("input"), quote(named[-1])
    context: Mapping[str, Any] = detail.get("ctx") or {}
    if "help" in context:  # one of our own checks: it carries its words with it
        return Problem(place, detail["type"], detail["msg"], context["help"])
    if kind == "missing":
        help = f"give `{detail['loc'][-1]}`"
        return Problem(
            place, "missing-fact" if what == "fact" else "missing-key", f"the {what} {name} is missing", help
        )
    if kind == "extra_forbidden":
        help = did_you_mean(detail["loc"][-1], known(detail["loc"]))
        return Problem(place, "unknown-fact" if what == "fact" else "unknown-key", f"there is no {what} {name}", help)
    if kind in ("enum", "literal_error"):
        options = re.findall(r"'([^']*)'", str(context["expected"]))
        help = did_you_mean(given, options)
        return Problem(place, "unknown-label", f"{quote(given)} is not a value of {name}", help)
    if wanted := _WRONG_TYPE.get(kind.split("_")[0]) if kind.endswith(("_type", "_parsing", "_number")) else None:
        return Problem(place, "wrong-type", f"{quote(given)} cannot be read as {name}", f"give {wanted}")
    help = _limits(kind, context) or detail["msg"]
    return Problem(place, "out-of-range", f"{quote(given)} is not possible for {name}", help)


def _limits(kind: str, context: Mapping[str, Any]) -> str:
    words = {
        "greater_than_equal": "give at least {ge}",
        "less_than_equal": "give at most {le}",
        "decimal_max_digits": "give at most {max_digits} digits; text such as '24.90' keeps an amount exact",
        "decimal_max_places": "give at most {decimal_places} decimals; text such as '24.90' keeps an amount exact",
        "decimal_whole_digits": "give at most {whole_digits} digits before the point",
        "int_parsing_size": "give a smaller number",
        "string_too_long": "give at most {max_length} characters",
        "string_too_short": "give at least one character",
        "too_long": "give at most {max_length} of them",
        "too_short": "give at least {min_length} of them",
    }
    if kind == "string_pattern_mismatch":
        return NAME_HELP.get(context["pattern"], "small letters, digits and `_` only, a letter first")
    return words.get(kind, "").format(**context)
