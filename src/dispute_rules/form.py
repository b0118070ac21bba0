"""The dispute form, filled in from what a case says and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from dispute_rules.advice import Action, Advice, Claim, EvidenceItem, Extent, PackInfo, Window
from dispute_rules.case import Case
from dispute_rules.contradictions import IMPLIED
from dispute_rules.errors import CaseError, Problem
from dispute_rules.facts import Kind
from dispute_rules.money import written
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.files import Sentence
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack
from dispute_rules.phrases import ENGLISH, Phrases, placeholders
from dispute_rules.situation import label_of

_SENT = (Action.OPEN_DISPUTE, Action.ADD_EVIDENCE)
_UNDER_WAY = ("open", "mediation", "decided")
_SIGNS = {True: "x", False: "-", None: "."}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FormFields(_Part):
    """What to put into the fields of the form."""

    claim: Claim
    extent: Extent | None
    solution: str = Field(description="Claim and extent in words.")
    asked: str = Field(description="How the form's question for the receipt is put.")
    received: bool | None = Field(description="None where the case does not say it and nothing tells it.")
    received_follows: bool = Field(description="Whether `received` is not said, but alone goes with what is said.")
    amount: Decimal | None = Field(description="In `currency`. None where no source gives one and the case does not.")
    currency: str | None
    reason: str = Field(description="The ground in words.")
    description: str = Field(description="The case in the pack's sentences: facts that are given, never assumptions.")
    proofs: tuple[EvidenceItem, ...]
    check: tuple[str, ...] = Field(description="What to look at before the form is sent.")


class Form(_Part):
    """The form of one case. Frozen; JSON both ways. `fields` is None where there is none to send now."""

    pack: PackInfo
    action: Action
    next_step: str = Field(description="The action in words.")
    because: tuple[str, ...] = Field(description="Why that is the next step.")
    opens_on: date | None = Field(description="The first day on which it can be sent, where that is yet to come.")
    fields: FormFields | None

    def text(self, phrases: Phrases = ENGLISH) -> str:
        """All of it as plain text, ready to copy; `pack.phrases` has the words between those of the pack."""
        heading = phrases.say("form.none" if self.fields is None else "form.heading", pack=self.pack.title)
        next_step = [phrases.say("form.next", action=self.next_step)] if self.next_step else []
        opens = [phrases.say("form.from_day", day=self.opens_on)] if self.opens_on else []
        told = [heading, *next_step, *(f"  {reason}" for reason in self.because), *opens]
        return "\n".join([*told, *(_lines(self.fields, phrases) if self.fields else ())])


def filled_form(
    pack: Pack, case: Case, advice: Advice, stage: str, problems: Callable[[Case], Iterable[Problem]]
) -> Form:
    """The form of a case with its advice; `problems` tells what is impossible about a case."""
    wording = Wording(edition_on(pack, advice.pack.edition))
    decided = [reason.because for reason in advice.reasons if "action" in reason.outcome]
    can_be_sent = advice.window.status is Window.OPEN and stage not in _UNDER_WAY and advice.action in _SENT
    return Form(
        pack=advice.pack,
        action=advice.action,
        next_step=wording.answer("action", advice.action) if decided else "",
        because=tuple(decided),
        opens_on=advice.window.opens_on if advice.window.status is Window.TOO_EARLY else None,
        fields=_fields(pack, case, advice, advice.claim, problems) if can_be_sent and advice.claim else None,
    )


def _fields(
    pack: Pack, case: Case, advice: Advice, claim: Claim, problems: Callable[[Case], Iterable[Problem]]
) -> FormFields:
    wording = Wording(edition_on(pack, advice.pack.edition))
    amount, said = _amount(case, advice), _said_received(case)
    received = _following(case, problems) if said is None else said
    extent = f". {wording.answer('extent', advice.extent)}" if advice.extent else ""
    return FormFields(
        claim=claim,
        extent=advice.extent,
        solution=f"{wording.answer('claim', claim)}{extent}",
        asked=wording.question("received"),
        received=received,
        received_follows=said is not received,
        amount=amount,
        currency=case.currency,
        reason=wording.answer("ground", case.ground),
        description=" ".join(sentences(pack, case)),
        proofs=advice.evidence,
        check=tuple(_to_check(pack, case, advice, received, amount)),
    )


def _amount(case: Case, advice: Advice) -> Decimal | None:
    """What the person wants, within the cap; else what is recommended."""
    if case.requested is None:
        return advice.refund.recommended
    return case.requested if advice.refund.cap is None else min(case.requested, advice.refund.cap)


def _said_received(case: Case) -> bool | None:
    """Whether the parcel came, if that is said."""
    return case.received if case.received_on is None else True


def _following(case: Case, problems: Callable[[Case], Iterable[Problem]]) -> bool | None:
    """Whether the parcel came, if only one answer goes with what is said."""
    possible = [value for value in (True, False) if _is_possible(case, value, problems)]
    return possible[0] if len(possible) == 1 else None


def _is_possible(case: Case, received: bool, problems: Callable[[Case], Iterable[Problem]]) -> bool:
    try:
        return not list(problems(case.model_copy(update={"received": received})))
    except CaseError:
        return False


def sentences(pack: Pack, case: Case) -> Iterator[str]:
    """The pack's sentences that rest on facts which are given, in the pack's order."""
    told = {fact: True for day, fact in IMPLIED.items() if getattr(case, day) is not None}
    told |= {name: value for name, value in case.__dict__.items() if value is not None}
    kinds = {name: fact.kind for name, fact in pack.facts.items()}
    values = {name: _written(kinds[name], value, case.currency) for name, value in told.items()}
    for sentence in pack.file.form.values():
        if _is_told(sentence, told):
            yield sentence.written(values)


def _is_told(sentence: Sentence, told: Mapping[str, object]) -> bool:
    holds = all(name in told and condition.holds(label_of(told[name])) for name, condition in sentence.when.items())
    return holds and told.keys() >= {*placeholders(sentence.say)}


def _written(kind: Kind, value: object, currency: str | None) -> str:
    if isinstance(value, Decimal):
        return written(value, currency if kind is Kind.AMOUNT else None)
    return str(value)


def _to_check(pack: Pack, case: Case, advice: Advice, received: bool | None, amount: Decimal | None) -> Iterator[str]:
    say = pack.phrases.say
    yield say("form.all_true")
    if received is None:
        yield say("form.say_received")
    if amount is None:
        yield say("form.name_an_amount")
        if advice.refund.cap is not None:
            yield say("form.at_most", amount=written(advice.refund.cap, advice.refund.currency))
    if amount is not None and case.requested is not None and amount < case.requested:
        yield say("form.limited", amount=written(case.requested, case.currency))
    led_to = advice.refund.recommended
    if case.requested is not None and led_to is not None and amount != led_to:
        yield say("form.rules_lead_to", amount=written(led_to, advice.refund.currency))
    kinds = pack.facts
    for entry in advice.assumptions:
        if entry.fact in kinds and kinds[entry.fact].kind is Kind.AMOUNT:
            yield say("form.assumed", reason=entry.because)
    for question in advice.questions:
        if question.fact != "received":  # the form has a field for it
            yield say("form.open", question=question.text)


def _lines(fields: FormFields, phrases: Phrases) -> Iterator[str]:
    say = phrases.say
    amount = say("form.not_said") if fields.amount is None else written(fields.amount, fields.currency)
    received = say("form.not_said" if fields.received is None else f"label.{label_of(fields.received)}")
    received = say("form.follows", answer=received) if fields.received_follows else received
    yield from ("", say("form.solution"), f"  {fields.solution}")
    yield from ("", fields.asked, f"  {received}")
    yield from ("", say("form.amount"), f"  {amount}")
    yield from ("", say("form.reason"), f"  {fields.reason}")
    yield from [f"  {fields.description}"] if fields.description else []
    if fields.proofs:
        yield from ("", say("form.proofs", have=_SIGNS[True], missing=_SIGNS[False], unsaid=_SIGNS[None]))
    for proof in fields.proofs:
        told = say("form.required" if proof.required else "form.helps", title=proof.title)
        yield f"  {_SIGNS[proof.have]} {told}"
    yield from ("", say("form.check"), *(f"  - {line}" for line in fields.check))
