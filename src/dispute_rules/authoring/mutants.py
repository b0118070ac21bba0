"""Rules written otherwise, one small change each: which of them do the examples catch?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.exams import Exam, Exams
from dispute_rules.authoring.suggestions import Suggestion
from dispute_rules.authoring.trials import try_examples
from dispute_rules.pack.edition import finely_cut
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.pack.written import Pack
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.equivalence import telling
from dispute_rules.reasoning.faults import labels_of


class Fate(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"  # an example fails
    EQUIVALENT = "equivalent"  # in no situation does its decision come to anything else
    SURVIVED = "survived"  # an example would catch it, and there is none
    UNSEEN = "unseen"  # there is a situation that tells, but no case was found in it
    UNDECIDED = "undecided"  # the budget did not suffice to say whether it is equivalent


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change; with an example that would catch it, or else a situation that tells."""

    rule: str  # its path
    place: str
    change: str
    fate: Fate
    labels: Mapping[str, str] | None = None
    example: Suggestion | None = None


class Mutation:
    """Writes the rules of a pack otherwise, and asks its examples each time."""

    def __init__(self, pack: Pack, more: Iterable[Exam] = (), *, steps: int) -> None:
        """Try the examples of all rules; `more` is asked beside them. `steps` is the budget for each rule."""
        editions = {since: finely_cut(pack, since) for since in reversed(pack.starts)}
        advisor = Advisor(replace(pack, editions=dict(editions)), engine="reference")
        trials, asked = list(try_examples(pack, advisor=advisor)), list(more)
        self._exams = [Exams(advisor, edition, trials, asked) for edition in editions.values()]
        self._steps = steps
        self.rules = {f"{pack.name}/{d.name}/{rule.name}": rule.place for d in pack.decisions for rule in d.rules}
        """Where each rule stands, by its path."""

    def mutants(self, name: str) -> Iterator[Mutant]:
        """Every mutant of a rule, with its fate; the rule is changed in all editions in which it is in force."""
        found: dict[str, Mutant] = {}
        for sitting, decision, index in self._stands(name):
            left = {
                change: variant
                for change, variant in variants(sitting.edition, decision, decision.rules[index])
                if change not in found or found[change].fate is Fate.EQUIVALENT
            }
            found |= self._judged(sitting, decision, index, left)
        return iter(found.values())

    def _stands(self, name: str) -> Iterator[tuple[Exams, Decision, int]]:
        """Where a rule stands in each edition, the newest first."""
        for sitting in self._exams:
            for decision in sitting.edition.decisions:
                yield from ((sitting, decision, i) for i, rule in enumerate(decision.rules) if rule.name == name)

    def _judged(self, sitting: Exams, decision: Decision, index: int, left: Mapping[str, Rule]) -> dict[str, Mutant]:
        rule = decision.rules[index]
        mutant = partial(Mutant, rule.name, self.rules[rule.name])
        uncaught = {change: variant for change, variant in left.items() if not sitting.catch(decision, index, variant)}
        judged = {change: mutant(change, Fate.KILLED) for change in left if change not in uncaught}
        try:
            told = telling(sitting.edition, decision, rule, [*uncaught.values()], Budget(self._steps))
        except UndecidedError:
            return judged | {change: mutant(change, Fate.UNDECIDED) for change in uncaught}
        for number, (change, variant) in enumerate(uncaught.items()):
            judged[change] = mutant(change, Fate.EQUIVALENT)
            if number in told:
                example = sitting.suggestions.example(decision, index, variant)
                fate = Fate.SURVIVED if example else Fate.UNSEEN
                judged[change] = mutant(change, fate, told[number], example)
        return judged


def variants(edition: Edition, decision: Decision, rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A rule with one change each, and what it is."""
    labels = labels_of(edition)
    for fact in rule.box:
        yield f"without the condition on `{fact}`", replace(rule, box={n: s for n, s in rule.box.items() if n != fact})
        changed = _neighbours if fact in edition.scales else _others
        for change, accepted in changed(rule.box[fact], labels[fact]):
            yield f"`{fact}` {change}", replace(rule, box={**rule.box, fact: accepted})
    for output, label in rule.then.items():
        for other in _other_outcomes(decision, output, label):
            yield f"`{output}: {other}` for `{label}`", replace(rule, then={**rule.then, output: other})
    for overrider in rule.unless:
        unless = tuple(index for index in rule.unless if index != overrider)
        name = decision.rules[overrider].name.rpartition("/")[2]
        yield f"without `{name}` in `unless`", replace(rule, unless=unless)


def _other_outcomes(decision: Decision, output: str, label: str) -> Sequence[str]:
    """Any other label; for what is collected the next one will do, as each is there or not."""
    labels = [*decision.outputs[output]]
    following = [*labels[labels.index(label) + 1 :], *labels[: labels.index(label)]]
    return following if decision.policy is Policy.ANY else following[:1]


def _others(accepted: frozenset[str], labels: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """One label more, less, or another one; to accept all is to have no condition."""
    for label in labels:
        if label in accepted and len(accepted) > 1:
            yield f"never `{label}`", accepted - {label}
        elif label not in accepted:
            if len(accepted) < len(labels) - 1:
                yield f"`{label}`, too", accepted | {label}
            if len(accepted) == 1:
                yield f"`{label}` instead", frozenset({label})


def _neighbours(accepted: frozenset[str], labels: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """A range that ends one piece sooner or later."""
    pieces = [index for index, label in enumerate(labels) if label in accepted]
    first, last = pieces[0], pieces[-1]
    for begin, end in ((first - 1, last), (first + 1, last), (first, last - 1), (first, last + 1)):
        if 0 <= begin <= end < len(labels) and end - begin < len(labels) - 1:
            yield f"from `{labels[begin]}` to `{labels[end]}`", frozenset(labels[begin : end + 1])
