"""The pages of one's answers by mail: what became of each, and what to do with one that was held back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import times
from core.access import Who, account_of
from core.pages import carried_out, page, posted, redirect_with
from messaging import access, actions, rules
from messaging.forms import EditForm
from messaging.rules import ReplyState

MOST_SHOWN = 100


@page(who=Who.SIGNED_IN)
def replies(request: HttpRequest) -> HttpResponse:
    """List the answers that came by mail lately."""
    found = access.replies_of(account_of(request))[:MOST_SHOWN]
    return render(request, "messaging/replies.html", {"replies": found})


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def reply(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Show an answer and what was left out of it; one that was held back is sent as its writer wants it, or not."""
    found = access.reply_for(account_of(request), reply_id)
    content = access.content_of_reply(found)
    form = EditForm(posted(request), initial={"body": content["said"]})
    form.fields["body"].required = not content["files"]
    if request.method == "POST" and request.POST.get("decision") == "drop":
        actions.drop_reply(reply_id=reply_id, by=account_of(request))
        return redirect_with(request, reverse("messaging:replies"), _("It is not sent."))

    def act() -> object:
        return actions.send_reply(
            reply_id=reply_id, body=form.cleaned_data["body"], by=account_of(request), now=times.now()
        )

    to = reverse("messaging:conversation", args=[found.party.conversation_id])
    if answer := carried_out(request, form, act, to=to, done=_("It is sent.")):
        return answer
    told = [(hint.kind.label, content["said"][hint.start : hint.end]) for hint in rules.hints_in(content["said"])]
    shown = {"reply": found, "content": content, "told": told}
    return render(
        request,
        "messaging/reply.html",
        shown | {"form": form if found.state == ReplyState.HELD else None},
        status=400 if form.is_bound else 200,
    )
