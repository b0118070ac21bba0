"""The packs that come with the library answer every situation, as their examples say, with both engines alike."""

from __future__ import annotations

import dataclasses
import random
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice, product
from math import prod
from pathlib import Path
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.engine import EngineName, make_engine
from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.files import RuleFile
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.model import Box, Decision, Edition
from dispute_rules.pack.written import Pack

TODAY = date(2026, 6, 1)  # for examples that do not say which day it is
MOST_SITUATIONS, SAMPLE = 30_000, 3_000
ENGINES: tuple[EngineName, ...] = ("reference", "durable") if sys.version_info < (3, 13) else ("reference",)

PACKS: Mapping[str, Pack] = {name: load_pack(name) for name in shipped_packs()}
RULES: Mapping[str, RuleFile] = {
    f"{pack.name}/{decision.name}/{rule.name}": rule.file
    for pack in PACKS.values()
    for decision in pack.decisions
    for rule in decision.rules
}
EDITIONS: Mapping[str, Edition] = {
    f"{pack.name} of {day}": edition_on(pack, day) for pack in PACKS.values() for day in pack.starts
}
DECISIONS: Mapping[str, tuple[Edition, Decision]] = {
    f"{name}: {decision.name}": (edition, decision)
    for name, edition in EDITIONS.items()
    for decision in edition.decisions
}
ANY = {name: at for name, at in DECISIONS.items() if at[1].policy is Policy.ANY}


@cache
def advisor(pack: str) -> dr.Advisor:
    return dr.Advisor(PACKS[pack])


def test_the_packs_that_are_promised_are_there() -> None:
    assert "aliexpress" in shipped_packs()


def test_a_shipped_pack_has_the_name_by_which_it_is_loaded() -> None:
    assert {name: pack.name for name, pack in PACKS.items()} == {name: name for name in PACKS}


# --- examples


@pytest.mark.parametrize("name", RULES)
def test_a_rule_shows_what_it_decides_and_what_it_does_not(name: str) -> None:
    kinds = {"near" if example.case is None else "case" for example in RULES[name].examples}
    assert kinds == {"case", "near"}


@pytest.mark.parametrize("name", RULES)
def test_the_examples_of_a_rule_come_out(name: str) -> None:
    wrong = [
        example.facts for example in RULES[name].examples if decides(name, example.facts) is (example.case is None)
    ]
    assert wrong == []


def decides(name: str, facts: Mapping[str, Any]) -> bool:
    """Whether the rule is among the reasons of the advice."""
    rule = RULES[name]
    today = rule.until or max(TODAY, rule.from_ or TODAY)
    advice = advisor(name.split("/", maxsplit=1)[0]).advise({"today": today, **facts})
    return name in {reason.rule for reason in advice.reasons}


# --- every situation is decided


@pytest.mark.parametrize("name", ANY)
def test_every_situation_is_decided_and_by_rules_that_agree(name: str) -> None:
    edition, decision = ANY[name]
    witnesses = list(islice(undecided(edition, decision), 5))
    assert witnesses == []


Bits = int


def undecided(edition: Edition, target: Decision) -> Iterator[tuple[Mapping[str, str], list[str]]]:
    """Situations in which no rule applies or those that do disagree, one for each set of rules that match.

    All situations are walked at once, fact by fact; those in which the same rules can still match go on as one.
    """
    steps = [*earlier(edition, target), target]
    boxes = [rule.box for decision in steps for rule in decision.rules]
    impossible = [entry.box for entry in edition.barred if entry.given is None]
    everywhere = [*boxes, *impossible]
    places: dict[Bits, Mapping[str, str]] = {(1 << len(everywhere)) - 1: {}}
    start = 0
    for decision in steps:
        facts = dict.fromkeys(name for name in decision.reads if name in edition.facts)
        facts |= dict.fromkeys(name for box in impossible for name in box) if decision is target else {}
        for fact in facts:
            if not all(fact in witness for witness in places.values()):
                places = after_fact(places, fact, edition.facts[fact].labels, everywhere)
        onward: dict[Bits, Mapping[str, str]] = {}
        for alive, witness in places.items():
            matching = [i for i in range(len(decision.rules)) if alive >> (start + i) & 1]
            applied = [decision.rules[i] for i in applying(decision, matching)]
            if decision is target and not agree(applied) and not alive >> len(boxes):
                yield witness, [rule.name for rule in applied]
            if decision is not target and agree(applied):
                settled = alive & ~(((1 << len(decision.rules)) - 1) << start)
                for output, label in applied[0].then.items():
                    settled &= accepting(everywhere, output, label)
                onward.setdefault(settled, witness)
        places, start = onward, start + len(decision.rules)


def earlier(edition: Edition, target: Decision) -> list[Decision]:
    """The decisions that the target rests on, in their order."""
    wanted, found = set(target.reads), []
    for decision in reversed(edition.decisions[: edition.decisions.index(target)]):
        if decision.policy is Policy.ANY and wanted & decision.outputs.keys():
            wanted |= set(decision.reads)
            found.append(decision)
    return found[::-1]


def after_fact(
    places: Mapping[Bits, Mapping[str, str]], fact: str, labels: tuple[str, ...], boxes: list[Box]
) -> dict[Bits, Mapping[str, str]]:
    found: dict[Bits, Mapping[str, str]] = {}
    surviving = {label: accepting(boxes, fact, label) for label in labels}
    for alive, witness in places.items():
        for label, bits in surviving.items():
            if alive & bits not in found:
                found[alive & bits] = {**witness, fact: label}
    return found


def accepting(boxes: list[Box], fact: str, label: str) -> Bits:
    return sum(1 << i for i, box in enumerate(boxes) if fact not in box or label in box[fact])


@pytest.mark.parametrize("name", ANY)
def test_a_gap_would_be_found(name: str) -> None:
    edition, target = ANY[name]
    narrow = dataclasses.replace(target, rules=(dataclasses.replace(target.rules[0], unless=()),))
    assert any(rules == [] for _, rules in undecided(*instead(edition, target, narrow)))


@pytest.mark.parametrize("name", ANY)
def test_a_conflict_would_be_found(name: str) -> None:
    edition, target = ANY[name]
    always = dataclasses.replace(
        target.rules[0], name="always", box={}, unless=(), then=dict.fromkeys(target.outputs, "?")
    )
    crowded = dataclasses.replace(target, rules=(*target.rules, always))
    assert any(len(rules) > 1 for _, rules in undecided(*instead(edition, target, crowded)))


def instead(edition: Edition, old: Decision, new: Decision) -> tuple[Edition, Decision]:
    decisions = tuple(new if decision is old else decision for decision in edition.decisions)
    return dataclasses.replace(edition, decisions=decisions), new


# --- both engines


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", DECISIONS)
def test_an_engine_finds_the_rules_whose_labels_fit(name: str, engine: EngineName) -> None:
    edition, decision = DECISIONS[name]
    made = make_engine(engine, decision.rules)
    wrong = [labels for labels in situations(edition, decision) if made.matching(labels) != fitting(decision, labels)]
    assert wrong[:3] == []


def fitting(decision: Decision, labels: Mapping[str, str]) -> frozenset[int]:
    """Which rules match, said differently from the engines."""
    missed = {i for i, rule in enumerate(decision.rules) for fact in rule.box if not {labels[fact]} & rule.box[fact]}
    return frozenset(range(len(decision.rules))) - missed


def situations(edition: Edition, decision: Decision) -> Iterator[dict[str, str]]:
    """All combinations of the labels that a decision reads; some of them if they are too many."""
    outputs = {name: tuple(labels) for d in edition.decisions for name, labels in d.outputs.items()}
    labels = [edition.facts[name].labels if name in edition.facts else outputs[name] for name in decision.reads]
    if prod(map(len, labels)) <= MOST_SITUATIONS:
        for some in product(*labels):
            yield dict(zip(decision.reads, some, strict=True))
        return
    chance = random.Random(decision.name)
    for _ in range(SAMPLE):
        yield {name: chance.choice(some) for name, some in zip(decision.reads, labels, strict=True)}
    for rule in decision.rules:  # near each rule, where a sample by chance seldom comes
        fitted = {
            name: chance.choice(sorted(rule.box.get(name, some)))
            for name, some in zip(decision.reads, labels, strict=True)
        }
        yield fitted
        for name, some in zip(decision.reads, labels, strict=True):
            yield fitted | {name: chance.choice(some)}


# --- what a person reads


@pytest.mark.parametrize("name", PACKS)
def test_no_file_names_a_place_on_somebodys_machine(name: str) -> None:
    folder = Path(__file__).parents[1] / "rules" / name
    texts = {path: path.read_text() for path in folder.rglob("*") if path.is_file()}
    places = re.compile(r"(?<![\w/.:])(/(work|home|root|tmp|Users|mnt|opt)/|[A-Z]:\\|file://|localhost)")
    assert [str(path) for path, text in texts.items() if places.search(text)] == []


@pytest.mark.parametrize("name", RULES)
def test_a_reason_is_a_whole_sentence(name: str) -> None:
    because = RULES[name].because
    assert because[0].isupper()
    assert because.endswith(".")
