"""What is said of the unknown is what looking at every completion finds."""

from __future__ import annotations

import pytest

from dispute_rules.reasoning.unknowns import Outlook, Unknowns
from tests.asking.small import Size, Truth, truths

TRUTHS = truths(300)
TIED = truths(300, Size(facts=(2, 4), barred=(3, 6)))  # with so much impossible that some facts only change together


def looked_at(truth: Truth, *, first: bool = False) -> Unknowns:
    """What is unknown, after something else was looked at or as the `first`."""
    outlook = Outlook(truth.edition, truth.outputs)
    if not first:
        outlook.unknowns({}, (), frozenset())
    return outlook.unknowns(truth.known, (), frozenset())


def is_settled(truth: Truth) -> bool:
    return len(set(truth.ends.values())) == 1


def test_settled_is_when_all_completions_end_alike() -> None:
    every = [*TRUTHS, *TIED]
    assert [looked_at(truth).settled for truth in every] == list(map(is_settled, every))


def test_a_fact_less_never_makes_anything_more_settled() -> None:
    for truth in (*TRUTHS, *TIED):
        if (unknowns := looked_at(truth)).settled:
            for name in truth.names:
                for view in (truth.knowing(name, label) for label in truth.edition.facts[name].labels):
                    more = looked_at(view)
                    assert not view.ends or (more.settled, more.here) == (True, unknowns.here)


def test_the_first_one_is_looked_at_like_all_that_follow() -> None:
    for truth in (*TRUTHS, *TIED):
        first, later = looked_at(truth, first=True), looked_at(truth)
        told = [(each.here, each.settled, each.facts, [*each.ends.items()]) for each in (first, later)]
        assert told[0] == told[1]
        assert [*map(first.endings, first.facts)] == [*map(later.endings, later.facts)]


def test_the_assumptions_lead_where_they_say() -> None:
    every = [*TRUTHS, *TIED]
    assert [looked_at(truth).here for truth in every] == [truth.assumed_end() for truth in every]


def test_alternatives_are_all_other_ends_that_are_possible() -> None:
    for truth in (*TRUTHS, *TIED):
        assert set(looked_at(truth).ends) == set(truth.ends.values()) - {truth.assumed_end()}


def test_the_facts_of_an_alternative_lead_there() -> None:
    for truth in (*TRUTHS, *TIED):
        for end, facts in looked_at(truth).ends.items():
            assert truth.with_(facts).assumed_end() == end


def test_no_smaller_set_of_facts_leads_to_an_alternative() -> None:
    for truth in (*TRUTHS, *TIED):
        for end, facts in looked_at(truth).ends.items():
            smaller = truth.sets(truth.names, range(len(facts)))
            assert [each for each in smaller if truth.with_(each).assumed_end() == end] == []


def test_the_facts_asked_for_are_those_that_alone_can_matter() -> None:
    for truth in (*TRUTHS, *TIED):
        if alone := truth.mattering():
            assert set(looked_at(truth).facts) == alone


def test_where_facts_only_change_together_some_are_asked_for() -> None:
    together = [truth for truth in TIED if not truth.mattering() and not is_settled(truth)]
    assert together
    for truth in together:
        assert looked_at(truth).facts


def test_the_facts_are_ordered_by_how_many_are_left_after_the_answer() -> None:
    for truth in (*TRUTHS, *TIED):
        place = list(truth.edition.words)
        left = {name: round(truth.left_after(name), 1) for name in truth.mattering()}
        if left:
            expected = sorted(left, key=lambda name: (left[name], place.index(name)))
            assert list(looked_at(truth).facts) == expected


def test_an_answer_leads_to_what_is_said_of_it() -> None:
    for truth in (*TRUTHS, *TIED):
        unknowns = looked_at(truth)
        for name in truth.names:
            told = {ending.label: (ending.end, ending.settled) for ending in unknowns.endings(name)}
            views = {label: truth.knowing(name, label) for label in truth.edition.facts[name].labels}
            assert told == {label: (view.assumed_end(), is_settled(view)) for label, view in views.items() if view.ends}


@pytest.mark.parametrize("at", range(0, 200, 5))
def test_answering_what_is_asked_settles_every_completion(at: int) -> None:
    truth = TRUTHS[at]
    for labels, end in list(truth.ends.items())[:12]:
        person = dict(zip(truth.names, labels, strict=True))
        view, asked = truth, list[str]()
        while question := next(iter(looked_at(view).facts), None):
            assert question not in asked
            assert question in (view.mattering() or view.telling())
            asked.append(question)
            view = view.knowing(question, person[question])
        assert looked_at(view).settled
        assert looked_at(view).here == end


def test_the_editions_have_alternatives_of_one_fact_and_of_more() -> None:
    sizes = {len(facts) for truth in TRUTHS for facts in looked_at(truth).ends.values()}
    assert sizes >= {1, 2, 3}
