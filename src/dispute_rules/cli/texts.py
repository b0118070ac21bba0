"""`dispute-rules texts`: every text of a pack, to be translated."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict

import yaml

from dispute_rules.authoring.translations import progress
from dispute_rules.cli.authors import FINDINGS, FINE, add_pack
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.texts import texts
from dispute_rules.pack.written import Pack

_EPILOG = """\
A translation is the file texts.<language>.yaml beside pack.yaml, with these keys. What it does not say is read in the
pack's own language.

exit status: 0 printed, 1 texts are missing or left over (with --language), 2 the pack or the file cannot be read

examples:
  dispute-rules texts path/to/my-pack > path/to/my-pack/texts.de.yaml      a translation to begin with
  dispute-rules texts path/to/my-pack --language de                        what it lacks, and what is left over
"""
_NUMBERS_BEGIN = frozenset("0123456789+-.")


def add_texts(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`texts`."""
    parser.epilog = _EPILOG
    add_pack(parser)
    parser.add_argument("--language", metavar="TAG", help="only what the translation into this language lacks")
    parser.add_argument("--json", action="store_true", help="print JSON in place of YAML")
    parser.set_defaults(run=_texts, known=["language", "json", "help"])


def _texts(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    if options.language is not None:
        return _progress(pack, options.language, as_json=options.json)
    print(_json(texts(pack)) if options.json else yaml_of(texts(pack)))
    return FINE


def _progress(pack: Pack, language: str, *, as_json: bool) -> int:
    found = progress(pack, language)
    if as_json:
        print(_json({"missing": found.missing, "left_over": [asdict(problem) for problem in found.left_over]}))
    else:
        if found.missing:
            print(yaml_of(found.missing))
        counted = f"{len(found.missing)} texts missing, {len(found.left_over)} left over"
        print(*found.left_over, counted, sep="\n", file=sys.stderr)
    return FINDINGS if found.missing or found.left_over else FINE


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def yaml_of(found: Mapping[str, str]) -> str:
    """A file of texts."""
    written: str = yaml.dump(dict(found), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return written.strip()


class _Dumper(yaml.SafeDumper):
    """Puts into double quotes what would come back as something else: signs that nobody sees, and numbers."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        plain = data.isprintable() and data[:1] not in _NUMBERS_BEGIN
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if plain else '"')


_Dumper.add_representer(str, _Dumper.represent_str)
