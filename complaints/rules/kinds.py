"""The kinds that a complaint speaks of: capacities, measures, grounds, sides, outcomes, works."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Capacity(TextChoices):
    """In which capacity the complainant speaks."""

    OWNER = "owner", _("owner of the right")
    LICENSEE = "licensee", _("holder of an exclusive licence")
    AGENT = "agent", _("authorized agent of the owner")
    OTHER = "other", _("somebody else")


class NameClaim(TextChoices):
    """What is known of the name under which an account complains."""

    OWN = "own", _("its verified name")
    OTHER = "other", _("not its verified name")
    UNVERIFIED = "unverified", _("its name is not verified")


class ConfirmedHow(TextChoices):
    """How a person made sure that a notice without account and without e-mail address is its sender's."""

    PHONE = "phone", _("by telephone")
    POST = "post", _("by post")
    IN_PERSON = "in_person", _("in person")
    OTHER = "other", _("in another way")


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


class ExecutionKind(TextChoices):
    """What the provider's service reports of a measure."""

    EXECUTED = "executed", _("carried out")
    UNDONE = "undone", _("brought back")


class ItemState(TextChoices):
    """Where one item of a complaint stands."""

    NOTICED = "noticed", _("complained about")
    RESTRICTED = "restricted", _("under a measure")
    FORWARDED = "forwarded", _("notice forwarded")
    RESTORED = "restored", _("restored")
    REJECTED = "rejected", _("rejected")


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
