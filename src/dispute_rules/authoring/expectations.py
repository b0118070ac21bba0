"""What a table of whole cases can expect of an advice: its fields, by names that a person can write."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WrapValidator

from dispute_rules.advice import COLLECTED, DECIDED, Advice
from dispute_rules.pack.kinds import Basis, Policy
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.scope import base_facts
from dispute_rules.pack.written import Pack
from dispute_rules.situation import label_of
from dispute_rules.values import Amount, Day, Number
from dispute_rules.vocabulary import Result, Stage

Values = frozenset[Any]
"""What is expected of a field or came out for it: one value, several, or `none`."""
Get = Callable[[Advice], Iterable[Any]]


class How(Enum):
    """How what is expected relates to what came out."""

    ONE_OF = "one of these"
    ALL_OF = "all of these, and others may"
    NONE_OF = "none of these"


@dataclass(frozen=True, slots=True)
class Expectable:
    """A field of an advice: what may be written for it, what came out, and which output of the rules it rests on."""

    values: Any  # a type for pydantic
    get: Get
    how: How = How.ONE_OF
    output: str | None = None
    label: str | None = None  # the only one of the output's labels that matters

    def got(self, advice: Advice) -> Values:
        """What came out."""
        return frozenset(value for value in self.get(advice) if value is not None) or frozenset({NOTHING})

    def agrees(self, expected: Values, got: Values) -> bool:
        """Whether that came out which was expected."""
        if self.how is How.ONE_OF:
            return got <= expected
        return expected <= got if self.how is How.ALL_OF else not expected & got

    def at_issue(self, expected: Values, got: Values) -> Values | None:
        """The labels of the output that were not to come out, or were to and did not; None for whatever came out."""
        if self.label is not None:
            return frozenset({self.label})
        if self.how is How.ONE_OF:
            return None
        if NOTHING in expected:
            return got
        return expected & got if self.how is How.NONE_OF else expected - got

    def told(self, expected: Values) -> str:
        """What is expected, in words."""
        if self.how is How.NONE_OF:
            return f"none of {said(expected)}"
        return said(expected, " or " if self.how is How.ONE_OF else ", ")


def said(values: Values, between: str = ", ") -> str:
    """Values in words; a pair is the first and the last day of a range."""
    texts = (" to ".join(map(str, value)) if isinstance(value, tuple) else str(value) for value in values)
    return between.join(sorted(texts))


def expectable(pack: Pack) -> dict[str, Expectable]:
    """All that can be expected of the advices of a pack, by name. Fields of `Advice` go before a pack's own outputs."""
    found: dict[str, Expectable] = {
        "stage": Expectable(_any_of(*Stage, NOTHING), lambda advice: [advice.stage]),
        "result": Expectable(_any_of(*Result, NOTHING), lambda advice: [advice.result]),
        "settled": Expectable(_any_of("true", "false"), lambda advice: [label_of(advice.settled)]),
        "refund.cap": Expectable(_AMOUNTS, lambda advice: [advice.refund.cap]),
        "refund.recommended": Expectable(_AMOUNTS, lambda advice: [advice.refund.recommended], output="amount"),
        "refund.granted": Expectable(_AMOUNTS, lambda advice: [advice.refund.granted]),
        **dict(_assumed(pack)),
    }
    for decision in pack.decisions:
        decided = decision.file.policy is Policy.ANY
        for output, words in decision.file.outputs.items():
            fields = _decided if decided else _collected
            found = {**dict(fields(decision.name, output, tuple(words))), **found}
        if decided:
            basis = _any_of(*map(str, Basis), NOTHING)
            found[f"reasons.{decision.name}.basis"] = Expectable(basis, partial(_basis, decision.name), output=output)
    return found


def _assumed(pack: Pack) -> Iterator[tuple[str, Expectable]]:
    facts = base_facts(pack.file)
    for name in dict.fromkeys(entry.fact for entry in pack.file.assume):
        labels = facts[name].labels
        get = partial(_taken, name, str if labels else Decimal)
        yield f"assumptions.{name}", Expectable(_any_of(*labels) if labels else _NUMBERS, get)


def _taken(fact: str, read: Callable[[str], Any], advice: Advice) -> Iterator[Any]:
    return (read(entry.value) for entry in advice.assumptions if entry.fact == fact)


def _basis(decision: str, advice: Advice) -> Iterator[str]:
    return (reason.basis for reason in advice.reasons if reason.decision == decision)


def _decided(decision: str, output: str, labels: tuple[str, ...]) -> Iterator[tuple[str, Expectable]]:
    name = "window.status" if output == "window" else output
    get = partial(_outcome, decision, output) if DECIDED.get(output) is None else partial(_field, name)
    yield name, Expectable(_any_of(*labels, NOTHING), get, output=output)


def _field(name: str, advice: Advice) -> list[Any]:
    return [operator.attrgetter(name)(advice)]


def _outcome(decision: str, output: str, advice: Advice) -> Iterator[str]:
    """Of a decision with an outcome, or with a list of them."""
    found = advice.outcomes[decision]
    return (item[output] for item in (found if isinstance(found, tuple) else (found,)))


def _collected(decision: str, output: str, labels: tuple[str, ...]) -> Iterator[tuple[str, Expectable]]:
    if output == "date":
        for label in labels:
            yield f"timeline.{label}", Expectable(_SPANS, partial(_span, label), output=output, label=label)
    elif output == "marks":
        for marks in ("opens", "closes"):
            name = f"window.{marks}_on"
            yield name, Expectable(_DAYS, partial(_field, name), output=output, label=marks)
    elif output == "evidence":
        yield from _listed("evidence", output, labels, lambda advice: (item.kind for item in advice.evidence))
        yield from _listed("evidence.required", output, labels, _required)
    elif output == "warning":
        yield from _listed("warnings", output, labels, lambda advice: (notice.code for notice in advice.warnings))
    elif output not in COLLECTED:
        yield from _listed(output, output, labels, partial(_outcome, decision, output))


def _listed(name: str, output: str, labels: tuple[str, ...], get: Get) -> Iterator[tuple[str, Expectable]]:
    """Things of which some are to be there, or are not."""
    yield name, Expectable(_any_of(*labels, NOTHING), get, How.ALL_OF, output)
    yield f"{name}.not", Expectable(_any_of(*labels), get, How.NONE_OF, output)


def _required(advice: Advice) -> Iterator[str]:
    return (item.kind for item in advice.evidence if item.required)


def _span(date: str, advice: Advice) -> Iterator[Any]:
    return ((day.earliest, day.latest) for day in advice.timeline if day.what == date)


def _one_or_more(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _label(value: object) -> object:
    return label_of(value) if isinstance(value, bool) else value


def _first_and_last(value: object) -> object:
    """A range of days is written as it is printed: `2026-04-05 to 2026-04-07`."""
    return value.split(" to ", 1) if isinstance(value, str) and " to " in value else [value, value]


def _or_none(value: object, read: Callable[[object], Any]) -> Any:
    return NOTHING if value == NOTHING else read(value)


def _several(value: Any) -> Any:
    return Annotated[frozenset[value], BeforeValidator(_one_or_more), Field(min_length=1)]


def _any_of(*labels: str) -> Any:
    return _several(Annotated[Literal[labels], BeforeValidator(_label)])


_NUMBERS = _several(Number)
_AMOUNTS = _several(Annotated[Amount, WrapValidator(_or_none)])
_DAYS = _several(Annotated[Day, WrapValidator(_or_none)])
_SPANS = _several(Annotated[tuple[Day, Day], BeforeValidator(_first_and_last), WrapValidator(_or_none)])
