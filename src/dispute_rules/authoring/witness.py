"""From a situation to a case that can be pasted into `advise`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.errors import CaseError, PackError
from dispute_rules.facts import STANDARD, Kind
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.pack.scope import inputs_of

_MOST_TRIES = 300
_MOST_REQUIRED = 30
_AMOUNTS = ("0", "1", "20", "50")


def case_of(
    advisor: Advisor, labels: Mapping[str, str], day: date, fault: tuple[str, str] | None = None
) -> dict[str, Any] | None:
    """Facts that put a case in a situation with these labels on a day; None if no such case was found.

    With `fault`, a code and a decision, the case has no answer for that reason.

    A label that comes of days, amounts or evidence needs facts of that kind; some few are tried. The labels of numbers
    may be finer than the edition's own.
    """
    edition = edition_on(advisor.pack, day)
    wanted = {name: label for name, label in labels.items() if name in edition.facts}
    direct = {name: _value(label) for name, label in labels.items() if name in advisor.Case.model_fields}
    wanted |= {name: edition.scales[name].label(Decimal(direct[name])) for name in wanted if name in edition.scales}
    computed = [name for name in wanted if name not in direct]
    tries = product(_guesses(advisor, edition, computed, day), _required(advisor, edition, direct))
    for extra, required in islice(tries, _MOST_TRIES):
        facts = {**direct, **required, **extra, "today": day.isoformat()}
        if _leads_to(advisor, facts, wanted, fault):
            dated = bool(extra) or edition.since != advisor.pack.starts[-1]
            return {name: value for name, value in facts.items() if name != "today" or dated}
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


def _leads_to(
    advisor: Advisor, facts: Mapping[str, Any], wanted: Mapping[str, str], fault: tuple[str, str] | None
) -> bool:
    try:
        found = advisor.settle(facts).labels
    except CaseError:
        return False
    except PackError as error:
        return fault in [(problem.code, problem.place) for problem in error.problems]
    return fault is None and all(found[name] == label for name, label in wanted.items())


def _guesses(advisor: Advisor, edition: Edition, computed: list[str], day: date) -> Iterator[dict[str, Any]]:
    """Facts beside the direct ones: none at first, then days, amounts and evidence that the labels may come of."""
    yield {}
    choices = dict(_choices(advisor, edition, computed, day))
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
