"""The examples in the rules of the phone shop, and its table of whole cases, as tests."""

from pathlib import Path

import pytest

from dispute_rules.testing import CaseTrial, Trial, examples, trial_id, whole_cases

HOME = Path(__file__).parent


@pytest.mark.parametrize("trial", examples(HOME / "phone_shop"), ids=trial_id)
def test_example(trial: Trial) -> None:
    trial.check()


@pytest.mark.parametrize("trial", whole_cases(HOME / "cases.yaml", HOME / "phone_shop"), ids=trial_id)
def test_case(trial: CaseTrial) -> None:
    trial.check()
