"""The stories of `tests/stories/`: a dispute day by day, with what is advised on each."""

from __future__ import annotations

from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.advisor import Advisor
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.errors import PackError
from dispute_rules.testing import trial_id, whole_cases

ROOT = Path(__file__).parents[1]
STEPS = whole_cases(ROOT / "tests" / "stories", "aliexpress")


@pytest.mark.parametrize("step", STEPS, ids=trial_id)
def test_what_is_advised_on_the_day(step: CaseTrial) -> None:
    step.check()


def test_the_stories_are_many_and_meet_every_event_and_stage() -> None:
    advisor = STEPS[0].advisor
    assert len({step.name.split(":")[0] for step in STEPS}) >= 12
    assert {event["what"] for step in STEPS for event in step.facts["events"]} == {*advisor.pack.file.events}
    told = [step for step in STEPS if not step.refused]
    assert {advisor.outline(step.facts).stage for step in told} == {*dr.Stage}


STORY = """\
about: A story.
given: {ground: damaged, today: 2020-01-01}
cases:
  - name: the story
    case: {usability: usable}
    steps:
      - {on: 2026-03-01, event: opened, expect: {stage: open}}
      - {on: 2026-03-02, case: {usability: unusable}, expect: {verdict: full_refund}}
      - {on: 2026-03-05, event: {what: seller_offered, offered: 5}, expect: {action: decline_offer}}
"""


def test_each_step_has_all_that_happened_until_then(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY)
    opened = {"on": "2026-03-01", "what": "opened"}
    offered = {"on": "2026-03-05", "what": "seller_offered", "offered": 5}
    first, second, third = whole_cases(tmp_path, "aliexpress")
    assert [step.facts["events"] for step in (first, second, third)] == [[opened], [opened], [opened, offered]]
    assert [step.facts["usability"] for step in (first, second, third)] == ["usable", "unusable", "unusable"]
    assert [step.name for step in (first, second)] == [
        "story/the story: 2026-03-01 opened",
        "story/the story: 2026-03-02",
    ]
    assert second.place.endswith("story.yaml:8:9")
    assert all(step.passed for step in (first, second, third))


def test_a_step_that_comes_out_otherwise_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY.replace("decline_offer", "accept_offer"))
    *_, last = whole_cases(tmp_path, "aliexpress")
    with pytest.raises(
        AssertionError, match=r"story\.yaml:9:\d+: action: expected `accept_offer`, got `decline_offer`"
    ):
        last.check()


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("on: 2026-03-01", "on: 2026-02-30", "7:14", "bad-date"),
        ("on: 2026-03-02, ", "", "8:9", "missing-key"),
        ("event: opened, ", "events: opened, ", "7:26", "unknown-key"),
        ("event: opened", "event: [opened]", "7:33", "wrong-type"),
        (", expect: {verdict: full_refund}", "", "8:9", "missing-key"),
        ("{stage: open}", "{stage: opn}", "7:57", "unknown-label"),
        ("    steps:\n", "    expect: {stage: open}\n    steps:\n", "4:5", "bad-example"),
    ],
)
def test_a_fault_in_a_story_is_told_where_it_stands(tmp_path: Path, old: str, new: str, place: str, code: str) -> None:
    assert old in STORY
    (tmp_path / "story.yaml").write_text(STORY.replace(old, new, 1))
    with pytest.raises(PackError) as error:
        whole_cases(tmp_path, "aliexpress")
    assert (f"{tmp_path}/story.yaml:{place}", code) in [(each.place, each.code) for each in error.value.problems]


def test_an_event_that_nobody_knows_fails_its_step(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY.replace("event: opened", "event: opend"))
    assert not whole_cases(tmp_path, Advisor("aliexpress").pack)[0].passed
