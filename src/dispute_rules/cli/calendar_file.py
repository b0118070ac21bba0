"""The days of a case as an iCalendar file (RFC 5545): an event for a whole day or several, with reminders.

icalendar (maintained, used by calendar servers) escapes and folds the lines.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Literal

from icalendar import Alarm, Calendar, Event

from dispute_rules.timeline import Timeline, TimelineDay

_NAMES = uuid.UUID("6f0b4a3e-51f5-4d3f-9a53-6d1c2f4c9d10")  # of these events, among all that are named
_DAY = dt.timedelta(days=1)
_BEFORE = dt.timedelta(hours=-15)  # at nine in the morning on the day before


def calendar_of(timelines: Mapping[str, Timeline]) -> str:
    """The days that are not over and follow from what happened: one that is counted from today moves every day.

    A day that has moved replaces itself in a calendar, as it keeps its identifier: by the name of its timeline, which
    may be empty, and what the case is about. Without any such day there is no calendar, and the text is empty.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//dispute-rules//timeline//EN")
    calendar.add("version", "2.0")
    for name, timeline in timelines.items():
        for day in timeline.days:
            if day.latest >= timeline.today and day.counted_from != "today":
                calendar.add_component(_event(name, timeline, day))
    text: str = calendar.to_ical().decode() if calendar.subcomponents else ""  # RFC 5545 wants one at least
    return text


def _event(name: str, timeline: Timeline, day: TimelineDay) -> Event:
    event = Event()
    known_by = json.dumps([timeline.pack.name, name, dict(timeline.about), day.what], sort_keys=True)
    event.add("uid", f"{uuid.uuid5(_NAMES, known_by)}@dispute-rules")
    event.add("dtstamp", dt.datetime.combine(timeline.today, dt.time(), tzinfo=dt.UTC))
    event.add("dtstart", day.earliest)
    if day.latest < dt.date.max:
        event.add("dtend", day.latest + _DAY)  # the first day that is not part of it
    event.add("summary", f"{', '.join(filter(None, (timeline.pack.title, name)))}: {day.title}")
    event.add("description", "\n".join([day.because, *(source.url for source in day.sources)]))
    event.add("transp", "TRANSPARENT")  # nobody is busy all day for it
    event.add_component(_reminder(day, _BEFORE, "START"))
    if day.earliest < day.latest < dt.date.max:
        event.add_component(_reminder(day, _BEFORE - _DAY, "END"))  # the end is the beginning of the day after
    return event


def _reminder(day: TimelineDay, before: dt.timedelta, of: Literal["START", "END"]) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", day.title)
    alarm.add("trigger", before, parameters={"RELATED": of})
    return alarm
