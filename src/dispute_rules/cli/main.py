"""`dispute-rules`: the commands and their options."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from dispute_rules.cli.parser import COMMAND_LINE, EXAMPLES, Parser
from dispute_rules.errors import CaseError, InputError, PackError, Problem, did_you_mean, quote

BAD_INPUT = 2  # the exit status when the case, the pack or the command line cannot be used


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
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dispute-rules {version('dispute-rules')}")
    parser.set_defaults(known=["version", "help"], takes_case=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (about, module) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == chosen:
            add_arguments = getattr(import_module(f"dispute_rules.cli.{module}"), f"add_{name}")
            add_arguments(command, arguments)
    return parser


def _stranger(word: str, known: list[str]) -> Problem:
    name = word.partition("=")[0]
    if not name.startswith("--"):
        return Problem(COMMAND_LINE, "usage", f"{quote(word)} is not expected here", "see `--help`")
    near = did_you_mean(name.removeprefix("--"), known)
    help = near.replace("_", "-").replace("`", "`--", 1) if near.startswith("did") else "see `--help`"
    return Problem(COMMAND_LINE, "usage", f"there is no option {quote(name)}", help)


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


# what each is about, and the module with its `add_...`, which is imported when the command is chosen
_COMMANDS: dict[str, tuple[str, str]] = {
    "advise": ("advice on one case, from a JSON file, from options, or both; only the ground is needed", "advise"),
    "ask": ("an interview: one question at a time until the advice is settled, or as long as you like", "ask"),
    "batch": ("advice on a file of cases, or what would change for them by other rules", "batch"),
    "compare": ("what follows from each ground, for a problem that fits several; name only true ones", "compare"),
    "explain": ("why a case comes out as it does, rule by rule, or why it does not come out otherwise", "explain"),
    "form": ("the dispute form of a case, filled in from what you say, ready to copy", "form"),
    "improve": ("what you can change about a case, honestly, for a better outcome", "improve"),
    "timeline": ("the next step and the days of a case, as a table with bars, or as a calendar", "timeline"),
    "schema": ("the JSON Schemas of a case, an order, and what comes of them", "schema"),
    "check": ("for rule authors: find what is wrong with a pack, over all situations", "authors"),
    "coverage": ("for rule authors: what the examples of a pack reach of its rules", "pinned"),
    "diff": ("for rule authors: which situations change between two versions of a pack", "difference"),
    "editor": ("for rule authors: make editors complete and check the files of a pack as they are written", "scaffold"),
    "lock": ("for rule authors: write down what a pack says, so that `check` tells what changed since", "lock"),
    "mutants": ("for rule authors: which small changes of the rules no example would catch", "pinned"),
    "new": ("for rule authors: a rule to fill in, of a decision or a pack that is there or new", "scaffold"),
    "reference": ("for readers: a page for each decision of a pack, and one for what they share", "pages"),
    "table": ("for readers: a decision as a table, a row for each rule", "pages"),
    "test": ("for rule authors: try the examples of a pack's rules", "authors"),
    "texts": ("for translators: every text of a pack by its key, or those that a translation lacks", "texts"),
}
