"""All of an advice that is not yet one case's: what the rules say of it, to be finished with its amounts and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dispute_rules.advice import Advice, Assumption, EvidenceItem, Marks, Milestone, Refund, Window, WindowAdvice
from dispute_rules.answer import Answer, Undated
from dispute_rules.case import Case
from dispute_rules.look import Look
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts, granted_by
from dispute_rules.process.dates import Counted, Days, day_of

_Dated = tuple[tuple[int, int], int, Undated, str]
"""The earliest and the latest day of a milestone, its place, the rest of it, and what it is counted from."""

_OPENS, _CLOSES, _CLOSED = Marks.OPENS, Marks.CLOSES, Window.CLOSED  # Python 3.11 takes its time to look members up
_REMEMBERED = 16_384  # milestones with their days: of orders of four months some 2,000 come up on one day


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What cases have in common that are told alike and have the same days told."""

    parts: Mapping[str, Any]  # the fields of `Advice` in their order
    asks: bool  # whether there is still an amount to ask for
    window: Window | None
    evidence: tuple[tuple[str, Mapping[bool | None, EvidenceItem]], ...]
    milestones: tuple[tuple[Undated, Counted], ...]  # those whose days are known

    def finished(self, look: Look, today: dt.date) -> Advice:
        """The advice for one of these cases."""
        given, dated = look.case.evidence, _dated(self.milestones, look.dates)
        values = dict(self.parts)
        values["refund"] = _refund(self, look.amounts, look.case)
        values["window"] = _window(self.window, dated, today.toordinal())
        values["evidence"] = tuple([have[None if given is None else kind in given] for kind, have in self.evidence])
        values["timeline"] = tuple([_milestone(each, days, start) for days, _, each, start in dated])
        return Advice.of(values)


def draft_of(answer: Answer, counted: tuple[Assumption, ...], dates: Days) -> Draft:
    """The draft of an answer, for cases in which these assumed numbers count and such days are told."""
    parts = {**answer.parts, "assumptions": answer.parts["assumptions"] + counted}
    known = ((each, start) for each in answer.milestones if (start := dates.counted(each.what)))
    asks = "amount" not in answer.past
    return Draft(parts, asks, answer.window, answer.evidence, tuple(known))


def _refund(draft: Draft, amounts: Amounts, case: Case) -> Refund:
    """What to ask for, or what was granted once there is a result."""
    cap, recommended = amounts.get(CAP), amounts.get(RECOMMENDED) if draft.asks else None
    result = draft.parts["result"]
    granted = granted_by(result, case, cap) if result else None
    return Refund.of({"cap": cap, "recommended": recommended, "granted": granted, "currency": case.currency})


def _dated(milestones: Iterable[tuple[Undated, Counted]], dates: Days) -> list[_Dated]:
    """Milestones in the order of their days."""
    return sorted([(dates.when(it), at, each, it.start) for at, (each, it) in enumerate(milestones)])


@lru_cache(maxsize=_REMEMBERED)
def _milestone(undated: Undated, days: tuple[int, int], counted_from: str) -> Milestone:
    earliest, latest = map(day_of, days)
    return Milestone.of({**undated.fields, "earliest": earliest, "latest": latest, "counted_from": counted_from})


def _window(status: Window | None, dated: Iterable[_Dated], today: int) -> WindowAdvice:
    """The safe days: the last on which a dispute may open, and the first to come on which the window may close."""
    opens, closes = 0, []
    for (earliest, latest), _, each, _ in dated:
        if each.marks is _OPENS:
            opens = max(opens, latest)
        elif each.marks is _CLOSES:
            closes.append(earliest)
    ahead = [day for day in closes if day >= today] if status is not _CLOSED else []
    passed = [day for day in closes if day < today]
    return _window_of(status, opens, min(ahead) if ahead else max(passed, default=0))


@lru_cache(maxsize=_REMEMBERED)
def _window_of(status: Window | None, opens: int, closes: int) -> WindowAdvice:
    days = {"opens_on": day_of(opens) if opens else None, "closes_on": day_of(closes) if closes else None}
    return WindowAdvice.of({"status": status, **days})
