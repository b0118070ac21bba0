"""What the examples of a pack reach: which rules decide, which conditions are missed alone, which labels are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.suggestions import Suggestions
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.engine.decide import applying
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.pack.written import Pack


@dataclass(slots=True)
class Covered:
    """What the examples reach of one rule; None where no case was found that could."""

    rule: str  # its path
    place: str
    cases: int  # examples of its own that it decides
    nears: int  # examples of its own that it does not decide
    decides: int = 0  # in so many examples of the whole pack
    overridden: int = 0  # matches in so many, but others override it
    missed: dict[str, bool | None] = field(default_factory=dict)
    """For each condition, whether a near misses it alone; None if no case can."""
    met: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    """For each label that it accepts, whether it decides with that label."""

    @property
    def gaps(self) -> Iterator[str]:
        """What no example reaches, each in a few words."""
        if not self.decides:
            yield "always overridden" if self.overridden else "never matches"
        yield from (f"no near misses `{fact}` alone" for fact, shown in self.missed.items() if shown is False)
        yield from (f"no case with `{fact}: {label}`" for (fact, label), met in self.met.items() if met is False)


def coverage(pack: Pack) -> list[Covered]:
    """What the examples reach of every rule, in the newest edition in which it is in force."""
    advisor = Advisor(pack, engine="reference")
    trials = [trial for trial in try_examples(pack, advisor=advisor) if not trial.refusal]
    days = {id(trial): advisor.case(trial.facts).today or pack.starts[-1] for trial in trials}
    found: dict[str, Covered] = {}
    places = {f"{pack.name}/{d.name}/{rule.name}": rule.place for d in pack.decisions for rule in d.rules}
    for since in reversed(pack.starts):
        edition = edition_on(pack, since)
        here = [trial for trial in trials if edition_on(pack, days[id(trial)]) is edition]
        look = _Look(advisor, edition, here, places)
        for decision in edition.decisions:
            for covered in look.decision(decision):
                found.setdefault(covered.rule, covered)
    return [found[name] for name in places]


class _Look:
    """A look at one edition with the examples that rest on it."""

    def __init__(self, advisor: Advisor, edition: Edition, trials: Sequence[Trial], places: Mapping[str, str]) -> None:
        self._trials = trials
        self._places = places
        self._suggestions = Suggestions(advisor, edition, [trial for trial in trials if trial.passed])

    def decision(self, decision: Decision) -> Iterator[Covered]:
        engine = ReferenceEngine(decision.rules)
        matching = [engine.matching(trial.labels) for trial in self._trials]
        applied = [applying(decision, found) for found in matching]
        for index, rule in enumerate(decision.rules):
            covered = self._rule(decision, index, rule)
            covered.decides = sum(index in found for found in applied)
            covered.overridden = sum(index in found for found in matching) - covered.decides
            deciding = [trial.labels for trial, found in zip(self._trials, applied, strict=True) if index in found]
            for fact, accepted in rule.box.items():
                for label in sorted(accepted):
                    without = replace(rule, box={**rule.box, fact: accepted - {label}})
                    covered.met[fact, label] = any(labels[fact] == label for labels in deciding) or self._possible(
                        decision, index, without
                    )
            yield covered

    def _rule(self, decision: Decision, index: int, rule: Rule) -> Covered:
        own = [trial for trial in self._trials if trial.rule == rule.name]
        cases = sum(trial.decided for trial in own)
        covered = Covered(rule.name, self._places[rule.name], cases, len(own) - cases)
        for fact in rule.box:
            without = replace(rule, box={name: accepted for name, accepted in rule.box.items() if name != fact})
            covered.missed[fact] = _missed_alone(rule, fact, own) or self._possible(decision, index, without)
        return covered

    def _possible(self, decision: Decision, index: int, variant: Rule) -> bool | None:
        """False where there is a case that would show it, and no example does; None where none was found."""
        return None if self._suggestions.example(Change(decision, index, variant)) is None else False


def _missed_alone(rule: Rule, fact: str, own: Iterable[Trial]) -> bool:
    return any(
        [name for name, accepted in rule.box.items() if trial.labels[name] not in accepted] == [fact] for trial in own
    )
