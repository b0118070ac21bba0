"""Problems, told to the people who can mend them: callers (`CaseError`) and rule authors (`PackError`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Mention:
    """Facts in a message, and the words for them."""

    facts: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    `code` is stable, the wording is not. `place` is the name of a fact, or `file:line:column`.
    """

    place: str
    code: str
    message: str
    help: str = ""
    parts: tuple[str | Mention, ...] = field(default=(), compare=False, repr=False)
    """The message where it mentions facts for which somebody may have better words."""

    @classmethod
    def mentioning(cls, place: str, code: str, parts: tuple[str | Mention, ...], help: str) -> Problem:
        """A problem whose message has these parts."""
        return cls(place, code, "".join(map(str, parts)), help, parts)

    def in_words(self, words: Callable[[Mention], str]) -> Problem:
        """The same with other words for the facts that its message mentions."""
        parts = tuple(part if isinstance(part, str) else replace(part, words=words(part)) for part in self.parts)
        return replace(self, message="".join(map(str, parts)), parts=parts) if parts else self

    def __str__(self) -> str:
        text = f"{self.place}: {self.message} [{self.code}]"
        return f"{text}\n  help: {self.help}" if self.help else text


class InputError(ValueError):
    """All problems of one input. Never raised itself: see `CaseError` and `PackError`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in their order, each once."""
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class CaseError(InputError):
    """A case that cannot be advised on: facts that are unknown, of the wrong kind, or contradict one another."""


class PackError(InputError):
    """Files of a rule author that cannot be used as they stand."""


def quote(value: object) -> str:
    """The user's own words in backticks: shortened, on one line."""
    text = printable(_short(value))
    return f"`{text[:_LONGEST_QUOTE]}…`" if len(text) > _LONGEST_QUOTE else f"`{text}`"


def _short(value: object) -> str:
    if isinstance(value, str):
        return value[: _LONGEST_QUOTE + 1]
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_QUOTE:
        return "a number of more than 60 digits"
    if isinstance(value, list | tuple | dict | set | frozenset):
        return f"a {type(value).__name__} of {len(value)}"
    try:
        return str(value)[: _LONGEST_QUOTE + 1]
    except Exception:  # noqa: BLE001 - a caller's own object may fail in any way to print itself
        return type(value).__name__


def listed(names: Iterable[object]) -> str:
    """Several of the user's own words, each in backticks."""
    return ", ".join(map(quote, names))


def printable(text: str) -> str:
    """A text on one line, whole, for places."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def did_you_mean(word: object, options: Iterable[str]) -> str:
    """A help line that names the nearest option, or else all of them."""
    options = list(options)
    wanted = _short(word)[:_LONGEST_QUOTE].lower().replace("-", "_").replace(" ", "_")
    from difflib import get_close_matches  # only for errors

    if near := get_close_matches(wanted, options, n=1, cutoff=0.6):
        return f"did you mean `{near[0]}`?"
    return "one of " + ", ".join(f"`{option}`" for option in options) if options else ""
