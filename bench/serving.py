"""A web process of the bench: ``python -m bench.serving ours|naive FD``, under the portal's own server."""

import os
import socket
import sys
from typing import Any

import django


def application(kind: str) -> Any:
    """Return what is measured: the portal's sockets, or the usual way to write them."""
    from channels.routing import ProtocolTypeRouter, URLRouter

    if kind == "naive":
        from bench.naive import websocket_urlpatterns
    else:
        from messaging.routing import websocket_urlpatterns
    return ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)})


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1] == "naive":
        from django.conf import settings

        # The better of the usual ways: a connection that each thread keeps.
        settings.DATABASES["default"]["CONN_MAX_AGE"] = None
        settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    django.setup()

    from portal import server

    listening = socket.socket(fileno=int(sys.argv[2]))
    listening.setblocking(False)
    server.serve(server.configure(application(sys.argv[1])), listening)
