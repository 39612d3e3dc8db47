"""Who there is in the demo, and how one becomes any of them with one click. The demo world makes their accounts."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import NotFound
from verification import access
from verification.rules import Role

PASSWORD = "demo-portal-2026"  # noqa: S105 - the demo's public one
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the demo's public one
TOTP_SECONDS = 30
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Person:
    """An account of the demo: its address, its roles at an organisation, and what one does as it. A claim makes uploaders."""

    email: str
    label: str | Promise
    story: str | Promise
    organisation: str = ""
    roles: tuple[Role, ...] = ()
    needs_code: bool = False


PEOPLE = (
    Person(
        "rights-holder@demo.example",
        _("Rights holder"),
        _("Holds the rights in films. Complains, writes with uploaders, asks who they are."),
        roles=(Role.RIGHTS_HOLDER,),
        needs_code=True,  # to collect what was disclosed to it
    ),
    Person(
        "uploader@demo.example",
        _("Uploader"),
        _("A customer of Cloudhaven who put things up. Is told, answers, objects."),
    ),
    Person(
        "handler@demo.example",
        _("Handler at Cloudhaven"),
        _("Works complaints: checks them, accepts or rejects, orders measures, reads letters."),
        organisation="cloudhaven",
        roles=(Role.HANDLER,),
        needs_code=True,
    ),
    Person(
        "reviewer@demo.example",
        _("Reviewer at Cloudhaven"),
        _("Checks identities, and assesses requests for an uploader's identity."),
        organisation="cloudhaven",
        roles=(Role.REVIEWER,),
        needs_code=True,
    ),
    Person(
        "authorizer@demo.example",
        _("Authorizer at Cloudhaven"),
        _("Allows or refuses a disclosure, after the reviewer and never instead."),
        organisation="cloudhaven",
        roles=(Role.AUTHORIZER,),
        needs_code=True,
    ),
    Person(
        "auditor@demo.example",
        _("Auditor at Cloudhaven"),
        _("Reads the ledger and changes nothing."),
        organisation="cloudhaven",
        roles=(Role.AUDITOR,),
        needs_code=True,
    ),
    Person(
        "authority@demo.example",
        _("Officer of the copyright office"),
        _("Asks for evidence and identities on a legal basis."),
        organisation="demo-copyright-office",
        roles=(Role.AUTHORITY_OFFICER,),
        needs_code=True,
    ),
    Person(
        "service@demo.example",
        _("Cloudhaven's own program"),
        _("Registers content and reports that measures were carried out. It works with a token."),
        organisation="cloudhaven",
        roles=(Role.SERVICE,),
    ),
    Person(
        "handler@otherhost.example",
        _("Handler at another provider"),
        _("Sees nothing of Cloudhaven's matters."),
        organisation="otherhost",
        roles=(Role.HANDLER,),
        needs_code=True,
    ),
    Person(
        "second-reviewer@demo.example",
        _("Second reviewer at Cloudhaven"),
        _("Checks what the first one may not: their own identity, and appeals against their decisions."),
        organisation="cloudhaven",
        roles=(Role.REVIEWER,),
        needs_code=True,
    ),
    Person(
        "reviewer@otherhost.example",
        _("Reviewer at another provider"),
        _("Checks the identities of that provider's people."),
        organisation="otherhost",
        roles=(Role.REVIEWER,),
        needs_code=True,
    ),
    Person(
        "newcomer@demo.example",
        _("A newcomer"),
        _("Has handed in an identity, which waits for the reviewer."),
        roles=(Role.RIGHTS_HOLDER,),
    ),
    Person(
        "stranger@demo.example",
        _("A second rights holder"),
        _("Not verified, and a stranger to everybody's matters."),
        roles=(Role.RIGHTS_HOLDER,),
    ),
)


def one_time_code(now: dt.datetime) -> str:
    """Return the one-time code that the demo's authenticator shows at this instant."""
    return str(format_hotp_value(hotp_value(TOTP_SECRET, int(now.timestamp()) // TOTP_SECONDS)))


def sign_in(request: HttpRequest, person: Person, now: dt.datetime) -> None:
    """Sign in as the person, as if password and code had been given a while ago: acts that need a fresh code still ask.

    Raises NotFound while the demo world is not made yet.
    """
    account = access.account_with_email(person.email)
    if account is None:
        raise NotFound
    request.session.flush()
    login(request, account, backend=BACKEND)
    record_authentication(request, account, method="password", email=person.email)
    if person.needs_code:
        record_authentication(request, account, method="mfa", type="totp")
    a_while_ago = (now - 2 * settings.STEP_UP_WITHIN).timestamp()
    records = request.session[AUTHENTICATION_METHODS_SESSION_KEY]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**record, "at": a_while_ago} for record in records]
