"""What the labels of a case come from: exactly the facts, numbers and parameters that they were worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.pack.edition import edition_on
from dispute_rules.process.roots import Roots, Tracer
from tests.conftest import MakePack, edited

TODAY = "2026-03-01"
WINDOW = ("dispute_window",)
PROTECTION = ("protection_days", "dispute_window")
REPLY = ("reply_soonest", "reply_latest")


def roots(advisor: dr.Advisor, facts: Mapping[str, Any], name: str) -> Roots:
    case = advisor.case({"ground": "damaged", "today": TODAY, **facts})
    today = case.today or date.today()
    edition = edition_on(advisor.pack, today)
    return Tracer(edition, case, today, advisor.settle(case).amount).of(name)


@pytest.fixture(scope="module")
def aliexpress() -> dr.Advisor:
    return dr.Advisor()


@pytest.mark.parametrize(
    ("facts", "name", "told_by", "parameters"),
    [
        ({"received": True}, "received", ["received"], ()),
        ({"received_on": "2026-02-01"}, "received", ["received_on"], ()),
        ({"received": True, "received_on": "2026-02-01"}, "received", ["received"], ()),
        ({"shipped_on": "2026-02-01"}, "shipped", ["shipped_on"], ()),
        ({"shipped_on": "2026-02-01"}, "waiting_time", ["shipped_on"], ("wait_after_shipping",)),
        ({"protection_ends_on": "2026-03-09"}, "window_after_protection", ["protection_ends_on"], WINDOW),
        ({"shipped_on": "2026-02-01"}, "window_after_protection", ["shipped_on"], PROTECTION),
        (
            {"protection_ends_on": "2026-03-09", "shipped_on": "2026-02-01"},
            "window_after_protection",
            ["protection_ends_on"],
            WINDOW,
        ),
        ({"ordered_on": "2026-02-28"}, "window_after_confirmation", ["ordered_on"], WINDOW),
        (
            {"ordered_on": "2026-02-20", "shipped_on": "2026-02-25"},
            "window_after_confirmation",
            ["shipped_on"],
            WINDOW,
        ),
        ({}, "seller_reply", ["today"], REPLY),
        ({"opened_on": "2026-02-20"}, "seller_reply", ["opened_on"], REPLY),
        (
            {"received_on": "2026-02-20"},
            "free_return_in_time",
            ["received_on", "today"],
            ("free_return_days",),
        ),
        ({"quantity_ordered": 3, "quantity_affected": 1}, "units", ["quantity_affected", "quantity_ordered"], ()),
        ({"quantity_ordered": 1}, "units", ["quantity_ordered"], ()),
        ({"evidence": ["photos_of_goods"]}, "proof", ["evidence"], ()),
        ({}, "proof", [], ()),
    ],
)
def test_facts_and_parameters(
    facts: dict[str, Any], name: str, told_by: list[str], parameters: tuple[str, ...], aliexpress: dr.Advisor
) -> None:
    found = roots(aliexpress, facts, name)
    assert (list(found.facts), found.parameters, found.assumed) == (told_by, parameters, ())


@pytest.mark.parametrize(
    ("facts", "name", "expected"),
    [
        ({"price": 5, "shipping": 1, "requested": 3}, "asked", (["requested", "price", "shipping"], [], None)),
        ({"price": 5, "requested": 3}, "asked", (["requested", "price"], ["shipping"], None)),
        ({"offered": 2, "requested": 3}, "offer", (["offered", "requested"], [], None)),
        (
            {"offered": 2, "price": 5, "shipping": 1, "usability": "unusable"},
            "offer",
            (["offered", "price", "shipping"], [], "amount"),
        ),
        ({"evidence": []}, "proof", (["evidence"], [], "evidence")),
    ],
)
def test_facts_and_assumed_numbers_and_the_decision(
    facts: dict[str, Any], name: str, expected: tuple[list[str], list[str], str | None], aliexpress: dr.Advisor
) -> None:
    found = roots(aliexpress, facts, name)
    assert (list(found.facts), [entry.fact for entry in found.assumed], found.output) == expected


@pytest.mark.parametrize(
    ("facts", "told_by"),
    [({"offered": 1}, ["requested", "offered"]), ({"offered": 1, "return_cost": 2}, ["requested", "offered"])],
)
def test_of_amounts_only_the_first_that_is_known_counts(
    facts: dict[str, Any], told_by: list[str], make_pack: MakePack
) -> None:
    pack = edited(
        "pack.yaml",
        "amounts:\n  cap: {sum: [price, deposit], source: handbook}",
        "amounts:\n  cap: {first: [price, offered, return_cost], source: handbook}",
    )
    advisor = dr.Advisor(dr.load_pack(make_pack(pack)))
    assert list(roots(advisor, {"requested": 3, **facts}, "asked").facts) == told_by
