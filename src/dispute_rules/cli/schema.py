"""`dispute-rules schema`: the JSON Schemas of what goes in and what comes out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any

from dispute_rules.advice import Advice
from dispute_rules.cli.given_case import add_pack
from dispute_rules.form import Form
from dispute_rules.order import Order, OrderAdvice
from dispute_rules.orders import OF_A_PRODUCT
from dispute_rules.pack.written import Pack
from dispute_rules.timeline import Timeline


def add_schema(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`schema`."""
    pack = add_pack(parser, arguments)
    parser.add_argument("of", nargs="?", choices=[*_SCHEMAS], help="only one of them")
    parser.set_defaults(run=lambda options: _schema(options, pack), known=["pack", "help"])


def _schema(options: argparse.Namespace, pack: Pack) -> int:
    chosen = _SCHEMAS[options.of](pack) if options.of else {name: make(pack) for name, make in _SCHEMAS.items()}
    print(json.dumps(chosen, indent=2))
    return 0


def _order(pack: Pack) -> dict[str, Any]:
    """An order takes any fact as far as its model goes: here they are those of the pack's cases."""
    case, order = pack.Case.model_json_schema(), Order.model_json_schema()
    kinds, item = pack.facts, order["$defs"]["Item"]
    shared = {name: fact for name, fact in case["properties"].items() if kinds[name].kind not in OF_A_PRODUCT}
    item |= {"properties": item["properties"] | case["properties"], "additionalProperties": False}
    return order | {
        "$defs": case["$defs"] | order["$defs"],
        "properties": shared | order["properties"],
        "additionalProperties": False,
    }


_SCHEMAS: Mapping[str, Callable[[Pack], dict[str, Any]]] = {
    "case": lambda pack: pack.Case.model_json_schema(),
    "order": _order,
    "advice": lambda _: Advice.model_json_schema(mode="serialization"),
    "order-advice": lambda _: OrderAdvice.model_json_schema(mode="serialization"),
    "form": lambda _: Form.model_json_schema(mode="serialization"),
    "timeline": lambda _: Timeline.model_json_schema(mode="serialization"),
}
