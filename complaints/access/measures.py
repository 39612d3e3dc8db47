"""Measures by the name of their clocks, and what they say to who may see them."""

from uuid import UUID

from complaints.models import Measure

PREFIX = "measure:"


def matter_of(measure: Measure) -> str:
    """Return the name under which the clocks of a measure run."""
    return f"{PREFIX}{measure.pk}"


def measure_id_of(matter: str) -> UUID:
    """Return the id of the measure whose clocks run under this name."""
    return UUID(matter.removeprefix(PREFIX))
