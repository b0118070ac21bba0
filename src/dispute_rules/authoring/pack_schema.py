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
    shared,
)
from dispute_rules.facts import STANDARD, YES_NO, Fact, Kind
from dispute_rules.pack.files import PackFile
from dispute_rules.pack.model import PROOF
from dispute_rules.pack.scope import NUMERIC, RECOMMENDED, base_facts, case_facts
from dispute_rules.pack.written import Pack

_ANY_LABEL: Schema = {"anyOf": [label_of(YES_NO, {}), {"type": "string"}]}
_ANY_CONDITION: Schema = {"anyOf": [on_labels(_ANY_LABEL), on_numbers()]}
_ANY_VALUE: Schema = {"anyOf": [_ANY_LABEL, {"type": "number"}]}


def pack_schema(pack: Pack) -> Schema:
    """What `pack.yaml` may say."""
    schema = form_of(PackFile, "pack.yaml")
    definitions = schema["definitions"]
    for (holder, key), names in _offers(pack.file).items():
        keys = (definitions[holder] if holder else schema)["properties"]
        keys[key] = offered(keys[key], names)
    facts = base_facts(pack.file)
    definitions["Condition"] = _ANY_CONDITION
    definitions["When"] = {"properties": {name: _condition(fact) for name, fact in facts.items()}}
    for holder in ("Assumption", "Impossible"):
        definitions[holder]["properties"]["when"] |= {"allOf": [{"$ref": "#/definitions/When"}]}
    _assume(definitions["Assumption"], {name: described(pack, name) | _value(fact) for name, fact in facts.items()})
    schema["properties"]["facts"]["properties"] = {name: _words(pack, fact) for name, fact in STANDARD.items()}
    return schema


def _offers(file: PackFile) -> Mapping[tuple[str, str], Iterable[str]]:
    """The names that are offered, by the model and its key."""
    kinds = {name: fact.kind for name, fact in case_facts(file).items()}
    amounts = [*(name for name, kind in kinds.items() if kind in NUMERIC), *file.amounts, RECOMMENDED]
    days = [*(name for name, kind in kinds.items() if kind is Kind.DATE), *file.dates]
    return {
        ("", "decisions"): file.decisions,
        ("ParameterValue", "source"): file.sources,
        ("Span", "after"): days,
        ("Span", "days"): file.parameters,
        **{("AmountSpec", key): amounts for key in ("sum", "first", "least")},
        ("AmountSpec", "source"): file.sources,
        **{("Part", key): amounts for key in ("of", "times", "per")},
        **{("ComparisonSpec", key): [*amounts, *file.dates] for key in ("compare", "with")},
        **{(holder, "given"): kinds for holder in ("Assumption", "Impossible")},
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
    others = {key: assumption["properties"][key] for key in ("when", "given", "because")}
    del assumption["additionalProperties"]
    assumption |= {"properties": {**facts, **others}, "required": ["because"], "minProperties": 2}


def _words(pack: Pack, fact: Fact) -> Schema:
    labels = {"labels": as_keys(fact.labels)}
    return {**described(pack, fact.name), "allOf": [{"$ref": "#/definitions/FactWords"}], "properties": labels}
