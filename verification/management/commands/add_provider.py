"""`manage.py add_provider CODE NAME`: a provider that this portal serves."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import times
from core.actors import SYSTEM
from core.errors import DomainError
from verification import actions
from verification.rules import OrganisationKind


class Command(BaseCommand):
    help = "Add a provider (or, with --authority, an authority) to this portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="short and lasting, as in films-host")
        parser.add_argument("name", metavar="NAME", help="as people read it")
        parser.add_argument("--time-zone", default="UTC", help="in which its days begin and end, as in Asia/Shanghai")
        parser.add_argument("--country", default="", help="two letters, as in CN")
        parser.add_argument("--contact", default="", help="an address that people can write to")
        parser.add_argument("--authority", action="store_true", help="it is an authority, checked out of band by you")

    def handle(
        self, *, code: str, name: str, time_zone: str, country: str, contact: str, authority: bool, **_: Any
    ) -> None:
        kind = OrganisationKind.AUTHORITY if authority else OrganisationKind.PROVIDER
        now = times.now()
        try:
            actions.create_organisation(
                code=code,
                kind=kind,
                name=name,
                country=country.upper(),
                time_zone=time_zone,
                contact_email=contact,
                by=SYSTEM,
                now=now,
            )
            actions.verify_organisation(code=code, method="operator", by=SYSTEM, now=now)
        except (DomainError, ValidationError) as error:
            raise CommandError(told(error)) from None
        self.stdout.write(f"{code}: added")


def told(error: DomainError | ValidationError) -> str:
    """Return the refusal as one line for the operator."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
    problems = getattr(error, "problems", [])
    return "; ".join(str(problem.detail) for problem in problems) or str(error.detail)
