"""A case: what it takes, and how it refuses everything else, all at once and with help."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import dispute_rules as dr
from dispute_rules.currency import CODES, decimals
from dispute_rules.errors import Problem

MEGABYTE = "x" * 1_000_000
LABELS = {
    "ground": dr.Ground,
    "usability": dr.Usability,
    "fault": dr.Fault,
    "tracking": dr.Tracking,
    "stage": dr.Stage,
    "seller_response": dr.SellerResponse,
    "result": dr.Result,
    "cancel_reason": dr.CancelReason,
    "offer_return": dr.OfferReturn,
}
YES_NO = (
    "received wants_to_keep as_described shipped confirmed free_return returnable return_required returned refunded"
).split()
AMOUNTS = "price shipping requested offered return_cost shipping_difference".split()
COUNTS = "quantity_ordered quantity_affected".split()
DAYS = (
    "ordered_on shipped_on promised_by protection_ends_on received_on confirmed_on opened_on replied_on escalated_on "
    "decided_on returned_on today"
).split()
FULL_CASE: Mapping[str, Any] = {
    "ground": "damaged",
    "received": True,
    "usability": "impaired",
    "wants_to_keep": False,
    "as_described": False,
    "fault": "carrier",
    "tracking": "delivered",
    "shipped": True,
    "confirmed": True,
    "free_return": False,
    "returnable": True,
    "quantity_ordered": 5,
    "quantity_affected": 2,
    "price": "24.90",
    "shipping": "3.10",
    "requested": "10",
    "offered": "5.5",
    "return_cost": "8",
    "shipping_difference": "0",
    "currency": "EUR",
    "ordered_on": "2026-01-01",
    "shipped_on": "2026-01-03",
    "promised_by": "2026-02-20",
    "protection_ends_on": "2026-03-20",
    "received_on": "2026-02-01",
    "confirmed_on": "2026-02-02",
    "opened_on": "2026-02-03",
    "replied_on": "2026-02-03",
    "escalated_on": "2026-02-04",
    "decided_on": "2026-02-04",
    "returned_on": "2026-02-05",
    "today": "2026-02-05",
    "stage": "decided",
    "seller_response": "refuses",
    "result": "otherwise",
    "return_required": True,
    "returned": True,
    "refunded": False,
    "cancel_reason": "other",
    "events": [{"on": "2026-02-03", "what": "opened"}],
    "offer_return": "seller_pays",
    "evidence": ["photos_of_goods"],
}


def problems(**facts: Any) -> tuple[Problem, ...]:
    """What a case is refused for."""
    with pytest.raises(dr.CaseError) as refused:
        dr.Case(**facts)
    assert [problem for problem in refused.value.problems if not problem.help] == []
    return refused.value.problems


def told(**facts: Any) -> set[tuple[str, str]]:
    """Place and code of each problem; `ground` is given unless the facts do."""
    return {(problem.place, problem.code) for problem in problems(**{"ground": "damaged", **facts})}


# --- what a case takes


def test_a_case_with_every_fact_is_taken_and_typed() -> None:
    case = dr.Case(**FULL_CASE)
    assert case.price == Decimal("24.90")
    assert case.today == date(2026, 2, 5)
    assert case.usability is dr.Usability.IMPAIRED
    assert case.evidence == frozenset({"photos_of_goods"})
    assert None not in case.model_dump().values()


def test_the_sample_case_has_every_fact() -> None:
    assert set(FULL_CASE) == set(dr.Case.model_fields)


def test_what_is_left_out_is_unknown() -> None:
    given = dr.Case(ground="damaged").model_dump(exclude={"ground"})
    assert set(given.values()) == {None}


def test_a_keyword_of_none_takes_nothing_away_from_a_case() -> None:
    advisor, facts = dr.Advisor(engine="reference"), {"ground": "damaged", "received": True, "usability": "unusable"}
    assert advisor.case(facts, received=None).received is True
    assert advisor.questions(facts, usability=None) == advisor.questions(facts)


@pytest.mark.parametrize("fact", [name for name in FULL_CASE if name != "ground"])
def test_null_is_unknown(fact: str) -> None:
    assert dr.Case(ground="damaged", **{fact: None}) == dr.Case(ground="damaged")


@pytest.mark.parametrize(("fact", "kind"), LABELS.items(), ids=list(LABELS))
def test_labels_are_taken_as_text_and_as_members(fact: str, kind: Any) -> None:
    for member in kind:
        facts: dict[str, Any] = {"ground": "damaged"}
        assert dr.Case(**{**facts, fact: member}) == dr.Case(**{**facts, fact: str(member.value)})


@pytest.mark.parametrize("word", ["yes", "true", "on", "1"])
def test_words_for_yes_are_yes(word: str) -> None:
    assert dr.Case(ground="damaged", free_return=word).free_return is True


@pytest.mark.parametrize("word", ["no", "false", "off", "0"])
def test_words_for_no_are_no(word: str) -> None:
    assert dr.Case(ground="damaged", free_return=word).free_return is False


@pytest.mark.parametrize("amount", ["24.9", "24.90", Decimal("24.9"), 24.9], ids=repr)
def test_amounts_are_exact_decimals(amount: object) -> None:
    assert dr.Case(ground="damaged", price=amount).price == Decimal("24.9")


# --- single faults: the place, the code, the user's words and a help


@pytest.mark.parametrize("fact", AMOUNTS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("-0.01", "out-of-range", id="negative"),
        pytest.param(-5, "out-of-range", id="negative-number"),
        pytest.param(float("nan"), "wrong-type", id="nan"),
        pytest.param(float("inf"), "wrong-type", id="infinity"),
        pytest.param(Decimal("-Infinity"), "wrong-type", id="minus-infinity"),
        pytest.param(Decimal("sNaN"), "wrong-type", id="signalling-nan"),
        pytest.param("NaN", "wrong-type", id="nan-text"),
        pytest.param(10**400, "out-of-range", id="ten-to-the-400"),
        pytest.param("1e400", "out-of-range", id="exponent"),
        pytest.param("1e999999999", "out-of-range", id="huge-exponent"),
        pytest.param(Decimal("1e999999"), "out-of-range", id="huge-decimal"),
        pytest.param("24.9001", "out-of-range", id="four-decimals"),
        pytest.param("0.1e-400", "out-of-range", id="tiny"),
        pytest.param("24,90", "wrong-type", id="comma"),
        pytest.param("24,90 EUR", "wrong-type", id="with-comma-and-currency"),
        pytest.param("1_000", "wrong-type", id="underscore"),
        pytest.param("\N{ARABIC-INDIC DIGIT THREE}", "wrong-type", id="other-digits"),
        pytest.param("\N{FULLWIDTH DIGIT ONE}2", "wrong-type", id="wide-digits"),
        pytest.param("€24.90", "wrong-type", id="with-currency-sign"),
        pytest.param("$5", "wrong-type", id="with-sign"),
        pytest.param("a lot", "wrong-type", id="words"),
        pytest.param("", "wrong-type", id="empty"),
        pytest.param(True, "wrong-type", id="truth-value"),
        pytest.param([5], "wrong-type", id="list"),
        pytest.param({}, "wrong-type", id="object"),
        pytest.param(date(2026, 1, 1), "wrong-type", id="date"),
        pytest.param(MEGABYTE, "wrong-type", id="megabyte"),
        pytest.param("9" * 1_000_000, "out-of-range", id="million-digits"),
    ],
)
def test_what_is_no_amount_is_refused(fact: str, value: object, code: str) -> None:
    assert told(**{fact: value}) == {(fact, code)}


@pytest.mark.parametrize("nothing", [0, "0.00", Decimal(0), "0 EUR"])
def test_a_claim_is_for_some_money(nothing: object) -> None:
    assert told(requested=nothing) == {("requested", "out-of-range")}
    assert dr.Case(ground="damaged", requested="0.01", offered=nothing).offered == 0


@pytest.mark.parametrize("fact", COUNTS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param(0, "out-of-range", id="none"),
        pytest.param(-1, "out-of-range", id="negative"),
        pytest.param(1_000_001, "out-of-range", id="too-many"),
        pytest.param(10**400, "out-of-range", id="ten-to-the-400"),
        pytest.param("1" * 5000, "out-of-range", id="many-digits"),
        pytest.param(True, "wrong-type", id="truth-value"),
        pytest.param("2.5", "wrong-type", id="fraction-text"),
        pytest.param("1_0", "wrong-type", id="underscore"),
        pytest.param("two", "wrong-type", id="word"),
        pytest.param([1], "wrong-type", id="list"),
        pytest.param(float("nan"), "wrong-type", id="nan"),
        pytest.param(float("inf"), "wrong-type", id="infinity"),
        pytest.param(2.5, "out-of-range", id="fraction"),
    ],
)
def test_what_is_no_count_is_refused(fact: str, value: object, code: str) -> None:
    assert told(**{fact: value}) == {(fact, code)}


@pytest.mark.parametrize("fact", DAYS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("2026-02-30", "bad-date", id="no-such-day"),
        pytest.param("2026-13-01", "bad-date", id="no-such-month"),
        pytest.param("0000-00-00", "bad-date", id="zero"),
        pytest.param("31.03.2026", "bad-date", id="other-notation"),
        pytest.param("2026-3-1", "bad-date", id="short"),
        pytest.param("20260301", "bad-date", id="compact"),
        pytest.param("2026-W10-1", "bad-date", id="week"),
        pytest.param("2026-03-01T12:00", "bad-date", id="with-time"),
        pytest.param(" 2026-03-01", "bad-date", id="space"),
        pytest.param("2026-03-01\n", "bad-date", id="line-end"),
        pytest.param("\N{FULLWIDTH DIGIT TWO}026-03-01", "bad-date", id="other-digits"),
        pytest.param(1_700_000_000, "bad-date", id="number"),
        pytest.param(0, "bad-date", id="zero-number"),
        pytest.param(1.5, "bad-date", id="fraction"),
        pytest.param(True, "bad-date", id="truth-value"),
        pytest.param(datetime(2026, 3, 1, tzinfo=timezone.utc), "bad-date", id="datetime"),  # noqa: UP017
        pytest.param(MEGABYTE, "bad-date", id="megabyte"),
        pytest.param("1969-12-31", "out-of-range", id="too-long-ago"),
        pytest.param("2200-01-01", "out-of-range", id="too-far-ahead"),
        pytest.param(date.max, "out-of-range", id="last-day-of-all"),
    ],
)
def test_what_is_no_day_is_refused(fact: str, value: object, code: str) -> None:
    assert (fact, code) in told(**{fact: value})


@pytest.mark.parametrize("fact", YES_NO)
@pytest.mark.parametrize(
    "value", ["maybe", "", 2, -1, 0.5, [], {}, MEGABYTE, date(2026, 1, 1), 10**400], ids=lambda value: repr(value)[:20]
)
def test_what_is_neither_yes_nor_no_is_refused(fact: str, value: object) -> None:
    assert told(**{fact: value}) == {(fact, "wrong-type")}


@pytest.mark.parametrize("fact", LABELS)
@pytest.mark.parametrize(
    "value", ["", " ", "DAMAGED", "nothing of it", 1, True, 1.5, [], {}, MEGABYTE, "\x00", "\u202e"]
)
def test_what_is_no_label_is_refused(fact: str, value: object) -> None:
    assert told(**{fact: value}) == {(fact, "unknown-label")}


@pytest.mark.parametrize("fact", LABELS)
def test_half_a_character_is_no_label(fact: str) -> None:
    assert {place for place, _ in told(**{fact: "\ud800"})} == {fact}


@pytest.mark.parametrize("value", ["EURO", "eur", "XXX", "€", "", "E", MEGABYTE])
def test_unknown_currencies_are_refused(value: str) -> None:
    assert told(currency=value) == {("currency", "unknown-currency")}


def test_a_currency_in_small_letters_gets_a_suggestion() -> None:
    (problem,) = problems(ground="damaged", currency="eur")
    assert problem.help == "did you mean `EUR`?"


@pytest.mark.parametrize("value", [1, True, ["EUR"], {}])
def test_what_is_no_text_is_no_currency(value: object) -> None:
    assert told(currency=value) == {("currency", "wrong-type")}


@pytest.mark.parametrize("code", sorted(CODES))
def test_amounts_in_fractions_of_the_smallest_unit_are_refused(code: str) -> None:
    places = decimals(code)
    smallest = Decimal(1).scaleb(-places)
    assert dr.Case(ground="damaged", price=smallest, currency=code).price == smallest
    if places < 3:
        assert told(price=smallest / 10, currency=code) == {("price", "out-of-range")}


@pytest.mark.parametrize(("code", "places"), [("JPY", 0), ("KRW", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), (None, 2)])
def test_currencies_have_their_own_decimals(code: str | None, places: int) -> None:
    assert decimals(code) == places


@pytest.mark.parametrize("evidence", ["photos_of_goods", 5, True, {"photos_of_goods": True}])
def test_evidence_that_is_no_list_is_refused(evidence: object) -> None:
    assert {place for place, _ in told(evidence=evidence)} == {"evidence"}


@pytest.mark.parametrize("kind", [5, None, [], {}, 1.5, True])
def test_a_piece_of_evidence_that_is_no_name_is_refused(kind: object) -> None:
    assert told(evidence=[kind]) == {("evidence", "wrong-type")}


def test_a_million_pieces_of_evidence_are_refused_in_one_short_problem() -> None:
    (problem,) = problems(ground="damaged", evidence=[str(i) for i in range(1_000_000)])
    assert (problem.place, problem.code) == ("evidence", "too-large")
    assert len(str(problem)) < 300


def test_a_megabyte_of_evidence_is_refused() -> None:
    assert told(evidence=[MEGABYTE]) == {("evidence", "out-of-range")}


@pytest.mark.parametrize(
    "value",
    [MEGABYTE, "\x1b[31mred\x1b[0m\nnew line\x00", "\ud800", 10**5000, [0] * 100_000],
    ids=["megabyte", "control-signs", "surrogate", "ten-to-the-5000", "long-list"],
)
@pytest.mark.parametrize("fact", ["ground", "price", "today", "received", "currency", "quantity_ordered"])
def test_a_refusal_is_short_and_printable_whatever_was_given(fact: str, value: object) -> None:
    for problem in problems(**{"ground": "damaged", fact: value}):
        assert len(str(problem)) < 700
        assert problem.message.isprintable()
        problem.message.encode("utf-8")


@pytest.mark.parametrize(
    ("facts", "suggestion"),
    [
        ({"ground": "damagd"}, "damaged"),
        ({"ground": "Not Arrived"}, "not_arrived"),
        ({"ground": "not-as-described"}, "not_as_described"),
        ({"ground": "fake", "usability": "unuseable"}, "unusable"),
        ({"ground": "fake", "fault": "sellr"}, "seller"),
        ({"ground": "fake", "tracking": "in transit"}, "in_transit"),
        ({"ground": "fake", "stage": "mediaton"}, "mediation"),
        ({"ground": "fake", "seller_response": "counter-offer"}, "counter_offer"),
        ({"ground": "fake", "recieved": True}, "received"),
        ({"ground": "fake", "pric": 5}, "price"),
        ({"ground": "fake", "shippedOn": "2026-01-01"}, "shipped_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
def test_a_spelling_mistake_gets_a_suggestion(facts: Mapping[str, Any], suggestion: str) -> None:
    assert f"did you mean `{suggestion}`?" in [problem.help for problem in problems(**facts)]


def test_a_word_unlike_all_gets_the_list() -> None:
    (problem,) = problems(ground="weather")
    assert all(f"`{ground}`" in problem.help for ground in dr.Ground)


@pytest.mark.parametrize("name", [MEGABYTE, "\x00", "", "\ud800", "ground ", "__class__", "model_fields"])
def test_an_unknown_fact_is_refused_whatever_it_is_called(name: str) -> None:
    (problem,) = problems(ground="damaged", **{name: 1})
    assert problem.code == "unknown-fact"
    assert len(str(problem)) < 1500
    assert problem.place.isprintable()


MANY_FACTS = {"ground": "damaged", **{f"fact_{i}": i for i in range(10_000)}}
DOORS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "Case": lambda facts: dr.Case(**facts),
    "model_validate": dr.Case.model_validate,
    "advise": dr.advise,
    "keywords": lambda facts: dr.advise(**facts),
    "json": lambda facts: dr.Case.model_validate_json(json.dumps(facts)),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))
def test_ten_thousand_unknown_facts_are_refused_in_one_problem(door: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(dr.CaseError) as refused:
        door(MANY_FACTS)
    assert [problem.code for problem in refused.value.problems] == ["too-large"]


@pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))
def test_null_is_unknown_at_every_door_and_a_name_that_is_no_fact_is_told(
    door: Callable[[dict[str, Any]], object],
) -> None:
    with pytest.raises(dr.CaseError) as caught:
        door({"ground": None, "pricee": None, "price": None})
    assert {(each.place, each.code) for each in caught.value.problems} == {
        ("ground", "missing-fact"),
        ("pricee", "unknown-fact"),
    }


def test_a_missing_ground_is_told() -> None:
    (problem,) = problems()
    assert (problem.place, problem.code) == ("ground", "missing-fact")


# --- contradictions


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        ("shipped_on", {"ordered_on": "2026-01-02", "shipped_on": "2026-01-01"}),
        ("promised_by", {"ordered_on": "2026-01-02", "promised_by": "2026-01-01"}),
        ("protection_ends_on", {"ordered_on": "2026-01-02", "protection_ends_on": "2026-01-01"}),
        ("received_on", {"ordered_on": "2026-01-02", "received_on": "2026-01-01"}),
        ("confirmed_on", {"ordered_on": "2026-01-02", "confirmed_on": "2026-01-01"}),
        ("opened_on", {"ordered_on": "2026-01-02", "opened_on": "2026-01-01"}),
        ("received_on", {"shipped_on": "2026-01-02", "received_on": "2026-01-01"}),
        ("confirmed_on", {"shipped_on": "2026-01-02", "confirmed_on": "2026-01-01"}),
        ("opened_on", {"shipped_on": "2026-01-02", "opened_on": "2026-01-01"}),
        ("ordered_on", {"ordered_on": "2026-01-02", "today": "2026-01-01"}),
        ("shipped_on", {"shipped_on": "2026-01-02", "today": "2026-01-01"}),
        ("received_on", {"received_on": "2026-01-02", "today": "2026-01-01"}),
        ("confirmed_on", {"confirmed_on": "2026-01-02", "today": "2026-01-01"}),
        ("opened_on", {"opened_on": "2026-01-02", "today": "2026-01-01"}),
        ("received", {"received_on": "2026-01-02", "received": False}),
        ("shipped", {"shipped_on": "2026-01-02", "shipped": False}),
        ("quantity_affected", {"quantity_ordered": 2, "quantity_affected": 3}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_facts_that_cannot_be_true_together_are_refused(place: str, facts: Mapping[str, Any]) -> None:
    assert told(**facts) == {(place, "contradiction")}


@pytest.mark.parametrize("day", ["ordered_on", "shipped_on", "received_on", "confirmed_on", "opened_on"])
def test_a_day_after_the_current_date_is_refused_when_today_is_not_given(day: str) -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(ground="damaged", **{day: "2199-12-31"})
    assert ("contradiction", day) in {(problem.code, problem.place) for problem in refused.value.problems}


def test_the_same_day_for_everything_is_no_contradiction() -> None:
    assert dr.Case(ground="damaged", **dict.fromkeys(DAYS, "2026-01-01")).opened_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"ground": "damaged", "opened_on": "2026-01-02", "stage": "not_opened"}, id="opened-and-not"),
        pytest.param({"ground": "damaged", "received": False}, id="damaged-not-received"),
        pytest.param({"ground": "fake", "received": False}, id="fake-not-received"),
        pytest.param({"ground": "not_arrived", "received": True}, id="not-arrived-but-received"),
        pytest.param({"ground": "not_arrived", "received_on": "2026-01-01"}, id="not-arrived-but-received-on"),
        pytest.param({"ground": "buyer_mistake", "shipped": False, "received": True}, id="received-not-shipped"),
        pytest.param({"ground": "damaged", "shipped": False}, id="damaged-not-shipped"),
        pytest.param({"ground": "not_as_described", "as_described": True}, id="as-described-and-not"),
        pytest.param({"ground": "buyer_mistake", "shipped": False, "stage": "open"}, id="dispute-before-shipping"),
    ],
)
def test_what_the_pack_calls_impossible_is_refused_with_help(facts: Mapping[str, Any]) -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise({"today": "2026-03-01", **facts})
    assert {problem.code for problem in refused.value.problems} == {"contradiction"}
    assert all(problem.help for problem in refused.value.problems)


def test_evidence_that_no_rule_asks_for_is_refused_with_a_suggestion() -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(ground="damaged", evidence=["photo_of_goods", "a_selfie_with_the_postman"])
    helps = {problem.message: problem.help for problem in refused.value.problems}
    assert helps["there is no kind of evidence `photo_of_goods`"] == "did you mean `photos_of_goods`?"
    assert {problem.code for problem in refused.value.problems} == {"unknown-evidence"}
    assert len(helps) == 2


# --- all faults at once


def test_all_faults_of_a_case_are_told_together() -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(
            ground="damaged",
            received=False,
            usabilty="impaired",
            fault="nobody",
            price="-1",
            requested="a lot",
            currency="EURO",
            quantity_ordered=1,
            quantity_affected=2,
            ordered_on="2026-02-30",
            shipped_on="2026-01-10",
            confirmed_on="2026-01-05",
            today="2026-03-01",
            evidence=["photo_of_goods"],
        )
    assert {(problem.place, problem.code) for problem in refused.value.problems} == {
        ("usabilty", "unknown-fact"),
        ("fault", "unknown-label"),
        ("price", "out-of-range"),
        ("requested", "wrong-type"),
        ("currency", "unknown-currency"),
        ("ordered_on", "bad-date"),
        ("quantity_affected", "contradiction"),
        ("confirmed_on", "contradiction"),
        ("ground, received", "contradiction"),
        ("evidence", "unknown-evidence"),
    }


def test_faults_are_told_together_when_the_ground_is_among_them() -> None:
    assert told(ground="damagd", price=-1, quantity_ordered=1, quantity_affected=2) == {
        ("ground", "unknown-label"),
        ("price", "out-of-range"),
        ("quantity_affected", "contradiction"),
    }


@pytest.mark.parametrize("fault", [{"price": "-1"}, {"ground": "damagd"}, {"unheard_of": 1}, {"currency": "EURO"}])
def test_every_problem_has_a_message_and_a_help_and_is_in_the_text(fault: Mapping[str, Any]) -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.Case(**{"ground": "damaged", **fault})
    for problem in refused.value.problems:
        assert problem.message
        assert problem.help
        assert problem.code in str(refused.value)
        assert f"help: {problem.help}" in str(refused.value)


def test_the_users_words_stand_in_backticks() -> None:
    (problem,) = problems(ground="weather")
    assert "`weather`" in problem.message


def test_a_case_error_can_be_pickled() -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.Case(ground="damagd", price=-1)
    again = pickle.loads(pickle.dumps(refused.value))
    assert type(again) is dr.CaseError
    assert again.problems == refused.value.problems
    assert str(again) == str(refused.value)


# --- what is no case at all


@pytest.mark.parametrize("case", ["damaged", b"{}", 5, 1.5, True, ["ground"], {"damaged"}, date(2026, 1, 1), object()])
def test_what_is_no_case_is_refused(case: Any) -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(case)
    assert refused.value.problems[0].code == "not-a-case"


@pytest.mark.parametrize("name", [1, None, ("ground",), b"ground", 1.5])
def test_names_of_facts_that_are_no_text_are_refused(name: Any) -> None:
    with pytest.raises(dr.CaseError) as refused:
        dr.advise({"ground": "damaged", name: 1})
    assert [problem.code for problem in refused.value.problems] == ["unknown-fact"]


def test_an_object_that_cannot_be_printed_is_refused() -> None:
    class Mute:
        def __str__(self) -> str:
            raise RuntimeError

        __repr__ = __str__

    for fact in ("ground", "price", "today", "received", "currency", "evidence", "quantity_ordered"):
        assert {place for place, _ in told(**{fact: Mute()})} <= {fact, "case"}


def test_no_case_at_all_lacks_its_ground() -> None:
    nothing: list[Any] = [None, {}]
    for empty in nothing:
        with pytest.raises(dr.CaseError, match="ground"):
            dr.advise(empty)


# --- JSON


def refused_json(text: str | bytes) -> list[str]:
    with pytest.raises(dr.CaseError) as refused:
        dr.Case.model_validate_json(text)
    assert len(str(refused.value)) < 2000
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "not-json", id="empty"),
        pytest.param("{", "not-json", id="cut"),
        pytest.param("{'ground': 'fake'}", "not-json", id="python"),
        pytest.param('{"ground": "fake",}', "not-json", id="comma"),
        pytest.param("[" * 100_000, "not-json", id="deep"),
        pytest.param("[" * 400_000 + "]" * 400_000, "not-json", id="deep-and-closed"),
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, "not-json", id="deep-objects"),
        pytest.param('{"ground": "fake", "price": NaN}', "not-json", id="nan"),
        pytest.param('{"ground": "fake", "price": Infinity}', "not-json", id="infinity"),
        pytest.param('{"ground": "fake", "price": ' + "9" * 5000 + "}", "not-json", id="many-digits"),
        pytest.param("[]", "not-a-case", id="list"),
        pytest.param('"fake"', "not-a-case", id="text"),
        pytest.param("null", "not-a-case", id="null"),
        pytest.param("5", "not-a-case", id="number"),
        pytest.param('{"ground": "fake", "ground": "damaged"}', "duplicate-fact", id="doubled"),
        pytest.param('{"ground": "fake", "ground": "fake"}', "duplicate-fact", id="doubled-and-equal"),
        pytest.param(b'{"ground": "fak\xe9"}', "not-utf-8", id="latin-1"),
        pytest.param('{"ground": "fake"}'.encode("utf-16"), "not-utf-8", id="utf-16"),
        pytest.param('{"ground": "' + "x" * 2_000_000 + '"}', "too-large", id="two-megabytes"),
        pytest.param('{"ground": "' + "x" * 900_000 + '"}', "unknown-label", id="long-ground"),
        pytest.param('{"ground": "fake", "price": 1e400}', "out-of-range", id="exponent"),
        pytest.param('{"ground": "fake", "price": 24.90001}', "out-of-range", id="too-exact"),
        pytest.param('{"ground": "fake", "price": true}', "wrong-type", id="truth-value"),
        pytest.param('{"ground": "fake", "evidence": {"a": 1}}', "wrong-type", id="object-for-list"),
    ],
)
def test_json_that_is_no_case_is_refused(text: str | bytes, code: str) -> None:
    assert refused_json(text) == [code]


def test_json_with_thousands_of_doubled_names_is_refused_in_few_words() -> None:
    text = "{" + ",".join(f'"f{i}":0,"f{i}":0' for i in range(4000)) + "}"
    with pytest.raises(dr.CaseError) as refused:
        dr.Case.model_validate_json(text)
    assert len(refused.value.problems) <= 200


def test_json_amounts_keep_every_decimal_that_is_written() -> None:
    case = dr.Case.model_validate_json('{"ground": "fake", "price": 123456789.123, "currency": "KWD"}')
    assert case.price == Decimal("123456789.123")


def test_json_with_a_byte_order_mark_is_read() -> None:
    assert dr.Case.model_validate_json(b'\xef\xbb\xbf{"ground": "fake"}') == dr.Case(ground="fake")


def test_a_case_goes_through_json_and_back() -> None:
    case = dr.Case(**FULL_CASE)
    assert dr.Case.model_validate_json(case.model_dump_json()) == case


# --- what a case is as a value


def test_cases_with_equal_facts_are_equal_and_have_one_hash() -> None:
    one, other = dr.Case(**FULL_CASE), dr.Case(**FULL_CASE)
    assert one == other
    assert hash(one) == hash(other)
    assert one != dr.Case(**{**FULL_CASE, "price": "25"})


def test_a_case_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        dr.Case(**FULL_CASE).price = Decimal(1)  # type: ignore[misc]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda case: pickle.loads(pickle.dumps(case))])
def test_a_copy_of_a_case_is_equal_to_it(copied: Callable[[dr.Case], dr.Case]) -> None:
    case = dr.Case(**FULL_CASE)
    assert copied(case) == case


def test_the_json_schema_names_every_fact_with_a_description() -> None:
    schema = dr.Case.model_json_schema()
    assert set(schema["properties"]) == set(FULL_CASE)
    assert schema["required"] == ["ground"]
    assert schema["additionalProperties"] is False
    described = {
        name: fact if "description" in fact else _pointed_at(schema, fact)
        for name, fact in schema["properties"].items()
    }
    assert [name for name, fact in described.items() if not fact.get("description")] == []


def _pointed_at(schema: Mapping[str, Any], fact: Mapping[str, Any]) -> Mapping[str, Any]:
    pointed: Mapping[str, Any] = schema["$defs"][fact["$ref"].rpartition("/")[2]]
    return pointed


def test_the_json_schema_lists_the_grounds() -> None:
    assert dr.Case.model_json_schema()["$defs"]["Ground"]["enum"] == [str(ground) for ground in dr.Ground]


def test_a_case_can_be_a_field_of_another_model() -> None:
    assert TypeAdapter(list[dr.Case]).validate_python([{"ground": "fake"}]) == [dr.Case(ground="fake")]


# --- anything at all

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted(FULL_CASE)) | st.text(max_size=12)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=st.dictionaries(NAMES, ANYTHING, max_size=8))
def test_anything_is_a_case_or_a_case_error(facts: dict[str, Any]) -> None:
    try:
        dr.advise(facts)
    except dr.CaseError as error:
        refused = error
    else:
        return
    assert refused.problems


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    text=st.text()
    | st.binary()
    | st.dictionaries(NAMES, ANYTHING, max_size=5).map(lambda f: json.dumps(f, default=str))
)
def test_any_text_is_a_case_or_a_case_error(text: str | bytes) -> None:
    try:
        dr.Case.model_validate_json(text)
    except dr.CaseError as error:
        refused = error
    else:
        return
    assert refused.problems
