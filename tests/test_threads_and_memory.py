"""Advisors are safe to share between threads, and what they remember has a bound."""

from __future__ import annotations

import gc
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import _lru_cache_wrapper
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules import desk
from dispute_rules.engine import EngineName

TODAY = "2026-03-01"
THREADS = 8


def cases(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Many different cases that no pack rule refuses."""
    chosen = random.Random(seed)
    grounds = [ground for ground in dr.Ground if ground not in ("not_arrived", "not_as_described")]
    for _ in range(count):
        yield {
            "ground": chosen.choice(grounds),
            "today": TODAY,
            "received": True,
            "usability": chosen.choice(list(dr.Usability)),
            "wants_to_keep": chosen.choice([True, False]),
            "as_described": chosen.choice([True, False]),
            "fault": chosen.choice(list(dr.Fault)),
            "tracking": chosen.choice(list(dr.Tracking)),
            "free_return": chosen.choice([True, False]),
            "returnable": chosen.choice([True, False]),
            "stage": chosen.choice(["open", "mediation", "decided"]),
            "seller_response": chosen.choice(list(dr.SellerResponse)),
            "price": str(chosen.randint(1, 100)),
        }


def in_threads(ask: Callable[[int], dr.Advice]) -> list[dr.Advice]:
    """What each of eight threads is told when all ask at once."""
    start = threading.Barrier(THREADS)

    def asked(number: int) -> dr.Advice:
        start.wait()
        return ask(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(asked, range(THREADS)))


@pytest.mark.parametrize("engine", ["reference", None])
def test_the_same_case_from_eight_threads_gives_the_same_advice(engine: EngineName | None) -> None:
    alone = dr.Advisor(engine="reference")
    for facts in cases(5):
        advisor = dr.Advisor(engine=engine)
        expected = alone.advise(facts)
        assert in_threads(lambda _, a=advisor, f=facts: a.advise(f)) == [expected] * THREADS  # type: ignore[misc]


def test_eight_threads_with_different_cases_do_not_mix_them_up() -> None:
    asked = list(cases(40))
    alone = dr.Advisor(engine="reference")
    expected = [alone.advise(facts) for facts in asked]
    advisor = dr.Advisor()
    with ThreadPoolExecutor(THREADS) as threads:
        told = list(threads.map(advisor.advise, asked * 2))
    assert told[: len(asked)] == expected
    assert told[: len(asked)] == told[len(asked) :]


def test_editions_made_by_eight_threads_at_once_are_right() -> None:
    days = ["2018-08-01", "2022-12-31", "2023-01-01", "2026-01-01"] * 2
    pack = dr.load_pack("aliexpress")
    expected = [dr.advise(ground="fake", today=day) for day in days]
    advisor = dr.Advisor(pack)
    assert in_threads(lambda number: advisor.advise(ground="fake", today=days[number])) == expected


def test_advisors_made_by_eight_threads_at_once_agree() -> None:
    told = in_threads(lambda _: dr.Advisor().advise(ground="fake", today=TODAY))
    assert told == [told[0]] * THREADS


def caches() -> list[_lru_cache_wrapper[Any]]:
    """Every cache of the package that is alive."""
    gc.collect()
    return [thing for thing in gc.get_objects() if isinstance(thing, _lru_cache_wrapper) and _is_ours(thing)]


def _is_ours(cache: _lru_cache_wrapper[Any]) -> bool:
    return str(getattr(cache, "__module__", "")).startswith("dispute_rules")


def test_every_cache_that_cases_fill_has_a_bound() -> None:
    """The one without is filled by editions, of which a pack has few."""
    dr.advise(ground="fake", today=TODAY)
    unbounded = {cache.__name__ for cache in caches() if cache.cache_info().maxsize is None}
    assert unbounded <= {"_open_desk", "_answers_from", "load_pack"}  # the last is what other tests spare themselves


def remembered() -> list[int]:
    """How many situations each cache of a desk holds."""
    dated = ("_milestone", "_window_of")
    of_desks = [each for each in caches() if each.__module__ == desk.__name__ and each.__name__ not in dated]
    return [cache.cache_info().currsize for cache in of_desks]


def test_remembered_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_REMEMBERED", 50)
    advisor = dr.Advisor(engine="reference")
    for facts in cases(150):
        advisor.advise(facts)
        advisor.questions(facts, ["fault"])
    bounded = [cache.cache_info() for cache in caches() if cache.cache_info().maxsize == 50]
    assert max(info.currsize for info in bounded) == 50
    assert max(info.misses for info in bounded) > 50


def test_a_bound_on_what_is_remembered_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_REMEMBERED", 1)
    forgetful, mindful = dr.Advisor(engine="reference"), dr.Advisor(engine="reference")
    asked = list(cases(40))
    assert [forgetful.advise(facts) for facts in asked] == [mindful.advise(facts) for facts in reversed(asked)][::-1]


def test_a_case_met_before_asks_the_rules_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    advisor = dr.Advisor(engine="reference")
    first = advisor.advise(ground="fake", today=TODAY, price="1")
    from dispute_rules.engine.reference import ReferenceEngine

    monkeypatch.delattr(ReferenceEngine, "matching")
    again = advisor.advise(ground="fake", today=TODAY, price="2")
    assert (again.claim, again.verdict) == (first.claim, first.verdict)


def test_amounts_and_days_do_not_make_new_situations() -> None:
    advisor = dr.Advisor(engine="reference")
    advisor.advise(ground="fake", today=TODAY, price="1", received_on="2026-02-27")
    before = sum(remembered())
    for number in range(200):
        advisor.advise(ground="fake", today=TODAY, price=f"{number}.37", received_on=f"2026-02-{26 + number % 2}")
    assert before > 0
    assert sum(remembered()) == before


def test_evidence_does_not_grow_what_is_remembered_beyond_its_labels() -> None:
    advisor = dr.Advisor(engine="reference")
    kinds = ["photos_of_goods", "authenticity_proof", "listing_screenshot", "opened_parcel", "size_photo"]
    before = remembered()
    for number in range(2 ** len(kinds)):
        chosen = [kind for bit, kind in enumerate(kinds) if number >> bit & 1]
        advisor.advise(ground="fake", today=TODAY, evidence=chosen)
    assert sum(remembered()) - sum(before) <= 4 * len(before)  # without, none, some, all


def test_an_advisor_that_is_dropped_leaves_no_cache_behind() -> None:
    dr.advise(ground="fake", today=TODAY)
    before = len(caches())
    for _ in range(3):
        dr.Advisor().advise(ground="fake", today=TODAY)
    assert len(caches()) == before
