"""Disputes as a state machine: no sequence of events leads astray, and none that cannot have happened is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import dispute_rules as dr

ANSWERS = ("seller_offered", "seller_refused", "seller_wrote_privately", "seller_asked_to_cancel", "offer_declined")
ENDS = ("seller_agreed", "offer_accepted", "decided")
AFTER: Mapping[str, Mapping[str, str]] = {
    "not_opened": {"opened": "open"},
    "open": {
        **dict.fromkeys(("claim_changed", *ANSWERS), "open"),
        **dict.fromkeys((*ENDS, "seller_stayed_silent"), "decided"),
        "mediation_began": "mediation",
        "cancelled": "cancelled",
    },
    "mediation": {
        **dict.fromkeys(ANSWERS, "mediation"),
        **dict.fromkeys(ENDS, "decided"),
        "cancelled": "cancelled",
    },
    "decided": {**dict.fromkeys(("goods_sent_back", "money_arrived"), "decided"), "opened": "open"},
    "cancelled": {"opened": "open"},
}
EVENTS = sorted({event for events in AFTER.values() for event in events})
SILENCE = timedelta(days=5)  # the fewest days that any source gives the seller
LONGEST = timedelta(days=60)  # the most that any source gives a decision
SPANS = {  # from what a day is counted from to its earliest and its latest day, where these are calendar days
    "seller_reply": (5, 5),
    "closing_by_silence": (5, 7),
    "mediation_begins": (7, 7),
    "decision": (14, 60),
    "reply_if_opened": (5, 5),
    "decision_if_opened": (14, 60),
    "return_shipping": (10, 10),
    "return_agreed": (10, 10),
    "payment_provider": (180, 180),
}
DAYS = {
    "opened_on": ("opened",),
    "replied_on": ("seller_offered", "seller_refused"),
    "escalated_on": ("mediation_began",),
    "decided_on": (*ENDS, "seller_stayed_silent"),
    "returned_on": ("goods_sent_back",),
}
IN_A_DISPUTE = set(
    "accept_offer decline_offer stay_on_platform keep_dispute_open await_mediation add_evidence wait return_goods "
    "use_another_route".split()
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
SPECIAL = [
    date(2018, 8, 1),
    date(2024, 2, 9),
    date(2025, 12, 11),
    date(2028, 2, 20),
    date(2100, 2, 8),
    date(2198, 6, 1),
]


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor("aliexpress")


class Dispute(RuleBasedStateMachine):
    """Events in any order, days apart, in disputes of any kind."""

    @initialize(
        ground=st.sampled_from(list(dr.Ground)),
        usability=st.sampled_from([None, *dr.Usability]),
        keep=st.sampled_from([None, True, False]),
        evidence=st.sampled_from([None, (), ("photos_of_goods",)]),
        start=st.sampled_from(SPECIAL) | st.dates(date(2018, 8, 1), date(2198, 6, 1)),
    )
    def begin(self, ground: dr.Ground, start: date, **facts: Any) -> None:
        self.start = start
        self.facts = {
            "ground": ground, "usability": facts["usability"], "wants_to_keep": facts["keep"], "ordered_on": start,
            "evidence": facts["evidence"], "price": "24.90", "shipping": "3.10",
        }  # fmt: skip
        self.events: list[dict[str, Any]] = []
        self.stage = "not_opened"
        self.today = start + timedelta(days=20)

    def case(self, *more: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.facts, "today": self.today, "events": [*self.events, *more]}

    # what happened, in the test's own reading

    def since_opening(self) -> list[dict[str, Any]]:
        opened = [at for at, event in enumerate(self.events) if event["what"] == "opened"]
        return self.events[opened[-1] :] if opened else []

    def offer_stands(self) -> bool:
        last = [event["what"] for event in self.since_opening() if event["what"] in (*ANSWERS[:2], "offer_declined")]
        return last[-1:] == ["seller_offered"]

    def takes_too_long(self) -> bool:
        """Whether a decision is overdue, and no offer or message of the seller is to be answered first."""
        told = self.since_opening()
        begun = [event["on"] for event in told if event["what"] in ("opened", "mediation_began")]
        answers = [event["what"] for event in told if event["what"] in ANSWERS]
        return self.today > begun[-1] + LONGEST and answers[-1:] in ([], ["seller_refused"], ["offer_declined"])

    def ended(self) -> dict[str, Any]:
        """The event that ended the dispute, as it stands."""
        return next((event for event in self.since_opening() if event["what"] in DAYS["decided_on"]), {})

    def cannot_be(self, event: Mapping[str, Any]) -> str | None:
        """Why an event cannot follow, as a part of the error."""
        what, nothing = event["what"], self.ended().get("result") == "nothing"
        if what not in AFTER[self.stage]:
            return "cannot happen where the dispute is"
        if what in ("offer_accepted", "offer_declined") and not self.offer_stands():
            return "no event tells `offered`"
        if what == "seller_stayed_silent":
            answered = [event for event in self.since_opening() if event["what"] in DAYS["replied_on"]]
            early = event["on"] < self.since_opening()[0]["on"] + SILENCE
            return "cannot happen after" if answered else "comes too early" if early else None
        if what == "money_arrived" and what in [before["what"] for before in self.since_opening()]:
            return "where `refunded` is `true`"
        if what in ("goods_sent_back", "money_arrived") and nothing:
            return "where `result` is `nothing`"
        if what == "goods_sent_back" and self.ended().get("return_required") is False:
            return "where `return_required` is `false`"
        if event.get("return_required") and event.get("result") == "nothing":
            return "Where nothing was granted the goods stay with you"
        missing = self.facts["ground"] == dr.Ground.NOT_ARRIVED
        if missing and what == "goods_sent_back":
            return "What has not reached you cannot have"
        return None

    # rules

    @rule(days=st.integers(0, 12) | st.just(70))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(what=st.sampled_from(EVENTS), data=st.data())
    def happen(self, what: str, data: st.DataObject) -> None:
        self.tell({"on": self.today, "what": what, **told(what, data)})

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Most of all events are impossible most of the time: go on with one that the stage allows."""
        what = data.draw(st.sampled_from(sorted(AFTER[self.stage])))
        self.tell({"on": self.today, "what": what, **told(what, data)})

    def tell(self, event: dict[str, Any]) -> None:
        if why := self.cannot_be(event):
            with pytest.raises(dr.CaseError) as error:
                advisor().outline(self.case(event))
            (problem,) = error.value.problems
            assert why in problem.message
            assert problem.place.startswith(f"events[{len(self.events)}]")
            assert problem.help
        else:
            self.events.append(event)
            self.stage = AFTER[self.stage][event["what"]]

    @precondition(lambda self: self.events)
    @rule(what=st.sampled_from(EVENTS), data=st.data())
    def happen_before_the_last(self, what: str, data: st.DataObject) -> None:
        event = {"on": self.events[-1]["on"] - timedelta(days=1), "what": what, **told(what, data)}
        with pytest.raises(dr.CaseError, match=r"stands after"):
            advisor().outline(self.case(event))

    @rule(what=st.sampled_from(EVENTS), days=st.integers(1, 400), data=st.data())
    def happen_in_the_future(self, what: str, days: int, data: st.DataObject) -> None:
        event = {"on": self.today + timedelta(days=days), "what": what, **told(what, data)}
        with pytest.raises(dr.CaseError, match=r"is after today"):
            advisor().outline(self.case(event))

    @rule()
    def open_before_the_order(self) -> None:
        event = {"on": self.start - timedelta(days=1), "what": "opened"}
        with pytest.raises(dr.CaseError, match=r"`opened` on .* is before `ordered_on`") as error:
            advisor().outline({**self.case(), "today": self.today, "events": [event]})
        assert [problem.place for problem in error.value.problems] == ["events[0].on"]

    @precondition(lambda self: self.stage in ("open", "mediation"))
    @rule(more=st.decimals("0.01", 1000, places=2))
    def offer_too_much(self, more: Decimal) -> None:
        event = {"on": self.today, "what": "seller_offered", "offered": CAP + more}
        with pytest.raises(dr.CaseError, match=r"events\[\d+\]\.offered: "):
            advisor().outline(self.case(event))

    # what always holds

    @invariant()
    def there_is_a_next_step_that_fits(self) -> None:
        action = self.advice.action
        assert action in POSSIBLE[self.stage]
        if not self.offer_stands():
            assert action not in ("accept_offer", "decline_offer")
        if self.stage in ("open", "mediation"):
            assert (action == "use_another_route") is self.takes_too_long()
        happened = [event["what"] for event in self.since_opening()]
        if self.stage == "decided":
            if "money_arrived" in happened:
                assert action == "none"
            elif self.ended().get("result") == "nothing":
                assert action == "use_another_route"
            elif any(event["what"] == "goods_sent_back" for event in self.events):
                assert action == "wait"
            elif self.ended().get("return_required"):
                missing = self.facts["ground"] == dr.Ground.NOT_ARRIVED
                assert action == ("use_another_route" if missing else "return_goods")

    @invariant()
    def the_stage_is_that_of_the_events(self) -> None:
        assert self.advice.stage == self.stage

    @invariant()
    def no_day_comes_before_what_it_is_counted_from(self) -> None:
        for day in self.advice.timeline:
            begun = self.day(day.counted_from)
            assert begun <= day.earliest <= day.latest
            if day.what in SPANS:
                assert ((day.earliest - begun).days, (day.latest - begun).days) == SPANS[day.what]

    @invariant()
    def no_amount_is_above_the_cap(self) -> None:
        refund = self.advice.refund
        assert refund.cap == CAP
        assert refund.recommended is None or 0 <= refund.recommended <= CAP

    @invariant()
    def what_can_happen_next_is_told(self) -> None:
        timeline = advisor().timeline(self.case())
        assert timeline.next_step
        possible = {event.what for event in timeline.possible}
        legal = {what for what in AFTER[self.stage] if not self.cannot_be({"on": self.today, "what": what})}
        assert possible == legal

    @property
    def advice(self) -> dr.Advice:
        return advisor().outline(self.case())

    def day(self, fact: str) -> date:
        """When that was which a deadline is counted from: the last time."""
        if fact in ("today", "ordered_on"):
            return self.today if fact == "today" else self.start
        happened: list[date] = [event["on"] for event in self.since_opening() if event["what"] in DAYS[fact]]
        return happened[-1]


def told(what: str, data: st.DataObject) -> dict[str, Any]:
    """What an event of a kind may tell."""
    facts: dict[str, st.SearchStrategy[Any]] = {
        "claim_changed": st.fixed_dictionaries({"requested": SUMS.filter(bool)}),
        "seller_offered": st.fixed_dictionaries(
            {"offered": SUMS}, optional={"offer_return": st.sampled_from(["none", "seller_pays", "buyer_pays"])}
        ),
        "offer_accepted": st.fixed_dictionaries({}, optional={"return_required": st.booleans()}),
        "cancelled": st.fixed_dictionaries({"cancel_reason": st.sampled_from([*map(str, dr.CancelReason)])}),
        "decided": st.fixed_dictionaries(
            {"result": st.sampled_from([*map(str, dr.Result)])}, optional={"return_required": st.booleans()}
        ),
    }
    return data.draw(facts.get(what, st.just({})))


TestDispute = Dispute.TestCase
TestDispute.settings = settings(
    max_examples=60, stateful_step_count=25, derandomize=True, deadline=None, phases=[Phase.generate]
)


def test_the_pack_knows_these_events_and_no_others() -> None:
    events = advisor().pack.file.events
    told = {stage: {name for name, event in events.items() if stage in event.stages} for stage in AFTER}
    assert told == {stage: set(after) for stage, after in AFTER.items()}
