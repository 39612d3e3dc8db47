"""The command `verify_package`: is a package what the portal gave, and does the ledger know of it?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import keys, package, packages


class Command(BaseCommand):
    """Prints what a package proves, or ends with 1 and the first thing that is wrong with it."""

    help = "Check a package offline, with the ledger's public key and nothing else."
    requires_system_checks: list[str] = []  # It needs no secret, so it must not ask for any.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the package and the public key."""
        parser.add_argument("file", metavar="FILE.zip")
        parser.add_argument("--key", metavar="FILE_OR_KEY", help="the ledger's public key (name+hash+base64)")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check, and say what was found."""
        try:
            verifiers = _verifiers(options["key"])
            found = packages.verify(_content(Path(options["file"])), verifiers)
        except (package.WrongPackage, keys.WrongKey) as error:
            raise CommandError(f"WRONG {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"WRONG it cannot be read: {type(error).__name__}") from error
        self.stdout.write(f"OK {found}")


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(package.LARGEST_BYTES + 1)


def _verifiers(given: str | None) -> keys.Verifiers:
    """Return the keys to trust: the one given, or those that the deployment publishes; never the package's own."""
    if given is None:
        found = keys.public_verifiers()
    else:
        path = Path(given)
        # A key is longer than some systems' names and never a path that exists.
        found = keys.read_verifiers(path.read_text() if len(given) < 200 and path.is_file() else given)  # noqa: PLR2004
    if not found:
        raise keys.WrongKey(
            "no public key: give --key, set LEDGER_PUBLIC_KEY or keep the verifier file. The key inside the package is"
            " not trusted: whoever forged the package would have put it there"
        )
    return found
