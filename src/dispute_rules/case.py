"""A case: the facts of one product of one order, typed and free of contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dispute_rules.contradictions import amounts_of, contradictions
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.money import parted
from dispute_rules.reading import read_json
from dispute_rules.validation import problems_of, refused
from dispute_rules.values import Amount, Count, Currency, Day, Evidence
from dispute_rules.vocabulary import (
    CancelReason,
    Fault,
    Ground,
    OfferReturn,
    Result,
    SellerResponse,
    Stage,
    Tracking,
    Usability,
)

_MOST_FACTS = 200
_MOST_EVENTS = 100


def _events(value: object) -> object:
    if not isinstance(value, list | tuple):
        help = "give a list of events: {on: a day, what: its name}"
        raise refused("wrong-type", f"{quote(value)} cannot be read as `events`", help)
    if len(value) > _MOST_EVENTS:
        raise refused("too-large", f"{len(value)} events", f"give at most {_MOST_EVENTS}")
    return value


def _told(value: object) -> object:
    if not isinstance(value, str | bool | int | float | Decimal | date):
        raise refused(
            "wrong-type", f"{quote(value)} is no fact of an event", "give text, numbers, truth values or days"
        )
    return value


class Event(BaseModel):
    """Something that happened in a dispute, and facts that it tells, by their own names: `offered=10`.

    Which events there are, and what comes of them, is said by the pack.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True)
    __pydantic_extra__: dict[str, Annotated[Any, BeforeValidator(_told)]]

    on: Day = Field(description="The day at the buyer's place.")
    what: Annotated[str, Field(max_length=64)] = Field(description="What happened, by its name in the pack.")


Events = Annotated[tuple[Event, ...], BeforeValidator(_events)]


class Case(BaseModel):
    """The facts of one product of one order. All but `ground` may be left out: unknown is never "no".

    Amounts are exact decimals in `currency`, and may name it: `"24.90 EUR"`. Days are days at the buyer's place.

    Raises:
        CaseError: with every problem of the facts given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    ground: Ground = Field(description="The reason for the dispute.")
    received: bool | None = Field(None, description="Has the parcel reached the buyer?")
    usability: Usability | None = Field(None, description="How far can the goods be used for what they are for?")
    wants_to_keep: bool | None = Field(None, description="Does the buyer want to keep the goods?")
    as_described: bool | None = Field(None, description="Does the listing already say what the buyer complains about?")
    fault: Fault | None = Field(None, description="Who caused the problem?")
    tracking: Tracking | None = Field(None, description="What does the carrier's tracking show?")
    shipped: bool | None = Field(None, description="Has the seller sent the parcel?")
    confirmed: bool | None = Field(None, description="Has receipt been confirmed?")
    free_return: bool | None = Field(None, description="Does the order carry a free-return promise?")
    returnable: bool | None = Field(None, description="May the goods be returned at all?")
    quantity_ordered: Count | None = Field(None, description="Units ordered of this product.")
    quantity_affected: Count | None = Field(None, description="Units missing or with the problem.")
    price: Amount | None = Field(None, description="Price paid for the product, all units together.")
    shipping: Amount | None = Field(None, description="Shipping paid for it.")
    requested: Amount | None = Field(None, description="Refund the buyer wants to ask for.")
    offered: Amount | None = Field(None, description="Refund the seller offers.")
    return_cost: Amount | None = Field(None, description="What sending the goods back would cost the buyer.")
    shipping_difference: Amount | None = Field(None, description="Shipping paid less the price of what was used.")
    currency: Currency | None = Field(None, description="ISO 4217 code of all amounts.")
    ordered_on: Day | None = Field(None, description="Day of the order and its payment.")
    shipped_on: Day | None = Field(None, description="Day the parcel was sent.")
    promised_by: Day | None = Field(None, description="Last day of the promised delivery time.")
    protection_ends_on: Day | None = Field(None, description="Last day of the order's buyer protection.")
    received_on: Day | None = Field(None, description="Day the parcel arrived.")
    confirmed_on: Day | None = Field(None, description="Day receipt was confirmed.")
    opened_on: Day | None = Field(None, description="Day the dispute was opened.")
    replied_on: Day | None = Field(None, description="Day of the seller's last answer in the dispute.")
    escalated_on: Day | None = Field(None, description="Day the platform began to mediate.")
    decided_on: Day | None = Field(None, description="Day the dispute was decided, or settled by agreement.")
    returned_on: Day | None = Field(None, description="Day the goods were sent back.")
    today: Day | None = Field(None, description="The day to advise for; the current date if left out.")
    stage: Stage | None = Field(None, description="Where does the dispute stand?")
    seller_response: SellerResponse | None = Field(None, description="What did the seller do last?")
    result: Result | None = Field(None, description="How did the dispute end?")
    return_required: bool | None = Field(None, description="Do the goods have to go back by what was decided?")
    returned: bool | None = Field(None, description="Have the goods been sent back?")
    refunded: bool | None = Field(None, description="Has the money arrived?")
    cancel_reason: CancelReason | None = Field(None, description="Why was the dispute cancelled?")
    events: Events | None = Field(None, description="The dispute so far, in order; the facts that it tells follow.")
    offer_return: OfferReturn | None = Field(None, description="Does the seller's offer ask for the goods back?")
    evidence: Evidence | None = Field(None, description="All the evidence at hand, others are missing; empty for none.")

    def __init__(self, /, **facts: Any) -> None:
        """Validate the facts."""
        if len(facts) > _MOST_FACTS:
            help = "give one case, by the names of its facts"
            raise CaseError([Problem("case", "too-large", f"{len(facts)} facts in one case", help)])
        if facts.get("ground", ...) is None:
            del facts["ground"]  # unknown, like any other fact
        if not "".join(facts).isprintable():
            unknown = [
                Problem(quote(name)[1:-1], "unknown-fact", f"there is no fact {quote(name)}", "see the facts of a case")
                for name in facts
                if not name.isprintable()
            ]
            raise CaseError(unknown)
        try:
            super().__init__(**facts)
        except ValidationError as error:
            plain, mixed = parted(facts, amounts_of(type(self)))
            if plain is facts:
                raise CaseError(self._problems(facts, error)) from None
            self._take(plain, mixed)
        except Exception as error:  # noqa: BLE001 - a caller's own object may fail in any way to be looked at
            message = f"a fact cannot be read: {type(error).__name__}"
            raise CaseError(
                [Problem("case", "wrong-type", message, "give text, numbers, truth values and days")]
            ) from None
        if found := list(contradictions(self)):
            raise CaseError(found)

    def _take(self, plain: Mapping[str, Any], problems: list[Problem]) -> None:
        """Take the facts once amounts and currency are parted, if there are no problems with that."""
        try:
            self.__init__(**plain)  # type: ignore[misc]
        except CaseError as error:
            raise CaseError([*problems, *error.problems]) from None
        if problems:
            raise CaseError(problems) from None

    def _problems(self, facts: Mapping[str, Any], error: ValidationError) -> Iterator[Problem]:
        found = problems_of(
            error,
            place=lambda detail: _place(detail["loc"] or ("case",)),
            known=lambda _: (*type(self).model_fields, _ITEMS),
            what="fact",
        )
        yield from map(_helped, found)
        yield from contradictions(type(self).sound(facts))

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Self:
        """The case in a JSON object.

        Raises:
            CaseError: with every problem of the text or the facts.
        """
        return cls.model_validate(read_json(json_data))

    @classmethod
    def model_validate(cls, obj: Any, **_: Any) -> Self:
        """The case that a mapping, or another case, describes.

        Raises:
            CaseError: with every problem of the facts.
        """
        return cls(**facts_of(obj, cls))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002
        """A case with some facts changed, checked like any other.

        Raises:
            CaseError: with every problem of the facts.
        """
        return type(self).model_validate({**self.__dict__, **(update or {})})

    @classmethod
    def sound(cls, facts: Mapping[str, Any]) -> Self:
        """A case of those facts that are valid by themselves, to look for what else is wrong; `ground` may lack."""
        bad: set[int | str] = set()
        plain, _ = parted(facts, amounts_of(cls))
        known = {name: value for name, value in plain.items() if name in cls.model_fields}
        try:
            cls.__pydantic_validator__.validate_python(known, self_instance=cls.__new__(cls))
        except ValidationError as error:
            bad = {at for detail in error.errors(include_url=False, include_input=False) for at in detail["loc"][:1]}
        valid = {name: value for name, value in known.items() if name not in bad}
        case = cls.__new__(cls)
        cls.__pydantic_validator__.validate_python({"ground": next(iter(Ground))} | valid, self_instance=case)
        case.__dict__["ground"] = case.ground if "ground" in valid else None
        return case


def facts_of(case: object, kind: type[Case]) -> dict[str, Any]:
    """The facts that are given at all: one that is None is unknown. Names that are no fact stay, to be told.

    Raises:
        CaseError: it is no case.
    """
    if isinstance(case, Case):
        return {name: value for name, value in case.__dict__.items() if value is not None}
    if not isinstance(case, Mapping):
        help = "give a Case, a mapping or keyword arguments"
        raise CaseError([Problem("case", "not-a-case", f"{quote(case)} is not a case", help)])
    return {
        name if isinstance(name, str) else quote(name)[1:-1]: value
        for name, value in case.items()
        if value is not None or name not in kind.model_fields
    }


def _place(at: tuple[int | str, ...]) -> str:
    """The name of a fact, or `events[2].on`. Pieces of evidence have no order, so none is told apart."""
    name, steps = quote(at[0])[1:-1], at[1:] if at[0] == "events" else ()
    return name + "".join(f"[{step}]" if isinstance(step, int) else f".{quote(step)[1:-1]}" for step in steps)


_ASK = "let `dispute-rules ask` or `advisor.questions()` ask for it"


_ITEMS = "items"  # of an order
_SEE_FACTS = "`dispute-rules advise --help` and `dispute-rules schema case` list all facts"


def _helped(problem: Problem) -> Problem:
    """The one fact that must be given is told with its values, and with what asks for it; others by what is nearest."""
    help = problem.help
    if (problem.place, problem.code) == ("ground", "missing-fact"):
        help = f"{_ASK}, or give `ground`: {did_you_mean('', Ground)}"
    elif (problem.place, problem.code) == (_ITEMS, "unknown-fact"):
        help = "an order of several products goes to `advise_order`, and its `cases` to all else"
    elif problem.code == "unknown-fact" and not help.startswith("did"):
        help = _SEE_FACTS
    return replace(problem, help=help)


CHOSEN = ("wants_to_keep", "requested", "evidence", "today")
"""The facts that are the person's own to change, `today` by waiting. Others tell what happened or what others do."""
