"""The socket's door alone, under the portal's own server, as a process of its own: ``python -m tests.messaging.serving FD``.

It serves the database named SERVED_DATABASE of the tests' own server.
"""

import os
import socket
import sys
from typing import Any

import django

from core.memory import look_seldom_for_cycles

if __name__ == "__main__":
    look_seldom_for_cycles()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]
    if redis_url := os.environ.get("SERVED_REDIS"):
        settings.REDIS_URL = redis_url
        hosts = [{"address": redis_url, "socket_timeout": None}]
        layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": hosts}}
        settings.CHANNEL_LAYERS = {"default": layer}

    from channels.routing import ProtocolTypeRouter, URLRouter

    from messaging import hints
    from messaging.routing import websocket_urlpatterns
    from portal import server

    if os.environ.get("WITHOUT_HINTS"):
        # Every hint gets lost: what is delivered then is found by looking.
        hints.Hints._take = lambda _self, _text: None
    sockets: Any = URLRouter(websocket_urlpatterns)

    async def under_any_server(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await sockets({**scope, "extensions": {}}, receive, send)

    served = under_any_server if os.environ.get("WITHOUT_EXTENSIONS") else sockets
    listening = socket.socket(fileno=int(sys.argv[1]))
    listening.setblocking(False)
    server.serve(server.configure(ProtocolTypeRouter({"websocket": served})), listening)
