"""The few ways in which an act can be refused. Edges never catch them; core.edges translates them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: where (JSON pointer), which kind (code), and what to do (detail)."""

    pointer: str
    code: str
    detail: str | Promise


class DomainError(Exception):
    """A refusal that was foreseen. ``code`` is for programs, ``detail`` for people; neither holds personal data."""

    status = 400
    code = "refused"
    title: str | Promise = _("This was refused")

    def __init__(self, detail: str | Promise = "", *, code: str | None = None) -> None:
        self.detail = detail or self.title
        self.code = code or self.code
        super().__init__(self.code)


class NotFound(DomainError):
    """It does not exist, or it is not yours: a stranger cannot tell which."""

    status = 404
    code = "not_found"
    title = _("There is nothing here")


class NotSignedIn(DomainError):
    """Nobody is signed in, and this needs somebody."""

    status = 401
    code = "not_signed_in"
    title = _("Please sign in first")


class Denied(DomainError):
    """It is yours to see, but your role does not allow this act."""

    status = 403
    code = "denied"
    title = _("Your role does not allow this")


class StepUpRequired(DomainError):
    """A fresh second factor is needed first."""

    status = 403
    code = "step_up_required"
    title = _("Please confirm with a one-time code first")


class Conflict(DomainError):
    """The matter's state does not allow this act now; ``state`` says which state that is."""

    status = 409
    code = "conflict"
    title = _("This is not possible in the present state")

    def __init__(self, detail: str | Promise = "", *, state: str = "", code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.state = state


class Gone(DomainError):
    """It was here, and could be used once or until a time that has passed."""

    status = 410
    code = "gone"
    title = _("This was used already or has expired")


class Invalid(DomainError):
    """The input is wrong; ``problems`` says where, and what to change."""

    status = 400
    code = "invalid"
    title = _("Something in the input is not right")

    def __init__(self, problems: list[Problem] | None = None, detail: str | Promise = "") -> None:
        super().__init__(detail)
        self.problems = problems or []


class TooLarge(DomainError):
    """More bytes than are taken here."""

    status = 413
    code = "too_large"
    title = _("This is larger than we can take")


class TooFast(DomainError):
    """Too many in too short a time; try again after ``retry_after`` seconds."""

    status = 429
    code = "too_fast"
    title = _("Too many at once; please wait a little")

    def __init__(self, detail: str | Promise = "", *, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something that must be there first is not there now; nothing was changed."""

    status = 503
    code = "unavailable"
    title = _("This cannot be done at the moment; nothing was changed")


def invalid(pointer: str, code: str, detail: str | Promise) -> Invalid:
    """Return the refusal of one wrong value."""
    return Invalid([Problem(pointer, code, detail)])
