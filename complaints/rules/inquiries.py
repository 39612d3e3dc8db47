"""The question to the sender whether it consents: what it can answer, and on which ground a removal rests."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.rules.states import State


class InquiryAnswer(TextChoices):
    """What the sender says."""

    CONSENTS = "consents", _("consents to the removal")
    REFUSES = "refuses", _("does not consent")


class InquiryState(TextChoices):
    """Where an inquiry stands; not kept, but seen from what is."""

    SENT = "sent", _("sent, not known to be received")
    OPEN = "open", _("received, not answered yet")
    CONSENTED = "consented", _("the uploader consents")
    REFUSED = "refused", _("the uploader does not consent")
    LAPSED = "lapsed", _("the time ended without an answer")
    ENDED = "ended", _("ended by a measure")


class RemovalGround(TextChoices):
    """On what a removal rests where the law knows an inquiry; only the first is anybody's to state."""

    REASONABLE_BELIEF = "reasonable_belief", _("there is reasonable ground to believe that the right is infringed")
    CONSENT = "consent", _("the uploader consented")
    NO_OBJECTION = "no_objection", _("the uploader was asked and did not refuse in time")


# What an uploader who was asked can still say, or has said, that no removal passes over in silence.
BARS_REMOVAL = (InquiryState.SENT, InquiryState.OPEN, InquiryState.REFUSED)
# While these last, an uploader can be asked.
MAY_BE_ASKED = (State.ACCEPTED, State.FORWARDED, State.ACTED)
GROUND_OF = {
    InquiryState.CONSENTED: RemovalGround.CONSENT,
    InquiryState.LAPSED: RemovalGround.NO_OBJECTION,
}


def removal_grounds(inquiries: Iterable[str | None], *, is_believed: bool) -> list[str] | None:
    """Return on what a removal rests, given where the inquiry of each uploader stands (None: not asked); else None.

    Law: JP act art. 3(2)(i) and (ii): reasonable ground to believe, or the sender was asked and did not say within the
    time that it does not consent. Consent is more than that. House rule: whoever orders without having asked believes;
    whoever asked waits for the answer and respects it, or states the belief.
    """
    states = list(inquiries)
    if not is_believed and any(state in BARS_REMOVAL for state in states):
        return None
    found = [GROUND_OF[InquiryState(state)].value for state in states if state in GROUND_OF]
    if is_believed or len(found) < len(states):
        found = [RemovalGround.REASONABLE_BELIEF.value, *found]
    return list(dict.fromkeys(found))
