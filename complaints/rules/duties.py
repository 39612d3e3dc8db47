"""What each side of a complaint has to do now, and may do: values and pure functions, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.rules.kinds import PARTIES, Side
from complaints.rules.states import State

# The three sides of the public status: everybody of the provider, its service and the portal are one there.
PROVIDER = Side.HANDLER
THREE_SIDES = (Side.COMPLAINANT, Side.UPLOADER, PROVIDER)


@dataclass(frozen=True)
class Duty:
    """What a side has to do now (the matter waits for it), or may do."""

    text: str | Promise
    is_awaited: bool = True


NOTHING = Duty(_("Nothing to do now."), is_awaited=False)
NOT_TOLD = Duty(_("Is not told of a notice before a measure; nothing to do now."), is_awaited=False)
DECIDE_APPEAL = Duty(_("Decides the appeal: somebody else than who decided."))
DECIDE_AFTER_SUIT = Duty(_("Decides whether the measure stays, as the case before the court or the authority goes on."))
_MAY_APPEAL = Duty(_("May appeal, and is heard by somebody else than who decided."), is_awaited=False)
DUTIES: dict[tuple[State, Side], Duty] = {
    (State.DRAFT, Side.COMPLAINANT): Duty(_("Sends the notice.")),
    (State.UNCONFIRMED, Side.COMPLAINANT): Duty(_("Follows the link that was mailed, so that the notice counts.")),
    (State.FILED, PROVIDER): Duty(_("Checks the notice and accepts or rejects it, with reasons.")),
    (State.DEFECTIVE, Side.COMPLAINANT): Duty(_("Adds what is missing.")),
    (State.ACCEPTED, PROVIDER): Duty(_("Orders a measure and tells the uploader.")),
    (State.ACTED, Side.UPLOADER): Duty(
        _("May contest the measure or appeal; without that it stays."), is_awaited=False
    ),
    (State.FORWARDED, Side.UPLOADER): Duty(_("May answer the notice, or removes the item."), is_awaited=False),
    (State.CONTESTED, Side.COMPLAINANT): Duty(
        _("Shows a lawsuit or a complaint to an authority before the clock runs out, or lets the content return.")
    ),
    (State.RESTORED, Side.COMPLAINANT): Duty(_("May go to court or to an authority."), is_awaited=False),
    (State.UPHELD, Side.UPLOADER): _MAY_APPEAL,
    (State.REJECTED, Side.COMPLAINANT): _MAY_APPEAL,
}
_BEFORE_MEASURES = (State.DRAFT, State.UNCONFIRMED, State.FILED, State.DEFECTIVE, State.ACCEPTED, State.REJECTED)


def side_of(acted_as: str) -> Side:
    """Return on which of the three sides somebody acted: a party on its own, everybody else for the provider.

    House rule: the parties see each other and the provider as roles; who of the provider's people, its service or the
    portal acted makes no difference to what they have to do.
    """
    return Side(acted_as) if acted_as in PARTIES else PROVIDER


def duty_of(state: str, side: Side, *, clock_states: Sequence[str] = (), has_appeal: bool = False) -> Duty:
    """Return what the side has to do now, or may do, in a complaint of this state with clocks in these states.

    House rule: each side is told in every state what is waited for and from whom, so that nobody waits for nothing; the
    rights and duties are those of the chart of moves (Civil Code arts. 1195 and 1196; 17 USC 512(c), (g); DSA art. 20).
    """
    if has_appeal:
        return DECIDE_APPEAL if side == PROVIDER else NOTHING
    if state == State.CONTESTED and clock_states and "running" not in clock_states:
        return DECIDE_AFTER_SUIT if side == PROVIDER else NOTHING
    if side == Side.UPLOADER and state in _BEFORE_MEASURES:
        return NOT_TOLD
    return DUTIES.get((State(state), side), NOTHING)
