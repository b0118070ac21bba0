"""What is remembered changes no answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Edition
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
