"""A condition on a fact, as a pack's files write it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator

from dispute_rules.errors import quote
from dispute_rules.pack.kinds import Name, label_of
from dispute_rules.validation import refused


@dataclass(frozen=True, slots=True)
class Condition:
    """Labels, or all others; or for a number the range that begins `at_least` here and ends `below` there."""

    labels: tuple[str, ...] = ()
    negated: bool = False
    at_least: Decimal | None = None
    below: Decimal | None = None

    @property
    def is_range(self) -> bool:
        """Whether it is about a number."""
        return self.at_least is not None or self.below is not None

    def holds(self, label: str) -> bool:
        """Whether it is met by a label, where it is not about a number."""
        return (label in self.labels) is not self.negated


_CONDITION_HELP = "a label, a list of labels, {not: ...}, or for a number {at_least: 3, below: 10}"


def _condition(value: object) -> Condition:
    if isinstance(value, dict) and value and value.keys() <= {"at_least", "below"}:
        return _range(value)
    negated = isinstance(value, dict) and value.keys() == {"not"}
    inner = value["not"] if isinstance(value, dict) and negated else value
    labels = [label_of(item) for item in (inner if isinstance(inner, list) else [inner])]
    if not labels or not all(isinstance(label, str) and label for label in labels):
        raise refused("bad-condition", f"{quote(value)} is not a condition", _CONDITION_HELP)
    names = tuple(str(label) for label in labels)
    if len(set(names)) < len(names):
        raise refused("bad-condition", "a label stands twice in one condition", "keep one")
    return Condition(names, negated)


def _range(value: dict[str, Any]) -> Condition:
    bounds = {name: Decimal(bound) for name, bound in value.items() if type(bound) in (int, Decimal)}
    if len(bounds) < len(value) or not all(bound.is_finite() for bound in bounds.values()):
        raise refused("bad-condition", "a threshold is not a number", _CONDITION_HELP)
    if len(bounds) == 2 and bounds["at_least"] >= bounds["below"]:
        raise refused("bad-condition", "no number is in this range", "`at_least` is less than `below`")
    return Condition(at_least=bounds.get("at_least"), below=bounds.get("below"))


When = dict[Name, Annotated[Condition, PlainValidator(_condition)]]
