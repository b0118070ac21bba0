"""How `pack.yaml` describes what is worked out from a case: days, amounts, and comparisons of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dispute_rules.pack.kinds import Citations, Entry, Label, Name, Names, OneOrTwo
from dispute_rules.validation import refused


class Span(Entry):
    """Days counted from a fact or from another date."""

    after: Names = Field(description="A date fact, `today` or an earlier entry of `dates`; in a list the first known.")
    days: OneOrTwo | None = Field(None, description="The parameter that is added, or two for a range.")


class DateSpec(Entry):
    """A day that follows from the case: give `first_day` or `last_day`."""

    first_day: Span | None = Field(None, description="The first day on which something can be done.")
    last_day: Span | None = Field(None, description="The last day on which something can be done.")

    @property
    def span(self) -> Span:
        """How the day is counted."""
        return self.first_day or self.last_day or Span(after=("today",))

    @model_validator(mode="after")
    def _exactly_one(self) -> DateSpec:
        if (self.first_day is None) == (self.last_day is None):
            raise refused("bad-date-entry", "neither or both of `first_day` and `last_day`", "give exactly one")
        return self


class Part(Entry):
    """A share of an amount."""

    of: Name = Field(description="The amount.")
    times: Name = Field(description="The number that it is multiplied by.")
    per: Name = Field(description="The number that it is divided by.")


class AmountSpec(Entry):
    """A sum of money that follows from the case: give one of `sum`, `part`, `first` and `least`."""

    sum: Names | None = Field(None, description="These amounts added.")
    part: Part | None = Field(None, description="A share of one.")
    first: Names | None = Field(None, description="The first of these that is known.")
    least: Names | None = Field(None, description="The smallest of these that are known.")
    source: Citations = Field((), description="Who says so.")

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
            raise refused("bad-amount-entry", message, "give exactly one")
        return self


Side = Literal["below", "at_least", "at_most", "above"]


class ComparisonSpec(Entry):
    """Two numbers or amounts, as one of two labels."""

    compare: Name = Field(description="An amount, a count or an entry of `dates`.")
    with_: Name = Field(alias="with", description="What it is compared with, of the same kind.")
    labels: Annotated[dict[Side, Label], Field(min_length=2, max_length=2)] = Field(
        description="{below: a, at_least: b} or {at_most: a, above: b}."
    )

    @model_validator(mode="after")
    def _both_sides(self) -> ComparisonSpec:
        if self.labels.keys() not in ({"below", "at_least"}, {"at_most", "above"}) or len({*self.labels.values()}) < 2:
            help = "{below: a, at_least: b} or {at_most: a, above: b}, with two different labels"
            raise refused("bad-comparison", "the labels do not split the numbers in two", help)
        return self
