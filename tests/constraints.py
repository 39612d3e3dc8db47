"""What the database itself refuses."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction


def broken(act: Callable[[], object]) -> str:
    """Return the name of the constraint that the act breaks."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]
