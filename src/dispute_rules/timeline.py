"""The days of a case in words: what comes next, how long it is until then, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from dispute_rules.advice import Action, Advice, Frozen, Marks, Milestone, PackInfo, Window, WindowAdvice
from dispute_rules.case import Case
from dispute_rules.pack.files import EventFile
from dispute_rules.phrases import Phrases
from dispute_rules.vocabulary import Party, Stage


class TimelineDay(Milestone):
    """A milestone, and how far away it is."""

    when: str = Field(description="In words, counted in calendar days from today.")


class PossibleEvent(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """What can happen next, by the name that a case uses for it, and the facts that it tells."""

    what: str
    by: Party
    title: str
    needs: tuple[str, ...]
    tells: tuple[str, ...]


class Timeline(BaseModel):
    """The next step of a case and its days, the earliest first. Frozen; JSON both ways."""

    model_config = {"frozen": True, "extra": "forbid", "defer_build": True}

    pack: PackInfo
    today: dt.date
    about: Annotated[Mapping[str, Any], AfterValidator(Frozen)] = Field(
        description="What tells this case from others and stays as it is while the dispute goes on."
    )
    stage: Stage | None
    action: Action
    next_step: str = Field(description="The action in the pack's words.")
    because: tuple[str, ...] = Field(description="Why this is the next step.")
    window: WindowAdvice
    window_in_words: str | None = Field(description="None where no dispute is to be opened any more.")
    days: tuple[TimelineDay, ...]
    possible: tuple[PossibleEvent, ...] = Field(
        description="The events that can happen today, as far as the facts tell."
    )


_ABOUT = ("ground", "ordered_on", "price", "shipping", "currency")


def timeline_of(
    advice: Advice, case: Case, today: dt.date, next_step: str, events: Mapping[str, EventFile], *, phrases: Phrases
) -> Timeline:
    """The timeline of an advice on a case; `next_step` is its action in words, `events` are those that can be next."""
    days = [TimelineDay(**dict(day), when=_when(day, today, phrases)) for day in advice.timeline]
    return Timeline(
        pack=advice.pack,
        today=today,
        about={name: str(value) for name in _ABOUT if (value := getattr(case, name)) is not None},
        stage=advice.stage,
        action=advice.action,
        next_step=next_step,
        because=tuple(reason.because for reason in advice.reasons if "action" in reason.outcome),
        window=advice.window,
        window_in_words=" ".join(_window(advice, today, phrases)) or None,
        days=tuple(days),
        possible=tuple(
            PossibleEvent(what=what, by=event.by, title=event.title, needs=event.needs, tells=event.tells)
            for what, event in events.items()
        ),
    )


def _when(day: Milestone, today: dt.date, phrases: Phrases) -> str:
    words = phrases.when(day.earliest, day.latest, today)
    return phrases.say("timeline.if_today", when=words) if day.counted_from == "today" else words


def _window(advice: Advice, today: dt.date, phrases: Phrases) -> Iterator[str]:
    """Whether a dispute can be opened, and how long it is until that changes. Nothing while one is under way."""
    window = advice.window
    if window.status is Window.TOO_EARLY:
        opens = window.opens_on
        yield phrases.say("timeline.too_early") if opens is None else _told("timeline.opens", opens, today, phrases)
    elif window.closes_on is not None and (over := _over(advice, today)):
        yield _told("timeline.last_safe_day", over, today, phrases)
        yield _told("timeline.other_reading", window.closes_on, today, phrases)
    elif window.closes_on is not None:
        yield _told(_closing(window.status, window.closes_on, today), window.closes_on, today, phrases)
    elif window.status is Window.CLOSED:
        yield phrases.say("timeline.closed")
    if window.status is Window.CLOSED:
        later = (day for day in advice.timeline if day.marks is Marks.STEP and day.latest >= today)
        yield from (phrases.say("timeline.still_ahead", day=day.latest, title=day.title) for day in later)


def _over(advice: Advice, today: dt.date) -> dt.date | None:
    """The last day for a dispute by a reading of the rules that says it is over, while another one says it is not."""
    closes = [day.latest for day in advice.timeline if day.marks is Marks.CLOSES]
    disputed = advice.window.status is Window.OPEN and any(day >= today for day in closes)
    return min((day for day in closes if day < today), default=None) if disputed else None


def _closing(status: Window | None, day: dt.date, today: dt.date) -> str:
    if status is Window.CLOSED:
        return "timeline.closed_since"
    if day < today:
        return "timeline.last_safe_day"
    return "timeline.closes_today" if day == today else "timeline.left"


def _told(key: str, day: dt.date, today: dt.date, phrases: Phrases) -> str:
    return phrases.say(key, day=day, when=phrases.when(day, day, today), days=phrases.days((day - today).days, "days"))
