"""The English words between a pack's own words, where a text is put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

YES_NO: Mapping[str, str] = MappingProxyType({"true": "Yes", "false": "No"})
BASIS: Mapping[str, str] = MappingProxyType(
    {
        "stated": "a source says it",
        "derived": "it follows from what a source says",
        "reported": "secondary sources report it",
        "inferred": "our own reading, the sources are silent",
    }
)
NOTHING_AT_HAND = "None"  # of the evidence

# --- why
YOU_SAID, TODAY = "you said", "by today's date"
ASSUMED = "taken for granted: {reason}"
DECIDED, DECIDED_IN = "as decided above", "decided in `{decision}`"
ENOUGH = "Of what you said, this is enough for it"
BECAUSE = "Because: {reason}"
RULE = "Rule {rule}: {basis}"
RESTS_ON = "This rests on"
COUNTED_BY = "{title}: {number} since {since}"
CONTRADICTED = "Other sources say otherwise: {sources}"
SOURCES = "Sources"
SOURCE = "{title} ({dated}confidence {confidence})"

# --- why not
WHY_NOT = "Why not “{words}” ({output} {label})?"
CAME_OUT = "“{words}” ({output} {label}) does come out."
BY = "By “{title}”: {reason}"
NO_RULE = "No rule leads there."
WOULD_BE = "It would be so by “{title}”: {reason}"
ALL_HOLD = "All that it asks for is so."
WOULD_HAVE_TO_BE = "{fact}. It would have to be: {needed}"
GOES_BEFORE = "But “{title}” goes before it: {reason}"

# --- days
TODAY_IS_IT, NOW, LAST_DAY = "today", "now, {left} left", "today is the last day"
IN, IN_RANGE, AGO = "in {days}", "in {first} to {days}", "{days} ago"
IF_TODAY = "{when}, counted from today"
TOO_EARLY, TOO_EARLY_UNTIL = "Too early.", "Too early: opens on {day}, {wait}."
LEFT, LAST_DAY_TO_OPEN = "{days} left: a dispute can be opened until {day}.", "Today is the last day to open a dispute."
LAST_SAFE_DAY = "A dispute may be too late: the last safe day was {day}, {ago}."
CLOSED, CLOSED_SINCE = "Closed.", "Closed {ago}."
POSSIBLE = "What can happen next, for `events`"
STILL_AHEAD = "{title}: {day}."

# --- the dispute form
FORM = "{title}: the dispute form"
NO_FORM = "{title}: there is no dispute form to send now"
NEXT = "What to do next: {action}"
FROM_DAY = "The form can be sent from {day} on."
SOLUTION, AMOUNT, REASON = "Expected solution", "Refund amount", "Reason"
PROOFS = "Proofs ({have} have, {missing} missing, {unsaid} not said)"
REQUIRED, HELPS = "required", "helps"
NOT_SAID = "(not said)"
CHECK = "Check before you send"
ALL_TRUE = "Read every sentence, and send only what is so. Nothing is written here that you did not say."
SAY_RECEIVED = "Say whether you have received the goods."
NAME_AN_AMOUNT = "Name an amount: no source gives one, or what it rests on was not said."
AT_MOST = "The most that can be asked for is {amount}."
LIMITED = "You want {requested}, and the form takes at most price and shipping."
STILL_OPEN = "You did not say, and it can change what to claim: {question}"
TAKEN = "You did not say, and the amount rests on it: {because}"

# --- orders
ORDER = "{title}: an order with {number} {products}"
NOTHING_WRONG = "nothing is said to be wrong with it"
ASKED_IN_ALL = "The claims come to {amount} in all, a dispute for each product."
WITHOUT_AMOUNT = "Without an amount, for you to name: {places}"


def any_of(words: Iterable[str], *, negated: bool = False) -> str:
    """One of several answers, or none of them."""
    either = " or ".join(f"“{word}”" for word in words)
    return f"anything but {either}" if negated else either


def between(low: str, high: str) -> str:
    """A range of numbers; an end that is empty is open."""
    ends = (f"at least {low}" if low else "", f"below {high}" if high else "")
    return " and ".join(filter(None, ends))


def days(number: int, unit: str) -> str:
    """A number of days, of which business days are Monday to Friday."""
    return f"{number} {'business ' if unit == 'business_days' else ''}{'day' if number == 1 else 'days'}"


def when(earliest: date, latest: date, today: date) -> str:
    """How far away a day is, or a range of days, in calendar days."""
    first, last = (earliest - today).days, (latest - today).days
    if last < 0:
        return AGO.format(days=days(-last, "days"))
    if first > 0:
        return (IN if first == last else IN_RANGE).format(first=first, days=days(last, "days"))
    if first == last:
        return TODAY_IS_IT
    return NOW.format(left=days(last, "days")) if last else LAST_DAY
