"""JSON Schemas of rules and decisions, with which an editor completes and checks these files as they are written.

What a key means is taken from the models of `pack.files`; the names and labels that the pack knows are put in.
A schema never refuses what loading accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from dispute_rules.advice import COLLECTED, DECIDED
from dispute_rules.facts import YES_NO, Fact, Kind
from dispute_rules.pack.files import DecisionFile, RuleFile
from dispute_rules.pack.scope import NUMERIC, open_facts, output_labels
from dispute_rules.pack.written import Pack, WrittenDecision

Schema = dict[str, Any]
FACTS = "facts.json"
_TRUTH = "|".join("".join(f"[{c}{c.upper()}]" for c in word) for word in "true false yes no on off t f y n".split())
_VALUES: Mapping[Kind, Schema] = {  # of facts in an example, where numbers may be written as text
    Kind.YES_NO: {"anyOf": [{"type": "boolean"}, {"enum": [0, 1]}, {"type": "string", "pattern": f"^({_TRUTH}|0|1)$"}]},
    Kind.NUMBER: {"type": ["number", "string"]},
    Kind.COUNT: {"type": ["integer", "string"], "minimum": 1},
    Kind.AMOUNT: {"type": ["number", "string"], "minimum": 0},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.OTHER: {"type": "string"},
}


def facts_schema(pack: Pack) -> Schema:
    """What the others share: the labels of each fact, the conditions on it, the facts of an example, a citation."""
    facts = open_facts(pack.file, [decision.file for decision in pack.decisions], len(pack.decisions))
    values = {name: _value(pack, fact) for name, fact in pack.facts.items()}
    return {
        "labels": {name: label_of(fact.labels, _words(pack, name)) for name, fact in facts.items() if fact.labels},
        "conditions": {name: described(pack, name) | _condition(fact) for name, fact in facts.items()},
        "case": only(values) | {"required": ["ground"]},
        "citation": _citation(pack.file.sources),
    }


def rule_schema(pack: Pack, decision: WrittenDecision) -> Schema:
    """What the rules of a decision may say."""
    schema = form_of(RuleFile, f"a rule of {decision.name}")
    keys, examples = schema["properties"], schema["definitions"]["Example"]["properties"]
    facts = open_facts(pack.file, [each.file for each in pack.decisions], pack.decisions.index(decision))
    conditions = {name: shared("conditions", name) for name in facts}
    outputs = {name: label_of(words, words) for name, words in decision.file.outputs.items()}
    keys["when"] = _instead(keys["when"], only(conditions))
    keys["then"] = _instead(keys["then"], only(outputs) | {"required": list(outputs)})
    keys["unless"] = offered(keys["unless"], one_of(rule.name for rule in decision.rules))
    for name in ("source", "contradicts"):
        keys[name] = _with_leaves(keys[name], lambda _: shared("citation"))
    for name in ("case", "near"):
        examples[name] = _instead(examples[name], {"anyOf": [shared("case"), {"type": "null"}]})
    return schema | {"if": {"properties": {"basis": {"const": "inferred"}}}, "else": {"required": ["source"]}}


def decision_schema(pack: Pack) -> Schema:
    """What any `decision.yaml` of the pack may say."""
    schema = form_of(DecisionFile, "a decision")
    allowed = {name: output_labels(pack.file, name) for name in (*DECIDED, *COLLECTED)}
    schema["properties"]["outputs"]["properties"] = {name: as_keys(labels or ()) for name, labels in allowed.items()}
    schema["properties"]["better"]["properties"] = {name: _order(allowed[name] or ()) for name in DECIDED}
    return schema


def _order(labels: Iterable[str]) -> Schema:
    """Labels one after another, or lists of them."""
    label: Schema = {"enum": list(labels)}
    return {"type": "array", "items": {"anyOf": [label, {"type": "array", "items": label}]}}


def form_of(model: type[BaseModel], what: str) -> Schema:
    """The schema of a model; its title is what an editor shows beside a fault."""
    schema: Schema = _without_noise(model.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs", {})
    about = {"$schema": "http://json-schema.org/draft-07/schema#", "title": f"{what}, by dispute-rules editor"}
    return {**about, **schema, "definitions": definitions}


def shared(*path: str) -> Schema:
    """A part of `facts_schema`."""
    return {"$ref": "/".join((f"{FACTS}#", *path))}


def only(properties: Mapping[str, Schema]) -> Schema:
    """These keys and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def one_of(names: Iterable[str]) -> Schema:
    """One of the names, nothing if there are none: editors refuse an empty `enum`."""
    listed = list(names)
    return {"enum": listed} if listed else {"not": {}}


def label_of(labels: Iterable[str], words: Mapping[str, str]) -> Schema:
    """One of the labels, each shown with its words. Truth values may be written with or without quotes."""
    labels = list(labels)
    said: Schema = {"enum": [label == "true" if label in YES_NO else label for label in labels]}
    if words:
        said["enumDescriptions"] = [words.get(label, "") for label in labels]
    quoted = [label for label in labels if label in YES_NO]
    return {"anyOf": [said, {"type": "string", "pattern": f"^({'|'.join(quoted)})$"}]} if quoted else said


def as_keys(labels: Iterable[str]) -> Schema:
    """Labels with their words; any if there are none. Editors do not take the truth value `true` for the key "true"."""
    keys: dict[str, Schema] = {label: {} for label in labels}
    return {"properties": keys} if not keys or set(YES_NO) & keys.keys() else only(keys)


def on_labels(label: Schema) -> Schema:
    """The conditions on a fact with labels, given the schema of one label."""
    one_or_more = [label, {"type": "array", "items": label, "minItems": 1}]
    return {"anyOf": [*one_or_more, only({"not": {"anyOf": one_or_more}}) | {"required": ["not"]}]}


def on_numbers() -> Schema:
    """The conditions on a number."""
    return only({name: {"type": "number"} for name in ("at_least", "below")}) | {"minProperties": 1}


def offered(node: Schema, names: Schema) -> Schema:
    """A schema that offers names wherever one may stand, and refuses none."""
    made: Schema = _with_leaves(node, lambda leaf: {"anyOf": [names, leaf]})
    return made


def described(pack: Pack, name: str) -> Schema:
    """What a fact or an output is about."""
    told = [words.question for fact, words in pack.file.facts.items() if fact == name]
    told += [field.description for fact, field in pack.Case.model_fields.items() if fact == name]
    told += [decision.file.question for decision in pack.decisions if name in decision.file.outputs]
    return {"description": text} if (text := next(filter(None, told), None)) else {}


def _words(pack: Pack, name: str) -> Mapping[str, str]:
    outputs = {output: words for decision in pack.decisions for output, words in decision.file.outputs.items()}
    return pack.file.facts[name].labels if name in pack.file.facts else outputs.get(name, {})


def _condition(fact: Fact) -> Schema:
    return on_numbers() if fact.kind in NUMERIC else on_labels({"$ref": f"#/labels/{fact.name}"})


def _value(pack: Pack, fact: Fact) -> Schema:
    """The values of a fact in an example; null is unknown."""
    value = _VALUES.get(fact.kind) or {"$ref": f"#/labels/{fact.name}"}
    if fact.name == "evidence":
        kinds = [kind for decision in pack.decisions for kind in decision.file.outputs.get("evidence", ())]
        value = {"type": "array", "items": {"anyOf": [one_of(kinds), {"type": "string"}]}}
    required = pack.Case.model_fields[fact.name].is_required()
    return described(pack, fact.name) | {"anyOf": [value] if required else [value, {"type": "null"}]}


def _citation(sources: Iterable[str]) -> Schema:
    """A source, or a place in it."""
    names = list(sources)
    anchored = {"type": "string", "pattern": f"^({'|'.join(names)})#[A-Za-z0-9_.:-]+$"}
    return {"anyOf": [{"enum": names}, anchored]} if names else {"type": "string"}


def _instead(key: Schema, schema: Schema) -> Schema:
    return {"description": key["description"], **schema}


def _with_leaves(node: Any, make: Callable[[Schema], Schema]) -> Any:
    """A schema with something else wherever one name or citation may stand."""
    if isinstance(node, list):
        return [_with_leaves(part, make) for part in node]
    if not isinstance(node, dict):
        return node
    return make(node) if "pattern" in node else {key: _with_leaves(part, make) for key, part in node.items()}


def _without_noise(node: Any) -> Any:
    """Without defaults, and titles that repeat a name. A key that is called `title` has a schema, no text."""
    if isinstance(node, list):
        return [_without_noise(part) for part in node]
    if not isinstance(node, dict):
        return node
    noise = {"default", "title"} if isinstance(node.get("title", ""), str) else {"default"}
    return {name: _without_noise(part) for name, part in node.items() if name not in noise}
