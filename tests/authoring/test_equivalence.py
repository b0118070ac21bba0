"""A rule written otherwise is told from the rule exactly where some situation tells them apart: by brute force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_rules.authoring.variants import variants
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.equivalence import Telling, with_variant
from tests.authoring.test_exactness import (
    ENOUGH,
    Labels,
    Size,
    applied,
    assert_witness,
    edition_of,
    editions,
    exactly,
    situations,
    upstream,
)

SMALL = Size(facts=(2, 4), rules=(1, 5))
KINDS = {
    "without the condition on …",
    "… never …",
    "… …, too",
    "… … instead",
    "… for …",
    "without … in …",
}


def kind_of(change: str) -> str:
    return re.sub("`[^`]*`", "…", change)


def comes_to(decision: Decision, labels: Labels) -> list[tuple[tuple[str, str], ...]]:
    """What a person is told: all that is collected, or the one answer; nothing if there is no answer."""
    thens = sorted({tuple(sorted(decision.rules[index].then.items())) for index in applied(decision, labels)})
    return thens if decision.policy is Policy.COLLECT or len(thens) == 1 else []


def written_otherwise(edition: Edition) -> Iterator[tuple[Decision, int, list[tuple[str, Rule]]]]:
    for decision in edition.decisions:
        for index, rule in enumerate(decision.rules):
            yield decision, index, [*variants(edition, decision, rule)]


@pytest.mark.parametrize("policy", [*Policy])
def test_a_variant_is_told_exactly_where_some_situation_tells_it(policy: Policy) -> None:
    seen: set[tuple[str, bool]] = set()

    @settings(exactly, max_examples=60)
    @given(edition=editions(SMALL, last=policy))
    def look(edition: Edition) -> None:
        for decision, index, written in written_otherwise(edition):
            before = upstream(edition, set(decision.reads))
            met = [(labels, comes_to(decision, labels)) for labels in situations(edition, before)]
            telling = Telling(edition, decision, index, [variant for _, variant in written], Budget(ENOUGH))
            for change, variant in written:
                changed = with_variant(decision, index, variant)
                tells = any(comes_to(changed, labels) != said for labels, said in met)
                witness = telling.situation(variant)
                assert (witness is not None) == tells, (decision.name, index, change)
                for labels in assert_witness(edition, before, witness) if witness is not None else ():
                    assert comes_to(changed, labels) != comes_to(decision, labels)
                if decision is edition.decisions[-1]:
                    seen.add((kind_of(change), tells))

    look()
    assert seen == {(kind, tells) for kind in KINDS for tells in (True, False)}, "the editions drawn are too tame"


@settings(exactly, max_examples=30)
@given(edition=editions(SMALL), steps=st.integers(0, 40))
def test_a_budget_is_enough_or_nothing_is_said(edition: Edition, steps: int) -> None:
    for decision, index, written in written_otherwise(edition):
        rules = [variant for _, variant in written]
        for variant in rules:
            whole = Telling(edition, decision, index, rules, Budget(ENOUGH)).situation(variant)
            try:
                assert Telling(edition, decision, index, rules, Budget(steps)).situation(variant) == whole
            except UndecidedError:
                continue


def test_what_others_collect_in_any_case_does_not_tell() -> None:
    """One of two rules for `x` says `y`, which a third one says anyway."""
    box = {"f": frozenset({"v"})}
    saying = [Rule(f"own/a/{i}", box, {"a": label}, (), "", "", "inferred", (), ()) for i, label in enumerate("xxy")]
    decision = Decision("a", "?", Policy.COLLECT, {"a": {"x": "x", "y": "y"}}, tuple(saying), ("f",))
    variant = replace(saying[0], then={"a": "y"})
    for rules, told in ((saying, False), (saying[:2], True), ([saying[0], saying[2]], True)):
        left = replace(decision, rules=tuple(rules))
        telling = Telling(edition_of({"f": ("v", "w")}, [left], []), left, 0, [variant], Budget(ENOUGH))
        assert (telling.situation(variant) is not None) == told
