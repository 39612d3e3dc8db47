"""The portal's pages and API under a WSGI server; sockets need `portal.asgi`."""

import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)

from core.checks import refuse_a_bad_start  # noqa: E402 - it reads the settings, which must be there first

# Before the application is built, which may say something of its own: a refusal is one line.
refuse_a_bad_start()
application = get_wsgi_application()
