"""What is remembered changes no answer."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules import desk
from dispute_rules.answer import Answerer
from dispute_rules.desk import Desk
from dispute_rules.facts import STANDARD, Kind
from dispute_rules.memory import K, Memory, V
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Barred, Edition
from dispute_rules.situation import Completion, Situation, complete
from tests.asking.small import Size, truths


@cache
def edition() -> Edition:
    pack = dr.load_pack("aliexpress")
    return edition_on(pack, pack.starts[-1])


@cache
def completion() -> Completion:
    return Completion(edition())


LABELS = {name: st.sampled_from(fact.labels) for name, fact in edition().facts.items()}
GIVENS = sorted({entry.given or "" for entry in edition().assumed} | {bar.given or "" for bar in edition().barred})


def outcome(complete: Callable[[], Situation]) -> object:
    try:
        found = complete()
    except dr.CaseError as error:
        return error.problems
    return list(found.labels.items()), found.assumed


@settings(max_examples=400, derandomize=True, deadline=None)
@given(known=st.fixed_dictionaries({}, optional=LABELS), givens=st.frozensets(st.sampled_from(GIVENS)))
def test_remembered_assumptions_fill_as_a_search_does(known: dict[str, str], givens: frozenset[str]) -> None:
    found = outcome(lambda: completion().complete(known, givens))
    assert found == outcome(lambda: complete(edition(), known, givens))


@pytest.mark.parametrize("size", [Size(), Size(facts=(2, 4), barred=(3, 6))], ids=["some barred", "most barred"])
def test_so_they_do_in_small_packs(size: Size) -> None:
    for truth in truths(200, size):
        found = outcome(lambda t=truth: Completion(t.edition).complete(t.known, frozenset()))  # type: ignore[misc]
        assert found == outcome(lambda t=truth: complete(t.edition, t.known, frozenset()))  # type: ignore[misc]


def test_a_memory_keeps_so_many_and_forgets_the_first() -> None:
    memory: Memory[int, str] = Memory(3)
    assert [memory.keep(number, str(number)) for number in range(5)] == ["0", "1", "2", "3", "4"]
    assert memory == {2: "2", 3: "3", 4: "4"}


def test_what_is_kept_again_pushes_nothing_out() -> None:
    memory: Memory[int, str] = Memory(2)
    for number in (1, 2, 2):
        memory.keep(number, str(number))
    assert memory == {1: "1", 2: "2"}


# --- whole advices

TODAY = date(2026, 3, 1)
DAYS = st.integers(0, 130).map(lambda ago: TODAY - timedelta(days=ago))
AMOUNTS = st.sampled_from([Decimal(0), Decimal(5), Decimal("7.35"), Decimal(20)])
EVIDENCE = st.frozensets(st.sampled_from(["photos_of_goods", "photos_of_package", "tracking_screenshot"]))
PLAIN = {
    name: st.sampled_from([label == "true" if fact.kind is Kind.YES_NO else label for label in fact.labels])
    for name, fact in STANDARD.items()
    if fact.labels
}
FACTS = {
    **PLAIN,
    **{name: DAYS for name, fact in STANDARD.items() if fact.kind is Kind.DATE},
    **{name: AMOUNTS for name, fact in STANDARD.items() if fact.kind is Kind.AMOUNT},
    **{name: st.integers(1, 3) for name, fact in STANDARD.items() if fact.kind is Kind.COUNT},
    "today": st.just(TODAY),
    "currency": st.sampled_from(["EUR", "JPY"]),
    "evidence": EVIDENCE,
}
PAST = (
    "ordered_on",
    "shipped_on",
    "received_on",
    "opened_on",
    "replied_on",
    "escalated_on",
    "decided_on",
    "returned_on",
)


def in_order(facts: dict[str, Any]) -> dict[str, Any]:
    """The same days, in the order in which such things happen."""
    names = [name for name in PAST if name in facts]
    return facts | dict(zip(names, sorted(facts[name] for name in names), strict=True))


@cache
def warm() -> dr.Advisor:
    """It has met every case that was tried before."""
    return dr.Advisor(engine="reference")


def advised(advisor: dr.Advisor, facts: dict[str, Any], *, outlined: bool) -> object:
    try:
        return advisor.outline(facts) if outlined else advisor.advise(facts)
    except dr.CaseError as error:
        return error.problems


@pytest.mark.parametrize("outlined", [True, False], ids=["outlined", "with all that is open"])
def test_an_advice_from_memory_is_that_of_a_fresh_advisor(outlined: bool) -> None:
    names = st.lists(st.sampled_from(sorted(FACTS)), max_size=8, unique=True)
    chosen = names.flatmap(lambda chosen: st.fixed_dictionaries({name: FACTS[name] for name in chosen}))
    amounts = st.fixed_dictionaries({}, optional=dict.fromkeys(("price", "shipping", "requested", "offered"), AMOUNTS))
    some = st.builds(operator.or_, chosen, amounts)
    met = []

    @settings(max_examples=300 if outlined else 25, derandomize=True, deadline=None)
    @given(ground=PLAIN["ground"], base=some, more=st.lists(some, max_size=2))
    def compare(ground: str, base: dict[str, Any], more: list[dict[str, Any]]) -> None:
        facts = in_order({"today": TODAY, "ground": ground, **base})
        for changed in more:  # cases that are nearly alike, one after another
            advised(warm(), facts, outlined=outlined)
            facts = in_order(facts | changed)
        fresh = dr.Advisor(warm().pack, engine="reference")
        met.append(advised(warm(), facts, outlined=outlined))
        assert met[-1] == advised(fresh, facts, outlined=outlined)

    compare()
    assert sum(isinstance(each, dr.Advice) for each in met) > len(met) / 3


class Forgetful(Memory[K, V]):
    """It remembers nothing."""

    def get(self, _: object, default: Any = None) -> Any:
        return default


MEASURED = {
    name: FACTS[name] for name in sorted(FACTS) if name == "evidence" or name not in {*PLAIN, "today", "currency"}
}
CLOSE = st.dictionaries(st.sampled_from(sorted(MEASURED)), st.none(), min_size=1, max_size=2).flatmap(
    lambda names: st.fixed_dictionaries({name: st.none() | MEASURED[name] for name in names})
)


def test_cases_that_differ_in_days_amounts_and_evidence_only_are_not_taken_for_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = Answerer.answer  # without what is open, which takes milliseconds and is remembered by other means
    monkeypatch.setattr(Answerer, "answer", lambda self, settled: answer(self, settled, outlined=True))
    remembering = dr.Advisor(engine="reference")
    monkeypatch.setattr(desk, "Memory", Forgetful)
    forgetful = dr.Advisor(engine="reference")
    differing = set()

    @settings(max_examples=400, derandomize=True, deadline=None)
    @given(
        ground=PLAIN["ground"],
        plain=st.fixed_dictionaries({}, optional=PLAIN),
        base=st.fixed_dictionaries({}, optional=MEASURED),
        more=st.lists(CLOSE, min_size=5, max_size=5),
    )
    def compare(ground: str, plain: dict[str, Any], base: dict[str, Any], more: list[dict[str, Any]]) -> None:
        facts = in_order({**plain, **base, "today": TODAY, "ground": ground})
        for changed in more:
            facts = in_order({name: value for name, value in (facts | changed).items() if value is not None})
            found = advised(remembering, facts, outlined=False)
            assert found == advised(forgetful, facts, outlined=False)
            differing.update([found] if isinstance(found, dr.Advice) else [])

    compare()
    assert len(differing) > 100


def test_whether_a_fact_that_no_label_comes_of_is_given_tells_cases_apart_where_rules_ask_for_that() -> None:
    barred = Barred({"ground": frozenset({"damaged"})}, "currency", "No currency here.", "leave it out")
    at = Desk(replace(edition(), barred=(*edition().barred, barred)), "reference")
    assert at.advise(dr.Case(ground="damaged"), TODAY).claim
    with pytest.raises(dr.CaseError, match="No currency here"):
        at.advise(dr.Case(ground="damaged", currency="EUR"), TODAY)
