"""The box that tests run untrusted code in: bubblewrap, or what `--sandbox` names."""

import pytest

from runner.sandbox.bubblewrap import Bubblewrap
from runner.sandbox.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    return Bubblewrap()
