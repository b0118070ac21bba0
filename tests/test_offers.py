"""Offers of the seller: what is accepted and what is declined, over every offer there can be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.engine.decide import applying
from dispute_rules.pack.edition import edition_on
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.sweep import sweep

TODAY = "2026-03-01"
SHARED: dict[str, Any] = {"today": TODAY, "price": "20.00", "shipping": "0", "stage": "open"}
EXPECTED: dict[str, dict[str, Any]] = {
    "money": {"ground": "damaged", "usability": "unusable"},
    "part": {"ground": "wrong_quantity", "quantity_ordered": 4, "quantity_affected": 1},
    "return_by_seller": {"ground": "not_as_described", "usability": "usable", "wants_to_keep": False},
    "return_by_buyer": {"ground": "no_longer_needed"},
    "nothing": {"ground": "damaged", "fault": "buyer"},
}
WANTED = {"money": "20.00", "part": "5.00", "return_by_seller": "20.00", "return_by_buyer": "20.00", "nothing": "20.00"}
DEARER = {"none": 0, "seller_pays": 1, "buyer_pays": 2}
BEARABLE = {"money": 0, "part": 0, "return_by_seller": 1, "return_by_buyer": 2}


def advised(expected: str, offered: Decimal, offer_return: str, **facts: Any) -> dr.Action:
    case = {**SHARED, **EXPECTED[expected], "offered": offered, "offer_return": offer_return, **facts}
    return dr.advise(case).action


def is_taken(expected: str, offered: Decimal, offer_return: str) -> bool:
    """What a good adviser would say, written apart from the rules."""
    enough = offered >= Decimal(WANTED[expected])
    if not offered:
        return False
    if expected == "nothing":
        return offer_return == "none" or enough
    return enough and DEARER[offer_return] <= BEARABLE[expected]


@pytest.mark.parametrize(("expected", "offer_return"), list(product(EXPECTED, dr.OfferReturn)))
def test_an_offer_is_taken_where_it_reaches_what_is_expected(expected: str, offer_return: str) -> None:
    for cents in ("0", "0.01", "4.99", "5.00", "5.01", "19.99", "20.00"):
        taken = is_taken(expected, Decimal(cents), offer_return)
        action = dr.Action.ACCEPT_OFFER if taken else dr.Action.DECLINE_OFFER
        assert advised(expected, Decimal(cents), offer_return) is action, cents


@pytest.mark.parametrize(("expected", "offer_return"), list(product(EXPECTED, dr.OfferReturn)))
def test_more_money_never_turns_an_offer_down(expected: str, offer_return: str) -> None:
    actions = [advised(expected, Decimal(cents) / 100, offer_return) for cents in range(0, 2001, 100)]
    assert actions == sorted(actions, key=lambda action: action is dr.Action.ACCEPT_OFFER)


def test_a_return_that_need_not_be_paid_counts_for_the_offer_where_the_buyer_would_pay_it() -> None:
    taken = {
        cents: advised("return_by_buyer", Decimal(cents), "none", return_cost="4.00") is dr.Action.ACCEPT_OFFER
        for cents in ("15.99", "16.00", "20.00")
    }
    assert taken == {"15.99": False, "16.00": True, "20.00": True}
    assert advised("money", Decimal(16), "none", return_cost="4.00") is dr.Action.DECLINE_OFFER


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def cents(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most).map(lambda number: Decimal(number).scaleb(-2))


@st.composite
def offers(draw: st.DrawFn) -> dict[str, Any]:
    """An open dispute with an offer, of amounts so small that equal ones are met."""
    price, shipping = draw(cents(12)) + Decimal("0.01"), draw(cents(2))
    facts = {
        **SHARED,
        **EXPECTED[draw(st.sampled_from(sorted(EXPECTED)))],
        "price": price,
        "shipping": shipping,
        "offered": min(draw(cents(15)), price + shipping),
        "offer_return": draw(st.sampled_from(dr.OfferReturn)),
        "stage": draw(st.sampled_from(("open", "mediation"))),
    }
    asked = cents(20).filter(bool)  # nobody claims nothing
    optional = {"return_cost": draw(st.none() | cents(20)), "requested": draw(st.none() | asked)}
    return facts | {name: value for name, value in optional.items() if value is not None}


def sure(advice: dr.Advice, facts: dict[str, Any]) -> Decimal:
    """What the expected result leaves of the money at least: nobody has to send goods back at a loss."""
    if advice.verdict is dr.Verdict.NO_REFUND:
        return Decimal(0)
    amounts = [advice.refund.cap, advice.refund.recommended, facts.get("requested")]
    goal = min(amount for amount in amounts if amount is not None)
    at_own_cost = advice.verdict is dr.Verdict.FULL_REFUND_RETURN_BUYER_PAYS
    return max(goal - facts.get("return_cost", 0), Decimal(0)) if at_own_cost else goal


@settings(max_examples=300, derandomize=True, deadline=None)
@given(facts=offers())
def test_no_offer_is_taken_that_leaves_less_than_what_is_expected(facts: dict[str, Any]) -> None:
    advice = advisor().advise(facts)
    postage = facts.get("return_cost", Decimal(0)) if facts["offer_return"] is dr.OfferReturn.BUYER_PAYS else 0
    left = facts["offered"] - postage
    if advice.action is dr.Action.ACCEPT_OFFER:
        assert left > 0
        assert left >= sure(advice, facts)
    else:
        assert advice.action is dr.Action.DECLINE_OFFER
        assert not facts["offered"] or facts["offer_return"] is not dr.OfferReturn.NONE or left < sure(advice, facts)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(facts=offers())
def test_no_amount_is_above_what_was_paid(facts: dict[str, Any]) -> None:
    refund = advisor().advise(facts).refund
    assert refund.cap == facts["price"] + facts["shipping"]
    assert refund.recommended is None or refund.recommended <= refund.cap


def test_a_return_that_costs_more_than_is_offered_is_never_taken() -> None:
    """However it was asked: found by a newcomer, as all that follows up to the next line."""
    facts = {"price": "28.00", "offered": "28.00", "offer_return": "buyer_pays", "return_cost": "100"}
    for expected, ask in product(EXPECTED, [{}, {"requested": "10"}]):
        assert dr.advise(SHARED, **{**EXPECTED[expected], **facts, **ask}).action is dr.Action.DECLINE_OFFER


@pytest.mark.parametrize("stage", ["not_opened", "cancelled"])
def test_a_dispute_for_a_return_that_costs_more_than_it_brings_is_not_opened(stage: str) -> None:
    advice = dr.advise(SHARED, **EXPECTED["return_by_buyer"], return_cost="20.00", stage=stage)
    assert (advice.action, advice.claim) == (dr.Action.NONE, None)
    worth = dr.advise(SHARED, **EXPECTED["return_by_buyer"], return_cost="19.99", stage=stage)
    assert (worth.action, worth.claim) == (dr.Action.OPEN_DISPUTE, dr.Claim.RETURN_AND_REFUND)


def test_nobody_is_sent_to_the_post_for_nothing() -> None:
    for facts in ({"seller_response": "agrees"}, {"stage": "decided", "result": "as_claimed"}, {"stage": "decided"}):
        advice = dr.advise(SHARED, **{**EXPECTED["return_by_buyer"], "return_cost": "20.00", **facts})
        assert advice.action is dr.Action.NONE, facts


def because(advice: dr.Advice) -> str:
    return " ".join(reason.because for reason in advice.reasons if "action" in reason.outcome)


def test_an_offer_that_cannot_be_compared_is_not_called_low() -> None:
    advice = dr.advise(ground="fake", usability="unusable", offered="5", today=TODAY)
    assert advice.action is dr.Action.DECLINE_OFFER
    assert "too low" not in because(advice)
    assert "below" not in because(advice)
    (told,) = (each.because for each in advice.assumptions if each.fact == "offer")
    assert "cannot be compared" in told


def test_an_offer_of_nothing_is_no_more_than_a_hopeless_claim_brings() -> None:
    assert advised("nothing", Decimal(0), "none") is dr.Action.DECLINE_OFFER
    assert advised("nothing", Decimal("0.01"), "none") is dr.Action.ACCEPT_OFFER


@pytest.mark.parametrize("facts", [{"price": 0}, {"price": "0.00", "shipping": 0}])
def test_where_nothing_was_paid_nothing_can_be_claimed(facts: dict[str, Any]) -> None:
    with pytest.raises(dr.CaseError, match=r"Where nothing was paid no money can come back.*\[contradiction\]"):
        dr.advise(ground="damaged", today=TODAY, **facts)
    assert dr.advise(ground="damaged", today=TODAY, price=0, shipping="0.01").refund.cap == Decimal("0.01")


RETURNS = ["seller_pays", "buyer_pays"]


@pytest.mark.parametrize("ground", ["buyer_mistake", "found_cheaper", "no_longer_needed"])
@pytest.mark.parametrize("offer_return", RETURNS)
def test_who_changed_their_mind_waits_for_the_parcel_with_an_offer(ground: str, offer_return: str) -> None:
    with pytest.raises(dr.CaseError, match="What has not reached you cannot go back yet"):
        dr.advise(SHARED, ground=ground, received=False, offered=5, offer_return=offer_return)


@pytest.mark.parametrize("offered", ["0", "5", "20"])
@pytest.mark.parametrize("more", [{}, {"fault": "buyer"}, {"return_cost": "20"}, {"requested": "4"}])
@pytest.mark.parametrize("ground", ["not_arrived", "wrong_delivery_method"])
@pytest.mark.parametrize("offer_return", RETURNS)
def test_an_offer_for_what_never_came_is_declined(
    ground: str, offer_return: str, offered: str, more: dict[str, str]
) -> None:
    facts: dict[str, Any] = {
        "ground": ground,
        "received": False,
        "offered": offered,
        "offer_return": offer_return,
        **more,
    }
    advice = dr.advise(SHARED, **facts)
    assert advice.action is dr.Action.DECLINE_OFFER
    assert because(advice).startswith("What has not reached you cannot go back")
    assert {notice.code for notice in advice.warnings}.isdisjoint({"offer_asks_for_return", "offer_return_unpaid"})
    accepted = dr.advise({**SHARED, "stage": "decided"}, **facts, result="as_offered")
    assert accepted.action is dr.Action.USE_ANOTHER_ROUTE
    assert because(accepted).startswith("What has not reached you cannot go back")


def test_the_next_step_has_one_reason() -> None:
    """In every situation: where several rules say the same, the one that settles it is told."""
    edition = edition_on(dr.load_pack("aliexpress"), date.fromisoformat(TODAY))
    decision = edition.decision_with("action")
    assert decision
    several = [
        [decision.rules[index].name for index in applying(decision, meeting.matching)]
        for meeting in sweep(edition, decision, Budget(10_000_000))
    ]
    assert [names for names in several if len(names) != 1] == []


# --- of a private message, of rounds


@pytest.mark.parametrize("offered", ["1", "20"])
def test_money_outside_the_dispute_is_never_taken(offered: str) -> None:
    for expected in EXPECTED:
        found = advised(expected, Decimal(offered), "none", seller_response="private_message")
        assert found is dr.Action.STAY_ON_PLATFORM


def test_who_was_told_of_a_return_has_an_offer() -> None:
    advice = dr.advise(SHARED, ground="no_longer_needed", offer_return="seller_pays")
    assert [entry.value for entry in advice.assumptions if entry.fact == "seller_response"] == ["counter_offer"]


def test_a_second_offer_says_anew_whether_the_goods_go_back() -> None:
    first = {"on": "2026-02-21", "what": "seller_offered", "offered": "20", "offer_return": "buyer_pays"}
    opened = {"on": "2026-02-20", "what": "opened"}
    facts = {"ground": "damaged", "usability": "unusable", "price": 20, "shipping": 0, "today": TODAY}
    assert dr.advise(facts, events=[opened, first]).action is dr.Action.DECLINE_OFFER
    second = {"on": "2026-02-22", "what": "seller_offered", "offered": "20"}
    assert dr.advise(facts, events=[opened, first, second]).action is dr.Action.ACCEPT_OFFER


def test_the_amount_recommended_names_its_sources() -> None:
    advice = dr.advise(SHARED, **EXPECTED["part"])
    (reason,) = (reason for reason in advice.reasons if "amount" in reason.outcome)
    assert (advice.refund.recommended, reason.outcome["amount"]) == (Decimal("5.00"), "share")
    assert "alixblog" in [source.source for source in reason.sources]
