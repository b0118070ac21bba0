"""The sections of `pack.yaml`, for readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dispute_rules.authoring.pages.links import Links, bullets
from dispute_rules.authoring.pages.markup import code, link, markdown
from dispute_rules.authoring.pages.table_pages import pipes
from dispute_rules.facts import Kind
from dispute_rules.pack.conditions import When
from dispute_rules.pack.files import Assumption, EventFile
from dispute_rules.pack.scope import base_facts
from dispute_rules.pack.specs import AmountSpec, ComparisonSpec, Span
from dispute_rules.pack.written import Pack

_CONFIDENCE = {
    "high": "an official text, or several independent sources",
    "medium": "one good secondary source",
    "low": "weak or undated",
}
_KINDS = {
    Kind.NUMBER: "A number.",
    Kind.COUNT: "A whole number.",
    Kind.AMOUNT: "An amount of money.",
    Kind.DATE: "A day.",
}


def sections(pack: Pack, links: Links) -> Mapping[str, Iterable[str]]:
    """The paragraphs of each section that the pack has, by its title."""
    writers: dict[str, Callable[[Pack, Links], Iterator[str]]] = {
        "Facts": _facts,
        "Parameters": _parameters,
        "Dates": _dates,
        "Amounts": _amounts,
        "Comparisons": _comparisons,
        "Assumptions": _assumptions,
        "Impossible combinations": _impossible,
        "What can happen in a dispute": _events,
        "What a person can change": _changes,
        "The dispute form": _form,
        "Sources": _sources,
    }
    written = {title: [*write(pack, links)] for title, write in writers.items()}
    return {title: paragraphs for title, paragraphs in written.items() if paragraphs}


def _facts(pack: Pack, links: Links) -> Iterator[str]:
    """Those for which the pack has words."""
    kinds = {name: fact.kind for name, fact in {**pack.facts, **base_facts(pack.file)}.items()}
    for name in pack.file.facts:
        words = links.words[name]
        yield f"### Fact: {name}"
        told = (markdown(words.question), _KINDS.get(kinds[name], ""), _computed(pack, name))
        yield " ".join(filter(None, told)) or "No rule looks at it."
        yield bullets(f"`{label}`: {markdown(text)}" for label, text in words.labels.items())


def _computed(pack: Pack, name: str) -> str:
    if name in pack.file.dates:
        return f"It follows from the {link('dates', '#dates')}."
    return f"It follows from the {link('comparisons', '#comparisons')}." if name in pack.file.comparisons else ""


def _parameters(pack: Pack, links: Links) -> Iterator[str]:
    for name, parameter in pack.file.parameters.items():
        yield f"### Parameter: {name}"
        yield markdown(parameter.title)
        values = ((f"{v.from_}", f"{v.value}", links.sources(v.source)) for v in parameter.values)
        yield pipes(("from", parameter.unit.replace("_", " "), "sources"), values)


def _dates(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.dates:
        yield "A first day is the first on which something can be done, a last day the last one."
        rows = (
            (code(name), "first day" if spec.first_day else "last day", _counted(spec.span, links))
            for name, spec in pack.file.dates.items()
        )
        yield pipes(("date", "it is a", "counted"), rows)


def _counted(span: Span, links: Links) -> str:
    after = _named(span.after, links)
    start = after if len(span.after) == 1 else f"the first of these that is known: {after}"
    return f"{' to '.join(map(links.parameter, span.days))} after {start}" if span.days else start


def _named(names: Iterable[str], links: Links) -> str:
    return ", ".join(map(links.fact, names))


def _amounts(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.amounts:
        rows = ((code(n), _made(spec, links), links.sources(spec.source)) for n, spec in pack.file.amounts.items())
        yield pipes(("amount", "what it is", "sources"), rows)


def _made(spec: AmountSpec, links: Links) -> str:
    if spec.part:
        return f"{links.fact(spec.part.of)} times {links.fact(spec.part.times)} divided by {links.fact(spec.part.per)}"
    if spec.sum:
        return " + ".join(map(links.fact, spec.sum))
    how = "the first that is known of" if spec.first else "the least of those that are known of"
    return f"{how} {_named(spec.inputs, links)}"


def _comparisons(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.comparisons:
        rows = ((links.fact(name), *_sides(spec, links)) for name, spec in pack.file.comparisons.items())
        yield pipes(("fact", "it is", "or else"), rows)


def _sides(spec: ComparisonSpec, links: Links) -> Iterator[str]:
    compared, other = links.fact(spec.compare), links.fact(spec.with_)
    for side, label in spec.labels.items():
        yield f"`{label}` where {compared} is {side.replace('_', ' ')} {other}"


def _assumptions(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.assume:
        yield "What is taken for a fact that is unknown: the first of these that fits."
        rows = (
            (f"{number}", links.fact(entry.fact), _taken(entry, links), _where(entry.when, entry.given, links), because)
            for number, entry in enumerate(pack.file.assume, start=1)
            for because in [markdown(entry.because)]
        )
        yield pipes(("", "fact", "taken to be", "where", "because"), rows)


def _taken(entry: Assumption, links: Links) -> str:
    value = str(entry.value)
    words = links.words[entry.fact].labels.get(value)
    return f"“{markdown(words)}” (`{value}`)" if words else value


def _where(when: When, given: str | None, links: Links) -> str:
    known = [f"{links.fact(given)} is known"] if given else []
    return "<br>".join([*links.conditions(when), *known])


def _impossible(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.impossible:
        yield "A case in which all of this holds is refused."
        rows = (
            (_where(entry.when, entry.given, links), markdown(entry.because), markdown(entry.help))
            for entry in pack.file.impossible
        )
        yield pipes(("together", "because", "what to do"), rows)


def _events(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.events:
        yield "The events of a dispute, when each can happen, and what is so from then on."
        rows = (
            (
                code(name),
                markdown(event.title),
                event.by,
                *("<br>".join(tell(event, links)) for tell in (_stages, _needed, _told)),
            )
            for name, event in pack.file.events.items()
        )
        yield pipes(("event", "what happened", "by", "while the dispute is", "and only", "it tells"), rows)


def _stages(event: EventFile, links: Links) -> Iterator[str]:
    words = links.words["stage"].labels if "stage" in links.words else {}
    yield from (f"“{markdown(words[stage])}” (`{stage}`)" if stage in words else code(stage) for stage in event.stages)


def _needed(event: EventFile, links: Links) -> Iterator[str]:
    if event.when:
        yield f"where, if known, {_where(event.when, None, links)}"
    yield from (f"after {links.fact(fact)} was told" for fact in event.after)
    yield from (f"before {links.fact(fact)} is told" for fact in event.before)
    yield from (f"from the first day of {links.fact(name)} on" for name in filter(None, [event.not_before]))


def _told(event: EventFile, links: Links) -> Iterator[str]:
    yield from (f"{links.fact(fact)} is `{label}`" for fact, label in event.sets.items())
    yield from (f"{links.fact(fact)}: its day" for fact in filter(None, [event.day]))
    yield from (f"{links.fact(fact)}, which must be told with it" for fact in event.needs)
    yield from (f"{links.fact(fact)}, if told with it" for fact in event.tells)
    yield from (f"{links.fact(fact)} is no longer so" for fact in event.forgets if fact not in event.tells)


def _changes(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.changes:
        yield "Changes of these facts are tried to find a better outcome. All others tell what happened."
        rows = (
            (links.fact(name), markdown(change.how), change.basis, links.sources(change.source))
            for name, change in pack.file.changes.items()
        )
        yield pipes(("fact", "how", "basis", "sources"), rows)


def _form(pack: Pack, links: Links) -> Iterator[str]:
    if pack.file.form:
        yield "What the dispute form says of a case, in this order. Only facts that are given count, never assumptions."
        rows = ((_where(sentence.when, None, links), markdown(sentence.say)) for sentence in pack.file.form.values())
        yield pipes(("given", "sentence"), rows)


def _sources(pack: Pack, _: Links) -> Iterator[str]:
    for name, source in pack.file.sources.items():
        yield f"### Source: {name}"
        dated = f"Dated {markdown(source.dated)}. " if source.dated else ""
        yield f"{link(markdown(source.title), source.url)}, by {markdown(source.by)}."
        yield f"{dated}Confidence {source.confidence}: {_CONFIDENCE[source.confidence]}."
