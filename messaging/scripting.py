"""What the script of a conversation's page must know: who is who, from where to go on, addresses, and its words."""

import datetime as dt
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import times
from messaging import shown, words
from messaging.models import Conversation
from messaging.rules import EDITABLE_FOR, LONGEST_BODY, MOST_ATTACHMENTS, NEWS, Reach
from messaging.words import TOO_LONG


def for_script(conversation: Conversation, told: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Return what the page's script must know: who is who, from where to go on, and its words."""
    nil = "00000000-0000-0000-0000-000000000000"
    place = [conversation.pk, nil]
    return {
        "conversation": str(conversation.pk),
        "me": str(told["conversation"]["me"]),
        "parties": told["parties"],
        "ownNames": told["own_names"],
        # On a page of earlier messages what lies between is not shown; the socket goes on from the end.
        "lastSeq": conversation.last_seq if told["is_apart"] else told["last_shown"],
        "isApart": told["is_apart"],
        "page": reverse("messaging:conversation", args=[conversation.pk]),
        "readSeq": told["my_read_seq"],
        "readEvent": told["my_read_event"],
        "lastEvent": conversation.last_event,
        "news": [kind.value for kind in NEWS],
        "firstSeq": told["first_shown"],
        "aroundShown": shown.FOLLOWING_SHOWN,
        "marks": told["marks"],
        "mayWrite": told["may_write"],
        "mayChange": conversation.is_open,
        "longestBody": LONGEST_BODY,
        "mostFiles": MOST_ATTACHMENTS,
        "editableFor": EDITABLE_FOR.total_seconds(),
        "now": times.rfc3339(now),
        "socket": "/ws/v1/",
        "api": reverse("messaging-api:conversation", args=[conversation.pk]),
        "attachment": reverse("messaging:attachment", args=place),
        "preview": reverse("messaging:preview", args=place),
        "passing": reverse("messaging:passing", args=place),
        "pictures": shown.PICTURES,
        "reported": sorted(told["reported"]),
        "report": reverse("messaging:report-message", args=place),
        "proposal": reverse("messaging:proposal", args=place),
        "worker": reverse("messaging:worker"),
        "scope": reverse("messaging:list"),
        "signIn": f"{reverse('account_login')}?{urlencode({'next': reverse('messaging:conversation', args=[conversation.pk])})}",
        "matter": told["matter"],
        "happenings": {kind.value: kind.label for kind in shown.IN_THE_FLOW},
        "reach": _reach(),
        "sizes": _sizes(),
        "words": _words(),
    }


def _reach() -> dict[str, str]:
    """Return the sentences that say how far the uploader is reached, by its state; %s stands for a day."""
    told = {Reach.TOLD.value: str(words.TOLD) % {"day": "%s"}}
    return told | {state.value: str(label) for state, label in words.REACHED.items()}


def _sizes() -> dict[str, str]:
    """Return how the templates write the size of a file; %s stands for the number."""
    kilobytes, megabytes = filesizeformat(1024), filesizeformat(1024 * 1024)
    one = formats.number_format(1, 1)
    return {
        "byte": filesizeformat(1),
        "bytes": filesizeformat(2).replace("2", "%s"),
        "kilobytes": kilobytes.replace(one, "%s"),
        "megabytes": megabytes.replace(one, "%s"),
    }


def _words() -> dict[str, str]:
    return {
        "slow": _("The connection is very slow. What you wrote is kept, and sent as soon as it gets through."),
        "lost": _("The connection is lost. It is being mended; what you write is kept and sent then."),
        "over": _("You are signed out here, so nothing of the conversation is shown. Sign in again to go on."),
        "signedOut": _("Signed out"),
        "signIn": _("Sign in"),
        "leftOut": _("You take no part in this conversation any more, so nothing of it is shown."),
        "unsent": _("not sent yet"),
        "earlierShown": _("Earlier messages are shown above."),
        "newOnes": _("New meanwhile: %s"),
        **{state: str(label) for state, label in words.RECEIPTS.items()},
        "refused": _("not sent:"),
        "typing": _("%s is typing …"),
        "here": _("Here now: %s"),
        "edited": _("edited"),
        "withdrawn": _("This message was withdrawn."),
        "quoted": _("Quoted message"),
        "reply": _("Reply"),
        "edit": _("Edit"),
        "withdraw": _("Withdraw"),
        "withdrawAsk": _(
            "Withdraw this message? Both sides see that a message was withdrawn, and no more what it said."
        ),
        "report": _("Report"),
        "replyTo": _("In reply to: %s"),
        "editing": _("Edit your message. Both sides see that it was edited."),
        "noneToEdit": _("You have no message that can still be edited."),
        "notChanged": _("The portal can't be reached now, so nothing was changed. Try again in a moment."),
        "fileWaits": _("A file can't be sent without a connection. Nothing was sent; try again in a moment."),
        **length_words(),
        "wasWriting": _("What you were writing was not sent:"),
        "uploading": _("Handing in %s"),
        "chosen": _("What you chose"),
        "takeOut": _("Take out"),
        "chooseAgain": _("Your text was kept, but not these files. Choose them again: %s"),
        "tooManyFiles": _(
            "A message may have at most 10 files; these are %s. Take some out, or send them in two messages."
        ),
        "givenUp": _("You took out %s. Nothing was sent yet."),
        "fileGone": _(
            "The portal did not have %s any more, so nothing was sent yet. Send it again to hand it in anew."
        ),
        "keptBack": _("%s is not passed on, so nothing was sent. Take it out, or send it as it is."),
        "cancel": _("Cancel"),
        "ownName": _("Your name for it: %(name)s") % {"name": "%s"},
        "othersGet": _("What the other side gets"),
        "file_withheld": _(
            "This file may say who made it, when and where, and that can't be taken out. Pass it on as it is?"
        ),
        "file_as_it_is": _(
            "The other side gets this file as it is; what is in it is not cleaned and may say who you are. Send it?"
        ),
        "tells": _("This tells the other side who you are. Nothing was sent yet; change it, or send it as it is:"),
        "sendAsIs": _("Send it as it is"),
        "changeIt": _("Change it"),
        "closed": _("This conversation was closed. It can be read, but not written in."),
        "matter": _("Something changed in the matter."),
        "look": _("Look at it"),
    }


def length_words() -> dict[str, str]:
    """Return how it is said how long a text is; %s stands for a number of characters."""
    return {
        "tooLong": str(TOO_LONG) % {"over": "%s"},
        "charactersLeft": _("Characters left: %s"),
        "charactersOver": _("Too long. Characters too many: %s"),
    }
