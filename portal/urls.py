"""The site's addresses: the portal's own, and those that each app brings."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog

from core import edges
from portal import health
from portal.views import demo, home, record, site

# Those first whose addresses are called most: they are tried one after the other.
APPS = ("complaints", "messaging", "hosting", "works", "verification", "investigations")


def _of(app: str, name: str) -> list[URLPattern | URLResolver]:
    """Return the app's addresses of one kind; an app without features has none."""
    if find_spec(f"{app}.urls") is None:
        return []
    return list(getattr(import_module(f"{app}.urls"), name, ()))


pages: list[URLPattern | URLResolver] = [
    path("", site.landing, name="landing"),
    path("home/", home.home, name="home"),
    path("about/", site.about, name="about"),
    path("about/disclosure/", site.about_disclosure, name="about-disclosure"),
    path("about/ledger/", site.about_ledger, name="about-ledger"),
    path("problems/<str:code>", site.problem, name="problem"),
    path("ledger/", record.entries, name="ledger"),
    path("ledger/<uuid:entry_id>/", record.entry, name="ledger-entry"),
    path("language/", site.choose_language, name="language"),
    path("ui/", demo.gallery, name="gallery"),
    path("demo/", demo.people, name="demo"),
    path("demo/sign-in/", demo.sign_in, name="demo-sign-in"),
    path("demo/mail/", demo.mail, name="demo-mail"),
    path("demo/mail/<str:name>/", demo.mail_message, name="demo-mail-message"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "portal"))),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", site.icon, name="icon"),
    path(".well-known/security.txt", site.security_txt, name="security-txt"),
    path(".well-known/change-password", site.password_address, name="change-password"),
    path(".well-known/", include(_of("ledger", "well_known"))),
    path("api/v1/", include((_of("ledger", "urlpatterns"), "ledger-api"))),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["portal", "messaging"]), name="jsi18n"),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/schema/", site.Schema.as_view(), name="schema"),
    path("api/v1/docs/", site.api_docs, name="api-docs"),
    path("api/v1/docs/try/", site.ApiTrial.as_view(url_name="schema"), name="api-trial"),
]
# A page passes all of the first at their first letters.
urlpatterns += [path("api/v1/", include((_of(app, "api"), f"{app}-api"))) for app in APPS]
urlpatterns += [path("", include((_of(app, "pages"), app))) for app in APPS]

handler400 = edges.bad_request
handler403 = edges.permission_denied
handler404 = edges.page_not_found
handler500 = edges.server_error
