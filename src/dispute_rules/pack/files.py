"""What may stand in a pack's three kinds of files: `pack.yaml`, `decision.yaml` and a rule."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from dispute_rules.case import Day
from dispute_rules.errors import quote
from dispute_rules.validation import NAME_HELP

_LONGEST_TEXT = 1000
_MOST = 300  # entries of a section: what is known of a case is walked fact by fact
_FILE_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_CITATION = r"^[a-z0-9-]+(#[A-Za-z0-9_.:-]+)?$"
_LINK = r"^https?://[^\s]+$"
NAME_HELP.update(
    {
        _FILE_NAME: "small letters and digits, with `-` between words",
        _CITATION: "the name of a source, as in `source` or `source#anchor`",
        _LINK: "a link that begins with https:// or http://",
    }
)


def refuse(code: str, message: str, help: str) -> PydanticCustomError:
    """An error of our own that carries its words with it."""
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


def _label(value: object) -> object:
    """A yes/no label may be written as YAML's `true` and `false`."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(strict=True, min_length=1, max_length=_LONGEST_TEXT)]
Name = Annotated[str, Field(strict=True, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
FileName = Annotated[str, Field(strict=True, max_length=64, pattern=_FILE_NAME)]
Label = Annotated[str, BeforeValidator(_label), Field(strict=True, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Citation = Annotated[str, Field(strict=True, max_length=200, pattern=_CITATION)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_one_or_more), Field(min_length=1)]
Citations = Annotated[tuple[Citation, ...], BeforeValidator(_one_or_more)]
Words = dict[Label, Text]


class Policy(StrEnum):
    """How the rules of a decision combine, in DMN's terms."""

    ANY = "any"
    COLLECT = "collect"


class Basis(StrEnum):
    """How firmly a rule stands on its sources."""

    STATED = "stated"
    DERIVED = "derived"
    REPORTED = "reported"
    INFERRED = "inferred"


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


_CONDITION_HELP = "a label, a list of labels, {not: ...}, or for a number {at_least: 3, below: 10}"


def _condition(value: object) -> Condition:
    if isinstance(value, dict) and value and value.keys() <= {"at_least", "below"}:
        return _range(value)
    negated = isinstance(value, dict) and value.keys() == {"not"}
    inner = value["not"] if isinstance(value, dict) and negated else value
    labels = [_label(item) for item in (inner if isinstance(inner, list) else [inner])]
    if not labels or not all(isinstance(label, str) and label for label in labels):
        raise refuse("bad-condition", f"{quote(value)} is not a condition", _CONDITION_HELP)
    names = tuple(str(label) for label in labels)
    if len(set(names)) < len(names):
        raise refuse("bad-condition", "a label stands twice in one condition", "keep one")
    return Condition(names, negated)


def _range(value: dict[str, Any]) -> Condition:
    bounds = {name: Decimal(bound) for name, bound in value.items() if type(bound) in (int, Decimal)}
    if len(bounds) < len(value) or not all(bound.is_finite() for bound in bounds.values()):
        raise refuse("bad-condition", "a threshold is not a number", _CONDITION_HELP)
    if len(bounds) == 2 and bounds["at_least"] >= bounds["below"]:
        raise refuse("bad-condition", "no number is in this range", "`at_least` is less than `below`")
    return Condition(at_least=bounds.get("at_least"), below=bounds.get("below"))


When = dict[Name, Annotated[Condition, PlainValidator(_condition)]]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Source(_File):
    """Something that can be cited."""

    title: Text
    by: Text
    url: Annotated[str, Field(strict=True, max_length=500, pattern=_LINK)]
    dated: Text | None = None
    confidence: Literal["high", "medium", "low"]


class ParameterValue(_File):
    """A value from a day on, until the next one."""

    from_: Day = Field(alias="from")
    value: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    source: Annotated[Citations, Field(min_length=1)]


class Parameter(_File):
    """A number of days that may change."""

    title: Text
    unit: Literal["days", "business_days"] = "days"
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=1)]


class FactWords(_File):
    """The words for a fact; with `kind` it is the pack's own."""

    kind: Literal["label", "yes_no", "number", "date", "amount"] | None = None
    question: Text | None = None
    labels: Words = {}


class Span(_File):
    """Days counted from a fact or from another date."""

    after: Names
    days: Annotated[Names, Field(max_length=2)] | None = None


class DateSpec(_File):
    """A day that follows from the case."""

    first_day: Span | None = None
    last_day: Span | None = None

    @property
    def span(self) -> Span:
        """How the day is counted."""
        return self.first_day or self.last_day or Span(after=("today",))

    @model_validator(mode="after")
    def _exactly_one(self) -> DateSpec:
        if (self.first_day is None) == (self.last_day is None):
            raise refuse("bad-date-entry", "neither or both of `first_day` and `last_day`", "give exactly one")
        return self


class Part(_File):
    """A share of an amount."""

    of: Name
    times: Name
    per: Name


class AmountSpec(_File):
    """A sum of money that follows from the case."""

    sum: Names | None = None
    part: Part | None = None
    first: Names | None = None
    least: Names | None = None
    source: Citations = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """What it is made of."""
        return (
            self.sum
            or self.first
            or self.least
            or ((self.part.of, self.part.times, self.part.per) if self.part else ())
        )

    @model_validator(mode="after")
    def _exactly_one(self) -> AmountSpec:
        if sum(form is not None for form in (self.sum, self.part, self.first, self.least)) != 1:
            message = "not exactly one of `sum`, `part`, `first` and `least`"
            raise refuse("bad-amount-entry", message, "give exactly one")
        return self


Side = Literal["below", "at_least", "at_most", "above"]


class ComparisonSpec(_File):
    """Two numbers or amounts, as one of two labels."""

    compare: Name
    with_: Name = Field(alias="with")
    labels: Annotated[dict[Side, Label], Field(min_length=2, max_length=2)]

    @model_validator(mode="after")
    def _both_sides(self) -> ComparisonSpec:
        if self.labels.keys() not in ({"below", "at_least"}, {"at_most", "above"}) or len({*self.labels.values()}) < 2:
            help = "{below: a, at_least: b} or {at_most: a, above: b}, with two different labels"
            raise refuse("bad-comparison", "the labels do not split the numbers in two", help)
        return self


class Assumption(_File):
    """What is taken for a fact when it is unknown."""

    fact: Name
    value: Any
    when: When = {}
    given: Name | None = None
    because: Text

    @model_validator(mode="before")
    @classmethod
    def _name_the_fact(cls, entry: Any) -> Any:
        if not isinstance(entry, dict):
            return entry
        facts = [key for key in entry if key not in ("when", "given", "because")]
        if len(facts) != 1:
            raise refuse("bad-assumption", f"{len(facts)} facts in one assumption", "name exactly one fact")
        rest = {key: value for key, value in entry.items() if key != facts[0]}
        return rest | {"fact": facts[0], "value": _label(entry[facts[0]])}


class Impossible(_File):
    """What cannot be true together."""

    when: Annotated[When, Field(min_length=1)]
    given: Name | None = None
    because: Text
    help: Text


class PackFile(_File):
    """`pack.yaml`."""

    title: Text
    about: Text
    from_: Day = Field(alias="from")
    sources: dict[FileName, Source] = {}
    parameters: dict[Name, Parameter] = {}
    facts: Annotated[dict[Name, FactWords], Field(max_length=_MOST)] = {}
    dates: Annotated[dict[Name, DateSpec], Field(max_length=_MOST)] = {}
    amounts: Annotated[dict[Name, AmountSpec], Field(max_length=_MOST)] = {}
    comparisons: Annotated[dict[Name, ComparisonSpec], Field(max_length=_MOST)] = {}
    assume: tuple[Assumption, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    decisions: Names


class DecisionFile(_File):
    """`decision.yaml`."""

    question: Text
    policy: Policy
    outputs: Annotated[dict[Name, Annotated[Words, Field(min_length=1)]], Field(min_length=1)]


class Example(_File):
    """A case that the rule decides, or one step away a case that it does not."""

    case: dict[str, Any] | None = None
    near: dict[str, Any] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the example."""
        return self.case if self.case is not None else self.near or {}

    @model_validator(mode="after")
    def _exactly_one(self) -> Example:
        if (self.case is None) == (self.near is None):
            raise refuse("bad-example", "neither or both of `case` and `near`", "give exactly one")
        return self


class RuleFile(_File):
    """A rule."""

    title: Text
    when: When
    then: Annotated[dict[Name, Label], Field(min_length=1)]
    unless: tuple[FileName, ...] = ()
    because: Text
    source: Citations = ()
    contradicts: Citations = ()
    basis: Basis
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    examples: tuple[Example, ...] = ()
