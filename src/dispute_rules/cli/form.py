"""`dispute-rules form`: the dispute form of a case, ready to copy."""

from __future__ import annotations

import argparse
import json

from dispute_rules.advisor import Advisor
from dispute_rules.cli.given_case import GivenCase, is_order

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
    advisor, facts = Advisor(given.pack), given.facts(options)
    if not is_order(facts, advisor):
        form = advisor.form(facts)
        text = form.model_dump_json(indent=2) if options.json else form.text(given.pack.phrases)
        print(text)  # not wrapped: it is to be copied
        return 0
    cases = advisor.cases(facts)
    forms = {f"items[{index}]": advisor.form(case) for index, case in enumerate(cases) if case is not None}
    if options.json:
        print(json.dumps({place: form.model_dump(mode="json") for place, form in forms.items()}, indent=2))
    else:
        print("\n\n".join(f"{'-' * 20} {place}\n\n{form.text(given.pack.phrases)}" for place, form in forms.items()))
    return 0
