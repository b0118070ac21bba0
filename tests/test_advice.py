"""An advice: its shape, and that what it says of the unknown is true."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import dispute_rules as dr

TODAY = "2026-03-01"
FINAL = ("claim", "extent", "verdict")
LABELS: Mapping[str, tuple[Any, ...]] = {
    "received": (True, False),
    "usability": tuple(dr.Usability),
    "wants_to_keep": (True, False),
    "as_described": (True, False),
    "fault": tuple(dr.Fault),
    "tracking": tuple(dr.Tracking),
    "shipped": (True, False),
    "confirmed": (True, False),
    "free_return": (True, False),
    "returnable": (True, False),
    "stage": tuple(dr.Stage),
    "seller_response": tuple(dr.SellerResponse),
    "offer_return": tuple(dr.OfferReturn),
}
DAYS = ("2025-06-01", "2025-12-01", "2026-02-10", "2026-02-17", "2026-02-25", TODAY)
LATER = (*DAYS, "2026-03-20")
AMOUNTS = ("0", "0.01", "3.33", "24.90", "100")
OTHERS: Mapping[str, tuple[Any, ...]] = {
    "quantity_ordered": (1, 3, 10),
    "quantity_affected": (1, 2, 10),
    **dict.fromkeys(("price", "shipping", "requested", "offered", "return_cost", "shipping_difference"), AMOUNTS),
    **dict.fromkeys(("ordered_on", "shipped_on", "received_on", "confirmed_on", "opened_on"), DAYS),
    **dict.fromkeys(("promised_by", "protection_ends_on"), LATER),
    "currency": ("EUR", "JPY", "KWD"),
    "evidence": ((), ("photos_of_goods",), ("photos_of_goods", "photos_of_package", "listing_screenshot")),
}
FACTS = {**LABELS, **OTHERS}
QUANTITIES: Mapping[str, tuple[Any, ...]] = {"quantity_ordered": (1, 3), "quantity_affected": (1,)}


def partial_cases(facts: Mapping[str, tuple[Any, ...]]) -> st.SearchStrategy[dict[str, Any]]:
    """Cases in which each of the facts is known or not."""
    optional = {name: st.sampled_from(values) for name, values in facts.items()}
    return st.fixed_dictionaries({"ground": st.sampled_from(dr.Ground), "today": st.just(TODAY)}, optional=optional)


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def advised(facts: Mapping[str, Any]) -> dr.Advice | None:
    """The advice, or None for a case that is refused; anything else that is raised fails the test."""
    try:
        return advisor().advise(facts)
    except dr.CaseError:
        return None


def final(advice: Any) -> tuple[str | None, ...]:
    """Claim, extent and verdict of an advice or an alternative."""
    return tuple(getattr(advice, name) for name in FINAL)


def example(**facts: Any) -> dr.Advice:
    return dr.advise(**{"ground": "damaged", "today": TODAY, **facts})


# --- the shape


def test_an_advice_is_frozen() -> None:
    with pytest.raises(ValidationError):
        example().claim = None  # type: ignore[misc]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_an_advice_goes_through_json_and_back_and_is_equal(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        text = advice.model_dump_json()
        assert dr.Advice.model_validate_json(text) == advice
        assert dr.Advice.model_validate_json(text).model_dump_json() == text
        assert dr.Advice.model_validate(json.loads(text)) == advice


def test_an_advice_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(example())) == example()


def test_no_warning_is_given_while_an_advice_is_written(recwarn: pytest.WarningsRecorder) -> None:
    example(price="1", shipping="2", currency="EUR").model_dump_json()
    assert list(recwarn) == []


def test_what_an_advice_holds_is_of_the_public_types() -> None:
    advice = example(usability="unusable", price="24.90", currency="EUR", received_on="2026-02-27")
    assert isinstance(advice.claim, dr.Claim)
    assert isinstance(advice.extent, dr.Extent)
    assert isinstance(advice.verdict, dr.Verdict)
    assert isinstance(advice.prospects, dr.Prospects)
    assert isinstance(advice.window.status, dr.Window)
    assert isinstance(advice.action, dr.Action)
    assert isinstance(advice.refund.recommended, Decimal)
    assert isinstance(advice.window.closes_on, date)


def test_an_advice_names_the_rules_that_answered() -> None:
    pack = example().pack
    assert (pack.name, pack.title, len(pack.content_hash)) == ("aliexpress", "AliExpress", 64)
    assert pack.edition <= date(2026, 3, 1)


def test_every_outcome_stands_under_its_decisions_name() -> None:
    advice = example()
    decisions = {"window", "fault", "claim", "verdict", "refund", "evidence", "prospects", "action"}
    assert set(advice.outcomes) == decisions | {"warnings", "timeline"}
    claim = advice.outcomes["claim"]
    assert isinstance(claim, Mapping)
    assert (claim["claim"], claim["extent"]) == (advice.claim, advice.extent)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(facts=partial_cases(LABELS))
def test_every_decision_has_a_reason_whose_facts_are_true_of_the_case(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        assumed = {entry.fact: entry.value for entry in advice.assumptions}
        said = {name: {True: "true", False: "false"}.get(value, value) for name, value in facts.items()}
        decided = {name for name, outcome in advice.outcomes.items() if isinstance(outcome, Mapping)}
        assert decided <= {reason.decision for reason in advice.reasons}
        for reason in advice.reasons:
            known = {name: label for name, label in reason.facts.items() if name in {**said, **assumed}}
            assert known == {name: {**assumed, **said}[name] for name in known}
            assert reason.sources or reason.basis == "inferred"


@settings(max_examples=150, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_the_parts_of_an_advice_fit_one_another(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        assert (advice.claim is None) == (advice.extent is None)
        assert (advice.verdict is None) <= (advice.claim is None)
        assert (advice.verdict is None) == (advice.prospects is None)
        payer = {"seller": "seller_pays", "buyer": "buyer_pays", None: ""}[advice.return_paid_by]
        assert (advice.verdict or "").endswith(payer)
        assert (advice.return_paid_by is None) == ("return" not in (advice.verdict or ""))
        assert (advice.claim == "return_and_refund") <= (advice.return_paid_by is not None)
        assert (advice.verdict == "partial_refund") == (advice.extent == "partial")
        assert [item.have for item in advice.evidence] == [
            item.kind in facts["evidence"] if "evidence" in facts else None for item in advice.evidence
        ]
        assert len({item.kind for item in advice.evidence}) == len(advice.evidence)
        assert len({warning.code for warning in advice.warnings}) == len(advice.warnings)


# --- the unknown


@settings(max_examples=120, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_every_fact_of_a_rule_is_known_or_assumed_but_never_both(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        assumed = [entry.fact for entry in advice.assumptions]
        assert len(assumed) == len(set(assumed))
        assert not set(assumed) & set(facts)
        assert all(entry.because and entry.value for entry in advice.assumptions)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(facts=partial_cases(LABELS))
def test_a_case_in_which_the_assumptions_are_said_comes_out_the_same(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        said = {entry.fact: entry.value for entry in advice.assumptions if entry.fact in LABELS}
        again = advised({**facts, **said})
        assert again is not None
        assert final(again) == final(advice)
        assert again.action == advice.action


@settings(max_examples=250, derandomize=True, deadline=None)
@given(facts=partial_cases({**LABELS, **QUANTITIES}), data=st.data())
def test_when_settled_nothing_unknown_changes_claim_extent_or_verdict(
    facts: dict[str, Any], data: st.DataObject
) -> None:
    advice = advised(facts)
    if advice is None or not advice.settled:
        return
    assert advice.alternatives == ()
    assert advice.questions == ()
    more = {name: st.sampled_from(values) for name, values in FACTS.items() if name not in facts}
    for _ in range(4):
        added = data.draw(st.fixed_dictionaries({}, optional=more))
        completed = advised({**added, **facts})
        assert completed is None or final(completed) == final(advice), added


@settings(max_examples=150, derandomize=True, deadline=None)
@given(facts=partial_cases(LABELS), data=st.data())
def test_every_other_outcome_that_a_known_fact_leads_to_was_announced(
    facts: dict[str, Any], data: st.DataObject
) -> None:
    advice = advised(facts)
    if advice is None:
        return
    announced = {final(advice), *map(final, advice.alternatives)}
    more = {name: st.sampled_from(values) for name, values in FACTS.items() if name not in facts}
    for _ in range(3):
        added = data.draw(st.fixed_dictionaries({}, optional=more))
        completed = advised({**added, **facts})
        assert completed is None or final(completed) in announced, added


SAID_AS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("units", "some"): {"quantity_ordered": 3, "quantity_affected": 1},
    ("units", "all"): {"quantity_ordered": 3, "quantity_affected": 3},
    ("window_after_confirmation", "passed"): {"confirmed_on": "2026-02-10"},
    ("window_after_confirmation", "ahead"): {"confirmed_on": TODAY},
    ("window_after_protection", "passed"): {"protection_ends_on": "2026-02-10"},
    ("window_after_protection", "ahead"): {"protection_ends_on": TODAY},
}


def said_as_facts(labels: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The labels as a caller would give them; None where that would take a fact that is known to be otherwise."""
    said: dict[str, Any] = {}
    for name, label in labels.items():
        if name not in LABELS and (name, label) not in SAID_AS:
            return None
        said |= {name: label} if name in LABELS else SAID_AS[name, label]
    return None if set(said) & set(known) else said


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=partial_cases(LABELS))
def test_the_facts_of_an_alternative_lead_to_it(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        for alternative in advice.alternatives:
            assert final(alternative) != final(advice)
            if (said := said_as_facts(alternative.facts, facts)) is not None:
                completed = advised({**facts, **said})
                assert completed is not None, (alternative.facts, "is refused")
                assert final(completed) == final(alternative), alternative.facts


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    facts=partial_cases({**LABELS, "opened_on": DAYS, "confirmed_on": DAYS, "received_on": DAYS, "offered": AMOUNTS})
)
def test_an_alternative_can_be_said_whatever_days_are_known(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        for alternative in advice.alternatives:
            if set(alternative.facts) <= set(LABELS):
                completed = advised({**facts, **alternative.facts})
                assert completed is not None, (alternative.facts, "is refused")
                assert final(completed) == final(alternative), alternative.facts


def test_a_known_dispute_has_no_alternative_that_denies_it() -> None:
    known = {"opened_on": "2025-12-10", "confirmed_on": "2025-12-01"}
    alternatives = example(**known).alternatives
    assert [alternative.facts for alternative in alternatives if alternative.facts.get("stage") == "not_opened"] == []


@settings(max_examples=150, derandomize=True, deadline=None)
@given(facts=partial_cases(LABELS))
def test_alternatives_are_different_and_the_questions_are_about_unknown_facts(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        ends = [final(alternative) for alternative in advice.alternatives]
        assert len(ends) == len(set(ends))
        assert (not ends) == advice.settled == (not advice.questions)
        asked = [question.fact for question in advice.questions]
        assert len(asked) == len(set(asked))
        assert not set(asked) & set(facts)
        assert set(asked) <= set(dr.Case.model_fields)
        assert all(question.text for question in advice.questions)


def test_a_case_with_all_that_matters_is_settled() -> None:
    advice = example(usability="unusable", fault="carrier", stage="open", quantity_ordered=1, quantity_affected=1)
    assert (advice.settled, advice.alternatives, advice.questions) == (True, (), ())


def test_the_ground_alone_is_not_settled_and_the_most_decisive_question_comes_first() -> None:
    advice = dr.advise(ground="fake", today=TODAY)
    assert not advice.settled
    assert advice.questions[0].fact in ("usability", "fault", "stage")


def test_answering_the_questions_settles_the_case() -> None:
    facts: dict[str, Any] = {"ground": "poor_quality", "today": TODAY, "stage": "open"}
    answers = {"fault": "seller", "usability": "usable", "wants_to_keep": True, "as_described": False}
    answers |= {"quantity_affected": 2, "quantity_ordered": 2}
    while question := next(iter(dr.advise(facts).questions), None):
        assert question.fact in answers
        facts |= {"quantity_ordered": 2} if question.fact == "quantity_affected" else {}
        facts |= {question.fact: answers[question.fact]}
    assert dr.advise(facts).settled


def test_assumed_amounts_are_reported_when_they_count() -> None:
    assert [entry.value for entry in example(price="5").assumptions if entry.fact == "shipping"] == ["0"]
    assert [entry for entry in example().assumptions if entry.fact == "shipping"] == []
    assert [entry for entry in example(price="5", shipping="1").assumptions if entry.fact == "shipping"] == []


# --- money


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_the_refund_is_never_above_price_and_shipping(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        refund = advice.refund
        price, shipping = facts.get("price"), facts.get("shipping", "0")
        assert refund.cap == (None if price is None else Decimal(price) + Decimal(shipping))
        assert refund.currency == facts.get("currency")
        assert refund.recommended is None or refund.cap is None or 0 <= refund.recommended <= refund.cap
        if advice.claim is None:
            assert refund.recommended is None


def test_the_recommended_amount_is_left_open_where_no_source_gives_one() -> None:
    refund = example(usability="impaired", price="24.90", shipping="3.10").refund
    assert (refund.cap, refund.recommended) == (Decimal("28.00"), None)


# --- days


@settings(max_examples=300, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_the_days_of_the_window_fit_its_status(facts: dict[str, Any]) -> None:
    advice = advised(facts)
    if advice is None or advice.window.status is None:
        return
    window, today = advice.window, date.fromisoformat(TODAY)
    if window.status is dr.Window.TOO_EARLY:
        assert window.opens_on is None or window.opens_on > today
        assert window.opens_on is not None or facts.get("shipped") is False
    if window.status is dr.Window.OPEN:
        assert window.opens_on is None or window.opens_on <= today
    if window.status is dr.Window.CLOSED:
        assert window.closes_on is not None
        assert window.closes_on < today


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_an_open_window_does_not_close_in_the_past(facts: dict[str, Any]) -> None:
    advice = advised(facts)
    if advice is not None and advice.window.status is not dr.Window.CLOSED and advice.window.closes_on:
        assert advice.window.closes_on >= date.fromisoformat(TODAY)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(facts=partial_cases(FACTS))
def test_the_timeline_is_in_order_and_holds_the_days_of_the_window(facts: dict[str, Any]) -> None:
    if advice := advised(facts):
        days = [(milestone.earliest, milestone.latest) for milestone in advice.timeline]
        assert days == sorted(days)
        assert all(earliest <= latest for earliest, latest in days)
        opens = {milestone.latest for milestone in advice.timeline if milestone.marks == "opens"}
        closes = {milestone.earliest for milestone in advice.timeline if milestone.marks == "closes"}
        assert advice.window.opens_on in (opens or [None])
        assert advice.window.closes_on in (closes or [None])


@pytest.mark.parametrize(
    ("today", "status"),
    [("2026-02-12", "too_early"), ("2026-02-13", "open"), ("2026-06-01", "open"), ("2026-06-02", "closed")],
)
def test_a_missing_parcel_can_be_disputed_from_the_first_to_the_last_day(today: str, status: str) -> None:
    advice = dr.advise(ground="not_arrived", shipped_on="2026-02-02", protection_ends_on="2026-05-17", today=today)
    assert advice.window.status == status
    assert str(advice.window.opens_on) == "2026-02-13" or status == "closed"
    assert str(advice.window.closes_on) == "2026-06-01"


@pytest.mark.parametrize(
    ("today", "edition"), [("2018-08-01", "2018-08-01"), ("2022-12-31", "2018-08-01"), ("2023-01-01", "2023-01-01")]
)
def test_today_picks_the_rules_that_were_in_force(today: str, edition: str) -> None:
    assert str(dr.advise(ground="fake", today=today).pack.edition) == edition


def test_a_day_before_all_editions_is_refused() -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(ground="fake", today="2018-07-31")
    assert [problem.code for problem in refused.value.problems] == ["before-first-edition"]


def test_today_defaults_to_the_current_date() -> None:
    before = date.today()
    advice = dr.advise(ground="fake", stage="open")
    after = date.today()
    assert advice in (dr.advise(ground="fake", stage="open", today=day) for day in (before, after))


# --- the ways to ask


def test_a_case_a_mapping_and_keywords_give_the_same_advice() -> None:
    facts: dict[str, Any] = {"ground": "damaged", "usability": "unusable", "price": "24.90", "today": TODAY}
    case = dr.Case(**facts)
    asked = [dr.advise(case), dr.advise(facts), dr.advise(**facts), dr.Advisor().advise(case), advisor().advise(facts)]
    assert all(advice == asked[0] for advice in asked)


def test_keywords_go_before_what_the_case_says() -> None:
    case = dr.Case(ground="damaged", usability="unusable", today=TODAY)
    assert dr.advise(case, usability="impaired") == example(usability="impaired")


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(dr.PackError) as refused:
        dr.advise(ground="fake", pack="alibaba")
    assert [problem.code for problem in refused.value.problems] == ["unknown-pack"]


def test_the_json_schema_of_an_advice_names_its_fields() -> None:
    schema = dr.Advice.model_json_schema(mode="serialization")
    assert set(schema["properties"]) == set(dr.Advice.model_fields)
    assert set(schema["required"]) == set(dr.Advice.model_fields)
