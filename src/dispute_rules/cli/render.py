"""An advice laid out for reading in a terminal.

rich (maintained, one small dependency tree) wraps, colours where the terminal can, and honours NO_COLOR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dispute_rules.advice import Advice, Alternative, Assumption, Reason, SourceInfo
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.ending import is_told
from dispute_rules.money import written
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import NOTHING, Edition
from dispute_rules.pack.wording import Wording
from dispute_rules.vocabulary import Stage

_WIDEST = 100
_SIGNS = {True: "✓", False: "✗", None: "·", "to": "→"}
_ASCII = {True: "x", False: "-", None: ".", "to": "->"}
_WITHOUT_ONE = (None, Stage.NOT_OPENED, Stage.CANCELLED)  # the stages in which there is no dispute
_STILL = ("action", "warning", "date")  # the outputs that count once a dispute is decided
_STYLES = {True: "green", False: "red", None: "dim"}


def show(advice: Advice, case: Case, advisor: Advisor) -> None:
    """Print the advice: what to do first, why last."""
    console = Console(highlight=False, emoji=False, markup=False)
    console.width = min(console.width, _WIDEST)
    page = _Page(advice, case, edition_on(advisor.pack, advice.pack.edition), ascii_only=console.options.ascii_only)
    with console.capture() as captured:
        for heading, body in page.sections():
            console.print(Text(heading, style="bold"))
            console.print(Padding(body, (0, 0, 1, 2)))
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


class _Page:
    """The sections of one advice, in the pack's own words."""

    def __init__(self, advice: Advice, case: Case, edition: Edition, *, ascii_only: bool) -> None:
        self._advice = advice
        self._case = case
        self._today = case.today or date.today()
        self._signs = _ASCII if ascii_only else _SIGNS
        self._edition = edition
        self._wording = Wording(edition)
        self._say = edition.phrases.say
        self._cited: list[SourceInfo] = []

    def sections(self) -> Iterator[tuple[str, RenderableType]]:
        advice = self._advice
        ground = self._label("ground", str(self._case.ground))
        yield f"{advice.pack.title}: {ground}", self._recommendation()
        if advice.result is None:
            yield self._say("advice.expect"), self._expectation()
        if advice.evidence:
            have, missing, unsaid = (self._signs[known] for known in (True, False, None))
            yield self._say("advice.evidence", have=have, missing=missing, unsaid=unsaid), self._evidence()
        if advice.timeline or (advice.window.status and advice.stage in _WITHOUT_ONE):
            yield self._say("advice.dates"), self._dates()
        if advice.warnings:
            notices = (_item("!", notice.text, notice.because, "yellow") for notice in advice.warnings)
            yield self._say("advice.mind"), Group(*notices)
        if self._mattering():
            yield self._say("advice.assumed"), self._assumptions()
        if advice.alternatives and advice.result is None:
            yield self._say("advice.alternatives"), Group(*map(self._alternative, advice.alternatives))
        if advice.questions and advice.result is None:
            asked = (_item("?", question.text, f"--{_option(question.fact)}") for question in advice.questions)
            yield self._say("advice.questions"), Group(*asked)
        yield self._say("advice.why"), Group(*self._why())
        if self._cited:
            yield self._say("advice.sources"), self._sources()

    def _words(self, output: str, value: object) -> str:
        return self._wording.answer(output, NOTHING if value is None else str(value))

    def _label(self, fact: str, label: str) -> str:
        return self._wording.answer(fact, label)

    def _recommendation(self) -> RenderableType:
        advice = self._advice
        lines = []
        if self._edition.decision_with("action"):
            lines.append(Text(self._words("action", advice.action), style="bold green"))
        lines += [Text(reason.because) for reason in advice.reasons if "action" in reason.outcome]
        lines += map(Text, self._ended())
        if advice.claim and advice.result is None:
            extent = f". {self._words('extent', advice.extent)}" if advice.extent else ""
            claim = f"{self._words('claim', advice.claim)}{extent}{self._money()}"
            lines.append(Text(self._say("advice.claim", claim=claim)))
        return Group(*lines)

    def _ended(self) -> Iterator[str]:
        """How the dispute ended; what was to be expected is no more than a comparison then."""
        result, refund = self._advice.result, self._advice.refund
        if is_told(result):
            granted = f": {written(refund.granted, refund.currency)}" if refund.granted else ""
            yield self._fact("result", str(result)) + granted
        if result and self._advice.verdict:
            yield self._say("advice.expected", words=self._words("verdict", self._advice.verdict))

    def _money(self) -> str:
        refund = self._advice.refund
        if refund.cap is None:
            return ""
        cap = self._say("advice.at_most", amount=written(refund.cap, refund.currency))
        if refund.recommended is not None:
            asked = written(refund.recommended, refund.currency)
            return f": {asked}" if refund.recommended == refund.cap else f": {asked} ({cap})"
        requested = written(self._case.requested, refund.currency) if self._case.requested else ""
        wanted = f"{self._say('advice.wanted', amount=requested)}, " if requested else ""
        decision = self._edition.decision_with("amount")
        named = self._advice.outcomes[decision.name] if decision else {}
        how = self._words("amount", named["amount"]) if isinstance(named, Mapping) and "amount" in named else ""
        return f" ({how}; {wanted}{cap})"

    def _expectation(self) -> RenderableType:
        advice = self._advice
        lines = [Text(self._words("verdict", advice.verdict))] if self._edition.decision_with("verdict") else []
        lines += [] if lines else [Text(text) for text in self._last_outcome()]
        if advice.prospects:
            lines.append(Text(self._say("advice.prospects", words=self._words("prospects", advice.prospects))))
        if advice.return_paid_by:
            lines.append(Text(self._words("return_paid_by", advice.return_paid_by)))
        if not advice.settled:
            lines.append(Text(self._say("advice.open"), style="dim"))
        return Group(*lines)

    def _last_outcome(self) -> list[str]:
        """For a pack without a verdict: what its last decision says."""
        decided = [decision for decision in self._edition.decisions if decision.policy is Policy.ANY]
        outcome = self._advice.outcomes[decided[-1].name] if decided else {}
        return [self._words(name, label) for name, label in outcome.items()] if isinstance(outcome, Mapping) else []

    def _evidence(self) -> RenderableType:
        grid = _grid(3)
        for item in self._advice.evidence:
            need = self._say("advice.required" if item.required else "advice.helps")
            grid.add_row(
                Text(self._signs[item.have], style=_STYLES[item.have]),
                Text(need, style="bold" if item.required else "dim"),
                Text(f"{item.title} ({item.kind})"),
            )
        return grid

    def _dates(self) -> RenderableType:
        grid = _grid(2)
        window = self._advice.window
        decision = self._edition.decision_with("window")
        if window.status and decision and self._advice.stage in _WITHOUT_ONE:
            answer = f"{decision.question} {self._words('window', window.status)}"
            grid.add_row(Text(self._say("advice.today"), style="cyan"), Text(answer))
        if window.opens_on or window.closes_on:
            ends = (("advice.from", window.opens_on), ("advice.until", window.closes_on))
            days = ", ".join(self._say(key, day=day) for key, day in ends if day)
            grid.add_row(Text(self._say("advice.window"), style="cyan"), Text(days, style="bold"))
        for milestone in self._advice.timeline:
            first, last = milestone.earliest, milestone.latest
            phrases = self._edition.phrases
            title = self._say("timeline.entry", title=milestone.title, when=phrases.when(first, last, self._today))
            grid.add_row(Text(phrases.span(first, last), style="cyan"), Text(title))
        return grid

    def _mattering(self) -> list[Assumption]:
        """The assumptions that the advice rests on; the others are in its JSON."""
        advice = self._advice
        used = {name for reason in self._counting() for name in reason.facts}
        if advice.result is None:
            used |= {name for alternative in advice.alternatives for name in alternative.facts}
            used |= {question.fact for question in advice.questions}
        return [entry for entry in advice.assumptions if entry.fact in used or entry.fact not in self._edition.facts]

    def _counting(self) -> list[Reason]:
        """The rules by which to go on; once a dispute is decided, none about what to claim and to prove."""
        result = self._advice.result
        shown = {*_STILL, *(() if is_told(result) else ("verdict",))}
        return [each for each in self._advice.reasons if result is None or not shown.isdisjoint(each.outcome)]

    def _assumptions(self) -> RenderableType:
        return Group(
            *(
                _item(self._signs[None], self._fact(entry.fact, entry.value), entry.because)
                for entry in self._mattering()
            )
        )

    def _fact(self, name: str, label: str) -> str:
        words = self._edition.words.get(name)
        return f"{words.question if words and words.question else name} {self._label(name, label)}"

    def _alternative(self, alternative: Alternative) -> RenderableType:
        outcome = "; ".join(self._words(name, label) for name, label in self._told(alternative).items())
        facts = "\n".join(
            f"{self._edition.words[n].question} {self._label(n, v)}" for n, v in alternative.facts.items()
        )
        return _item(self._signs["to"], outcome, facts)

    def _told(self, alternative: Alternative) -> Mapping[str, str]:
        """The verdict says it all; a pack without one has other outputs."""
        outcome = alternative.outcome
        return {"verdict": outcome["verdict"]} if "verdict" in outcome else outcome

    def _why(self) -> Iterator[RenderableType]:
        decided = {decision.name: decision for decision in self._edition.decisions if decision.policy is Policy.ANY}
        for reason in self._counting():
            if reason.decision in decided:
                answer = "; ".join(self._words(name, label) for name, label in reason.outcome.items())
                yield Text(f"{decided[reason.decision].question} {answer}.", style="cyan")
                yield Padding(Group(*self._reason(reason)), (0, 0, 0, 2))

    def _reason(self, reason: Reason) -> Iterator[Text]:
        cited = " ".join(self._cite(source) for source in reason.sources)
        yield Text(f"{reason.because} {cited}".strip())
        if reason.contradicted_by:
            others = " ".join(self._cite(source) for source in reason.contradicted_by)
            yield Text(self._say("source.contradicts", sources=others), style="yellow")
        facts = ", ".join(f"{name} {label}" for name, label in reason.facts.items())
        basis = self._say(f"basis.{reason.basis}")
        yield Text(f"{reason.rule}{f': {facts}' if facts else ''} ({basis})", style="dim")

    def _cite(self, source: SourceInfo) -> str:
        if source not in self._cited:
            self._cited.append(source)
        return f"[{self._cited.index(source) + 1}]"

    def _sources(self) -> RenderableType:
        grid = _grid(2)
        for number, source in enumerate(self._cited, start=1):
            told = self._edition.phrases.source(source.title, source.dated, source.confidence)
            grid.add_row(Text(f"[{number}]"), Group(Text(told), Text(source.url, style="dim", overflow="fold")))
        return grid


def _grid(columns: int) -> Table:
    grid = Table.grid(padding=(0, 2))
    for _ in range(columns):
        grid.add_column(vertical="top")
    return grid


def _item(sign: str, text: str, detail: str, style: str = "") -> RenderableType:
    grid = _grid(2)
    grid.add_row(Text(sign, style=style), Group(Text(text), Text(detail, style="dim")))
    return grid


def _option(fact: str) -> str:
    return fact.replace("_", "-")
