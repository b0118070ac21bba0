"""`dispute-rules advise`: advice on a case, or on an order."""

from __future__ import annotations

import argparse
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.parser import EXAMPLES
from dispute_rules.cli.shown import part_of_order, show_advice


def add_advise(advise: argparse.ArgumentParser, arguments: list[str]) -> None:
    """The arguments of `advise`."""
    given = GivenCase(advise, arguments)
    advise.epilog = EXAMPLES
    advise.add_argument("--json", action="store_true", help="print the advice as JSON and nothing else")
    advise.set_defaults(run=lambda options: _advise(options, given))


def _advise(options: argparse.Namespace, given: GivenCase) -> int:
    advisor, facts = given.advisor, given.told(options)
    if given.is_order(facts):
        return _advise_order(advisor, facts, as_json=options.json)
    case = advisor.case(facts)
    advice = advisor.advise(case)
    if options.json:
        print(advice.model_dump_json(indent=2))
    else:
        show_advice(advice, case, advisor)
    return 0


def _advise_order(advisor: Advisor, facts: dict[str, Any], *, as_json: bool) -> int:
    order = advisor.advise_order(facts)
    if as_json:
        print(order.model_dump_json(indent=2))
        return 0
    print(order.text(advisor.pack.phrases))
    for name, item, case in zip(order.names, order.items, advisor.cases(facts), strict=True):
        if item.advice and case:
            print(f"\n{part_of_order(name)}\n")
            show_advice(item.advice, case, advisor)
    return 0
