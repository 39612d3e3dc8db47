"""One provider with its people for each test."""

import pytest

from tests.investigations import world as worlds
from tests.investigations.world import World


@pytest.fixture
def world(db: None) -> World:
    return worlds.make()
