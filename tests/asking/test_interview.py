"""An interview goes on until nothing is left to ask, takes nothing that does not fit, and can be taken up again."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from tests.asking.people import buyer
from tests.test_advice import FACTS, TODAY

STRANGE = ["", "maybe", -1, 3.5, [], {}, object(), float("nan"), "2026-13-45", "x" * 10_000]


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def interview(**facts: Any) -> dr.Interview:
    return advisor().interview({"today": TODAY, **facts})


def asked_for(talk: dr.Interview) -> str | None:
    return talk.question.fact if talk.question else None


def refused(talk: dr.Interview, value: object) -> tuple[dr.CaseError, tuple[Any, ...]]:
    """The error of an answer that changes nothing."""
    before = talk.facts, talk.asked, talk.question
    with pytest.raises(dr.CaseError) as error:
        talk.answer(value)
    assert (talk.facts, talk.asked, talk.question) == before
    return error.value, tuple((problem.place, problem.code, problem.help) for problem in error.value.problems)


def test_it_begins_with_the_ground_and_has_no_advice_before() -> None:
    talk = advisor().interview()
    assert asked_for(talk) == "ground"
    assert (talk.case, talk.advice, talk.settled, talk.facts, talk.asked) == (None, None, False, {}, [])


def test_a_fact_that_was_asked_for_twice_counts_once() -> None:
    talk = advisor().interview({"today": TODAY, "ground": "damaged"}, ["stage", "stage"])
    assert talk.asked == ["stage"]
    talk.back()
    assert (talk.asked, asked_for(talk)) == ([], "stage")


def test_answers_make_the_case_and_the_advice() -> None:
    talk = interview()
    talk.answer("damaged")
    assert talk.case == dr.Case(ground="damaged", today=TODAY)
    assert talk.advice == dr.advise(ground="damaged", today=TODAY)
    assert talk.question == dr.advise(ground="damaged", today=TODAY).questions[0]


def test_it_ends_when_the_advice_is_settled() -> None:
    talk = interview(ground="damaged")
    known = {"stage": "open", "usability": "unusable", "fault": "seller", "quantity_ordered": 1}
    while talk.question:
        assert not talk.settled
        talk.answer(known[talk.question.fact])
    assert talk.settled
    assert talk.asked == ["stage", "usability", "fault", "quantity_ordered"]


def test_what_is_given_at_first_is_not_asked_for() -> None:
    talk = advisor().interview(dr.Case(ground="fake", usability="usable"), today=TODAY, fault="seller")
    assert talk.facts == {"ground": "fake", "usability": "usable", "fault": "seller", "today": TODAY}
    while talk.question:
        assert talk.question.fact not in talk.facts
        talk.dont_know()


def test_what_is_not_known_is_not_asked_for_again() -> None:
    talk = interview(ground="damaged", stage="not_opened", confirmed=False)
    while talk.question:
        talk.dont_know()
    assert len(talk.asked) == len(set(talk.asked)) > 3
    assert not talk.settled
    assert talk.advice == dr.advise(talk.facts)


def test_without_a_ground_there_is_nothing_more_to_ask() -> None:
    talk = interview()
    talk.dont_know()
    assert (talk.question, talk.advice, talk.asked) == (None, None, ["ground"])


def test_back_asks_once_more() -> None:
    talk = interview()
    for step in ("damaged", "open", None):
        talk.answer(step) if step else talk.dont_know()
    path = [*talk.asked]
    for fact in reversed(path):
        talk.back()
        assert asked_for(talk) == fact
        assert fact not in talk.facts
    assert (talk.facts, talk.asked) == ({"today": TODAY}, [])


def test_before_the_first_question_there_is_no_way_back() -> None:
    talk = interview(ground="damaged")
    with pytest.raises(dr.CaseError) as error:
        talk.back()
    assert [problem.code for problem in error.value.problems] == ["usage"]
    assert talk.facts["ground"] == "damaged"


def test_when_it_is_over_nothing_can_be_answered() -> None:
    talk = interview()
    talk.dont_know()
    refused(talk, "damaged")
    with pytest.raises(dr.CaseError):
        talk.dont_know()
    talk.back()
    assert asked_for(talk) == "ground"


@pytest.mark.parametrize("value", [None, *STRANGE], ids=lambda value: repr(value)[:12])
def test_an_answer_that_does_not_fit_is_told_with_the_options(value: object) -> None:
    _, told = refused(interview(), value)
    assert {place for place, _, _ in told} <= {"ground", "case"}
    if isinstance(value, str):
        assert told == (("ground", "unknown-label", "one of " + ", ".join(f"`{ground}`" for ground in dr.Ground)),)


@pytest.mark.parametrize(
    ("known", "fact", "value", "named"),
    [
        ({"received": False}, "ground", "damaged", "ground, received"),
        ({"ground": "fake", "opened_on": TODAY}, "stage", "not_opened", "stage, opened_on"),
        ({"ground": "damaged", "quantity_ordered": 2}, "quantity_affected", 3, "quantity_affected"),
    ],
)
def test_an_answer_that_contradicts_others_is_told_with_both(known: Any, fact: str, value: object, named: str) -> None:
    talk = interview(**known)
    while asked_for(talk) != fact:
        talk.dont_know()
    error, told = refused(talk, value)
    assert (named, "contradiction") in [(place, code) for place, code, _ in told]
    assert all(name in str(error) for name in ("ordered", "affected") if "quantity" in fact)


def test_days_that_do_not_fit_one_another_are_told_with_both() -> None:
    talk = interview(ground="damaged", shipped_on="2026-02-10", confirmed=True)
    while asked_for(talk) != "confirmed_on":
        talk.dont_know()
    error, _ = refused(talk, "2026-02-01")
    assert "`confirmed_on` 2026-02-01 is before `shipped_on` 2026-02-10" in str(error)


@pytest.mark.parametrize("asked", ["ground", None, 3, ["colour"], [1], [["ground"]]])
def test_what_was_asked_is_checked(asked: Any) -> None:
    with pytest.raises(dr.CaseError):
        advisor().interview({"today": TODAY}, asked)
    with pytest.raises(dr.CaseError):
        advisor().questions({"today": TODAY}, asked)


def test_facts_that_do_not_fit_are_refused_at_the_beginning() -> None:
    with pytest.raises(dr.CaseError) as error:
        advisor().interview(usability="broken", colour="red", price=-1)
    assert {problem.place for problem in error.value.problems} == {"usability", "colour", "price"}


def test_a_whole_interview_can_be_taken_up_again_after_each_step() -> None:
    for seed in range(6):
        person = buyer(Random(seed))
        talk = advisor().interview(today=person["today"])
        while talk.question:
            talk.answer(person[talk.question.fact])
            facts, asked = json.loads(json.dumps([talk.facts, talk.asked]))
            talk = advisor().interview(facts, asked)
        assert talk.settled


@settings(max_examples=60, derandomize=True, deadline=None)
@given(data=st.data())
def test_whatever_is_said_the_interview_stays_sound(data: st.DataObject) -> None:
    talk = interview()
    for _ in range(data.draw(st.integers(0, 12))):
        fact = asked_for(talk)
        fitting = FACTS.get(fact or "", list(dr.Ground))
        said = data.draw(st.sampled_from(["answer", "answer", "answer", "dont_know", "back", "strange"]))
        with suppress(dr.CaseError):
            if said == "answer":
                talk.answer(data.draw(st.sampled_from(list(fitting))))
            elif said == "strange":
                talk.answer(data.draw(st.sampled_from(STRANGE)))
            else:
                getattr(talk, said)()
        assert asked_for(talk) not in talk.facts
        assert len(talk.asked) == len(set(talk.asked))
        facts, asked = json.loads(json.dumps([talk.facts, talk.asked]))
        again = advisor().interview(facts, asked)
        assert (again.facts, again.asked, again.question) == (talk.facts, talk.asked, talk.question)
