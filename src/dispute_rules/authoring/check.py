"""Everything that is wrong with a pack that loads: its rules over all situations, its examples, its leftovers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.finding import Finding
from dispute_rules.authoring.leftovers import leftovers
from dispute_rules.authoring.lock import out_of_step
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.authoring.witness import case_of
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import Edition
from dispute_rules.pack.written import Pack
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.faults import Fault, idle_labels, never_collected, unanswered, unshown_conditions
from dispute_rules.reasoning.track import leading_to

STEPS = 5_000_000
"""Places that a check may visit before it gives up: some ten seconds."""


_UNANSWERED = ("gap", "conflict")
_FOLLOWING = ("missing-near", "redundant-condition", "impossible-label")


@dataclass(slots=True)
class Report:
    """What a check found; `undecided` are the decisions for which the budget did not suffice."""

    findings: list[Finding] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    rules: int = 0
    examples: int = 0


def check(pack: Pack, *, steps: int = STEPS) -> Report:
    """Check a pack in every edition. As long as cases have no answer, what may only follow from that is left out."""
    report = Report(rules=sum(len(decision.rules) for decision in pack.decisions))
    advisor = Advisor(pack, engine="reference")
    trials = list(try_examples(pack, advisor=advisor))
    report.examples = len(trials)
    met: set[object] = set()
    for since in pack.starts:
        edition = edition_on(pack, since)
        look = _looks(edition)
        if look not in met:  # editions that differ in parameters only are the same to rules
            met.add(look)
            _check_edition(_Look(advisor, edition, since, trials, Budget(steps)), report)
    if any(finding.code in _UNANSWERED for finding in report.findings):
        report.findings = [finding for finding in report.findings if finding.code not in _FOLLOWING]
        trials = [trial for trial in trials if not trial.refusal]
    else:
        report.findings += _without_hit(pack, trials)
    report.findings += [*_failed(trials), *leftovers(pack), *out_of_step(pack)]
    report.findings = list({(f.code, f.places, f.message): f for f in report.findings}.values())
    return report


def _looks(edition: Edition) -> object:
    return tuple(
        (
            decision.name,
            tuple((rule.name, *((n, frozenset(box)) for n, box in rule.box.items())) for rule in decision.rules),
        )
        for decision in edition.decisions
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A look at one edition."""

    advisor: Advisor
    edition: Edition
    day: date
    trials: list[Trial]
    budget: Budget

    def faults(self, name: str) -> Iterator[Fault]:
        decision = next(d for d in self.edition.decisions if d.name == name)
        if decision.policy is Policy.ANY:
            yield from unanswered(self.edition, decision, self.budget)
        else:
            seen = {trial.rule for trial in self.trials if trial.decided}
            yield from never_collected(self.edition, decision, seen, self.budget)
        yield from unshown_conditions(self.edition, decision, self._shown(), self.budget)
        yield from idle_labels(self.edition, decision, self._listed(), self.budget)

    def _shown(self) -> set[tuple[str, str]]:
        """Conditions that some example misses while it meets the others of their rule."""
        boxes = {rule.name: rule.box for decision in self.edition.decisions for rule in decision.rules}
        shown: set[tuple[str, str]] = set()
        for trial in self.trials:
            box = boxes.get(trial.rule, {})
            labels = {**trial.labels, **self._numbers(trial)}
            missed = [fact for fact, accepted in box.items() if labels.get(fact) not in accepted]
            if len(missed) == 1 and trial.labels:
                shown.add((trial.rule, missed[0]))
        return shown

    def _numbers(self, trial: Trial) -> dict[str, str]:
        """The labels of numbers by the thresholds of this edition."""
        return {
            name: scale.label(Decimal(str(trial.facts[name])))
            for name, scale in self.edition.scales.items()
            if trial.labels and trial.facts.get(name) is not None
        }

    def _listed(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The labels in lists of a rule with which no example meets the whole rule."""
        pack = self.advisor.pack
        met = {(t.rule, fact, label) for t in self.trials if t.decided for fact, label in t.labels.items()}
        listed: dict[str, dict[str, tuple[str, ...]]] = {}
        for decision in pack.decisions:
            for rule in decision.rules:
                name = f"{pack.name}/{decision.name}/{rule.name}"
                listed[name] = {
                    fact: tuple(label for label in condition.labels if (name, fact, label) not in met)
                    for fact, condition in rule.file.when.items()
                    if len(condition.labels) > 1 and not condition.negated
                }
        return listed

    def finding(self, fault: Fault) -> Finding:
        pack = self.advisor.pack
        places = {f"{pack.name}/{d.name}/{rule.name}": rule.place for d in pack.decisions for rule in d.rules}
        at = tuple(places[name] for name in fault.rules) or (f"{pack.place}/{fault.decision}/decision.yaml",)
        return Finding(fault.code, at, fault.message, fault.help, self._case(fault), fault.witness)

    def _case(self, fault: Fault) -> dict[str, Any] | None:
        """A case in the situation that shows the fault; if there is none, one that has what bears on the fault."""
        if fault.witness is None:
            return None
        shown = (fault.code, fault.decision) if fault.code in _UNANSWERED else None
        bearing = {name: label for name, label in fault.witness.items() if name in self._bearing_on(fault)}
        tries = (fault.witness, bearing)
        cases = (case_of(self.advisor, labels, self.day, shown) for labels in tries)
        return next((case for case in cases if case is not None), None)

    def _bearing_on(self, fault: Fault) -> set[str]:
        decision = next(d for d in self.edition.decisions if d.name == fault.decision)
        named = {name for rule in decision.rules if rule.name in fault.rules for name in rule.box}
        names = named or set(decision.reads)
        return names.union(*(earlier.reads for earlier in leading_to(self.edition, names)))


def _check_edition(look: _Look, report: Report) -> None:
    for decision in look.edition.decisions:
        try:
            findings = [look.finding(fault) for fault in look.faults(decision.name)]
        except UndecidedError:
            report.undecided.append(decision.name)
        else:
            # a near that no case can be: the proof at hand, say, cannot be partial where one thing is required
            report.findings += [f for f in findings if f.code != "missing-near" or f.case is not None]


def _failed(trials: Iterable[Trial]) -> Iterator[Finding]:
    for trial in trials:
        if not trial.passed:
            message = f"example {trial.number} ({'case' if trial.hit else 'near'}): {trial.verdict}"
            help = "mend the rule or the example; several rules may have to name each other in `unless`"
            yield Finding("failing-example", (trial.place,), message, help, trial.facts)


def _without_hit(pack: Pack, trials: Iterable[Trial]) -> Iterator[Finding]:
    shown = {trial.rule for trial in trials if trial.hit and trial.passed}
    for decision in pack.decisions:
        for rule in decision.rules:
            if f"{pack.name}/{decision.name}/{rule.name}" not in shown:
                help = "add a `case` to `examples`"
                yield Finding("missing-example", (rule.place,), "no example shows that this rule decides", help)
