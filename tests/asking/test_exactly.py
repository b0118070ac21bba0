"""What is said of the unknown, through the public surface, is what advising on every completion finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

import dispute_rules as dr
from tests.asking.people import buyer
from tests.test_advice import LABELS, final

Facts = Mapping[str, Any]
End = tuple[str | None, ...]

WITHOUT_DAYS = sorted(LABELS.keys() - {"received", "shipped", "confirmed", "offer_return"})
"""The facts that these buyers know, and to the full without a day. Of the others `test_advice` draws completions."""


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


class Told:
    """A buyer who knows everything tells all but some facts; and by brute force, what those still allow."""

    def __init__(self, person: Facts, left_out: Sequence[str]) -> None:
        self.person = person
        self.left_out = left_out
        self.facts = {name: value for name, value in person.items() if name not in left_out}
        self.advice = advisor().advise(self.facts)
        self.ends = {
            labels: end
            for labels in product(*(LABELS[name] for name in left_out))
            if (end := self.end(dict(zip(left_out, labels, strict=True)))) is not None
        }

    def end(self, more: Facts) -> End | None:
        """Where some more facts lead; None if they cannot be."""
        try:
            return final(advisor().outline({**self.facts, **more}))
        except dr.CaseError:
            return None

    def mattering(self) -> set[str]:
        """The facts in which alone two completions differ that end differently."""
        return {name for at, name in enumerate(self.left_out) if self._differs_by(at)}

    def _differs_by(self, at: int) -> bool:
        rest: dict[tuple[Any, ...], set[End]] = {}
        for labels, end in self.ends.items():
            rest.setdefault(labels[:at] + labels[at + 1 :], set()).add(end)
        return any(len(ends) > 1 for ends in rest.values())

    def leading_to(self, end: End, sizes: Sequence[int]) -> Iterator[Facts]:
        """Sets of facts that lead to an end."""
        for names in (names for size in sizes for names in combinations(self.left_out, size)):
            for labels in product(*(LABELS[name] for name in names)):
                if self.end(facts := dict(zip(names, labels, strict=True))) == end:
                    yield facts


@cache
def buyers() -> tuple[Told, ...]:
    return tuple(
        Told(buyer(Random(seed)), Random(-seed).sample(WITHOUT_DAYS, Random(seed).randint(1, 3))) for seed in range(200)
    )


def test_settled_alternatives_and_questions_are_what_every_completion_says() -> None:
    for told in buyers():
        ends = set(told.ends.values())
        assert told.advice.settled == (len(ends) == 1)
        assert {final(other) for other in told.advice.alternatives} == ends - {final(told.advice)}
        asked = {question.fact for question in told.advice.questions}
        if matter := told.mattering():
            assert asked == matter
        assert bool(asked) == (len(ends) > 1)


def test_the_facts_of_an_alternative_lead_there_and_no_smaller_set_does() -> None:
    for told in buyers():
        for other in told.advice.alternatives:
            assert told.end(other.facts) == final(other)
            assert next(told.leading_to(final(other), range(len(other.facts))), None) is None


def test_telling_a_fact_more_never_unsettles_nor_makes_more_possible() -> None:
    for told in buyers():
        possible = {final(told.advice), *map(final, told.advice.alternatives)}
        for name in told.left_out:
            more = advisor().advise({**told.facts, name: told.person[name]})
            assert more.settled >= told.advice.settled
            assert {final(more), *map(final, more.alternatives)} <= possible


def test_the_buyers_leave_open_what_takes_one_fact_and_more_to_tell() -> None:
    sizes = [len(other.facts) for told in buyers() for other in told.advice.alternatives]
    assert {1, 2} <= set(sizes)
    assert len(sizes) > 50


def test_an_interview_asks_nothing_that_earlier_answers_decided() -> None:
    for seed in range(60):
        person = buyer(Random(seed))
        talk = advisor().interview(today=person["today"], ground=person["ground"])
        while question := talk.question:
            assert not talk.settled
            ends = {(final(lead), lead.settled) for lead in question.leads_to}
            assert len(question.leads_to) > 1, "one answer is left"
            assert len(ends) > 1 or not question.leads_to[0].settled, "each answer ends alike"
            talk.answer(person[question.fact])
        assert talk.settled


_ASK = """
import json, sys
import dispute_rules as dr
advisor = dr.Advisor()
for facts in json.loads(sys.argv[1]):
    print(*(each.model_dump_json() for each in advisor.questions(facts)))
    print(*(each.model_dump_json() for each in advisor.advise(facts).alternatives))
"""


def test_all_is_the_same_in_every_run() -> None:
    known = json.dumps([{"ground": ground, "today": "2026-03-01"} for ground in dr.Ground])
    runs = [
        subprocess.run(
            [sys.executable, "-c", _ASK, known],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count(b"\n") == 2 * len(dr.Ground)


@pytest.mark.parametrize("ground", dr.Ground)
def test_what_is_asked_first_leaves_fewer_outcomes_or_questions(ground: dr.Ground) -> None:
    """The order is of use: after the first answer, on the whole, less is open than before."""
    before = advisor().advise(ground=ground, today="2026-03-01")
    first = before.questions[0]
    after = [advisor().advise(ground=ground, today="2026-03-01", **{first.fact: each.value}) for each in first.options]
    assert sum(len(each.questions) for each in after) < len(after) * len(before.questions)
