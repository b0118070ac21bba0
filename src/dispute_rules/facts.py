"""What kinds of facts there are, and which of them every case may have."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from pydantic import create_model

from dispute_rules.case import Case
from dispute_rules.values import Amount, Count, Day, Number

YES_NO = ("true", "false")


class Kind(StrEnum):
    """What the values of a fact are."""

    LABEL = "label"
    YES_NO = "yes_no"
    NUMBER = "number"
    COUNT = "count"
    AMOUNT = "amount"
    DATE = "date"
    OTHER = "other"  # carried along, never seen by a rule: `currency`, `evidence`


# how the values of each kind are typed in a case; labels have a type of their own for each fact
TYPES: Mapping[Kind, Any] = {
    Kind.YES_NO: bool,
    Kind.NUMBER: Number,
    Kind.COUNT: Count,
    Kind.AMOUNT: Amount,
    Kind.DATE: Day,
}
# what a pack's own fact may be
OWN_KINDS = (Kind.LABEL, Kind.YES_NO, Kind.NUMBER, Kind.AMOUNT, Kind.DATE)


class Fact(NamedTuple):
    """A fact and, where a rule can look at it directly, its labels."""

    name: str
    kind: Kind
    labels: tuple[str, ...] = ()


def _standard(name: str, annotation: Any) -> Fact:
    inner = next((part for part in get_args(annotation) if part is not type(None)), annotation)
    if isinstance(inner, type) and issubclass(inner, Enum):
        return Fact(name, Kind.LABEL, tuple(str(member.value) for member in inner))
    kind = next((kind for kind, typed in TYPES.items() if typed == inner), Kind.OTHER)
    return Fact(name, kind, YES_NO if kind is Kind.YES_NO else ())


STANDARD: Mapping[str, Fact] = MappingProxyType(
    {name: _standard(name, field.annotation) for name, field in Case.model_fields.items()}
)


def case_type(own: Mapping[str, Fact]) -> type[Case]:
    """`Case` with a pack's own facts beside the standard ones."""
    if not own:
        return Case
    fields: dict[str, Any] = {}
    for fact in own.values():
        typed = Literal[fact.labels] if fact.kind is Kind.LABEL else TYPES[fact.kind]
        fields[fact.name] = (typed | None, None)
    return create_model("Case", __base__=Case, __doc__=Case.__doc__, **fields)
