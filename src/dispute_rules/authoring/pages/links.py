"""Where the pages of a pack tell of a rule, a fact, a parameter or a source, and how they name it.

GitHub makes the anchors out of the headings. No two headings of a page give the same one: rules are headed by their
names, entries of `pack.yaml` by their kind and name, and the other headings that could clash have ` - ` in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dispute_rules.authoring.pages.markup import code, link, markdown
from dispute_rules.authoring.pages.words import glossary, in_words
from dispute_rules.pack.conditions import When
from dispute_rules.pack.written import Pack

INDEX = "index.md"


def page_of(decision: str) -> str:
    """The file with the page of a decision."""
    return "index-decision.md" if f"{decision}.md" == INDEX else f"{decision}.md"


class Links:
    """What the pages of one pack call things, as Markdown with links."""

    def __init__(self, pack: Pack) -> None:
        self.words = glossary(pack)
        self._file = pack.file
        self._outputs = {output: d.name for d in pack.decisions for output in d.file.outputs}

    def target(self, fact: str) -> str | None:
        """Where a fact is told of, or the decision that answers it."""
        if fact in self._outputs:
            return page_of(self._outputs[fact])
        return f"{INDEX}#fact-{fact}" if fact in self._file.facts else None

    def fact(self, name: str) -> str:
        """A fact by its name."""
        target = self.target(name)
        return link(code(name), target) if target else code(name)

    def rule(self, decision: str, name: str) -> str:
        """A rule by its name within the decision."""
        return link(code(name), f"{page_of(decision)}#{name}")

    def parameter(self, name: str) -> str:
        """A parameter by its name."""
        return link(code(name), f"{INDEX}#parameter-{name}")

    def sources(self, citations: Iterable[str]) -> str:
        """Sources by their titles, down to the place in them."""
        return "; ".join(map(self._source, citations))

    def _source(self, citation: str) -> str:
        name, _, anchor = citation.partition("#")
        source = self._file.sources[name]
        url = f"{source.url}#{anchor}" if anchor else source.url
        return f"{link(markdown(source.title), url)} ({link(code(name), f'{INDEX}#source-{name}')})"

    def conditions(self, when: When) -> Iterator[str]:
        """Each condition in words."""
        for name, condition in when.items():
            words = self.words[name]
            told = markdown(f"{words.question} {in_words(condition, words.labels)}")
            yield f"{told} ({self.fact(name)})"


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)
