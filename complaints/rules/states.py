"""States of a complaint, the moves between them, and what happens next in each: values and pure functions."""

from collections.abc import Sequence

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


class State(TextChoices):
    """Where a complaint stands."""

    DRAFT = "draft", _("being written")
    UNCONFIRMED = "unconfirmed", _("waiting for the complainant's confirmation")
    FILED = "filed", _("received, being checked")
    DEFECTIVE = "defective", _("received, something is missing")
    ACCEPTED = "accepted", _("accepted as a valid notice")
    ACTED = "acted", _("a measure was taken")
    FORWARDED = "forwarded", _("forwarded to the uploader, nothing removed")
    CONTESTED = "contested", _("contested by the uploader")
    RESTORED = "restored", _("restored")
    UPHELD = "upheld", _("the measure stays")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn by the complainant")
    SETTLED = "settled", _("settled between the parties")
    CLOSED = "closed", _("closed")


# Every move that is possible, and nothing else is. A state in its own row: the same act again, on other items.
MOVES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.UNCONFIRMED, State.FILED, State.DEFECTIVE, State.WITHDRAWN),
    State.UNCONFIRMED: (State.FILED, State.DEFECTIVE, State.WITHDRAWN),
    State.DEFECTIVE: (
        State.DEFECTIVE,
        State.FILED,
        State.REJECTED,
        State.WITHDRAWN,
        State.SETTLED,
        State.CLOSED,
    ),
    State.FILED: (State.FILED, State.DEFECTIVE, State.ACCEPTED, State.REJECTED, State.WITHDRAWN, State.SETTLED),
    State.ACCEPTED: (State.ACTED, State.FORWARDED, State.REJECTED, State.WITHDRAWN, State.SETTLED),
    State.ACTED: (
        State.ACTED,
        State.CONTESTED,
        State.UPHELD,
        State.RESTORED,
        State.WITHDRAWN,
        State.SETTLED,
        State.CLOSED,
    ),
    State.FORWARDED: (
        State.FORWARDED,
        State.ACTED,
        State.CONTESTED,
        State.UPHELD,
        State.RESTORED,
        State.WITHDRAWN,
        State.SETTLED,
        State.CLOSED,
    ),
    State.CONTESTED: (
        State.CONTESTED,
        State.ACTED,
        State.RESTORED,
        State.UPHELD,
        State.WITHDRAWN,
        State.SETTLED,
    ),
    State.RESTORED: (State.ACCEPTED, State.CLOSED),
    State.UPHELD: (State.ACTED, State.RESTORED, State.WITHDRAWN, State.SETTLED, State.CLOSED),
    State.REJECTED: (State.ACCEPTED, State.CLOSED),
    State.WITHDRAWN: (State.CLOSED,),
    # Open again where what was agreed is not kept: then it stands where it would without the settlement.
    State.SETTLED: (
        State.DEFECTIVE,
        State.FILED,
        State.ACCEPTED,
        State.ACTED,
        State.FORWARDED,
        State.CLOSED,
    ),
    State.CLOSED: (),
}
# Nobody but who files it knows of a complaint in these states: it counts for nothing yet.
BEFORE_IT_COUNTS = (State.DRAFT, State.UNCONFIRMED)
# The kinds of an agreement by which the complainant lets the content stay, as messaging names them.
LETS_IT_STAY = ("license", "credit", "trim")
TONES: dict[State, str] = {
    State.ACTED: "done",
    State.UPHELD: "done",
    State.RESTORED: "done",
    State.SETTLED: "done",
    State.DEFECTIVE: "against",
    State.REJECTED: "against",
    State.CLOSED: "neutral",
    State.WITHDRAWN: "neutral",
    State.DRAFT: "neutral",
}


def check_move(state: str, new: State) -> None:
    """Raise Conflict unless a complaint in this state may move to the new one.

    House rule: the chart of moves above, in the order that the law gives to notice, measure, counter-notice and
    restoration (Civil Code arts. 1195 and 1196; 17 USC 512(c), (g)); whatever it does not name is refused.
    """
    if new not in MOVES[State(state)]:
        raise Conflict(
            _("This complaint is in the state “%(state)s”; this act is not possible in it.")
            % {"state": State(state).label},
            state=str(state),
        )


def check_state(state: str, allowed: tuple[State, ...]) -> None:
    """Raise Conflict unless the complaint is in one of these states.

    House rule: an act that leaves the state as it is names the states in which it makes sense.
    """
    if state not in allowed:
        raise Conflict(
            _("This complaint is in the state “%(state)s”; this act is not possible in it.")
            % {"state": State(state).label},
            state=str(state),
        )


def next_step(state: str, clock_states: Sequence[str] = ()) -> str | Promise:
    """Return the sentence that tells anybody what happens next in a complaint of this state, with clocks in these.

    House rule: whoever follows a complaint is told its next step in every state; the duties to confirm the receipt and
    to tell the decision (DSA art. 16(4) and (5)) are kept for every regime.
    """
    started = set(clock_states) - {"not_started"}
    if state == State.CONTESTED and started and started <= {"stopped", "fired"}:
        return WHEN_STOPPED
    if state == State.CONTESTED and "paused" in started and "running" not in started:
        return WHEN_PAUSED
    return NEXT_STEPS[State(state)]


WITHOUT_ADDRESS = _(
    "No e-mail address was given, so the provider makes sure in another way that the notice is yours. Until then it "
    "counts for nothing."
)
WHEN_STOPPED = _(
    "The clock stands still, because the complainant showed that it went further. The measure stays until the provider "
    "decides."
)
WHEN_PAUSED = _("The clock stands still; when it goes on, what was left of it is left.")
WHEN_ASKED = _("The uploader is asked whether it consents to the removal; the provider waits for its answer.")
NEXT_STEPS: dict[State, str | Promise] = {
    State.DRAFT: _("It has not been sent yet."),
    State.UNCONFIRMED: _(
        "Follow the link that was mailed to the complainant's address. Until then it counts for nothing."
    ),
    State.FILED: _("A handler of the provider checks it and accepts or rejects it, with reasons."),
    State.DEFECTIVE: _("The complainant adds what is missing. It is kept, and counts as a notice once it is complete."),
    State.ACCEPTED: _("The provider orders a measure and tells the uploader."),
    State.ACTED: _("The uploader can contest the measure; without that it stays."),
    State.FORWARDED: _("The uploader has the notice and can answer it or remove the item."),
    State.CONTESTED: _(
        "The content returns when the clock runs out, unless the complainant shows that it went further."
    ),
    State.RESTORED: _("The content is back. The complainant can go to court or to an authority."),
    State.UPHELD: _("The measure stays. The uploader can appeal."),
    State.REJECTED: _("No measure is taken. The complainant can appeal."),
    State.WITHDRAWN: _("The complainant took it back; measures were lifted."),
    State.SETTLED: _(
        "The two sides agreed in their conversation. If something was to be done by a day and is not, the matter is open "
        "again."
    ),
    State.CLOSED: _("Nothing more happens."),
}
