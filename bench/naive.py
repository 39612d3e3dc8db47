"""The usual way: Channels' JSON consumer, one ORM insert a message, delivery by group_send. Just as durable.

It is kept light on purpose: no membership in the insert, no numbers without gaps, no read marks, no second look at
who is signed in. What it costs beyond ours is the way and not the work.
"""

import datetime as dt
import uuid
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import models
from django.urls import path


class NaiveMessage(models.Model):
    """A message in the bench's own table."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.UUIDField()
    sender = models.UUIDField()
    client_id = models.UUIDField()
    body = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        app_label = "messaging"
        managed = False
        db_table = "bench_naive_message"


class NaiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Frames of the same names as ours."""

    groups: ClassVar[list[str]] = []

    async def connect(self) -> None:
        headers = dict(self.scope["headers"])
        secret = headers.get(b"authorization", b"").decode().partition(" ")[2]
        self.account = await self._account(secret)
        await self.accept("portal.v1")

    @database_sync_to_async
    def _account(self, secret: str) -> uuid.UUID:
        from messaging import admission

        return admission.sign_in_by_token(secret, dt.datetime.now(dt.UTC)).account_id

    async def receive_json(self, content: dict[str, Any], **_: Any) -> None:
        group = f"conversation.{content['conversation']}"
        if content["type"] == "open":
            await self.channel_layer.group_add(group, self.channel_name)
            opened = {"type": "opened", "conversation": content["conversation"], "last_seq": 0}
            await self.send_json(opened)
        elif content["type"] == "send":
            message = await self._store(content)
            told = {
                "conversation": content["conversation"], "id": str(message.pk), "seq": message.pk,
                "sender": str(self.account), "body": message.body, "attachments": [],
                "sent_at": message.sent_at.isoformat(),
            }  # fmt: skip
            await self.channel_layer.group_send(group, {"type": "told", "from": self.channel_name, "message": told})
            ack = {"type": "ack", "client_id": content["client_id"], "id": told["id"], "seq": told["seq"]}
            await self.send_json({**ack, "sent_at": told["sent_at"]})

    @database_sync_to_async
    def _store(self, content: dict[str, Any]) -> NaiveMessage:
        return NaiveMessage.objects.create(
            conversation=content["conversation"], sender=self.account, client_id=content["client_id"],
            body=content["body"], sent_at=dt.datetime.now(dt.UTC),
        )  # fmt: skip

    async def told(self, event: dict[str, Any]) -> None:
        if event["from"] != self.channel_name:
            await self.send_json({"type": "message", **event["message"]})


websocket_urlpatterns = [path("ws/v1/", NaiveConsumer.as_asgi())]
