"""Whole orders in the shell: where a case is taken, an order or one of its products."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import vobject

import dispute_rules as dr
from dispute_rules.cli.main import main

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders" / "three-products.json"
ORDER = str(EXAMPLE)
TODAY = "2026-11-23"
Streams = pytest.CaptureFixture[str]
Told = Callable[..., str]


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def products() -> dict[str, dr.Case]:
    order = dr.Order.model_validate_json(EXAMPLE.read_bytes())
    cases = advisor().cases(dr.Order(**{**order.model_dump(exclude_none=True), "today": TODAY}))
    return {name: case for name, case in zip(order.names, cases, strict=True) if case}


@pytest.fixture
def told(capsys: Streams) -> Told:
    def run(*arguments: str, status: int = 0) -> str:
        assert main([*arguments, "--today", TODAY]) == status
        out, err = capsys.readouterr()
        assert bool(err) == bool(status)
        return str(err or out)

    return run


# --- the whole order


def test_an_order_is_taken_where_a_case_is(told: Told) -> None:
    out = told("advise", ORDER)
    assert out.startswith("AliExpress: an order with 3 products\n  lamp: Open the dispute")
    assert "The claims come to 34.80 EUR in all" in out
    assert out.count("What to expect") == 2
    advice = dr.OrderAdvice.model_validate_json(told("advise", ORDER, "--json"))
    assert advice.refund.recommended == Decimal("34.80")


def test_options_are_facts_of_the_order(told: Told) -> None:
    assert "shipped_on: there is no day `2026-02-30`" in told("advise", ORDER, "--shipped-on", "2026-02-30", status=2)


def test_there_is_a_form_for_each_product_under_its_name(told: Told) -> None:
    forms = {name: advisor().form(case) for name, case in products().items()}
    first, *parts = told("form", ORDER).split("-------------------- ")
    assert first == "Amounts of each product are its share of what was paid for the order.\n\n"
    assert [part.strip() for part in parts] == [f"{name}\n\n{form.text()}" for name, form in forms.items()]
    found = json.loads(told("form", ORDER, "--json"))
    assert {place: dr.Form.model_validate(form) for place, form in found.items()} == {
        "items[0]": forms["lamp"],
        "items[1]": forms["mugs"],
    }


def test_there_is_a_timeline_for_each_product_under_its_name(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    timelines = {name: advisor().timeline(case) for name, case in products().items()}
    parts = told("timeline", ORDER).split("-------------------- ")[1:]
    assert [part.splitlines()[0] for part in parts] == [*timelines] == ["lamp", "mugs"]
    for part, timeline in zip(parts, timelines.values(), strict=True):
        assert part.splitlines()[2:4] == [f"AliExpress, {TODAY}", timeline.next_step]
        assert [day.title for day in timeline.days if day.title not in " ".join(part.split())] == []
    found = json.loads(told("timeline", ORDER, "--json"))
    assert {place: dr.Timeline.model_validate(timeline) for place, timeline in found.items()} == {
        "items[0]": timelines["lamp"],
        "items[1]": timelines["mugs"],
    }


def events(text: str) -> dict[str, str]:
    """The summaries of a calendar by their identifiers."""
    return {event.uid.value: event.summary.value for event in vobject.readOne(text).contents["vevent"]}


def test_the_calendar_of_an_order_names_its_products(told: Told) -> None:
    whole = events(told("timeline", ORDER, "--ics"))
    parts = {name: events(told("timeline", ORDER, "--item", name, "--ics")) for name in products()}
    assert whole == parts["lamp"] | parts["mugs"]
    assert len(whole) == len(parts["lamp"]) + len(parts["mugs"])
    assert all(summary.startswith(f"AliExpress, {name}: ") for name in parts for summary in parts[name].values())


def test_a_free_product_has_no_part(told: Told, tmp_path: Path) -> None:
    items = [{"name": "gift", "price": 0}, {"name": "cup", "price": 10}, {"name": "pot", "price": 5}]
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"ground": "fake", "shipping": 5, "items": items}))
    assert "  gift: nothing was paid for it" in told("advise", str(order))
    for command in ("form", "timeline"):
        assert [*json.loads(told(command, str(order), "--json"))] == ["items[1]", "items[2]"]
    assert "or nothing was paid for it" in told("advise", str(order), "--item", "gift", status=2)


# --- one of its products


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("advise", "lamp"),
        ("form", "mugs"),
        ("timeline", "lamp"),
        ("explain", "mugs"),
        ("improve", "items[0]"),
        ("ask", "items[1]"),
        ("compare", "lamp"),
    ],
)
def test_each_command_takes_one_product_with_its_shares(
    command: str, name: str, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    case = products()[{"items[0]": "lamp", "items[1]": "mugs"}.get(name, name)]
    alone = tmp_path / "case.json"
    alone.write_text(case.model_dump_json(exclude_none=True))
    more = ["--ground", "fake"] if command == "compare" else []
    assert told(command, ORDER, "--item", name, *more) == told(command, str(alone), *more)


def test_options_are_facts_of_the_product_that_is_named(told: Told) -> None:
    advice = dr.Advice.model_validate_json(told("advise", ORDER, "--item", "lamp", "--offered", "29.00", "--json"))
    assert advice == advisor().advise(products()["lamp"], offered="29.00")
    assert advice.action == "accept_offer"
    assert "a fact of one product, not of an order" in told("advise", ORDER, "--offered", "29.00", status=2)


@pytest.mark.parametrize("command", ["explain", "improve", "ask", "compare"])
def test_what_is_about_one_product_asks_for_it(command: str, told: Told) -> None:
    refused = told(command, ORDER, status=2)
    assert f"this is an order, and `{command}` takes one product" in refused
    assert "help: name one with `--item`: `lamp`, `mugs`\n" in refused


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("socks", "nothing is said to be wrong with `socks`"),
        ("items[2]", "nothing is said to be wrong with `items[2]`"),
        ("sock", "the order has no `sock`"),
        ("", "the order has no ``"),
        ("items[9]", "the order has no `items[9]`"),
    ],
)
def test_a_product_that_is_not_to_be_advised_on_is_told(name: str, message: str, told: Told) -> None:
    refused = told("advise", ORDER, "--item", name, status=2)
    assert message in refused
    assert "help: one of `lamp`, `mugs`\n" in refused


def test_a_case_has_no_products(told: Told) -> None:
    assert "there is no file of an order" in told("advise", "--ground", "fake", "--item", "lamp", status=2)
