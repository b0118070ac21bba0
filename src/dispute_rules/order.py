"""A whole order and the advice for it: several products, a dispute for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dispute_rules.advice import Advice, PackInfo, Refund
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, Problem, did_you_mean, printable, quote
from dispute_rules.money import parted, written
from dispute_rules.phrases import ENGLISH, Phrases
from dispute_rules.reading import read_json
from dispute_rules.validation import problems_of
from dispute_rules.values import Amount, Currency

_MOST_ITEMS = 200


def known_facts(case: Case) -> dict[str, Any]:
    """The facts that a case gives."""
    return {name: value for name, value in case.__dict__.items() if value is not None}


def _facts(value: object) -> object:
    return known_facts(value) if isinstance(value, Case) else value


class Item(BaseModel):
    """One product of an order, with the facts of its case. Without `ground` nothing is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(None, description="What it is called.")

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts that are given for this product."""
        return {name: value for name, value in (self.__pydantic_extra__ or {}).items() if value is not None}


class Order(BaseModel):
    """The products of one order. Any other fact given here holds for each product that does not say otherwise.

    Raises:
        CaseError: with every problem of the order itself; those of its products are told on advising.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True)

    items: Annotated[
        tuple[Annotated[Item, BeforeValidator(_facts)], ...], Field(min_length=1, max_length=_MOST_ITEMS)
    ] = Field(description="The products, each with the facts of its case.")
    shipping: Amount | None = Field(None, description="Shipping paid for the order, shared out by the prices.")
    paid: Amount | None = Field(None, description="What was paid in all, after coupons: never more comes back.")
    currency: Currency | None = Field(None, description="ISO 4217 code of all amounts.")

    def __init__(self, /, **facts: Any) -> None:
        """Validate the order."""
        plain, problems = parted(facts, ("shipping", "paid"))
        try:
            super().__init__(**plain)
        except ValidationError as error:
            known = [*type(self).model_fields]
            found = problems_of(error, place=lambda detail: _path(detail["loc"]), known=lambda _: known, what="fact")
            raise CaseError([*problems, *found, *_meant(facts)]) from None
        if problems:
            raise CaseError(problems)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Self:
        """The order in a JSON object.

        Raises:
            CaseError: with every problem of the text or the order.
        """
        return cls(**read_json(json_data))

    @property
    def names(self) -> tuple[str, ...]:
        """What each product is called: its name, with its place `items[0]` if it has none or others have the same."""
        return called([item.name for item in self.items])

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts that hold for all products."""
        given = {**(self.__pydantic_extra__ or {}), "currency": self.currency}
        return {name: value for name, value in given.items() if value is not None}


class ItemAdvice(BaseModel):
    """What there is to do about one product; `advice` is None where nothing is wrong or nothing was paid."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    place: str = Field(description="Where it stands in the order: `items[0]`.")
    name: str | None
    summary: str = Field(description="The next step and the claim in words.")
    advice: Advice | None


class OrderAdvice(BaseModel):
    """The advice for each product, and the sums over what is still to be claimed. JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    pack: PackInfo
    items: tuple[ItemAdvice, ...]
    refund: Refund = Field(description="`recommended` counts the amounts that are known; None if none is.")
    without_amount: tuple[str, ...] = Field(description="The places of claims for which no amount is known.")

    def text(self, phrases: Phrases = ENGLISH) -> str:
        """A summary in plain text: a line for each product, and the sums; `pack.phrases` has the words between."""
        number, names = len(self.items), self.names
        heading = phrases.say("order.one" if number == 1 else "order.several", pack=self.pack.title, number=number)
        lines = (f"  {name}: {item.summary}" for name, item in zip(names, self.items, strict=True))
        return "\n".join([heading, *lines, *self._sums(phrases)])

    @property
    def names(self) -> tuple[str, ...]:
        """What each product is called, as in `Order.names`."""
        return called([item.name for item in self.items])

    def _sums(self, phrases: Phrases) -> Iterator[str]:
        if self.refund.recommended is None and not self.without_amount:
            yield phrases.say("order.nothing_to_claim")
            return
        if self.refund.recommended is not None:
            yield phrases.say("order.in_all", amount=written(self.refund.recommended, self.refund.currency))
        if self.refund.cap is not None:
            yield phrases.say("order.at_most", amount=written(self.refund.cap, self.refund.currency))
        if self.without_amount:
            names = {item.place: name for name, item in zip(self.names, self.items, strict=True)}
            products = ", ".join(names[each] for each in self.without_amount)
            yield phrases.say("order.without_amount", products=products)


def place(index: int) -> str:
    """Where a product stands in an order."""
    return f"items[{index}]"


def called(names: Sequence[str | None]) -> tuple[str, ...]:
    """The names of products as they can be shown, no two of them alike."""
    shown = [printable(name) if name and not name.isspace() else place(index) for index, name in enumerate(names)]
    times = Counter(shown)
    return tuple(name if times[name] == 1 else f"{name} ({place(index)})" for index, name in enumerate(shown))


def order_of(order: object) -> Order:
    """The order that a mapping describes.

    Raises:
        CaseError: with every problem of the order itself.
    """
    if isinstance(order, Order):
        return order
    if not isinstance(order, Mapping) or not all(isinstance(name, str) for name in order):
        help = "give an Order, or a mapping with `items`"
        raise CaseError([Problem("order", "not-a-case", f"{quote(order)} is not an order", help)])
    return Order(**order)


def _meant(facts: Mapping[str, Any]) -> Iterator[Problem]:
    """What may be meant by `items`, where these are missing."""
    for name in facts if "items" not in facts else ():
        help = did_you_mean(name, ["items"])
        if help.startswith("did"):
            yield Problem(quote(name)[1:-1], "unknown-fact", f"there is no fact {quote(name)}", help)


def _path(steps: Sequence[int | str]) -> str:
    """`items[2].name`; names that a caller made up as they can be shown."""
    named = "".join(f"[{step}]" if isinstance(step, int) else f".{quote(step)[1:-1]}" for step in steps)
    return named.removeprefix(".") or "order"
