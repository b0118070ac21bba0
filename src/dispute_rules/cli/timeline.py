"""`dispute-rules timeline`: the next step and the days of a case, as a table with bars or as a calendar."""

from __future__ import annotations

import argparse
import sys

from dispute_rules.advisor import Advisor
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.parser import COMMAND_LINE
from dispute_rules.errors import CaseError, Problem
from dispute_rules.phrases import Phrases
from dispute_rules.timeline import Timeline

_TIMELINE = """\
examples:
  dispute-rules timeline case.json
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
    parser.set_defaults(run=lambda options: _timeline(options, given))


def _timeline(options: argparse.Namespace, given: GivenCase) -> int:
    timeline = Advisor(given.pack).timeline(given.facts(options))
    if options.json:
        print(timeline.model_dump_json(indent=2))
    elif options.ics:
        print(_calendar(timeline), end="")
    else:
        _show(timeline, given.pack.phrases)
    return 0


def _calendar(timeline: Timeline) -> str:
    try:
        from dispute_rules.cli.calendar_file import calendar_of  # icalendar is an extra: the core stays light
    except ImportError:
        help = "pip install 'dispute-rules[calendar]'"
        raise CaseError([Problem(COMMAND_LINE, "usage", "`--ics` needs icalendar", help)]) from None
    return calendar_of(timeline)


def _show(timeline: Timeline, phrases: Phrases) -> None:
    try:
        from dispute_rules.cli.day_bars import show_timeline  # rich is an extra: the core stays light
    except ImportError:
        print("note: pip install 'dispute-rules[cli]' lays this out for reading; here it is as JSON", file=sys.stderr)
        print(timeline.model_dump_json(indent=2))
    else:
        show_timeline(timeline, phrases)
