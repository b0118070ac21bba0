"""What suffices, what keeps rules off, and what several labels are called."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.engine.decide import Outcome
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Rule
from dispute_rules.pack.wording import Wording
from dispute_rules.reasoning.why import Supports, sufficient
from tests.conftest import MakePack

NAMES = "abcdef"


# --- the facts that suffice


def subsets(names: str) -> list[frozenset[str]]:
    return [frozenset(some) for some in chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))]


@given(sufficing=st.frozensets(st.sampled_from(subsets(NAMES))))
def test_what_suffices_does_and_nothing_less(sufficing: frozenset[frozenset[str]]) -> None:
    """Whatever suffices, also where two can be left out together and neither alone."""
    enough = sufficing | {frozenset(NAMES)}
    found = sufficient(NAMES, enough.__contains__)
    assert [some for some in enough if some <= found] == [found]


def test_what_is_asked_last_is_left_out_first() -> None:
    assert sufficient(NAMES, lambda kept: len(kept) >= 2) == {"a", "b"}


def test_one_that_was_needed_at_first_is_left_out_when_others_are() -> None:
    def suffice(kept: frozenset[str]) -> bool:
        return kept in [frozenset("abc"), frozenset("bc"), frozenset("b")]

    assert sufficient("abc", suffice) == {"b"}


def test_of_many_that_are_needed_not_every_combination_is_tried() -> None:
    tried: list[frozenset[str]] = []
    names = [f"n{number}" for number in range(30)]

    def suffice(kept: frozenset[str]) -> bool:
        tried.append(kept)
        return len(kept) == len(names)

    assert sufficient(names, suffice) == set(names)
    assert len(tried) == len(names)


# --- what keeps off the rules that would override one


def rule(name: str, box: Mapping[str, str], unless: tuple[int, ...] = ()) -> Rule:
    return Rule(
        name, {fact: frozenset(labels) for fact, labels in box.items()}, {}, unless, name, "", "inferred", (), ()
    )


def support(rules: list[Rule], labels: Mapping[str, str], applied: list[int], of: int) -> dict[str, tuple[str, ...]]:
    decision = Decision("d", "?", Policy.ANY, {}, tuple(rules), tuple(labels))
    outcome = Outcome(tuple(rules[index] for index in applied))
    return Supports(decision, outcome, labels, "abcd".index).of(rules[of])


def test_a_condition_of_its_own_that_keeps_another_off_is_enough() -> None:
    rules = [rule("other", {"a": "2", "b": "2"}), rule("this", {"b": "1"}, (0,))]
    assert support(rules, {"a": "1", "b": "1"}, [1], 1) == {"b": ("other",)}


def test_of_several_the_firmest_keeps_another_off() -> None:
    rules = [rule("other", {"c": "2", "b": "2"}), rule("this", {"d": "1"}, (0,))]
    assert support(rules, {"b": "1", "c": "1", "d": "1"}, [1], 1) == {"d": (), "b": ("other",)}


def test_what_keeps_one_off_keeps_off_others_if_it_can() -> None:
    rules = [rule("one", {"c": "2"}), rule("two", {"a": "2", "c": "2"}), rule("this", {}, (0, 1))]
    assert support(rules, {"a": "1", "c": "1"}, [2], 2) == {"c": ("one", "two")}
    turned = [rules[1], rules[0], rules[2]]
    assert support(turned, {"a": "1", "c": "1"}, [2], 2) == {"c": ("one", "two")}


def test_what_overrides_the_other_stands_in_for_it() -> None:
    rules = [rule("first", {"a": "1"}), rule("other", {"b": "1"}, (0,)), rule("this", {"c": "1"}, (1,))]
    assert support(rules, {"a": "1", "b": "1", "c": "1"}, [0, 2], 2) == {"c": (), "a": ("other",)}


# --- words


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["..3"], "below 3"),
        (["3..24.5"], "at least 3 and below 24.5"),
        (["24.5.."], "at least 24.5"),
        (["..3", "3..24.5"], "below 24.5"),
        (["..3", "24.5.."], "below 3 or at least 24.5"),
    ],
)
def test_ranges_that_follow_one_another_are_one(labels: list[str], words: str, make_pack: MakePack) -> None:
    assert wording(make_pack).any_of("age_months", labels) == words


@pytest.mark.parametrize(
    ("name", "labels", "words"),
    [
        ("colour", ["red"], "“Red”"),
        ("colour", ["red", "blue"], "anything but “Green”"),
        ("gift", ["true"], "“Yes”"),
        ("received", ["false"], "“No”"),
        ("window", ["closed"], "“It is too late”"),
        ("verdict", ["none", "no_refund"], "“Nothing” or “No complaint, so no verdict”"),
        ("verdict", ["none", "no_refund", "partial_refund"], "anything but “All of it”"),
        ("verdict", ["none", "no_refund", "partial_refund", "full_refund"], None),
    ],
)
def test_several_labels_in_words(name: str, labels: list[str], words: str | None, make_pack: MakePack) -> None:
    every = "“All of it” or “A part of it” or “Nothing” or “No complaint, so no verdict”"
    assert wording(make_pack).any_of(name, labels) == (words or every)


@pytest.mark.parametrize(
    ("name", "question", "label", "words"),
    [
        ("usability", "Can it be used?", "impaired", "In part"),
        ("window", "Can a complaint be made?", "open", "It can"),
        ("gift", "Was it a gift?", "false", "No"),
        ("handed_over_on", "handed_over_on", "2026-03-01", "2026-03-01"),
        ("shipping", "shipping", "12", "12"),
        ("age_months", "How many months old is it?", "..3", "below 3"),
        ("age_months", "How many months old is it?", "2", "2"),
        ("last_complaint", "On which day was it handed over?", "ahead", "ahead"),
    ],
)
def test_questions_and_answers(name: str, question: str, label: str, words: str, make_pack: MakePack) -> None:
    assert (wording(make_pack).question(name), wording(make_pack).answer(name, label)) == (question, words)


def wording(make_pack: MakePack) -> Wording:
    pack = dr.load_pack(make_pack())
    return Wording(edition_on(pack, pack.starts[-1]))
