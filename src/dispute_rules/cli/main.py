"""`dispute-rules`: the commands and their options."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from dispute_rules.advice import Advice
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.cli.authors import add_check, add_test
from dispute_rules.cli.difference import add_diff
from dispute_rules.cli.lock import add_lock
from dispute_rules.cli.pages import add_reference, add_table
from dispute_rules.cli.pinned import add_coverage, add_mutants
from dispute_rules.cli.scaffold import add_editor, add_new
from dispute_rules.errors import CaseError, InputError, PackError, Problem, did_you_mean, quote
from dispute_rules.facts import Kind
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.scope import case_facts
from dispute_rules.pack.written import Pack
from dispute_rules.reading import LARGEST_TEXT, read_json

COMMAND_LINE = "command line"  # the place of what is wrong with it
BAD_INPUT = 2  # the exit status when the case, the pack or the command line cannot be used

_EXAMPLES = """\
examples:
  dispute-rules advise --ground damaged --received yes --usability unusable --price 24.90 --shipping 3.10
  dispute-rules advise case.json                     a case as a JSON object; facts as options go before it
  dispute-rules advise - --json < case.json          from standard input, and JSON for programs
  dispute-rules advise --ground fake --usability usable --evidence photos_of_goods,listing_screenshot
"""
_TAKEN = ("json", "pack", "help", "file")  # options that are no facts
_VALUES = {Kind.YES_NO: "yes or no", Kind.DATE: "a day: 2026-03-31", Kind.AMOUNT: "an amount: 24.90"}


class _Parser(argparse.ArgumentParser):
    """Told in our own way what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        raise CaseError([Problem(COMMAND_LINE, "usage", message, f"see `{self.prog} --help`")])


class _Once(argparse.Action):
    """A fact that is given twice would lose one of its values."""

    def __call__(
        self, _parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, _option: str | None = None
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "given twice")
        setattr(namespace, self.dest, values)


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
    if rest and chosen != "advise":
        raise CaseError(_stranger(word, options.known) for word in rest)
    options.rest = rest
    if options.command is None:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    return int(options.run(options))


def _parser(arguments: list[str], chosen: str | None) -> argparse.ArgumentParser:
    """All commands, with the arguments of the one that was chosen."""
    parser = _Parser(
        prog="dispute-rules",
        description="What to do about a problem order: which claim, what to expect, by when, and why.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dispute-rules {version('dispute-rules')}")
    parser.set_defaults(known=["version", "help"])
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
    pack = _add_pack(advise, arguments)
    advise.epilog = _EXAMPLES
    advise.add_argument("file", nargs="?", metavar="CASE.json", help="a case as a JSON object; `-` for standard input")
    advise.add_argument("--json", action="store_true", help="print the advice as JSON and nothing else")
    facts = advise.add_argument_group("facts of the case")
    for name, fact in case_facts(pack.file).items():
        values = ", ".join(_kinds(pack) if name == "evidence" else fact.labels if fact.kind is Kind.LABEL else ())
        values = values or _VALUES.get(fact.kind, "")
        about = pack.Case.model_fields[name].description or _question(pack, name)
        text = f"{about} {values}".strip().replace("%", "%%")
        option = f"fact-{name}" if name in _TAKEN else name
        facts.add_argument(
            f"--{option.replace('_', '-')}", dest=f"fact_{name}", metavar="VALUE", help=text, action=_Once
        )
    known = [*case_facts(pack.file), "pack", "json", "help"]
    advise.set_defaults(run=lambda options: _advise(options, pack, arguments), known=known)


def _add_schema(schema: argparse.ArgumentParser, arguments: list[str]) -> None:
    pack = _add_pack(schema, arguments)
    schema.add_argument("of", nargs="?", choices=["case", "advice"], help="only one of the two")
    schema.set_defaults(run=lambda options: _schema(options, pack), known=["pack", "help"])


def _add_pack(parser: argparse.ArgumentParser, arguments: list[str]) -> Pack:
    """The pack is looked up first: the facts that are options depend on it."""
    first = _Parser(add_help=False, allow_abbrev=False)
    for each in (first, parser):
        help = f"a shipped pack ({', '.join(shipped_packs())}) or the folder of your own; default: aliexpress"
        each.add_argument("--pack", metavar="NAME_OR_FOLDER", default="aliexpress", help=help)
    return load_pack(first.parse_known_args(arguments)[0].pack)


def _kinds(pack: Pack) -> list[str]:
    """The kinds of evidence that the pack's rules ask for."""
    return sorted(kind for decision in pack.decisions for kind in decision.file.outputs.get("evidence", ()))


def _question(pack: Pack, name: str) -> str:
    return pack.file.facts[name].question or "" if name in pack.file.facts else ""


def _stranger(word: str, known: list[str]) -> Problem:
    name = word.partition("=")[0]
    if not name.startswith("--"):
        return Problem(COMMAND_LINE, "usage", f"{quote(word)} is not expected here", "see `--help`")
    near = did_you_mean(name.removeprefix("--"), known)
    help = near.replace("_", "-").replace("`", "`--", 1) if near.startswith("did") else "see `--help`"
    return Problem(COMMAND_LINE, "usage", f"there is no option {quote(name)}", help)


def _unknown(rest: list[str]) -> dict[str, str]:
    """Options that are no facts, with their values."""
    facts: dict[str, str] = {}
    for before, word in zip(["", *rest], rest, strict=False):
        if word.startswith("--"):
            name, _, value = word.removeprefix("--").partition("=")
            facts[name.replace("-", "_")] = value
        elif not before.startswith("--") or "=" in before:
            facts[word] = ""
    return facts


def _is_value(word: str, rest: list[str], arguments: list[str]) -> bool:
    """Whether a word stands after an option that is no fact, so that it may be the option's value."""
    pairs = pairwise(arguments)
    return any(word == after and option.startswith("--") and option in rest for option, after in pairs)


def _advise(options: argparse.Namespace, pack: Pack, arguments: list[str]) -> int:
    try:
        facts = _read(options.file) if options.file is not None else {}
    except CaseError:
        if not _is_value(options.file, options.rest, arguments):
            raise
        facts = {}
    for name, value in vars(options).items():
        if name.startswith("fact_") and value is not None:
            facts[name.removeprefix("fact_")] = value
    facts |= _unknown(options.rest)  # refused as facts, together with whatever else is wrong
    if isinstance(facts.get("evidence"), str):
        facts["evidence"] = [kind.strip() for kind in facts["evidence"].split(",") if kind.strip()]
    advisor = Advisor(pack)
    case = advisor.case(facts)
    advice = advisor.advise(case)
    if options.json:
        print(advice.model_dump_json(indent=2))
    else:
        _show(advice, case, advisor)
    return 0


def _show(advice: Advice, case: Case, advisor: Advisor) -> None:
    try:
        from dispute_rules.cli.render import show  # rich is an extra: the core stays light
    except ImportError:
        print("note: pip install 'dispute-rules[cli]' lays this out for reading; here it is as JSON", file=sys.stderr)
        print(advice.model_dump_json(indent=2))
    else:
        show(advice, case, advisor)


def _read(file: str) -> dict[str, Any]:
    try:
        if file == "-":
            return read_json(sys.stdin.buffer.read(LARGEST_TEXT + 1) if sys.stdin else b"")
        with Path(file).open("rb") as stream:
            return read_json(stream.read(LARGEST_TEXT + 1))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        help = "give the path of a JSON file, `-` for standard input, or the facts as options"
        raise CaseError([Problem(COMMAND_LINE, "unreadable", f"cannot read {quote(file)}: {reason}", help)]) from None


def _schema(options: argparse.Namespace, pack: Pack) -> int:
    schemas = {"case": pack.Case.model_json_schema(), "advice": Advice.model_json_schema(mode="serialization")}
    print(json.dumps(schemas[options.of] if options.of else schemas, indent=2))
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
    "schema": ("the JSON Schemas of a case and of an advice", _add_schema),
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
}
