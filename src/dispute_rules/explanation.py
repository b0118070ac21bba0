"""Why an advice comes out as it does, and why nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dispute_rules.advice import Labels, PackInfo, SourceInfo
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.phrases import ENGLISH, Phrases
from dispute_rules.vocabulary import Ground

_SAYS_LITTLE = ("none", "true", "false")  # labels of many outputs, which nobody means by a word that is like them
Value = bool | int | str | tuple[str, ...]
"""A fact as a case takes it in JSON."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


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

    def text(self, phrases: Phrases = ENGLISH) -> str:
        """For a person, in plain text; `pack.phrases` has the words between those of the pack in its language."""
        return "\n".join(_told(self, phrases))


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

    def text(self, phrases: Phrases = ENGLISH) -> str:
        """For a person, in plain text, with the sources at the end.

        `pack.phrases` has the words between those of the pack in its language.
        """
        return "\n".join(_Text(phrases).of(self))


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
    if output == "ground" or (output is None and label in [*Ground]):
        help = "what happened, happened; where several grounds are true, compare them"
        return Problem("why_not", "unknown-label", f"{quote(label)} is a ground and no outcome", help)
    if output not in (None, *outputs):
        return Problem(
            "why_not", "unknown-output", f"there is no output {quote(output)}", did_you_mean(output, outputs)
        )
    labels = {name: [entry.label for entry in explanation.others if entry.output == name] for name in outputs}
    known = labels[output] if output else [each for name in outputs for each in labels[name]]
    near = did_you_mean(label, [each for each in known if each not in _SAYS_LITTLE])
    if output is None and label in [*outputs]:
        near = did_you_mean("", [f"{label}={each}" for each in labels[str(label)]])
    elif not near.startswith("did"):
        near = did_you_mean("", labels[output]) if output else _some(labels, explanation.outcome)
    what = f"of {quote(output)}" if output else "of any output"
    return Problem("why_not", "unknown-label", f"{quote(label)} is not a label {what}", near)


def _some(labels: Mapping[str, Iterable[str]], outcome: Iterable[str]) -> str:
    """The labels of the outcome, and how to ask for those of other outputs, which are many."""
    named = did_you_mean("", dict.fromkeys(each for name in outcome for each in labels.get(name, ())))
    others = [name for name in labels if name not in outcome]
    return f"{named}; or `OUTPUT=LABEL`, OUTPUT being {did_you_mean('', others)}" if others else named


class _Text:
    """Writes an explanation, and numbers what is cited."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._say = phrases.say
        self._cited: dict[SourceInfo, int] = {}

    def of(self, explanation: Explanation) -> Iterator[str]:
        yield ": ".join(filter(None, (explanation.pack.title, "; ".join(explanation.words.values()))))
        if explanation.facts:
            yield f"  {self._say('why.enough')}"
        yield from (f"    {fact.question} {fact.words}" for fact in explanation.facts)
        for step in explanation.steps:
            yield ""
            yield from self._step(step)
        if self._cited:
            yield from ("", self._say("advice.sources"), *self._sources())

    def _step(self, step: Step) -> Iterator[str]:
        yield f"{step.question} {'; '.join(step.words.values())}"
        yield f"  {self._say('why.because', reason=step.because)} {self._cite(step.sources)}".rstrip()
        yield f"  {self._say('why.rule', rule=step.rule, basis=self._say(f'basis.{step.basis}'))}"
        if step.contradicted_by:
            yield f"  {self._say('source.contradicts', sources=self._cite(step.contradicted_by))}"
        if step.facts:
            yield f"  {self._say('why.rests_on')}"
        yield from (f"    {_seen(fact, 'why.decided', self._phrases)}" for fact in step.facts)
        for used in step.parameters:
            number = self._phrases.days(used.value, used.unit)
            told = self._say("why.counted", title=used.title, number=number, since=used.since)
            yield f"    {told} {self._cite(used.sources)}"

    def _cite(self, sources: tuple[SourceInfo, ...]) -> str:
        return " ".join(f"[{self._cited.setdefault(source, len(self._cited) + 1)}]" for source in sources)

    def _sources(self) -> Iterator[str]:
        for source, number in self._cited.items():
            yield f"  [{number}] {self._phrases.source(source.title, source.dated, source.confidence)}"
            yield f"    {source.url}"


def _seen(fact: SeenFact, decided: str, phrases: Phrases) -> str:
    return f"{fact.question} {fact.words} ({_origin(fact, decided, phrases)})"


def _origin(fact: SeenFact, decided: str, phrases: Phrases) -> str:
    if fact.origin == "given":
        return phrases.say("why.today" if fact.rests_on == ("today",) else "why.said")
    if fact.origin == "assumed":
        return phrases.say("why.assumed", reason=(fact.because or "").rstrip("."))
    return phrases.say(decided, decision=fact.decision)


def _told(entry: WhyNot, phrases: Phrases) -> Iterator[str]:
    heading = "why_not.came_out" if entry.came_out else "why_not.heading"
    yield phrases.say(heading, words=entry.words, output=entry.output, label=entry.label)
    if not entry.came_out:
        yield f"  {entry.question} {'; '.join(entry.instead_words.values())}".rstrip()
    for rule in entry.decided_by:
        yield f"  {phrases.say('why_not.by', title=rule.title, reason=rule.because)}"
    if not entry.decided_by and not entry.nearest:
        yield f"  {phrases.say('why_not.no_rule')}"
    for near in entry.nearest:
        yield from _near(near, phrases)
    if any(near.failed for near in entry.nearest):
        yield f"  {phrases.say('why_not.only_true')}"


def _near(near: NearRule, phrases: Phrases) -> Iterator[str]:
    yield f"  {phrases.say('why_not.would_be', title=near.title, reason=near.because)}"
    if not near.failed:
        yield f"    {phrases.say('why_not.all_hold')}"
    for failed in near.failed:
        seen = _seen(failed, "why_not.decided_in", phrases)
        yield f"    {phrases.say('why_not.needed', fact=seen, needed=failed.needed_words)}"
    for other in near.overridden_by:
        yield f"    {phrases.say('why_not.goes_before', title=other.title, reason=other.because)}"
