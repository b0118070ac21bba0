"""What a careless or hostile caller may hand over: refused quickly and clearly, and never harmful to the next one."""

from __future__ import annotations

import decimal
import itertools
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.reading import read_json


def codes(call: Callable[[], object]) -> set[str]:
    with pytest.raises(dr.CaseError) as refused:
        call()
    return {problem.code for problem in refused.value.problems}


def test_a_number_of_a_million_digits_is_refused_without_being_written_out() -> None:
    assert codes(lambda: dr.Case(ground="fake", price=10**1_000_000)) == {"out-of-range"}


def test_evidence_without_an_end_is_refused() -> None:
    assert codes(lambda: dr.Case(ground="fake", evidence=itertools.repeat("x"))) == {"wrong-type"}


def test_a_million_facts_are_refused_in_one_problem() -> None:
    facts = {f"fact_{i}": i for i in range(1_000_000)}
    with pytest.raises(dr.CaseError) as refused:
        dr.advise(facts)
    assert [problem.code for problem in refused.value.problems] == ["too-large"]


def test_many_names_of_which_one_is_doubled_are_read_in_one_pass() -> None:
    names = ", ".join(f'"f{i}": 1' for i in range(60_000))
    assert codes(lambda: read_json(f'{{{names}, "f0": 1}}')) == {"duplicate-fact"}


@pytest.mark.parametrize("pack", [None, 5, [], object()], ids=["none", "number", "list", "object"])
def test_what_is_no_pack_is_refused(pack: Any) -> None:
    for call in (lambda: dr.advise(ground="fake", pack=pack), lambda: dr.Advisor(pack), lambda: dr.load_pack(pack)):
        with pytest.raises(dr.PackError, match="unknown-pack"):
            call()


@pytest.mark.parametrize("given", [5, None, ["ground"]], ids=["number", "none", "list"])
def test_validating_what_is_no_case_is_a_case_error(given: Any) -> None:
    assert codes(lambda: dr.Case.model_validate(given)) == {"not-a-case"}


def test_a_number_is_no_name_of_a_fact() -> None:
    given: Any = {1: 2, "ground": "damaged"}
    for call in (dr.Case.model_validate, dr.advise):
        with pytest.raises(dr.CaseError, match="there is no fact `1`"):
            call(given)


def test_what_is_no_json_is_a_case_error() -> None:
    not_text: Any = 5
    assert codes(lambda: dr.Case.model_validate_json(not_text)) == {"not-json"}


def test_a_copy_is_checked_like_a_case() -> None:
    case = dr.Case(ground="fake")
    assert case.model_copy(update={"price": "9.90"}).price == decimal.Decimal("9.90")
    assert codes(lambda: case.model_copy(update={"ground": "fak"})) == {"unknown-label"}


def test_an_advice_cannot_be_changed_for_the_next_caller() -> None:
    advice: Any = dr.advise(ground="fake", today="2026-03-01")
    for mapping in (advice.outcomes, advice.outcomes["verdict"], advice.reasons[0].outcome, advice.reasons[-1].facts):
        with pytest.raises(TypeError):
            mapping["verdict"] = "no_refund"
        with pytest.raises(TypeError):
            mapping.update(verdict="no_refund")
    assert dr.advise(ground="fake", today="2026-03-01") == advice
    assert pickle.loads(pickle.dumps(advice)) == advice


def test_the_callers_decimal_context_does_not_matter() -> None:
    facts = {"ground": "fake", "price": "12345.67", "shipping": "1.11", "currency": "EUR", "today": "2026-03-01"}
    with decimal.localcontext(decimal.Context(prec=3)):
        assert dr.advise(facts).refund.cap == decimal.Decimal("12346.78")


def test_a_case_of_another_pack_is_read_again(make_pack: Callable[..., Path]) -> None:
    own = dr.Advisor(dr.load_pack(make_pack()))
    assert own.Case is not dr.Case
    assert codes(lambda: dr.advise(own.Case(ground="damaged", age_months=3))) == {"unknown-fact"}


def test_one_unit_cannot_be_affected_in_part() -> None:
    advice = dr.advise(ground="damaged", quantity_ordered=1, today="2026-03-01")
    assert all("units" not in alternative.facts for alternative in advice.alternatives)
    assert dr.advise(ground="damaged", quantity_ordered=2, today="2026-03-01") != advice


def test_a_parcel_shipped_yesterday_cannot_have_been_confirmed_too_long_ago() -> None:
    facts = {"ground": "damaged", "ordered_on": "2026-02-26", "shipped_on": "2026-02-27", "today": "2026-03-01"}
    advice = dr.advise(facts)
    assert all("window_after_confirmation" not in alternative.facts for alternative in advice.alternatives)


def test_a_closed_window_closed_in_the_past() -> None:
    facts = {"confirmed_on": "2026-02-01", "protection_ends_on": "2026-04-01", "today": "2026-03-01"}
    window = dr.advise(ground="damaged", **facts).window
    assert window.status is dr.Window.CLOSED
    assert window.closes_on is not None
    assert window.closes_on.isoformat() == "2026-02-16"


def test_a_folder_that_changed_is_read_again(make_pack: Callable[..., Path]) -> None:
    folder = make_pack()
    before = dr.advise(ground="damaged", age_months=3, pack=str(folder)).pack.content_hash
    pack_file = folder / "pack.yaml"
    pack_file.write_text(pack_file.read_text() + "\n# looked at again\n")
    assert dr.advise(ground="damaged", age_months=3, pack=str(folder)).pack.content_hash != before
