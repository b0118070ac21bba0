"""What the labels of a case come from: exactly the facts, numbers and parameters that they were worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.pack.edition import edition_on
from dispute_rules.process.roots import Roots, Tracer
from tests.conftest import GOOD_PACK, MakePack

DATES = """\
dates:
  by_shipping: {last_day: {after: shipped_on, days: protection}}
  waiting: {first_day: {after: shipped_on, days: wait}}
  protected: {last_day: {after: [protection_ends_on, by_shipping], days: complaint_days}}
  until_confirmed: {last_day: {after: confirmed_on, days: complaint_days}}
  reply: {last_day: {after: [opened_on, today], days: [soonest, latest]}}
  arrival: {last_day: {after: received_on}}
"""
AMOUNTS = """\
amounts:
  cap: {sum: [price, deposit], source: handbook}
  share: {part: {of: price, times: quantity_affected, per: quantity_ordered}, source: handbook}
  target: {least: [recommended, requested, cap], source: handbook}
  first: {first: [price, offered, return_cost], source: handbook}
"""
COMPARISONS = """\
comparisons:
  units: {compare: quantity_affected, with: quantity_ordered, labels: {below: some, at_least: all}}
  offer: {compare: offered, with: target, labels: {below: short, at_least: enough}}
  dear: {compare: return_cost, with: share, labels: {below: cheap, at_least: dear}}
  more: {compare: requested, with: first, labels: {at_most: little, above: much}}
  in_time: {compare: arrival, with: reply, labels: {at_most: in_time, above: too_late}}
"""
PARAMETERS = """\
parameters:
  wait: {title: Wait, values: [{from: 2020-01-01, value: 10, source: handbook}]}
  protection: {title: Protection, values: [{from: 2020-01-01, value: 60, source: handbook}]}
  soonest: {title: Soonest, values: [{from: 2020-01-01, value: 5, source: handbook}]}
  latest: {title: Latest, values: [{from: 2020-01-01, value: 7, source: handbook}]}
"""
REFUND = {
    "refund/decision.yaml": """\
question: How much?
policy: any
outputs:
  amount: {share: A share, none: Nothing}
""",
    "refund/share.yaml": """\
title: A share
when: {}
then: {amount: share}
because: So it is.
basis: inferred
""",
}


@pytest.fixture
def advisor(make_pack: MakePack) -> dr.Advisor:
    """A pack with days that are counted from days, and amounts that are made of amounts."""
    text = GOOD_PACK["pack.yaml"].replace("decisions: [window,", "decisions: [refund, window,")
    text = text.replace("  cap: {sum: [price, deposit], source: handbook}\n", "")  # it comes before others
    for section in (DATES, AMOUNTS, COMPARISONS, PARAMETERS):
        heading = section.splitlines()[0]
        assert text.count(f"\n{heading}\n") == 1
        text = text.replace(f"\n{heading}\n", f"\n{section}")
    return dr.Advisor(dr.load_pack(make_pack({"pack.yaml": text, **REFUND})))


def roots(advisor: dr.Advisor, facts: Mapping[str, Any], name: str) -> Roots:
    case = advisor.case({"ground": "damaged", "today": "2022-03-01", **facts})
    today = case.today or date.today()
    edition = edition_on(advisor.pack, today)
    return Tracer(edition, case, today, advisor.settle(case).amount).of(name)


@pytest.mark.parametrize(
    ("facts", "name", "told_by", "parameters"),
    [
        ({"received": True}, "received", ["received"], ()),
        ({"received_on": "2022-02-01"}, "received", ["received_on"], ()),
        ({"received": True, "received_on": "2022-02-01"}, "received", ["received"], ()),
        ({"received_on": "2022-02-01"}, "arrival", ["received_on"], ()),
        ({"shipped_on": "2022-02-01"}, "waiting", ["shipped_on"], ("wait",)),
        ({"protection_ends_on": "2022-03-09"}, "protected", ["protection_ends_on"], ("complaint_days",)),
        ({"shipped_on": "2022-02-01"}, "protected", ["shipped_on"], ("protection", "complaint_days")),
        (
            {"protection_ends_on": "2022-03-09", "shipped_on": "2022-02-01"},
            "protected",
            ["protection_ends_on"],
            ("complaint_days",),
        ),
        ({}, "reply", ["today"], ("soonest", "latest")),
        ({"opened_on": "2022-02-20"}, "reply", ["opened_on"], ("soonest", "latest")),
        ({"received_on": "2022-02-20"}, "in_time", ["received_on", "today"], ("soonest", "latest")),
    ],
)
def test_days(
    facts: dict[str, Any], name: str, told_by: list[str], parameters: tuple[str, ...], advisor: dr.Advisor
) -> None:
    found = roots(advisor, facts, name)
    assert (list(found.facts), found.parameters, found.assumed, found.output) == (told_by, parameters, (), None)


@pytest.mark.parametrize(
    ("facts", "told_by"),
    [
        ({"ordered_on": "2022-02-28"}, "ordered_on"),
        ({"ordered_on": "2022-02-20", "shipped_on": "2022-02-25"}, "shipped_on"),
    ],
)
def test_a_day_that_is_not_known_rests_on_the_one_that_it_cannot_be_before(
    facts: dict[str, Any], told_by: str, advisor: dr.Advisor
) -> None:
    assert roots(advisor, facts, "until_confirmed") == Roots((told_by,), parameters=("complaint_days",))


@pytest.mark.parametrize(
    ("facts", "name", "expected"),
    [
        ({"quantity_ordered": 3, "quantity_affected": 1}, "units", (["quantity_affected", "quantity_ordered"], [])),
        ({"quantity_ordered": 1}, "units", (["quantity_ordered"], [])),
        ({"price": 5, "deposit": 1, "requested": 3}, "asked", (["requested", "price", "deposit"], [])),
        ({"price": 5, "requested": 3}, "asked", (["requested", "price"], ["deposit"])),
        (
            {"price": 9, "quantity_ordered": 3, "quantity_affected": 1, "return_cost": 2},
            "dear",
            (["return_cost", "price", "quantity_affected", "quantity_ordered"], []),
        ),
        ({"offered": 1, "requested": 3}, "more", (["requested", "offered"], [])),
        ({"price": 4, "offered": 1, "requested": 3}, "more", (["requested", "price"], [])),
        ({"offered": 2, "requested": 3}, "offer", (["offered", "requested"], [])),
        ({}, "proof", ([], [])),
    ],
)
def test_numbers(facts: dict[str, Any], name: str, expected: tuple[list[str], list[str]], advisor: dr.Advisor) -> None:
    found = roots(advisor, facts, name)
    assert (list(found.facts), [entry.fact for entry in found.assumed]) == expected
    assert found.parameters == ()


def test_what_is_recommended_rests_on_the_decision_that_says_which_amount(advisor: dr.Advisor) -> None:
    facts = {"offered": 2, "price": 9, "quantity_ordered": 3, "quantity_affected": 1}
    found = roots(advisor, facts, "offer")
    assert set(found.facts) == facts.keys()
    assert ([entry.fact for entry in found.assumed], found.output) == (["deposit"], "amount")


def test_the_proof_rests_on_the_decision_that_says_what_is_needed(advisor: dr.Advisor) -> None:
    assert roots(advisor, {"evidence": ["photo"]}, "proof") == Roots(("evidence",), output="evidence")
