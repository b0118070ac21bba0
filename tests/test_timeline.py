"""The days of a case in words and as a calendar, which another library reads back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.advice import WindowAdvice
from dispute_rules.cli.calendar_file import calendar_of
from dispute_rules.phrases import ENGLISH
from dispute_rules.timeline import timeline_of

TODAY = date(2026, 3, 1)
OPEN = {"ground": "damaged", "stage": "open", "opened_on": "2026-02-27", "ordered_on": "2026-01-10", "price": "24.90"}


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor("aliexpress")


def timeline(**facts: Any) -> dr.Timeline:
    return advisor().timeline({"today": TODAY, **facts})


def events(told: dr.Timeline, name: str = "") -> list[Any]:
    text = calendar_of({name: told})
    assert max(map(len, text.encode().split(b"\r\n"))) <= 75
    return list(vobject.readOne(text).contents["vevent"]) if text else []


# --- words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (-4, -4, "4 days ago"),
        (-9, -1, "1 day ago"),
        (0, 0, "today"),
        (-2, 0, "today is the last day"),
        (0, 1, "now, 1 day left"),
        (-5, 3, "now, 3 days left"),
        (1, 1, "in 1 day"),
        (1, 2, "in 1 to 2 days"),
        (30, 30, "in 30 days"),
    ],
)
def test_how_far_away_days_are(first: int, last: int, words: str) -> None:
    assert ENGLISH.when(TODAY + timedelta(first), TODAY + timedelta(last), TODAY) == words


PROVIDER = "Last day to turn to PayPal, and by the usual limit to your card issuer"
NOT_ARRIVED = {"ground": "not_arrived", "tracking": "in_transit"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({**NOT_ARRIVED, "shipped_on": "2026-02-21"}, "Too early: opens on 2026-03-04, in 3 days."),
        ({**NOT_ARRIVED, "shipped": False}, "Too early."),
        ({"ground": "damaged", "received_on": "2026-02-17"},
         "3 days left: a dispute can be opened until 2026-03-04."),
        ({"ground": "damaged", "received_on": "2026-02-10"},
         ("A dispute may be too late: the last safe day was 2026-02-25, 4 days ago. "
          "By another reading it can be opened until 2026-05-26, in 86 days.")),
        ({"ground": "damaged", "confirmed_on": "2026-02-14"}, "Today is the last day to open a dispute."),
        ({"ground": "damaged", "confirmed_on": "2026-02-10"}, "Closed 4 days ago."),
        ({"ground": "damaged", "confirmed_on": "2026-02-10", "ordered_on": "2026-01-01"},
         f"Closed 4 days ago. {PROVIDER}: 2026-06-30."),
        ({"ground": "damaged"}, None),
        (OPEN, None),
    ],
)  # fmt: skip
def test_the_window_in_words(facts: dict[str, Any], words: str | None) -> None:
    assert timeline(**facts).window_in_words == words


def test_a_last_day_that_has_passed_where_nothing_says_closed() -> None:
    window = WindowAdvice(status=dr.Window.OPEN, closes_on=TODAY - timedelta(days=2))
    advice = dr.advise(ground="damaged", today=TODAY).model_copy(update={"window": window})
    told = timeline_of(advice, dr.Case(ground="damaged"), TODAY, "Open it", {}, phrases=ENGLISH)
    assert told.window_in_words == "A dispute may be too late: the last safe day was 2026-02-27, 2 days ago."


def test_a_day_tells_its_rule_its_sources_and_what_it_is_counted_from() -> None:
    day = next(day for day in timeline(**OPEN).days if day.what == "closing_by_silence")
    assert (day.counted_from, day.earliest, day.latest) == ("opened_on", date(2026, 3, 4), date(2026, 3, 6))
    assert day.rule == "aliexpress/timeline/closing-by-silence"
    assert {source.source for source in day.sources} == {
        "ae-help-2018", "ae-help-2021", "guide#the-dispute-escalation",
    }  # fmt: skip


def test_a_day_that_is_counted_from_today_says_so() -> None:
    told = timeline(ground="damaged", stage="open")
    assert {day.when for day in told.days if day.what == "seller_reply"} == {"in 5 days, counted from today"}


def test_the_next_step_and_its_reason_are_told() -> None:
    told = timeline(**OPEN)
    assert (told.stage, told.action) == (dr.Stage.OPEN, dr.Action.KEEP_DISPUTE_OPEN)
    assert told.next_step == "Keep the dispute open and do not cancel it"
    assert told.because == ("The seller still has time to answer, and while the dispute is open you are protected.",)


@pytest.mark.parametrize("stage", list(dr.Stage))
def test_what_can_happen_next_is_what_the_stage_allows(stage: dr.Stage) -> None:
    possible = timeline(ground="damaged", stage=stage, offered="5").possible
    allowed = {what: event for what, event in advisor().pack.file.events.items() if stage in event.stages}
    assert {event.what: event.title for event in possible} == {what: e.title for what, e in allowed.items()}
    for event in possible:
        spec = allowed[event.what]
        assert (event.by, event.needs, event.tells) == (spec.by, spec.needs, spec.tells)


@pytest.mark.parametrize(
    ("facts", "cannot"),
    [
        ({"stage": "open"}, {"offer_accepted", "offer_declined"}),
        ({"stage": "open", "offered": "5", "replied_on": "2026-02-28"}, {"seller_stayed_silent"}),
        ({"result": "nothing"}, {"goods_sent_back", "money_arrived"}),
        ({"return_required": False}, {"goods_sent_back"}),
        ({"refunded": True}, {"money_arrived"}),
        ({"stage": "open", "opened_on": "2026-02-25"}, {"seller_stayed_silent", "offer_accepted", "offer_declined"}),
        ({"stage": "open", "opened_on": "2026-02-24"}, {"offer_accepted", "offer_declined"}),
        ({"stage": "open", "ordered_on": "2026-02-27"}, {"offer_accepted", "offer_declined"}),
        ({"ground": "not_arrived", "stage": "decided"}, {"goods_sent_back"}),
        ({"ground": "not_arrived", "shipped": False}, {"opened"}),
    ],
)
def test_what_cannot_follow_is_not_among_what_can_happen_next(facts: dict[str, Any], cannot: set[str]) -> None:
    told = timeline(**{"ground": "damaged", **facts})
    allowed = {what for what, event in advisor().pack.file.events.items() if told.stage in event.stages}
    assert allowed - {event.what for event in told.possible} == cannot


# --- any day

SPECIAL = [date(2018, 8, 1), date(2024, 2, 28), date(2024, 2, 29), date(2025, 12, 31), date(2100, 2, 28)]
DAYS = st.sampled_from([*SPECIAL, date(2199, 12, 31)]) | st.dates(date(2018, 8, 1), date(2199, 12, 31))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    today = draw(DAYS)
    known = draw(st.lists(st.sampled_from(["shipped_on", "opened_on", "replied_on"]), unique=True))
    ordered = today - timedelta(days=draw(st.integers(0, 20)))
    facts = dict.fromkeys(known, today - timedelta(days=draw(st.integers(0, (today - ordered).days))))
    return {"ground": draw(st.sampled_from([*map(str, dr.Ground)])), "today": today, "ordered_on": ordered, **facts}


@settings(max_examples=150, derandomize=True, deadline=None)
@given(case=cases())
def test_any_timeline_is_in_order_and_can_be_written(case: dict[str, Any]) -> None:
    told = advisor().timeline(case)
    assert dr.Timeline.model_validate_json(told.model_dump_json()) == told
    spans = [(day.earliest, day.latest) for day in told.days]
    assert spans == sorted(spans)
    counted = {**case, "today": told.today}
    assert all(counted[day.counted_from] <= day.earliest <= day.latest for day in told.days)
    written = [day for day in told.days if day.counted_from != "today" and day.latest >= told.today]
    read = events(told)
    assert [event.dtstart.value for event in read] == [day.earliest for day in written]
    assert [event.dtend.value - timedelta(days=1) for event in read] == [day.latest for day in written]


# --- the calendar


def test_a_calendar_has_whole_days_with_words_and_reminders_of_the_first_and_the_last() -> None:
    told = timeline(**OPEN)
    read = events(told)
    assert [event.summary.value for event in read] == [f"AliExpress: {day.title}" for day in told.days]
    for event, day in zip(read, told.days, strict=True):
        assert type(event.dtstart.value) is date
        assert event.description.value.startswith(day.because)
        assert all(source.url in event.description.value for source in day.sources)
        assert event.dtstamp.value == datetime(2026, 3, 1, tzinfo=UTC)
        alarms = event.contents["valarm"]
        assert {(alarm.action.value, alarm.description.value) for alarm in alarms} == {("DISPLAY", day.title)}
        starts = {"START": event.dtstart.value, "END": event.dtend.value}
        at = [datetime.combine(starts[each.trigger.related_param], time()) + each.trigger.value for each in alarms]
        ends = dict.fromkeys((day.earliest, day.latest))
        assert at == [datetime.combine(end - timedelta(days=1), time(9)) for end in ends]


def test_a_day_that_moves_keeps_its_identifier() -> None:
    before = {event.summary.value: event for event in events(timeline(**OPEN))}
    after = {event.summary.value: event for event in events(timeline(**{**OPEN, "opened_on": "2026-02-28"}))}
    assert before.keys() == after.keys()
    assert all(before[name].uid.value == after[name].uid.value for name in before)
    assert any(before[name].dtstart.value != after[name].dtstart.value for name in before)
    assert len({event.uid.value for event in before.values()}) == len(before)


@pytest.mark.parametrize("other", [{"ground": "fake"}, {"ordered_on": "2026-01-11"}, {"price": "24.91"}])
def test_another_case_has_other_identifiers(other: dict[str, str]) -> None:
    mine, others = ({event.uid.value for event in events(timeline(**case))} for case in (OPEN, {**OPEN, **other}))
    assert mine
    assert mine.isdisjoint(others)


def test_two_orders_that_are_alike_are_told_apart_by_their_names() -> None:
    told = timeline(**OPEN)
    unnamed, lamp, cup = ({event.uid.value for event in events(told, name)} for name in ("", "lamp", "cup"))
    assert len(unnamed | lamp | cup) == 3 * len(told.days)
    assert {event.summary.value for event in events(told, "lamp")} == {
        f"AliExpress, lamp: {d.title}" for d in told.days
    }


def test_days_that_are_over_or_move_with_today_are_not_in_a_calendar() -> None:
    assert events(timeline(ground="damaged", stage="open")) == []
    told = timeline(**{**OPEN, "opened_on": "2026-02-10"})
    assert "seller_reply" in {day.what for day in told.days}
    assert len(events(told)) == sum(day.latest >= TODAY for day in told.days)
