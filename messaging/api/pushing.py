"""Browsers that are told by push, for the page and for programs."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import push, times
from core.access import Who, account_of
from core.api import ApiView, shaped
from messaging import access, actions, serializers


class Push(ApiView):
    """The browsers of the caller that are told by push."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.PushOutput, operation_id="me_messaging_push")
    def get(self, request: Request) -> Response:
        """Return the key with which a browser subscribes (empty where this portal does not push), and how many have."""
        count = access.subscriptions_of(account_of(request)).count()
        return Response(serializers.PushOutput({"public_key": push.public_key(), "browsers": count}).data)

    @extend_schema(
        request=serializers.PushInput, responses={201: serializers.PushOutput}, operation_id="me_messaging_push_add"
    )
    def post(self, request: Request) -> Response:
        """Subscribe a browser: its subscription as the browser writes it. What is pushed says only that a message waits."""
        given = shaped(serializers.PushInput, request)
        account, keys = account_of(request), given["keys"]
        actions.subscribe(
            endpoint=given["endpoint"], browser_key=keys["p256dh"], secret=keys["auth"], by=account, now=times.now()
        )
        told = {"public_key": push.public_key(), "browsers": access.subscriptions_of(account).count()}
        return Response(serializers.PushOutput(told).data, status=201)


class PushRemoval(ApiView):
    """Ending it for one browser."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(
        request=serializers.PushRemovalInput, responses=serializers.PushOutput, operation_id="me_messaging_push_remove"
    )
    def post(self, request: Request) -> Response:
        """Tell the browser nothing more; one that is not subscribed stays so."""
        given, account = shaped(serializers.PushRemovalInput, request), account_of(request)
        actions.unsubscribe(endpoint=given["endpoint"], by=account, now=times.now())
        told = {"public_key": push.public_key(), "browsers": access.subscriptions_of(account).count()}
        return Response(serializers.PushOutput(told).data)
