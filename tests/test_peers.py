"""The rules as the benchmarks translate them for other engines say what the advice says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from benchmarks.peers.drawn import drawn
from benchmarks.peers.engines import durable, if_elif
from benchmarks.peers.single import expected
from benchmarks.peers.translated import labels_of, tables

import dispute_rules as dr
from dispute_rules.engine import default_engine
from dispute_rules.pack.edition import edition_on

# those that are installed with the library
MAKERS = [if_elif, *([durable] if default_engine() == "durable" else [])]


@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_the_translated_rules_answer_as_the_advice_does(make: Callable[..., Any]) -> None:
    advisor = dr.Advisor()
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    decide, read = make(tables(edition), labels_of(edition))
    for case in map(advisor.case, drawn(advisor, 60)):
        labels = advisor.settle(case).labels
        assert read(decide({name: labels[name] for name in edition.facts})) == expected(advisor, case)
