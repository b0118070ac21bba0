"""The names and values that other programs rely on, exactly as the design has them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from enum import StrEnum
from importlib import resources
from pathlib import Path

import pytest

import dispute_rules as dr

VALUES: dict[type[StrEnum], str] = {
    dr.Ground: "not_arrived not_as_described poor_quality damaged wrong_delivery_method wrong_quantity fake "
    "component_problem buyer_mistake found_cheaper no_longer_needed",
    dr.Usability: "usable impaired unusable",
    dr.Fault: "seller carrier buyer customs",
    dr.Tracking: "none in_transit delivered delivered_elsewhere returned held_by_customs",
    dr.Stage: "not_opened open mediation decided cancelled",
    dr.OfferReturn: "none seller_pays buyer_pays",
    dr.SellerResponse: "none agrees silent counter_offer refuses private_message asks_to_cancel",
    dr.Party: "buyer seller platform",
    dr.Result: "as_expected as_claimed as_offered otherwise nothing",
    dr.CancelReason: "solved promise other",
    dr.Claim: "refund_only return_and_refund",
    dr.Extent: "full partial",
    dr.Verdict: "full_refund full_refund_return_seller_pays full_refund_return_buyer_pays partial_refund no_refund",
    dr.Prospects: "strong fair weak",
    dr.Window: "too_early open closed",
    dr.Action: "open_dispute wait cancel_order add_evidence accept_offer decline_offer stay_on_platform "
    "keep_dispute_open await_mediation return_goods use_another_route none",
}
CASE_FACTS = """
    ground received usability wants_to_keep as_described fault tracking shipped confirmed free_return returnable
    quantity_ordered quantity_affected price shipping requested offered return_cost shipping_difference currency
    ordered_on shipped_on promised_by protection_ends_on received_on confirmed_on opened_on today
    replied_on escalated_on decided_on returned_on stage seller_response offer_return result return_required
    returned refunded
    cancel_reason events evidence
"""
ADVICE_FIELDS = """
    pack claim extent verdict return_paid_by refund prospects window stage action evidence warnings timeline reasons
    assumptions alternatives questions settled outcomes result
"""
TYPED_API = """
from datetime import date
from decimal import Decimal

import dispute_rules as dr

advice: dr.Advice = dr.advise(ground="damaged", received=True, usability="unusable", price="24.90", shipping="3.10")
advice = dr.advise({"ground": "fake"})
advice = dr.advise(dr.Case(ground=dr.Ground.FAKE), pack="aliexpress")
advisor = dr.Advisor("aliexpress", engine="reference")
advisor = dr.Advisor(dr.load_pack("aliexpress"))
case: dr.Case = advisor.case({"ground": "fake"})
advice = advisor.advise(case)
claim: dr.Claim | None = advice.claim
extent: dr.Extent | None = advice.extent
verdict: dr.Verdict | None = advice.verdict
prospects: dr.Prospects | None = advice.prospects
action: dr.Action = advice.action
window: dr.Window | None = advice.window.status
cap: Decimal | None = advice.refund.cap
closes_on: date | None = advice.window.closes_on
settled: bool = advice.settled
texts: list[str] = [reason.because for reason in advice.reasons]
ground: dr.Ground = case.ground
usability: dr.Usability | None = case.usability
price: Decimal | None = case.price
evidence: frozenset[str] | None = case.evidence
error: type[ValueError] = dr.CaseError
error = dr.PackError
why: dr.Explanation = advisor.explain(case)
change: dr.Change | None = next(iter(advisor.changes(case)), None)
"""
MISTAKES = """
import dispute_rules as dr

dr.Advisor("aliexpress", engine="steam")  # E
dr.advise(1)  # E
verdict: dr.Verdict = dr.advise(ground="fake").verdict  # E
dr.advise(ground="fake").outcome_of_everything  # E
form: dr.Form = advisor.timeline(case)  # E
dr.Refusal  # E
"""


def test_all_names_what_the_design_names() -> None:
    expected = {kind.__name__ for kind in VALUES} | {"Advice", "Advisor", "Case", "CaseError", "PackError"}
    expected |= {
        "Change",
        "Comparison",
        "Explanation",
        "Form",
        "FormFields",
        "Interview",
        "Timeline",
        "WhyNot",
    }
    expected |= {"Item", "ItemAdvice", "Order", "OrderAdvice"}
    assert set(dr.__all__) == expected | {"advise", "advise_frame", "advise_order", "load_pack"}


def test_every_name_in_all_is_there() -> None:
    assert [name for name in dr.__all__ if not hasattr(dr, name)] == []


@pytest.mark.parametrize("name", dr.__all__)
def test_a_new_process_knows_every_name_before_it_is_asked_for(name: str) -> None:
    """Some are brought in only then: by attribute, by `from`, with `dir` and by all of a program's own tools."""
    vars(dr).pop(name, None) if name in dr._ON_DEMAND else None
    assert name in dir(dr)
    found = getattr(dr, name)
    assert found.__name__ == name
    assert found.__module__.startswith("dispute_rules.")
    assert getattr(dr, name) is found is vars(dr)[name]


def test_a_star_brings_in_all_of_them() -> None:
    names: dict[str, object] = {}
    exec("from dispute_rules import *", names)
    assert names.keys() - {"__builtins__"} == set(dr.__all__)


def test_a_name_that_is_not_there_is_told_as_by_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'dispute_rules' has no attribute 'Refusal'"):
        getattr(dr, "Refusal")  # noqa: B009 - mypy knows, too, that it is not there


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_enumerations_have_the_designs_values_in_its_order(kind: type[StrEnum]) -> None:
    assert [member.value for member in kind] == VALUES[kind].split()


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_members_are_named_after_their_values(kind: type[StrEnum]) -> None:
    assert [member.name for member in kind] == [member.value.upper() for member in kind]


def test_a_case_has_the_designs_facts() -> None:
    assert set(dr.Case.model_fields) == set(CASE_FACTS.split())


def test_only_the_ground_is_required() -> None:
    assert [name for name, field in dr.Case.model_fields.items() if field.is_required()] == ["ground"]


def test_an_advice_has_the_designs_fields() -> None:
    assert set(dr.Advice.model_fields) == set(ADVICE_FIELDS.split())


def test_both_errors_are_value_errors_and_different_families() -> None:
    assert issubclass(dr.CaseError, ValueError)
    assert issubclass(dr.PackError, ValueError)
    assert not issubclass(dr.CaseError, dr.PackError)
    assert not issubclass(dr.PackError, dr.CaseError)


def test_the_package_says_that_it_is_typed() -> None:
    assert resources.files("dispute_rules").joinpath("py.typed").is_file()


def test_importing_the_package_imports_no_shell_and_no_pack() -> None:
    strangers = ("rich", "durable", "polars", "narwhals")
    program = f"import sys, dispute_rules; print([name for name in sys.modules if name.startswith({strangers})])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _mypy(file: Path) -> list[str]:
    """Mypy's findings; the project's own checks import this package through the source tree."""
    root = Path(__file__).parents[1]
    arguments = ["--strict", "--config-file", "", "--cache-dir", str(file.parent / "cache"), str(file)]
    environment = {**os.environ, "MYPYPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports", "silent", "--ignore-missing-imports", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=file.parent,
    )
    assert not done.stderr
    return [line for line in done.stdout.splitlines() if ": error:" in line]


def _lines(findings: Iterable[str]) -> set[int]:
    return {int(finding.split(":")[1]) for finding in findings}


def test_a_program_with_types_passes_mypy_and_mistakes_do_not(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    mistakes = MISTAKES.splitlines()
    file.write_text(TYPED_API + MISTAKES, encoding="utf-8")
    first = TYPED_API.count("\n") + 1
    assert _lines(_mypy(file)) == {first + i for i, line in enumerate(mistakes) if line.endswith("# E")}


def test_the_typed_program_runs() -> None:
    names: dict[str, object] = {}
    exec(compile(TYPED_API, "typed_api.py", "exec"), names)
    assert (names["claim"], names["settled"], names["ground"]) == ("refund_only", False, "fake")
