"""A new rule to fill in. It works at once: as a copy of a rule of its decision, or in a decision or pack of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dispute_rules.authoring.editor import replace_file, write_schemas, writing
from dispute_rules.authoring.leftovers import TODO
from dispute_rules.authoring.listing import with_decision
from dispute_rules.authoring.rule_text import Desk, rule_text
from dispute_rules.authoring.starter import Facts, decision_text, first_decision, first_rules, pack_text
from dispute_rules.errors import PackError, Problem, did_you_mean, printable, quote
from dispute_rules.facts import STANDARD
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.kinds import Basis
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.scope import open_facts
from dispute_rules.pack.written import Pack, WrittenRule
from dispute_rules.pack.yaml import read

_LONGEST = 64
_DECISION = re.compile(r"[a-z][a-z0-9_]*")
_RULE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Made:
    """The pack as it is now, where its new files are, and what else there is to know."""

    pack: Pack
    files: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written: new files, by their path within the pack, and `pack.yaml` anew if it changes."""

    root: Path
    files: Mapping[str, str]
    pack_file: str | None = None
    note: str = ""


def new_rule(pack: str, decision: str, rule: str) -> Made:
    """Write a rule, with its decision and its pack if they are not there yet.

    `pack` is what `load_pack` takes, or a folder that is empty, or yet to be made within one that is there.

    Raises:
        PackError: a name that cannot be, a rule that exists, a pack with faults, a place that cannot be written.
    """
    target = printable(f"{pack}/{decision}/{rule}")
    _check_names(target, decision, rule)
    plan = _new_pack(Path(pack), decision, rule) if _is_new(pack) else _plan(load_pack(pack), decision, rule)
    with writing(target):
        _carry_out(plan)
    made = load_pack(pack)
    write_schemas(made)
    return Made(made, tuple(f"{made.place}/{file}" for file in plan.files), plan.note)


def _check_names(target: str, decision: str, rule: str) -> None:
    problems = []
    if not _DECISION.fullmatch(decision) or len(decision) > _LONGEST:
        help = f"decisions are named like `return_cost`, with at most {_LONGEST} signs"
        problems.append(Problem(target, "bad-name", f"{quote(decision)} is no name for a decision", help))
    if not _RULE.fullmatch(rule) or len(rule) > _LONGEST or rule == "decision":
        help = f"rules are named like `fake-but-usable`, without `.yaml`, with at most {_LONGEST} signs"
        problems.append(Problem(target, "bad-name", f"{quote(rule)} is no name for a rule", help))
    if problems:
        raise PackError(problems)


def _is_new(pack: str) -> bool:
    """Whether it is an empty folder or one that can be made; `load_pack` tells what is wrong with others."""
    root = Path(pack)
    try:
        names = [entry.name for entry in root.iterdir()] if root.is_dir() else None
        can_be_made = _is_free(root) and root.resolve().parent.is_dir()
    except (OSError, ValueError):
        return False
    if not pack or pack in shipped_packs() or (names is None and not can_be_made):
        return False
    stray = [name for name in names or () if name[0] != "." and name != "README.md"]
    if stray and "pack.yaml" not in stray:
        message = f"{quote(pack)} is no pack, and not empty: there is {quote(stray[0])} in it"
        help = "give the folder of a pack, or one that is yet to be made"
        raise PackError([Problem(printable(pack), "missing-file", message, help)])
    near = did_you_mean(pack, shipped_packs())
    if names is None and near.startswith("did") and root.name == pack:
        help = f"{near} A new pack of that name: `./{pack}`"
        raise PackError([Problem(pack, "unknown-pack", f"there is no pack {quote(pack)}", help)])
    return not stray


def _is_free(root: Path) -> bool:
    """Whether there is nothing at a place. From Python 3.14 on, `exists` says so of places that cannot be, too."""
    try:
        root.stat()
    except FileNotFoundError:
        return True
    return False


def _new_pack(root: Path, decision: str, rule: str) -> _Plan:
    title = re.sub("[-_]+", " ", printable(root.resolve().name)).strip() or TODO
    text = pack_text(title[0].upper() + title[1:], f"{date.today().year}-01-01", decision)
    file = PackFile.model_validate(read(text.encode(), "pack.yaml").data)
    return _Plan(root, {**_new_decision(file, (), decision, rule, _two_cases([], rule)), "pack.yaml": text})


def _plan(pack: Pack, decision: str, rule: str) -> _Plan:
    """For a pack that is there."""
    place = f"{decision}/{rule}.yaml"
    if (pack.folder / place).exists():
        help = "take another name, or change that file"
        message = f"there is a rule {quote(rule)} already"
        raise PackError([Problem(f"{pack.place}/{place}", "taken-name", message, help)])
    names, files = [each.name for each in pack.decisions], [each.file for each in pack.decisions]
    if decision not in names:
        text = (pack.folder / "pack.yaml").read_bytes().decode()
        listed = with_decision(text, f"{pack.place}/pack.yaml", decision)
        note = f"`{decision}` now stands last in `decisions` of pack.yaml: move it to where its turn is"
        return _Plan(pack.folder, _new_decision(pack.file, files, decision, rule, _cases(pack, rule)), listed, note)
    at = names.index(decision)
    rules = pack.decisions[at].rules
    usual = {name for each in rules for name in each.file.when}
    desk = Desk(pack.file, decision, files[at], open_facts(pack.file, files, at), usual)
    if not rules:
        return _Plan(pack.folder, _texts(first_rules(rule, files[at], _cases(pack, rule)), desk))
    typical = _typical(rules)
    note = f"it is a copy of `{typical.name}`: say in it what is different"
    return _Plan(pack.folder, _texts({rule: _unfinished(typical.file)}, desk), note=note)


def _new_decision(
    file: PackFile, others: Sequence[DecisionFile], name: str, rule: str, cases: Sequence[Facts]
) -> dict[str, str]:
    decision = first_decision(name, file, others, cases)
    usual = {"ground"} if len(cases) > 1 else ()
    desk = Desk(file, name, decision, open_facts(file, [*others, decision], len(others)), usual)
    head = {f"{name}/decision.yaml": decision_text(name, decision, file)}
    return _texts(first_rules(rule, decision, cases), desk) | head


def _texts(rules: Mapping[str, RuleFile], desk: Desk) -> dict[str, str]:
    return {f"{desk.name}/{name}.yaml": rule_text(rule, desk) for name, rule in rules.items()}


def _unfinished(rule: RuleFile) -> RuleFile:
    """The same rule, but nothing supports it yet."""
    unsaid = {"title": TODO, "because": TODO, "source": (), "contradicts": (), "basis": Basis.INFERRED}
    return rule.model_copy(update=unsaid)


def _cases(pack: Pack, rule: str) -> Sequence[Facts]:
    """Two cases that differ in the ground, as the pack's examples have them; one if rules cannot look at the ground."""
    rules = [each.file for decision in pack.decisions for each in decision.rules]
    cases = _two_cases([example.facts for each in rules for example in each.examples], rule)
    words = pack.file.facts.get("ground")
    return cases if words and words.question else cases[:1]


def _two_cases(known: Sequence[Facts], rule: str) -> Sequence[Facts]:
    """The ground of the first is the one that the rule is named after, if there is such a one."""
    grounds = STANDARD["ground"].labels
    known = sorted([*known, *({"ground": ground} for ground in grounds)], key=lambda facts: not _is_about(rule, facts))
    return [known[0], next(facts for facts in known if facts["ground"] != known[0]["ground"])]


def _is_about(rule: str, facts: Facts) -> bool:
    return facts["ground"].replace("_", "-") in rule


def _typical(rules: Iterable[WrittenRule]) -> WrittenRule:
    """The rule to copy: with exceptions as most have them, always in force, with few conditions."""
    rules = sorted(rules, key=lambda rule: rule.name)
    shared = Counter(rule.file.unless for rule in rules)
    ends = {rule.name: bool(rule.file.from_ or rule.file.until) for rule in rules}
    return min(rules, key=lambda rule: (ends[rule.name], -shared[rule.file.unless], len(rule.file.when)))


def _carry_out(plan: _Plan) -> None:
    """Write all files; where one cannot be written, take back those that were."""
    made: list[Path] = []
    try:
        for file, text in plan.files.items():
            for folder in (plan.root, (plan.root / file).parent):
                if not folder.exists():
                    folder.mkdir()
                    made.append(folder)
            with (plan.root / file).open("x", encoding="utf-8", newline="\n") as stream:
                made.append(plan.root / file)
                stream.write(text)
        if plan.pack_file is not None:
            replace_file(plan.root / "pack.yaml", plan.pack_file.encode())
    except OSError:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise
