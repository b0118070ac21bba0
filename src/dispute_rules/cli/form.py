"""`dispute-rules form`: the dispute form of a case, ready to copy."""

from __future__ import annotations

import argparse
import json

from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.shown import part_of_order
from dispute_rules.order import order_of

_FORM = """\
examples:
  dispute-rules form case.json                     what to put into each field, with a description of what you said
  dispute-rules form order.json                    a form for each product of an order
  dispute-rules form --ground damaged --usability unusable --price "24.90 EUR" --received-on 2026-03-01
"""


def add_form(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`form`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _FORM
    parser.add_argument("--json", action="store_true", help="print the form as JSON and nothing else")
    parser.set_defaults(run=lambda options: _form(options, given))


def _form(options: argparse.Namespace, given: GivenCase) -> int:
    facts, phrases = given.told(options), given.pack.phrases
    if not given.is_order(facts):
        form = given.advisor.form(facts)
        print(form.model_dump_json(indent=2) if options.json else form.text(phrases))  # not wrapped: it is to be copied
        return 0
    forms = [(product, given.advisor.form(product.case)) for product in given.products(facts)]
    if options.json:
        print(json.dumps({product.place: form.model_dump(mode="json") for product, form in forms}, indent=2))
    else:
        order = order_of(facts)
        if order.shipping is not None or order.paid is not None:
            print(f"{phrases.say('order.shares')}\n")
        print("\n\n".join(f"{part_of_order(product.name)}\n\n{form.text(phrases)}" for product, form in forms))
    return 0
