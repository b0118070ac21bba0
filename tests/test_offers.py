"""Offers of the seller: what is accepted and what is declined, over every offer there can be."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

import dispute_rules as dr

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
