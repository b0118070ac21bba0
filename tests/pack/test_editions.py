"""The rules and values in force are those of the case's day, from the first day to the last."""

from __future__ import annotations

from datetime import date

import pytest

from dispute_rules.advisor import Advisor
from dispute_rules.errors import CaseError
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack
from tests.conftest import GOOD_PACK, MakePack, edited

SINCE = "from: 2021-05-01\n"
UNTIL = "until: 2021-04-30\n"
NEW = "verdict/new-goods.yaml"


@pytest.fixture
def advisor(make_pack: MakePack) -> Advisor:
    """New goods were taken back until April 2021, and since May 2021 only a part is paid."""
    later = GOOD_PACK[NEW].replace("full_refund", "partial_refund").partition("examples:")[0]
    return Advisor(load_pack(make_pack({NEW: GOOD_PACK[NEW] + UNTIL, "verdict/new-goods-today.yaml": later + SINCE})))


@pytest.mark.parametrize(
    ("today", "verdict", "rule"),
    [
        ("2020-01-01", "full_refund", "own/verdict/new-goods"),
        ("2021-04-30", "full_refund", "own/verdict/new-goods"),
        ("2021-05-01", "partial_refund", "own/verdict/new-goods-today"),
        ("2199-12-31", "partial_refund", "own/verdict/new-goods-today"),
    ],
)
def test_a_rule_counts_from_its_first_day_to_its_last(advisor: Advisor, today: str, verdict: str, rule: str) -> None:
    advice = advisor.advise(ground="damaged", today=today)
    assert advice.verdict == verdict
    assert [reason.rule for reason in advice.reasons if reason.decision == "verdict"] == [rule]


@pytest.mark.parametrize(
    ("today", "edition"),
    [
        ("2020-01-01", date(2020, 1, 1)),
        ("2021-04-30", date(2020, 1, 1)),
        ("2021-05-01", date(2021, 5, 1)),
        ("2021-12-31", date(2021, 5, 1)),
        ("2022-01-01", date(2022, 1, 1)),
    ],
)
def test_the_advice_names_the_edition_by_its_first_day(advisor: Advisor, today: str, edition: date) -> None:
    assert advisor.advise(ground="damaged", today=today).pack.edition == edition


def test_the_editions_begin_where_something_changes(advisor: Advisor) -> None:
    assert advisor.pack.starts == (date(2020, 1, 1), date(2021, 5, 1), date(2022, 1, 1))


@pytest.mark.parametrize(
    ("today", "window"),
    [
        ("2021-12-17", "open"),
        ("2021-12-31", "closed"),
        ("2022-01-01", "open"),
        ("2022-01-02", "open"),
        ("2022-01-03", "closed"),
    ],
)
def test_a_value_counts_from_its_day_on(advisor: Advisor, today: str, window: str) -> None:
    # 14 days lasted until the 17th of December, 30 days last until the 2nd of January
    advice = advisor.advise(ground="damaged", handed_over_on="2021-12-03", today=today)
    assert advice.window.status == window


def test_a_day_before_the_first_edition_is_the_cases_fault(advisor: Advisor) -> None:
    with pytest.raises(CaseError) as caught:
        advisor.advise(ground="damaged", today="2019-12-31")
    (problem,) = caught.value.problems
    assert (problem.place, problem.code) == ("today", "before-first-edition")
    assert "2020-01-01" in problem.help


def test_a_day_before_the_first_edition_is_told_with_what_else_is_wrong(advisor: Advisor) -> None:
    with pytest.raises(CaseError) as caught:
        advisor.advise(ground="damagd", today="2019-12-31")
    assert [problem.code for problem in caught.value.problems] == ["unknown-label", "before-first-edition"]


def test_a_rule_from_before_the_pack_makes_no_edition_of_its_own(make_pack: MakePack) -> None:
    pack = load_pack(make_pack({NEW: GOOD_PACK[NEW] + "from: 2015-01-01\n"}))
    assert pack.starts == (date(2020, 1, 1), date(2022, 1, 1))


def test_a_rule_until_the_last_day_of_all_loads(make_pack: MakePack) -> None:
    pack = load_pack(make_pack({NEW: GOOD_PACK[NEW] + "until: 2199-12-31\n"}))
    assert Advisor(pack).advise(ground="damaged", today="2199-12-31").verdict == "full_refund"


@pytest.mark.parametrize(("today", "verdict"), [("2021-04-30", "full_refund"), ("2021-05-01", None)])
def test_an_exception_not_in_force_overrides_nothing(make_pack: MakePack, today: str, verdict: str | None) -> None:
    text = GOOD_PACK["verdict/too-late.yaml"].replace("{window: closed}", "{}") + SINCE
    advisor = Advisor(load_pack(make_pack({"verdict/too-late.yaml": text})))
    assert advisor.advise(ground="damaged", today=today).verdict == verdict


def test_a_threshold_not_in_force_makes_no_label(make_pack: MakePack) -> None:
    pack = load_pack(
        make_pack(edited("hints/too-much.yaml", "{asked: above}", f"{{age_months: {{below: 6}}}}\n{SINCE}"))
    )
    before, after = (edition_on(pack, day).facts["age_months"].labels for day in (date(2021, 4, 30), date(2021, 5, 1)))
    assert before == ("..3", "3..24.5", "24.5..")
    assert after == ("..3", "3..6", "6..24.5", "24.5..")


def test_a_fact_that_no_rule_in_force_looks_at_is_no_part_of_a_situation(make_pack: MakePack) -> None:
    pack = load_pack(make_pack({"papers/receipt.yaml": GOOD_PACK["papers/receipt.yaml"] + SINCE}))
    assert "gift" not in edition_on(pack, date(2021, 4, 30)).facts
    assert "gift" in edition_on(pack, date(2021, 5, 1)).facts


@pytest.mark.parametrize(("today", "kinds"), [("2021-04-30", []), ("2021-05-01", ["receipt"])])
def test_a_decision_that_collects_may_be_without_rules(make_pack: MakePack, today: str, kinds: list[str]) -> None:
    pack = load_pack(make_pack({"papers/receipt.yaml": GOOD_PACK["papers/receipt.yaml"] + SINCE}))
    advice = Advisor(pack).advise(ground="damaged", today=today)
    assert [item.kind for item in advice.evidence] == kinds


@pytest.mark.parametrize(("today", "warned"), [("2021-05-04", False), ("2021-05-05", True), ("2021-05-06", False)])
def test_a_rule_may_count_for_a_single_day(make_pack: MakePack, today: str, warned: bool) -> None:
    rule = edited("hints/too-much.yaml", "{asked: above}", "{}\nfrom: 2021-05-05\nuntil: 2021-05-05")
    advice = Advisor(load_pack(make_pack(rule))).advise(ground="damaged", today=today)
    assert bool(advice.warnings) is warned


def test_all_editions_are_of_the_same_pack(advisor: Advisor) -> None:
    hashes = {advisor.advise(ground="damaged", today=day.isoformat()).pack.content_hash for day in advisor.pack.starts}
    assert hashes == {advisor.pack.content_hash}


def test_an_edition_is_made_once(advisor: Advisor) -> None:
    assert edition_on(advisor.pack, date(2021, 5, 1)) is edition_on(advisor.pack, date(2021, 12, 31))
