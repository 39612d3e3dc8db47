"""What the worker does for the house itself: each of these registers its sweep when it is imported."""

from core import clocks, idempotency, limits, mail

__all__ = ["clocks", "idempotency", "limits", "mail"]
