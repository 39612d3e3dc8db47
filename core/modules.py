"""Loading the modules of one app that register themselves."""

from importlib import import_module
from importlib.util import find_spec


def load(app: str, *names: str) -> None:
    """Import ``app.name`` for each name that exists."""
    for name in names:
        if find_spec(f"{app}.{name}") is not None:
            import_module(f"{app}.{name}")
