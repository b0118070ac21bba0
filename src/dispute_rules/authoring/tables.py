"""Tables of whole cases: files that a domain person writes, each case with what is expected of its advice."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.expectations import Expectable, expectable
from dispute_rules.authoring.whole_cases import CaseTrial, Expected
from dispute_rules.errors import CaseError, PackError, Problem, printable, quote
from dispute_rules.facts import Fact
from dispute_rules.pack.form import form
from dispute_rules.pack.kinds import Citations, FileName, Text
from dispute_rules.pack.shared_checks import check_citations
from dispute_rules.pack.written import Pack
from dispute_rules.pack.yaml import Document, read
from dispute_rules.pack.yaml import Path as YamlPath
from dispute_rules.reading import LARGEST_TEXT
from dispute_rules.validation import refused
from dispute_rules.values import Day

_SAME_EVERY_DAY = "give `today`, in `given` for all cases of the file: a test says the same on every day"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _named_event(value: object) -> object:
    return {"what": value} if isinstance(value, str) else value


class _Expect(_Part):
    """The fields of an advice are added for each pack."""

    refused: Annotated[tuple[FileName, ...], BeforeValidator(_one_or_more), Field(min_length=1)] = ()

    @model_validator(mode="after")
    def _something(self) -> _Expect:
        if not self.model_fields_set:
            raise refused("bad-example", "nothing is expected", "name a field of the advice, such as `verdict`")
        if self.refused and len(self.model_fields_set) > 1:
            raise refused("bad-example", "a case that is refused has no advice", "give either `refused` or the others")
        return self


class _Step(_Part):
    """A day in a story: what happens on it, what else is known from then on, and what is expected."""

    on: Day
    event: Annotated[dict[str, Any], BeforeValidator(_named_event)] = {}
    case: dict[str, Any] = {}
    expect: _Expect


class _Row(_Part):
    name: Text
    source: Citations = ()
    because: Text | None = None
    case: dict[str, Any]
    whatever: _Part = _Part()  # the facts of the pack's cases, added for each pack
    expect: _Expect | None = None
    steps: Annotated[tuple[_Step, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> _Row:
        if (self.expect is None) == (self.steps is None):
            message = "`expect` is missing" if self.steps is None else "a story is expected step by step"
            help = "give either `expect` or, for a story, `steps`"
            raise refused("missing-key" if self.steps is None else "bad-example", message, help)
        return self


class _Table(_Part):
    about: Text
    given: dict[str, Any] = {}
    cases: Annotated[tuple[_Row, ...], Field(min_length=1)]


def read_cases(path: str | Path, pack: Pack) -> list[CaseTrial]:
    """The cases of one table, or of all tables (`*.yaml`) in a folder.

    Raises:
        PackError: with every problem of every table.
    """
    problems: list[Problem] = []
    reader = _Reader(pack)
    trials = [trial for file in _files(path) for trial in reader.trials(file, problems)]
    if problems:
        raise PackError(problems)
    return trials


def _files(path: str | Path) -> list[Path]:
    try:
        root = Path(path)
        found = sorted(file for file in root.iterdir() if _is_table(file)) if path and root.is_dir() else [root]
        missing = not all(file.is_file() for file in found)
    except (OSError, ValueError, TypeError):  # a name too long for the system, with a NUL in it, or none at all
        missing, found = True, []
    place = printable(str(path))
    if missing:
        help = "give a table of cases, or the folder that holds them"
        raise PackError([Problem(place, "missing-file", f"there is no file or folder {quote(path)}", help)])
    if not found:
        message = f"no table is in the folder {quote(path)}"
        raise PackError([Problem(place, "nothing-to-try", message, "tables of cases are named `*.yaml`")])
    return found


def _is_table(file: Path) -> bool:
    return file.suffix in (".yaml", ".yml") and not file.name.startswith(".")


class _Reader:
    """Reads tables for one pack."""

    def __init__(self, pack: Pack) -> None:
        self._advisor = Advisor(pack)
        self._fields = {name: field for name, field in expectable(pack).items() if name != "refused"}
        # the names of outputs may be those of anything, so the model has names of its own for them
        self._own = {name: f"field_{number}" for number, name in enumerate(self._fields)}
        self._facts = pack.facts
        self._model = _model(self._facts, {own: (name, self._fields[name]) for name, own in self._own.items()})

    def trials(self, file: Path, problems: list[Problem]) -> Iterator[CaseTrial]:
        """The cases of one table; what is wrong with it goes to `problems`."""
        document = _read(file)
        _check_rows(document, self._advisor.pack)
        _check_facts(document, self._advisor, self._facts)
        table: Any = form(self._model, document)
        if table is not None:
            for index, row in enumerate(table.cases):
                facts = {**table.given, **row.case}
                trial = partial(self._trial, document, row)
                if row.steps is None:
                    yield trial(f"{file.stem}/{row.name}", ("cases", index), facts=facts, expect=row.expect)
                else:
                    yield from _story(trial, f"{file.stem}/{row.name}", ("cases", index, "steps"), facts, row.steps)
        problems.extend(document.problems)

    def _trial(
        self, document: Document, row: Any, name: str, here: YamlPath, *, facts: Mapping[str, Any], expect: Any
    ) -> CaseTrial:
        written = reduce(operator.getitem, (*here, "expect"), document.data)
        fields = [field for field in written if field in self._own]
        return CaseTrial(
            name=name,
            place=document.at(here),
            facts=facts,
            others=tuple((fact, value) for fact, values in row.whatever for value in values),
            expected=tuple(
                Expected(
                    field,
                    self._fields[field],
                    getattr(expect, self._own[field]),
                    document.at((*here, "expect", field)),
                )
                for field in fields
            ),
            refused=frozenset(expect.refused),
            support=tuple(_support(row)),
            advisor=self._advisor,
        )


def _story(
    trial: Callable[..., CaseTrial], name: str, here: YamlPath, facts: Mapping[str, Any], steps: Iterable[_Step]
) -> Iterator[CaseTrial]:
    """Each step as a case, with all that has happened until then."""
    for number, step in enumerate(steps):
        told = [{"on": str(step.on), **step.event}] if step.event else []
        facts = {**facts, **step.case, "today": str(step.on), "events": [*facts.get("events", ()), *told]}
        happened = f" {step.event.get('what')}" if step.event else ""
        yield trial(f"{name}: {step.on}{happened}", (*here, number), facts=facts, expect=step.expect)


def _model(facts: Mapping[str, Fact], fields: Mapping[str, tuple[str, Expectable]]) -> type[BaseModel]:
    """What may stand in a table for one pack."""
    values = {fact.name: (_values_of(fact), ()) for fact in facts.values()}
    whatever = create_model("Whatever", __base__=_Part, **values)  # type: ignore[call-overload]
    named: dict[str, Any] = {
        own: (field.values, Field(frozenset(), alias=name)) for own, (name, field) in fields.items()
    }
    expect = create_model("Expect", __base__=_Expect, **named)
    step = create_model("Step", __base__=_Step, expect=(expect, ...))
    steps = Annotated[tuple[step, ...], Field(min_length=1)]
    both: dict[str, Any] = {"expect": (expect | None, None), "steps": (steps | None, None)}
    row = create_model("Row", __base__=_Row, whatever=(whatever, whatever()), **both)
    return create_model("Table", __base__=_Table, cases=(Annotated[tuple[row, ...], Field(min_length=1)], ...))


def _values_of(fact: Fact) -> Any:
    return Annotated[tuple[Any, ...], BeforeValidator(partial(_all_if_any, fact)), Field(min_length=1)]


def _all_if_any(fact: Fact, values: Any) -> Any:
    """`any` stands for every label of a fact."""
    return fact.labels if values == "any" and fact.labels else values


def _support(row: _Row) -> Iterator[str]:
    if row.source:
        yield f"source: {', '.join(row.source)}"
    if row.because:
        yield f"because: {row.because}"


def _read(file: Path) -> Document:
    place = printable(str(file))
    document = Document(place)
    try:
        if file.stat().st_size > LARGEST_TEXT:
            document.problem((), "too-large", f"more than {LARGEST_TEXT:,} bytes", "split the table")
            return document
        return read(file.read_bytes(), place)
    except OSError as error:
        document.problem((), "unreadable", f"cannot be read: {error.strerror}", "check its permissions")
        return document


def _rows(document: Document) -> Iterator[tuple[YamlPath, dict[str, Any]]]:
    """The entries that can be made out, whatever else is wrong with the table."""
    rows = _mapping(document.data).get("cases")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield ("cases", index), row


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _check_rows(document: Document, pack: Pack) -> None:
    names: set[str] = set()
    for here, row in _rows(document):
        name = row.get("name")
        if isinstance(name, str):
            if name in names:
                message = f"two cases are called {quote(name)}"
                document.problem((*here, "name"), "duplicate-key", message, "take another name")
            names.add(name)
        cited = _one_or_more(row.get("source", []))
        citations = [word for word in cited if isinstance(word, str)] if isinstance(cited, list) else []
        check_citations(document, (*here, "source"), citations, pack.file)


def _check_facts(document: Document, advisor: Advisor, facts: Mapping[str, Fact]) -> None:
    given = _mapping(_mapping(document.data).get("given"))
    for here, row in _rows(document):
        case = row.get("case")
        if not isinstance(case, dict):
            continue  # which is told for itself
        if "today" not in {**given, **case} and "steps" not in row:
            document.problem((*here, "case"), "missing-fact", "the fact `today` is missing", _SAME_EVERY_DAY)
        if "refused" in _mapping(row.get("expect")):
            continue  # it may well be the facts for which the case is refused
        spots = {name: ("given", name) for name in given} | {name: (*here, "case", name) for name in case}
        for path, other in [((*here, "case"), {}), *_others(row, here, facts)]:
            try:
                advisor.Case(**{**given, **case, **other})
            except CaseError as error:
                for found in error.problems:
                    at = {**spots, **dict.fromkeys(other, path)}.get(found.place, path)
                    document.problem(at, found.code, found.message, found.help, key=found.code == "unknown-fact")


def _others(
    row: Mapping[str, Any], here: YamlPath, facts: Mapping[str, Fact]
) -> Iterator[tuple[YamlPath, dict[str, Any]]]:
    """The facts with other values, and where these stand."""
    for name, written in _mapping(row.get("whatever")).items():
        values = _all_if_any(facts[name], written) if name in facts else ()
        for number, value in enumerate(values if isinstance(values, list | tuple) else ()):
            yield (*here, "whatever", name, number), {name: value}
