"""The settings of the site: read from the environment (and `.env`), in this one place and nowhere else.

What each means to an operator stands in docs/reference/settings.md; a test keeps the two together.
"""

import base64
import binascii
import datetime as dt
import operator
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from core.database import channel_layer_settings, database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

PORTAL_DATA = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / ".data"))).resolve()
# What `make demo` made for itself; it never overrides what the deployment says.
if not env.str("SECRET_KEY", default="") and os.access(PORTAL_DATA / "demo.env", os.R_OK):
    env.read_env(PORTAL_DATA / "demo.env")


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


# --- who we are
DEBUG = False
PORTAL_DEMO = env.bool("PORTAL_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
FIELD_KEYS = env.str("FIELD_KEYS", default="")
LEDGER_SEED = _bytes_of(env.str("LEDGER_KEY", default=""))
LEDGER_PUBLIC_KEY = env.str("LEDGER_PUBLIC_KEY", default="")
PORT = env.int("PORT", default=8000)
PORTAL_URL = env.str("PORTAL_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
PORTAL_HOST = PORTAL_URL.partition("://")[2].partition("/")[0]
MAIL_DOMAIN = PORTAL_HOST.rsplit(":", 1)[0]
PORTAL_NAME = env.str("PORTAL_NAME", default="Copyright Portal")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"mailto:security@{MAIL_DOMAIN}")
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", default="portal.example/ledger" if PORTAL_DEMO else f"{MAIL_DOMAIN}/ledger")
LEDGER_CHECKPOINT_DIR = PORTAL_DATA / "ledger"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if PORTAL_DEMO else [])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
IS_HTTPS = PORTAL_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
CSRF_FAILURE_VIEW = "portal.views.site.form_refused"

# Whether an account may complain as the owner under no other name than its verified one; in the demo it is only shown.
OWNERS_BY_VERIFIED_NAME = env.bool("OWNERS_BY_VERIFIED_NAME", default=not PORTAL_DEMO)

# --- apps, top to bottom
INSTALLED_APPS = [
    "portal",
    "investigations",
    "complaints",
    "messaging",
    "works",
    "hosting",
    "verification",
    "ledger",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "js_lib_bootstrap5",
    "csp",
    "channels",
    *([] if env.str("REDIS_URL", default="") else ["channels_postgres"]),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "verification.authentication.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.edges.DomainErrors",
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context.portal",
            ],
        },
    },
]

# --- database, cache, hints
DATABASES: dict[str, Any] = {
    "default": database_settings(
        data_dir=PORTAL_DATA,
        database_url=env.str("DATABASE_URL", default=""),
        owner_url=env.str("DATABASE_OWNER_URL", default=""),
        as_owner=env.str("PORTAL_DB_ROLE", default="") == "owner",
        keeps_statements=env.bool("PREPARED_STATEMENTS", default=True),
    )
}
DATABASE_APP_ROLE = database_settings(
    data_dir=PORTAL_DATA,
    database_url=env.str("DATABASE_URL", default=""),
    owner_url=env.str("DATABASE_OWNER_URL", default=""),
    as_owner=False,
)["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    # Without socket_timeout None an idle socket is closed after five seconds by the Redis client.
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_postgres.core.PostgresChannelLayer",
            "CONFIG": channel_layer_settings(DATABASES["default"]),
        }
    }

# --- accounts
AUTH_USER_MODEL = "verification.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# auth.W004: an address is unique whatever its case, by a constraint; Django looks for unique=True only.
# security.W008: the proxy in front redirects to HTTPS.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W008"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/home/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = operator.attrgetter("email")
ACCOUNT_ADAPTER = "verification.authentication.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portal"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "verification.authentication.MfaAdapter"
HEADLESS_ONLY = False
# The server has looked already who may forward an address (TRUSTED_PROXIES); allauth would believe anybody.
ALLAUTH_TRUSTED_PROXY_COUNT = 0

# --- sessions and browsers
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; it alone knows how it was called
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, f"{'wss' if IS_HTTPS else 'ws'}://{PORTAL_HOST}"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["verification.authentication.Bearer", "verification.authentication.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["core.strict.StatesItsRule"],
    "DEFAULT_PARSER_CLASSES": ["core.strict.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.edges.answer_api",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal",
    "DESCRIPTION": "Complaints, conversations and investigations between rights holders, uploaders and providers.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ComplainantCapacity": "complaints.rules.Capacity",
        "RequesterCapacity": "investigations.rules.Capacity",
        "ProposalKind": "messaging.rules.ProposalKind",
    },
    "PREPROCESSING_HOOKS": ["portal.schema.only_the_api"],
}

# --- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# --- static and stored files
STATIC_URL = "/static/"
STATIC_ROOT = PORTAL_DATA / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STORAGE_URL = env.str("STORAGE_URL", default="")
MEDIA_ROOT = Path(STORAGE_URL.removeprefix("file://")) if STORAGE_URL else PORTAL_DATA / "storage"
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
CLAMD_URL = env.str("CLAMD_URL", default="")
PDF_FONTS = env.str("PDF_FONTS", default="")

# --- webhooks
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])

# --- the mailboxes of providers
MAILBOX_HOSTS = env.list("MAILBOX_HOSTS", default=[])

# --- mail
DEFAULT_FROM_EMAIL = env.str(
    "MAIL_FROM", default=f"portal@{MAIL_DOMAIN}" if "." in MAIL_DOMAIN else "portal@portal.example"
)
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
WEB_PUSH_KEY = env.str("WEB_PUSH_KEY", default="")
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
REPLIES_URL = env.str("REPLIES_URL", default="")
if PORTAL_DEMO:
    EMAIL_BACKEND = "portal.demo_mail.FolderBackend"
    EMAIL_FILE_PATH = str(PORTAL_DATA / "mail")
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

# --- clocks and limits of the house
STEP_UP_WITHIN = dt.timedelta(minutes=5)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "core.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        "channels_postgres": {"level": "ERROR"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
