"""The address of the socket."""

from django.urls import path

from messaging.consumers import Conversations

websocket_urlpatterns = [path("ws/v1/", Conversations.as_asgi(), name="socket")]
