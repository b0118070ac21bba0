"""The questions of the shipped packs: what they say is true, and truthful answers lead where all facts lead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.advice import Question
from dispute_rules.pack.edition import edition_on
from tests.asking.people import Person, buyer, phone_buyer
from tests.test_advice import FACTS, FINAL, TODAY, final, partial_cases

PHONE_SHOP = Path(__file__).parents[2] / "examples" / "phone-shop" / "phone_shop"
PEOPLE = {"aliexpress": buyer, str(PHONE_SHOP): phone_buyer}
each_pack = pytest.mark.parametrize("pack", PEOPLE, ids=lambda pack: Path(pack).name)


@cache
def advisor(pack: str = "aliexpress") -> dr.Advisor:
    return dr.Advisor(pack)


def advised(facts: Mapping[str, Any]) -> dr.Advice | None:
    try:
        return advisor().advise(facts)
    except dr.CaseError:
        return None


def asked(**facts: Any) -> list[str]:
    return [question.fact for question in advisor().questions(facts, today=TODAY)]


def question(fact: str, not_known: Collection[str] = (), **facts: Any) -> Question:
    found = {each.fact: each for each in advisor().questions({"today": TODAY, **facts}, not_known)}
    return found[fact]


def people(pack: str, count: int) -> Iterator[Person]:
    for seed in range(count):
        yield PEOPLE[pack](Random(seed))


def answered(pack: str, person: Person, unsaid: Collection[str] = ()) -> tuple[dict[str, Any], list[str]]:
    """The facts that a person is asked for and tells, and all that were asked for."""
    facts: dict[str, Any] = {"today": person["today"]}
    met: list[str] = []
    while questions := advisor(pack).questions(facts, [fact for fact in met if fact not in facts]):
        fact = questions[0].fact
        assert fact not in met, "asked for a second time"
        met.append(fact)
        facts |= {fact: person[fact]} if fact in person and fact not in unsaid else {}
    return facts, met


# --- truthful answers


@each_pack
def test_truthful_answers_settle_the_case_as_all_facts_do(pack: str) -> None:
    for person in people(pack, 150):
        facts, _ = answered(pack, person)
        short, full = advisor(pack).advise(facts), advisor(pack).advise(person)
        assert (short.settled, full.settled) == (True, True), person
        assert final(short) == final(full), person


@each_pack
def test_nobody_is_asked_what_cannot_be_said(pack: str) -> None:
    for person in people(pack, 150):
        assert set(answered(pack, person)[1]) <= person.keys()


@each_pack
def test_few_of_the_facts_are_asked_for(pack: str) -> None:
    counts = [len(answered(pack, person)[1]) for person in people(pack, 60)]
    assert max(counts) <= 12
    assert sum(counts) / len(counts) < 7


@each_pack
@pytest.mark.parametrize("seed", range(8))
def test_who_does_not_know_something_is_not_asked_again_and_comes_to_an_end(pack: str, seed: int) -> None:
    random = Random(seed)
    for person in people(pack, 12):
        unsaid = {fact for fact in person if random.random() < 0.4} - {"ground", "today"}
        facts, met = answered(pack, person, unsaid)
        assert len(met) == len(set(met))
        advice = advisor(pack).advise(facts)
        assert final(advisor(pack).advise(person)) in {final(advice), *map(final, advice.alternatives)}


# --- settled


@settings(max_examples=250, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS), data=st.data())
def test_a_fact_less_never_makes_a_case_more_settled(facts: dict[str, Any], data: st.DataObject) -> None:
    told = sorted(facts.keys() - {"ground", "today"})
    less = {name: value for name, value in facts.items() if not told or name != data.draw(st.sampled_from(told))}
    advice, before = advised(less), advised(facts)
    if advice and before and advice.settled:
        assert before.settled
        assert final(before) == final(advice)


@pytest.mark.parametrize(
    ("known", "more"),
    [
        ({"shipped_on": "2025-06-01"}, {"protection_ends_on": "2026-03-20"}),
        ({"shipped_on": "2026-02-01"}, {"protection_ends_on": "2026-02-10"}),
        ({"received_on": "2026-02-05"}, {"protection_ends_on": "2026-02-10"}),
    ],
)
def test_a_day_that_only_stands_in_for_another_settles_nothing(known: Any, more: Any) -> None:
    facts = {"ground": "damaged", "usability": "unusable", "fault": "seller", "stage": "not_opened", "confirmed": False}
    facts |= {"quantity_ordered": 1, "today": TODAY}
    before, after = advisor().advise(facts, **known), advisor().advise(facts, **known, **more)
    assert (before.settled, after.settled) == (False, True)
    assert final(before) != final(after)
    assert [each.fact for each in before.questions] == ["protection_ends_on"]
    assert final(after) in map(final, before.alternatives)


def test_a_day_that_stands_in_for_another_settles_where_that_cannot_matter() -> None:
    facts = {"ground": "damaged", "usability": "unusable", "fault": "seller", "stage": "not_opened", "confirmed": False}
    facts |= {"quantity_ordered": 1, "ordered_on": "2026-02-20", "shipped_on": "2026-02-21", "today": TODAY}
    assert advisor().advise(facts).settled


# --- what an answer leads to


@settings(max_examples=120, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_an_answer_leads_to_the_advice_with_that_answer(facts: dict[str, Any]) -> None:
    for each in advice.questions if (advice := advised(facts)) else ():
        for lead in each.leads_to:
            if each.kind in ("label", "yes_no"):
                then = advised({**facts, **lead.facts})
                assert then is not None, (each.fact, lead.facts)
                assert (final(then), then.settled) == (final(lead), lead.settled), (each.fact, lead.facts)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_a_label_that_is_worked_out_leads_to_what_the_rules_say_of_it(facts: dict[str, Any]) -> None:
    if advised(facts):
        case = advisor().case(facts)
        assert case.today
        desk = advisor()._desk(edition_on(advisor().pack, case.today))
        known = desk.settle(case, case.today).known
        for each in advisor().questions(facts):
            for lead in each.leads_to:
                told = {**known.told, **lead.facts}
                then = desk._answerer.settle(told, known.uncertain - lead.facts.keys(), known.given | lead.facts.keys())
                assert {name: then.labels[name] for name in FINAL} == lead.outcome


def test_a_case_that_an_option_makes_impossible_is_not_an_option() -> None:
    assert [option.value for option in question("ground", received=False).options] == [
        "not_arrived",
        "wrong_delivery_method",
        "buyer_mistake",
        "found_cheaper",
        "no_longer_needed",
    ]
    assert "not_opened" not in [option.value for option in question("stage", ground="fake", opened_on=TODAY).options]


@settings(max_examples=80, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_every_option_can_be_said(facts: dict[str, Any]) -> None:
    for each in advice.questions if (advice := advised(facts)) else ():
        for option in each.options:
            assert advised({**facts, each.fact: option.value}) is not None, (each.fact, option)


# --- which fact


def test_without_a_ground_that_is_the_only_question() -> None:
    (only,) = advisor().questions(today=TODAY)
    assert (only.fact, only.kind) == ("ground", "label")
    assert [option.value for option in only.options] == list(dr.Ground)
    assert only.options[0].text == "It did not arrive"
    assert [dict(lead.facts) for lead in only.leads_to] == [{"ground": ground} for ground in dr.Ground]
    for lead in only.leads_to:
        assert final(lead) == final(advisor().advise(lead.facts, today=TODAY))
    assert advisor().questions(None, ["ground"]) == ()


def test_the_questions_are_those_of_the_advice() -> None:
    facts = {"ground": "fake", "usability": "usable", "today": TODAY}
    assert advisor().questions(facts) == advisor().advise(facts).questions
    assert advisor().questions(dr.Case(**facts)) == advisor().questions(**facts)


@pytest.mark.parametrize(
    ("day", "fact"), [("confirmed_on", "confirmed"), ("received_on", "received"), ("shipped_on", "shipped")]
)
def test_whether_something_happened_is_asked_before_the_day(day: str, fact: str) -> None:
    facts = {"ground": "found_cheaper", "free_return": True, "returnable": True}
    before = asked(**facts) if day != "shipped_on" else asked(ground="not_arrived", tracking="in_transit")
    assert fact in before
    assert day not in before
    known = {"ground": "found_cheaper", "free_return": True, "returnable": True, "shipped": True}
    if day != "shipped_on":
        assert day in asked(**known, **{fact: True})
        assert not {day, fact} & set(asked(**known, **{fact: False}))


def test_what_would_tell_the_same_is_asked_for_instead_of_what_is_not_known() -> None:
    facts = {"ground": "damaged", "usability": "unusable", "fault": "seller", "stage": "not_opened", "confirmed": False}
    facts |= {"quantity_ordered": 1, "today": TODAY}
    met: list[str] = []
    while found := advisor().questions(facts, met):
        met += [each.fact for each in found]
    assert met == ["protection_ends_on", "shipped_on", "received_on", "promised_by"]
    told = question("shipped_on", met[:1], **facts)
    assert [dict(lead.facts) for lead in told.leads_to] == [
        {"window_after_protection": "ahead"},
        {"window_after_protection": "passed"},
    ]


def test_of_one_piece_ordered_it_is_not_asked_how_many_are_affected() -> None:
    assert "quantity_ordered" in asked(ground="damaged")
    assert not {"quantity_ordered", "quantity_affected"} & set(asked(ground="damaged", quantity_ordered=1))
    assert "quantity_affected" in asked(ground="damaged", quantity_ordered=2)


def test_a_question_says_how_it_is_answered_and_what_it_decides() -> None:
    kinds = {each.fact: each.kind for each in advisor().questions(ground="damaged", confirmed=True, today=TODAY)}
    assert kinds == {
        "stage": "label",
        "usability": "label",
        "fault": "label",
        "quantity_ordered": "count",
        "protection_ends_on": "date",
        "confirmed_on": "date",
    }
    told = question("protection_ends_on", ground="damaged")
    assert told.text == "On which day does the buyer protection of the order end?"
    assert told.because == ("Can a dispute be opened today?",)
    assert told.options == ()
    assert [lead.text for lead in told.leads_to] == [
        "Not so long ago that the window has closed",
        "So long ago that the window has closed",
    ]


def test_the_order_is_the_same_in_every_run() -> None:
    first = [each.fact for each in dr.Advisor().questions(ground="poor_quality", today=TODAY)]
    assert first == asked(ground="poor_quality")
