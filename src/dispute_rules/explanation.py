"""Why an advice comes out as it does, and why nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dispute_rules import english
from dispute_rules.advice import Labels, PackInfo, SourceInfo
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote

Value = bool | int | str | tuple[str, ...]
"""A fact as a case takes it in JSON."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GivenFact(_Part):
    """A fact of the case, as it was given and in words."""

    fact: str
    value: Value
    question: str
    words: str


class SeenFact(_Part):
    """A fact as the rules saw it, and where that comes from."""

    fact: str
    label: str
    question: str
    words: str = Field(description="What the label means.")
    origin: Literal["given", "assumed", "decided"] = Field(
        description="`given`: the case tells it. `assumed`: something was taken for granted. `decided`: rules said it."
    )
    because: str | None = Field(None, description="Why that was taken for granted.")
    decision: str | None = Field(None, description="The decision that it rests on, if there is one.")
    rests_on: tuple[str, ...] = Field((), description="The facts of the case that tell it.")


class MatteringFact(SeenFact):
    """A fact that a rule rests on: one of its conditions, or what keeps off rules that would override it."""

    keeps_off: tuple[str, ...] = ()


class FailedCondition(SeenFact):
    """A fact that a rule does not accept, and the labels that it would."""

    needed: tuple[str, ...]
    needed_words: str


class ParameterUsed(_Part):
    """A number that days were counted by, and from which day on it has been the one in force."""

    name: str
    title: str
    value: int
    unit: Literal["days", "business_days"]
    since: date
    sources: tuple[SourceInfo, ...]


class Step(_Part):
    """A rule that decided, what it said, and what that rests on."""

    decision: str
    question: str
    rule: str
    title: str
    because: str
    basis: Literal["stated", "derived", "reported", "inferred"]
    sources: tuple[SourceInfo, ...]
    contradicted_by: tuple[SourceInfo, ...]
    outcome: Labels
    words: Labels
    facts: tuple[MatteringFact, ...]
    parameters: tuple[ParameterUsed, ...]


class OtherRule(_Part):
    """A rule that goes before another one."""

    rule: str
    title: str
    because: str


class NearRule(OtherRule):
    """A rule that did not apply: the conditions that failed, and the rules that apply now and would override it."""

    failed: tuple[FailedCondition, ...]
    overridden_by: tuple[OtherRule, ...]


class WhyNot(_Part):
    """A label of an output: the rules that said so, or else those that were nearest to it, the nearest first."""

    decision: str
    question: str
    output: str
    label: str
    words: str
    came_out: bool
    instead: Labels = Field(description="What the decision said, by output; empty where it collects.")
    instead_words: Labels
    decided_by: tuple[OtherRule, ...]
    nearest: tuple[NearRule, ...]

    def text(self) -> str:
        """For a person, in plain text."""
        return "\n".join(_told(self))


class Explanation(_Part):
    """Why a case comes out as it does. Frozen; JSON both ways like `Advice`."""

    pack: PackInfo
    today: date = Field(description="The day on which the case was looked at.")
    outcome: Labels = Field(description="Claim, extent and verdict; in a pack without them what it decides last.")
    words: Labels
    facts: tuple[GivenFact, ...] = Field(
        description="With these alone, on the same day, the outcome is the same; none of them can be left out."
    )
    steps: tuple[Step, ...] = Field(description="The rules that led there, in the order in which they decided.")
    others: tuple[WhyNot, ...] = Field(description="Every label that an output may have.")

    def why_not(self, label: str | None = None, /, **output: str) -> WhyNot:
        """What stands in the way of another outcome: `why_not("full_refund")`, `why_not(verdict="none")`.

        Raises:
            CaseError: no output has that label; or several have, and it is not said which is meant.
        """
        asked = [*([_split(label)] if label is not None or not output else []), *output.items()]
        found = [entry for name, said in asked for entry in self.others if _is(entry, name, said)]
        if len(asked) == len(found) == 1:
            return found[0]
        raise CaseError([_several(asked, found) if found or len(asked) > 1 else _strange(*asked[0], self)])

    def text(self) -> str:
        """For a person, in plain text; the sources stand at the end."""
        return "\n".join(_Text().of(self))


def _split(label: object) -> tuple[str | None, object]:
    """`verdict=none` says which output is meant."""
    output, equals, said = label.partition("=") if isinstance(label, str) else ("", "", "")
    return (output, said) if equals else (None, label)


def _is(entry: WhyNot, output: str | None, label: object) -> bool:
    return entry.label == label and output in (None, entry.output)


def _several(asked: list[tuple[str | None, object]], found: list[WhyNot]) -> Problem:
    if len(asked) > 1:
        return Problem("why_not", "ambiguous-label", f"{len(asked)} labels at once", "ask for one of them")
    help = "say which: " + ", ".join(f"`{entry.output}={entry.label}`" for entry in found)
    return Problem("why_not", "ambiguous-label", f"several outputs have the label {quote(found[0].label)}", help)


def _strange(output: str | None, label: object, explanation: Explanation) -> Problem:
    outputs = dict.fromkeys(entry.output for entry in explanation.others)
    if output not in (None, *outputs):
        return Problem(
            "why_not", "unknown-output", f"there is no output {quote(output)}", did_you_mean(output, outputs)
        )
    labels = {name: [entry.label for entry in explanation.others if entry.output == name] for name in outputs}
    known = labels[output] if output else [each for name in outputs for each in labels[name]]
    near = did_you_mean(label, known)
    if output is None and not near.startswith("did"):  # not all of them
        near = did_you_mean("", dict.fromkeys(each for name in explanation.outcome for each in labels.get(name, ())))
    what = f"of {quote(output)}" if output else "of any output"
    return Problem("why_not", "unknown-label", f"{quote(label)} is not a label {what}", near)


class _Text:
    """Writes an explanation, and numbers what is cited."""

    def __init__(self) -> None:
        self._cited: dict[SourceInfo, int] = {}

    def of(self, explanation: Explanation) -> Iterator[str]:
        yield ": ".join(filter(None, (explanation.pack.title, "; ".join(explanation.words.values()))))
        if explanation.facts:
            yield f"  {english.ENOUGH}:"
        yield from (f"    {fact.question} {fact.words}" for fact in explanation.facts)
        for step in explanation.steps:
            yield ""
            yield from self._step(step)
        if self._cited:
            yield from ("", english.SOURCES, *self._sources())

    def _step(self, step: Step) -> Iterator[str]:
        yield f"{step.question} {'; '.join(step.words.values())}"
        yield f"  {english.BECAUSE.format(reason=step.because)} {self._cite(step.sources)}".rstrip()
        yield f"  {english.RULE.format(rule=step.rule, basis=english.BASIS[step.basis])}"
        if step.contradicted_by:
            yield f"  {english.CONTRADICTED.format(sources=self._cite(step.contradicted_by))}"
        if step.facts:
            yield f"  {english.RESTS_ON}:"
        yield from (f"    {_seen(fact, english.DECIDED)}" for fact in step.facts)
        for used in step.parameters:
            number = english.days(used.value, used.unit)
            told = english.COUNTED_BY.format(title=used.title, number=number, since=used.since)
            yield f"    {told} {self._cite(used.sources)}"

    def _cite(self, sources: tuple[SourceInfo, ...]) -> str:
        return " ".join(f"[{self._cited.setdefault(source, len(self._cited) + 1)}]" for source in sources)

    def _sources(self) -> Iterator[str]:
        for source, number in self._cited.items():
            dated = f"{source.dated}, " if source.dated else ""
            told = english.SOURCE.format(title=source.title, dated=dated, confidence=source.confidence)
            yield f"  [{number}] {told}"
            yield f"    {source.url}"


def _seen(fact: SeenFact, decided: str) -> str:
    return f"{fact.question} {fact.words} ({_origin(fact, decided)})"


def _origin(fact: SeenFact, decided: str) -> str:
    if fact.origin == "given":
        return english.TODAY if fact.rests_on == ("today",) else english.YOU_SAID
    if fact.origin == "assumed":
        return english.ASSUMED.format(reason=(fact.because or "").rstrip("."))
    return decided.format(decision=fact.decision)


def _told(entry: WhyNot) -> Iterator[str]:
    heading = english.CAME_OUT if entry.came_out else english.WHY_NOT
    yield heading.format(words=entry.words, output=entry.output, label=entry.label)
    if not entry.came_out:
        yield f"  {entry.question} {'; '.join(entry.instead_words.values())}".rstrip()
    for rule in entry.decided_by:
        yield f"  {english.BY.format(title=rule.title, reason=rule.because)}"
    if not entry.decided_by and not entry.nearest:
        yield f"  {english.NO_RULE}"
    for near in entry.nearest:
        yield from _near(near)


def _near(near: NearRule) -> Iterator[str]:
    yield f"  {english.WOULD_BE.format(title=near.title, reason=near.because)}"
    if not near.failed:
        yield f"    {english.ALL_HOLD}"
    for failed in near.failed:
        seen = _seen(failed, english.DECIDED_IN)
        yield f"    {english.WOULD_HAVE_TO_BE.format(fact=seen, needed=failed.needed_words)}"
    for other in near.overridden_by:
        yield f"    {english.GOES_BEFORE.format(title=other.title, reason=other.because)}"
