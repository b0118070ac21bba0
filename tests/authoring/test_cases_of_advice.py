"""Whatever the case: a table made of its advice passes, and with one expected value changed it fails for that."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.errors import Problem
from dispute_rules.pack.kinds import Policy
from dispute_rules.testing import whole_cases

PACK = dr.load_pack("aliexpress")
ADVISOR = dr.Advisor(PACK)
TODAY = date(2026, 3, 1)
LABELS = {
    "window.status" if output == "window" else output: [*words, "none"]
    for decision in PACK.decisions
    for output, words in decision.file.outputs.items()
}
DECIDED = [decision.name for decision in PACK.decisions if decision.file.policy is Policy.ANY]

days = st.integers(-400, 20).map(lambda more: str(TODAY + timedelta(days=more)))
amounts = st.sampled_from(["0", "3.10", "24.90", "28", "28.01"])
facts = st.fixed_dictionaries(
    {"ground": st.sampled_from([str(ground) for ground in dr.Ground]), "today": st.just(str(TODAY))},
    optional={
        **{name: st.booleans() for name in ("received", "wants_to_keep", "as_described", "shipped", "free_return")},
        **dict.fromkeys(("shipped_on", "promised_by", "protection_ends_on", "received_on", "opened_on"), days),
        **dict.fromkeys(("price", "shipping", "requested", "offered", "return_cost"), amounts),
        **{name: st.integers(1, 3) for name in ("quantity_ordered", "quantity_affected")},
        "usability": st.sampled_from([str(label) for label in dr.Usability]),
        "tracking": st.sampled_from([str(label) for label in dr.Tracking]),
        "fault": st.sampled_from([str(label) for label in dr.Fault]),
        "stage": st.sampled_from([str(label) for label in dr.Stage]),
        "seller_response": st.sampled_from([str(label) for label in dr.SellerResponse]),
        "evidence": st.lists(st.sampled_from(LABELS["evidence"][:-1]), max_size=3, unique=True),
    },
)


def label(value: object) -> str:
    return "none" if value is None else str(value)


def expected_of(advice: dr.Advice) -> dict[str, Any]:
    """All that a table can say of an advice."""
    parts: dict[str, Any] = {
        **{name: label(getattr(advice, name)) for name in ("claim", "extent", "verdict", "return_paid_by", "action")},
        "prospects": label(advice.prospects),
        "window.status": label(advice.window.status),
        "window.opens_on": label(advice.window.opens_on),
        "window.closes_on": label(advice.window.closes_on),
        "refund.cap": label(advice.refund.cap),
        "refund.recommended": label(advice.refund.recommended),
        "evidence": [item.kind for item in advice.evidence] or "none",
        "evidence.required": [item.kind for item in advice.evidence if item.required] or "none",
        "warnings": [notice.code for notice in advice.warnings] or "none",
        "settled": advice.settled,
        "responsible": advice.outcomes["fault"]["responsible"],  # type: ignore[call-overload]
        "amount": advice.outcomes["refund"]["amount"],  # type: ignore[call-overload]
    }
    for name in LABELS["date"][:-1]:
        spans = [f"{day.earliest} to {day.latest}" for day in advice.timeline if day.what == name]
        parts[f"timeline.{name}"] = spans[0] if spans else "none"
    for name in DECIDED:
        parts[f"reasons.{name}.basis"] = [reason.basis for reason in advice.reasons if reason.decision == name]
    taken = {f"assumptions.{entry.fact}": entry.value for entry in advice.assumptions}
    absent = {name: sorted({*LABELS[output][:-1]} - {*parts[name]}) for name, output in COLLECTED.items()}
    return parts | taken | {f"{name}.not": labels for name, labels in absent.items() if labels}


COLLECTED = {"evidence": "evidence", "warnings": "warning"}


def changed(name: str, value: Any, advice: dr.Advice) -> Any:
    """Another value of the same kind."""
    if name == "settled":
        return not value
    if name.endswith(".basis"):
        return "reported" if value == ["inferred"] else "inferred"
    if name.startswith("refund."):
        return "1.01" if value == "none" else str(Decimal(value) + Decimal("0.01"))
    if name.startswith(("timeline.", "window.o", "window.c")):
        return str(TODAY - timedelta(days=3000))
    if name.endswith(".not"):
        there = expected_of(advice)[name.removesuffix(".not")]
        return there if isinstance(there, list) else None
    if name in ("evidence", "evidence.required", "warnings"):
        output = COLLECTED[name.partition(".")[0]]
        return ([] if value == "none" else value) + [next(kind for kind in LABELS[output] if kind not in value)]
    return next(other for other in options(name) if other != value)


def options(name: str) -> list[str]:
    """The labels that a field may have."""
    fact = name.removeprefix("assumptions.")
    if fact == name:
        return LABELS[name]
    words = PACK.file.facts.get(fact)
    return [*words.labels] if words and words.labels else ["true", "false"] if fact != "shipping" else ["0", "1"]


def table_of(case: Mapping[str, Any], *expectations: Mapping[str, Any]) -> list[CaseTrial]:
    """A table of one case with different expectations, written and read again."""
    rows = [{"name": str(number), "case": case, "expect": expect} for number, expect in enumerate(expectations)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.yaml"
        path.write_text(json.dumps({"about": "One case.", "cases": rows}), encoding="utf-8")
        return whole_cases(path, PACK)


def failed(trial: CaseTrial) -> list[str]:
    return [mismatch.field for mismatch in trial.failure.mismatches] if trial.failure else []


@settings(deadline=None, max_examples=60)
@given(case=facts)
def test_a_table_made_of_the_advice_passes_and_fails_for_what_is_changed(case: dict[str, Any]) -> None:
    try:
        advice = ADVISOR.advise(case)
    except dr.CaseError as error:
        check_refusal(case, error.problems)
        return
    right = expected_of(advice)
    wrong = {name: other for name, value in right.items() if (other := changed(name, value, advice)) is not None}
    first, *others = table_of(case, right, *({**right, name: value} for name, value in wrong.items()))
    assert failed(first) == []
    assert [failed(trial) for trial in others] == [[name] for name in wrong]


def check_refusal(case: Mapping[str, Any], problems: tuple[Problem, ...]) -> None:
    codes = sorted({problem.code for problem in problems})
    right, wrong, more = table_of(case, {"refused": codes}, {"refused": "usage"}, {"refused": [*codes, "usage"]})
    assert right.passed
    assert failed(wrong) == failed(more) == ["refused"]
