"""The portal's pages and API under a WSGI server; sockets need `portal.asgi`."""

import os

from django.core.wsgi import get_wsgi_application

from core.checks import refuse_a_bad_start
from core.memory import look_seldom_for_cycles

look_seldom_for_cycles()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Before anything is loaded that may say something of its own: a refusal is one line.
refuse_a_bad_start()
application = get_wsgi_application()
