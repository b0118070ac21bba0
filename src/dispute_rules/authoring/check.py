"""Everything that is wrong with a pack that loads: its rules over all situations, its examples, its leftovers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.finding import Finding
from dispute_rules.authoring.leftovers import leftovers
from dispute_rules.authoring.lock import out_of_step
from dispute_rules.authoring.shown import shown_conditions, unshown_labels
from dispute_rules.authoring.translations import translation_faults
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.authoring.witness import Finder
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Edition
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
    found = [(look, fault) for look in _looks(advisor, trials, steps) for fault in look.faults(report.undecided)]
    if any(fault.code in _UNANSWERED for _, fault in found):
        report.findings += _findings((look, fault) for look, fault in found if fault.code not in _FOLLOWING)
        trials = [trial for trial in trials if not trial.refusal]
    else:
        report.findings += [*_findings(found), *_without_hit(pack, trials)]
    report.findings += [*_failed(trials), *leftovers(pack), *translation_faults(pack), *out_of_step(pack)]
    report.findings = list({(f.code, f.places, f.message): f for f in report.findings}.values())
    return report


def _looks(advisor: Advisor, trials: Sequence[Trial], steps: int) -> Iterator[_Look]:
    """Editions that differ in parameters only are the same to rules: they are looked at once."""
    pack, met = advisor.pack, set[object]()
    deciding = {trial.rule for trial in trials if trial.decided}
    unshown = unshown_labels(pack, trials)
    for since in pack.starts:
        edition = edition_on(pack, since)
        if (rules := _rules_of(edition)) not in met:
            met.add(rules)
            shown = shown_conditions(edition, trials)
            yield _Look(pack, edition, Finder(advisor, since), Budget(steps), deciding, shown, unshown)


def _rules_of(edition: Edition) -> object:
    return tuple(
        (
            decision.name,
            tuple((rule.name, *((n, frozenset(box)) for n, box in rule.box.items())) for rule in decision.rules),
        )
        for decision in edition.decisions
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A look at one edition, with what the examples show of its rules."""

    pack: Pack
    edition: Edition
    finder: Finder
    budget: Budget
    deciding: Set[str]
    shown: Set[tuple[str, str]]
    unshown: Mapping[str, Mapping[str, Sequence[str]]]

    def faults(self, undecided: list[str]) -> Iterator[Fault]:
        """What is wrong with each decision; those for which the budget did not suffice are `undecided`."""
        for decision in self.edition.decisions:
            try:
                yield from [*self._faults(decision)]
            except UndecidedError:
                undecided.append(decision.name)

    def _faults(self, decision: Decision) -> Iterator[Fault]:
        if decision.policy is Policy.ANY:
            yield from unanswered(self.edition, decision, self.budget)
        else:
            yield from never_collected(self.edition, decision, self.deciding, self.budget)
        yield from unshown_conditions(self.edition, decision, self.shown, self.budget)
        yield from idle_labels(self.edition, decision, self.unshown, self.budget)

    def finding(self, fault: Fault) -> Finding:
        """A fault as it is told."""
        named = {f"{self.pack.name}/{d.name}/{r.name}": r.place for d in self.pack.decisions for r in d.rules}
        places = tuple(named[name] for name in fault.rules) or (f"{self.pack.place}/{fault.decision}/decision.yaml",)
        return Finding(fault.code, places, fault.message, fault.help, self._case(fault), fault.witness)

    def _case(self, fault: Fault) -> dict[str, Any] | None:
        """A case in the situation that shows the fault; if there is none, one that has what bears on the fault."""
        if fault.witness is None:
            return None
        shown = (fault.code, fault.decision) if fault.code in _UNANSWERED else None
        bearing = {name: label for name, label in fault.witness.items() if name in self._bearing_on(fault)}
        tries = [fault.witness] if bearing == fault.witness else [fault.witness, bearing]
        cases = (self.finder.case(labels, shown) for labels in tries)
        return next((case for case in cases if case is not None), None)

    def _bearing_on(self, fault: Fault) -> set[str]:
        decision = next(d for d in self.edition.decisions if d.name == fault.decision)
        named = {name for rule in decision.rules if rule.name in fault.rules for name in rule.box}
        names = named or set(decision.reads)
        return names.union(*(earlier.reads for earlier in leading_to(self.edition, names)))


def _findings(faults: Iterable[tuple[_Look, Fault]]) -> Iterator[Finding]:
    """Each fault once, as the newest edition shows it."""
    alike: dict[tuple[str, str, tuple[str, ...], str], list[tuple[_Look, Fault]]] = {}
    for look, fault in faults:
        alike.setdefault((fault.code, fault.decision, fault.rules, fault.message), []).append((look, fault))
    for editions in alike.values():
        findings = (look.finding(fault) for look, fault in reversed(editions))
        # a near that no case can be: the proof at hand, say, cannot be partial where one thing is required
        yield from islice((f for f in findings if f.code != "missing-near" or f.case is not None), 1)


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
