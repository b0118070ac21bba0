"""The texts between a pack's own texts, by keys that stay: in English, or as a translation of the pack has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any

_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "label.true": "Yes",
        "label.false": "No",
        "basis.stated": "a source says it",
        "basis.derived": "it follows from what a source says",
        "basis.reported": "secondary sources report it",
        "basis.inferred": "our own reading, the sources are silent",
        "confidence.high": "confidence high",
        "confidence.medium": "confidence medium",
        "confidence.low": "confidence low",
        "source": "{title} ({confidence})",
        "source.dated": "{title} ({dated}, {confidence})",
        "source.contradicts": "Other sources say otherwise: {sources}",
        "any.quoted": "“{words}”",
        "any.or": "{first} or {second}",
        "any.but": "anything but {words}",
        "range.at_least": "at least {low}",
        "range.below": "below {high}",
        "range.both": "at least {low} and below {high}",
        "days.one": "{number} day",
        "days.several": "{number} days",
        "business_days.one": "{number} business day",
        "business_days.several": "{number} business days",
        # an advice
        "advice.claim": "Claim: {claim}.",
        "advice.at_most": "at most {amount}",
        "advice.wanted": "you want {amount}",
        "advice.expect": "What to expect",
        "advice.expected": "To be expected was: {words}",
        "advice.prospects": "Prospects: {words}",
        "advice.open": "Facts that you did not give can still change this; see below.",
        "advice.evidence": "Evidence ({have} have, {missing} missing: not among what you named, {unsaid} not said)",
        "advice.required": "required",
        "advice.helps": "helps",
        "advice.dates": "Dates",
        "advice.today": "today",
        "advice.window": "window",
        "advice.from": "from {day}",
        "advice.until": "until {day}",
        "advice.days": "{first} to {last}",
        "advice.mind": "Mind",
        "advice.assumed": "Taken for granted, as you did not say",
        "advice.alternatives": "What would change it",
        "advice.questions": "Worth finding out",
        "advice.why": "Why",
        "advice.sources": "Sources",
        # how far away days are
        "timeline.entry": "{title} ({when})",
        "timeline.today": "today",
        "timeline.now": "now, {days} left",
        "timeline.last_day": "today is the last day",
        "timeline.in": "in {days}",
        "timeline.in_range": "in {first} to {days}",
        "timeline.ago": "{days} ago",
        "timeline.if_today": "{when}, counted from today",
        "timeline.too_early": "Too early.",
        "timeline.opens": "Too early: opens on {day}, {when}.",
        "timeline.left": "{days} left: a dispute can be opened until {day}.",
        "timeline.closes_today": "Today is the last day to open a dispute.",
        "timeline.last_safe_day": "A dispute may be too late: the last safe day was {day}, {when}.",
        "timeline.other_reading": "By another reading it can be opened until {day}, {when}.",
        "timeline.closed": "Closed.",
        "timeline.closed_since": "Closed {when}.",
        "timeline.still_ahead": "{title}: {day}.",
        "timeline.possible": "What can happen next, for `events`",
        "timeline.buyer": "You",
        "timeline.seller": "The seller",
        "timeline.platform": "{platform}",
        # the dispute form
        "form.heading": "{pack}: the dispute form",
        "form.none": "{pack}: there is no dispute form to send now",
        "form.next": "What to do next: {action}",
        "form.from_day": "The form can be sent from {day} on.",
        "form.solution": "Expected solution",
        "form.amount": "Refund amount",
        "form.reason": "Reason",
        "form.proofs": "Proofs ({have} have, {missing} missing: not among those that you named, {unsaid} not said)",
        "form.required": "{title} (required)",
        "form.helps": "{title} (helps)",
        "form.not_said": "(not said)",
        "form.follows": "{answer} (you did not say it, but it follows from what you said)",
        "form.check": "Check before you send",
        "form.all_true": "Read every sentence, and send only what is so. The description has only what you said.",
        "form.say_received": "Say whether you have received the goods.",
        "form.name_an_amount": "Name an amount: no source gives one, or what it rests on was not said.",
        "form.at_most": "The most that can be asked for is {amount}.",
        "form.limited": "You want {amount}, and the form takes at most price and shipping.",
        "form.rules_lead_to": "You ask for another amount than the rules lead to, which is {amount}.",
        "form.open": "You did not say, and it can change what to claim: {question}",
        "form.assumed": "You did not say, and the amount rests on it: {reason}",
        # an order of several products
        "order.one": "{pack}: an order with {number} product",
        "order.several": "{pack}: an order with {number} products",
        "order.nothing_wrong": "nothing is said to be wrong with it",
        "order.nothing_paid": "nothing was paid for it, so no money can come back",
        "order.in_all": "The claims come to {amount} in all, a dispute for each product.",
        "order.at_most": "The most that can be asked for is {amount}.",
        "order.without_amount": "Without an amount, for you to name: {products}",
        "order.shares": "Amounts of each product are its share of what was paid for the order.",
        "order.nothing_to_claim": "There is nothing to claim now.",
        # why
        "why.enough": "Of what you said, this is enough for it:",
        "why.because": "Because: {reason}",
        "why.rule": "Rule {rule}: {basis}",
        "why.rests_on": "This rests on:",
        "why.counted": "{title}: {number} since {since}",
        "why.said": "you said",
        "why.today": "by today's date",
        "why.assumed": "taken for granted: {reason}",
        "why.decided": "as decided above",
        "why.no_evidence": "None",
        # why not
        "why_not.heading": "Why not “{words}” ({output} {label})?",
        "why_not.came_out": "“{words}” ({output} {label}) does come out.",
        "why_not.by": "By “{title}”: {reason}",
        "why_not.no_rule": "No rule leads there.",
        "why_not.would_be": "It would be so by “{title}”: {reason}",
        "why_not.all_hold": "All that it asks for is so.",
        "why_not.needed": "{fact}. It would have to be: {needed}",
        "why_not.goes_before": "But “{title}” goes before it: {reason}",
        "why_not.only_true": "What happened, happened: this says how the rules go, and nothing to say that is not so.",
        "why_not.decided_in": "decided in `{decision}`",
        # an interview
        "ask.how": (
            "Answer with a number or a word. `{dont_know}` don't know, `{back}` back, "
            "nothing or `{stop}` stop: the advice is on what is known."
        ),
        "ask.decides": "It decides: {question}",
        "ask.date": "a day, such as 2026-03-31",
        "ask.amount": "an amount, such as 24.90",
        "ask.count": "a whole number",
        "ask.number": "a number",
        "ask.evidence": "the numbers of all that you have, as in 1,2; {none} if none",
        "ask.that_is": "That is: {when}",
        "ask.again": "The same again: {command}",
        "ask.go_on": "To go on with the questions: {command}",
        # what can be changed
        "improve.heading": "{pack}: what you can change",
        "improve.nothing": "Nothing that you can change leads to a better outcome by these rules.",
        "improve.order": "The fewest steps come first, and of as many those that lead to the better outcome.",
        "improve.and": "Also: {how}",
        "improve.better": "{question} {after} (now: {before})",
        "improve.amount": "You would ask for {amount}.",
        "improve.untold": "Worth telling: what is not known is not changed",
        # grounds side by side
        "compare.proof": "What you have to prove",
        "compare.no_proof": "Nothing is required",
        "compare.have": "{title} (have)",
        "compare.missing": "{title} (missing)",
        "compare.unsaid": "{title} (not said)",
        "compare.open": "Can what you did not tell change this?",
        "compare.basis": "What the expectation rests on",
    }
)


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """What stands in braces in a text; a brace that is not one of a pair stands for itself."""
    braces = _PLACEHOLDER.sub("", text)
    return (*_PLACEHOLDER.findall(text), *(brace for brace in "{}" if brace in braces))


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with values in place of its placeholders."""
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


class Phrases:
    """These texts in one language."""

    def __init__(self, texts: Mapping[str, str] = _ENGLISH) -> None:
        """Take all of them, by their keys."""
        self.texts = texts

    def __reduce__(self) -> str | tuple[Any, ...]:
        return "ENGLISH" if self is ENGLISH else (Phrases, (dict(self.texts),))

    def say(self, key: str, /, **values: object) -> str:
        """A text, with the values that stand in it."""
        return filled(self.texts[key], values)

    def any_of(self, words: Iterable[str], *, negated: bool = False) -> str:
        """One of several answers, or none of them."""
        either = self.either(self.say("any.quoted", words=each) for each in words)
        return self.say("any.but", words=either) if negated else either

    def either(self, words: Iterable[str]) -> str:
        """One or the other."""
        return reduce(lambda first, second: self.say("any.or", first=first, second=second), words)

    def between(self, low: str, high: str) -> str:
        """A range of numbers; an end that is empty is open."""
        if low and high:
            return self.say("range.both", low=low, high=high)
        return self.say("range.at_least", low=low) if low else self.say("range.below", high=high)

    def days(self, number: int, unit: str) -> str:
        """A number of `days` or `business_days`, which are Monday to Friday."""
        return self.say(f"{unit}.one" if number == 1 else f"{unit}.several", number=number)

    def span(self, first: date, last: date) -> str:
        """A day, or a range of days."""
        return str(first) if first == last else self.say("advice.days", first=first, last=last)

    def when(self, earliest: date, latest: date, today: date) -> str:
        """How far away a day is, or a range of days, in calendar days."""
        first, last = (earliest - today).days, (latest - today).days
        if last < 0:
            return self.say("timeline.ago", days=self.days(-last, "days"))
        if first > 0:
            key = "timeline.in" if first == last else "timeline.in_range"
            return self.say(key, first=first, days=self.days(last, "days"))
        if first == last:
            return self.say("timeline.today")
        return self.say("timeline.now", days=self.days(last, "days")) if last else self.say("timeline.last_day")

    def source(self, title: str, dated: str | None, confidence: str) -> str:
        """A source that is cited."""
        values = {"title": title, "confidence": self.say(f"confidence.{confidence}")}
        return self.say("source.dated", dated=dated, **values) if dated else self.say("source", **values)


ENGLISH = Phrases()
