"""The names of columns: which are facts, which are carried along, and which cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.frames.kernel import Kernel

Like = Callable[[str], str]
"""What two names have in common if they count as one."""


def checked_columns(names: Iterable[str], kernel: Kernel, keep: Collection[str], *, like: Like = str) -> list[str]:
    """The columns that are facts.

    Raises:
        CaseError: some are no facts and not to be kept, are lacking, stand twice, or have names that the advice takes.
    """
    named: object = keep
    if isinstance(named, str) or not isinstance(named, Collection):
        help = f"give [{quote(keep)}]" if isinstance(named, str) else "give the names of columns"
        raise CaseError([Problem("case", "wrong-type", f"`keep` is {quote(keep)}, and not a list", help)])
    names = list(names)
    problems = [*_unknown(names, kernel, keep), *doubled(names, like)]
    help = "rename the column: the advice has one of that name"
    problems += [
        Problem(_place(name), "duplicate-fact", f"the column {quote(name)} would be lost", help)
        for name in names
        if like(name) in kernel.schema
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


def _unknown(names: Collection[str], kernel: Kernel, keep: Collection[str]) -> Iterator[Problem]:
    for name in names:
        if name not in kernel.facts and name not in keep:
            help = _unknown_help(name, kernel.facts)
            yield Problem(_place(name), "unknown-fact", f"there is no fact {quote(name)}", help)
    for name in keep:
        if name not in names:
            help = did_you_mean(name, names)
            yield Problem(_place(name), "unknown-fact", f"there is no column {quote(name)}", help)


def _unknown_help(name: str, facts: Collection[str]) -> str:
    meant = did_you_mean(name, facts)
    carry = "name it in `keep` to carry it along"
    return f"{meant} Or {carry}" if meant.startswith("did you mean") else carry


def _place(name: str) -> str:
    return quote(name)[1:-1]
