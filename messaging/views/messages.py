"""The page on which a message of one's own is edited or withdrawn. It needs no script."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import times
from core.access import Who, account_of
from core.pages import carried_out, page, posted, redirect_with
from messaging import access, actions, rules, shown
from messaging.forms import EditForm


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def message(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Show one's own message, and take its new words while it may be edited."""
    found, said = _own(request, conversation_id, message_id)
    form = EditForm(posted(request), initial={"body": said.body})

    def act() -> object:
        return actions.edit_message(
            conversation_id=conversation_id,
            message_id=message_id,
            body=form.cleaned_data["body"],
            by=account_of(request),
            now=times.now(),
        )

    to = _place_of(conversation_id, said.seq)
    if answer := carried_out(request, form, act, to=to, done=_("Your message was edited.")):
        return answer
    told = {
        "conversation": shown.row(found),
        "message": said,
        "body": shown.linked(said.body),
        "is_silenced": found.is_silenced,
        "form": form if rules.can_be_edited(said.sent_at, times.now()) else None,
    }
    return render(request, "messaging/change.html", told, status=400 if form.errors else 200)


@page(who=Who.SIGNED_IN, methods=("POST",))
def withdrawal(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Take one's own message back."""
    _found, said = _own(request, conversation_id, message_id)
    actions.withdraw_message(
        conversation_id=conversation_id, message_id=message_id, by=account_of(request), now=times.now()
    )
    return redirect_with(request, _place_of(conversation_id, said.seq), _("Your message was withdrawn."))


def _own(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> tuple[Any, access.MessageOut]:
    found = access.get_for(account_of(request), conversation_id)
    return found, access.own_message_of(found, message_id)


def _place_of(conversation_id: UUID, seq: int) -> str:
    return f"{reverse('messaging:conversation', args=[conversation_id])}#message-{seq}"
