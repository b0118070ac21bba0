"""The history of a dispute: what events make of a case, and which cannot follow one another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

import dispute_rules as dr

FACTS: Mapping[str, Any] = {
    "ground": "damaged",
    "usability": "unusable",
    "price": "24.90",
    "shipping": "3.10",
    "today": "2026-03-20",
}
OPENED: dict[str, Any] = {"on": "2026-03-01", "what": "opened"}
OFFERED: dict[str, Any] = {"on": "2026-03-03", "what": "seller_offered", "offered": "5"}
DECIDED: dict[str, Any] = {"on": "2026-03-10", "what": "decided", "result": "otherwise", "return_required": True}


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor("aliexpress")


def advice(*events: Mapping[str, Any], **facts: Any) -> dr.Advice:
    return advisor().outline({**FACTS, "events": list(events), **facts})


def refused(*events: Mapping[str, Any], **facts: Any) -> dict[str, tuple[str, str]]:
    """Code and message of each problem, by its place."""
    with pytest.raises(dr.CaseError) as error:
        advice(*events, **facts)
    assert [problem for problem in error.value.problems if not problem.help] == []
    return {problem.place: (problem.code, problem.message) for problem in error.value.problems}


# --- what events tell


@pytest.mark.parametrize(
    ("events", "same"),
    [
        ([OPENED], {"stage": "open", "seller_response": "none", "opened_on": "2026-03-01"}),
        (
            [OPENED, OFFERED],
            {"stage": "open", "seller_response": "counter_offer", "offered": 5, "opened_on": "2026-03-01",
             "replied_on": "2026-03-03"},
        ),
        (
            [OPENED, OFFERED, DECIDED],
            {"stage": "decided", "result": "otherwise", "return_required": True, "decided_on": "2026-03-10",
             "seller_response": "counter_offer", "offered": 5, "opened_on": "2026-03-01", "replied_on": "2026-03-03"},
        ),
        (
            [OPENED, OFFERED, {"on": "2026-03-04", "what": "cancelled", "cancel_reason": "promise"}],
            {"stage": "cancelled", "cancel_reason": "promise", "opened_on": "2026-03-01"},
        ),
        (
            [OPENED, {"on": "2026-03-04", "what": "cancelled", "cancel_reason": "promise"},
             {"on": "2026-03-09", "what": "opened", "requested": "20"}],
            {"stage": "open", "seller_response": "none", "opened_on": "2026-03-09", "requested": "20"},
        ),
    ],
)  # fmt: skip
def test_events_are_as_good_as_the_facts_that_they_tell(events: list[Any], same: Mapping[str, Any]) -> None:
    assert advice(*events) == advisor().outline({**FACTS, **same})


def test_the_case_is_given_back_as_it_was_told() -> None:
    case = advisor().case({**FACTS, "events": [OPENED, OFFERED]})
    assert (case.stage, case.offered, len(case.events or ())) == (None, None, 2)
    assert advisor().outline(case.model_copy(update={"events": [OPENED]})) == advice(OPENED)


def test_a_case_with_events_goes_through_json() -> None:
    case = dr.Case(**FACTS, events=[OPENED, OFFERED, DECIDED])
    assert dr.Case.model_validate_json(case.model_dump_json()) == case
    assert advisor().outline(dr.Case.model_validate_json(case.model_dump_json())) == advice(OPENED, OFFERED, DECIDED)


def test_no_events_say_nothing() -> None:
    assert advice() == advisor().outline(FACTS)


def test_events_count_wherever_a_case_is_looked_at() -> None:
    case = {**FACTS, "events": [OPENED, OFFERED]}
    asked = {question.fact for question in advisor().questions({k: v for k, v in case.items() if k != "ground"})}
    assert asked == {"ground"}
    assert advisor().settle(case).labels["stage"] == "open"
    plain = {"stage": "open", "seller_response": "counter_offer", "offered": 5, "replied_on": "2026-03-03"}
    assert advisor().explain(case) == advisor().explain({**FACTS, **plain, "opened_on": "2026-03-01"})
    compared = advisor().compare(case, grounds=["fake"])
    assert {entry.advice.stage for entry in compared.grounds} == {"open"}


# --- what is wrong with events


def test_an_event_that_the_stage_does_not_allow() -> None:
    found = refused(OFFERED, OPENED | {"on": "2026-03-04"})
    assert found == {"events[0]": ("contradiction", "`seller_offered` cannot happen where the dispute is `not_opened`")}


def test_events_out_of_order() -> None:
    found = refused(OPENED, OFFERED | {"on": "2026-02-27"})
    assert found["events[1].on"] == (
        "contradiction",
        "`seller_offered` on 2026-02-27 stands after `opened` on 2026-03-01",
    )


def test_an_event_after_today() -> None:
    found = refused(OPENED, OFFERED, today="2026-03-02")
    assert found["events[1].on"] == ("contradiction", "`seller_offered` on 2026-03-03 is after today, 2026-03-02")


def test_an_event_after_the_current_date() -> None:
    assert "events[0].on" in refused(OPENED | {"on": "2199-01-01"}, today=None)


def test_an_event_that_nobody_knows() -> None:
    assert refused({"on": "2026-03-01", "what": "opend"}) == {
        "events[0].what": ("unknown-label", "there is no event `opend`")
    }


def test_an_event_of_a_pack_that_knows_none() -> None:
    shop = dr.Advisor("examples/phone-shop/phone_shop")
    with pytest.raises(dr.CaseError, match=r"events\[0\]\.what: there is no event `opened` \[unknown-label\]"):
        shop.advise(ground="damaged", today="2026-03-20", events=[OPENED])


def test_an_event_without_what_it_needs() -> None:
    found = refused(OPENED, {"on": "2026-03-04", "what": "cancelled"})
    assert found == {"events[1].cancel_reason": ("missing-fact", "`cancelled` needs `cancel_reason`")}


def test_an_event_with_what_it_does_not_tell() -> None:
    found = refused(OPENED | {"offered": 5, "colour": "red"})
    assert {place: code for place, (code, _) in found.items()} == {
        "events[0].offered": "unknown-fact",
        "events[0].colour": "unknown-fact",
    }


@pytest.mark.parametrize(("change", "code"), [({"offered": "a lot"}, "wrong-type"), ({"offered": -1}, "out-of-range")])
def test_a_fact_of_an_event_that_cannot_be(change: Mapping[str, Any], code: str) -> None:
    assert {place: code for place, (code, _) in refused(OPENED, {**OFFERED, **change}).items()} == {
        "events[1].offered": code
    }


@pytest.mark.parametrize(
    ("events", "place", "code"),
    [
        ("opened", "events", "wrong-type"),
        ({"on": "2026-03-01"}, "events", "wrong-type"),
        ({1, 2}, "events", "wrong-type"),
        ([OPENED] * 101, "events", "too-large"),
        ([3], "events[0]", "wrong-type"),
        ([{}], "events[0].on", "missing-fact"),
        ([{"on": "2026-03-01", "what": "x" * 65}], "events[0].what", "out-of-range"),
        ([{"on": "2026-03-01", "what": "\x1b[31m"}], "events[0].what", "unknown-label"),
        ([OPENED | {"\n": 1}], "events[0].\\n", "unknown-fact"),
        ([OPENED | {"requested": float("nan")}], "events[0].requested", "wrong-type"),
        ([OPENED | {"requested": 10**80}], "events[0].requested", "out-of-range"),
        ([OPENED | {"requested": 0}], "events[0].requested", "out-of-range"),
        ([OPENED | {"requested": ["5"]}], "events[0].requested", "wrong-type"),
        ([OPENED | {"events": "x"}], "events[0].events", "unknown-fact"),
        ([OPENED | {"ground": "fake"}], "events[0].ground", "unknown-fact"),
        ([OPENED | {"requested": "5 USD"}], "events[0].requested", "mixed-currencies"),
    ],
)
def test_whatever_is_written_for_events_is_told(events: object, place: str, code: str) -> None:
    with pytest.raises(dr.CaseError) as error:
        advisor().outline({**FACTS, "currency": "EUR", "events": events})
    assert (place, code) in [(problem.place, problem.code) for problem in error.value.problems]
    assert all(problem.help for problem in error.value.problems)


@pytest.mark.parametrize("day", ["2026-03-01T10:00", "01.03.2026", "2026-02-30", 20260301, None])
def test_a_day_of_an_event_that_is_none(day: object) -> None:
    assert refused(OPENED | {"on": day})["events[0].on"][0] in ("bad-date", "wrong-type", "missing-fact")


@pytest.mark.parametrize("day", ["2569-03-01", "1404-12-10"])
def test_a_day_of_another_calendar_is_told_which_one_is_meant(day: str) -> None:
    with pytest.raises(
        dr.CaseError, match=r"events\[0\]\.on: .* is too far away .*\n *help: a Gregorian day from 1970"
    ):
        advice(OPENED | {"on": day})


def test_an_opening_before_the_order() -> None:
    found = refused(OPENED, ordered_on="2026-03-02")
    assert found == {"events[0].on": ("contradiction", "`opened` on 2026-03-01 is before `ordered_on` 2026-03-02")}


def test_a_fact_that_says_otherwise_than_the_events() -> None:
    found = refused(OPENED, stage="mediation", opened_on="2026-03-01", offered=5)
    assert found == {
        "stage": ("contradiction", "`stage` is `mediation`, but by `opened` on 2026-03-01 it is `open`"),
        "offered": ("contradiction", "`offered` is `5`, but by `opened` on 2026-03-01 it is no longer so"),
    }


ACCEPTED: dict[str, Any] = {"on": "2026-03-05", "what": "offer_accepted"}
DECLINED: dict[str, Any] = {"on": "2026-03-04", "what": "offer_declined"}
SILENT: dict[str, Any] = {"on": "2026-03-06", "what": "seller_stayed_silent"}
NOTHING: dict[str, Any] = {"on": "2026-03-10", "what": "decided", "result": "nothing"}
KEPT: dict[str, Any] = {**DECIDED, "return_required": False}
SENT_BACK: dict[str, Any] = {"on": "2026-03-12", "what": "goods_sent_back"}
MONEY: dict[str, Any] = {"on": "2026-03-12", "what": "money_arrived"}
CANCELLED: dict[str, Any] = {"on": "2026-03-04", "what": "cancelled", "cancel_reason": "promise"}
AGAIN: dict[str, Any] = {"on": "2026-03-05", "what": "opened"}


@pytest.mark.parametrize(
    ("events", "place", "message"),
    [
        ([OPENED, ACCEPTED], "events[1]",
         "`offer_accepted` cannot happen: since `opened` on 2026-03-01 no event tells `offered`"),
        ([OPENED, DECLINED], "events[1]",
         "`offer_declined` cannot happen: since `opened` on 2026-03-01 no event tells `offered`"),
        ([OPENED, OFFERED, DECLINED, ACCEPTED], "events[3]",
         "`offer_accepted` cannot happen: since `offer_declined` on 2026-03-04 no event tells `offered`"),
        ([OPENED, OFFERED, CANCELLED, AGAIN, ACCEPTED], "events[4]",
         "`offer_accepted` cannot happen: since `opened` on 2026-03-05 no event tells `offered`"),
        ([OPENED, NOTHING, SENT_BACK], "events[2]",
         "`goods_sent_back` cannot happen where `result` is `nothing`, by `decided` on 2026-03-10"),
        ([OPENED, {**NOTHING, "return_required": False}, SENT_BACK], "events[2]",
         "`goods_sent_back` cannot happen where `result` is `nothing`, by `decided` on 2026-03-10"),
        ([OPENED, NOTHING, MONEY], "events[2]",
         "`money_arrived` cannot happen where `result` is `nothing`, by `decided` on 2026-03-10"),
        ([OPENED, KEPT, SENT_BACK], "events[2]",
         "`goods_sent_back` cannot happen where `return_required` is `false`, by `decided` on 2026-03-10"),
        ([OPENED, {**SILENT, "on": "2026-03-05"}], "events[1].on",
         ("`seller_stayed_silent` on 2026-03-05 comes too early: it can happen from 2026-03-06 on, "
          "by `closing_by_silence`, counted from `opened` on 2026-03-01")),
        ([OPENED, CANCELLED, AGAIN, {**SILENT, "on": "2026-03-09"}], "events[3].on",
         ("`seller_stayed_silent` on 2026-03-09 comes too early: it can happen from 2026-03-10 on, "
          "by `closing_by_silence`, counted from `opened` on 2026-03-05")),
        ([OPENED, OFFERED, SILENT], "events[2]",
         "`seller_stayed_silent` cannot happen after `seller_offered` on 2026-03-03"),
        ([OPENED, OFFERED, {**SILENT, "on": "2026-03-04"}], "events[2]",
         "`seller_stayed_silent` cannot happen after `seller_offered` on 2026-03-03"),
        ([OPENED, {**NOTHING, "return_required": True}], "events[1].result, events[1].return_required",
         "Where nothing was granted the goods stay with you."),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_after_the_events_before(
    events: list[dict[str, Any]], place: str, message: str
) -> None:
    assert refused(*events) == {place: ("contradiction", message)}


@pytest.mark.parametrize(
    "events",
    [
        [OPENED, SILENT],
        [OPENED, OFFERED, ACCEPTED],
        [OPENED, OFFERED, {"on": "2026-03-04", "what": "seller_wrote_privately"}, ACCEPTED],
        [OPENED, {"on": "2026-03-04", "what": "seller_asked_to_cancel"}, SILENT],
        [OPENED, DECIDED, SENT_BACK, MONEY],
        [OPENED, {"on": "2026-03-10", "what": "decided", "result": "otherwise"}, SENT_BACK],
        [OPENED, CANCELLED, AGAIN, {**SILENT, "on": "2026-03-10"}],
    ],
)
def test_what_can_have_happened_is_advised_on(events: list[dict[str, Any]]) -> None:
    assert advice(*events).stage == "decided"


def test_goods_that_did_not_come_are_not_sent_back_by_any_event() -> None:
    found = refused(OPENED, DECIDED, SENT_BACK, received=False, ground="wrong_delivery_method", usability=None)
    assert found == {
        "received, events[2]": ("contradiction", "What has not reached you cannot have been sent back."),
    }


def test_one_mistake_is_one_error_about_what_was_written() -> None:
    assert refused(OPENED, shipped=False) == {
        "shipped, events[0]": ("contradiction", "A dispute can be opened only after the order was shipped.")
    }
    assert refused(OPENED, ordered_on="2026-03-02", shipped_on="2026-03-03") == {
        "events[0].on": ("contradiction", "`opened` on 2026-03-01 is before `shipped_on` 2026-03-03")
    }
    (place,) = refused(OPENED, DECIDED, SENT_BACK, ground="not_arrived", usability=None)
    assert place == "events[2], ground"
    assert refused(OPENED, OFFERED | {"on": "2026-02-27"}).keys() == {"events[1].on"}


@pytest.mark.parametrize("help", ["check `shipped` and `opened` on 2026-03-01"])
def test_the_help_names_the_events_too(help: str) -> None:
    with pytest.raises(dr.CaseError) as error:
        advice(OPENED, shipped=False)
    assert [problem.help for problem in error.value.problems] == [help]


IN_DOLLARS: dict[str, Any] = {**OFFERED, "offered": "5 USD"}


@pytest.mark.parametrize(
    ("events", "facts", "message"),
    [
        ([OPENED, IN_DOLLARS], {"currency": "EUR"}, "`events[1].offered` is in `USD`, and `price` in `EUR`"),
        ([OPENED, IN_DOLLARS], {"price": "24.90 EUR"}, "`events[1].offered` is in `USD`, and `price` in `EUR`"),
        ([OPENED, IN_DOLLARS], {"price": None, "shipping": None, "currency": "EUR"},
         "`events[1].offered` is in `USD`, and `currency` in `EUR`"),
        ([OPENED | {"requested": "9 EUR"}, IN_DOLLARS], {},
         "`events[1].offered` is in `USD`, and `events[0].requested` in `EUR`"),
        ([OPENED, OFFERED | {"offered": "4 EUR"}, DECLINED, IN_DOLLARS | {"on": "2026-03-05"}], {},
         "`events[3].offered` is in `USD`, and `events[1].offered` in `EUR`"),
    ],
)  # fmt: skip
def test_amounts_of_events_are_in_one_currency_and_both_are_named(
    events: list[dict[str, Any]], facts: Mapping[str, Any], message: str
) -> None:
    (found,) = refused(*events, **facts).values()
    assert found == ("mixed-currencies", message)


def test_the_currency_of_an_event_is_that_of_the_case_and_stays() -> None:
    assert advice(OPENED, IN_DOLLARS, DECLINED).refund.currency == "USD"


def test_the_faults_of_events_are_told_with_all_others() -> None:
    found = refused(OFFERED, price="-1", colour="red")
    assert found.keys() == {"events[0]", "price", "colour"}


def test_a_reply_before_the_opening() -> None:
    found = refused(opened_on="2026-03-02", replied_on="2026-03-01")
    assert found == {"replied_on": ("contradiction", "`replied_on` 2026-03-01 is before `opened_on` 2026-03-02")}


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"stage": "not_opened", "replied_on": "2026-03-01"}, "replied_on"),
        ({"stage": "open", "escalated_on": "2026-03-01"}, "escalated_on"),
        ({"stage": "mediation", "decided_on": "2026-03-01"}, "decided_on"),
        ({"stage": "mediation", "refunded": True}, "refunded"),
    ],
)
def test_a_day_that_the_stage_does_not_have(facts: Mapping[str, Any], stage: str) -> None:
    assert refused(**facts).keys() == {f"stage, {stage}"}


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"replied_on": "2026-03-01"}, "open"),
        ({"escalated_on": "2026-03-01"}, "mediation"),
        ({"decided_on": "2026-03-01"}, "decided"),
        ({"result": "nothing"}, "decided"),
        ({"return_required": True}, "decided"),
        ({"refunded": True}, "decided"),
        ({"cancel_reason": "other"}, "cancelled"),
    ],
)
def test_the_stage_follows_from_what_is_told(facts: Mapping[str, Any], stage: str) -> None:
    assert advice(**facts).stage == stage


@pytest.mark.parametrize("stage", ["open", "mediation"])
@pytest.mark.parametrize("days", range(9))
def test_silence_takes_as_many_days_told_as_a_fact_as_told_as_an_event(days: int, stage: str) -> None:
    day = f"2026-03-{1 + days:02}"
    try:
        advice(OPENED, {"on": day, "what": "seller_stayed_silent"}, today=day)
        in_time = False
    except dr.CaseError:
        in_time = True
    facts = {**FACTS, "today": day, "opened_on": "2026-03-01", "seller_response": "silent", "stage": stage}
    if not in_time:
        assert advisor().outline(facts).stage == stage
        return
    with pytest.raises(dr.CaseError, match="The seller has some days to answer"):
        advisor().outline(facts)
    assert advisor().outline({**facts, "opened_on": None}).stage == stage
