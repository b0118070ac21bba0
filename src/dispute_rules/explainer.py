"""From what was settled to an explanation: the pack's words, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dispute_rules.answer import Settled, final_outputs, pack_info, source_info
from dispute_rules.case import Case
from dispute_rules.errors import InputError
from dispute_rules.explanation import (
    Explanation,
    FailedCondition,
    GivenFact,
    MatteringFact,
    NearRule,
    OtherRule,
    ParameterUsed,
    Step,
    Value,
    WhyNot,
)
from dispute_rules.facts import Fact
from dispute_rules.pack.edition import edition_on, parameter_on
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import PROOF, Decision, Edition, Rule
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack
from dispute_rules.process.roots import Roots, Tracer
from dispute_rules.reasoning.why import Supports, bearing_on, sufficient
from dispute_rules.reasoning.why_not import Near, nearest
from dispute_rules.situation import label_of

Settle = Callable[[Case], Settled]


def explain(pack: Pack, case: Case, today: date, settle: Settle) -> Explanation:
    """Why a case comes out as it does on a day; `settle` settles cases of that day.

    Raises:
        CaseError: the facts do not fit together.
        PackError: the pack's rules do not answer the case.
    """
    edition, settled = edition_on(pack, today), settle(case)
    account = _Account(pack, edition, settled, Tracer(edition, case, today, settled.amount))
    outcome = _outcome(edition, settled)
    return Explanation(
        pack=pack_info(edition),
        today=today,
        outcome=outcome,
        words=account.words(outcome),
        facts=tuple(_given(pack, edition, case, _enough(edition, case, settle))),
        steps=tuple(account.steps()),
        others=tuple(account.others()),
    )


def _outcome(edition: Edition, settled: Settled) -> dict[str, str]:
    return {name: settled.labels[name] for name in final_outputs(edition)}


def _enough(edition: Edition, case: Case, settle: Settle) -> list[str]:
    """Facts of the case that lead to its outcome without the others; the day stays as it is."""
    outcome = _outcome(edition, settle(case))
    given = [name for name in type(case).model_fields if getattr(case, name) is not None and name != "today"]

    def suffice(kept: frozenset[str]) -> bool:
        try:
            fewer = case.model_copy(update={name: None for name in given if name not in kept})
            return _outcome(edition, settle(fewer)) == outcome
        except InputError:  # it must be given, or others do not go without it
            return False

    enough = sufficient(given, suffice)
    return [name for name in given if name in enough]


def _given(pack: Pack, edition: Edition, case: Case, names: Iterable[str]) -> Iterator[GivenFact]:
    values, facts = case.model_dump(mode="json"), pack.facts
    for name in names:
        value = tuple(sorted(values[name])) if isinstance(values[name], list) else values[name]
        words = edition.words.get(PROOF.name if name == "evidence" else name)
        question = (words and words.question) or type(case).model_fields[name].description or name
        yield GivenFact(fact=name, value=value, question=question, words=_answer(edition, facts[name], value))


def _answer(edition: Edition, fact: Fact, value: Value) -> str:
    wording = Wording(edition)
    if isinstance(value, tuple):
        return "; ".join(wording.answer(fact.name, kind) for kind in value) or edition.phrases.say("why.no_evidence")
    return wording.answer(fact.name, label_of(value)) if fact.labels else str(value)


class _Account:
    """What there is to tell of one settled case."""

    def __init__(self, pack: Pack, edition: Edition, settled: Settled, tracer: Tracer) -> None:
        self._pack = pack
        self._edition = edition
        self._settled = settled
        self._tracer = tracer
        self._wording = Wording(edition)
        self._assumed = {entry.fact: entry for entry in settled.assumed}
        self._seen: dict[str, dict[str, Any]] = {}

    def words(self, labels: Mapping[str, str]) -> dict[str, str]:
        """What the labels of outputs mean."""
        return {name: self._wording.answer(name, label) for name, label in labels.items()}

    # --- where facts come from

    def _fact(self, name: str) -> dict[str, Any]:
        """The fields of a fact as the rules saw it."""
        if name not in self._seen:
            label = self._settled.labels[name]
            words = {"question": self._wording.question(name), "words": self._wording.answer(name, label)}
            self._seen[name] = {"fact": name, "label": label, **words, **self._origin(name)}
        return self._seen[name]

    def _origin(self, name: str) -> dict[str, Any]:
        if name in self._assumed:
            return {"origin": "assumed", "because": self._assumed[name].because}
        roots = self._roots(name)
        decision = self._edition.decision_with(roots.output) if roots.output else None
        rest = {"decision": decision.name if decision else None, "rests_on": roots.facts}
        if roots.assumed:
            return {"origin": "assumed", "because": " ".join(entry.because for entry in roots.assumed), **rest}
        return {"origin": "given" if roots.facts else "decided", **rest}

    def _roots(self, name: str) -> Roots:
        if name not in self._edition.facts:
            return Roots(output=name)
        return Roots() if name in self._assumed else self._tracer.of(name)

    def _firmness(self, name: str) -> int:
        return ("given", "decided", "assumed").index(self._fact(name)["origin"])

    # --- why

    def steps(self) -> Iterator[Step]:
        """The rules that led to the outcome."""
        for decision in bearing_on(self._edition, final_outputs(self._edition)):
            outcome = self._settled.outcomes[decision.name]
            supports = Supports(decision, outcome, self._settled.labels, self._firmness)
            yield from (self._step(decision, rule, supports.of(rule)) for rule in outcome.rules)

    def _step(self, decision: Decision, rule: Rule, support: Mapping[str, tuple[str, ...]]) -> Step:
        return Step(
            **_named(rule),
            decision=decision.name,
            question=decision.question,
            basis=rule.basis,  # type: ignore[arg-type]
            sources=tuple(map(source_info, rule.cites)),
            contradicted_by=tuple(map(source_info, rule.contradicts)),
            outcome=rule.then,
            words=self.words(rule.then),
            facts=tuple(MatteringFact(**self._fact(name), keeps_off=off) for name, off in support.items()),
            parameters=tuple(self._parameters(support)),
        )

    def _parameters(self, facts: Iterable[str]) -> Iterator[ParameterUsed]:
        for name in dict.fromkeys(name for fact in facts for name in self._roots(fact).parameters):
            found = parameter_on(self._pack, name, self._edition.since)
            yield ParameterUsed(
                name=name,
                title=found.title,
                value=found.value,
                unit=found.unit,  # type: ignore[arg-type]
                since=found.since,
                sources=tuple(map(source_info, found.cites)),
            )

    # --- why not

    def others(self) -> Iterator[WhyNot]:
        """Every label that an output may have."""
        for decision in self._edition.decisions:
            for output, words in decision.outputs.items():
                yield from (self._why_not(decision, output, label) for label in words)

    def _why_not(self, decision: Decision, output: str, label: str) -> WhyNot:
        outcome = self._settled.outcomes[decision.name]
        by = [rule for rule in outcome.rules if rule.then[output] == label]
        near = [] if by else nearest(self._edition, decision, (output, label), self._settled.labels, outcome.rules)
        instead = outcome.values if decision.policy is Policy.ANY else {}
        return WhyNot(
            decision=decision.name,
            question=decision.question,
            output=output,
            label=label,
            words=decision.outputs[output][label],
            came_out=bool(by),
            instead=instead,
            instead_words=self.words(instead),
            decided_by=tuple(OtherRule(**_named(rule)) for rule in by),
            nearest=tuple(map(self._near, near)),
        )

    def _near(self, near: Near) -> NearRule:
        return NearRule(
            **_named(near.rule),
            failed=tuple(self._failed(name, near.rule.box[name]) for name in near.failed),
            overridden_by=tuple(OtherRule(**_named(rule)) for rule in near.overridden_by),
        )

    def _failed(self, name: str, accepted: frozenset[str]) -> FailedCondition:
        needed = tuple(label for label in self._wording.labels(name) if label in accepted)
        return FailedCondition(**self._fact(name), needed=needed, needed_words=self._wording.any_of(name, needed))


def _named(rule: Rule) -> dict[str, str]:
    return {"rule": rule.name, "title": rule.title, "because": rule.because}
