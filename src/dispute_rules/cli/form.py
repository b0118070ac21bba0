"""`dispute-rules form`: the dispute form of a case, ready to copy."""

from __future__ import annotations

import argparse

from dispute_rules.advisor import Advisor
from dispute_rules.cli.given_case import GivenCase

_FORM = """\
examples:
  dispute-rules form case.json                     what to put into each field, with a description of what you said
  dispute-rules form --ground damaged --usability unusable --price "24.90 EUR" --received-on 2026-03-01
"""


def add_form(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`form`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _FORM
    parser.add_argument("--json", action="store_true", help="print the form as JSON and nothing else")
    parser.set_defaults(run=lambda options: _form(options, given))


def _form(options: argparse.Namespace, given: GivenCase) -> int:
    form = Advisor(given.pack).form(given.facts(options))
    print(
        form.model_dump_json(indent=2) if options.json else form.text(given.pack.phrases)
    )  # not wrapped: it is to be copied
    return 0
