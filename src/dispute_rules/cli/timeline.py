"""`dispute-rules timeline`: the next step and the days of a case, as a table with bars or as a calendar."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.parser import COMMAND_LINE
from dispute_rules.cli.shown import part_of_order
from dispute_rules.errors import CaseError, Problem
from dispute_rules.phrases import Phrases
from dispute_rules.timeline import Timeline

_TIMELINE = """\
examples:
  dispute-rules timeline case.json
  dispute-rules timeline order.json                           a part for each product of an order
  dispute-rules timeline --ground damaged --opened-on 2026-03-01 --today 2026-03-03
  dispute-rules timeline case.json --ics > dispute.ics        the days that are not over, with reminders
"""


def add_timeline(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`timeline`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _TIMELINE
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the timeline as JSON and nothing else")
    forms.add_argument("--ics", action="store_true", help="print an iCalendar file")
    help = "what the order is called in the calendar, which tells it from another one that is just like it"
    parser.add_argument("--name", metavar="TEXT", default="", help=help)
    parser.set_defaults(run=lambda options: _timeline(options, given))


def _timeline(options: argparse.Namespace, given: GivenCase) -> int:
    facts, phrases = given.told(options), given.pack.phrases
    if given.is_order(facts):
        products = given.products(facts)
        timelines = {product: given.advisor.timeline(product.case) for product in products}
        named = {product.name: timeline for product, timeline in timelines.items()}
        as_json = json.dumps({each.place: made.model_dump(mode="json") for each, made in timelines.items()}, indent=2)
    else:
        timeline = given.advisor.timeline(facts)
        named, as_json = {options.item or "": timeline}, timeline.model_dump_json(indent=2)
    if options.ics:
        _print_calendar({", ".join(filter(None, (options.name, name))): made for name, made in named.items()})
    elif options.json or not _show(named, phrases):
        print(as_json)
    return 0


def _print_calendar(timelines: Mapping[str, Timeline]) -> None:
    calendar = _calendar(timelines)
    print(calendar, end="")
    if not calendar:
        left_out = "those that are over, or counted from today, are left out"
        print(f"note: there is no day to put into a calendar; {left_out}", file=sys.stderr)


def _calendar(timelines: Mapping[str, Timeline]) -> str:
    try:
        from dispute_rules.cli.calendar_file import calendar_of  # icalendar is an extra: the core stays light
    except ImportError:
        help = "pip install 'dispute-rules[calendar]'"
        raise CaseError([Problem(COMMAND_LINE, "usage", "`--ics` needs icalendar", help)]) from None
    return calendar_of(timelines)


def _show(timelines: Mapping[str, Timeline], phrases: Phrases) -> bool:
    """Print them laid out for reading, if that can be done."""
    try:
        from dispute_rules.cli.day_bars import show_timeline  # rich is an extra: the core stays light
    except ImportError:
        print("note: pip install 'dispute-rules[cli]' lays this out for reading; here it is as JSON", file=sys.stderr)
        return False
    for number, (name, timeline) in enumerate(timelines.items()):
        print("\n" * bool(number) + f"{part_of_order(name)}\n\n" * (len(timelines) > 1), end="")
        show_timeline(timeline, phrases)
    return True
