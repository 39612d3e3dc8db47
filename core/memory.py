"""How often a process looks for objects that only hold each other."""

import gc

# After so many new objects that are still there. By Python's default of 700 it is a seventh of what loading the apps costs.
OBJECTS = 20_000


def look_seldom_for_cycles() -> None:
    """Let the garbage collector look seldom: loading makes very many objects that stay, and requests few cycles."""
    gc.set_threshold(OBJECTS, 10, 10)
