"""`dispute-rules batch`: a file of cases to a file of advice, and what would change for its cases by other rules."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dispute_rules.advisor import Advisor
from dispute_rules.cli.change_report import page, summary, told
from dispute_rules.cli.parser import COMMAND_LINE
from dispute_rules.cli.progress import counted
from dispute_rules.cli.stopping import ended_in_order
from dispute_rules.errors import CaseError, Problem, printable, quote
from dispute_rules.pack.load import load_pack, shipped_packs

if TYPE_CHECKING:
    from dispute_rules.frames.batch import Changes, Counts

FINE, SET_ASIDE = 0, 1
_ENDINGS = (".csv", ".jsonl", ".parquet")
_MOST_FAULTS = 20
_BATCH = """\
Files are CSV, JSON Lines or Parquet, by the endings .csv, .jsonl and .parquet, and may be larger than memory. Columns
are named after facts. Rows that cannot be advised on come out with their faults in the column `problems`.

exit status: 0 every row has its advice (with --compare: nothing changes), 1 some were set aside (or change),
2 the file, its columns or a pack cannot be used

examples:
  dispute-rules batch cases.parquet advice.parquet
  dispute-rules batch orders.csv advice.jsonl --keep order --keep customer
  dispute-rules batch --compare aliexpress path/to/new-pack cases.parquet --report changes.html
"""


def add_batch(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`batch`."""
    parser.epilog = _BATCH
    parser.add_argument("files", nargs="+", metavar="FILE", help="the cases, and where their advice goes")
    help = f"a shipped pack ({', '.join(shipped_packs())}) or the folder of your own; default: aliexpress"
    parser.add_argument("--pack", metavar="NAME_OR_FOLDER", help=help)
    help = "carry a column along that is no fact; may be given several times"
    parser.add_argument("--keep", action="append", default=[], metavar="COLUMN", help=help)
    help = "count what would change from one pack to another; nothing else is written"
    parser.add_argument("--compare", nargs=2, metavar=("OLD_PACK", "NEW_PACK"), help=help)
    parser.add_argument("--report", metavar="FILE.html", help="with --compare: a page with tables and a chart")
    parser.set_defaults(run=_batch, known=["pack", "keep", "compare", "report", "help"])


def _batch(options: argparse.Namespace) -> int:
    wanted = 1 if options.compare else 2
    if len(options.files) != wanted:
        help = "give CASES with --compare" if options.compare else "give CASES and ADVICE"
        raise _refused(f"{len(options.files)} files instead of {wanted}", help)
    if options.report and not options.compare:
        raise _refused("`--report` without `--compare`", "give the two packs that are to be compared")
    if options.pack and options.compare:
        raise _refused("`--pack` with `--compare`", "leave it out: the two packs are named already")
    if options.report and Path(options.report).suffix.lower() != ".html":
        raise _refused(f"{quote(options.report)} does not end in .html", "the report is a page in HTML")
    paths = [Path(file) for file in options.files]
    for path in paths:
        if path.suffix.lower() not in _ENDINGS:
            raise _refused(f"{quote(path.name)} ends in none of {', '.join(_ENDINGS)}", "name the format by the ending")
    try:
        with _told_plainly(paths[0]), ended_in_order():
            return _compare(options, paths[0]) if options.compare else _advise(options, *paths)
    except ModuleNotFoundError as error:
        help = "pip install 'dispute-rules[frames]'"
        raise _refused(f"`batch` needs {quote(error.name)}, which is not installed", help) from None


def _advise(options: argparse.Namespace, source: Path, target: Path) -> int:
    from dispute_rules.frames.batch import advise_file  # these need an extra: the core stays light
    from dispute_rules.frames.files import most_rows

    if source.exists() and target.exists() and source.samefile(target):
        raise _refused(f"{quote(target.name)} would replace the cases", "give the advice a file of its own")
    kernel = Advisor(load_pack(options.pack or "aliexpress")).kernel
    with counted("rows", partial(most_rows, source)) as progress:
        counts = advise_file(source, target, kernel, options.keep, progress)
    print(*_summary(counts, target), sep="\n")
    return SET_ASIDE if counts.set_aside else FINE


def _compare(options: argparse.Namespace, source: Path) -> int:
    from dispute_rules.frames.batch import compare_file  # these need an extra: the core stays light
    from dispute_rules.frames.files import most_rows
    from dispute_rules.frames.output import whole

    old, new = (Advisor(load_pack(pack)).kernel for pack in options.compare)
    with whole(Path(options.report)) if options.report else nullcontext() as report:
        with counted("rows", partial(most_rows, source)) as progress:
            changes = compare_file(source, old, new, options.keep, progress)
        if report:
            report.write_text(page(changes, *options.compare), encoding="utf-8")
    print(*_table(changes), sep="\n")
    return SET_ASIDE if changes.changed else FINE


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    """What is wrong with a file, as a problem of the command line."""
    try:
        yield
    except OSError as error:
        file, reason = error.filename or path, error.strerror or str(error)
        raise _unreadable(str(file), reason) from None
    except _polars_errors() as error:
        raise _unreadable(str(path), str(error).splitlines()[0]) from None


def _polars_errors() -> tuple[type[BaseException], ...]:
    from polars.exceptions import PanicException, PolarsError  # an extra: the core stays light

    return PolarsError, PanicException


def _unreadable(file: str, reason: str) -> CaseError:
    help = "give the path of a CSV, JSON Lines or Parquet file, and of one that can be written"
    return CaseError([Problem(COMMAND_LINE, "unreadable", f"cannot use `{printable(file)}`: {reason}", help)])


def _refused(message: str, help: str) -> CaseError:
    return CaseError([Problem(COMMAND_LINE, "usage", message, help)])


def _summary(counts: Counts, target: Path) -> Iterator[str]:
    rows = "1 row" if counts.rows == 1 else f"{counts.rows:,} rows"
    yield f"{rows}: {counts.rows - counts.set_aside:,} with advice, {counts.set_aside:,} set aside"
    yield from (f"  {count:,}  {fault}" for fault, count in counts.faults.most_common(_MOST_FAULTS))
    if left := len(counts.faults) - _MOST_FAULTS:
        yield from [f"  and {left:,} more kinds, in the column `problems` of {target}"] if left > 0 else []


def _table(changes: Changes) -> Iterator[str]:
    yield summary(changes)
    for name, moves in told(changes).items():
        yield f"\n{name}"
        yield from (f"  {move.rows:>9,}  {move.old} -> {move.new}, first in row {move.first:,}" for move in moves)
