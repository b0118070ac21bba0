"""Every line of the matrix of grounds and outcomes, asked through Python and through the shell.

The lines are those of `domain/matrix.md`; several cases stand for one line where it speaks of several situations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.cli import main as shell

TODAY = "2026-03-01"
WHOLE = Decimal("28.00")
MONEY = {"price": "24.90", "shipping": "3.10"}
CHANGES_OF_MIND = ("buyer_mistake", "found_cheaper", "no_longer_needed")
GOODS_AT_FAULT = ("not_as_described", "poor_quality", "damaged", "fake", "component_problem")


@dataclass(frozen=True)
class Line:
    """A line of the matrix, as facts and what is to come out."""

    name: str
    facts: Mapping[str, Any]
    claim: str | None
    extent: str | None
    verdict: str | None
    basis: str | None
    paid_by: str | None = None
    recommended: Decimal | None = None
    prospects: tuple[str, ...] = ()
    action: str | None = None
    warnings: tuple[str, ...] = ()
    varied: tuple[str, ...] = field(default=())  # facts that the line does not mention: they must not matter

    @property
    def case(self) -> dict[str, Any]:
        return {"today": TODAY, **MONEY, **self.facts}


def refund_only(name: str, facts: Mapping[str, Any], verdict: str, basis: str, **more: Any) -> Line:
    return Line(name, facts, "refund_only", "full", verdict, basis, **{"recommended": WHOLE, **more})


def returned(name: str, facts: Mapping[str, Any], payer: str, basis: str, **more: Any) -> Line:
    verdict = f"full_refund_return_{payer}_pays"
    paid = {"paid_by": payer, "recommended": WHOLE}
    return Line(name, facts, "return_and_refund", "full", verdict, basis, **{**paid, **more})


def partial(name: str, facts: Mapping[str, Any], basis: str, **more: Any) -> Line:
    return Line(name, facts, "refund_only", "partial", "partial_refund", basis, **more)


def nothing(name: str, facts: Mapping[str, Any], basis: str, **more: Any) -> Line:
    return Line(name, facts, None, None, "no_refund", basis, **more)


AT_HOME = ("tracking", "free_return")  # never matters to a line about goods that have come
GOODS = (*AT_HOME, "fault")


def _not_arrived() -> Iterator[Line]:
    lost: dict[str, Any] = {"ground": "not_arrived", "received": False}
    yield refund_only("not-arrived", lost, "full_refund", "stated", varied=("usability", "wants_to_keep", "fault"))
    yield refund_only(
        "not-arrived-delivered",
        {**lost, "tracking": "delivered"},
        "full_refund",
        "stated",
        prospects=("weak",),
        warnings=("shown_as_delivered",),
    )
    for tracking in ("delivered_elsewhere", "none"):
        facts = {**lost, "tracking": tracking}
        yield refund_only(f"not-arrived-{tracking}", facts, "full_refund", "derived", prospects=("fair", "strong"))
    held = {**lost, "tracking": "held_by_customs"}
    yield refund_only("held-by-customs-seller", {**held, "fault": "seller"}, "full_refund", "reported")
    yield nothing("held-by-customs-buyer", {**held, "fault": "buyer"}, "reported")
    for tracking in ("in_transit", "returned", "delivered", "delivered_elsewhere", "none"):
        facts = {**lost, "tracking": tracking, "fault": "buyer"}
        yield nothing(f"not-arrived-buyer-{tracking}", facts, "reported", warnings=("buyer_fault_may_cost_shipping",))


def _not_as_described() -> Iterator[Line]:
    unlike: dict[str, Any] = {"ground": "not_as_described"}
    yield refund_only(
        "not-as-described-unusable",
        {**unlike, "usability": "unusable"},
        "full_refund_return_seller_pays",
        "stated",
        paid_by="seller",
        warnings=("return_may_be_asked",),
        varied=(*GOODS, "wants_to_keep"),
    )
    for usability in ("usable", "impaired"):
        facts = {**unlike, "usability": usability}
        yield returned(
            f"not-as-described-{usability}-back", {**facts, "wants_to_keep": False}, "seller", "stated", varied=GOODS
        )
        yield partial(f"not-as-described-{usability}-kept", {**facts, "wants_to_keep": True}, "stated", varied=GOODS)


def _poor_quality() -> Iterator[Line]:
    poor: dict[str, Any] = {"ground": "poor_quality"}
    varied = (*GOODS, "wants_to_keep")
    yield refund_only("poor-unusable", {**poor, "usability": "unusable"}, "full_refund", "derived", varied=varied)
    for usability in ("usable", "impaired"):
        facts = {**poor, "usability": usability}
        yield partial(f"poor-{usability}-kept", {**facts, "wants_to_keep": True}, "stated", varied=GOODS)
        yield returned(f"poor-{usability}-back", {**facts, "wants_to_keep": False}, "seller", "stated", varied=GOODS)
    for ground in ("poor_quality", "component_problem"):
        listed = {"ground": ground, "as_described": True}
        yield nothing(f"{ground}-as-described", listed, "reported", varied=("usability", "wants_to_keep", *AT_HOME))


def _damaged() -> Iterator[Line]:
    broken = {"ground": "damaged"}
    varied = (*GOODS, "wants_to_keep", "as_described")
    yield refund_only("damaged-unusable", {**broken, "usability": "unusable"}, "full_refund", "stated", varied=varied)
    for usability in ("usable", "impaired"):
        yield partial(f"damaged-{usability}", {**broken, "usability": usability}, "stated", varied=varied)
    yield nothing("damaged-by-buyer", {**broken, "fault": "buyer"}, "stated", varied=("usability", *AT_HOME))


def _delivery_method() -> Iterator[Line]:
    other = {"ground": "wrong_delivery_method"}
    varied = ("usability", "wants_to_keep", "fault", "as_described", "free_return")
    yield partial(
        "delivery-arrived",
        {**other, "received": True, "shipping_difference": "2.50"},
        "inferred",
        recommended=Decimal("2.50"),
        varied=varied,
    )
    yield refund_only("delivery-not-arrived", {**other, "received": False}, "full_refund", "stated", varied=varied)


def _wrong_quantity() -> Iterator[Line]:
    fewer = {"ground": "wrong_quantity", "quantity_ordered": 10}
    varied = (*GOODS, "wants_to_keep", "as_described")
    for usability in ("usable", "impaired"):
        facts = {**fewer, "quantity_affected": 3, "usability": usability}
        share = Decimal("8.40")
        yield partial(f"quantity-some-{usability}", facts, "derived", recommended=share, varied=varied)
    facts = {**fewer, "quantity_affected": 10}
    yield refund_only("quantity-all", facts, "full_refund", "derived", varied=(*varied, "usability"))
    facts = {**fewer, "quantity_affected": 3, "usability": "unusable"}
    yield refund_only("quantity-rest-unusable", facts, "full_refund", "derived", varied=varied)


def _fake_and_components() -> Iterator[Line]:
    varied = (*GOODS, "wants_to_keep")
    fake = {"ground": "fake"}
    unusable = {**fake, "usability": "unusable"}
    yield refund_only("fake-unusable", unusable, "full_refund", "derived", varied=(*varied, "as_described"))
    for usability in ("usable", "impaired"):
        yield refund_only(
            f"fake-{usability}",
            {**fake, "usability": usability},
            "full_refund_return_seller_pays",
            "derived",
            paid_by="seller",
            warnings=("return_may_be_asked",),
            varied=(*varied, "as_described"),
        )
    part = {"ground": "component_problem"}
    yield refund_only("component-unusable", {**part, "usability": "unusable"}, "full_refund", "derived", varied=varied)
    for usability in ("usable", "impaired"):
        yield partial(f"component-{usability}", {**part, "usability": usability}, "stated", varied=varied)


def _change_of_mind() -> Iterator[Line]:
    varied = ("tracking", "usability", "wants_to_keep", "as_described", "fault")
    for ground in CHANGES_OF_MIND:
        came: dict[str, Any] = {"ground": ground, "received": True}
        basis = "stated" if ground == "buyer_mistake" else "derived"
        yield returned(f"{ground}-delivered", came, "buyer", basis, varied=varied)
        yield returned(f"{ground}-free-return", {**came, "free_return": True}, "seller", "stated", varied=varied)
        back = {**came, "returnable": False}
        yield nothing(f"{ground}-not-returnable", back, "stated", action="none", varied=(*varied, "free_return"))
        unsent = {"ground": ground, "shipped": False}
        yield Line(f"{ground}-unsent", unsent, None, None, None, "reported", action="cancel_order")
        coming = {"ground": ground, "received": False}
        verdict = "full_refund_return_buyer_pays"
        yield Line(f"{ground}-coming", coming, None, None, verdict, basis, "buyer", action="wait")
        verdict = "full_refund_return_seller_pays"
        free = {**coming, "free_return": True}
        yield Line(f"{ground}-coming-free-return", free, None, None, verdict, "stated", "seller", action="wait")


def _buyers_fault() -> Iterator[Line]:
    varied = ("usability", "wants_to_keep", *AT_HOME)
    for ground in ("not_as_described", "poor_quality", "fake", "wrong_quantity", "component_problem"):
        yield returned(
            f"{ground}-buyers-doing", {"ground": ground, "fault": "buyer"}, "buyer", "derived", varied=varied
        )


def _some_units() -> Iterator[Line]:
    for ground in GOODS_AT_FAULT:
        facts = {"ground": ground, "quantity_ordered": 4, "quantity_affected": 1}
        varied = ("usability", "wants_to_keep", *GOODS)
        yield partial(f"{ground}-some-units", facts, "derived", recommended=Decimal("7.00"), varied=varied)


def _any_ground() -> Iterator[Line]:
    early: dict[str, Any] = {"ground": "not_arrived", "shipped_on": "2026-02-25"}
    yield refund_only("too-early-not-arrived", early, "full_refund", "stated", action="wait")
    early = {"ground": "wrong_delivery_method", "received": False, "shipped_on": "2026-02-25"}
    yield refund_only("too-early-delivery", early, "full_refund", "stated", action="wait")
    for ground in CHANGES_OF_MIND:
        early = {"ground": ground, "received": False, "shipped_on": "2026-02-25"}
        basis = "stated" if ground == "buyer_mistake" else "derived"
        verdict = "full_refund_return_buyer_pays"
        yield Line(f"too-early-{ground}", early, None, None, verdict, basis, "buyer", action="wait")
    for ground in dr.Ground:
        late = {"ground": ground.value, "protection_ends_on": "2026-02-01"}
        yield Line(f"closed-{ground}", late, None, None, None, "stated", action="use_another_route")
    above = {"ground": "damaged", "usability": "unusable", "requested": "28.01"}
    yield refund_only("requested-above", above, "full_refund", "stated", warnings=("amount_above_cap",))
    above = {"ground": "damaged", "usability": "impaired", "requested": "28.01"}
    yield partial("requested-above-partial", above, "stated", warnings=("amount_above_cap",))


LINES = (
    *_not_arrived(),
    *_not_as_described(),
    *_poor_quality(),
    *_damaged(),
    *_delivery_method(),
    *_wrong_quantity(),
    *_fake_and_components(),
    *_change_of_mind(),
    *_buyers_fault(),
    *_some_units(),
    *_any_ground(),
)
each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)


def check(advice: dr.Advice, line: Line) -> None:
    """All that the line says."""
    assert (advice.claim, advice.extent, advice.verdict) == (line.claim, line.extent, line.verdict)
    assert advice.return_paid_by == line.paid_by
    assert advice.refund.recommended == line.recommended
    assert advice.refund.cap == WHOLE
    assert [reason.basis for reason in advice.reasons if reason.decision == "verdict"] == [line.basis]
    assert not line.prospects or advice.prospects in line.prospects
    assert line.action in (None, advice.action)
    assert set(line.warnings) <= {warning.code for warning in advice.warnings}


@each_line
def test_the_line_through_python(line: Line) -> None:
    check(dr.advise(line.case), line)


@pytest.fixture(scope="module", autouse=True)
def pack_loaded_once() -> Iterator[None]:
    """The shell loads its pack for each command; here it is the same one each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell, "load_pack", cache(dr.load_pack))
        yield


def _said(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@each_line
def test_the_line_through_the_shell(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    options = [f"--{name.replace('_', '-')}={_said(value)}" for name, value in line.case.items()]
    assert shell.main(["advise", "--json", *options]) == 0
    check(dr.Advice.model_validate_json(capsys.readouterr().out), line)


VALUES: Mapping[str, tuple[Any, ...]] = {
    "usability": tuple(dr.Usability),
    "wants_to_keep": (True, False),
    "as_described": (True, False),
    "free_return": (True, False),
    "fault": (dr.Fault.SELLER, dr.Fault.CARRIER, dr.Fault.CUSTOMS),
    "tracking": tuple(dr.Tracking),
}


@pytest.mark.parametrize(
    ("line", "fact"),
    [pytest.param(line, fact, id=f"{line.name}-{fact}") for line in LINES for fact in line.varied],
)
def test_a_fact_that_the_line_does_not_mention_does_not_matter(line: Line, fact: str) -> None:
    for value in VALUES[fact]:
        advice = dr.advise({**line.case, fact: value})
        assert (advice.claim, advice.extent, advice.verdict) == (line.claim, line.extent, line.verdict), value


@pytest.mark.parametrize(
    "line", [line for line in LINES if line.name.startswith("too-early")], ids=lambda line: line.name
)
def test_too_early_says_from_which_day(line: Line) -> None:
    advice = dr.advise(line.case)
    assert advice.window.status is dr.Window.TOO_EARLY
    changed_mind = {"buyer_mistake", "found_cheaper", "no_longer_needed"}  # these wait for the delivery instead
    assert str(advice.window.opens_on) == ("None" if line.case["ground"] in changed_mind else "2026-03-08")


@pytest.mark.parametrize("ground", dr.Ground)
def test_a_closed_window_names_its_last_day(ground: dr.Ground) -> None:
    window = dr.advise(ground=ground, protection_ends_on="2026-02-01", today=TODAY).window
    assert (window.status, str(window.closes_on)) == (dr.Window.CLOSED, "2026-02-16")


@pytest.mark.parametrize("ground", [ground for ground in dr.Ground if ground not in CHANGES_OF_MIND])
def test_a_sum_above_the_cap_changes_nothing_but_the_warning(ground: dr.Ground) -> None:
    within = dr.advise(ground=ground, requested="28", today=TODAY, **MONEY)
    above = dr.advise(ground=ground, requested="28.01", today=TODAY, **MONEY)
    assert (above.claim, above.extent, above.verdict) == (within.claim, within.extent, within.verdict)
    assert above.refund == within.refund
    assert {w.code for w in above.warnings} - {w.code for w in within.warnings} == {"amount_above_cap"}


@pytest.mark.parametrize(
    ("ground", "fact", "value"),
    [
        *[(ground, "received", str(ground != "not_arrived").lower()) for ground in dr.Ground],
        *[(ground, "shipped", "true") for ground in dr.Ground],
        *[(ground, "usability", "impaired") for ground in ("damaged", "poor_quality", "component_problem")],
        *[(ground, "usability", "unusable") for ground in ("fake", "not_as_described")],
        *[(ground, "usability", "usable") for ground in ("wrong_quantity", "wrong_delivery_method", *CHANGES_OF_MIND)],
        *[(g, "wants_to_keep", "true") for g in ("damaged", "poor_quality", "component_problem", "wrong_quantity")],
        *[(g, "wants_to_keep", "false") for g in ("fake", "not_as_described", *CHANGES_OF_MIND)],
        *[(ground, "returnable", "true") for ground in dr.Ground],
        *[(ground, "free_return", "false") for ground in dr.Ground],
        *[(ground, "as_described", "false") for ground in dr.Ground],
        *[(ground, "fault", "buyer") for ground in CHANGES_OF_MIND],
        *[(ground, "fault", "carrier") for ground in ("damaged", "not_arrived")],
        *[(ground, "fault", "seller") for ground in ("fake", "not_as_described", "poor_quality", "wrong_quantity")],
        *[(ground, "fault", "seller") for ground in ("component_problem", "wrong_delivery_method")],
    ],
)
def test_typical_facts_are_assumed_until_the_caller_says_otherwise(ground: str, fact: str, value: str) -> None:
    advice = dr.advise(ground=ground, today=TODAY)
    assert {entry.value for entry in advice.assumptions if entry.fact == fact} == {value}
    assert advice.window.status is dr.Window.OPEN


@pytest.mark.parametrize("ground", [*GOODS_AT_FAULT, "wrong_quantity"])
def test_goods_that_cannot_be_used_are_not_assumed_to_be_kept(ground: str) -> None:
    advice = dr.advise(ground=ground, usability="unusable", today=TODAY)
    assert {entry.value for entry in advice.assumptions if entry.fact == "wants_to_keep"} == {"false"}
