"""What to do about a problem order: a case goes in, an explained recommendation comes out."""

from importlib import import_module
from typing import TYPE_CHECKING

from dispute_rules.advice import Action, Advice, Claim, Extent, Prospects, Verdict, Window
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, PackError
from dispute_rules.pack.load import load_pack
from dispute_rules.shortcuts import advise, advise_frame, advise_order
from dispute_rules.vocabulary import (
    CancelReason,
    Fault,
    Ground,
    OfferReturn,
    Party,
    Result,
    SellerResponse,
    Stage,
    Tracking,
    Usability,
)

if TYPE_CHECKING:
    from dispute_rules.explanation import Explanation, WhyNot
    from dispute_rules.form import Form, FormFields
    from dispute_rules.interview import Interview
    from dispute_rules.order import Item, ItemAdvice, Order, OrderAdvice
    from dispute_rules.timeline import Timeline
    from dispute_rules.whatif import Change, Comparison

__all__ = [
    "Action",
    "Advice",
    "Advisor",
    "CancelReason",
    "Case",
    "CaseError",
    "Change",
    "Claim",
    "Comparison",
    "Explanation",
    "Extent",
    "Fault",
    "Form",
    "FormFields",
    "Ground",
    "Interview",
    "Item",
    "ItemAdvice",
    "OfferReturn",
    "Order",
    "OrderAdvice",
    "PackError",
    "Party",
    "Prospects",
    "Result",
    "SellerResponse",
    "Stage",
    "Timeline",
    "Tracking",
    "Usability",
    "Verdict",
    "WhyNot",
    "Window",
    "advise",
    "advise_frame",
    "advise_order",
    "load_pack",
]

# No advice needs them, and to make their classes takes as long as to answer: they come once they are asked for.
_ON_DEMAND = {
    "Change": "whatif",
    "Comparison": "whatif",
    "Explanation": "explanation",
    "Form": "form",
    "FormFields": "form",
    "Interview": "interview",
    "Item": "order",
    "ItemAdvice": "order",
    "Order": "order",
    "OrderAdvice": "order",
    "Timeline": "timeline",
    "WhyNot": "explanation",
}

if not TYPE_CHECKING:  # where types are checked, a name that is not there is told

    def __getattr__(name: str) -> object:
        if name not in _ON_DEMAND:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
