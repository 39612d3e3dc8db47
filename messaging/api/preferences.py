"""What one shows of oneself in conversations, for programs."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from messaging import access, actions, serializers


class MyPreferences(ApiView):
    """What the caller's sockets show of it, and how it is told when it is away."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.PreferencesOutput, operation_id="me_messaging")
    def get(self, request: Request) -> Response:
        """Return whether the others see that the caller is here and that it is typing, and how it is told by mail."""
        return Response(serializers.PreferencesOutput(access.preferences_of(account_of(request))).data)

    @extend_schema(
        request=serializers.PreferencesInput, responses=serializers.PreferencesOutput, operation_id="me_messaging_set"
    )
    def put(self, request: Request) -> Response:
        """Set it. Who doesn't show that it is here isn't shown it of others either."""
        given = shaped(serializers.PreferencesInput, request)
        account = account_of(request)
        known = access.preferences_of(account)
        wanted = {
            "shows_presence": given.get("shows_presence", known.shows_presence),
            "shows_typing": given.get("shows_typing", known.shows_typing),
            "notify": given.get("notify"),
        }
        preferences = actions.set_preferences(**wanted, by=account, now=times.now())
        return Response(serializers.PreferencesOutput(preferences).data)
