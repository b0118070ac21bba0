"""`schema`: what it prints fits what is given and what comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import dispute_rules as dr
from dispute_rules.cli.main import main
from tests.conftest import MakePack

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

EXAMPLES = Path(__file__).parents[2] / "examples"
ORDER = EXAMPLES / "orders" / "three-products.json"
CASE = EXAMPLES / "late-parcel.json"
Streams = pytest.CaptureFixture[str]
KINDS = ["case", "order", "advice", "order-advice", "form", "timeline"]


def printed(capsys: Streams, *arguments: str) -> Any:
    assert main([*arguments]) == 0
    return json.loads(capsys.readouterr().out)


def fits(schema: Any, value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return not list(Draft202012Validator(schema).iter_errors(value))


def test_each_schema_is_printed_alone_and_with_the_others(capsys: Streams) -> None:
    schemas = printed(capsys, "schema")
    assert list(schemas) == KINDS
    assert [printed(capsys, "schema", kind) for kind in KINDS] == list(schemas.values())
    assert schemas["case"] == dr.Case.model_json_schema()


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("advice", ["advise", str(CASE)]),
        ("order-advice", ["advise", str(ORDER)]),
        ("form", ["form", str(ORDER), "--item", "lamp"]),
        ("form", ["form", str(CASE)]),
        ("timeline", ["timeline", str(CASE)]),
    ],
)
def test_what_is_printed_fits_its_schema(kind: str, command: list[str], capsys: Streams) -> None:
    schema, told = printed(capsys, "schema", kind), printed(capsys, *command, "--json")
    assert fits(schema, told)
    assert not fits(schema, {**told, "more": 1})
    assert not fits(schema, {})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"stage": "open", "today": "2026-03-01", "paid": "58.00 EUR"}, True),
        ({"stage": "opened"}, False),
        ({"price": 5}, False),
        ({"quantity_ordered": 5}, False),
        ({"itmes": []}, False),
        ({"items": []}, False),
        ({"items": [{"ground": "fake", "name": "lamp", "price": "5.00 EUR"}, {"price": 3}]}, True),
        ({"items": [{"ground": "fakes"}]}, False),
        ({"items": [{"ground": "fake", "paid": 3}]}, False),
    ],
)
def test_an_order_fits_the_schema_if_and_only_if_it_is_taken(
    change: dict[str, Any], expected: bool, capsys: Streams
) -> None:
    order = {**json.loads(ORDER.read_text()), **change}
    assert fits(printed(capsys, "schema", "order"), order) is expected
    if expected:
        order = {name: value for name, value in order.items() if name in ("items", "currency")}
        assert dr.advise_order(order).items
    else:
        with pytest.raises(dr.CaseError):
            dr.advise_order(order)


def test_a_packs_own_facts_are_in_the_schema_of_an_order(make_pack: MakePack, capsys: Streams) -> None:
    schema = printed(capsys, "schema", "order", "--pack", str(make_pack()))
    assert fits(schema, {"colour": "red", "items": [{"ground": "damaged", "age_months": 3}]})
    assert not fits(schema, {"colour": "pink", "items": [{"ground": "damaged"}]})
