"""Whole orders: each product as by itself, and never more in all than was paid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.currency import decimals, smallest_unit
from dispute_rules.money import shares

TODAY = "2026-03-01"
EXAMPLE = Path(__file__).parents[1] / "examples" / "orders" / "three-products.json"
CURRENCIES = ("EUR", "JPY", "KWD")
FACTS: Mapping[str, tuple[Any, ...]] = {
    "received": (True, False),
    "usability": tuple(dr.Usability),
    "fault": tuple(dr.Fault),
    "wants_to_keep": (True, False),
    "quantity_ordered": (3, 7),
    "quantity_affected": (1, 2),
    "shipped_on": ("2026-01-10", "2026-02-20"),
    "stage": tuple(dr.Stage),
}


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def told(order: object) -> list[tuple[str, str]]:
    """The place and the code of each problem of an order."""
    with pytest.raises(dr.CaseError) as caught:
        advisor().advise_order(order)  # type: ignore[arg-type]
    return [(problem.place, problem.code) for problem in caught.value.problems]


def amounts(currency: str, most: int = 10**5) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most).map(lambda units: Decimal(units).scaleb(-decimals(currency)))


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    currency = draw(st.sampled_from(CURRENCIES))
    optional = {name: st.sampled_from(values) for name, values in FACTS.items()}
    paid = {"price": amounts(currency)}
    item = st.fixed_dictionaries(paid | {"ground": st.sampled_from(dr.Ground)}, optional=optional)
    items = draw(st.lists(item | st.fixed_dictionaries(paid), min_size=1, max_size=5))
    charge = draw(st.sampled_from(["order", "items", "none"]))
    for each in items if charge == "items" else ():
        each["shipping"] = draw(amounts(currency, 10**3))
    whole = {"shipping": draw(amounts(currency, 10**3))} if charge == "order" else {}
    whole |= {"paid": draw(amounts(currency, 2 * 10**5))} if draw(st.booleans()) else {}
    return {"items": items, "currency": currency, "today": TODAY, **whole}


def is_open(advice: dr.Advice) -> bool:
    """Whether there is anything left to claim."""
    return advice.claim is not None and advice.stage is not dr.Stage.DECIDED and advice.action is not dr.Action.NONE


# --- shares


@settings(max_examples=300, derandomize=True, deadline=None)
@given(data=st.data(), currency=st.sampled_from(CURRENCIES))
def test_shares_are_whole_units_that_add_up_to_the_total(data: st.DataObject, currency: str) -> None:
    total, unit = data.draw(amounts(currency)), smallest_unit(currency)
    weights = data.draw(st.lists(amounts(currency), min_size=1, max_size=8))
    found = shares(total, weights, unit)
    assert sum(found) == total
    assert all(share % unit == 0 for share in found)
    whole = sum(map(Fraction, weights))
    for share, weight in zip(found, weights, strict=True):
        exact = Fraction(total) * (Fraction(weight) / whole if whole else Fraction(1, len(weights)))
        assert abs(Fraction(share) - exact) < Fraction(unit)
    by_weight = sorted(zip(weights, found, strict=True))
    assert [share for _, share in by_weight] == sorted(found)  # who paid more never gets less


def test_what_rounding_leaves_goes_to_those_that_lost_most_and_of_equals_to_the_first() -> None:
    cent = Decimal("0.01")
    assert shares(Decimal("1.00"), [Decimal(1)] * 3, cent) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert shares(Decimal("0.10"), [Decimal(1), Decimal(2)], cent) == [Decimal("0.03"), Decimal("0.07")]
    assert shares(Decimal(1), [Decimal(0), Decimal(0)], Decimal(1)) == [Decimal(1), Decimal(0)]


# --- sums


@settings(max_examples=200, derandomize=True, deadline=None)
@given(order=orders())
def test_no_more_is_asked_for_than_was_paid(order: dict[str, Any]) -> None:
    try:
        advice = advisor().advise_order(order)
    except dr.CaseError:
        return
    charges = [each["shipping"] for each in order["items"] if "shipping" in each]
    listed = sum([each["price"] for each in order["items"]] + charges) + order.get("shipping", 0)
    paid = min(listed, order.get("paid", listed))
    caps = [item.advice.refund.cap for item in advice.items if item.advice]
    assert sum(cap for cap in caps if cap is not None) <= paid
    if len(caps) == len(order["items"]):
        assert sum(cap for cap in caps if cap is not None) == paid
    claims = [item.advice.refund for item in advice.items if item.advice and is_open(item.advice)]
    asked = [refund.recommended for refund in claims if refund.recommended is not None]
    assert advice.refund.recommended == (sum(asked) if asked else None)
    assert advice.refund.cap == sum(refund.cap for refund in claims if refund.cap is not None)
    assert len(advice.without_amount) == len(claims) - len(asked)
    assert (advice.refund.recommended or 0) <= advice.refund.cap <= paid
    assert dr.OrderAdvice.model_validate_json(advice.model_dump_json()) == advice


@settings(max_examples=150, derandomize=True, deadline=None)
@given(order=orders())
def test_an_order_of_one_product_is_advised_on_as_the_product(order: dict[str, Any]) -> None:
    item = {"ground": "fake", **order["items"][0]}
    for paid in ({}, {"paid": item["price"] + 10**4}):
        shipping = {"shipping": order["shipping"]} if "shipping" in order else {}
        alone = {**item, **shipping, "currency": order["currency"], "today": TODAY}
        whole = {"items": [item], **shipping, **paid, "currency": order["currency"], "today": TODAY}
        try:
            expected = advisor().advise(alone)
        except dr.CaseError as error:
            where = {"paid": "price"}  # that nothing was paid is told by what the order gives
            places = [
                (f"items[0].{where.get(problem.place, problem.place)}", problem.code) for problem in error.problems
            ]
            assert told(whole) == places
        else:
            (found,) = advisor().advise_order(whole).items
            assert found.advice == expected


@settings(max_examples=100, derandomize=True, deadline=None)
@given(order=orders())
def test_a_product_is_advised_on_as_its_case(order: dict[str, Any]) -> None:
    try:
        advice = advisor().advise_order(order)
    except dr.CaseError:
        return
    for item, case in zip(advice.items, advisor().cases(order), strict=True):
        assert item.advice == (advisor().advise(case) if case else None)


def test_shipping_is_shared_out_by_the_prices_of_all_products() -> None:
    items = [{"ground": "fake", "price": "10"}, {"price": "20"}, {"ground": "fake", "price": "30"}]
    one, none, other = advisor().cases({"items": items, "shipping": "1.00"})
    assert one
    assert other
    assert (one.shipping, none, other.shipping) == (Decimal("0.17"), None, Decimal("0.50"))


def test_a_coupon_is_shared_out_too() -> None:
    items = [{"ground": "fake", "price": "10.00"}, {"ground": "fake", "price": "30.00"}]
    one, other = advisor().cases({"items": items, "shipping": "10.00", "paid": "25.00"})
    assert one
    assert other
    assert [(case.price, case.shipping) for case in (one, other)] == [
        (Decimal("5.00"), Decimal("1.25")),
        (Decimal("15.00"), Decimal("3.75")),
    ]


def test_what_was_paid_is_no_limit_where_it_is_more_than_the_prices() -> None:
    items = [{"ground": "fake", "price": "10.00"}]
    advice = advisor().advise_order({"items": items, "paid": "12.00"})
    assert advice.refund.cap == Decimal("10.00")


def test_without_all_prices_nothing_is_said_of_the_most_in_all() -> None:
    items = [{"ground": "fake", "price": "10.00"}, {"ground": "fake"}]
    refund = advisor().advise_order({"items": items}).refund
    assert (refund.cap, refund.recommended) == (None, Decimal("10.00"))


LAMP = {"name": "lamp", "ground": "damaged", "usability": "unusable", "price": "10.00"}


@pytest.mark.parametrize(
    ("ended", "action"),
    [
        ({"stage": "decided", "result": "as_claimed"}, "wait"),
        ({"stage": "decided", "result": "nothing"}, "use_another_route"),
        ({"refunded": True}, "none"),
        ({"stage": "cancelled", "cancel_reason": "solved"}, "none"),
        ({"events": [{"on": "2026-02-01", "what": "opened"}, {"on": "2026-02-25", "what": "seller_agreed"}]}, "wait"),
    ],
)
def test_what_has_ended_is_not_claimed_any_more(ended: dict[str, Any], action: str) -> None:
    over = LAMP | ended
    order = advisor().advise_order({"items": [over, {**LAMP, "name": "cup", "price": "5.00"}], "today": TODAY})
    assert (order.refund.cap, order.refund.recommended) == (Decimal("5.00"), Decimal("5.00"))
    first = order.items[0]
    assert first.advice
    assert first.advice.action == action
    assert "Refund only" not in first.summary
    assert "10.00" not in order.text()
    alone = advisor().advise_order({"items": [over], "today": TODAY})
    assert (alone.refund.recommended, alone.without_amount) == (None, ())
    assert alone.text().endswith("There is nothing to claim now.")


@pytest.mark.parametrize("stage", ["open", "mediation"])
def test_a_dispute_that_runs_is_still_claimed(stage: str) -> None:
    order = advisor().advise_order({"items": [{**LAMP, "stage": stage}], "today": TODAY})
    assert order.refund.recommended == Decimal("10.00")


OPENED, OFFERED = {"on": "2026-02-01", "what": "opened"}, {"on": "2026-02-09", "what": "seller_offered"}


@pytest.mark.parametrize("paid", ["15.00", "20.00"])
def test_an_offer_above_the_share_of_what_was_paid_is_refused_however_it_is_told(paid: str) -> None:
    """Without any shipping, too: nothing but what was paid for the order can come back."""
    for limit, refused in ((Decimal(paid) / 2, False), (Decimal(paid) / 2 + Decimal("0.01"), True)):
        for told_by, place in (
            ({"offered": str(limit)}, "items[0].offered"),
            ({"events": [OPENED, {**OFFERED, "offered": str(limit)}]}, "items[0].events[1].offered"),
        ):
            order = {"items": [LAMP | told_by, {**LAMP, "name": "cup"}], "paid": paid, "today": TODAY}
            if refused:
                assert told(order) == [(place, "contradiction")]
            else:
                assert len(advisor().advise_order(order).items) == 2


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"paid": "16"}, "`offered` 13 is above this product's share of `paid` 16, 8.00"),
        ({"shipping": "5"}, "`offered` 13 is above `price` and this product's share of `shipping` 5 together, 12.50"),
        ({"shipping": "5", "paid": "40"}, "`price` and this product's share of `shipping` 5 together, 12.50"),
    ],
)
def test_an_offer_above_a_share_is_told_by_the_amounts_of_the_order(order: dict[str, Any], message: str) -> None:
    items = [{**LAMP, "offered": "13", "stage": "open"}, {**LAMP, "name": "cup"}]
    with pytest.raises(dr.CaseError) as caught:
        advisor().advise_order({"items": items, **order, "today": TODAY})
    assert [(problem.place, problem.message[-len(message) :]) for problem in caught.value.problems] == [
        ("items[0].offered", message)
    ]


def test_other_shipping_above_a_share_is_told_by_the_amounts_of_the_order() -> None:
    items = [{"ground": "wrong_delivery_method", "price": 10, "shipping_difference": 3}, {"price": 10}]
    with pytest.raises(
        dr.CaseError, match=r"`shipping_difference` 3 is above this product's share of `shipping` 5, 2\.5"
    ):
        advisor().advise_order({"items": items, "shipping": 5})
    with pytest.raises(dr.CaseError, match=r"above the shipping in this product's share of `paid` 20, 2\.00"):
        advisor().advise_order({"items": items, "shipping": 5, "paid": 20})


# --- products that were free


@pytest.mark.parametrize("shipping", [{}, {"shipping": "5"}])
@pytest.mark.parametrize("own", [True, False])
def test_a_free_product_does_not_stand_in_the_way_of_the_others(own: bool, shipping: dict[str, str]) -> None:
    said = {"ground": "fake"}
    order = {"items": [{"price": 0, **said} if own else {"price": 0}, {"price": 10, **(said if own else {})}]}
    advice = advisor().advise_order({**order, **({} if own else said), **shipping, "today": TODAY})
    gift, other = advice.items
    assert (gift.advice, gift.summary) == (None, "nothing was paid for it, so no money can come back")
    assert other.advice
    assert advice.refund.cap == other.advice.refund.cap == 10 + Decimal(shipping.get("shipping", 0))
    without = advisor().advise_order({"items": [{"price": 0}, {"price": 10, **said}], **shipping, "today": TODAY})
    assert without.items[0].summary == "nothing is said to be wrong with it"
    assert without.items[1] == other


def test_shipping_that_was_paid_for_a_free_product_can_be_claimed() -> None:
    items = [{"ground": "fake", "price": 0, "shipping": 3}, {"ground": "fake", "price": 10}]
    assert [case and case.shipping for case in advisor().cases({"items": items})] == [3, None]


@pytest.mark.parametrize(
    ("order", "places"),
    [
        ({"items": [{"ground": "fake", "price": 0}, {"price": 10}], "shipping": 5}, ["items[0].price"]),
        ({"ground": "fake", "items": [{"price": 0}, {"price": 0}]}, ["items[0].price", "items[1].price"]),
        ({"items": [{"ground": "fake", "price": 10}, {"price": 10}], "paid": 0}, ["paid"]),
    ],
)
def test_where_nothing_else_is_to_be_claimed_a_free_product_is_refused_by_its_price(
    order: dict[str, Any], places: list[str]
) -> None:
    assert told(order) == [(place, "contradiction") for place in places]


# --- what products are called


def test_products_are_called_by_their_names_and_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    items = [LAMP, LAMP, {**LAMP, "name": "  "}, {**LAMP, "name": "red\x1b[31m"}, {**LAMP, "name": "items[2]"}]
    order = dr.Order(items=items)
    assert order.names == (
        "lamp (items[0])",
        "lamp (items[1])",
        "items[2] (items[2])",
        "red\\x1b[31m",
        "items[2] (items[4])",
    )
    assert dr.advise_order(order).names == order.names


def test_claims_without_an_amount_are_told_by_the_names_of_the_products() -> None:
    order = advisor().advise_order({"items": [{"name": "cup", "ground": "damaged", "price": "5"}, LAMP]})
    assert order.without_amount == ("items[0]",)
    assert order.text().endswith("Without an amount, for you to name: cup")


# --- facts of the order, and of its products


def test_facts_of_the_order_hold_for_each_product_that_does_not_say_otherwise() -> None:
    one, other = advisor().cases(
        {"ground": "not_arrived", "ordered_on": "2026-01-01", "items": [{}, {"ordered_on": "2026-01-02"}]}
    )
    assert one
    assert other
    assert (str(one.ordered_on), str(other.ordered_on), other.ground) == ("2026-01-01", "2026-01-02", "not_arrived")


def test_one_amount_names_the_currency_of_the_whole_order() -> None:
    items = [{"ground": "fake", "price": "10"}, {"ground": "fake", "price": "20 EUR"}]
    advice = advisor().advise_order({"items": items, "shipping": "1"})
    assert {advice.refund.currency} | {item.advice.refund.currency for item in advice.items if item.advice} == {"EUR"}


@pytest.mark.parametrize(
    ("order", "other"),
    [({"shipping": "1 USD"}, "shipping"), ({"paid": "9 USD"}, "paid"), ({"currency": "USD"}, "currency")],
)
def test_two_currencies_are_told_by_where_they_are_named(order: dict[str, str], other: str) -> None:
    items = [{"ground": "fake", "price": "10 EUR"}, {"price": "10 USD"}]
    with pytest.raises(dr.CaseError) as caught:
        advisor().advise_order({"items": items, **order})
    assert [(problem.place, problem.message) for problem in caught.value.problems] == [
        ("items[0].price", f"`items[0].price` is in `EUR`, and `{other}` in `USD`")
    ]


def test_an_order_and_its_advice_are_typed_and_go_through_json() -> None:
    order = dr.Order.model_validate_json(EXAMPLE.read_bytes())
    assert order.items[0].name == "lamp"
    again = dr.Order.model_validate_json(order.model_dump_json())
    assert dr.Order.model_validate_json(again.model_dump_json()) == again
    assert dr.advise_order(again) == dr.advise_order(order)
    assert dr.advise_order(order) == dr.advise_order(json.loads(EXAMPLE.read_text(), parse_float=Decimal))
    with pytest.raises(ValueError, match="frozen"):
        order.items = ()  # type: ignore[misc]


def test_products_may_be_cases() -> None:
    case = dr.Case(ground=dr.Ground.FAKE, price=Decimal(5), received=True)
    advice = dr.advise_order(dr.Order(items=(case,), today=TODAY))
    assert advice.items[0].advice == dr.advise(case, today=TODAY)


# --- bad orders


def test_all_faults_of_all_products_are_told_at_once_with_their_places() -> None:
    order = {
        "items": [
            {"ground": "damagd", "price": "5"},
            {"grund": "fake", "price": "-1"},
            {"ground": "damaged", "received": False, "evidence": ["foo"], "price": "x"},
        ],
        "shipping": "3.001 EUR",
        "paid": "5 EUR",
    }
    assert sorted(told(order)) == [
        ("items[0].ground", "unknown-label"),
        ("items[1].grund", "unknown-fact"),
        ("items[1].price", "out-of-range"),
        ("items[2].evidence", "unknown-evidence"),
        ("items[2].ground, received", "contradiction"),
        ("items[2].price", "wrong-type"),
        ("shipping", "out-of-range"),
    ]


@pytest.mark.parametrize(
    ("order", "problems"),
    [
        ({}, [("items", "missing-fact")]),
        ({"items": []}, [("items", "out-of-range")]),
        ({"items": [{"ground": "fake"}] * 201}, [("items", "out-of-range")]),
        ({"items": {"ground": "fake"}}, [("items", "wrong-type")]),
        ({"items": "lamp"}, [("items", "wrong-type")]),
        ({"items": ["lamp", 3]}, [("items[0]", "wrong-type"), ("items[1]", "wrong-type")]),
        ({"items": [{"ground": "fake", "name": 5}]}, [("items[0].name", "wrong-type")]),
        ({"items": [{"ground": "fake", "name": ""}]}, [("items[0].name", "out-of-range")]),
        ({"items": [{"price": "5"}, {}]}, [("items", "missing-fact")]),
        (
            {"items": [{"ground": "fake"}, {"ground": "fake", "price": 1}], "shipping": 2},
            [("items[0].price", "missing-fact")],
        ),
        ({"items": [{"ground": "fake"}], "paid": 2}, [("items[0].price", "missing-fact")]),
        (
            {"items": [{"ground": "fake", "price": 1, "shipping": 1}], "shipping": 2},
            [("items[0].shipping", "contradiction")],
        ),
        ({"items": [{"ground": "fake"}], "price": 2}, [("price", "unknown-fact")]),
        ({"items": [{"ground": "fake"}], "quantity_ordered": 2}, [("quantity_ordered", "unknown-fact")]),
        ({"items": [{"ground": "fake"}, {}], "trakcing": "none"}, [("trakcing", "unknown-fact")]),
        ({"items": [{"ground": "fake"}, {"ground": "fake"}], "tracking": "lost"}, [("tracking", "unknown-label")]),
        ({"items": [{"ground": "fake", "price": 5}], "paid": -1}, [("paid", "out-of-range")]),
        (
            {"items": [{"ground": "fake", "price": 5}], "paid": "5 EUR", "shipping": "1 USD"},
            [("paid", "mixed-currencies")],
        ),
        ({"items": [{"ground": "fake", "price": 5}], "currency": "JPY", "paid": "4.5"}, [("paid", "out-of-range")]),
        (
            {"items": [{"ground": "fake", "price": "5 EUR"}, {"price": "5 USD"}]},
            [("items[1].price", "mixed-currencies")],
        ),
        (
            {"items": [{"ground": "fake", "price": "5 EUR"}, {"price": 5, "currency": "USD"}]},
            [("items[1].currency", "mixed-currencies")],
        ),
        ({"items": [{"ground": "fake", "price": 5, "currency": ["EUR"]}]}, [("items[0].currency", "wrong-type")]),
        (
            {"items": [{"ground": "fake", "price": "5 EUR"}], "currency": "USD"},
            [("items[0].price", "mixed-currencies")],
        ),
        (
            {"items": [{"ground": "fake", "price": 20, "shipping": 0, "offered": 15}], "paid": 10},
            [("items[0].offered", "contradiction")],
        ),
        ({"items": [{"ground": "fake", "shipped_on": "2199-01-01"}]}, [("items[0].shipped_on", "contradiction")]),
        (
            {"items": [{"ground": "fake", "price": 0, "shipped_on": "2199-01-01"}, {"ground": "fake"}]},
            [("items[0].shipped_on", "contradiction")],
        ),
        ({"items": [{"ground": "fake"}], "today": "1999-01-01"}, [("today", "before-first-edition")]),
        ({"items": [{"ground": "fake"}, {"usability": "usable"}]}, [("items[1].ground", "missing-fact")]),
        (
            {"items": [{"ground": "fake"}, {"stage": "open", "prise": 3}]},
            [("items[1].ground", "missing-fact"), ("items[1].prise", "unknown-fact")],
        ),
        ({"itmes": [{"ground": "fake"}]}, [("items", "missing-fact"), ("itmes", "unknown-fact")]),
        ("lamp", [("order", "not-a-case")]),
        ([{"ground": "fake"}], [("order", "not-a-case")]),
        (None, [("order", "not-a-case")]),
        ({5: "items"}, [("order", "not-a-case")]),
    ],
)
def test_a_bad_order_is_refused_with_the_place(order: object, problems: list[tuple[str, str]]) -> None:
    assert told(order) == problems


@pytest.mark.parametrize("text", ["", "[]", "{", '{"items": [], "items": []}', b"\xff"])
def test_what_is_no_json_object_is_no_order(text: str | bytes) -> None:
    with pytest.raises(dr.CaseError):
        dr.Order.model_validate_json(text)


@pytest.mark.parametrize(
    ("order", "meant"),
    [
        ({"itmes": [LAMP]}, "items"),
        ({"items": [LAMP], "payed": 3}, "paid"),
        ({"items": [LAMP], "shiping": 3}, "shipping"),
        ({"items": [LAMP], "trakcing": "none"}, "tracking"),
        ({"items": [{**LAMP, "nmae": "cup"}]}, "name"),
        ({"items": [{**LAMP, "recieved": True}]}, "received"),
    ],
)
def test_a_misspelled_fact_leads_to_the_one_that_is_meant(order: dict[str, Any], meant: str) -> None:
    with pytest.raises(dr.CaseError, match=f"did you mean `{meant}`"):
        dr.advise_order(order)


def test_a_case_with_items_leads_to_orders() -> None:
    with pytest.raises(dr.CaseError, match="did you mean `items`"):
        dr.advise(itmes=[LAMP])
    with pytest.raises(dr.CaseError, match="an order of several products goes to `advise_order`"):
        dr.advise(items=[LAMP])
