"""The case that a command is about: a JSON file, facts as options, or both."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.cli.parser import COMMAND_LINE, Parser
from dispute_rules.errors import CaseError, InputError, Problem, listed, quote
from dispute_rules.facts import Kind
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.written import Pack
from dispute_rules.reading import LARGEST_TEXT, read_json

_TAKEN = (
    "json",
    "pack",
    "language",
    "help",
    "file",
    "why_not",
    "item",
    "name",
    "ics",
    "dont_know",
)  # options that are no facts, of any such command
_VALUES = {
    Kind.YES_NO: "yes or no",
    Kind.DATE: "A day, such as 2026-03-31",
    Kind.AMOUNT: "An amount, such as 24.90 or '24.90 EUR'",
}
NO_EVIDENCE = "none"

_EVENT = '[{"on": "2026-03-31", "what": "opened"}]'


class _Once(argparse.Action):
    """A fact that is given twice would lose one of its values."""

    def __call__(
        self, _parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, _option: str | None = None
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "given twice")
        setattr(namespace, self.dest, values)


class Product(NamedTuple):
    """A product of an order with which something is wrong, and for which something was paid."""

    place: str
    name: str
    case: Case


class GivenCase:
    """The arguments that make a case, of a command that takes one; and the pack that it is for."""

    def __init__(self, parser: argparse.ArgumentParser, arguments: list[str], *, several: Collection[str] = ()) -> None:
        """Add the arguments to a command. Those for facts that may have `several` values are left to the command.

        Raises:
            PackError: there is no such pack or translation, or its files have problems.
        """
        self.pack = add_pack(parser, arguments, translated=True)
        self._arguments = arguments
        help = "a case, or an order, as a JSON object; `-` for standard input"
        parser.add_argument("file", nargs="?", metavar="CASE.json", help=help)
        help = "of an order with several products only this one, with its share of shipping and of what was paid"
        parser.add_argument("--item", metavar="NAME_OR_PLACE", action=_Once, help=help)
        facts = parser.add_argument_group("facts of the case")
        about = self._about if {"-h", "--help"} & {*arguments} else lambda _: None  # it takes what the files say
        for name in self.pack.facts:
            kept: dict[str, Any] = {"dest": f"fact_{name}", "action": _Once}
            kept = {"dest": name, "action": "append"} if name in several else kept
            facts.add_argument(option_of(name), metavar="VALUE", help=about(name), **kept)
        parser.set_defaults(takes_case=True)

    def _about(self, name: str) -> str:
        fact = self.pack.facts[name]
        values = ", ".join(_kinds(self.pack) if name == "evidence" else fact.labels if fact.kind is Kind.LABEL else ())
        if name == "evidence":
            values = f"{NO_EVIDENCE}, or with commas between them: {values}"
        about = self.pack.Case.model_fields[name].description or _question(self.pack, name)
        if name == "events":
            values = (
                f"As JSON: {_EVENT}; what happened: {', '.join(self.pack.file.events) or 'this pack knows no events'}"
            )
        return f"{about} {values or _VALUES.get(fact.kind, '')}".strip().replace("%", "%%")

    @cached_property
    def advisor(self) -> Advisor:
        """Who advises by the pack that was chosen."""
        return Advisor(self.pack)

    def facts(self, options: argparse.Namespace) -> dict[str, Any]:
        """The facts of one case; of an order those of the product that is named.

        Raises:
            CaseError: the file cannot be read, is no case, or is an order of which no product is named.
        """
        facts = self.told(options)
        if self.is_order(facts):
            message = f"this is an order, and `{options.command}` takes one product"
            help = f"name one with `--item`: {listed(product.name for product in self.products(facts))}"
            raise CaseError([Problem(COMMAND_LINE, "usage", message, help)])
        return facts

    def told(self, options: argparse.Namespace) -> dict[str, Any]:
        """The facts of a case, or those of a whole order where none of its products is named.

        Options go before what the file says, and unknown ones are facts as well.

        Raises:
            CaseError: the file cannot be read, or is neither.
        """
        facts = self._in_file(options)
        if options.item is None:
            return facts | self._in_options(options)
        if not self.is_order(facts):
            help = "leave `--item` out"
            raise CaseError([Problem(COMMAND_LINE, "usage", "there is no file of an order with `items`", help)])
        from dispute_rules.order import known_facts  # most cases are no orders

        return known_facts(self._product(facts, options.item)) | self._in_options(options)

    def is_order(self, facts: Mapping[str, Any]) -> bool:
        """Whether the facts are those of an order with several products, unless `items` is a fact of the pack's own."""
        return "items" in facts and "items" not in self.pack.Case.model_fields

    def products(self, facts: Mapping[str, Any]) -> list[Product]:
        """The products of an order with which something is wrong.

        Raises:
            CaseError: with every problem of the order and its products.
        """
        from dispute_rules.order import order_of, place

        order = order_of(facts)
        each = enumerate(zip(order.names, self.advisor.cases(order), strict=True))
        return [Product(place(index), name, case) for index, (name, case) in each if case is not None]

    def _product(self, facts: Mapping[str, Any], name: str) -> Case:
        from dispute_rules.order import order_of, place

        products = self.products(facts)
        for product in products:
            if name in (product.name, product.place):
                return product.case
        order = order_of(facts)
        sound = name in order.names or name in map(place, range(len(order.items)))
        untold = f"nothing is said to be wrong with {quote(name)}, or nothing was paid for it"
        message = untold if sound else f"the order has no {quote(name)}"
        help = f"one of {listed(product.name for product in products)}"
        raise CaseError([Problem(COMMAND_LINE, "usage", message, help)])

    def _in_options(self, options: argparse.Namespace) -> dict[str, Any]:
        given = {name: value for name, value in vars(options).items() if name.startswith("fact_") and value is not None}
        facts: dict[str, Any] = {name.removeprefix("fact_"): value for name, value in given.items()}
        facts |= _unknown(options.rest)  # refused as facts, together with whatever else is wrong
        if isinstance(facts.get("evidence"), str):
            named = "" if facts["evidence"].strip() == NO_EVIDENCE else facts["evidence"]
            facts["evidence"] = [kind.strip() for kind in named.split(",") if kind.strip()]
        if isinstance(facts.get("events"), str):
            facts["events"] = _events(facts["events"])
        return facts

    def _in_file(self, options: argparse.Namespace) -> dict[str, Any]:
        try:
            return _read(options.file) if options.file is not None else {}
        except CaseError:
            if not _is_value(options.file, options.rest, self._arguments):
                raise
            return {}


def option_of(fact: str) -> str:
    """The option that gives a fact."""
    return "--" + (f"fact-{fact}" if fact in _TAKEN else fact).replace("_", "-")


def add_pack(parser: argparse.ArgumentParser, arguments: list[str], *, translated: bool = False) -> Pack:
    """The pack is looked up first: the facts that are options depend on it. It may be `translated`.

    Raises:
        PackError: there is no such pack, or its files have problems.
    """
    first = Parser(add_help=False, allow_abbrev=False)
    for each in (first, parser):
        help = f"a shipped pack ({', '.join(shipped_packs())}) or the folder of your own; default: aliexpress"
        each.add_argument("--pack", metavar="NAME_OR_FOLDER", default="aliexpress", help=help)
        if translated:
            help = "in which language, as far as the pack is translated into it: de, pt-BR"
            each.add_argument("--language", metavar="TAG", help=help)
    chosen = first.parse_known_args(arguments)[0]
    return load_pack(chosen.pack, language=chosen.language) if translated else load_pack(chosen.pack)


def _kinds(pack: Pack) -> list[str]:
    """The kinds of evidence that the pack's rules ask for."""
    return sorted(kind for decision in pack.decisions for kind in decision.file.outputs.get("evidence", ()))


def _question(pack: Pack, name: str) -> str:
    return pack.file.facts[name].question or "" if name in pack.file.facts else ""


def _unknown(rest: list[str]) -> dict[str, str]:
    """Options that are no facts, with their values."""
    facts: dict[str, str] = {}
    for before, word in zip(["", *rest], rest, strict=False):
        if word.startswith("--"):
            name, _, value = word.removeprefix("--").partition("=")
            facts[name.replace("-", "_")] = value
        elif not before.startswith("--") or "=" in before:
            facts[word] = ""
    return facts


def _events(text: str) -> list[Any]:
    try:
        told = read_json(f'{{"events": {text}}}')
    except CaseError:
        told = {}
    if told.keys() != {"events"}:
        help = f"events look like {_EVENT}; they may stand in the file of the case, too"
        raise CaseError([Problem("events", "not-json", f"{quote(text)} is no list in JSON", help)])
    events: list[Any] = told["events"]
    return events


def _is_value(word: str, rest: list[str], arguments: list[str]) -> bool:
    """Whether a word stands after an option that is no fact, so that it may be the option's value."""
    pairs = pairwise(arguments)
    return any(word == after and option.startswith("--") and option in rest for option, after in pairs)


def _read(file: str) -> dict[str, Any]:
    try:
        if file == "-":
            return read_json(sys.stdin.buffer.read(LARGEST_TEXT + 1) if sys.stdin else b"")
        with Path(file).open("rb") as stream:
            return read_json(stream.read(LARGEST_TEXT + 1))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        help = "give the path of a JSON file, `-` for standard input, or the facts as options"
        raise CaseError([Problem(COMMAND_LINE, "unreadable", f"cannot read {quote(file)}: {reason}", help)]) from None
