"""How the OpenAPI schema names our ways of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself by being named
    """The bearer token."""

    target_class = "verification.authentication.Bearer"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002 - the framework's
        """Return the OpenAPI definition."""
        return {"type": "http", "scheme": "bearer", "description": "A token of `manage.py token`; X-OTP steps it up."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself by being named
    """The session of a browser."""

    target_class = "verification.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002 - the framework's
        """Return the OpenAPI definition."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
