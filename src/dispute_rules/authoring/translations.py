"""What is missing in the translations of a pack, what is left over, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispute_rules.authoring.finding import Finding
from dispute_rules.authoring.leftovers import TODO
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.texts import texts
from dispute_rules.pack.translation import languages_of, read_translation
from dispute_rules.pack.written import Pack


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a translation is: the texts that it lacks, as the pack has them, and keys that the pack no longer has."""

    missing: Mapping[str, str]
    left_over: tuple[Problem, ...]


def progress(pack: Pack, language: str) -> Progress:
    """How far the translation into a language is.

    Raises:
        PackError: there is no such translation, or its file has other problems than keys that are left over.
    """
    found = read_translation(pack, language)
    problems = found.document.problems
    if any(problem.code != "unknown-text" for problem in problems):
        raise PackError(problems)
    missing = {key: text for key, text in texts(pack).items() if key not in found.texts}
    return Progress(missing, tuple(problems))


def translation_faults(pack: Pack) -> Iterator[Finding]:
    """What is wrong with any translation. That texts are missing is no fault: they are read as the pack has them.

    Raises:
        PackError: a file cannot be read.
    """
    for language in languages_of(pack):
        found = read_translation(pack, language)
        for problem in found.document.problems:
            yield Finding(problem.code, (problem.place,), problem.message, problem.help)
        for key, text in found.texts.items():
            if text.startswith(TODO):
                place = found.document.at((key,), key=True)
                yield Finding("to-do", (place,), f"{quote(key)} still reads `{TODO}`", "write it")
