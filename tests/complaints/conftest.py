"""A world for each test, and the ledger's own needs."""

import pytest

from tests.complaints import world as worlds
from tests.record import append_only_tables_can_be_emptied, checkpoints_of_this_test

__all__ = ["append_only_tables_can_be_emptied", "checkpoints_of_this_test"]


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.world()
