"""What comes out as expected passes; what does not is told with the rules that decided."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.testing import whole_cases
from tests.authoring.conftest import SHOP, Try, Write, entry, told
from tests.conftest import MakePack, edited

ALIEXPRESS = dr.load_pack("aliexpress")


def failed(trial: CaseTrial) -> list[str]:
    """The fields that did not come out as expected."""
    return [mismatch.field for mismatch in trial.failure.mismatches] if trial.failure else []


# --- what is expected of a field

RIGHT = """\
ground: damaged | verdict: full_refund
ground: damaged | verdict: [no_refund, full_refund]
ground: damaged, age_months: 25 | verdict: no_refund
ground: damaged, handed_over_on: 2022-05-02 | window.status: open
ground: damaged, handed_over_on: 2022-05-01 | window.status: closed
ground: damaged, handed_over_on: 2022-05-02 | settled: false
ground: damaged, gift: false, age_months: 30, handed_over_on: 2022-05-30 | settled: true
ground: damaged, price: 3, deposit: 0.50 | refund.cap: 3.5
ground: damaged, price: 3 | refund.cap: "3.00"
ground: damaged | refund.cap: none
ground: damaged | refund.recommended: none
ground: damaged | evidence: receipt
ground: damaged | evidence: [receipt]
ground: damaged | evidence.required: receipt
ground: damaged | evidence.not: photo
ground: damaged, gift: true | evidence: none
ground: damaged, gift: true | evidence.required: none
ground: damaged, gift: true | evidence.not: [photo, receipt]
ground: damaged | evidence.required.not: photo
ground: damaged, gift: true | evidence.required.not: receipt
ground: damaged, price: 3, requested: 4 | warnings: too_much
ground: damaged, price: 3, requested: 4, evidence: [] | warnings: [show_more, too_much]
ground: damaged, price: 3, requested: 4 | warnings.not: show_more
ground: damaged | warnings: none
ground: damaged, gift: true | extra: card
ground: damaged, gift: true | extra.not: sweets
ground: damaged | extra: none
ground: damaged | assumptions.usability: unusable
ground: fake | assumptions.usability: [usable, impaired]
ground: damaged | assumptions.received: true
ground: damaged, price: 3 | assumptions.deposit: 0
ground: damaged | reasons.verdict.basis: stated
ground: damaged, colour: blue | reasons.verdict.basis: [inferred, derived]
ground: damaged, received: false | refused: contradiction
ground: ruined, price: -1 | refused: unknown-label
ground: ruined, price: -1 | refused: [out-of-range, unknown-label]
"""
WRONG = """\
ground: damaged | verdict: partial_refund
ground: damaged | verdict: none
ground: damaged | verdict: [no_refund, partial_refund]
ground: damaged, handed_over_on: 2022-05-02 | window.status: closed
ground: damaged, handed_over_on: 2022-05-02 | settled: true
ground: damaged, price: 3, deposit: 0.50 | refund.cap: 3
ground: damaged, price: 3 | refund.cap: none
ground: damaged | refund.cap: 3
ground: damaged | evidence: [receipt, photo]
ground: damaged | evidence: none
ground: damaged | evidence.required: none
ground: damaged | evidence.not: [photo, receipt]
ground: damaged | evidence.required.not: [photo, receipt]
ground: damaged, gift: true | evidence: receipt
ground: damaged, gift: true | evidence.required: receipt
ground: damaged, price: 3, requested: 4 | warnings: [show_more, too_much]
ground: damaged, price: 3, requested: 4 | warnings.not: too_much
ground: damaged, price: 3, requested: 4 | warnings: none
ground: damaged | extra: card
ground: damaged, gift: true | extra: none
ground: damaged, gift: true | extra.not: card
ground: damaged | assumptions.usability: usable
ground: damaged, usability: unusable | assumptions.usability: unusable
ground: damaged, price: 3 | assumptions.deposit: 1
ground: damaged, colour: blue | reasons.verdict.basis: stated
ground: damaged | refused: contradiction
ground: damaged, received: false | refused: unknown-label
ground: ruined, price: -1 | refused: [contradiction, unknown-label]
"""


def lines(text: str) -> list[tuple[str, str]]:
    pairs = [line.split(" | ") for line in text.splitlines()]
    return [(f"case: {{{case}}}", f"expect: {{{expect}}}") for case, expect in pairs]


@pytest.mark.parametrize("line", lines(RIGHT), ids="".join)
def test_what_comes_out_as_expected_passes(of: Try, line: tuple[str, str]) -> None:
    of(*line).check()


@pytest.mark.parametrize("line", lines(WRONG), ids="".join)
def test_what_does_not_come_out_as_expected_fails(of: Try, line: tuple[str, str]) -> None:
    trial = of(*line)
    assert not trial.passed
    assert failed(trial) == [re.findall(r"expect: \{([a-z_.]+):", line[1])[0]]
    with pytest.raises(AssertionError):
        trial.check()


def test_days_are_expected_as_they_are_printed(table: Write) -> None:
    right = {"timeline.decision_if_opened": "2022-06-15 to 2022-07-31", "timeline.damage_report": "2022-06-03"}
    wrong = {"timeline.decision_if_opened": "2022-06-15", "timeline.damage_report": "2022-06-03 to 2022-06-04"}
    for expect in (right, wrong):
        case = "{ground: damaged, received_on: 2022-05-31}"
        (trial,) = whole_cases(table(told(entry(f"case: {case}", f"expect: {json.dumps(expect)}"))), ALIEXPRESS)
        assert failed(trial) == ([] if expect is right else [*wrong])


# --- what is told of a failure


def test_a_planted_wrong_expectation_is_told_with_the_rule_that_decided(of: Try, shop: Path) -> None:
    trial = of("source: handbook#new", "because: So it is.", "case: {ground: damaged}", "expect: {verdict: no_refund}")
    with pytest.raises(AssertionError) as caught:
        trial.check()
    place = trial.place.removesuffix(":4:5")
    assert str(caught.value) == (
        f"{place}:4:5: table/it\n"
        f"  {place}:8:23: verdict: expected `no_refund`, got `full_refund`\n"
        f"    by own/verdict/new-goods, {shop}/verdict/new-goods.yaml\n"
        "      it saw age_months: ..3, colour: red\n"
        "  source: handbook#new\n"
        "  because: So it is.\n"
        "  case: {today: 2022-06-01, ground: damaged}"
    )


def test_what_is_missing_is_told_with_the_rules_that_would_have_given_it(of: Try, shop: Path) -> None:
    trial = of("case: {ground: damaged, gift: true}", "expect: {evidence: [receipt, photo]}")
    assert f"    not by own/papers/receipt, {shop}/papers/receipt.yaml" in str(trial.failure).splitlines()


@pytest.mark.parametrize(
    ("case", "expect", "rules"),
    [
        ("ground: fake", "timeline.damage_report: 2022-06-03", ["not by aliexpress/timeline/tell-the-carrier"]),
        ("ground: fake", "timeline.decision_if_opened: none", ["by aliexpress/timeline/decision-after-opening"]),
        (
            "ground: not_arrived, shipped_on: 2022-05-31",
            "window.opens_on: none",
            ["by aliexpress/timeline/promised-time", "by aliexpress/timeline/waiting-time"],
        ),
    ],
)
def test_a_day_is_told_with_the_rules_that_show_it(table: Write, case: str, expect: str, rules: list[str]) -> None:
    (trial,) = whole_cases(table(told(entry(f"case: {{{case}}}", f"expect: {{{expect}}}"))), ALIEXPRESS)
    (mismatch,) = trial.failure.mismatches if trial.failure else ()
    assert [line.partition(",")[0] for line in mismatch.why if not line.startswith(" ")] == rules


def test_what_must_not_be_there_is_told_with_the_rule_that_gave_it(of: Try, shop: Path) -> None:
    for expect in ("evidence.not: receipt", "evidence: none"):
        trial = of("case: {ground: damaged}", f"expect: {{{expect}}}")
        assert f"    by own/papers/receipt, {shop}/papers/receipt.yaml" in str(trial.failure).splitlines()


def test_all_that_is_wrong_with_a_case_is_told_at_once_as_it_stands(of: Try) -> None:
    wrong = "expect: {warnings: too_much, verdict: none, settled: false, evidence: photo}"
    assert failed(of("case: {ground: damaged}", wrong)) == ["warnings", "verdict", "evidence"]


def test_a_case_that_is_refused_says_why(of: Try) -> None:
    trial = of("case: {ground: damaged, received: false}", "expect: {verdict: none}")
    assert "refused: expected `none`, got `contradiction`" in str(trial.failure)
    assert "Nobody can judge what has not come." in str(trial.failure)


def test_rules_that_do_not_answer_fail_the_case_whatever_is_expected(make_pack: MakePack, table: Write) -> None:
    shop = make_pack({"verdict/old-goods.yaml": None})
    for expect in ("verdict: none", "refused: gap", "refused: contradiction"):
        path = table(told(entry("case: {ground: damaged, age_months: 30}", f"expect: {{{expect}}}")))
        (trial,) = whole_cases(path, shop)
        assert "[gap]" in str(trial.failure)


# --- facts of several cases, and facts with other values


def test_a_case_goes_before_what_is_given(shop: Path, table: Write) -> None:
    given = "{today: 2022-06-01, ground: damaged, colour: blue}"
    one = entry("case: {}", "expect: {verdict: partial_refund}", name="one")
    two = entry("case: {colour: red}", "expect: {verdict: full_refund}", name="two")
    for trial in whole_cases(table(told(one, two, given=given)), shop):
        trial.check()


@pytest.mark.parametrize(
    ("whatever", "culprit"),
    [
        ("colour: [green, red]", None),
        ("colour: any", "colour: blue"),
        ("gift: any, usability: any", None),
        ("gift: any, colour: [green, blue]", "colour: blue"),
        ("age_months: [0, 2, 3]", "age_months: 3"),
        ("evidence: [[receipt], [receipt, photo], []]", None),
        ("ground: [fake, damaged]", None),
    ],
)
def test_the_same_is_expected_for_each_of_the_other_values(of: Try, whatever: str, culprit: str | None) -> None:
    trial = of("case: {ground: damaged}", f"whatever: {{{whatever}}}", "expect: {verdict: full_refund}")
    assert trial.passed == trial.holds(trial.advisor) == (culprit is None)
    assert culprit is None or str(trial.failure).startswith(f"{trial.place}: table/it, with {culprit}\n")


def test_other_values_are_tried_one_at_a_time(of: Try) -> None:
    """Goods of a year are not refunded if they can be used, and refunded in part if they cannot."""
    expect = "expect: {verdict: full_refund}"
    of("case: {ground: fake}", "whatever: {usability: any}", expect).check()
    of("case: {ground: fake, colour: blue}", "whatever: {colour: [red, green]}", expect.replace("full", "partial"))


def test_a_case_can_be_asked_of_other_rules(of: Try, make_pack: MakePack) -> None:
    trial = of("case: {ground: damaged}", "expect: {verdict: full_refund}")
    files = {**SHOP, **edited("verdict/new-goods.yaml", "then: {verdict: full_refund}", "then: {verdict: no_refund}")}
    assert trial.holds(trial.advisor)
    assert not trial.holds(dr.Advisor(dr.load_pack(make_pack(files, name="other"))))
