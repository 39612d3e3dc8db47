"""Objects that only hold each other are still let go of, only not as often."""

import gc
import weakref

from core import memory


class Pair:
    """Holds another that holds it."""

    def __init__(self) -> None:
        self.other = self


def test_what_only_holds_itself_is_gone_before_much_has_gathered() -> None:
    before = gc.get_threshold()
    try:
        memory.look_seldom_for_cycles()

        first = weakref.ref(Pair())
        for _ in range(memory.OBJECTS):
            Pair()

        assert first() is None
    finally:
        gc.set_threshold(*before)
