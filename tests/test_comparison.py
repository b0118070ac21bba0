"""Grounds side by side: each as if it were asked about alone, and none that nobody named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import dispute_rules as dr
from tests.conftest import MakePack
from tests.test_advice import FACTS, TODAY, advised, partial_cases

PHONE_SHOP = Path(__file__).parents[1] / "examples" / "phone-shop" / "phone_shop"
GROUNDS = list(dr.Ground)


@cache
def aliexpress() -> dr.Advisor:
    return dr.Advisor()


def compared(*grounds: Any, **facts: Any) -> dr.Comparison:
    return aliexpress().compare({"today": TODAY, **facts}, grounds=grounds)


def problems(*grounds: Any, **facts: Any) -> dict[tuple[str, str], str]:
    """The messages by place and code."""
    with pytest.raises(dr.CaseError) as caught:
        compared(*grounds, **facts)
    return {(problem.place, problem.code): problem.message for problem in caught.value.problems}


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    facts=partial_cases({"usability": FACTS["usability"], "price": FACTS["price"], "evidence": FACTS["evidence"]})
    | partial_cases(FACTS),
    grounds=st.lists(st.sampled_from(GROUNDS), min_size=2, max_size=4, unique=True),
)
def test_each_ground_is_advised_on_as_if_it_stood_alone(facts: dict[str, Any], grounds: list[dr.Ground]) -> None:
    del facts["ground"]
    alone = {ground: advised({**facts, "ground": ground}) for ground in grounds}
    if None in alone.values():
        with pytest.raises(dr.CaseError):
            aliexpress().compare(facts, grounds=grounds)
        return
    comparison = aliexpress().compare(facts, grounds=grounds)
    assert {each.ground: each.advice for each in comparison.grounds} == alone
    assert [each.ground for each in comparison.grounds] == grounds
    assert dr.Comparison.model_validate_json(comparison.model_dump_json()) == comparison


def test_the_ground_of_the_case_is_one_of_those_compared() -> None:
    assert [each.ground for each in compared("not_as_described", ground="fake").grounds] == ["fake", "not_as_described"]
    assert [each.ground for each in compared("damaged", "fake", ground="fake").grounds] == ["fake", "damaged"]
    case = dr.Case(ground=dr.Ground.FAKE, today=TODAY)
    comparison = aliexpress().compare(case, grounds={"damaged"}, price="20")
    assert [each.ground for each in comparison.grounds] == ["fake", "damaged"]
    assert {each.advice.refund.cap for each in comparison.grounds} == {20}


def test_all_is_told_in_the_words_of_the_pack() -> None:
    fake, described = compared("fake", "not_as_described", usability="usable", received=True).grounds
    assert fake.title == "It is a fake"
    assert fake.words["prospects"] == "Fair, it may go either way"
    assert described.words["prospects"] == "Strong, if what you say can be seen from the evidence"
    assert fake.words.keys() == described.words.keys()


def test_what_has_to_be_proved_is_the_required_evidence() -> None:
    grounds = compared("fake", "not_as_described", usability="usable", evidence=["photos_of_goods"]).grounds
    proofs = {g.ground: {item.kind: item.have for item in g.advice.evidence if item.required} for g in grounds}
    assert proofs == {
        "fake": {"photos_of_goods": True},
        "not_as_described": {"listing_screenshot": False, "photos_of_goods": True},
    }


def test_a_ground_without_words_is_called_by_its_name(make_pack: MakePack) -> None:
    shop, own = dr.Advisor(PHONE_SHOP), dr.Advisor(make_pack())
    titles = [[each.title for each in advisor.compare(grounds=["damaged", "fake"]).grounds] for advisor in (shop, own)]
    assert titles == [["It was broken when I unpacked it", "It is not genuine"], ["damaged", "fake"]]


# --- faults


def test_one_ground_is_nothing_to_compare() -> None:
    assert problems() == {("ground", "missing-fact"): "there is no ground to compare"}
    assert ("ground", "missing-fact") in problems("fake")
    assert ("ground", "missing-fact") in problems(ground="fake")
    assert ("ground", "missing-fact") in problems("fake", ground="fake")


def test_a_ground_named_twice_is_refused() -> None:
    found = problems("fake", "damaged", "fake", "damaged")
    assert set(found) == {("ground", "duplicate-fact")}
    with pytest.raises(dr.CaseError, match=r"`fake` is named twice(.|\n)*`damaged` is named twice"):
        compared("fake", "damaged", "fake", dr.Ground.DAMAGED)


def test_an_unknown_ground_is_told_with_the_near_one() -> None:
    assert problems("fake", "damagd")["ground", "unknown-label"].startswith("with the ground `damagd`: ")
    with pytest.raises(dr.CaseError, match="did you mean `damaged`"):
        compared("fake", "damagd")
    assert ("ground", "unknown-label") in problems("damaged", ground="fak")


def test_a_ground_that_contradicts_the_facts_is_named() -> None:
    found = problems("not_arrived", "fake", received=True)
    assert set(found) == {("ground, received", "contradiction")}
    assert "`not_arrived`" in found["ground, received", "contradiction"]
    assert "`fake`" not in found["ground, received", "contradiction"]


def test_what_is_wrong_whatever_the_ground_is_told_once() -> None:
    with pytest.raises(dr.CaseError) as caught:
        compared("not_arrived", "fake", "damagd", received=True, price=-1)
    assert [problem.place for problem in caught.value.problems] == ["price", "ground, received", "ground"]
    assert "with the ground" not in caught.value.problems[0].message


@pytest.mark.parametrize("grounds", ["fake", "fake,damaged", None, 5, {"fake": "damaged"}, iter(["fake", "damaged"])])
def test_grounds_that_are_no_list_are_refused(grounds: Any) -> None:
    with pytest.raises(dr.CaseError) as caught:
        aliexpress().compare(grounds=grounds)
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [("ground", "wrong-type")]


@pytest.mark.parametrize("ground", [None, 5, "", "x" * 1000, ["fake"], object()])
def test_a_ground_may_be_anything_and_is_refused_as_such(ground: Any) -> None:
    assert problems("fake", ground)


def test_more_grounds_than_there_are_are_not_looked_at() -> None:
    assert problems(*(f"ground{number}" for number in range(1000))) == {("ground", "too-large"): "1000 grounds"}


def test_a_comparison_is_frozen() -> None:
    comparison = compared("fake", "damaged")
    with pytest.raises(ValidationError):
        comparison.grounds = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        comparison.grounds[0].words["claim"] = "x"  # type: ignore[index]


def test_facts_that_are_none_are_unknown() -> None:
    facts: Mapping[str, Any] = {"ground": None, "price": None}
    assert len(aliexpress().compare(facts, grounds=["fake", "damaged"], shipping=None).grounds) == 2
