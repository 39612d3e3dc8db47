"""States of a complaint and the moves between them, kinds, limits and lengths: values and pure functions, no clock."""

import datetime as dt
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
    State.RESTORED: (State.CLOSED,),
    State.UPHELD: (State.RESTORED, State.WITHDRAWN, State.SETTLED, State.CLOSED),
    State.REJECTED: (State.ACCEPTED, State.CLOSED),
    State.WITHDRAWN: (State.CLOSED,),
    State.SETTLED: (State.CLOSED,),
    State.CLOSED: (),
}
# Nobody but who files it knows of a complaint in these states: it counts for nothing yet.
BEFORE_IT_COUNTS = (State.DRAFT, State.UNCONFIRMED)
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


class Capacity(TextChoices):
    """In which capacity the complainant speaks."""

    OWNER = "owner", _("owner of the right")
    LICENSEE = "licensee", _("holder of an exclusive licence")
    AGENT = "agent", _("authorized agent of the owner")
    OTHER = "other", _("somebody else")


class Decision(TextChoices):
    """What the provider decided of a notice."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class MeasureKind(TextChoices):
    """What the provider does on a notice."""

    REMOVAL = "removal", _("removal")
    BLOCKING = "blocking", _("blocking of access")
    DISCONNECTION = "disconnection", _("disconnection of the link")
    FORWARD_ONLY = "forward_only", _("forwarding the notice only")


class ForwardGround(TextChoices):
    """Why nothing but forwarding is possible; all three must hold."""

    PARTIAL_DELETION_IMPOSSIBLE = "partial_deletion_impossible", _("a part cannot be deleted")
    HARMS_OTHER_TENANTS = "harms_other_tenants", _("force would hurt other tenants")
    NO_FULL_SHUTDOWN = "no_full_shutdown", _("the server cannot be shut down")


ALL_FORWARD_GROUNDS = tuple(ForwardGround.values)


class ItemState(TextChoices):
    """Where one item of a complaint stands."""

    NOTICED = "noticed", _("complained about")
    RESTRICTED = "restricted", _("under a measure")
    FORWARDED = "forwarded", _("notice forwarded")
    RESTORED = "restored", _("restored")


class SuitKind(TextChoices):
    """What the complainant shows in order to stop the restoration."""

    LAWSUIT = "lawsuit", _("a lawsuit")
    AUTHORITY_COMPLAINT = "authority_complaint", _("a complaint to an authority")


class Side(TextChoices):
    """As whom somebody looks at or acts in a complaint."""

    COMPLAINANT = "complainant", _("complainant")
    UPLOADER = "uploader", _("uploader")
    HANDLER = "handler", _("handler")
    REVIEWER = "reviewer", _("reviewer")
    AUTHORIZER = "authorizer", _("authorizer")
    AUDITOR = "auditor", _("auditor")
    SERVICE = "service", _("provider's service")
    SYSTEM = "system", _("the portal")


PARTIES = (Side.COMPLAINANT, Side.UPLOADER)
STAFF_SIDES = (Side.HANDLER, Side.REVIEWER, Side.AUTHORIZER, Side.AUDITOR)


class AppealOutcome(TextChoices):
    """What became of an appeal."""

    GRANTED = "granted", _("granted")
    DISMISSED = "dismissed", _("dismissed")


# --- bounds of what is taken in (promise B3)
MOST_ITEMS = 500
MOST_WORKS = 100
MOST_FILES = 20
LONGEST_GROUNDS = 20_000
LONGEST_REASONS = 5_000
LONGEST_URL = 2_000
LONGEST_LETTER_BYTES = 1_000_000

# --- how often (bucket: how many, within)
FILINGS_BY_ACCOUNT = (1_800, dt.timedelta(minutes=1))
FILINGS_BY_ADDRESS = (120, dt.timedelta(hours=1))
FILINGS_BY_CLAIMED_SENDER = (20, dt.timedelta(hours=1))
MAILS_TO_UNCONFIRMED = (5, dt.timedelta(days=1))
LOOKUPS_BY_ADDRESS = (600, dt.timedelta(minutes=10))


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


def answer_within(*, is_earning: bool) -> int:
    """Return within how many working days the provider means to decide on a notice.

    House rule: two working days, one where the provider earns directly from the item, because more care is owed
    there; the laws say "promptly" and "expeditiously" and name no number (Civil Code art. 1195(2);
    17 USC 512(c)(1)(C)).
    """
    return 1 if is_earning else 2


def confirmation_works_until(filed_at: dt.datetime) -> dt.datetime:
    """Return until when the mailed link confirms a complaint that was filed without an account.

    House rule: seven days, so that a weekend and a holiday do not lose a notice.
    """
    return filed_at + dt.timedelta(days=7)


def next_step(state: str, clock_states: Sequence[str] = ()) -> str | Promise:
    """Return the sentence that tells anybody what happens next in a complaint of this state, with clocks in these.

    House rule: whoever follows a complaint is told its next step in every state; the duties to confirm the receipt and
    to tell the decision (DSA art. 16(4) and (5)) are kept for every regime.
    """
    if state == State.CONTESTED and clock_states and set(clock_states) <= {"stopped", "fired"}:
        return WHEN_STOPPED
    return NEXT_STEPS[State(state)]


WHEN_STOPPED = _(
    "The clock stands still, because the complainant showed that it went further. The measure stays until the provider "
    "decides."
)
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
    State.SETTLED: _("The parties agreed."),
    State.CLOSED: _("Nothing more happens."),
}

# What kinds of work the pages offer; a program may name others, which stand as they were given.
WORK_KINDS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("not said")),
    ("film", _("film")),
    ("series", _("series")),
    ("music", _("music")),
    ("text", _("text")),
    ("image", _("picture")),
    ("software", _("software")),
    ("other", _("something else")),
)
