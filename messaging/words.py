"""What people read about the states of a conversation, by their codes."""

from django.utils.translation import gettext_lazy as _

from messaging.rules import Reach

REACHED = {
    Reach.NOT_YET: _("The uploader is not here yet and is being called; messages wait for it."),
    Reach.HERE: _("The uploader is here and has not read anything yet."),
}
STATES = {"sent": _("sent"), "delivered": _("delivered"), "read": _("read")}
FAILED = ("none", "failed", "bounced")
MAIL = {
    "none": _("no address is known"),
    "waiting": _("on its way"),
    "sent": _("sent"),
    "delayed": _("delayed; still being tried"),
    "failed": _("could not be sent"),
    "bounced": _("came back: the address does not work"),
}
SERVICE = {
    "none": _("your service does not ask for this event"),
    "waiting": _("on its way"),
    "delivered": _("taken by your service"),
    "failed": _("your service did not take it"),
}
DONE = {
    "mute": _("Muted: you get no notice of this conversation any more."),
    "unmute": _("You get notice of this conversation again."),
    "end": _("The conversation is closed. It can still be read."),
    "block": _("The other side can't write to you here any more."),
    "unblock": _("The other side can write to you again."),
}
