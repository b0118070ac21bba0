"""From a situation to a case that can be pasted into `advise`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.sieve import Key, Sieve, Told
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, PackError
from dispute_rules.facts import STANDARD, Kind
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.pack.scope import inputs_of

_MOST_TRIES = 300
_MOST_REQUIRED = 30
_AMOUNTS = ("0", "1", "20", "50")


class Finder:
    """Looks for cases that get into situations on one day."""

    def __init__(self, advisor: Advisor, day: date) -> None:
        """Nothing is tried yet."""
        self._advisor = advisor
        self._day = day
        self._edition = edition_on(advisor.pack, day)
        self._told = Told(advisor, self._edition)

    def case(self, labels: Mapping[str, str], fault: tuple[str, str] | None = None) -> dict[str, Any] | None:
        """The facts of a case in a situation with these labels; None if no such case was found.

        With `fault`, a code and a decision, the case has no answer for that reason.

        A label that comes of days, amounts or evidence needs facts of that kind; some few are tried. The labels of
        numbers may be finer than the edition's own.
        """
        scales = self._edition.scales
        wanted = {name: label for name, label in labels.items() if name in self._edition.facts}
        direct = {name: _value(label) for name, label in labels.items() if name in self._advisor.Case.model_fields}
        wanted |= {name: scales[name].label(Decimal(direct[name])) for name in wanted if name in scales}
        computed = [name for name in wanted if name not in direct]
        choices = dict(_choices(self._advisor, self._edition, computed, self._day))
        for facts, case, guessed in self._worth_a_try(direct, choices, {} if fault else wanted):
            if _leads_to(self._advisor, case, wanted, fault):
                dated = guessed or self._edition.since != self._advisor.pack.starts[-1]
                return {name: value for name, value in facts.items() if name != "today" or dated}
        return None

    def _worth_a_try(
        self, direct: Mapping[str, Any], choices: Mapping[str, Sequence[Any]], wanted: Mapping[str, str]
    ) -> Iterator[tuple[dict[str, Any], Case, bool]]:
        """Facts, the case that they make, and whether some are guessed; none that is sure to come out as others did."""
        required = _required(self._advisor, self._edition, direct)
        sieve = Sieve(self._told, direct, wanted, dict.fromkeys([*required[0], *choices]))
        tried: set[Key] = set()
        for extra, more in islice(product(_guesses(choices), required), _MOST_TRIES):
            facts = {**direct, **more, **extra, "today": self._day.isoformat()}
            key = sieve.key(facts)
            if key is not None and key not in tried and (case := self._case(facts)):
                tried.add(key)
                yield facts, case, bool(extra)

    def _case(self, facts: Mapping[str, Any]) -> Case | None:
        try:
            return self._advisor.Case(**facts)
        except CaseError:
            return None


def _required(advisor: Advisor, edition: Edition, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Facts for which nothing is assumed and that the labels leave open: values for them all, to be tried in turn."""
    assumed = {entry.fact for entry in edition.assumed}
    labels = {"ground": STANDARD["ground"].labels} | {name: fact.labels for name, fact in edition.facts.items()}
    choices = [
        [(name, _value(label)) for label in labels[name]]
        for name in labels
        if name in advisor.Case.model_fields and name not in assumed and name not in given
    ]
    return [dict(values) for values in islice(product(*choices), _MOST_REQUIRED)]


def _value(label: str) -> Any:
    if ".." in label:
        low, _, high = label.partition("..")
        return str(Decimal(low)) if low else str(Decimal(high) - 1)
    return {"true": True, "false": False}.get(label, label)


def _leads_to(advisor: Advisor, case: Case, wanted: Mapping[str, str], fault: tuple[str, str] | None) -> bool:
    try:
        found = advisor.settle(case).labels
    except CaseError:
        return False
    except PackError as error:
        return fault in [(problem.code, problem.place) for problem in error.problems]
    return fault is None and all(found[name] == label for name, label in wanted.items())


def _guesses(choices: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Facts beside the direct ones: none at first, then days, amounts and evidence that the labels may come of."""
    yield {}
    for values in islice(product(*choices.values()), _MOST_TRIES):
        yield {name: value for name, value in zip(choices, values, strict=True) if value is not None}


def _choices(advisor: Advisor, edition: Edition, computed: list[str], day: date) -> Iterator[tuple[str, list[Any]]]:
    spans = sorted({value for value, _ in edition.parameters.values()})
    days = [None, day, *(day - timedelta(days=span + more) for span in reversed(spans) for more in (1, -1))]
    for name in dict.fromkeys(fact for label in computed for fact in _inputs(advisor, edition, label)):
        kind = STANDARD[name].kind if name in STANDARD else advisor.pack.own_facts[name].kind
        if name == "evidence":
            yield name, [None, [], *([kind] for kind in sorted(edition.evidence)), sorted(edition.evidence)]
        elif kind is Kind.DATE:
            yield name, [value and value.isoformat() for value in days]
        else:
            yield name, [None, 1, 2] if kind is Kind.COUNT else [None, *_AMOUNTS]


def _inputs(advisor: Advisor, edition: Edition, name: str) -> Iterator[str]:
    """The facts of a case that a computed label comes of."""
    if name == PROOF.name:
        yield "evidence"
    elif name in edition.comparisons:
        spec = edition.comparisons[name]
        names = inputs_of(advisor.pack.file, spec.compare, spec.with_)
        yield from sorted(names & advisor.Case.model_fields.keys())
    elif name in edition.dates:
        first = edition.dates[name].span.after[0]
        yield from _inputs(advisor, edition, first) if first in edition.dates else (first,)
