"""`dispute-rules`: the commands and their options."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.cli.ask import add_ask
from dispute_rules.cli.authors import add_check, add_test
from dispute_rules.cli.batch import add_batch
from dispute_rules.cli.compare import add_compare
from dispute_rules.cli.difference import add_diff
from dispute_rules.cli.explain import add_explain
from dispute_rules.cli.form import add_form
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.cli.improve import add_improve
from dispute_rules.cli.lock import add_lock
from dispute_rules.cli.pages import add_reference, add_table
from dispute_rules.cli.parser import COMMAND_LINE, Parser
from dispute_rules.cli.pinned import add_coverage, add_mutants
from dispute_rules.cli.scaffold import add_editor, add_new
from dispute_rules.cli.schema import add_schema
from dispute_rules.cli.shown import part_of_order, show_advice
from dispute_rules.cli.texts import add_texts
from dispute_rules.cli.timeline import add_timeline
from dispute_rules.errors import CaseError, InputError, PackError, Problem, did_you_mean, quote

BAD_INPUT = 2  # the exit status when the case, the pack or the command line cannot be used

_EXAMPLES = """\
examples:
  dispute-rules advise --ground damaged --received yes --usability unusable --price 24.90 --shipping 3.10
  dispute-rules advise case.json                     a case as a JSON object; facts as options go before it
  dispute-rules advise order.json                    several products of one order: {"items": [...], "shipping": 5}
  dispute-rules advise order.json --item lamp        only one of them
  dispute-rules advise - --json < case.json          from standard input, and JSON for programs
  dispute-rules advise --ground fake --usability usable --evidence photos_of_goods,listing_screenshot
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, or 2 if the input cannot be used; authors' commands have more."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without our signs still shows the text
    try:
        return _run(arguments)
    except InputError as error:
        _tell(error, as_json="--json" in arguments)
        return BAD_INPUT
    except BrokenPipeError:  # the reader had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    chosen = next((word for word in arguments if word in _COMMANDS), None)
    parser = _parser(arguments, chosen)
    options, rest = parser.parse_known_args(arguments)
    if rest and not options.takes_case:
        raise CaseError(_stranger(word, options.known) for word in rest)
    options.rest = rest
    if options.command is None:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    return int(options.run(options))


def _parser(arguments: list[str], chosen: str | None) -> argparse.ArgumentParser:
    """All commands, with the arguments of the one that was chosen."""
    parser = Parser(
        prog="dispute-rules",
        description="What to do about a problem order: which claim, what to expect, by when, and why.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dispute-rules {version('dispute-rules')}")
    parser.set_defaults(known=["version", "help"], takes_case=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (about, add_arguments) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == chosen:
            add_arguments(command, arguments)
    return parser


def _add_advise(advise: argparse.ArgumentParser, arguments: list[str]) -> None:
    given = GivenCase(advise, arguments)
    advise.epilog = _EXAMPLES
    advise.add_argument("--json", action="store_true", help="print the advice as JSON and nothing else")
    advise.set_defaults(run=lambda options: _advise(options, given))


def _stranger(word: str, known: list[str]) -> Problem:
    name = word.partition("=")[0]
    if not name.startswith("--"):
        return Problem(COMMAND_LINE, "usage", f"{quote(word)} is not expected here", "see `--help`")
    near = did_you_mean(name.removeprefix("--"), known)
    help = near.replace("_", "-").replace("`", "`--", 1) if near.startswith("did") else "see `--help`"
    return Problem(COMMAND_LINE, "usage", f"there is no option {quote(name)}", help)


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


def _tell(error: InputError, *, as_json: bool) -> None:
    if as_json:
        problems = [
            {"place": problem.place, "code": problem.code, "message": problem.message, "help": problem.help}
            for problem in error.problems
        ]
        print(json.dumps({"problems": problems}, indent=2), file=sys.stderr)
        return
    what = "pack" if isinstance(error, PackError) else "case"
    if all(problem.place == COMMAND_LINE for problem in error.problems):
        what = COMMAND_LINE
    print(f"the {what} cannot be used:", *map(str, error.problems), sep="\n", file=sys.stderr)


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser, list[str]], None]]] = {
    "advise": ("advice on one case, from a JSON file, from options, or both; only the ground is needed", _add_advise),
    "ask": ("an interview: one question at a time until the advice is settled, or as long as you like", add_ask),
    "batch": ("advice on a file of cases, or what would change for them by other rules", add_batch),
    "compare": ("what follows from each ground, for a problem that fits several; name only true ones", add_compare),
    "explain": ("why a case comes out as it does, rule by rule, or why it does not come out otherwise", add_explain),
    "form": ("the dispute form of a case, filled in from what you say, ready to copy", add_form),
    "improve": ("what you can change about a case, honestly, for a better outcome", add_improve),
    "timeline": ("the next step and the days of a case, as a table with bars, or as a calendar", add_timeline),
    "schema": ("the JSON Schemas of a case, an order, and what comes of them", add_schema),
    "check": ("for rule authors: find what is wrong with a pack, over all situations", add_check),
    "coverage": ("for rule authors: what the examples of a pack reach of its rules", add_coverage),
    "diff": ("for rule authors: which situations change between two versions of a pack", add_diff),
    "editor": ("for rule authors: make editors complete and check the files of a pack as they are written", add_editor),
    "lock": ("for rule authors: write down what a pack says, so that `check` tells what changed since", add_lock),
    "mutants": ("for rule authors: which small changes of the rules no example would catch", add_mutants),
    "new": ("for rule authors: a rule to fill in, of a decision or a pack that is there or new", add_new),
    "reference": ("for readers: a page for each decision of a pack, and one for what they share", add_reference),
    "table": ("for readers: a decision as a table, a row for each rule", add_table),
    "test": ("for rule authors: try the examples of a pack's rules", add_test),
    "texts": ("for translators: every text of a pack by its key, or those that a translation lacks", add_texts),
}
