"""`manage.py serve`: the web server, pages, API and sockets at one address."""

import argparse
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.checks import refuse_a_bad_start
from portal import server, supervisor


class Command(BaseCommand):
    help = "Serves pages, API and sockets until it is told to stop; sockets are then closed with code 1012."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen; 127.0.0.1 unless told otherwise")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--fd", type=int, help="a socket that listens already, by its number")

    def handle(self, *, host: str, port: int, fd: int | None, **_: Any) -> None:
        supervisor.end_with_parent()
        refuse_a_bad_start()
        # Empty where nobody ran collectstatic: the files are then served from where the packages keep them.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        try:
            listening = socket.socket(fileno=fd) if fd is not None else server.listen(host, port)
        except OSError as error:
            raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}") from None
        server.serve(
            server.configure(
                settings.ASGI_APPLICATION.replace(".application", ":application"),
                trusted_proxies=settings.TRUSTED_PROXIES,
            ),
            listening,
        )
