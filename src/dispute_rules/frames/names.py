"""The names of columns: which are facts, which are carried along, and which cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.frames.kernel import Kernel

Like = Callable[[str], str]
"""What two names have in common if they count as one."""


def checked_columns(
    names: Iterable[str], kernel: Kernel, keep: Collection[str], *, like: Like = str, keep_is: str = "keep"
) -> list[str]:
    """The columns that are facts. `keep_is` is what one writes to keep others.

    Raises:
        CaseError: some are no facts and not to be kept, are lacking, stand twice, or have names that the advice takes.
    """
    named: object = keep
    if isinstance(named, str) or not isinstance(named, Collection):
        help = f"give [{quote(keep)}]" if isinstance(named, str) else "give the names of columns"
        raise CaseError([Problem("case", "wrong-type", f"`keep` is {quote(keep)}, and not a list", help)])
    names = list(names)
    of_advice = [name for name in names if like(name) in kernel.schema]
    others = [name for name in names if name not in of_advice and name not in kernel.facts and name not in keep]
    problems = [*_unknown(others, kernel.facts, keep_is), *_lacking(keep, names), *doubled(names, like)]
    help = "the advice has a column of that name: leave it out, or rename it if it is none of an earlier advice"
    problems += [
        Problem(_place(name), "duplicate-fact", f"the column {quote(name)} would be lost", help) for name in of_advice
    ]
    if "ground" not in names:
        problems.append(Problem("ground", "missing-fact", "there is no column `ground`", "every case has a ground"))
    if problems:
        raise CaseError(problems)
    return [name for name in names if name in kernel.facts]


def doubled(names: Iterable[str], like: Like = str) -> Iterator[Problem]:
    """A problem for each name that stands there a second time."""
    met: dict[str, str] = {}
    for name in names:
        first = met.get(like(name))
        if first is None:
            met[like(name)] = name
        elif first == name:
            yield Problem(_place(name), "duplicate-fact", f"the column {quote(name)} stands twice", "keep one")
        else:
            message = f"the columns {quote(first)} and {quote(name)} have one name, where case does not count"
            yield Problem(_place(name), "duplicate-fact", message, "rename one")


def _unknown(names: Iterable[str], facts: Collection[str], keep_is: str) -> Iterator[Problem]:
    carry = f"name it in `{keep_is}` to carry it along"
    for name in names:
        meant = did_you_mean(name, facts)
        help = f"{meant} Or {carry}" if meant.startswith("did you mean") else carry
        yield Problem(_place(name), "unknown-fact", f"there is no fact {quote(name)}", help)


def _lacking(keep: Iterable[str], names: Collection[str]) -> Iterator[Problem]:
    for name in keep:
        if name not in names:
            help = did_you_mean(name, names)
            yield Problem(_place(name), "unknown-fact", f"there is no column {quote(name)}", help)


def _place(name: str) -> str:
    return quote(name)[1:-1]
