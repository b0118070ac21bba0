"""From the files of a pack to what they say, with every problem of all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dispute_rules.errors import PackError, Problem, did_you_mean, quote
from dispute_rules.pack.change_checks import check_changes
from dispute_rules.pack.event_checks import check_events
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.folder import files_of, languages_in
from dispute_rules.pack.form import form
from dispute_rules.pack.names import Names
from dispute_rules.pack.rule_checks import ReadDecision, ReadRule, RuleChecks, check_late_facts
from dispute_rules.pack.scope import late_facts
from dispute_rules.pack.sentence_checks import check_sentences
from dispute_rules.pack.shared_checks import SharedChecks
from dispute_rules.pack.texts import check_names
from dispute_rules.pack.written import Pack, pack_of
from dispute_rules.pack.yaml import Document, read


def read_pack(root: Path, shown: str) -> Pack:
    """The pack in a folder.

    Raises:
        PackError: with every problem of its files.
    """
    problems: list[Problem] = []
    found = files_of(root, shown, problems)
    contents = {path: text for path, text in found.items() if text is not None}
    documents = {path: read(text, f"{shown}/{path}") for path, text in contents.items()}
    problems += _missing_files(found, shown)
    pack = _assemble(root, shown, documents, contents)
    problems += _in_its_own_language(pack) if pack else ()
    for document in documents.values():
        problems.extend(document.problems)
    if pack is None or problems:
        raise PackError(problems)
    return pack


def _in_its_own_language(pack: Pack) -> Iterator[Problem]:
    if pack.file.language in languages_in(pack.folder, pack.place, []):
        name = f"texts.{pack.file.language}.yaml"
        help = f"the pack itself is in {quote(pack.file.language)}: change the texts where they stand"
        yield Problem(f"{pack.place}/{name}", "stray-file", f"{quote(name)} does not belong here", help)


def _missing_files(found: Iterable[str], shown: str) -> Iterator[Problem]:
    folders = {path.split("/")[0] for path in found if "/" in path}
    for path in ("pack.yaml", *(f"{folder}/decision.yaml" for folder in sorted(folders))):
        if path not in found:
            name = path.split("/")[-1]
            yield Problem(
                f"{shown}/{path}", "missing-file", f"there is no `{name}`", "docs/rule-format.md says what it holds"
            )


def _assemble(root: Path, shown: str, documents: Mapping[str, Document], contents: Mapping[str, bytes]) -> Pack | None:
    """The pack as far as its files allow; None when `pack.yaml` or a `decision.yaml` cannot be made out."""
    shared = form(PackFile, documents["pack.yaml"]) if "pack.yaml" in documents else None
    folders = list(dict.fromkeys(path.split("/")[0] for path in documents if "/" in path))
    decisions = {folder: _decision(folder, documents) for folder in folders}
    found = {folder: decision for folder, decision in decisions.items() if decision is not None}
    if shared is None or len(found) < len(decisions):
        return None
    forms = {
        name: (decision.file, {rule.name: rule.file for rule in decision.rules}) for name, decision in found.items()
    }
    pack = pack_of(root, shown, contents, shared, forms)
    _check(shared, documents["pack.yaml"], found, pack.Case)
    return pack


def _decision(folder: str, documents: Mapping[str, Document]) -> ReadDecision | None:
    inside = {path: document for path, document in documents.items() if path.startswith(f"{folder}/")}
    head = inside.pop(f"{folder}/decision.yaml", None)
    names = [path.removeprefix(f"{folder}/").removesuffix(".yaml") for path in inside]
    forms = [(name, document, form(RuleFile, document)) for name, document in zip(names, inside.values(), strict=True)]
    file = None if head is None else form(DecisionFile, head)
    rules = [ReadRule(name, document, read_as) for name, document, read_as in forms if read_as is not None]
    return None if head is None or file is None else ReadDecision(folder, head, file, rules, names)


def _check(shared: PackFile, document: Document, decisions: Mapping[str, ReadDecision], kind: type[Any]) -> None:
    for index, name in enumerate(shared.decisions):
        if name not in decisions:
            help = did_you_mean(name, decisions) or "every decision is a folder"
            document.problem(("decisions", index), "unknown-decision", f"there is no folder {quote(name)}", help)
        if name in shared.decisions[:index]:
            document.problem(("decisions", index), "duplicate-key", f"{quote(name)} stands twice", "keep one")
    for name, decision in decisions.items():
        if name not in shared.decisions:
            help = "list it under `decisions` in pack.yaml, where its turn is"
            decision.document.problem((), "unlisted-decision", f"the decision {quote(name)} is never made", help)
    listed = {name: decisions[name] for name in shared.decisions if name in decisions}
    reads = {name: frozenset(fact for rule in d.rules for fact in rule.file.when) for name, d in listed.items()}
    names = Names(shared, {name: decision.file for name, decision in listed.items()}, reads)
    for decision in listed.values():
        RuleChecks(decision, shared, names, kind).run()
    check_late_facts(list(listed.values()), late_facts(shared))
    SharedChecks(document, shared, names, frozenset().union(*reads.values())).run()
    check_changes(document, shared)
    check_events(document, shared)
    check_sentences(document, shared)
    check_names(document, shared)
