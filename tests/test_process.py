"""Days and money: business days, ranges, shares, rounding, comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.currency import CODES, decimals, smallest_unit
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Edition
from dispute_rules.pack.specs import AmountSpec
from dispute_rules.process.amounts import Amounts
from dispute_rules.process.dates import Days, add_days

TODAY = date(2026, 3, 1)
MONEY = st.decimals(0, 99_999, places=2)


@cache
def edition() -> Edition:
    return edition_on(dr.load_pack("aliexpress"), TODAY)


@cache
def bare_edition() -> Edition:
    return replace(edition(), assumed_numbers=())


def amounts(currency: str | None = None, **numbers: int | str | Decimal) -> Amounts:
    """Of a case that gives these numbers, where nothing is assumed for others."""
    exact: dict[str, Any] = {name: Decimal(number) for name, number in numbers.items()}
    return Amounts(bare_edition(), dr.Case.model_construct(ground=dr.Ground.DAMAGED, currency=currency, **exact))


# --- days


def counted_one_by_one(start: date, count: int) -> date:
    """Business days, as one would count them on a calendar."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@pytest.mark.parametrize("offset", range(7))
def test_business_days_are_those_of_the_calendar(offset: int) -> None:
    start = date(2026, 3, 2) + timedelta(days=offset)
    for count in range(1, 60):
        assert add_days(start, count, "business_days") == counted_one_by_one(start, count)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(start=st.dates(date(1970, 1, 1), date(2199, 12, 31)), count=st.integers(1, 400))
def test_business_days_are_those_of_the_calendar_in_any_year(start: date, count: int) -> None:
    assert add_days(start, count, "business_days") == counted_one_by_one(start, count)


@pytest.mark.parametrize("start", [date(2026, 3, 2), date(2026, 3, 6)])
def test_no_business_days_later_is_the_same_working_day(start: date) -> None:
    assert add_days(start, 0, "business_days") == start


@settings(max_examples=100, derandomize=True, deadline=None)
@given(start=st.dates(date(1970, 1, 1), date(2199, 12, 31)), count=st.integers(0, 400))
def test_calendar_days_are_counted_one_by_one(start: date, count: int) -> None:
    assert (add_days(start, count, "days") - start).days == count


def case(**facts: Any) -> dr.Case:
    return dr.Case(**{"ground": "damaged", "today": TODAY, **facts})


def day_of(name: str, **facts: Any) -> tuple[str, str] | None:
    found = Days(edition(), case(**facts), TODAY).get(name)
    return found and (str(found[0]), str(found[1]))


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("waiting_time", {"shipped_on": "2026-02-10"}, "2026-02-21"),
        ("promise_over", {"promised_by": "2026-02-10"}, "2026-02-11"),
        ("window_after_confirmation", {"confirmed_on": "2026-02-10"}, "2026-02-25"),
        ("window_after_receipt", {"received_on": "2026-02-10"}, "2026-02-25"),
        ("window_after_protection", {"protection_ends_on": "2026-02-10"}, "2026-02-25"),
        ("protection_by_shipping", {"shipped_on": "2026-01-01"}, "2026-04-01"),
        ("window_after_protection", {"shipped_on": "2026-01-01"}, "2026-04-16"),
        ("window_after_protection", {"promised_by": "2026-02-10"}, "2026-05-26"),
        ("window_after_protection", {"received_on": "2026-02-10"}, "2026-05-26"),
        ("window_after_protection", {"shipped_on": "2026-01-01", "protection_ends_on": "2026-02-10"}, "2026-02-25"),
        ("window_after_protection", {"shipped_on": "2026-01-01", "promised_by": "2026-02-10"}, "2026-04-16"),
        ("payment_provider", {"ordered_on": "2026-01-01"}, "2026-06-30"),
        ("damage_report", {"received_on": "2026-02-27"}, "2026-03-02"),
    ],
)
def test_a_day_is_counted_from_the_first_day_that_is_known(name: str, facts: Mapping[str, Any], expected: str) -> None:
    assert day_of(name, **facts) == (expected, expected)


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("decision", {"opened_on": "2026-02-20"}, ("2026-03-06", "2026-04-21")),
        ("decision", {}, ("2026-03-15", "2026-04-30")),
        ("refund_arrival", {}, ("2026-03-02", "2026-03-13")),
    ],
)
def test_a_range_has_an_earliest_and_a_latest_day(
    name: str, facts: Mapping[str, Any], expected: tuple[str, str]
) -> None:
    assert day_of(name, **facts) == expected


def test_days_that_follow_from_nothing_known_are_unknown() -> None:
    assert day_of("waiting_time") is None
    assert day_of("window_after_protection") is None


def test_values_that_changed_are_those_of_their_time() -> None:
    before = edition_on(dr.load_pack("aliexpress"), date(2022, 12, 31))
    facts = dr.Case(ground="damaged", shipped_on="2022-10-01", today="2022-12-31")
    assert str(Days(before, facts, date(2022, 12, 31))["protection_by_shipping"][0]) == "2022-12-15"


@pytest.mark.parametrize(
    ("name", "facts", "today", "label"),
    [
        ("waiting_time", {"shipped_on": "2026-02-18"}, date(2026, 2, 28), "ahead"),
        ("waiting_time", {"shipped_on": "2026-02-18"}, date(2026, 3, 1), "passed"),
        ("window_after_confirmation", {"confirmed_on": "2026-02-14"}, date(2026, 3, 1), "ahead"),
        ("window_after_confirmation", {"confirmed_on": "2026-02-14"}, date(2026, 3, 2), "passed"),
    ],
)
def test_a_first_day_has_passed_when_it_comes_and_a_last_day_when_it_is_over(
    name: str, facts: Mapping[str, Any], today: date, label: str
) -> None:
    assert Days(edition(), dr.Case(ground="damaged", **facts), today).labels()[name] == label


def test_the_last_day_of_all_can_still_be_counted_from() -> None:
    days = dict.fromkeys(("promised_by", "protection_ends_on"), "2199-12-31")
    assert dr.advise(ground="not_arrived", today="2199-12-31", shipped_on="2199-12-31", **days).claim


# --- money


def test_the_cap_is_price_and_shipping() -> None:
    assert amounts(price="24.90", shipping="3.10").get("cap") == Decimal("28.00")


def test_the_cap_is_unknown_when_a_part_is() -> None:
    assert amounts(price="24.90").get("cap") is None
    assert amounts(shipping="3.10").get("cap") is None


def test_an_amount_that_the_pack_does_not_have_is_unknown() -> None:
    assert amounts(price="1").get("fortune") is None


@pytest.mark.parametrize(
    ("currency", "price", "affected", "ordered", "share"),
    [
        ("EUR", "10", 1, 3, "3.33"),
        ("EUR", "10", 2, 3, "6.67"),
        ("EUR", "0.01", 1, 2, "0.01"),  # half a cent is rounded up
        ("EUR", "0.05", 1, 2, "0.03"),
        ("EUR", "0.01", 1, 3, "0.00"),
        ("JPY", "100", 1, 3, "33"),
        ("JPY", "5", 1, 2, "3"),
        ("KWD", "1", 1, 3, "0.333"),
        ("KWD", "0.001", 1, 2, "0.001"),
        (None, "10", 1, 3, "3.33"),
        ("EUR", "10", 3, 3, "10.00"),
    ],
)
def test_a_share_is_rounded_to_the_currencys_smallest_unit(
    currency: str | None, price: str, affected: int, ordered: int, share: str
) -> None:
    found = amounts(currency, price=price, shipping=0, quantity_affected=affected, quantity_ordered=ordered).get(
        "share"
    )
    assert str(found) == share


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    price=MONEY,
    shipping=MONEY,
    units=st.tuples(st.integers(1, 1000), st.integers(1, 1000)),
    currency=st.sampled_from(sorted(CODES)),
)
def test_a_share_is_the_nearest_amount_and_never_above_the_cap(
    price: Decimal, shipping: Decimal, units: tuple[int, int], currency: str
) -> None:
    affected, ordered = sorted(units)
    unit = smallest_unit(currency)
    price, shipping = price.quantize(unit), shipping.quantize(unit)
    known = amounts(currency, price=price, shipping=shipping, quantity_affected=affected, quantity_ordered=ordered)
    share, cap = known.get("share"), known.get("cap")
    assert share is not None
    assert cap is not None
    assert 0 <= share <= cap
    assert abs(Fraction(share) - Fraction(cap) * affected / ordered) <= Fraction(unit) / 2
    assert -int(share.as_tuple().exponent) == decimals(currency)


def test_a_share_needs_both_quantities() -> None:
    assert amounts(price=10, shipping=0, quantity_affected=1).get("share") is None
    assert amounts(price=10, shipping=0, quantity_ordered=3).get("share") is None


@settings(max_examples=100, derandomize=True, deadline=None)
@given(difference=MONEY, price=MONEY, shipping=MONEY)
def test_what_is_recommended_is_never_above_the_cap(difference: Decimal, price: Decimal, shipping: Decimal) -> None:
    known = amounts(price=price, shipping=shipping, shipping_difference=difference)
    known.recommend("difference")
    assert known.get("recommended") == min(difference, price + shipping)


def test_a_share_by_nothing_is_unknown_and_so_is_all_that_is_made_of_it() -> None:
    specs = {**bare_edition().amounts, "two_shares": AmountSpec(sum=("share", "share"))}
    specs |= {"other": AmountSpec(first=("share", "price")), "lesser": AmountSpec(least=("two_shares", "price"))}
    facts = dr.Case.model_construct(
        ground=dr.Ground.DAMAGED, price=Decimal(10), shipping=Decimal(0), quantity_affected=1, quantity_ordered=0
    )
    known = Amounts(replace(bare_edition(), amounts=specs), facts)
    assert [known.get(name) for name in ("share", "two_shares", "other", "lesser")] == [None, None, 10, 10]
    assert "units" in known.labels()


def test_a_difference_is_recommended_also_when_no_cap_is_known() -> None:
    known = amounts(shipping_difference="2.50")
    known.recommend("difference")
    assert known.get("recommended") == Decimal("2.50")


@pytest.mark.parametrize("name", [None, "open", "none"])
def test_nothing_is_recommended_where_no_amount_is_named(name: str | None) -> None:
    known = amounts(price=1, shipping=1)
    known.recommend(name)
    assert known.get("recommended") is None


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"quantity_affected": 1, "quantity_ordered": 2}, {"units": "some"}),
        ({"quantity_affected": 2, "quantity_ordered": 2}, {"units": "all"}),
        ({"quantity_affected": 2}, {}),
        ({"requested": "3.00", "price": "2", "shipping": "1"}, {"asked": "within"}),
        ({"requested": "3.01", "price": "2", "shipping": "1"}, {"asked": "above"}),
        ({"requested": "3.0", "price": "2"}, {}),
        ({"return_cost": "2.99", "price": "2", "shipping": "1"}, {"return_worth": "worthwhile"}),
        ({"return_cost": "3", "price": "2", "shipping": "1"}, {"return_worth": "dearer"}),
    ],
    ids=repr,
)
def test_comparisons_are_exact_and_unknown_when_a_side_is(
    numbers: Mapping[str, Any], expected: Mapping[str, str]
) -> None:
    labels = amounts(**numbers).labels()
    assert {name: labels[name] for name in ("units", "asked", "return_worth") if name in labels} == expected


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        ({"usability": "unusable", "offered": "28.00"}, "accept_offer"),
        ({"usability": "unusable", "offered": "27.99"}, "decline_offer"),
        ({"usability": "impaired", "offered": "10", "requested": "10"}, "accept_offer"),
        ({"usability": "impaired", "offered": "9.99", "requested": "10"}, "decline_offer"),
        ({"usability": "impaired", "offered": "27.99"}, "decline_offer"),
        ({"usability": "impaired", "offered": "28"}, "accept_offer"),
    ],
    ids=repr,
)
def test_an_offer_is_measured_by_what_can_be_had(facts: Mapping[str, Any], label: str) -> None:
    advice = dr.advise(ground="damaged", stage="open", price="24.90", shipping="3.10", today=TODAY, **facts)
    assert advice.action == label


@pytest.mark.parametrize("requested", ["28.01", "1000"])
def test_an_offer_of_all_of_the_money_is_enough_whatever_was_requested(requested: str) -> None:
    advice = dr.advise(
        ground="damaged",
        usability="impaired",
        stage="open",
        price="24.90",
        shipping="3.10",
        offered="28.00",
        requested=requested,
        today=TODAY,
    )
    assert advice.action is dr.Action.ACCEPT_OFFER


def test_amounts_as_large_as_a_case_may_have_are_added_exactly() -> None:
    large = "999999999.999"
    refund = dr.advise(
        ground="damaged", usability="unusable", price=large, shipping=large, currency="KWD", today=TODAY
    ).refund
    assert refund.cap == refund.recommended == Decimal("1999999999.998")


def test_a_refund_has_the_decimals_of_its_currency() -> None:
    facts: dict[str, Any] = {"ground": "wrong_quantity", "price": 100, "quantity_ordered": 3, "quantity_affected": 1}
    found = [str(dr.advise(**facts, currency=code, today=TODAY).refund.recommended) for code in ("JPY", "EUR", "KWD")]
    assert found == ["33", "33.33", "33.333"]
