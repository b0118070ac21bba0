"""What the rules say of a situation: all of an advice that does not depend on the case's own amounts and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from dispute_rules.advice import (
    DECIDED,
    Action,
    Advice,
    Assumption,
    EvidenceItem,
    Frozen,
    Marks,
    Milestone,
    Notice,
    PackInfo,
    Question,
    Reason,
    SourceInfo,
    Window,
)
from dispute_rules.asking.questions import FINAL, Asker, value_of
from dispute_rules.asking.which import Known
from dispute_rules.ending import ending, is_over, past, unexplained
from dispute_rules.engine import EngineName
from dispute_rules.engine.decide import Decider, Outcome
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Assumed, Cite, Decision, Edition, Rule
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.unknowns import Outlook
from dispute_rules.situation import Completion
from dispute_rules.vocabulary import Stage

_REMEMBERED = 4_096  # outcomes and rules of an edition, with what is said of them
_NOTHING = Outcome(())


class Settled(NamedTuple):
    """A situation and what the decisions come to in it."""

    known: Known
    assumed: tuple[Assumed, ...]
    outcomes: Mapping[str, Outcome]
    labels: Mapping[str, str]  # of all facts that rules look at, and of the outputs of decisions with the policy `any`
    required: frozenset[str]  # the kinds of evidence that must be attached

    @property
    def amount(self) -> str | None:
        """The amount to ask for, by its name in the pack."""
        return self.labels.get("amount")


@dataclass(frozen=True, slots=True, eq=False)
class Undated:
    """A milestone whose days go by the case."""

    what: str
    marks: Marks
    fields: Mapping[str, Any]  # those of `Milestone`, in their order


class Answer(NamedTuple):
    """The answer to one situation, shared by all cases in it."""

    parts: Mapping[
        str, Any
    ]  # the fields of `Advice` in their order, all that do not go by the case's own amounts and days
    past: frozenset[str]  # the outputs that no longer apply
    window: Window | None
    evidence: tuple[tuple[str, Mapping[bool | None, EvidenceItem]], ...]  # each kind, by whether it is at hand
    milestones: tuple[Undated, ...]


class Answerer:
    """Answers situations of one edition."""

    def __init__(self, edition: Edition, engine: EngineName, tellers: Tellers) -> None:
        """Set up the decisions."""
        self._edition = edition
        self._completion = Completion(edition)
        self._decider = Decider(edition, engine)
        self.outlook = Outlook(edition, final_outputs(edition))
        self.asker = Asker(edition, self.outlook, tellers)
        self._pack = pack_info(edition)
        remember = lru_cache(maxsize=_REMEMBERED)
        self._evidence = remember(self._find_evidence)
        self._required = remember(self._find_required)
        self._milestones = remember(self._find_milestones)
        self._undated = remember(self._find_undated)
        self._warnings = remember(self._find_warnings)
        self._plain = remember(_plain)
        self._reason = remember(_reason)

    def settle(self, known: Mapping[str, str], uncertain: frozenset[str], given: frozenset[str]) -> Settled:
        """The decisions for known labels; `given` are those facts of the case, known at all, that assumptions rest on.

        The `uncertain` among the known labels rest on assumptions themselves.

        Raises:
            CaseError: a required fact is missing, or the facts contradict one another.
            PackError: the rules do not answer, or disagree.
        """
        situation = self._completion.complete(known, given)
        outcomes = self._decider.decide(situation.labels)
        decided = (d.name for d in self._edition.decisions if d.policy is Policy.ANY)
        values = {output: label for name in decided for output, label in outcomes[name].values.items()}
        required = self._required(self._with(outcomes, "evidence"))
        told = Known(known, uncertain, given, evidence=required)
        return Settled(told, situation.assumed, outcomes, {**situation.labels, **values}, required)

    def answer(self, settled: Settled, *, outlined: bool = False) -> Answer:
        """What there is to say of a settled situation; if `outlined`, but for what else is possible."""
        outcomes, labels = settled.outcomes, settled.labels
        result, gone = ending(labels), past(labels)
        over, evidence = is_over(labels), _NOTHING if "evidence" in gone else self._with(outcomes, "evidence")
        parts = dict[str, Any].fromkeys(Advice.model_fields) | {
            "pack": self._pack,
            "stage": Stage(labels["stage"]) if "stage" in labels else None,
            "result": result,
            **{name: value_of(name, labels) for name in DECIDED if name not in ("window", "amount", *gone)},
            "warnings": self._warnings(self._with(outcomes, "warning")),
            "reasons": tuple(self._reasons(outcomes, labels)),
            "assumptions": tuple(assumption(entry) for entry in settled.assumed if entry.number is None),
            "alternatives": () if outlined or over else self.asker.alternatives(settled.known),
            "questions": () if outlined else self.questions(settled),
            "settled": over or (not outlined and self.asker.is_settled(settled.known)),
            "outcomes": Frozen({d.name: self._plain(d, outcomes[d.name]) for d in self._edition.decisions}),
        }
        parts["action"] = parts["action"] or Action.NONE
        dates = self._milestones(self._with(outcomes, "date"))
        return Answer(parts, gone, value_of("window", labels), self._evidence(evidence), dates)

    def questions(self, settled: Settled, declined: frozenset[str] = frozenset()) -> tuple[Question, ...]:
        """The facts to ask for that can still matter; none once nothing is left to claim."""
        return () if is_over(settled.labels) else self.asker.questions(settled.known, declined)

    def _with(self, outcomes: Mapping[str, Outcome], output: str) -> Outcome:
        """The outcome of the decision that has an output."""
        decision = self._edition.decision_with(output)
        return outcomes[decision.name] if decision else _NOTHING

    def _find_required(self, outcome: Outcome) -> frozenset[str]:
        """The kinds of evidence that some rule requires."""
        return frozenset(rule.then["evidence"] for rule in outcome.rules if rule.then.get("required") == "true")

    def _find_evidence(self, outcome: Outcome) -> tuple[tuple[str, Mapping[bool | None, EvidenceItem]], ...]:
        """Each kind once, the required ones first."""
        required = self._required(outcome)
        kinds = sorted(dict.fromkeys(rule.then["evidence"] for rule in outcome.rules), key=lambda k: k not in required)
        return tuple((kind, self._at_hand(kind, kind in required)) for kind in kinds)

    def _at_hand(self, kind: str, required: bool) -> Mapping[bool | None, EvidenceItem]:
        title = self._words("evidence")[kind]
        item = {"kind": kind, "title": title, "required": required}
        return {have: EvidenceItem.of({**item, "have": have}) for have in (None, False, True)}

    def _find_milestones(self, outcome: Outcome) -> tuple[Undated, ...]:
        said = {tuple(rule.then.items()): rule for rule in reversed(outcome.rules)}  # each once
        return tuple(map(self._undated, reversed(said.values())))

    def _find_undated(self, rule: Rule) -> Undated:
        name, marks = rule.then["date"], Marks(rule.then.get("marks", Marks.STEP))
        said = {"what": name, "title": self._words("date")[name], "marks": marks, "rule": rule.name}
        more = {"because": rule.because, "sources": tuple(map(source_info, rule.cites))}
        return Undated(name, marks, dict[str, Any].fromkeys(Milestone.model_fields) | said | more)

    def _words(self, output: str) -> Mapping[str, str]:
        decision = self._edition.decision_with(output)
        return decision.outputs[output] if decision else {}

    def _find_warnings(self, outcome: Outcome) -> tuple[Notice, ...]:
        first = {rule.then["warning"]: rule for rule in reversed(outcome.rules)}
        codes = dict.fromkeys(rule.then["warning"] for rule in outcome.rules)
        words = self._words("warning")
        notices = ({"code": code, "text": words[code], "because": first[code].because} for code in codes)
        return tuple(map(Notice.of, notices))

    def _reasons(self, outcomes: Mapping[str, Outcome], labels: Mapping[str, str]) -> Iterator[Reason]:
        untold = unexplained(labels)
        for decision, outcome in outcomes.items():
            for rule in outcome.rules:
                if untold.isdisjoint(rule.then):
                    yield self._reason(decision, rule, tuple(map(labels.__getitem__, rule.box)))


def _plain(decision: Decision, outcome: Outcome) -> Mapping[str, str] | tuple[Mapping[str, str], ...]:
    return Frozen(outcome.values) if decision.policy is Policy.ANY else tuple(map(Frozen, outcome.items))


def assumption(entry: Assumed) -> Assumption:
    """An assumption as it is reported."""
    value = entry.label if entry.number is None else str(entry.number)
    return Assumption.of({"fact": entry.fact, "value": value, "because": entry.because})


def final_outputs(edition: Edition) -> tuple[str, ...]:
    """Claim, extent and verdict; for a pack without them the outputs of its last decision."""
    decided = [decision for decision in edition.decisions if decision.policy is Policy.ANY]
    found = tuple(name for decision in decided for name in decision.outputs if name in FINAL)
    return found or (tuple(decided[-1].outputs) if decided else ())


def _reason(decision: str, rule: Rule, labels: tuple[str, ...]) -> Reason:
    return Reason.of(
        {
            "decision": decision,
            "rule": rule.name,
            "title": rule.title,
            "because": rule.because,
            "basis": rule.basis,
            "sources": tuple(map(source_info, rule.cites)),
            "contradicted_by": tuple(map(source_info, rule.contradicts)),
            "facts": Frozen(zip(rule.box, labels, strict=True)),
            "outcome": Frozen(rule.then),
        }
    )


def pack_info(edition: Edition) -> PackInfo:
    """Which rules answer."""
    return PackInfo.of(
        {
            "name": edition.pack,
            "title": edition.title,
            "language": edition.language,
            "edition": edition.since,
            "content_hash": edition.content_hash,
        }
    )


@lru_cache(maxsize=4096)
def source_info(cite: Cite) -> SourceInfo:
    """A source, as it is reported."""
    return SourceInfo.of(cite._asdict())
