"""The JSON Schema of `pack.yaml`: names that this file may itself be introducing are offered, and none is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispute_rules.authoring.schemas import (
    Schema,
    as_keys,
    described,
    form_of,
    label_of,
    offered,
    on_labels,
    on_numbers,
    one_of,
    shared,
)
from dispute_rules.case import CHOSEN
from dispute_rules.facts import STANDARD, YES_NO, Fact, Kind
from dispute_rules.pack.change_checks import VARIED
from dispute_rules.pack.files import PackFile
from dispute_rules.pack.model import PROOF
from dispute_rules.pack.scope import NUMERIC, RECOMMENDED, base_facts, case_facts, own_facts
from dispute_rules.pack.written import Pack

_ANY_LABEL: Schema = {"anyOf": [label_of(YES_NO, {}), {"type": "string"}]}
_ANY_CONDITION: Schema = {"anyOf": [on_labels(_ANY_LABEL), on_numbers()]}
_ANY_VALUE: Schema = {"anyOf": [_ANY_LABEL, {"type": "number"}]}

_OFFERS = (  # for a key, by the model that has it
    ("", "decisions", "Decisions"),
    ("ParameterValue", "source", "Sources"),
    ("Span", "after", "Days"),
    ("Span", "days", "Parameters"),
    *(("AmountSpec", key, "Amounts") for key in ("sum", "first", "least")),
    ("AmountSpec", "source", "Sources"),
    ("EventFile", "stages", "Stages"),
    ("EventFile", "day", "Days"),
    *(("EventFile", key, "Facts") for key in ("needs", "tells", "forgets")),
    ("ChangeFile", "source", "Sources"),
    *(("Part", key, "Amounts") for key in ("of", "times", "per")),
    *(("ComparisonSpec", key, "AmountsAndDates") for key in ("compare", "with")),
    *((holder, "given", "Facts") for holder in ("Assumption", "Impossible")),
)


def pack_schema(pack: Pack) -> Schema:
    """What `pack.yaml` may say."""
    schema = form_of(PackFile, "pack.yaml")
    definitions = schema["definitions"]
    definitions |= {what: one_of(names) for what, names in _names(pack.file).items()}
    for holder, key, what in _OFFERS:
        keys = definitions[holder]["properties"] if holder else schema["properties"]
        keys[key] = offered(keys[key], {"$ref": f"#/definitions/{what}"})
    facts = base_facts(pack.file)
    definitions["Condition"] = _ANY_CONDITION
    definitions["When"] = {"properties": {name: _condition(fact) for name, fact in facts.items()}}
    for holder in ("Assumption", "Impossible"):
        definitions[holder]["properties"]["when"] |= {"allOf": [{"$ref": "#/definitions/When"}]}
    _assume(definitions["Assumption"], {name: described(pack, name) | _value(fact) for name, fact in facts.items()})
    own = (name for name, fact in own_facts(pack.file).items() if fact.kind in VARIED)
    changed = {"$ref": "#/definitions/ChangeFile"}
    schema["properties"]["changes"]["properties"] = dict.fromkeys([*CHOSEN, *own], changed)
    schema["properties"]["facts"]["properties"] = {name: _words(pack, fact) for name, fact in STANDARD.items()}
    return schema


def _names(file: PackFile) -> Mapping[str, Iterable[str]]:
    """The names that are offered, by what they name."""
    kinds = {name: fact.kind for name, fact in case_facts(file).items()}
    amounts = [*(name for name, kind in kinds.items() if kind in NUMERIC), *file.amounts, RECOMMENDED]
    return {
        "Decisions": file.decisions,
        "Sources": file.sources,
        "Parameters": file.parameters,
        "Facts": kinds,
        "Stages": STANDARD["stage"].labels,
        "Days": [*(name for name, kind in kinds.items() if kind is Kind.DATE), *file.dates],
        "Amounts": amounts,
        "AmountsAndDates": [*amounts, *file.dates],
    }


def _is_fixed(fact: Fact) -> bool:
    """Whether its labels are no matter of the pack."""
    return fact.name in STANDARD or fact is PROOF


def _condition(fact: Fact) -> Schema:
    known = shared("conditions", fact.name)
    return known if _is_fixed(fact) else {"anyOf": [known, {"$ref": "#/definitions/Condition"}]}


def _value(fact: Fact) -> Schema:
    known = [shared("labels", fact.name) if fact.labels else {"type": "number"}]
    return {"anyOf": known if _is_fixed(fact) else [*known, _ANY_VALUE]}


def _assume(assumption: Schema, facts: Mapping[str, Schema]) -> None:
    """An assumption is written as `fact: value`, beside its other keys."""
    others = {key: part for key, part in assumption["properties"].items() if key not in ("fact", "value")}
    del assumption["additionalProperties"]
    assumption |= {"properties": {**facts, **others}, "required": ["because"], "minProperties": 2}


def _words(pack: Pack, fact: Fact) -> Schema:
    labels = {"labels": as_keys(fact.labels)}
    return {**described(pack, fact.name), "allOf": [{"$ref": "#/definitions/FactWords"}], "properties": labels}
