"""From facts to labels: what is known, and what is taken for granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dispute_rules.case import IMPLIED, Case
from dispute_rules.errors import CaseError, Problem
from dispute_rules.pack.model import Assumed, Box, Edition


@dataclass(frozen=True, slots=True)
class Situation:
    """One label for every fact that the rules look at; the assumptions are among them."""

    labels: Mapping[str, str]
    assumed: tuple[Assumed, ...]


def label_of(value: object) -> str:
    """The label of a value that is one: an enumeration's member, a label of the pack's own, a truth value."""
    return str(value) if not isinstance(value, bool) else "true" if value else "false"


def known_labels(edition: Edition, case: Case) -> dict[str, str]:
    """The labels of the facts that the case gives directly."""
    facts = {fact: True for day, fact in IMPLIED.items() if case.__dict__[day] is not None} | {
        name: value for name, value in case.__dict__.items() if value is not None
    }
    return {
        name: edition.scales[name].label(facts[name]) if name in edition.scales else label_of(facts[name])
        for name in edition.facts
        if name in facts
    }


def numbers_of(edition: Edition, case: Case) -> tuple[dict[str, Decimal], tuple[Assumed, ...]]:
    """Amounts and counts, and the ones among them that are assumed."""
    numbers = {name: Decimal(value) for name, value in case if type(value) in (int, Decimal)}
    taken = tuple(entry for entry in edition.assumed if entry.number is not None and entry.fact not in numbers)
    return {entry.fact: entry.number for entry in taken if entry.number is not None} | numbers, taken


def fits(box: Box, labels: Mapping[str, str]) -> bool:
    """Whether the labels are all known and accepted."""
    return all(labels.get(name) in accepted for name, accepted in box.items())


def barred(edition: Edition, labels: Mapping[str, str], given: frozenset[str]) -> Iterator[Problem]:
    """The impossible combinations that are certain from these labels."""
    for entry in edition.barred:
        if fits(entry.box, labels) and (entry.given is None or entry.given in given):
            facts = [*entry.box, *([entry.given] if entry.given else [])]
            yield Problem(", ".join(facts), "contradiction", entry.because, entry.help)


def complete(edition: Edition, known: Mapping[str, str], given: frozenset[str]) -> Situation:
    """Fill what is unknown by the pack's assumptions, the first that applies to each fact.

    One that would make the case impossible is passed over.

    Raises:
        CaseError: a fact without assumptions is missing, or the facts contradict one another.
    """
    labels = dict(known)
    taken: list[Assumed] = []
    passed_over: dict[str, str] = {}
    for entry in edition.assumed:
        if entry.fact in labels or entry.fact not in edition.facts:
            continue
        if not fits(entry.box, labels) or (entry.given and entry.given not in given):
            continue
        if _bars(edition, entry, labels, given):
            passed_over.setdefault(entry.fact, entry.label)
            continue
        labels[entry.fact] = entry.label
        taken.append(entry)
    labels = passed_over | labels  # a fact of which nothing is possible shows what contradicts what
    if problems := list(barred(edition, labels, given)) or list(_missing(edition, labels)):
        raise CaseError(problems)
    return Situation({name: labels[name] for name in edition.facts}, tuple(taken))


def _bars(edition: Edition, entry: Assumed, labels: Mapping[str, str], given: frozenset[str]) -> bool:
    """Whether the assumption would make the labels impossible."""
    trial = {**labels, entry.fact: entry.label}
    return any(
        entry.fact in barred.box and fits(barred.box, trial) and (barred.given is None or barred.given in given)
        for barred in edition.barred
    )


def _missing(edition: Edition, labels: Mapping[str, str]) -> Iterator[Problem]:
    for name, fact in edition.facts.items():
        if name not in labels:
            help = "give `" + name + "`: " + ", ".join(f"`{label}`" for label in fact.labels)
            yield Problem(name, "missing-fact", f"the fact `{name}` is missing", help)
