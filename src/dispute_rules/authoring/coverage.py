"""What the examples of a pack reach: which rules decide, which conditions are missed alone, which labels are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.engine.decide import applying
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Decision, Rule
from dispute_rules.pack.written import Pack
from dispute_rules.situation import fits


@dataclass(slots=True)
class Covered:
    """What the examples reach of one rule."""

    rule: str  # its path
    place: str
    cases: int  # examples of its own that it decides
    nears: int  # examples of its own that it does not decide
    decides: int = 0  # in so many examples of the whole pack
    overridden: int = 0  # matches in so many, but others override it
    missed: dict[str, bool] = field(default_factory=dict)  # for each condition, whether a near misses it alone
    met: dict[tuple[str, str], bool] = field(default_factory=dict)  # for each label accepted, whether it decides so

    @property
    def gaps(self) -> Iterator[str]:
        """What no example reaches, each in a few words."""
        if not self.decides:
            yield "always overridden" if self.overridden else "never matches"
        yield from (f"no near misses `{fact}` alone" for fact, shown in self.missed.items() if not shown)
        yield from (f"no case with `{fact}: {label}`" for (fact, label), met in self.met.items() if not met)


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
        for decision in edition.decisions:
            for covered in _decision(decision, here, places):
                found.setdefault(covered.rule, covered)
    return [found[name] for name in places]


def _decision(decision: Decision, trials: Sequence[Trial], places: Mapping[str, str]) -> Iterator[Covered]:
    matching = [
        [index for index, rule in enumerate(decision.rules) if fits(rule.box, trial.labels)] for trial in trials
    ]
    applied = [applying(decision, found) for found in matching]
    for index, rule in enumerate(decision.rules):
        own = [trial for trial in trials if trial.rule == rule.name]
        cases = sum(trial.decided for trial in own)
        covered = Covered(rule.name, places[rule.name], cases, len(own) - cases)
        covered.decides = sum(index in found for found in applied)
        covered.overridden = sum(index in found for found in matching) - covered.decides
        covered.missed = {fact: _missed_alone(rule, fact, own) for fact in rule.box}
        deciding = [trial.labels for trial, found in zip(trials, applied, strict=True) if index in found]
        covered.met = {
            (fact, label): any(labels[fact] == label for labels in deciding)
            for fact, accepted in rule.box.items()
            for label in sorted(accepted)
        }
        yield covered


def _missed_alone(rule: Rule, fact: str, own: Iterable[Trial]) -> bool:
    return any(
        [name for name, accepted in rule.box.items() if trial.labels[name] not in accepted] == [fact] for trial in own
    )
