"""The days of a case as a table with a bar for each, laid out for a terminal with rich."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import attrgetter

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from dispute_rules.phrases import Phrases
from dispute_rules.timeline import PossibleEvent, Timeline, TimelineDay
from dispute_rules.vocabulary import Party

_WIDEST = 110
_CELLS = 24  # of a bar
_SIGNS = {"day": "█", "today": "│", "none": "·"}
_ASCII = {"day": "#", "today": "|", "none": "."}


def show_timeline(timeline: Timeline, phrases: Phrases) -> None:
    """Print the next step, then the days."""
    console = Console(highlight=False, emoji=False, markup=False)
    console.width = min(console.width, _WIDEST)
    with console.capture() as captured:
        console.print(Text(f"{timeline.pack.title}, {timeline.today}", style="bold"))
        console.print(Text(timeline.next_step, style="bold green"))
        console.print(*map(Text, timeline.because), sep="\n")
        if timeline.window_in_words:
            console.print(Text(timeline.window_in_words))
        if timeline.days:
            console.print(_table(timeline, phrases, _ASCII if console.options.ascii_only else _SIGNS))
        if timeline.possible:
            console.print(Text(phrases.say("timeline.possible"), style="bold"))
            for party, events in groupby(sorted(timeline.possible, key=_party), key=attrgetter("by")):
                console.print(Text(f"  {phrases.say(f'timeline.{party}', platform=timeline.pack.title)}"))
                console.print(_events(events))
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _table(timeline: Timeline, phrases: Phrases, signs: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    scale = _Scale(timeline)
    for day in timeline.days:
        days = phrases.span(day.earliest, day.latest)
        bar = Text(scale.bar(day, signs), style="dim" if day.latest < timeline.today else "cyan")
        said_by = Text(", ".join(source.source for source in day.sources), style="dim")
        table.add_row(Text(days, style="cyan"), Group(Text.assemble(bar, f"  {day.when}"), Text(day.title), said_by))
    return table


def _party(event: PossibleEvent) -> int:
    return [*Party].index(event.by)


def _events(events: Iterable[PossibleEvent]) -> Table:
    table = Table.grid(padding=(0, 2))
    for event in events:
        table.add_row(Text(f"    {event.what}", style="cyan"), Text(event.title))
    return table


class _Scale:
    """Today and all days, on a bar of a few cells."""

    def __init__(self, timeline: Timeline) -> None:
        every = [timeline.today, *(day.earliest for day in timeline.days), *(day.latest for day in timeline.days)]
        self._first = min(every)
        self._span = max(1, (max(every) - self._first).days)
        self._today = self._cell(timeline.today)

    def bar(self, day: TimelineDay, signs: dict[str, str]) -> str:
        cells = [signs["none"]] * _CELLS
        cells[self._today] = signs["today"]
        first, last = self._cell(day.earliest), self._cell(day.latest)
        cells[first : last + 1] = [signs["day"]] * (last + 1 - first)
        return "".join(cells)

    def _cell(self, day: date) -> int:
        return (day - self._first).days * (_CELLS - 1) // self._span
