"""What to do about a problem order: a case goes in, an explained recommendation comes out."""

from dispute_rules.advice import Action, Advice, Claim, Extent, Prospects, Verdict, Window
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, PackError
from dispute_rules.explanation import Explanation, WhyNot
from dispute_rules.form import Form, FormFields
from dispute_rules.interview import Interview
from dispute_rules.order import Item, ItemAdvice, Order, OrderAdvice
from dispute_rules.pack.load import load_pack
from dispute_rules.shortcuts import advise, advise_frame, advise_order
from dispute_rules.timeline import Timeline
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
