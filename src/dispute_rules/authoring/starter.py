"""What a new pack and a new decision begin with: files that work, in which `TODO` stands for what is to be written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, count
from typing import Any

from dispute_rules.advice import COLLECTED
from dispute_rules.authoring.editor import first_line
from dispute_rules.authoring.leftovers import TODO
from dispute_rules.authoring.rule_text import comment, flow, listed
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.scope import base_facts, case_facts, output_labels

Facts = Mapping[str, Any]
_PACK = """\
{first_line}
title: {title}
about: TODO
# The first day for which the pack has rules.
from: {since}
# What rules can cite, by the name that they use:
#   terms: {{title: Terms of sale, by: The shop, url: "https://example.org/terms", confidence: high}}
sources: {{}}
# The words for facts; each that a rule looks at needs a question.
facts:
  ground: {{question: What went wrong with the order?}}
# What is taken for a fact that is unknown; a fact that is not here has to be given.
#   - {{received: true, because: Most parcels arrive.}}
assume: []
# In order: an outcome of one decision is a fact for the next.
decisions: [{decision}]
"""


def pack_text(title: str, since: str, decision: str) -> str:
    """A `pack.yaml` with one decision, for rules that look at nothing but `ground`."""
    return _PACK.format(first_line=first_line("pack.yaml"), title=flow(title), since=since, decision=flow(decision))


def decision_text(name: str, decision: DecisionFile, file: PackFile) -> str:
    """A `decision.yaml`."""
    about = {key: comment(field.description or "") for key, field in DecisionFile.model_fields.items()}
    lines = [first_line(f"{name}/decision.yaml"), *about["question"], f"question: {flow(decision.question)}"]
    lines += [*about["policy"], f"policy: {decision.policy}", *about["outputs"]]
    for output in decision.outputs:
        if labels := output_labels(file, output):
            lines += listed(f"{output} may be", labels)
    lines.append("outputs:")
    for output, words in decision.outputs.items():
        lines += [f"  {output}:", *(f"    {flow(label)}: {flow(text)}" for label, text in words.items())]
    return "\n".join(lines) + "\n"


def first_decision(name: str, file: PackFile, others: Sequence[DecisionFile], cases: Sequence[Facts]) -> DecisionFile:
    """A new decision, with an answer for each of one or two cases. Its output is called like itself if that is free."""
    taken = {*case_facts(file), *base_facts(file), *COLLECTED, *chain.from_iterable(each.outputs for each in others)}
    output = next(each for each in chain([name], map("answer_{}".format, count(1))) if each not in taken)
    answers = ((output_labels(file, output) or ("first_answer",))[0], NOTHING)
    return DecisionFile(question=TODO, policy=Policy.ANY, outputs={output: dict.fromkeys(answers[: len(cases)], TODO)})


def first_rules(name: str, decision: DecisionFile, cases: Sequence[Facts]) -> dict[str, RuleFile]:
    """The rules of a decision that has none: one about the ground of the first case, and one for all else.

    A decision that only collects needs no rule for all else. With a single case the one rule holds for everything.
    """
    first, last = cases[0], cases[-1]
    if first is last:
        return {name: _rule({}, _labels(decision, 0), [{"case": first}])}
    found = {name: _rule({"ground": first["ground"]}, _labels(decision, 0), [{"case": first}, {"near": last}])}
    if decision.policy is Policy.ANY:
        rest = "otherwise" if name != "otherwise" else "in-all-other-cases"
        found[rest] = _rule({}, _labels(decision, -1), [{"case": last}, {"near": first}], unless=[name])
    return found


def _rule(when: Facts, then: Facts, examples: list[dict[str, Facts]], **more: Collection[str]) -> RuleFile:
    written = {"title": TODO, "because": TODO, "basis": "inferred", "when": when, "then": then, "examples": examples}
    return RuleFile.model_validate({**written, **more})


def _labels(decision: DecisionFile, index: int) -> Facts:
    return {output: [*labels][index] for output, labels in decision.outputs.items()}
