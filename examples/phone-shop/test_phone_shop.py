"""Every example in the rules of the phone shop, as a test."""

from pathlib import Path

import pytest

from dispute_rules.testing import Trial, examples, trial_id


@pytest.mark.parametrize("trial", examples(Path(__file__).with_name("phone_shop")), ids=trial_id)
def test_example(trial: Trial) -> None:
    trial.check()
