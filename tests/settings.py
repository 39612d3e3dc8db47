"""The settings under which the tests run: the site's own, with secrets of their own and nothing that leaves the machine.

Importing it starts the embedded PostgreSQL (unless DATABASE_URL names another one): pytest-django reads the settings
before any hook of ours could. tests/conftest.py leaves it at the end.
"""

import base64
import os
from pathlib import Path

from core.embedded_postgres import EmbeddedPostgres

BASE = Path(__file__).resolve().parent.parent
os.environ["PORTAL_DATA"] = str(BASE / (os.environ.get("PORTAL_DATA") or ".data/test"))
os.environ |= {
    "PORTAL_DB_ROLE": "owner",
    "SECRET_KEY": "only-the-tests-use-this-one-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "test1:" + base64.b64encode(bytes(range(32))).decode(),
    "LEDGER_KEY": base64.b64encode(bytes(range(32, 64))).decode(),
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "PORTAL_DEMO": "",
    "REDIS_URL": "",
    # The people of the tests are verified under names of their own; what tests this turns it on.
    "OWNERS_BY_VERIFIED_NAME": "false",
}
EMBEDDED = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(Path(os.environ["PORTAL_DATA"]))
if EMBEDDED is not None:
    EMBEDDED.join()

from portal.settings import *  # noqa: E402, F403 - the environment had to be made first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# WhiteNoise warns about a folder that is not there, and a warning is an error here.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
# Each client of a test makes the middleware anew, for which WhiteNoise looks through all files of all packages; like
# this it looks for a file when one is asked for. The running portals of the tests know their files from the start.
WHITENOISE_AUTOREFRESH = True
