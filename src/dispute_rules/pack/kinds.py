"""What a pack's files are made of: entries with names, texts and labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dispute_rules.validation import NAME_HELP

_LONGEST_TEXT = 1000
_FILE_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_CITATION = r"^[a-z0-9-]+(#[A-Za-z0-9_.:-]+)?$"
_LINK = r"^https?://[^\s]+$"
LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
"""A tag of BCP 47, in the case in which these are written."""
_TAG = f"^{LANGUAGE}$"
NAME_HELP.update(
    {
        _FILE_NAME: "small letters and digits, with `-` between words",
        _CITATION: "the name of a source, as in `source` or `source#anchor`",
        _LINK: "a link that begins with https:// or http://",
        _TAG: "a language tag of BCP 47, such as `en`, `pt-BR` or `zh-Hant`",
    }
)


def label_of(value: object) -> object:
    """A yes/no label may be written as YAML's `true` and `false`."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _in_a_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, Field(strict=True, min_length=1, max_length=_LONGEST_TEXT)]
Name = Annotated[str, Field(strict=True, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
FileName = Annotated[str, Field(strict=True, max_length=64, pattern=_FILE_NAME)]
Label = Annotated[Name, BeforeValidator(label_of, json_schema_input_type=bool | Name)]
Citation = Annotated[str, Field(strict=True, max_length=200, pattern=_CITATION)]
Link = Annotated[str, Field(strict=True, max_length=500, pattern=_LINK)]
Language = Annotated[str, Field(strict=True, max_length=64, pattern=_TAG)]
_ONE_NAME_OR_MORE = BeforeValidator(_one_or_more, json_schema_input_type=Name | tuple[Name, ...])
Names = Annotated[tuple[Name, ...], Field(min_length=1), _ONE_NAME_OR_MORE]
OneOrTwo = Annotated[tuple[Name, ...], Field(min_length=1, max_length=2), _ONE_NAME_OR_MORE]
Citations = Annotated[
    tuple[Citation, ...], BeforeValidator(_one_or_more, json_schema_input_type=Citation | tuple[Citation, ...])
]
Words = dict[Name, Text]  # labels are keys here, and a key is text even where it reads `true`
_OneLabelOrMore = Annotated[
    tuple[Label, ...],
    Field(min_length=1),
    BeforeValidator(_in_a_list, json_schema_input_type=Label | tuple[Label, ...]),
]
BestFirst = Annotated[tuple[_OneLabelOrMore, ...], Field(min_length=2)]


class Entry(BaseModel):
    """Something that stands in a file of a pack."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Policy(StrEnum):
    """How the rules of a decision combine, in DMN's terms."""

    ANY = "any"
    COLLECT = "collect"


class Basis(StrEnum):
    """How firmly a rule stands on its sources."""

    STATED = "stated"
    DERIVED = "derived"
    REPORTED = "reported"
    INFERRED = "inferred"
