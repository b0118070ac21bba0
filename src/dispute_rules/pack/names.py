"""The names that conditions may use, and whether a condition is one that can be met."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dispute_rules.errors import did_you_mean, quote
from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.conditions import When
from dispute_rules.pack.files import DecisionFile, PackFile
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.scope import NUMERIC, base_facts, case_facts, late_facts
from dispute_rules.pack.yaml import Document, Path


class Names:
    """What can be looked at, and from which decision on."""

    def __init__(
        self, file: PackFile, decisions: Mapping[str, DecisionFile], reads: Mapping[str, Collection[str]]
    ) -> None:
        """`reads` is what the rules of each decision look at."""
        self._reads = reads
        self._order = [name for name in file.decisions if name in decisions]
        self._outputs = {
            output: (name, Fact(output, Kind.LABEL, tuple(labels)))
            for name in self._order
            for output, labels in decisions[name].outputs.items()
        }
        self._policies = {name: decisions[name].policy for name in self._order}
        self._hidden = case_facts(file)
        self._late = late_facts(file)
        self.base = base_facts(file)

    def check(self, document: Document, path: Path, when: When, decision: str | None = None) -> None:
        """Note what is wrong with a `when` at `path`; without a decision only base facts can be looked at."""
        for name, condition in when.items():
            here = (*path, name)
            fact = self._visible(document, here, name, decision)
            if fact is None:
                continue
            if condition.is_range != (fact.kind in NUMERIC):
                wanted = "a range such as {at_least: 3, below: 10}" if fact.kind in NUMERIC else "one of its labels"
                document.problem(here, "bad-condition", f"{quote(name)} is not compared in this way", f"give {wanted}")
                continue
            for label in condition.labels:
                if label not in fact.labels:
                    message = f"{quote(label)} is not a label of {quote(name)}"
                    document.problem(here, "unknown-label", message, did_you_mean(label, fact.labels))
            if condition.negated and set(condition.labels) >= set(fact.labels):
                document.problem(here, "bad-condition", f"no label of {quote(name)} is left", "leave one out of `not`")

    def owner(self, output: str) -> str:
        """The decision whose output it is."""
        return self._outputs[output][0]

    def _visible(self, document: Document, path: Path, name: str, decision: str | None) -> Fact | None:
        fact, since = self._find(name)
        if fact is None:
            message, help = self._unknown(name)
            document.problem(path, "unknown-fact", message, help, key=True)
            return None
        if since and decision and since not in self._before(decision):
            self._too_early(document, path, since, decision)
        if since and decision is None and name not in self.base:
            help = "look at the facts of the case"
            document.problem(path, "not-known-yet", f"{quote(name)} is known only after a decision", help, key=True)
        return fact

    def _too_early(self, document: Document, path: Path, since: str, decision: str) -> None:
        """Note that a decision looks at what is known only since another one, or since itself."""
        name = quote(path[-1])
        help = "no order of `decisions` mends this: look at other facts"
        if since == decision:
            document.problem(path, "circle", f"{name} is known only after this decision itself", help, key=True)
        elif decision in self._waits_for(since):
            message = f"`{decision}` waits for `{since}` to know {name}, and `{since}` waits for `{decision}`"
            document.problem(path, "circle", message, help, key=True)
        else:
            message = f"{name} is known only after the decision `{since}`"
            help = f"in pack.yaml, put `{since}` before `{decision}` in `decisions`"
            document.problem(path, "not-known-yet", message, help, key=True)

    def _find(self, name: str) -> tuple[Fact | None, str | None]:
        if name in self.base:
            output = self._late.get(name)
            return self.base[name], self._outputs[output][0] if output in self._outputs else None
        if name in self._outputs and self._policies[self._outputs[name][0]] is Policy.ANY:
            decision, fact = self._outputs[name]
            return fact, decision
        return None, None

    def _unknown(self, name: str) -> tuple[str, str]:
        if name in self._outputs:
            return f"{quote(name)} is collected, not decided", "look at the facts that lead to it"
        if name in self._hidden:
            help = "rules look at labels: use an entry of `dates` or `comparisons` in pack.yaml"
            return f"a rule cannot look at {quote(name)} itself", help
        return f"there is no fact {quote(name)}", did_you_mean(name, [*self.base, *self._outputs])

    def _waits_for(self, decision: str) -> set[str]:
        """The decisions whose outcomes one needs in the end; itself among them only if they go in a circle."""
        found: set[str] = set()
        left = [decision]
        while left:
            known_after = {since for fact in self._reads[left.pop()] if (since := self._find(fact)[1])}
            left.extend(known_after - found)
            found |= known_after
        return found

    def _before(self, decision: str) -> Iterable[str]:
        return self._order[: self._order.index(decision)]
