"""A pack in another language: beside `pack.yaml`, `texts.de.yaml` has texts in German by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import RootModel

from dispute_rules.errors import PackError, Problem, did_you_mean, quote
from dispute_rules.pack.folder import content_of, languages_in
from dispute_rules.pack.form import form
from dispute_rules.pack.kinds import Text
from dispute_rules.pack.sentence_checks import translated_otherwise
from dispute_rules.pack.texts import reworded, texts
from dispute_rules.pack.written import Pack
from dispute_rules.pack.yaml import Document, read

_MOST_COMPARED = 20  # unknown keys that are compared with all that there are, which takes a while
_KEYS_HELP = "`dispute-rules texts` lists all keys"


class _Texts(RootModel[dict[str, Text]]):
    """`texts.<language>.yaml`."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts of a file by their keys, as far as it can be read, and the document with all that is wrong with it."""

    document: Document
    texts: Mapping[str, str]


def translated(pack: Pack, language: str) -> Pack:
    """The pack in another language; what is not translated stays as it is.

    Raises:
        PackError: there is no such translation, or it has problems.
    """
    found = read_translation(pack, language)
    if found.document.problems:
        raise PackError(found.document.problems)
    said = reworded(pack, found.texts.get)
    return said.saying(said.file.model_copy(update={"language": language}), said.decisions)


def languages_of(pack: Pack) -> tuple[str, ...]:
    """The languages into which a pack is translated.

    Raises:
        PackError: its folder cannot be read any more.
    """
    problems: list[Problem] = []
    found = languages_in(pack.folder, pack.place, problems)
    if problems:
        raise PackError(problems)
    return tuple(found)


def read_translation(pack: Pack, language: str) -> Translation:
    """What the file of a language says.

    Raises:
        PackError: there is no such file, or it cannot be read.
    """
    if language not in (languages := languages_of(pack)):
        missing = f"a translation would be a file `texts.{quote(language)[1:-1]}.yaml` in its folder"
        help = did_you_mean(language, languages) or f"the pack has none, so leave the language out; {missing}"
        message = f"there is no translation into {quote(language)}"
        raise PackError([Problem(pack.place, "unknown-language", message, help)])
    problems: list[Problem] = []
    name = f"texts.{language}.yaml"
    content = content_of(pack.folder / name, f"{pack.place}/{name}", problems)
    if content is None:
        raise PackError(problems)
    document = read(content, f"{pack.place}/{name}")
    said = form(_Texts, document)
    _check_keys(document, known := texts(pack))
    found = said.root if said else {}
    for key in (key for key in found if key in known and key.startswith(("form.", "phrases."))):
        document.problems.extend(translated_otherwise(document.at((key,)), found[key], known[key]))
    return Translation(document, found)


def _check_keys(document: Document, known: Mapping[str, str]) -> None:
    keys = document.data if isinstance(document.data, dict) else {}
    for number, key in enumerate(key for key in keys if key not in known):
        near = did_you_mean(key, known) if number < _MOST_COMPARED else ""
        help = near if near.startswith("did") else _KEYS_HELP
        document.problem((key,), "unknown-text", f"the pack has no text {quote(key)}", help, key=True)
