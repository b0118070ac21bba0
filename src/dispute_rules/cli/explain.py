"""`dispute-rules explain`: why a case comes out as it does, and why not otherwise."""

from __future__ import annotations

import argparse
from dataclasses import replace

from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.parser import COMMAND_LINE
from dispute_rules.errors import CaseError
from dispute_rules.explanation import Explanation, WhyNot

_EXPLAIN = """\
examples:
  dispute-rules explain case.json                                    the rules that decide, and what they rest on
  dispute-rules explain --ground fake --usability usable --why-not full_refund
  dispute-rules explain case.json --why-not verdict=none             where several outputs have that label
"""


def add_explain(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`explain`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _EXPLAIN
    help = "what stands in the way of another outcome: its label, or output=label"
    parser.add_argument("--why-not", metavar="LABEL", help=help)
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON and nothing else")
    parser.set_defaults(run=lambda options: _explain(options, given))


def _explain(options: argparse.Namespace, given: GivenCase) -> int:
    explanation = given.advisor.explain(given.facts(options))
    phrases = given.pack.phrases
    told = explanation if options.why_not is None else _why_not(explanation, options.why_not)
    if options.json:
        print(told.model_dump_json(indent=2))
    else:
        print_text(told.text(phrases))
    return 0


def _why_not(explanation: Explanation, label: str) -> WhyNot:
    try:
        return explanation.why_not(label)
    except CaseError as error:
        raise CaseError(replace(problem, place=COMMAND_LINE) for problem in error.problems) from None


def print_text(text: str) -> None:
    """Print plain text, laid out for the terminal if that can be done."""
    try:
        from dispute_rules.cli.paragraphs import show_text  # rich is an extra: the core stays light
    except ImportError:
        print(text)
    else:
        show_text(text)
