"""What may stand in a pack's three kinds of files: `pack.yaml`, `decision.yaml` and a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from dispute_rules.pack.conditions import When
from dispute_rules.pack.kinds import (
    Basis,
    BestFirst,
    Citations,
    Entry,
    FileName,
    Label,
    Language,
    Link,
    Name,
    Names,
    Policy,
    Text,
    Words,
    label_of,
)
from dispute_rules.pack.specs import AmountSpec, ComparisonSpec, DateSpec
from dispute_rules.phrases import filled
from dispute_rules.validation import refused
from dispute_rules.values import Day
from dispute_rules.vocabulary import Party

_MOST = 300  # entries of a section: what is known of a case is walked fact by fact


class Source(Entry):
    """Something that can be cited."""

    title: Text = Field(description="What it is called.")
    by: Text = Field(description="Who says it.")
    url: Link = Field(description="Where it can be read.")
    dated: Text | None = Field(None, description="The date printed in it; text, as `about 2015`, if it is not exact.")
    confidence: Literal["high", "medium", "low"] = Field(
        description="`high`: official text, or several independent sources. `medium`: one good secondary source. "
        "`low`: weak or undated."
    )


class ParameterValue(Entry):
    """A value from a day on, until the next one."""

    from_: Day = Field(alias="from", description="The first day on which it counts.")
    value: Annotated[int, Field(strict=True, ge=0, le=100_000)] = Field(description="How many days.")
    source: Annotated[Citations, Field(min_length=1)] = Field(description="Who says so.")


class Parameter(Entry):
    """A number of days that may change."""

    title: Text = Field(description="What it counts.")
    unit: Literal["days", "business_days"] = Field("days", description="`business_days` are Monday to Friday.")
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=1)] = Field(description="Its values, oldest first.")


class FactWords(Entry):
    """The words for a fact; with `kind` it is the pack's own."""

    kind: Literal["label", "yes_no", "number", "date", "amount"] | None = Field(
        None, description="What its values are; only for a fact of the pack's own."
    )
    question: Text | None = Field(None, description="How a person is asked for it.")
    labels: Words = Field({}, description="Its labels, with the words that a person reads.")


_NAMED = "Only needed where another entry is about the same: it tells the keys of their texts apart."


class Assumption(Entry):
    """What is taken for a fact when it is unknown."""

    fact: Name
    value: Any
    name: FileName | None = Field(None, description=_NAMED)
    when: When = Field({}, description="Only where this holds.")
    given: Name | None = Field(None, description="Only where this fact of the case is known.")
    because: Text = Field(description="Why this is taken, one plain sentence.")

    @property
    def key(self) -> str:
        """What its texts are known by, wherever it stands."""
        return f"assume.{self.fact}.{self.name or self.value}"

    @model_validator(mode="before")
    @classmethod
    def _name_the_fact(cls, entry: Any) -> Any:
        if not isinstance(entry, dict):
            return entry
        facts = [key for key in entry if key not in ("name", "when", "given", "because")]
        if len(facts) != 1:
            raise refused("bad-assumption", f"{len(facts)} facts in one assumption", "name exactly one fact")
        rest = {key: value for key, value in entry.items() if key != facts[0]}
        return rest | {"fact": facts[0], "value": label_of(entry[facts[0]])}


class Impossible(Entry):
    """What cannot be true together."""

    name: FileName | None = Field(None, description=_NAMED)
    when: Annotated[When, Field(min_length=1)] = Field(description="What does not go together.")
    given: Name | None = Field(None, description="Only where this fact of the case is known.")
    because: Text = Field(description="Why it cannot be.")
    help: Text = Field(description="What to do about it.")

    @property
    def key(self) -> str:
        """What its texts are known by, wherever it stands: its name, or the facts that it is about."""
        facts = {*self.when, *([self.given] if self.given else [])}
        return f"impossible.{self.name or '+'.join(sorted(facts))}"


class EventFile(Entry):
    """Something that can happen in a dispute, and what it changes about the case."""

    title: Text = Field(description="What happened, in a few words.")
    by: Party = Field(description="Whose step it is.")
    stages: Names = Field(description="The stages of the dispute in which it can happen.")
    when: When = Field({}, description="It can only happen where these facts, if they are known, have these labels.")
    after: tuple[Name, ...] = Field((), description="It can only happen where earlier events have told these facts.")
    before: tuple[Name, ...] = Field((), description="It can no more happen once events have told these facts.")
    not_before: Name | None = Field(None, description="The entry of `dates` on whose first day it can happen soonest.")
    day: Name | None = Field(None, description="The date fact that its day becomes.")
    sets: dict[Name, Label] = Field({}, description="The labels that facts have from then on, `stage` among them.")
    needs: tuple[Name, ...] = Field((), description="The facts that must be told with it.")
    tells: tuple[Name, ...] = Field((), description="The facts that may be told with it.")
    forgets: tuple[Name, ...] = Field((), description="The facts that are no longer so, unless they are told with it.")


class ChangeFile(Entry):
    """A fact that a person can honestly change."""

    how: Text = Field(description="What to do, said to the person, one plain sentence.")
    source: Citations = Field((), description="Who says that it can be done; left out only when `basis` is `inferred`.")
    basis: Basis = Field(Basis.INFERRED, description="As in a rule; `inferred` if it is left out.")


class Sentence(Entry):
    """A sentence of the dispute form. It is written where all that it tells is given, never by what is assumed."""

    when: When = Field({}, description="The facts that must be given, with their labels.")
    say: Text = Field(description="The sentence; `{price}` stands for a day, an amount or a number that must be given.")

    def written(self, values: Mapping[str, str]) -> str:
        """The sentence with values in place of its placeholders."""
        return filled(self.say, values)


class PackFile(Entry):
    """`pack.yaml`."""

    title: Text = Field(description="The system's name.")
    about: Text = Field(description="What the pack is about, one sentence.")
    language: Language | None = Field(
        None, description="The language of its texts, as a tag of BCP 47 such as `en` or `pt-BR`."
    )
    from_: Day = Field(alias="from", description="The first day for which the pack has rules.")
    sources: dict[FileName, Source] = Field({}, description="What can be cited, by the name that rules use.")
    parameters: dict[Name, Parameter] = Field({}, description="Numbers of days that may change.")
    facts: Annotated[dict[Name, FactWords], Field(max_length=_MOST)] = Field(
        {}, description="Words for the facts of a case, and the pack's own facts."
    )
    dates: Annotated[dict[Name, DateSpec], Field(max_length=_MOST)] = Field(
        {}, description="Days that follow from the case. To rules they are `ahead` or `passed`."
    )
    amounts: Annotated[dict[Name, AmountSpec], Field(max_length=_MOST)] = Field(
        {}, description="Sums of money that follow from the case."
    )
    comparisons: Annotated[dict[Name, ComparisonSpec], Field(max_length=_MOST)] = Field(
        {}, description="Amounts, counts and days as labels, so that rules can look at them."
    )
    assume: tuple[Assumption, ...] = Field(
        (), description="What is taken for an unknown fact: the first entry that applies."
    )
    impossible: tuple[Impossible, ...] = Field((), description="What cannot be: such a case is refused.")
    events: Annotated[dict[Name, EventFile], Field(max_length=_MOST)] = Field(
        {}, description="What can happen in a dispute, from stage to stage."
    )
    changes: Annotated[dict[Name, ChangeFile], Field(max_length=_MOST)] = Field(
        {}, description="The facts that a person can honestly change, never what happened."
    )
    form: Annotated[dict[FileName, Sentence], Field(max_length=_MOST)] = Field(
        {}, description="The sentences that describe a case in the dispute form, in their order."
    )
    decisions: Names = Field(description="The decisions in order: an outcome of one is a fact for the next.")


class DecisionFile(Entry):
    """`decision.yaml`."""

    question: Text = Field(description="What is decided, as a question.")
    policy: Policy = Field(
        description="`any`: all rules that apply must agree, and at least one must apply. "
        "`collect`: every rule that applies adds its `then` to a list, which may be empty."
    )
    outputs: Annotated[dict[Name, Annotated[Words, Field(min_length=1)]], Field(min_length=1)] = Field(
        description="Each output with its labels and the text that a person reads for each; `none` is no value."
    )
    better: dict[Name, BestFirst] = Field(
        {}, description="Labels of an output, the best for the person first; those in one list are not compared."
    )


class Example(Entry):
    """A case that the rule decides, or one step away a case that it does not."""

    case: dict[str, Any] | None = Field(None, description="Facts for which this rule decides.")
    near: dict[str, Any] | None = Field(None, description="Facts, one step away, for which it does not.")

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the example."""
        return self.case if self.case is not None else self.near or {}

    @model_validator(mode="after")
    def _exactly_one(self) -> Example:
        if (self.case is None) == (self.near is None):
            raise refused("bad-example", "neither or both of `case` and `near`", "give exactly one")
        return self


class RuleFile(Entry):
    """A rule."""

    title: Text = Field(description="A few words.")
    when: When = Field(
        description="Fact: condition. All must hold, `{}` always does. A condition is a label, a list of labels (any "
        "of them), `{not: label or list}`, or for numbers `{at_least: 3, below: 10}`."
    )
    then: Annotated[dict[Name, Label], Field(min_length=1)] = Field(
        description="A value for every output of the decision."
    )
    unless: tuple[FileName, ...] = Field(
        (), description="Rules of this decision, by file name. When one of them applies, this one does not."
    )
    because: Text = Field(description="The reason, one plain sentence in our own words.")
    source: Citations = Field(
        (), description="`source` or `source#anchor`, or a list; left out only when `basis` is `inferred`."
    )
    contradicts: Citations = Field((), description="Sources that say otherwise; a warning then tells the buyer.")
    basis: Basis = Field(
        description="`stated`: a source says it. `derived`: it follows from a general statement of a source. "
        "`reported`: told by secondary sources. `inferred`: our reading, the sources are silent."
    )
    from_: Day | None = Field(None, alias="from", description="The first day on which the rule is in force.")
    until: Day | None = Field(None, description="The last day on which the rule is in force.")
    examples: tuple[Example, ...] = Field(
        (),
        description="`case`: facts for which this rule decides. `near`: facts, one step away, for which it does not.",
    )
