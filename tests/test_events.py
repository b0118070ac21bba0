"""The history of a dispute: what events make of a case, and what no sequence of them may lead to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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


def test_an_opening_before_the_order() -> None:
    found = refused(OPENED, ordered_on="2026-03-02")
    assert found == {
        "events[0].opened_on": ("contradiction", "`opened_on` 2026-03-01 is before `ordered_on` 2026-03-02")
    }


def test_a_fact_that_says_otherwise_than_the_events() -> None:
    found = refused(OPENED, stage="mediation", opened_on="2026-03-01", offered=5)
    assert found == {
        "stage": ("contradiction", "`stage` is `mediation`, but the events lead to `open`"),
        "offered": ("contradiction", "`offered` is `5`, but by the events it is no longer so"),
    }


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


# --- no sequence of events leads astray

AFTER: Mapping[str, Mapping[str, str]] = {
    "not_opened": {"opened": "open"},
    "open": {
        "claim_changed": "open",
        "seller_offered": "open",
        "seller_refused": "open",
        "seller_wrote_privately": "open",
        "seller_asked_to_cancel": "open",
        "offer_declined": "open",
        "seller_agreed": "decided",
        "offer_accepted": "decided",
        "seller_stayed_silent": "decided",
        "decided": "decided",
        "mediation_began": "mediation",
        "cancelled": "cancelled",
    },
    "mediation": {
        "seller_offered": "mediation",
        "seller_refused": "mediation",
        "seller_wrote_privately": "mediation",
        "seller_asked_to_cancel": "mediation",
        "offer_declined": "mediation",
        "seller_agreed": "decided",
        "offer_accepted": "decided",
        "decided": "decided",
        "cancelled": "cancelled",
    },
    "decided": {"goods_sent_back": "decided", "money_arrived": "decided"},
    "cancelled": {"opened": "open"},
}
EVENTS = sorted({event for events in AFTER.values() for event in events})
IN_A_DISPUTE = set(
    "accept_offer decline_offer stay_on_platform keep_dispute_open await_mediation add_evidence wait "
    "return_goods".split()
)
BEFORE_ONE = set("open_dispute wait cancel_order add_evidence use_another_route none".split())
POSSIBLE = {
    "not_opened": BEFORE_ONE,
    "open": IN_A_DISPUTE,
    "mediation": IN_A_DISPUTE,
    "decided": {"wait", "return_goods", "use_another_route", "none"},
    "cancelled": BEFORE_ONE,
}
CAP = Decimal("28.00")
SUMS = st.decimals(0, CAP, places=2)


class Dispute(RuleBasedStateMachine):
    """Events in any order, days apart, in disputes of any kind."""

    @initialize(
        ground=st.sampled_from(list(dr.Ground)),
        usability=st.sampled_from([None, *dr.Usability]),
        keep=st.sampled_from([None, True, False]),
        start=st.dates(date(2018, 8, 1), date(2199, 1, 1)) | st.just(date(2024, 2, 28)) | st.just(date(2025, 12, 30)),
    )
    def begin(self, ground: dr.Ground, usability: dr.Usability | None, keep: bool | None, start: date) -> None:
        self.start = start
        self.facts = {"ground": ground, "usability": usability, "wants_to_keep": keep, "ordered_on": start}
        self.events: list[dict[str, Any]] = []
        self.stage = "not_opened"
        self.today = start + timedelta(days=20)

    def history(self, *more: Mapping[str, Any]) -> dict[str, Any]:
        given = {"price": "24.90", "shipping": "3.10", "today": self.today, "events": [*self.events, *more]}
        return {**self.facts, **given}

    @rule(days=st.integers(0, 12))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(what=st.sampled_from(EVENTS), data=st.data())
    def happen(self, what: str, data: st.DataObject) -> None:
        event = {"on": self.today, "what": what, **self.told(what, data)}
        if what in AFTER[self.stage]:
            self.events.append(event)
            self.stage = AFTER[self.stage][what]
        else:
            with pytest.raises(dr.CaseError, match=r"cannot happen where the dispute is"):
                advisor().outline(self.history(event))

    @precondition(lambda self: self.events)
    @rule()
    def happen_too_early(self) -> None:
        what = next(iter(AFTER[self.stage]))
        event = {**self.events[0], "what": what, "on": self.events[-1]["on"] - timedelta(days=1)}
        with pytest.raises(dr.CaseError, match=r"stands after"):
            advisor().outline(self.history(event))

    @precondition(lambda self: self.stage in ("open", "mediation"))
    @rule(more=st.decimals("0.01", 1000, places=2))
    def offer_too_much(self, more: Decimal) -> None:
        event = {"on": self.today, "what": "seller_offered", "offered": CAP + more}
        with pytest.raises(dr.CaseError, match=r"events\[\d+\]\.offered: "):
            advisor().outline(self.history(event))

    def told(self, what: str, data: st.DataObject) -> dict[str, Any]:
        facts: dict[str, st.SearchStrategy[Any]] = {
            "claim_changed": st.fixed_dictionaries({"requested": SUMS}),
            "seller_offered": st.fixed_dictionaries({"offered": SUMS}),
            "offer_accepted": st.fixed_dictionaries({}, optional={"return_required": st.booleans()}),
            "cancelled": st.fixed_dictionaries({"cancel_reason": st.sampled_from([*map(str, dr.CancelReason)])}),
            "decided": st.fixed_dictionaries(
                {"result": st.sampled_from([*map(str, dr.Result)])}, optional={"return_required": st.booleans()}
            ),
        }
        return data.draw(facts.get(what, st.just({})))

    @invariant()
    def is_advised(self) -> None:
        advice = advisor().outline(self.history())
        assert advice.stage == self.stage
        assert advice.action in POSSIBLE[self.stage]
        for day in advice.timeline:
            assert self.day(day.counted_from) <= day.earliest <= day.latest
        assert advice.refund.cap == CAP
        assert advice.refund.recommended is None or advice.refund.recommended <= CAP

    def day(self, fact: str) -> date:
        """When that was which a deadline is counted from."""
        days = {
            "opened_on": ("opened",),
            "replied_on": ("seller_offered", "seller_refused"),
            "escalated_on": ("mediation_began",),
            "decided_on": ("decided", "seller_agreed", "offer_accepted", "seller_stayed_silent"),
            "returned_on": ("goods_sent_back",),
        }
        if fact in ("today", "ordered_on"):
            return self.today if fact == "today" else self.start
        happened: list[date] = [event["on"] for event in self.events if event["what"] in days[fact]]
        return max(happened)


TestDispute = Dispute.TestCase
TestDispute.settings = settings(max_examples=60, stateful_step_count=20, derandomize=True, deadline=None)


def test_the_pack_knows_these_events_and_no_others() -> None:
    events = advisor().pack.file.events
    told = {stage: {name for name, event in events.items() if stage in event.stages} for stage in AFTER}
    assert told == {stage: set(after) for stage, after in AFTER.items()}
