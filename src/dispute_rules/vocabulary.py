"""The vocabulary: the labels of the facts that every marketplace shares."""

from enum import StrEnum


class Ground(StrEnum):
    """The reason for the dispute."""

    NOT_ARRIVED = "not_arrived"
    NOT_AS_DESCRIBED = "not_as_described"
    POOR_QUALITY = "poor_quality"
    DAMAGED = "damaged"
    WRONG_DELIVERY_METHOD = "wrong_delivery_method"
    WRONG_QUANTITY = "wrong_quantity"
    FAKE = "fake"
    COMPONENT_PROBLEM = "component_problem"
    BUYER_MISTAKE = "buyer_mistake"
    FOUND_CHEAPER = "found_cheaper"
    NO_LONGER_NEEDED = "no_longer_needed"


class Usability(StrEnum):
    """How far the goods can be used for what they are for."""

    USABLE = "usable"
    IMPAIRED = "impaired"
    UNUSABLE = "unusable"


class Fault(StrEnum):
    """Who caused the problem."""

    SELLER = "seller"
    CARRIER = "carrier"
    BUYER = "buyer"
    CUSTOMS = "customs"


class Tracking(StrEnum):
    """What the carrier's tracking shows."""

    NONE = "none"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    DELIVERED_ELSEWHERE = "delivered_elsewhere"
    RETURNED = "returned"
    HELD_BY_CUSTOMS = "held_by_customs"


class Stage(StrEnum):
    """Where the dispute stands."""

    NOT_OPENED = "not_opened"
    OPEN = "open"
    MEDIATION = "mediation"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class Party(StrEnum):
    """Who takes part in a dispute."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"


class SellerResponse(StrEnum):
    """What the seller did last."""

    NONE = "none"
    AGREES = "agrees"
    SILENT = "silent"
    COUNTER_OFFER = "counter_offer"
    REFUSES = "refuses"
    PRIVATE_MESSAGE = "private_message"
    ASKS_TO_CANCEL = "asks_to_cancel"


class Result(StrEnum):
    """How the dispute ended, by a decision or by agreement."""

    AS_EXPECTED = "as_expected"
    AS_CLAIMED = "as_claimed"
    AS_OFFERED = "as_offered"
    OTHERWISE = "otherwise"
    NOTHING = "nothing"


class CancelReason(StrEnum):
    """Why the buyer cancelled the dispute."""

    SOLVED = "solved"
    PROMISE = "promise"
    OTHER = "other"


class OfferReturn(StrEnum):
    """Whether the seller's offer asks for the goods back, and who would pay for sending them."""

    NONE = "none"
    SELLER_PAYS = "seller_pays"
    BUYER_PAYS = "buyer_pays"
