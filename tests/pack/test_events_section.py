"""The section `events` of a pack: every fault is told with its place, before any case is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispute_rules.advisor import Advisor
from dispute_rules.errors import CaseError
from dispute_rules.pack.event_checks import reachable
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.texts import texts
from tests.conftest import GOOD_PACK, MakePack, found_in

EVENTS = """\
events:
  opened: {title: Opened, by: buyer, stages: [not_opened], day: opened_on, sets: {stage: open}, tells: [gift]}
  offered: {title: An offer, by: seller, stages: [open], needs: [offered], forgets: [gift]}
  closed: {title: Closed, by: platform, stages: [open], sets: {stage: decided, colour: blue}}
"""
LINE = GOOD_PACK["pack.yaml"].count("\n", 0, GOOD_PACK["pack.yaml"].index("decisions: [")) + 2


def with_events(make_pack: MakePack, events: str = EVENTS) -> Path:
    text = GOOD_PACK["pack.yaml"]
    return make_pack({"pack.yaml": text.replace("decisions: [", f"{events}decisions: [")})


def told(pack: Path, *events: dict[str, Any]) -> dict[str, Any]:
    case = {"ground": "damaged", "price": 20, "today": "2026-03-09", "events": list(events)}
    _, checked, _ = Advisor(load_pack(pack))._at(case, {})
    return {name: value for name, value in checked.__dict__.items() if value is not None and name not in case}


def test_a_pack_has_events_of_its_own(make_pack: MakePack) -> None:
    pack = with_events(make_pack)
    opened = {"on": "2026-03-01", "what": "opened", "gift": True}
    assert told(pack, opened).keys() == {"stage", "opened_on", "gift"}
    assert told(pack, opened, {"on": "2026-03-02", "what": "offered", "offered": 5}).keys() == {
        "stage", "opened_on", "offered",
    }  # fmt: skip
    assert told(pack, opened, {"on": "2026-03-02", "what": "closed"})["colour"] == "blue"
    with pytest.raises(CaseError, match="nothing more can happen"):
        told(pack, opened, {"on": "2026-03-02", "what": "closed"}, {"on": "2026-03-02", "what": "closed"})


def test_what_events_are_called_is_a_text(make_pack: MakePack) -> None:
    assert texts(load_pack(with_events(make_pack)))["events.opened.title"] == "Opened"


FAULTS = {
    "a stage that there is not": ("stages: [not_opened]", "stages: [not_opend]", 1, "unknown-label"),
    "no stage": ("stages: [not_opened]", "stages: []", 1, "out-of-range"),
    "a day that is no day": ("day: opened_on", "day: price", 1, "unknown-fact"),
    "a fact that there is not": ("needs: [offered]", "needs: [ofered]", 2, "unknown-fact"),
    "the ground": ("tells: [gift]", "tells: [ground]", 1, "unknown-fact"),
    "a fact to forget that there is not": ("forgets: [gift]", "forgets: [gft]", 2, "unknown-fact"),
    "a label that there is not": ("colour: blue", "colour: pink", 3, "unknown-label"),
    "a label of a fact without labels": ("colour: blue", "price: blue", 3, "unknown-fact"),
    "a fact twice": ("tells: [gift]", "tells: [gift, stage]", 1, "duplicate-key"),
    "a stage that nothing leads to": ("stages: [open], needs", "stages: [mediation], needs", 2, "never-applies"),
    "a condition on a fact that there is not": ("forgets: [gift]", "when: {colr: blue}", 2, "unknown-fact"),
    "a condition on a fact without labels": ("forgets: [gift]", "when: {price: blue}", 2, "unknown-fact"),
    "a condition on a label that there is not": ("forgets: [gift]", "when: {colour: pink}", 2, "unknown-label"),
    "a range of labels": ("forgets: [gift]", "when: {colour: {below: 3}}", 2, "bad-condition"),
    "a fact to come after that no event tells": ("forgets: [gift]", "after: [price]", 2, "unknown-fact"),
    "a fact to come before that no event tells": ("forgets: [gift]", "before: [price]", 2, "unknown-fact"),
    "a day to wait for that there is not": ("forgets: [gift]", "not_before: window", 2, "unknown-date"),
    "an unknown key": ("day: opened_on", "days: opened_on", 1, "unknown-key"),
    "nobody": ("by: buyer, ", "", 1, "missing-key"),
    "somebody else": ("by: buyer, ", "by: byer, ", 1, "unknown-label"),
    "no title": ("title: Opened, ", "", 1, "missing-key"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place(make_pack: MakePack, fault: str) -> None:
    old, new, line, code = FAULTS[fault]
    assert EVENTS.count(old) == 1
    found = found_in(with_events(make_pack, EVENTS.replace(old, new)))
    assert {(place.split(":")[1], code) for place, code in found} == {(str(LINE + line - 1), code)}


def test_a_name_that_an_event_has_for_itself_cannot_be_told(make_pack: MakePack) -> None:
    text = GOOD_PACK["pack.yaml"].replace("  gift: {", "  what: {kind: yes_no}\n  gift: {")
    pack = make_pack({"pack.yaml": text.replace("decisions: [", f"{EVENTS.replace('[gift]}', '[what]}')}decisions: [")})
    assert {code for _, code in found_in(pack)} == {"unknown-fact"}


def test_stages_are_reached_from_the_beginning(make_pack: MakePack) -> None:
    assert reachable(load_pack(with_events(make_pack)).file.events) == {"not_opened", "open", "decided"}
    assert reachable(load_pack("aliexpress").file.events) == {"not_opened", "open", "mediation", "decided", "cancelled"}
