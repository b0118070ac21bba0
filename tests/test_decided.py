"""A dispute that is decided: what came of it, and nothing more about claims, proof and prospects."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.advice import WindowAdvice

DECIDED: dict[str, Any] = {"today": "2026-03-01", "price": "20.00", "shipping": "3.00", "stage": "decided"}
ADVISOR = dr.Advisor()
TOLD = [dr.Result.AS_CLAIMED, dr.Result.AS_OFFERED, dr.Result.OTHERWISE, dr.Result.NOTHING]


def advised(**facts: Any) -> dr.Advice:
    return ADVISOR.advise(DECIDED, **facts)


@pytest.mark.parametrize(("ground", "result"), list(product(dr.Ground, [None, *dr.Result])))
def test_nothing_is_left_to_prove(ground: dr.Ground, result: dr.Result | None) -> None:
    advice = advised(ground=ground, result=result, evidence=[])
    assert advice.result is (result or dr.Result.AS_EXPECTED)
    assert (advice.evidence, advice.prospects, advice.refund.recommended) == ((), None, None)
    assert advice.verdict is not None


@pytest.mark.parametrize(("ground", "result"), list(product(dr.Ground, TOLD)))
def test_nothing_is_left_to_claim_or_to_ask_where_it_is_told_how_it_ended(ground: dr.Ground, result: dr.Result) -> None:
    facts = {**DECIDED, "ground": ground, "result": result}
    advice = ADVISOR.advise(facts)
    assert (advice.claim, advice.extent, advice.alternatives, advice.questions) == (None, None, (), ())
    assert advice.settled
    assert ADVISOR.questions(facts) == ADVISOR.questions(facts, ["usability"]) == ()
    assert ADVISOR.interview(facts).question is None


def test_where_it_is_not_told_the_facts_that_bear_on_it_are_asked_for() -> None:
    advice = advised(ground="damaged")
    assert (advice.claim, advice.settled) == (dr.Claim.REFUND_ONLY, False)
    assert "usability" in [question.fact for question in advice.questions]


@pytest.mark.parametrize("stage", ["not_opened", "open", "mediation", "cancelled"])
def test_a_dispute_that_runs_has_no_result(stage: str) -> None:
    advice = ADVISOR.advise(DECIDED, ground="fake", stage=stage, offered="5", requested="7")
    assert (advice.result, advice.refund.granted) == (None, None)
    assert advice.evidence
    assert advice.claim


SOLVED: list[dict[str, Any]] = [
    {},
    {"evidence": [], "requested": 99},
    {"usability": "usable", "fault": "buyer"},
    {"shipped_on": "2026-02-27", "promised_by": "2026-04-01"},
    {"ordered_on": "2026-01-01", "protection_ends_on": "2026-03-20"},
    {"ordered_on": "2025-01-01", "usability": "unusable", "fault": "seller"},
]


@pytest.mark.parametrize(("ground", "more"), list(product(dr.Ground, SOLVED)))
def test_a_dispute_cancelled_as_solved_is_told_as_one_that_has_ended(ground: dr.Ground, more: dict[str, Any]) -> None:
    facts = {**DECIDED, "stage": "cancelled", "cancel_reason": "solved", "ground": ground, **more}
    advice = ADVISOR.advise(facts)
    assert advice.action is dr.Action.NONE
    assert (advice.claim, advice.extent, advice.verdict, advice.return_paid_by) == (None, None, None, None)
    assert (advice.prospects, advice.refund.recommended, advice.evidence, advice.warnings) == (None, None, (), ())
    assert (advice.window, advice.timeline) == (WindowAdvice(), ())
    assert (advice.alternatives, advice.questions, advice.settled) == ((), (), True)
    decided = {reason.decision for reason in advice.reasons}
    assert decided == {"window", "fault", "action"}
    assert len([reason for reason in advice.reasons if reason.decision == "action"]) == 1
    assert (ADVISOR.questions(facts), ADVISOR.changes(facts), ADVISOR.form(facts).fields) == ((), (), None)


@pytest.mark.parametrize("reason", ["promise", "other"])
def test_one_cancelled_for_another_reason_can_still_be_opened(reason: str) -> None:
    advice = advised(ground="damaged", stage="cancelled", cancel_reason=reason)
    assert (advice.action, advice.claim) == (dr.Action.OPEN_DISPUTE, dr.Claim.REFUND_ONLY)


@pytest.mark.parametrize("result", [None, *dr.Result])
def test_a_decided_dispute_has_no_window(result: dr.Result | None) -> None:
    days = {"ordered_on": "2026-01-01", "confirmed_on": "2026-01-05"}
    assert advised(ground="damaged", result=result, **days).window == WindowAdvice()


AMOUNTS = st.none() | st.integers(0, 2300).map(lambda cents: Decimal(cents).scaleb(-2))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    result=st.sampled_from(dr.Result),
    requested=AMOUNTS.filter(lambda amount: amount != 0) | st.just(Decimal(50)),
    offered=AMOUNTS,
)
def test_what_was_granted_is_what_the_facts_of_the_end_tell(
    result: dr.Result, requested: Decimal | None, offered: Decimal | None
) -> None:
    refund = advised(ground="damaged", result=result, requested=requested, offered=offered).refund
    claimed = None if requested is None else min(requested, Decimal(23))
    known = {dr.Result.AS_CLAIMED: claimed, dr.Result.AS_OFFERED: offered, dr.Result.NOTHING: Decimal(0)}
    assert refund.granted == known.get(result)


OPENED = {"on": "2026-02-01", "what": "opened", "requested": "20"}
OFFERED = {"on": "2026-02-03", "what": "seller_offered", "offered": "12"}
ACCEPTED = {"on": "2026-02-27", "what": "offer_accepted"}


def told(*events: dict[str, str]) -> dr.Advice:
    facts = {name: value for name, value in DECIDED.items() if name != "stage"}
    return ADVISOR.advise(facts, ground="damaged", events=events)


def test_an_accepted_offer_is_what_was_agreed() -> None:
    advice = told(OPENED, OFFERED, ACCEPTED)
    assert (advice.result, advice.refund.granted) == (dr.Result.AS_OFFERED, Decimal(12))
    assert advice.action is dr.Action.WAIT


def test_an_accepted_offer_says_itself_whether_the_goods_go_back() -> None:
    back = {**OFFERED, "offer_return": "seller_pays"}
    assert told(OPENED, back, ACCEPTED).action is dr.Action.RETURN_GOODS
    assert told(OPENED, back, {**OFFERED, "on": "2026-02-05"}, ACCEPTED).action is dr.Action.WAIT


def test_an_offer_that_was_not_accepted_is_not_what_was_granted() -> None:
    decided = {"on": "2026-02-27", "what": "decided", "result": "otherwise"}
    assert told(OPENED, OFFERED, decided).refund.granted is None


@pytest.mark.parametrize(("ground", "result"), list(product(dr.Ground, dr.Result)))
def test_no_warning_is_about_a_claim(ground: dr.Ground, result: dr.Result) -> None:
    """The words of these are about what can still be done."""
    after = {
        "decision_may_be_final",
        "decision_not_known",
        "refund_days_differ",
        "ship_back_in_time",
        "return_time_over",
        "other_route_days_differ",
        "other_route_may_not_help",
        "other_route_late",
    }
    variants: list[dict[str, Any]] = [
        {},
        {"usability": "usable"},
        {"fault": "buyer"},
        {"evidence": []},
        {"requested": 99},
    ]
    for more in variants:
        found = {notice.code for notice in advised(ground=ground, result=result, **more).warnings}
        assert found <= after, more


def test_money_that_has_come_ends_it() -> None:
    for result in (None, *TOLD[:3]):
        advice = advised(ground="damaged", result=result, refunded=True)
        assert (advice.action, advice.warnings) == (dr.Action.NONE, ())


def test_what_may_have_to_go_back_is_told_where_it_is_not_known() -> None:
    advice = advised(ground="damaged", result="otherwise")
    (taken,) = (each.because for each in advice.assumptions if each.fact == "return_required")
    assert "If they have, send them first" in taken
    (reason,) = (reason for reason in advice.reasons if "action" in reason.outcome)
    assert reason.facts["return_required"] == "false"
