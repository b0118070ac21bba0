"""Money: exact decimals of one currency, never above what was paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.currency import CODES, decimals
from dispute_rules.money import written

AMOUNTS = "price shipping requested offered return_cost shipping_difference".split()


def case(**facts: Any) -> dr.Case:
    return dr.Case(**({"ground": "damaged"} | facts))


def told(**facts: Any) -> list[tuple[str, str]]:
    """The place and the code of each problem of a case."""
    with pytest.raises(dr.CaseError) as caught:
        case(**facts)
    return [(problem.place, problem.code) for problem in caught.value.problems]


def units(currency: str) -> st.SearchStrategy[Decimal]:
    """Amounts in whole smallest units of a currency."""
    return st.integers(0, 10**6).map(lambda number: Decimal(number).scaleb(-decimals(currency)))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(data=st.data(), currency=st.sampled_from(sorted(CODES)))
def test_an_amount_that_names_its_currency_is_the_same_as_both_apart(data: st.DataObject, currency: str) -> None:
    given_ones = {"return_cost": data.draw(units(currency))}
    given_ones |= {name: data.draw(units(currency)) + 1 for name in ("requested", "price")}
    named = {name: f"{amount} {currency}" for name, amount in given_ones.items()}
    found = case(**named)
    assert found == case(currency=currency, **given_ones)
    assert dr.Case.model_validate_json(found.model_dump_json()) == found


def test_an_amount_with_a_comma_is_told_as_it_was_written() -> None:
    with pytest.raises(dr.CaseError, match=r"`1\.234,90 EUR` cannot be read as `price`"):
        case(price="1.234,90 EUR")


def test_the_space_before_the_currency_may_be_left_out() -> None:
    assert case(price="24.90EUR") == case(price="24.90", currency="EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("20", "EUR", "20.00 EUR"),
        ("6.9", "EUR", "6.90 EUR"),
        ("1000", "JPY", "1000 JPY"),
        ("3.3", "KWD", "3.300 KWD"),
        ("0", "EUR", "0.00 EUR"),
        ("24.9", None, "24.9"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(amount: str, currency: str | None, told: str) -> None:
    assert written(Decimal(amount), currency) == told


@settings(max_examples=100, derandomize=True, deadline=None)
@given(data=st.data(), currency=st.sampled_from(sorted(CODES)))
def test_what_is_written_is_read_as_the_same_amount(data: st.DataObject, currency: str) -> None:
    amount = data.draw(units(currency))
    read = case(price=written(amount + 1, currency))
    assert (read.price, read.currency) == (amount + 1, currency)


@pytest.mark.parametrize("name", AMOUNTS)
def test_one_amount_names_the_currency_of_all(name: str) -> None:
    assert case(**({"price": "7", "shipping": 5} | {name: "3.50 EUR"})).currency == "EUR"


@pytest.mark.parametrize("name", AMOUNTS[1:])
def test_two_currencies_are_refused_and_both_are_named(name: str) -> None:
    with pytest.raises(dr.CaseError, match="`USD`, and `price` in `EUR`"):
        case(price="24.90 EUR", **{name: "3 USD"})


def test_an_amount_in_another_currency_than_the_cases_is_told_with_all_else() -> None:
    found = told(price="24.90 USD", shipping="3 EUR", currency="EUR", fault="nobody", offered="x")
    assert sorted(found) == [("fault", "unknown-label"), ("offered", "wrong-type"), ("price", "mixed-currencies")]


@pytest.mark.parametrize(
    ("price", "code"),
    [("24.90 eur", "unknown-currency"), ("24.90 XXX", "unknown-currency"), ("24.90 EURO", "wrong-type")],
)
def test_a_currency_that_is_none_is_told_at_its_amount(price: str, code: str) -> None:
    assert told(price=price) == [("price", code)]


@pytest.mark.parametrize(("price", "code"), [("100.5 JPY", "out-of-range"), ("1.234 EUR", "out-of-range")])
def test_decimals_are_those_of_the_currency_that_is_named(price: str, code: str) -> None:
    assert told(price=price) == [("price", code)]
    assert case(price="1.234 KWD").price == Decimal("1.234")


def test_a_bad_currency_does_not_hide_behind_amounts_that_name_one() -> None:
    assert told(price="5 EUR", currency="euro") == [("currency", "unknown-currency")]
    assert told(price="5 EUR", currency=["EUR"]) == [("currency", "wrong-type")]


@pytest.mark.parametrize("value", [24.9, 0.1, 28.0, 1e-3])
def test_a_float_counts_as_it_prints(value: float) -> None:
    assert case(price=value).price == Decimal(repr(value))


def test_a_float_that_is_no_clean_amount_is_refused() -> None:
    assert told(price=0.1 + 0.2) == [("price", "out-of-range")]


# --- never more than was paid


def test_an_offer_above_what_was_paid_is_refused_and_names_the_facts() -> None:
    with pytest.raises(dr.CaseError, match=r"`offered` 28\.01 is above `price` and `shipping` together, 28\.00"):
        case(price="24.90", shipping="3.10", offered="28.01")


def test_an_offer_of_all_that_was_paid_is_none_above_it() -> None:
    assert case(price="24.90", shipping="3.10", offered="28").offered == 28
    assert case(price="24.90", offered="28").offered == 28
