"""The portal under an ASGI server: pages and API, sockets, and the server's own start and stop."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

from core.checks import refuse_a_bad_start
from core.memory import look_seldom_for_cycles

look_seldom_for_cycles()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Before anything is loaded that may say something of its own: a refusal is one line.
refuse_a_bad_start()
django.setup(set_prefix=False)

# These need the apps to be loaded.
from django.urls import re_path  # noqa: E402

from messaging.routing import websocket_urlpatterns  # noqa: E402

http = get_asgi_application()


async def no_socket_here(_scope: Any, receive: Any, send: Any) -> None:
    """Refuse a socket at an address that has none; accepted first, for only so does the client see the code."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": 4404})


async def lifespan(_scope: Any, receive: Any, send: Any) -> None:
    """Answer the server's start and stop; there is nothing to prepare, so both are done at once."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


# Django's types know views only; Channels puts ASGI applications there.
sockets = URLRouter([*websocket_urlpatterns, re_path(r"", no_socket_here)])  # type: ignore[arg-type]  # as said above
application = ProtocolTypeRouter({"http": http, "websocket": sockets, "lifespan": lifespan})
