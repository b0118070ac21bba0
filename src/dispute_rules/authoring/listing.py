"""One more decision at the end of `decisions` in a `pack.yaml`, of which nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.yaml import Document, Mark, read

_WORD = re.compile(r"""'[^']*'|"[^"]*"|[^\s,\[\]{}]+""")


def with_decision(text: str, place: str, decision: str) -> str:
    """The text with the decision listed last.

    Raises:
        PackError: `decisions` is written in a way that this does not know.
    """
    document = read(text.encode(), place)
    before = document.data["decisions"]
    wanted = {**document.data, "decisions": [*([before] if isinstance(before, str) else before), decision]}
    for changed in _ways(text, _last(document), decision):
        if read(changed.encode(), place).data == wanted:
            return changed
    help = "write `decisions` as a list on one line, `[a, b]`, and try again"
    message = f"{quote(decision)} cannot be added to `decisions`"
    raise PackError([Problem(document.at(("decisions",)), "unlisted-decision", message, help)])


def _last(document: Document) -> Mark:
    """Where the last decision stands."""
    decisions = document.data["decisions"]
    is_list = isinstance(decisions, list)
    return document.mark(("decisions", len(decisions) - 1) if is_list else ("decisions",))


def _ways(text: str, at: Mark, decision: str) -> Iterator[str]:
    """The text with the decision behind the last one, in each way that lists are written."""
    lines = text.splitlines(keepends=True)
    line, start = lines[at.line - 1], at.column - 1
    ending = line[len(line.rstrip()) :] or "\n"
    word = _WORD.match(line, start)
    end = word.end() if word else len(line)
    for changed in (
        f"{line[:end]}, {decision}{line[end:]}",
        f"{line[:start]}[{line[start:end]}, {decision}]{line[end:]}",
        f"{line.rstrip()}{ending}{line[:start]}{decision}{ending}",
    ):
        yield "".join([*lines[: at.line - 1], changed, *lines[at.line :]])
