"""What the examples of a pack reach: which rules decide, which conditions are missed alone, which labels are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.change import Change
from dispute_rules.authoring.check import STEPS
from dispute_rules.authoring.exams import Sitter, sitters
from dispute_rules.authoring.suggestions import Suggestions
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.engine.decide import applying
from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Box, Decision, Edition, Rule
from dispute_rules.pack.written import Pack
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.faults import fitting, labels_of


@dataclass(slots=True)
class Covered:
    """What the examples reach of one rule, in all editions in which it is in force."""

    rule: str  # its path
    place: str
    cases: int = 0  # examples of its own that it decides
    nears: int = 0  # examples of its own that it does not decide
    decides: int = 0  # in so many examples of the whole pack
    overridden: int = 0  # matches in so many, but others override it
    missed: dict[str, bool | None] = field(default_factory=dict)
    """For each condition, whether a near misses it alone; None if no case was found that could."""
    met: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    """For each label that it accepts, whether it decides with that label; None if no case was found that could."""

    @property
    def gaps(self) -> Iterator[str]:
        """What no example reaches, each in a few words."""
        if not self.decides:
            yield "always overridden" if self.overridden else "never matches"
        yield from (f"no near misses `{fact}` alone" for fact, shown in self.missed.items() if shown is False)
        yield from (f"no case with `{fact}: {label}`" for (fact, label), met in self.met.items() if met is False)


def coverage(pack: Pack) -> list[Covered]:
    """What the examples reach of every rule. Its conditions are those of the newest edition in which it is in force."""
    advisor = Advisor(pack, engine="reference")
    sitting = [*sitters(advisor, try_examples(pack, advisor=advisor))]
    looks = [_Look(advisor, edition_on(pack, since), sitting) for since in reversed(pack.starts)]
    written = {f"{pack.name}/{d.name}/{rule.name}": rule for d in pack.decisions for rule in d.rules}
    found = {name: Covered(name, rule.place) for name, rule in written.items()}
    newest: dict[str, _Stand] = {}
    for stand in (stand for look in looks for stand in look.stands()):
        newest.setdefault(stand.rule.name, stand)
    for name, stand in newest.items():
        stand.list_in(found[name])
    for look in looks:
        look.count(found)
    for name, stand in newest.items():
        stand.rule_out(found[name])
    return [*found.values()]


class _Look:
    """A look at one edition, with the examples that rest on it."""

    def __init__(self, advisor: Advisor, edition: Edition, sitting: Iterable[Sitter]) -> None:
        self.edition = edition
        self.labels = labels_of(edition)
        here = (sitter.exam for sitter in sitting if sitter.edition is edition)
        self._trials = [exam for exam in here if isinstance(exam, Trial)]
        self.suggestions = Suggestions(advisor, edition, [trial for trial in self._trials if trial.passed])

    def stands(self) -> Iterator[_Stand]:
        """The rules that are in force."""
        for decision in self.edition.decisions:
            yield from (_Stand(self, decision, index) for index in range(len(decision.rules)))

    def count(self, found: Mapping[str, Covered]) -> None:
        """Note what the examples reach."""
        for decision in self.edition.decisions:
            engine = ReferenceEngine(decision.rules)
            for trial in self._trials:
                matching = engine.matching(trial.labels)
                applied = applying(decision, matching)
                for index in matching:
                    rule = decision.rules[index]
                    _note_match(found[rule.name], rule, trial, decides=index in applied)
            own = {rule.name: rule for rule in decision.rules}
            for trial in self._trials:
                if trial.rule in own:
                    _note_own(found[trial.rule], own[trial.rule], trial)


def _note_match(covered: Covered, rule: Rule, trial: Trial, *, decides: bool) -> None:
    covered.decides += decides
    covered.overridden += not decides
    reached = {(fact, trial.labels[fact]) for fact in rule.box if decides}
    covered.met |= dict.fromkeys(reached & covered.met.keys(), True)


def _note_own(covered: Covered, rule: Rule, trial: Trial) -> None:
    covered.cases += trial.decided
    covered.nears += not trial.decided
    failed = {fact for fact, accepted in rule.box.items() if trial.labels[fact] not in accepted}
    if len(failed) == 1:
        covered.missed |= dict.fromkeys(failed & covered.missed.keys(), True)


class _Stand:
    """A rule in one edition."""

    def __init__(self, look: _Look, decision: Decision, index: int) -> None:
        self.rule = decision.rules[index]
        self._look = look
        self._decision = decision
        self._index = index

    def list_in(self, covered: Covered) -> None:
        """Note what is to be reached."""
        for fact, accepted in self.rule.box.items():
            covered.missed[fact] = False
            covered.met |= {(fact, label): False for label in self._look.labels[fact] if label in accepted}

    def rule_out(self, covered: Covered) -> None:
        """Note what cannot be reached, of all that is not."""
        box = self.rule.box
        for fact in (fact for fact, shown in covered.missed.items() if not shown):
            left = frozenset(self._look.labels[fact]) - box[fact]
            without = replace(self.rule, box={name: accepted for name, accepted in box.items() if name != fact})
            covered.missed[fact] = self._unless_found({**box, fact: left}, without)
        for fact, label in (key for key, reached in covered.met.items() if not reached):
            without = replace(self.rule, box={**box, fact: box[fact] - {label}})
            covered.met[fact, label] = self._unless_found({**box, fact: frozenset({label})}, without)

    def _unless_found(self, box: Box, variant: Rule) -> bool | None:
        """None where no case in a box was found in which a variant tells."""
        try:
            situation = fitting(self._look.edition, self._decision, [box], Budget(STEPS)).get(0)
        except UndecidedError:
            situation = {}
        change = Change(self._decision, self._index, variant)
        found = None if situation is None else self._look.suggestions.example(change, situation)
        return None if found is None else False
