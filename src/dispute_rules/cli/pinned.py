"""`dispute-rules coverage` and `dispute-rules mutants`: what the examples of a pack really pin down."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby

from dispute_rules.authoring.check import STEPS
from dispute_rules.authoring.coverage import Covered, coverage
from dispute_rules.authoring.mutants import Fate, Mutant, Mutation
from dispute_rules.authoring.tables import read_cases
from dispute_rules.cli.authors import FINDINGS, FINE, UNDECIDED, add_pack, as_options
from dispute_rules.cli.progress import tracked
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.load import load_pack

_TOLD = (Fate.SURVIVED, Fate.UNDECIDED)
_COVERAGE = """\
Whether a rule decides in some example, by itself or only where others override it; whether for each of its conditions
there is a near miss that fails this condition alone; and whether it decides with each label that it accepts.

exit status: 0 everything is reached, 1 something is not, 2 the pack cannot be read

examples:
  dispute-rules coverage
  dispute-rules coverage path/to/my-pack --json
"""
_MUTANTS = """\
A mutant is a rule with one small change: a condition dropped, a label more, less or other, a threshold one unit off,
another outcome, an exception dropped. An example that fails then kills it. A mutant that comes to the same in every
situation is equivalent and does not count; this is decided exactly. Unseen are those that differ in some situation,
while no case was found that gets into one. Examples and cases that fail as it is are left out.

exit status: 0 no survivor, 1 survivors, 2 the pack or a table cannot be read, or no rule has the WORD in its path,
3 not decided within the budget

examples:
  dispute-rules mutants path/to/my-pack
  dispute-rules mutants aliexpress --cases tests/cases     whole cases kill, too: they are what tells outcomes
  dispute-rules mutants -k claim/ --json
"""


def add_coverage(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`coverage`."""
    parser.epilog = _COVERAGE
    add_pack(parser)
    parser.add_argument("--json", action="store_true", help="print what is reached of every rule as JSON")
    parser.set_defaults(run=_coverage, known=["json", "help"])


def _coverage(options: argparse.Namespace) -> int:
    found = coverage(load_pack(options.pack))
    if options.json:
        print(json.dumps([_covered_as_json(covered) for covered in found], indent=2))
    else:
        print(*_table(found), sep="\n")
    return FINDINGS if any(any(covered.gaps) for covered in found) else FINE


def _covered_as_json(covered: Covered) -> dict[str, object]:
    met: dict[str, dict[str, bool | None]] = {}
    for (fact, label), reached in covered.met.items():
        met.setdefault(fact, {})[label] = reached
    return {**asdict(covered), "met": met, "gaps": list(covered.gaps)}


def _table(found: Iterable[Covered]) -> Iterator[str]:
    """What is not reached, and a line for each decision."""
    found = list(found)
    for covered in found:
        yield from (f"{covered.place}: {gap}" for gap in covered.gaps)
    yield f"{'decision':16}{'rules':>12}{'conditions':>14}{'labels':>12}{'examples':>10}"
    for decision, covereds in groupby(found, lambda covered: covered.rule.split("/")[1]):
        rules = list(covereds)
        decided = _share([bool(covered.decides) for covered in rules])
        missed = _share([shown for covered in rules for shown in covered.missed.values()])
        met = _share([reached for covered in rules for reached in covered.met.values()])
        examples = sum(covered.cases + covered.nears for covered in rules)
        yield f"{decision:16}{decided:>12}{missed:>14}{met:>12}{examples:>10}"


def _share(reached: list[bool | None]) -> str:
    able = [each for each in reached if each is not None]
    return f"{sum(able)} of {len(able)}"


def add_mutants(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`mutants`."""
    parser.epilog = _MUTANTS
    add_pack(parser)
    help = "let the whole cases of a table, or of all tables in a folder, kill, too; may be given several times"
    parser.add_argument("--cases", action="append", default=[], metavar="FILE_OR_FOLDER", help=help)
    parser.add_argument("-k", dest="word", default="", metavar="WORD", help="only rules with this in their path")
    parser.add_argument("--json", action="store_true", help="print every mutant and its fate as JSON")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"the budget for each rule; default: {STEPS:,}")
    parser.set_defaults(run=_mutants, known=["cases", "json", "steps", "help"])


def _mutants(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    cases = [each for path in options.cases for trial in read_cases(path, pack) for each in trial.each()]
    mutation = Mutation(pack, cases, steps=options.steps)
    rules = [name for name in mutation.rules if options.word in name]
    if not rules:
        message = f"no rule has {quote(options.word)} in its path"
        raise PackError([Problem(options.pack, "nothing-to-try", message, "give another word to -k")])
    found = [mutant for name in tracked(rules, "mutants") for mutant in mutation.mutants(name)]
    if options.json:
        print(json.dumps([asdict(mutant) for mutant in found], indent=2, default=str))
    else:
        for mutant in found:
            if mutant.fate in _TOLD:
                print(_told(mutant, options))
    fates = Counter(mutant.fate for mutant in found)
    _sum_up(fates, mutation.failing)
    return UNDECIDED if fates[Fate.UNDECIDED] else FINDINGS if fates[Fate.SURVIVED] else FINE


def _sum_up(fates: Counter[Fate], failing: int) -> None:
    if failing:
        print(f"{failing} examples and cases fail as it is, and are left out: see `test`", file=sys.stderr)
    counted = ", ".join(f"{fates[fate]} {fate}" for fate in Fate if fates[fate])
    print(f"{fates.total()} mutants{': ' if counted else ''}{counted}", file=sys.stderr)


def _told(mutant: Mutant, options: argparse.Namespace) -> str:
    told = f"{mutant.place}: {mutant.change} [{mutant.fate}]"
    if mutant.example is None:
        return f"{told}\n  not decided within {options.steps:,} steps; give more with --steps"
    case = as_options({name: value for name, value in mutant.example.facts.items() if value is not None}, options.pack)
    kind = "a `case`" if mutant.example.hit else "a `near`"
    kind = "a whole case that expects what comes out" if mutant.example.by_outcome else kind
    return f"{told}\n  {kind} would kill it: dispute-rules advise {case}"
