"""`manage.py add_staff EMAIL ROLE ORGANISATION`: a role for somebody, whose account is made if there is none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import times
from core.actors import SYSTEM
from core.errors import DomainError
from verification import access, actions
from verification.management.commands.add_provider import told
from verification.rules import Role


class Command(BaseCommand):
    help = "Give somebody a role in an organisation. A new account sets its password by the reset link on the sign-in page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("role", metavar="ROLE", choices=Role.values)
        parser.add_argument("organisation", metavar="ORGANISATION", help="its code")
        parser.add_argument("--end", action="store_true", help="end the role instead")

    def handle(self, *, email: str, role: str, organisation: str, end: bool, **_: Any) -> None:
        now = times.now()
        try:
            where = access.organisation(organisation)
            account = access.account_with_email(email)
            if account is None and not end:
                account = actions.register_account(email=email, by=SYSTEM, now=now)
            if account is None:
                raise CommandError("there is no active account of this address")
            act = actions.end_role if end else actions.grant_role
            act(account=account, role=Role(role), organisation=where, by=SYSTEM, now=now)
        except DomainError as error:
            raise CommandError(told(error)) from None
        self.stdout.write(f"{role} at {organisation}: {'ended' if end else 'granted'}")
