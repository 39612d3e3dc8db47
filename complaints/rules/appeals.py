"""When a decision can be contested, and how often: values and pure functions, no clock."""

import datetime as dt

from complaints.rules.kinds import Side
from complaints.rules.states import State

APPEALS_PER_DECISION = 1
# What an appeal is against when it is not against the state of the whole complaint.
AGAINST_ITEMS = "items"
OPEN_TO: dict[Side, tuple[State, ...]] = {
    Side.COMPLAINANT: (State.REJECTED,),
    Side.UPLOADER: (State.ACTED, State.FORWARDED, State.UPHELD),
}
# In these the complainant can contest that some of its items were rejected, while the rest goes on or has ended.
ITEMS_OPEN_IN = (
    State.FILED, State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED, State.UPHELD, State.RESTORED,
)  # fmt: skip


def is_spent(decided_at: dt.datetime, dismissed: list[dt.datetime]) -> bool:
    """Say whether a decision was appealed as often as it can be, by when its dismissed appeals were filed.

    House rule: one appeal for each side and decision; a new decision opens a new one. DSA art. 20 asks for one internal
    complaint about a decision, decided by people; what comes after it is a body outside of the house or a court.
    """
    return len([filed_at for filed_at in dismissed if filed_at >= decided_at]) >= APPEALS_PER_DECISION


def state_after_items_return(state: str) -> State:
    """Return where a complaint stands once items that had been rejected are taken up again.

    House rule: what goes on goes on as it was; what had ended is taken up where a measure is decided on: an upheld
    complaint where its measures stand, a restored one where it was accepted.
    """
    return {State.UPHELD: State.ACTED, State.RESTORED: State.ACCEPTED}.get(State(state), State(state))
