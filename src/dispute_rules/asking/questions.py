"""Questions in a person's words: why they are asked, and what each answer leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dispute_rules.advice import DECIDED, Alternative, Frozen, Lead, Option, Question
from dispute_rules.asking.which import Known, Search, Ways
from dispute_rules.case import Case
from dispute_rules.facts import STANDARD, Kind
from dispute_rules.pack.model import NOTHING, PROOF, Edition
from dispute_rules.pack.wording import Wording
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.diagram import End
from dispute_rules.reasoning.unknowns import Ending, Outlook, Unknowns

FINAL = ("claim", "extent", "verdict")  # what questions and alternatives are about
_LABELLED = (Kind.LABEL, Kind.YES_NO)


class Asker:
    """Asks for what is unknown in the situations of one edition."""

    def __init__(self, edition: Edition, outlook: Outlook, tellers: Tellers) -> None:
        """Look up the ways from facts to outcomes."""
        self._edition = edition
        self._outlook = outlook
        self._ways = Ways(edition, tellers)
        self._wording = Wording(edition)
        before = [decision for name in outlook.space.order for decision in self._ways.before.get(name, ())]
        self._decisions = [d for d in edition.decisions if d in before or d in outlook.space.decisions]

    def questions(self, known: Known, declined: frozenset[str] = frozenset()) -> tuple[Question, ...]:
        """The facts that can still matter, the most decisive first, without those that the person does not know.

        A fact that must be given is asked for alone.
        """
        if known.lacking:
            return tuple(self._for_lacking(name, known) for name in known.lacking[:1] if name not in declined)
        unknowns = self._outlook.unknowns(known.told, known.uncertain, known.given)
        search = Search(self._ways, known, unknowns, declined)
        asked: dict[str, list[str]] = {}
        for fact, label in filter(None, map(search.fact_for, unknowns.facts)):
            asked.setdefault(fact, []).append(label)
        return tuple(self._question(fact, names, known, unknowns) for fact, names in asked.items())

    def is_settled(self, known: Known) -> bool:
        """Whether nothing unknown can change the outcome."""
        return self._outlook.unknowns(known.told, known.uncertain, known.given).settled

    def alternatives(self, known: Known) -> tuple[Alternative, ...]:
        """Each other outcome that is still possible."""
        ends = self._outlook.unknowns(known.told, known.uncertain, known.given).ends
        return tuple(Alternative.of({**self._outcome(end), "facts": Frozen(facts)}) for end, facts in ends.items())

    def _for_lacking(self, name: str, known: Known) -> Question:
        """What each answer leads to is known if nothing else is lacking."""
        labels = (self._edition.facts.get(name) or STANDARD[name]).labels
        if len(known.lacking) > 1:
            return self._told(name, [name], self._options(name, labels), ())
        looks = {
            label: self._outlook.unknowns({**known.told, name: label}, known.uncertain, known.given | {name})
            for label in labels
        }
        endings = [Ending(label, look.here, look.settled) for label, look in looks.items() if look.here]
        options = self._options(name, [ending.label for ending in endings])
        return self._told(name, [name], options, [self._lead(name, ending) for ending in endings])

    def _question(self, fact: str, names: Sequence[str], known: Known, unknowns: Unknowns) -> Question:
        told = [fact] if self._edition.kinds[fact] in _LABELLED else names
        leads = [self._lead(name, ending) for name in told for ending in unknowns.endings(name)]
        options = self._options(fact, [lead.facts[fact] for lead in leads if fact in lead.facts])
        return self._told(fact, names, options if PROOF.name not in names else self._evidence(known), leads)

    def _told(self, fact: str, names: Sequence[str], options: Iterable[Option], leads: Iterable[Lead]) -> Question:
        kind = self._edition.kinds[fact]
        return Question.of(
            {
                "fact": fact,
                "kind": kind.value if kind is not Kind.OTHER else "evidence",
                "text": self._text(fact, names),
                "options": tuple(options),
                "because": tuple(d.question for d in self._decisions if not set(names).isdisjoint(d.reads)),
                "leads_to": tuple(leads),
            }
        )

    def _text(self, fact: str, names: Iterable[str]) -> str:
        """The pack's words for a fact, or else for a label that it is the first to tell."""
        first = (name for name in names if self._ways.tellers.facts(name)[0] == fact)
        for name in (fact, *first):
            if (words := self._edition.words.get(name)) and words.question:
                return words.question
        field = Case.model_fields.get(fact)
        return (field.description if field else None) or fact

    def _options(self, fact: str, labels: Iterable[str]) -> Sequence[Option]:
        if self._edition.kinds[fact] not in _LABELLED:
            return ()
        return [_option(label, self._wording.answer(fact, label)) for label in labels]

    def _evidence(self, known: Known) -> Sequence[Option]:
        decision = self._edition.decision_with("evidence")
        titles: Mapping[str, str] = decision.outputs["evidence"] if decision else {}
        return [_option(kind, title) for kind, title in titles.items() if kind in known.evidence]

    def _lead(self, name: str, ending: Ending) -> Lead:
        text = self._wording.answer(name, ending.label)
        said = {"facts": Frozen({name: ending.label}), "text": text, "settled": ending.settled}
        return Lead.of({**self._outcome(ending.end), **said})

    def _outcome(self, end: End) -> dict[str, Any]:
        values = dict(zip(self._outlook.space.outputs, end, strict=True))
        return {**{name: value_of(name, values) for name in FINAL}, "outcome": Frozen(values)}


def _option(value: str, text: str) -> Option:
    return Option.of({"value": value, "text": text})


def value_of(name: str, values: Mapping[str, str]) -> Any:
    """The public value of an output; None where there is none."""
    label, kind = values.get(name, NOTHING), DECIDED[name]
    if kind is None or (label == NOTHING and label not in set(kind)):
        return None if label == NOTHING else label
    return kind(label)
