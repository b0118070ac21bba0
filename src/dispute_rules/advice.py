"""What comes out: the recommendation, what to expect, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dispute_rules.vocabulary import Result, Stage


class Claim(StrEnum):
    """What to ask for in the dispute form."""

    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"


class Extent(StrEnum):
    """How much of the money to ask for."""

    FULL = "full"
    PARTIAL = "partial"


class Verdict(StrEnum):
    """How the platform is expected to decide."""

    FULL_REFUND = "full_refund"
    FULL_REFUND_RETURN_SELLER_PAYS = "full_refund_return_seller_pays"
    FULL_REFUND_RETURN_BUYER_PAYS = "full_refund_return_buyer_pays"
    PARTIAL_REFUND = "partial_refund"
    NO_REFUND = "no_refund"


class Payer(StrEnum):
    """Who pays for sending the goods back."""

    SELLER = "seller"
    BUYER = "buyer"


class Prospects(StrEnum):
    """How well the expected verdict stands on sources and evidence. Not a probability."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


class Window(StrEnum):
    """Whether a dispute can be opened."""

    TOO_EARLY = "too_early"
    OPEN = "open"
    CLOSED = "closed"


class Action(StrEnum):
    """What to do next."""

    OPEN_DISPUTE = "open_dispute"
    WAIT = "wait"
    CANCEL_ORDER = "cancel_order"
    ADD_EVIDENCE = "add_evidence"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    STAY_ON_PLATFORM = "stay_on_platform"
    KEEP_DISPUTE_OPEN = "keep_dispute_open"
    AWAIT_MEDIATION = "await_mediation"
    RETURN_GOODS = "return_goods"
    USE_ANOTHER_ROUTE = "use_another_route"
    NONE = "none"


class Marks(StrEnum):
    """What a day in the timeline stands for."""

    OPENS = "opens"
    CLOSES = "closes"
    STEP = "step"


class Frozen(dict[str, Any]):
    """A mapping that is shared between advices, and therefore cannot be changed."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("an advice cannot be changed")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Frozen], tuple[dict[str, Any]]]:
        return Frozen, (dict(self),)

    def __deepcopy__(self, _: object) -> Frozen:
        return self


Labels = Annotated[Mapping[str, str], AfterValidator(Frozen)]
"""Labels by the name of a fact or an output."""


# what `object.__setattr__` comes to, where a model is frozen
_DICT, _FIELDS_SET, _EXTRA, _PRIVATE = (
    BaseModel.__dict__[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """What a value for every field in order makes, all known to be right: `model_construct`, but quick."""
        part = object.__new__(cls)
        _DICT(part, values)
        _FIELDS_SET(part, set(values))
        _EXTRA(part, None)
        _PRIVATE(part, None)
        return part


class PackInfo(_Part):
    """Which rules answered."""

    name: str
    title: str
    language: str | None = Field(None, description="BCP 47 tag of the language of all texts, if the pack says it.")
    edition: date = Field(description="First day of the edition that was in force.")
    content_hash: str = Field(description="SHA-256 of the pack's files, the same in each language.")


class Refund(_Part):
    """Amounts in `currency`; None where the facts do not give them, or no source gives a figure."""

    cap: Decimal | None = None
    recommended: Decimal | None = Field(None, description="What to ask for, while the dispute is not decided.")
    granted: Decimal | None = Field(None, description="What was granted or agreed, where the facts of the end tell it.")
    currency: str | None = None


class WindowAdvice(_Part):
    """Whether and between which days a dispute can be opened, as far as the days are known."""

    status: Window | None = None
    opens_on: date | None = None
    closes_on: date | None = None


class EvidenceItem(_Part):
    """A piece of evidence to attach. `have` is None when the case does not say what is at hand."""

    kind: str
    title: str
    required: bool
    have: bool | None


class Notice(_Part):
    """A warning, and the reason for it."""

    code: str
    text: str
    because: str


class SourceInfo(_Part):
    """Where something is said."""

    source: str
    title: str
    url: str
    dated: str | None = None
    confidence: Literal["high", "medium", "low"]


class Milestone(_Part):
    """A day, or a range of days, that follows from the case, and the rule behind it."""

    what: str
    title: str
    marks: Marks
    earliest: date
    latest: date
    counted_from: str = Field(description="The date fact that it is counted from, or `today`.")
    rule: str
    because: str
    sources: tuple[SourceInfo, ...]


class Reason(_Part):
    """A rule that decided, and the labels of the facts that it looked at."""

    decision: str
    rule: str
    title: str
    because: str
    basis: Literal["stated", "derived", "reported", "inferred"]
    sources: tuple[SourceInfo, ...]
    contradicted_by: tuple[SourceInfo, ...] = ()
    facts: Labels
    outcome: Labels


class Assumption(_Part):
    """What was taken for an unknown fact."""

    fact: str
    value: str
    because: str


class Alternative(_Part):
    """Another outcome that the unknown facts still allow, and facts that lead there."""

    claim: Claim | None
    extent: Extent | None
    verdict: Verdict | None
    outcome: Labels = Field(description="The same by output; also for packs with other outputs.")
    facts: Labels


class Option(_Part):
    """A possible answer to a question."""

    value: str
    text: str


class Lead(Alternative):
    """The outcome that an answer leads to, with what is assumed of all else.

    `facts` is the answer as a label: of the fact itself, or of what is worked out from a day, an amount or a count.
    """

    text: str = Field(description="The label in words.")
    settled: bool = Field(description="Whether nothing else can change claim, extent or verdict then.")


class Question(_Part):
    """An unknown fact that can still change claim, extent or verdict."""

    fact: str
    kind: Literal["label", "yes_no", "number", "count", "amount", "date", "evidence"] = Field(
        description="What an answer is. `evidence`: a list of the options, which may be empty."
    )
    text: str
    options: tuple[Option, ...] = Field(description="The possible answers, where they can be listed.")
    because: tuple[str, ...] = Field(description="What is decided by it, as questions.")
    leads_to: tuple[Lead, ...]


class Advice(_Part):
    """The recommendation for one case. Frozen; JSON both ways through `model_dump_json` and `model_validate_json`.

    `claim` is None where opening a dispute is not possible or would not help; `verdict` only where none can be opened.
    Once a dispute is decided nothing is left to prove or to ask for: `prospects`, `evidence` and `refund.recommended`
    are empty, and so are `claim`, `extent`, `alternatives` and `questions` where `result` tells how it ended. `verdict`
    and `return_paid_by` then say what was to be expected. Where it was cancelled because the problem is solved all of
    these are empty.
    """

    pack: PackInfo
    claim: Claim | None
    extent: Extent | None
    verdict: Verdict | None
    return_paid_by: Payer | None
    refund: Refund
    prospects: Prospects | None
    window: WindowAdvice
    stage: Stage | None = Field(description="Where the dispute stands, where the rules look at that.")
    result: Result | None = Field(
        description="How the dispute ended, where it has. `as_expected`: it is not told, and advised on as if so."
    )
    action: Action
    evidence: tuple[EvidenceItem, ...]
    warnings: tuple[Notice, ...]
    timeline: tuple[Milestone, ...]
    reasons: tuple[Reason, ...]
    assumptions: tuple[Assumption, ...]
    alternatives: tuple[Alternative, ...]
    questions: tuple[Question, ...]
    settled: bool = Field(description="True when nothing unknown can change claim, extent or verdict.")
    outcomes: Annotated[Mapping[str, Labels | tuple[Labels, ...]], AfterValidator(Frozen)]


# outputs of a pack that have a place of their own in `Advice`, with their values; None: the pack says which
DECIDED: Mapping[str, type[StrEnum] | None] = MappingProxyType(
    {
        "claim": Claim,
        "extent": Extent,
        "verdict": Verdict,
        "return_paid_by": Payer,
        "prospects": Prospects,
        "window": Window,
        "action": Action,
        "amount": None,
    }
)
COLLECTED: Mapping[str, type[StrEnum] | None] = MappingProxyType(
    {"evidence": None, "required": None, "warning": None, "date": None, "marks": Marks}
)
