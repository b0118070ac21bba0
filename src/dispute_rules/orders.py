"""Whole orders: several products of one order, a dispute for each, and never more in all than was paid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from dispute_rules.advice import Action, Advice, Refund
from dispute_rules.case import Case
from dispute_rules.currency import CODES, decimals, smallest_unit
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.facts import Fact, Kind
from dispute_rules.money import EXACT, currencies_of, finest, mixed, shares, written
from dispute_rules.order import Item, ItemAdvice, Order, OrderAdvice, known_facts, place
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack
from dispute_rules.vocabulary import Stage

OF_A_PRODUCT = (Kind.AMOUNT, Kind.COUNT)
"""The kinds of facts that an order cannot have for all of its products."""
_OF_ANY = ("price", "shipping", "currency", "quantity_ordered")  # what a product without a problem may have


def cases_of(
    order: Order,
    kind: type[Case],
    kinds: Mapping[str, Fact],
    begun: Callable[[Mapping[str, Any]], Case],
    settle: Callable[[Case], object],
) -> tuple[Case | None, ...]:
    """The case of each product with its share of shipping and of what was paid; None where there is nothing to claim.

    That is where nothing is said to be wrong with it, and where nothing was paid for it and the rules refuse that.

    Raises:
        CaseError: with every problem of the order and its products.
    """
    amounts = [name for name, fact in kinds.items() if fact.kind is Kind.AMOUNT]
    told = [_told(order, item, amounts) for item in order.items]
    problems = [*_misplaced(order, kinds), *_without_a_ground(order, kinds), *_each(order, told, begun)]
    found = [kind.sound(facts) for facts in told]
    currencies = dict(_currencies(order, amounts))
    currency = next(iter(currencies.values()), None)
    problems += [*mixed(currencies), *_too_fine(order, currency), *_not_to_share(order, found)]
    if problems:
        raise CaseError(problems)
    changed = [
        known_facts(case) | change for case, change in zip(found, _shared_out(order, found, currency), strict=True)
    ]
    if problems := list(_each(order, changed, begun)):  # an offer, say, above the share of what was paid
        raise CaseError(_by_shares(order, changed, problems))
    cases = [begun(facts) if "ground" in facts else None for facts in changed]
    free = {index: error for index, case in enumerate(cases) if case and (error := _refused_as_free(case, settle))}
    left = tuple(None if index in free else case for index, case in enumerate(cases))
    if not any(left):
        raise CaseError(_all_free(found, free))
    return left


def _refused_as_free(case: Case, settle: Callable[[Case], object]) -> CaseError | None:
    """Why the rules refuse a case for which nothing was paid, if they do for what follows from its amounts alone."""
    if case.price != 0:
        return None
    try:
        settle(case)
    except CaseError as error:
        given = any(_facts_in(problem) & type(case).model_fields.keys() for problem in error.problems)
        return None if given else error
    return None


def _all_free(found: Sequence[Case], free: Mapping[int, CaseError]) -> Iterator[Problem]:
    """Nothing was paid for any product with a problem: by its price, or for the whole order."""
    for index, error in free.items():
        where = "paid" if found[index].price else f"{place(index)}.price"
        yield from (replace(problem, place=where) for problem in error.problems)


def _told(order: Order, item: Item, amounts: Sequence[str]) -> dict[str, Any]:
    """The facts of a product. One that names its currency is looked at in that: all are compared by their places."""
    shared = dict(order.facts)
    if currencies_of(item.facts, amounts):
        shared.pop("currency", None)
    return {**shared, **item.facts}


def _currencies(order: Order, amounts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The currency of the order and of each product that has its own, where it is named."""
    if order.currency:
        named = (name for name in ("shipping", "paid") if getattr(order, name) is not None)
        yield next(named, "currency"), order.currency
    for index, item in enumerate(order.items):
        given = item.facts.get("currency")
        known = isinstance(given, str) and given in CODES
        own = {"currency": str(given)} if known else currencies_of(item.facts, amounts)
        yield from ((f"{place(index)}.{name}", code) for name, code in [*own.items()][:1])


def _by_shares(order: Order, shared: Sequence[Mapping[str, Any]], problems: Sequence[Problem]) -> Iterator[Problem]:
    """Problems that come of shares, told by the amounts of the order."""
    charged = [facts.get(name) or Decimal(0) for facts in shared for name in ("price", "shipping")]
    if order.paid is not None and order.paid == _sum(charged):
        both = f"this product's share of `paid` {order.paid:f}"
        shipping = f"the shipping in {both}"
    else:
        shipping = f"this product's share of `shipping` {order.shipping or 0:f}"
        both = f"`price` and {shipping} together"
    words = {("price", "shipping"): both, ("shipping",): shipping}
    yield from (problem.in_words(lambda named: words.get(named.facts, named.words)) for problem in problems)


def _each(
    order: Order, told: Sequence[Mapping[str, Any]], begun: Callable[[Mapping[str, Any]], Case]
) -> Iterator[Problem]:
    """What is wrong with each of the products by itself."""
    for index, facts in enumerate(told):
        try:
            begun(facts)
        except CaseError as error:
            yield from placed(error, order, index)


def advised_order(
    order: Order, cases: Sequence[Case | None], advise: Callable[[Case], Advice], pack: Pack
) -> OrderAdvice:
    """The advice for an order, from that for each of its products.

    Raises:
        CaseError: with every problem that shows only with the day of the advice.
    """
    problems: list[Problem] = []
    advices: list[Advice | None] = []
    for index, case in enumerate(cases):
        try:
            advices.append(None if case is None else advise(case))
        except CaseError as error:
            problems += placed(error, order, index)
    if problems:
        raise CaseError(problems)
    return _summed_up(order, advices, pack)


def _summed_up(order: Order, advices: Sequence[Advice | None], pack: Pack) -> OrderAdvice:
    info, currency = next((advice.pack, advice.refund.currency) for advice in advices if advice is not None)
    wording = Wording(edition_on(pack, info.edition))
    claimed = {place(index): advice.refund for index, advice in enumerate(advices) if advice and _is_claimed(advice)}
    caps = [refund.cap for refund in claimed.values()]
    known = [refund.recommended for refund in claimed.values() if refund.recommended is not None]
    return OrderAdvice(
        pack=info,
        items=tuple(
            ItemAdvice(
                place=place(index),
                name=item.name,
                summary=_summary(advice, wording) if advice else wording.phrases.say(_unadvised(order, item)),
                advice=advice,
            )
            for index, (item, advice) in enumerate(zip(order.items, advices, strict=True))
        ),
        refund=Refund(
            cap=_sum([cap for cap in caps if cap is not None]) if None not in caps else None,
            recommended=_sum(known) if known else None,
            currency=currency,
        ),
        without_amount=tuple(where for where, refund in claimed.items() if refund.recommended is None),
    )


def _is_claimed(advice: Advice) -> bool:
    """Whether money is still to be claimed, or is claimed in a dispute that runs."""
    return advice.claim is not None and advice.stage is not Stage.DECIDED and advice.action is not Action.NONE


def _unadvised(order: Order, item: Item) -> str:
    """The phrase that says why there is no advice for a product."""
    return "order.nothing_paid" if "ground" in {**order.facts, **item.facts} else "order.nothing_wrong"


def _summary(advice: Advice, wording: Wording) -> str:
    claimed = _is_claimed(advice)
    said = {
        "action": advice.action,
        "claim": advice.claim if claimed else None,
        "verdict": None if advice.claim else advice.verdict,
    }
    decided = {output for reason in advice.reasons for output in reason.outcome}
    words = [wording.answer(name, label) for name, label in said.items() if label and name in decided]
    amount = advice.refund.recommended if claimed else None
    return ". ".join(words) + (f": {written(amount, advice.refund.currency)}" if amount is not None else "")


def placed(error: CaseError, order: Order, index: int) -> Iterator[Problem]:
    """The problems of one product's case, with their place in the order."""
    for problem in error.problems:
        names = _facts_in(problem)
        shared = names <= order.facts.keys() and not names & order.items[index].facts.keys()
        within = "" if problem.place == "case" else f".{problem.place}"
        where = problem.place if shared else f"{place(index)}{within}"
        yield replace(problem, place=where, help=_help(problem, Order if shared else Item))


def _facts_in(problem: Problem) -> set[str]:
    """The facts in the place of a problem."""
    return {re.split(r"[.\[]", place)[0] for place in problem.place.split(", ")}


def _help(problem: Problem, kind: type[Order | Item]) -> str:
    """An order and its products have some facts that a case has not."""
    near = did_you_mean(problem.place, kind.model_fields) if problem.code == "unknown-fact" else ""
    return near if near.startswith("did") else problem.help


def _misplaced(order: Order, kinds: Mapping[str, Fact]) -> Iterator[Problem]:
    """Amounts and counts of a product that are given for the order, and shipping that is given for both."""
    for name in order.facts:
        if name in kinds and kinds[name].kind in OF_A_PRODUCT:
            help = "give it in each of `items`; an order has `shipping` and `paid`"
            yield Problem(name, "unknown-fact", f"{quote(name)} is a fact of one product, not of an order", help)
    for index, item in enumerate(order.items):
        if order.shipping is not None and "shipping" in item.facts:
            message = "`shipping` is given for the order and for this product"
            yield Problem(f"{place(index)}.shipping", "contradiction", message, "leave one of them out")


def _without_a_ground(order: Order, kinds: Mapping[str, Fact]) -> Iterator[Problem]:
    """Products with facts from which nothing would follow, as it is not said what is wrong."""
    for index, item in enumerate(order.items):
        strange = [quote(name) for name in item.facts if name in kinds and name not in _OF_ANY]
        if strange and "ground" not in {**order.facts, **item.facts}:
            message = f"{', '.join(strange)} without a ground"
            help = "give `ground`, what went wrong with it; or leave these out if nothing did"
            yield Problem(f"{place(index)}.ground", "missing-fact", message, help)


def _too_fine(order: Order, currency: str | None) -> Iterator[Problem]:
    for name, amount in (("shipping", order.shipping), ("paid", order.paid)):
        if currency and amount is not None and amount != amount.quantize(smallest_unit(currency), context=EXACT):
            message = f"{quote(amount)} has more decimals than {currency} has"
            yield Problem(name, "out-of-range", message, f"give at most {decimals(currency)} decimals")


def _not_to_share(order: Order, cases: Sequence[Case]) -> Iterator[Problem]:
    """Prices that are missing, by which something is to be shared out; and an order with which nothing is wrong."""
    to_share = next((name for name in ("shipping", "paid") if getattr(order, name) is not None), None)
    for index, case in enumerate(cases):
        if to_share and case.price is None and "price" not in order.items[index].facts:
            message = f"the price is missing, by which `{to_share}` is shared out"
            yield Problem(f"{place(index)}.price", "missing-fact", message, "give `price`")
    if all("ground" not in {**order.facts, **item.facts} for item in order.items):
        help = "give `ground` for each product with a problem"
        yield Problem("items", "missing-fact", "nothing is said to be wrong with any of the products", help)


def _shared_out(order: Order, cases: Sequence[Case], currency: str | None) -> list[dict[str, Any]]:
    """What changes about each case: its currency, its share of the shipping, and of what was paid if that is less."""
    if order.shipping is None and order.paid is None:
        return [{"currency": currency}] * len(cases)
    prices = [case.price or Decimal(0) for case in cases]
    given = [
        amount for amount in (order.shipping, order.paid, *prices, *(c.shipping for c in cases)) if amount is not None
    ]
    unit = finest(currency, given)
    charges: Sequence[Decimal | None] = [case.shipping for case in cases]
    if order.shipping is not None:
        charges = shares(order.shipping, prices, unit)
    known = [*prices, *(charge or Decimal(0) for charge in charges)]
    if order.paid is not None and order.paid <= _sum(known):  # then no other shipping was paid for
        cut = shares(order.paid, known, unit)
        prices, charges = cut[: len(prices)], cut[len(prices) :]
    each = zip(prices, charges, strict=True)
    return [{"currency": currency, "price": price, "shipping": charge} for price, charge in each]


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
