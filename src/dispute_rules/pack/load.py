"""From a folder to a pack, with every problem of all its files in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from dispute_rules.errors import PackError, Problem, did_you_mean, printable, quote
from dispute_rules.facts import case_type
from dispute_rules.pack.change_checks import check_changes
from dispute_rules.pack.event_checks import check_events
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.folder import files_of, languages_in
from dispute_rules.pack.form import form
from dispute_rules.pack.names import Names
from dispute_rules.pack.rule_checks import ReadDecision, ReadRule, RuleChecks, check_late_facts
from dispute_rules.pack.scope import late_facts, own_facts
from dispute_rules.pack.sentence_checks import check_sentences
from dispute_rules.pack.shared_checks import SharedChecks
from dispute_rules.pack.texts import check_names
from dispute_rules.pack.translation import translated
from dispute_rules.pack.written import Pack, WrittenDecision, WrittenRule
from dispute_rules.pack.yaml import Document, read


def load_pack(pack: str | Path, *, language: str | None = None) -> Pack:
    """Load a shipped pack by its name, or a pack of your own by its folder.

    With a `language`, as a tag of BCP 47, its texts are those of `texts.<language>.yaml`, as far as they are there.

    Raises:
        PackError: with every problem of the pack's files, or there is no such translation.
    """
    found = _find(pack)
    return found if language is None or language == found.file.language else translated(found, language)


def _find(pack: str | Path) -> Pack:
    if isinstance(pack, str) and pack in shipped_packs():
        return _load(_shipped() / pack, f"rules/{pack}")
    try:
        root = Path(pack)
        exists, is_folder = root.exists(), root.is_dir() and str(pack) != ""
    except (OSError, ValueError, TypeError):  # a name too long for the system, with a NUL in it, or none at all
        exists = is_folder = False
        root = Path()
    if is_folder:
        return _load(root, str(pack).rstrip("/") or "/")
    message = f"the pack {quote(pack)} is a file, not a folder" if exists else f"there is no pack {quote(pack)}"
    help = f"a shipped pack ({', '.join(shipped_packs())}) by its name, or the folder of your own"
    raise PackError([Problem(printable(str(pack)), "unknown-pack", message, help)])


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that come with the library."""
    return tuple(sorted(entry.name for entry in _shipped().iterdir() if (entry / "pack.yaml").is_file()))


def _shipped() -> Path:
    """`rules/` within the installed package, or beside `src/` in a checkout."""
    package = Path(str(resources.files("dispute_rules")))
    inside = package / "rules"
    return inside if inside.is_dir() else package.parents[1] / "rules"


def _load(root: Path, shown: str) -> Pack:
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
    own = own_facts(shared)
    kind = case_type(own)
    _check(shared, documents["pack.yaml"], found, kind)
    written = tuple(
        WrittenDecision(
            decision,
            found[decision].file,
            tuple(WrittenRule(r.name, r.file, r.document.place) for r in found[decision].rules),
        )
        for decision in shared.decisions
        if decision in found
    )
    return Pack(root.resolve().name, shared, written, own, kind, _content_hash(contents), shown, root, contents)


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


def _content_hash(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path, text in sorted(contents.items()):
        digest.update(f"{path}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()
