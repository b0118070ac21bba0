"""Whether the sections of `pack.yaml` fit together."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from dispute_rules.case import Case
from dispute_rules.errors import did_you_mean, quote
from dispute_rules.facts import STANDARD, TYPES, Kind
from dispute_rules.pack.files import Assumption, PackFile
from dispute_rules.pack.kinds import Basis
from dispute_rules.pack.names import Names
from dispute_rules.pack.scope import NUMERIC, RECOMMENDED, case_facts, facts_behind, inputs_of
from dispute_rules.pack.yaml import Document, Path


class SharedChecks:
    """One check for each section; what is wrong is noted in the document."""

    def __init__(self, document: Document, file: PackFile, names: Names, looked_at: frozenset[str]) -> None:
        self._document = document
        self._file = file
        self._names = names
        self._looked_at = looked_at | {name for entry in file.impossible for name in entry.when}
        self._looked_at |= {name for entry in file.assume for name in entry.when}
        self._facts = case_facts(file)

    def run(self) -> None:
        """Check all sections."""
        self._check_facts()
        self._check_parameters()
        self._check_dates()
        self._check_amounts()
        self._check_comparisons()
        for index, entry in enumerate(self._file.impossible):
            self._names.check(self._document, ("impossible", index, "when"), entry.when)
            self._check_given(("impossible", index), entry.given)
        self._check_assumptions()
        self._check_questions()

    def _check_facts(self) -> None:
        for name, words in self._file.facts.items():
            here: Path = ("facts", name)
            if words.kind and name not in STANDARD:
                self._check_taken(here, name)
            if name in STANDARD and words.kind:
                self._problem(
                    here, "taken-name", f"{quote(name)} is a standard fact", "drop `kind`, or take a new name"
                )
            elif words.kind and hasattr(Case, name):
                self._problem(here, "taken-name", f"the name {quote(name)} is taken", "take another", key=True)
            elif words.kind and words.kind not in ("label", "yes_no") and words.labels:
                message = f"a fact of the kind `{words.kind}` has no labels"
                self._problem((*here, "labels"), "unknown-key", message, "leave `labels` out", key=True)
            elif words.kind == "label" and not words.labels:
                self._problem(here, "missing-key", f"{quote(name)} has no labels", "give `labels` with their words")
            elif not words.kind and name not in self._names.base and name not in STANDARD:
                help = did_you_mean(name, self._names.base) + " For a fact of your own give its `kind`"
                self._problem(here, "unknown-fact", f"there is no fact {quote(name)}", help)
            known = self._names.base[name].labels if name in self._names.base else ()
            for label in words.labels if known else ():
                if label not in known:
                    message = f"{quote(label)} is not a label of {quote(name)}"
                    self._problem((*here, "labels", label), "unknown-label", message, did_you_mean(label, known))

    def _check_parameters(self) -> None:
        for name, parameter in self._file.parameters.items():
            here: Path = ("parameters", name, "values")
            days = [value.from_ for value in parameter.values]
            if days[0] > self._file.from_:
                help = f"the first value counts from {self._file.from_}, like the pack"
                self._problem(here, "gap-in-time", f"{quote(name)} has no value before {days[0]}", help)
            if days != sorted(set(days)):
                self._problem(here, "gap-in-time", f"the values of {quote(name)} are not in order", "oldest first")
            for index, value in enumerate(parameter.values):
                check_citations(self._document, (*here, index, "source"), value.source, self._file)

    def _check_dates(self) -> None:
        known = {name for name, fact in self._facts.items() if fact.kind is Kind.DATE}
        for name, spec in self._file.dates.items():
            key = "first_day" if spec.first_day else "last_day"
            self._check_taken(("dates", name), name)
            self._check_all(("dates", name, key, "after"), spec.span.after, known, "unknown-date", "a day")
            self._check_all(
                ("dates", name, key, "days"),
                spec.span.days or (),
                self._file.parameters,
                "unknown-parameter",
                "a parameter",
            )
            known.add(name)
            self._check_span(("dates", name, key, "days"), spec.span.days or ())

    def _check_span(self, path: Path, names: tuple[str, ...]) -> None:
        if len(names) == 2 and all(name in self._file.parameters for name in names):
            first, last = (self._file.parameters[name].values for name in names)
            for day in {value.from_ for value in (*first, *last)}:
                soonest = [value.value for value in first if value.from_ <= day]
                latest = [value.value for value in last if value.from_ <= day]
                if soonest and latest and soonest[-1] > latest[-1]:
                    message = f"on {day} the range ends before it begins"
                    self._problem(path, "bad-date-entry", message, "name the smaller number first")
                    return

    def _check_amounts(self) -> None:
        known = {name for name, fact in self._facts.items() if fact.kind in NUMERIC} | {RECOMMENDED}
        for name, spec in self._file.amounts.items():
            self._check_taken(("amounts", name), name)
            self._check_all(("amounts", name), spec.inputs, known, "unknown-amount", "an amount")
            check_citations(self._document, ("amounts", name, "source"), spec.source, self._file)
            known.add(name)
            if name == "cap" and RECOMMENDED in inputs_of(self._file, name):
                help = "make it of the amounts of the case"
                self._problem(("amounts", name), "circle", "`cap` limits what is recommended, and rests on it", help)

    def _check_comparisons(self) -> None:
        numbers = {name for name, fact in self._facts.items() if fact.kind in NUMERIC}
        numbers |= {RECOMMENDED, *self._file.amounts}
        for name, spec in self._file.comparisons.items():
            self._check_taken(("comparisons", name), name)
            for key, operand in (("compare", spec.compare), ("with", spec.with_)):
                here: Path = ("comparisons", name, key)
                if spec.compare in self._file.dates:
                    self._check_all(here, (operand,), self._file.dates, "unknown-date", "a date")
                else:
                    self._check_all(here, (operand,), numbers, "unknown-amount", "an amount")

    def _check_taken(self, path: Path, name: str) -> None:
        sections = (self._facts, self._file.dates, self._file.amounts, self._file.comparisons)
        if sum(name in section for section in sections) > 1 or name in ("proof", RECOMMENDED):
            self._problem(path, "taken-name", f"the name {quote(name)} is taken", "take another", key=True)

    def _check_all(self, path: Path, wanted: Iterable[str], known: Iterable[str], code: str, what: str) -> None:
        for name in wanted:
            if name not in known:
                help = did_you_mean(name, known) or f"list it in `{path[0]}` or where it belongs, above its use"
                self._problem(path, code, f"{quote(name)} is not {what} known here", help)

    def _check_assumptions(self) -> None:
        closed: set[str] = set()  # facts whose assumptions end with one that always applies
        for index, entry in enumerate(self._file.assume):
            path: Path = ("assume", index)
            self._check_assumed_value(path, entry)
            self._names.check(self._document, (*path, "when"), entry.when)
            if entry.fact in closed:
                message = f"an assumption for {quote(entry.fact)} above always applies, so this never does"
                self._problem((*path, entry.fact), "never-applies", message, "put the general one last", key=True)
            for name in entry.when:
                if name in self._assumed and name not in closed and name != entry.given:
                    message = f"{quote(name)} may itself be unknown here"
                    self._problem(
                        (*path, "when", name), "not-known-yet", message, "move its assumptions above", key=True
                    )
            self._check_given(path, entry.given)
            if not entry.when and not entry.given:
                closed.add(entry.fact)
        for name in sorted(self._assumed | (self._looked_at & self._computed) - closed):
            if name not in closed and name in self._names.base:
                help = "end with an assumption that has neither `when` nor `given`"
                self._problem(("assume",), "open-assumption", f"{quote(name)} may stay unknown", help)

    def _check_given(self, path: Path, name: str | None) -> None:
        if name is not None and name not in self._facts:
            message = f"there is no fact {quote(name)}"
            self._problem((*path, "given"), "unknown-fact", message, did_you_mean(name, self._facts))

    @property
    def _assumed(self) -> set[str]:
        return {entry.fact for entry in self._file.assume}

    @property
    def _computed(self) -> set[str]:
        """What rules look at that no caller can simply be required to give."""
        return self._names.base.keys() - self._facts.keys()

    def _check_assumed_value(self, path: Path, entry: Assumption) -> None:
        here = (*path, entry.fact)
        fact = self._names.base.get(entry.fact)
        if fact is None:
            help = did_you_mean(entry.fact, self._names.base)
            self._problem(here, "unknown-fact", f"{quote(entry.fact)} cannot be assumed", help, key=True)
        elif fact.kind in NUMERIC:
            if entry.when or entry.given:
                self._problem(
                    here, "bad-assumption", "an assumed number has no `when` or `given`", "drop them", key=True
                )
            if not _is_number(fact.kind, entry.value):
                self._problem(
                    here, "wrong-type", f"{quote(entry.value)} is not a value of {quote(entry.fact)}", "a number"
                )
        elif entry.value not in fact.labels:
            message = f"{quote(entry.value)} is not a label of {quote(entry.fact)}"
            self._problem(here, "unknown-label", message, did_you_mean(entry.value, fact.labels))

    def _check_questions(self) -> None:
        """Of what several facts tell together, each is asked for by itself."""
        looked_at = self._looked_at & self._names.base.keys()
        found = (facts_behind(self._file, name) & self._facts.keys() for name in looked_at)
        behind = [facts for facts in found if len(facts) > 1]
        for name in sorted(looked_at.union(*behind)):
            words = self._file.facts.get(name)
            if words is None or words.question is None:
                help = f"add `{name}: {{question: ...}}` to `facts`"
                self._problem(("facts",), "missing-question", f"there is no question for {quote(name)}", help)

    def _problem(self, path: Path, code: str, message: str, help: str, *, key: bool = False) -> None:
        self._document.problem(path, code, message, help, key=key)


def _is_number(kind: Kind, value: object) -> bool:
    try:
        TypeAdapter(TYPES[kind]).validate_python(value)
    except ValidationError:
        return False
    return not isinstance(value, str)


def check_support(document: Document, path: Path, basis: Basis, sources: Iterable[str], file: PackFile) -> None:
    """Whether what is more than our own reading names a source, and all sources are listed."""
    if not sources and basis is not Basis.INFERRED:
        help = "name the source, or say `basis: inferred` if no source supports it"
        document.problem((*path, "basis"), "missing-source", "no source is named", help)
    check_citations(document, (*path, "source"), sources, file)


def check_citations(document: Document, path: Path, citations: Iterable[str], file: PackFile) -> None:
    """Whether all cited sources are listed."""
    for citation in citations:
        name = citation.partition("#")[0]
        if name not in file.sources:
            help = did_you_mean(name, file.sources) or "list it in `sources`"
            document.problem(path, "unknown-source", f"there is no source {quote(name)}", help)
