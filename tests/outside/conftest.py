import pytest

from appliance.base.metrics import Metrics
from appliance.outside.breaker import Breakers
from tests.conftest import MovableClock


@pytest.fixture
def breakers(clock: MovableClock) -> Breakers:
    return Breakers(clock, Metrics())
