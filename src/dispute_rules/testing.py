"""Run the examples of a pack's rules with pytest, in three lines.

from dispute_rules.testing import examples, trial_id

@pytest.mark.parametrize("trial", examples("path/to/pack"), ids=trial_id)
def test_example(trial):
    trial.check()
"""

from __future__ import annotations

from pathlib import Path

from dispute_rules.authoring.trials import Trial, try_examples
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack

__all__ = ["Trial", "examples", "trial_id"]


def examples(pack: str | Path | Pack) -> list[Trial]:
    """Every example of every rule, tried.

    Raises:
        PackError: the pack cannot be loaded.
    """
    return list(try_examples(pack if isinstance(pack, Pack) else load_pack(pack)))


def trial_id(trial: Trial) -> str:
    """A name for test reports: `aliexpress/verdict/damaged-unusable[case-1]`."""
    return trial.name
