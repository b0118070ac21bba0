"""What changes between two versions or two editions of a pack: for whom, and in which files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dispute_rules.authoring.lock import Changed, Hashes, changed, entries
from dispute_rules.errors import CaseError, PackError, Problem
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Edition
from dispute_rules.pack.scope import base_facts
from dispute_rules.pack.written import Pack
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.difference import Difference, difference

_SAME_CASES = "two versions can be compared if a case of the one is a case of the other: same facts, same labels"
_SAME_ANSWERS = "two versions of a decision can be compared if they answer in the same outputs"


@dataclass(frozen=True, slots=True)
class Version:
    """A pack as it is in force on a day."""

    pack: Pack
    day: date

    @property
    def edition(self) -> Edition:
        """The edition in force.

        Raises:
            PackError: there is none on that day.
        """
        try:
            return edition_on(self.pack, self.day)
        except CaseError as error:
            raise PackError(error.problems) from None


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter that has another value; None on the side that does not have it."""

    parameter: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two versions: answers, values in force, and what is written."""

    difference: Difference
    values: tuple[Value, ...]
    written: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.difference.changes or self.values or self.written)


def compare(old: Version, new: Version, budget: Budget) -> Comparison:
    """Compare two versions.

    Raises:
        PackError: one has no rules for its day, or they are about different cases or answers.
    """
    before, after = old.edition, new.edition
    if problems := [*_different_facts(old.pack, new.pack), *_different_answers(before, after, new.pack)]:
        raise PackError(problems)
    written = changed(_in_force(old.pack, before), _in_force(new.pack, after))
    return Comparison(difference(before, after, budget), tuple(_values(before, after)), tuple(written))


def _different_facts(old: Pack, new: Pack) -> Iterator[Problem]:
    """Facts of a case, and comparisons, that the two do not have in common."""
    place = f"{new.place}/pack.yaml"
    for name in dict.fromkeys((*old.own_facts, *new.own_facts)):
        if name not in old.own_facts or name not in new.own_facts:
            message = f"only the {'old' if name in old.own_facts else 'new'} version has the fact `{name}`"
            yield Problem(place, "different-facts", message, _SAME_CASES)
    facts = base_facts(old.file), base_facts(new.file)
    for name in facts[0].keys() & facts[1].keys():
        one, other = facts[0][name], facts[1][name]
        if one.kind != other.kind:
            message = f"`{name}` is a {one.kind} in the old version and a {other.kind} in the new one"
            yield Problem(place, "different-facts", message, _SAME_CASES)
        elif labels := sorted({*one.labels} ^ {*other.labels}):
            message = f"only one version has these labels of `{name}`: " + ", ".join(f"`{label}`" for label in labels)
            yield Problem(place, "different-labels", message, _SAME_CASES)


def _different_answers(old: Edition, new: Edition, pack: Pack) -> Iterator[Problem]:
    earlier = {decision.name: decision for decision in old.decisions}
    for decision in new.decisions:
        one = earlier.get(decision.name, decision)
        place = f"{pack.place}/{decision.name}/decision.yaml"
        if outputs := sorted(one.outputs.keys() ^ decision.outputs.keys()):
            message = f"only one version of `{decision.name}` has " + ", ".join(f"`{name}`" for name in outputs)
            yield Problem(place, "different-outputs", message, _SAME_ANSWERS)
        if one.policy != decision.policy:
            message = f"the policy of `{decision.name}` was `{one.policy}` and is `{decision.policy}`"
            yield Problem(place, "different-outputs", message, _SAME_ANSWERS)


def _values(old: Edition, new: Edition) -> Iterator[Value]:
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = (_said(edition.parameters.get(name)) for edition in (old, new))
        if before != after:
            yield Value(name, before, after)


def _said(value: tuple[int, str] | None) -> str | None:
    return f"{value[0]} {value[1].replace('_', ' ')}" if value else None


def _in_force(pack: Pack, edition: Edition) -> Mapping[tuple[str, str], Hashes]:
    """What is written, without the rules that are not in force."""
    rules = {rule.name.removeprefix(f"{pack.name}/") for decision in edition.decisions for rule in decision.rules}
    return {(kind, name): found for (kind, name), found in entries(pack).items() if kind != "rules" or name in rules}
