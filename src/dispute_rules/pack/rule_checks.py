"""Whether decisions and rules fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from dispute_rules.advice import COLLECTED, DECIDED
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, did_you_mean, quote
from dispute_rules.pack.change_checks import check_better
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.names import Names
from dispute_rules.pack.shared_checks import check_citations, check_support
from dispute_rules.pack.yaml import Document

OPEN = "open"  # the label of `amount` for a sum that no source gives


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule file that has the right form."""

    name: str
    document: Document
    file: RuleFile


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """A decision whose files have the right form."""

    name: str
    document: Document
    file: DecisionFile
    rules: Sequence[ReadRule]
    rule_names: Sequence[str]  # of ill-formed rule files, too


class RuleChecks:
    """Checks of one decision; what is wrong is noted in the documents."""

    def __init__(self, decision: ReadDecision, pack: PackFile, names: Names, case_type: type[Case]) -> None:
        self._decision = decision
        self._pack = pack
        self._names = names
        self._Case = case_type

    def run(self) -> None:
        """Check the decision and each of its rules."""
        self._check_outputs()
        check_better(self._decision.document, self._decision.file)
        for rule in self._decision.rules:
            self._names.check(rule.document, ("when",), rule.file.when, self._decision.name)
            self._check_then(rule)
            self._check_source(rule)
            self._check_examples(rule)
            if rule.file.from_ and rule.file.until and rule.file.from_ > rule.file.until:
                rule.document.problem(("until",), "gap-in-time", "`until` is before `from`", "check both days")
        self._check_unless()

    def _check_outputs(self) -> None:
        document, file = self._decision.document, self._decision.file
        for name, words in file.outputs.items():
            here = ("outputs", name)
            if name in self._names.base:
                document.problem(
                    here, "taken-name", f"the name {quote(name)} is taken by a fact", "take another", key=True
                )
            elif (owner := self._names.owner(name)) != self._decision.name:
                message = f"{quote(name)} is an output of `{owner}`, too"
                document.problem(here, "taken-name", message, "take another", key=True)
            wrong = COLLECTED if file.policy is Policy.ANY else DECIDED
            if name in wrong:
                other = "collect" if file.policy is Policy.ANY else "any"
                message = f"{quote(name)} is an output of decisions with the policy `{other}`"
                document.problem(here, "wrong-policy", message, f"set `policy: {other}` or take another name", key=True)
            allowed = self._allowed(name)
            for label in words if allowed is not None else ():
                if label not in (allowed or ()):
                    help = did_you_mean(label, allowed or ()) or "pack.yaml has none to name"
                    document.problem(
                        (*here, label), "unknown-label", f"{quote(label)} is no {quote(name)}", help, key=True
                    )

    def _allowed(self, output: str) -> Sequence[str] | None:
        if output == "amount":
            return [*self._pack.amounts, OPEN, NOTHING]
        if output == "date":
            return list(self._pack.dates)
        if output == "required":
            return ["true", "false"]
        values = {**DECIDED, **COLLECTED}.get(output)
        if values is None:
            return None
        nothing = [NOTHING] if output in DECIDED else []
        return [*dict.fromkeys([*(str(value) for value in values), *nothing])]

    def _check_then(self, rule: ReadRule) -> None:
        outputs = self._decision.file.outputs
        for name, label in rule.file.then.items():
            if name not in outputs:
                message = f"{quote(name)} is not an output of `{self._decision.name}`"
                rule.document.problem(("then", name), "unknown-output", message, did_you_mean(name, outputs), key=True)
            elif label not in outputs[name]:
                message = f"{quote(label)} is not a value of {quote(name)}"
                help = did_you_mean(label, outputs[name])
                rule.document.problem(("then", name), "unknown-label", message, help)
        for name in [name for name in outputs if name not in rule.file.then]:
            message = f"no value for the output {quote(name)}"
            rule.document.problem(("then",), "missing-output", message, f"add `{name}`; `none` stands for no value")

    def _check_source(self, rule: ReadRule) -> None:
        check_support(rule.document, (), rule.file.basis, rule.file.source, self._pack)
        check_citations(rule.document, ("contradicts",), rule.file.contradicts, self._pack)

    def _check_examples(self, rule: ReadRule) -> None:
        for index, example in enumerate(rule.file.examples):
            path = ("examples", index, "case" if example.case is not None else "near")
            try:
                self._Case(**example.facts)
            except CaseError as error:
                for problem in error.problems:
                    rule.document.problem((*path, problem.place), problem.code, problem.message, problem.help)

    def _check_unless(self) -> None:
        rules = {rule.name: rule for rule in self._decision.rules}
        for rule in rules.values():
            for index, name in enumerate(rule.file.unless):
                if name not in self._decision.rule_names:
                    message = f"`{self._decision.name}` has no rule {quote(name)}"
                    help = did_you_mean_file(name, self._decision.rule_names)
                    rule.document.problem(("unless", index), "unknown-rule", message, help)
        try:
            TopologicalSorter(
                {name: [n for n in rule.file.unless if n in rules] for name, rule in rules.items()}
            ).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            message = "these override one another in a circle: " + ", ".join(f"`{name}`" for name in circle[1:])
            rules[circle[0]].document.problem(("unless",), "circle", message, "decide which one is the exception")


def check_late_facts(decisions: Sequence[ReadDecision], late: Mapping[str, str]) -> None:
    """Note rules behind the evidence or the amount that look at what is known only once these are decided."""
    owners = {output: decision for decision in decisions for output in decision.file.outputs}
    for output in sorted(set(late.values()) & owners.keys()):
        left, met = [owners[output]], {owners[output].name}
        while left:
            decision = left.pop()
            for rule in decision.rules:
                for fact in rule.file.when:
                    if fact in late:
                        message = f"{quote(fact)} is known only once `{output}` is decided, and this leads to it"
                        rule.document.problem(("when", fact), "not-known-yet", message, "look at other facts", key=True)
                    elif fact in owners and owners[fact].name not in met:
                        met.add(owners[fact].name)
                        left.append(owners[fact])


def did_you_mean_file(name: str, names: Iterable[str]) -> str:
    """Suggestions for names with hyphens."""
    return did_you_mean(name, [n.replace("-", "_") for n in names]).replace("_", "-")
