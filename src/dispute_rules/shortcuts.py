"""Advice in one call, without an advisor of one's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dispute_rules.advice import Advice
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.pack.load import shipped_packs
from dispute_rules.pack.written import Pack

if TYPE_CHECKING:
    from dispute_rules.order import Order, OrderAdvice

F = TypeVar("F")


def advise(
    case: Case | Mapping[str, Any] | None = None, /, *, pack: str | Path | Pack = "aliexpress", **facts: Any
) -> Advice:
    """The recommendation for one case, by a shipped pack's name or a loaded pack.

    >>> advise(ground="buyer_mistake", free_return=False).verdict.value
    'full_refund_return_buyer_pays'

    Raises:
        CaseError: with every problem of the case.
        PackError: there is no such pack, or its rules do not answer the case.
    """
    return _advisor_of(pack).advise(case, **facts)


def advise_order(order: Order | Mapping[str, Any], /, *, pack: str | Path | Pack = "aliexpress") -> OrderAdvice:
    """The recommendation for each product of an order, by a shipped pack's name or a loaded pack.

    Raises:
        CaseError: with every problem of the order and its products, each with its place: `items[2].price`.
        PackError: there is no such pack, or its rules do not answer a case.
    """
    return _advisor_of(pack).advise_order(order)


def advise_frame(frame: F, *, pack: str | Path | Pack = "aliexpress", keep: Collection[str] = ()) -> F:
    """The recommendations for a data frame with a case in each row: see `Advisor.advise_frame`.

    Raises:
        CaseError: it is no data frame, or its columns do not fit.
        PackError: there is no such pack.
        ModuleNotFoundError: Polars or narwhals is not installed.
    """
    return _advisor_of(pack).advise_frame(frame, keep=keep)


def _advisor_of(pack: str | Path | Pack) -> Advisor:
    """A shipped pack and one that is loaded stay as they are; the folder behind a path may change."""
    if isinstance(pack, Pack) or (isinstance(pack, str) and pack in shipped_packs()):
        return _remembered_advisor(pack)
    return Advisor(pack)


@lru_cache(maxsize=16)
def _remembered_advisor(pack: str | Pack) -> Advisor:
    return Advisor(pack)
