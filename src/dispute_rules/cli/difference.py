"""`dispute-rules diff`: which situations change between two versions of a pack, and what is written otherwise."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from dispute_rules.authoring.check import STEPS
from dispute_rules.authoring.replays import Cases, Replays
from dispute_rules.authoring.versions import Comparison, Version, compare
from dispute_rules.cli.authors import FINDINGS, FINE, UNDECIDED, as_options
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.facts import YES_NO
from dispute_rules.pack.load import load_pack
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.difference import Change, Group, Way
from dispute_rules.reasoning.joint import COLLECTED
from dispute_rules.reasoning.meeting import Answer

_DIFF = """\
A situation is one label for each fact that a decision looks at, by itself or through decisions before it.

exit status: 0 no difference, 1 differences, 2 a pack cannot be read or they cannot be compared, 3 not decided within
the budget

examples:
  dispute-rules diff before/aliexpress aliexpress            two versions of a pack
  dispute-rules diff before/aliexpress aliexpress --json
  dispute-rules diff aliexpress aliexpress --old-on 2022-12-31 --new-on 2023-01-01     two editions of one
"""
_MOST_WAYS = 5  # printed of a group


def add_diff(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`diff`."""
    parser.epilog = _DIFF
    parser.add_argument("old", metavar="OLD", help="a shipped pack by its name, or the folder of your own")
    parser.add_argument("new", metavar="NEW", help="the same, for the version to compare with it")
    for side in ("old", "new"):
        help = f"take {side.upper()} as it is in force on this day; default: its newest edition"
        parser.add_argument(f"--{side}-on", metavar="DAY", help=help)
    parser.add_argument("--json", action="store_true", help="print the differences as JSON and nothing else")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"the budget; default: {STEPS:,}")
    parser.set_defaults(run=_diff, known=["old-on", "new-on", "json", "steps", "help"])


def _diff(options: argparse.Namespace) -> int:
    old = version_on(options.old, options.old_on, "--old-on")
    new = version_on(options.new, options.new_on, "--new-on")
    found = compare(old, new, Budget(options.steps))
    replays = Replays(old, new)
    if options.json:
        print(json.dumps(_as_json(found, old, new, replays), indent=2))
    else:
        print(*_lines(found, replays, (options.old, options.new)), sep="\n")
        for name in found.difference.undecided:
            print(f"{name}: not decided within {options.steps:,} steps; give more with --steps", file=sys.stderr)
    return UNDECIDED if found.difference.undecided else FINDINGS if found else FINE


def version_on(pack: str, day: str | None, option: str) -> Version:
    """The pack as it is in force on the day that an option names, or else in its newest edition.

    Raises:
        PackError: the pack cannot be read, or that is no day.
    """
    loaded = load_pack(pack)
    try:
        return Version(loaded, date.fromisoformat(day) if day else loaded.starts[-1])
    except ValueError:
        message = f"{quote(day)} is not a day"
        raise PackError([Problem(option, "bad-date", message, "write it as 2026-03-31")]) from None


def _lines(found: Comparison, replays: Replays, packs: tuple[str, str]) -> Iterator[str]:
    if not found and not found.difference.undecided:
        yield "no difference"
    for change in found.difference.changes:
        yield _heading(change)
        for group in change.groups:
            yield from _group(change, group, replays.cases(change, group), packs)
    for value in found.values:
        yield f"parameter {value.parameter}: {value.before or 'not there'} → {value.after or 'not there'}"
    for entry in found.written:
        kind = "pack.yaml" if entry.kind == "pack" else entry.kind.removesuffix("s")
        yield f"{kind} {entry.name}: {entry.how if entry.how in ('new', 'gone') else f'changed in {entry.how}'}"


def _heading(change: Change) -> str:
    if change.question.decision is None:
        return "impossible combinations:"
    item = ", ".join(f"{name} {label}" for name, label in change.question.item or ())
    return f"{change.question.decision}: {item}".rstrip(" :") + ":"


def _group(change: Change, group: Group, cases: Cases | None, packs: tuple[str, str]) -> Iterator[str]:
    answers = _answers(change, group)
    if len(group.ways) == 1:
        yield f"  {_number(group.situations)}: {_way(change, group.ways[0])}: {answers}"
    else:
        yield f"  {_number(group.situations)}: {answers}"
        shown = group.ways[:_MOST_WAYS]
        yield from (f"    {way.situations:,}: {_way(change, way)}" for way in shown)
        if left := group.situations - sum(way.situations for way in shown):
            yield f"    {left:,}: in other ways"
    if cases is None:
        labels = ", ".join(f"{name}: {label}" for name, label in group.ways[0].witnesses[1].items())
        yield f"    for example: {labels}"
    else:
        yield f"    before: dispute-rules advise {as_options(cases[0], packs[0])}"
        yield f"    after:  dispute-rules advise {as_options(cases[1], packs[1])}"


def _number(situations: int) -> str:
    return f"{situations:,} situation{'' if situations == 1 else 's'}"


def _answers(change: Change, group: Group) -> str:
    before, after = group.answers
    if change.question.item:
        return "appears" if after == (COLLECTED,) else "disappears"
    if len(before) == len(after) == len(change.outputs) > 1:  # say only what changes
        changed = [i for i, label in enumerate(before) if label != after[i]]
        before, after = (tuple(f"{change.outputs[i]} {labels[i]}" for i in changed) for labels in (before, after))
    return f"{_said(before)} → {_said(after)}"


def _said(answer: Answer) -> str:
    return ", ".join(answer).strip("()")


def _way(change: Change, way: Way) -> str:
    told = (_told(name, labels, change.facts[name]) for name, labels in way.labels.items())
    return " + ".join(told) or "in all situations"


def _told(name: str, labels: Sequence[str], every: Sequence[str]) -> str:
    if set(every) == set(YES_NO):
        return name if labels[0] == "true" else f"not {name}"
    others = [label for label in every if label not in labels]
    return f"{name} not {_either(others)}" if len(others) < len(labels) else f"{name} {_either(labels)}"


def _either(labels: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))


def _as_json(found: Comparison, old: Version, new: Version, replays: Replays) -> dict[str, Any]:
    return {
        "old": _version_as_json(old),
        "new": _version_as_json(new),
        "changes": [_change_as_json(change, replays) for change in found.difference.changes],
        "parameters": [asdict(value) for value in found.values],
        "written": [asdict(entry) for entry in found.written],
        "undecided": list(found.difference.undecided),
    }


def _version_as_json(version: Version) -> Mapping[str, str]:
    pack = version.pack
    return {"pack": pack.name, "edition": version.edition.since.isoformat(), "content_hash": pack.content_hash}


def _change_as_json(change: Change, replays: Replays) -> Mapping[str, Any]:
    """The decision is null for what became possible or impossible."""
    item = change.question.item
    return {
        "decision": change.question.decision,
        "item": dict(item) if item else None,
        "facts": change.facts,
        "situations": change.situations,
        "groups": [_group_as_json(change, group, replays.cases(change, group)) for group in change.groups],
    }


def _group_as_json(change: Change, group: Group, cases: Cases | None) -> Mapping[str, Any]:
    before, after = (_answer_as_json(change, answer) for answer in group.answers)
    labels = [dict(witness) for witness in group.ways[0].witnesses]
    return {
        "from": before,
        "to": after,
        "situations": group.situations,
        "ways": [{"labels": way.labels, "situations": way.situations} for way in group.ways],
        "unlisted": group.unlisted,
        "witness": {"labels": labels, "cases": cases},
    }


def _answer_as_json(change: Change, answer: Answer) -> Any:
    return _said(answer) if answer[0].startswith("(") else dict(zip(change.outputs, answer, strict=True))
