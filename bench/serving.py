"""A web process of the bench under the portal's own server: ``python -m bench.serving KIND FD``.

``ours`` and ``naive`` serve sockets, ``pages`` the whole portal with the bare endpoint, ``unrecorded`` the same without
what the ledger does in an act.
"""

import os
import socket
import sys
from typing import Any

import django

from core.memory import look_seldom_for_cycles


def application(kind: str) -> Any:
    """Return what is measured: the portal's sockets, the usual way to write them, or all of the portal."""
    if kind in ("pages", "unrecorded"):
        from django.core.asgi import get_asgi_application

        return get_asgi_application()
    from channels.routing import ProtocolTypeRouter, URLRouter

    if kind == "naive":
        from bench.naive import websocket_urlpatterns
    else:
        from messaging.routing import websocket_urlpatterns
    return ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)})


if __name__ == "__main__":
    if sys.argv[1] != "naive":  # the usual way leaves Python as it is
        look_seldom_for_cycles()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1] == "naive":
        from django.conf import settings

        # The better of the usual ways: a connection that each thread keeps.
        settings.DATABASES["default"]["CONN_MAX_AGE"] = None
        settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    if sys.argv[1] in ("pages", "unrecorded"):
        from django.conf import settings

        settings.ROOT_URLCONF = "bench.bare"
    django.setup()
    if sys.argv[1] == "unrecorded":
        from core.inserts import insert
        from ledger import acts

        acts._signed = lambda entry: entry
        acts.insert = lambda *rows: insert(*rows[:-1])  # the entry is the last

    from portal import server

    listening = socket.socket(fileno=int(sys.argv[2]))
    listening.setblocking(False)
    server.serve(server.configure(application(sys.argv[1])), listening)
