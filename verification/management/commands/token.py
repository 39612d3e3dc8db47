"""`manage.py token EMAIL`: a new bearer token for an account, on standard output and nowhere else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import times
from core.actors import SYSTEM
from verification import access, actions
from verification.rules import TOKEN_LONGEST_DAYS, TOKEN_USUAL_DAYS


class Command(BaseCommand):
    help = "Print a new bearer token for the account, once; only its digest is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("emails", metavar="EMAIL", nargs="+", help="whose; for several, a token a line")
        parser.add_argument("--days", type=int, default=TOKEN_USUAL_DAYS, help="how long it works, at most a year")

    def handle(self, *, emails: list[str], days: int, **_: Any) -> None:
        if not 1 <= days <= TOKEN_LONGEST_DAYS:
            raise CommandError(f"--days: give 1 to {TOKEN_LONGEST_DAYS}")
        accounts = [access.account_with_email(email) for email in emails]
        if None in accounts:
            raise CommandError("there is no active account of this address")
        for account in filter(None, accounts):
            _token, secret = actions.issue_token(account=account, days=days, by=SYSTEM, now=times.now())
            self.stdout.write(secret)
