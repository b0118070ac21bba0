"""Packs with many facts: exact where that is possible in bounded work, and an honest "not settled" where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import dispute_rules as dr

DECISION = """\
question: What to claim?
policy: any
outputs:
  claim: {refund_only: The money, none: Nothing}
"""


def write(folder: Path, files: dict[str, str]) -> dr.Advisor:
    for name, text in files.items():
        path = folder / "flags" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return dr.Advisor(dr.load_pack(folder / "flags"))


def pack_yaml(flags: list[str]) -> str:
    facts = "\n".join(f'  {flag}: {{kind: yes_no, question: "{flag}?"}}' for flag in flags)
    assumed = "\n".join(f"  - {{{flag}: false, because: Flags are rare.}}" for flag in flags)
    head = "title: Flags\nabout: Many flags.\nfrom: 2020-01-01\n"
    return f"{head}facts:\n{facts}\nassume:\n{assumed}\ndecisions: [claim]\n"


def rule(when: str, claim: str, unless: str = "") -> str:
    exception = f"unless: [{unless}]\n" if unless else ""
    return f"title: A rule\nwhen: {when}\nthen: {{claim: {claim}}}\n{exception}because: So it is.\nbasis: inferred\n"


def any_flag(folder: Path, count: int) -> dr.Advisor:
    """Each of the flags alone leads to a claim."""
    flags = [f"flag_{i}" for i in range(count)]
    files = {"pack.yaml": pack_yaml(flags), "claim/decision.yaml": DECISION}
    files |= {f"claim/flag-{i}.yaml": rule(f"{{flag_{i}: true}}", "refund_only") for i in range(count)}
    files["claim/nothing.yaml"] = rule("{}", "none", ", ".join(f"flag-{i}" for i in range(count)))
    return write(folder, files)


def test_any_of_many_flags_is_worked_out(tmp_path: Path) -> None:
    advice = any_flag(tmp_path, 60).advise(ground="fake", today="2026-03-01")
    assert not advice.settled
    assert [alternative.claim for alternative in advice.alternatives] == [dr.Claim.REFUND_ONLY]
    assert {question.fact for question in advice.questions} == {f"flag_{i}" for i in range(60)}


def test_one_flag_of_many_settles_the_case(tmp_path: Path) -> None:
    advice = any_flag(tmp_path, 60).advise(ground="fake", flag_7=True, today="2026-03-01")
    assert advice.settled
    assert advice.claim is dr.Claim.REFUND_ONLY


@pytest.mark.parametrize("pairs", [12, 40])
def test_more_than_can_be_looked_at_is_never_called_settled(tmp_path: Path, pairs: int) -> None:
    """First all left hands are met, then all right ones: every set of left hands is a place of its own."""
    left, right = ([f"{side}_{i}" for i in range(pairs)] for side in ("left", "right"))
    files = {"pack.yaml": pack_yaml([*left, *right]), "claim/decision.yaml": DECISION}
    files |= {f"claim/a-{i}.yaml": rule(f"{{left_{i}: true, right_{i}: true}}", "refund_only") for i in range(pairs)}
    every_left = ", ".join(f"left_{i}: true" for i in range(pairs))
    files["claim/a-all-left.yaml"] = rule(f"{{{every_left}}}", "refund_only")
    names = ", ".join(["a-all-left", *(f"a-{i}" for i in range(pairs))])
    files["claim/nothing.yaml"] = rule("{}", "none", names)
    advice = write(tmp_path, files).advise(ground="fake", today="2026-03-01")
    assert advice.claim is None
    assert not advice.settled
