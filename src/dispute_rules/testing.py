"""Run the examples of a pack's rules, and tables of whole cases, with pytest, in three lines each.

from dispute_rules.testing import CaseTrial, Trial, examples, trial_id, whole_cases

@pytest.mark.parametrize("trial", examples("path/to/pack"), ids=trial_id)
def test_example(trial: Trial):
    trial.check()

@pytest.mark.parametrize("trial", whole_cases("path/to/cases", "path/to/pack"), ids=trial_id)
def test_case(trial: CaseTrial):
    trial.check()
"""

from __future__ import annotations

from pathlib import Path

from dispute_rules.authoring.tables import read_cases
from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack

__all__ = ["CaseTrial", "Trial", "examples", "trial_id", "whole_cases"]


def examples(pack: str | Path | Pack) -> list[Trial]:
    """Every example of every rule, tried.

    Raises:
        PackError: the pack cannot be loaded.
    """
    return list(try_examples(_loaded(pack)))


def whole_cases(path: str | Path, pack: str | Path | Pack) -> list[CaseTrial]:
    """Every case of a table, or of all tables (`*.yaml`) in a folder; each is tried when it is looked at.

    Raises:
        PackError: the pack cannot be loaded, or a table has problems.
    """
    return read_cases(path, _loaded(pack))


def trial_id(trial: Trial | CaseTrial) -> str:
    """A name for test reports: `aliexpress/verdict/damaged-unusable[case-1]`, `not-arrived/shown as delivered`."""
    return trial.name


def _loaded(pack: str | Path | Pack) -> Pack:
    return pack if isinstance(pack, Pack) else load_pack(pack)
