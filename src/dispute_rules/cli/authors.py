"""The commands for rule authors."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from dispute_rules.authoring.check import STEPS, Report, check
from dispute_rules.authoring.finding import Finding
from dispute_rules.authoring.trials import Trial, try_examples
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
exit status: 0 all passed, 1 some failed, 2 the pack cannot be read, or there is nothing to try

examples:
  dispute-rules test
  dispute-rules test path/to/my-pack -k verdict
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
    parser.add_argument("-k", dest="word", default="", metavar="WORD", help="only examples with this in their name")
    parser.set_defaults(run=_test, known=["help"])


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
    words = {True: "yes", False: "no"}
    values = {
        name: words[value] if isinstance(value, bool) else ",".join(value) if isinstance(value, list) else str(value)
        for name, value in case.items()
    }
    options = [f"--{name.replace('_', '-')}={shlex.quote(value)}" for name, value in values.items()]
    return " ".join(options if pack == "aliexpress" else [f"--pack {shlex.quote(pack)}", *options])


def _annotation(finding: Finding) -> str:
    message = f"{finding.message}. {finding.help}".replace("%", "%25").replace("\n", "%0A")
    file = finding.places[0].replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::error file={file},title={finding.code}::{message}"


def _as_json(report: Report) -> dict[str, Any]:
    names = ("code", "places", "message", "help", "case", "labels")
    findings = [{name: getattr(finding, name) for name in names} for finding in report.findings]
    return {"findings": findings, "undecided": report.undecided, "rules": report.rules, "examples": report.examples}


def _test(options: argparse.Namespace) -> int:
    trials = [trial for trial in try_examples(load_pack(options.pack)) if options.word in trial.name]
    if not trials:
        help = "give another word to -k, or add examples to the rules"
        raise PackError(
            [Problem(options.pack, "nothing-to-try", f"no example has {quote(options.word)} in its name", help)]
        )
    failed = list(_failures(trials))
    for trial in failed:
        print(f"{trial.place}: {trial.name}: {trial.verdict}")
        print(f"  case: dispute-rules advise {as_options(trial.facts, options.pack)}")
        print(f"  what the rules saw: {', '.join(f'{name}: {label}' for name, label in trial.labels.items())}")
    print(f"{len(trials) - len(failed)} passed, {len(failed)} failed")
    return FINDINGS if failed else FINE


def _failures(trials: Iterable[Trial]) -> Iterable[Trial]:
    return (trial for trial in trials if not trial.passed)
