"""The commands for rule authors."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dispute_rules.authoring.check import STEPS, Report, check
from dispute_rules.authoring.finding import Finding
from dispute_rules.authoring.tables import read_cases
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.cli.given_case import NO_EVIDENCE, option_of
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.load import load_pack

FINE, FINDINGS, UNREADABLE, UNDECIDED = range(4)
"""The exit statuses of `check`; `test` has the first three."""

_CHECK = """\
exit status: 0 nothing found, 1 findings, 2 the pack cannot be read, 3 not decided within the budget

examples:
  dispute-rules check                       the shipped pack `aliexpress`
  dispute-rules check path/to/my-pack       a pack of your own
  dispute-rules check --format github       findings as annotations of a pull request
"""
_TEST = """\
exit status: 0 all passed, 1 some failed, 2 the pack or a table cannot be read, or there is nothing to try

examples:
  dispute-rules test
  dispute-rules test path/to/my-pack -k verdict
  dispute-rules test path/to/my-pack --cases path/to/cases     its examples, and tables of whole cases
"""


def add_check(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`check`."""
    parser.epilog = _CHECK
    add_pack(parser)
    parser.add_argument("--format", choices=["text", "json", "github"], default="text", help="how findings are printed")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"the budget for each edition; default: {STEPS:,}")
    parser.set_defaults(run=_check, known=["format", "steps", "help"])


def add_test(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`test`."""
    parser.epilog = _TEST
    add_pack(parser)
    parser.add_argument("-k", dest="word", default="", metavar="WORD", help="only those with this in their name")
    help = "also try the whole cases of a table, or of all tables in a folder; may be given several times"
    parser.add_argument("--cases", action="append", default=[], metavar="FILE_OR_FOLDER", help=help)
    parser.set_defaults(run=_test, known=["cases", "help"])


def add_pack(parser: argparse.ArgumentParser) -> None:
    """The pack that a command is about."""
    help = "a shipped pack by its name or the folder of your own; default: aliexpress"
    parser.add_argument("pack", nargs="?", default="aliexpress", metavar="PACK", help=help)


def _check(options: argparse.Namespace) -> int:
    report = check(load_pack(options.pack), steps=options.steps)
    if options.format == "json":
        print(json.dumps(_as_json(report), indent=2, default=str))
    else:
        for finding in report.findings:
            print(_annotation(finding) if options.format == "github" else _text(finding, options.pack))
        for name in report.undecided:
            told = f"{name}: not decided within {options.steps:,} steps; give more with --steps"
            print(f"::error title=undecided::{told}" if options.format == "github" else told)
        print(f"{report.rules} rules, {report.examples} examples: {len(report.findings)} findings", file=sys.stderr)
    return UNDECIDED if report.undecided else FINDINGS if report.findings else FINE


def _text(finding: Finding, pack: str) -> str:
    first, *others = finding.places
    lines = [f"{first}: {finding.message} [{finding.code}]", *(f"  and: {place}" for place in others)]
    if finding.case is not None:
        lines.append(f"  for example: dispute-rules advise {as_options(finding.case, pack)}")
    elif finding.labels is not None:
        lines.append(f"  for example: {', '.join(f'{name}: {label}' for name, label in finding.labels.items())}")
    return "\n".join([*lines, f"  help: {finding.help}"])


def as_options(case: Mapping[str, Any], pack: str) -> str:
    """A case as options of `advise`."""
    values = {name: _as_option(name, value) for name, value in case.items()}
    options = [f"{option_of(name)}={shlex.quote(value)}" for name, value in values.items()]
    return " ".join(options if pack == "aliexpress" else [f"--pack {shlex.quote(pack)}", *options])


def _as_option(name: str, value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, default=str) if name == "events" else ",".join(map(str, value)) or NO_EVIDENCE
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _annotation(finding: Finding) -> str:
    message = f"{finding.message}. {finding.help}".replace("%", "%25").replace("\n", "%0A")
    file = finding.places[0].replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::error file={file},title={finding.code}::{message}"


def _as_json(report: Report) -> dict[str, Any]:
    names = ("code", "places", "message", "help", "case", "labels")
    findings = [{name: getattr(finding, name) for name in names} for finding in report.findings]
    return {"findings": findings, "undecided": report.undecided, "rules": report.rules, "examples": report.examples}


def _test(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    examples = [trial for trial in try_examples(pack) if options.word in trial.name]
    cases = [trial for path in options.cases for trial in read_cases(path, pack) if options.word in trial.name]
    if not examples and not cases:
        what = "example or case" if options.cases else "example"
        help = "give another word to -k, or add examples to the rules"
        raise PackError(
            [Problem(options.pack, "nothing-to-try", f"no {what} has {quote(options.word)} in its name", help)]
        )
    failed = sum(not trial.passed for trial in examples) + sum(not trial.passed for trial in cases)
    for told in (*_failed_examples(examples, options.pack), *_failed_cases(cases, options.pack)):
        print(told)
    counted = f"{len(examples)} examples, {len(cases)} cases: " if options.cases else ""
    print(f"{counted}{len(examples) + len(cases) - failed} passed, {failed} failed")
    return FINDINGS if failed else FINE


def _failed_examples(trials: Iterable[Trial], pack: str) -> Iterator[str]:
    for trial in trials:
        if not trial.passed:
            yield f"{trial.place}: {trial.name}: {trial.verdict}"
            yield f"  case: dispute-rules advise {as_options(trial.facts, pack)}"
            yield f"  what the rules saw: {', '.join(f'{name}: {label}' for name, label in trial.labels.items())}"


def _failed_cases(trials: Iterable[CaseTrial], pack: str) -> Iterator[str]:
    for trial in trials:
        if trial.failure is not None:
            yield str(trial.failure)
            yield f"  case: dispute-rules advise {as_options(trial.failure.facts, pack)}"
