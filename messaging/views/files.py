"""Small pictures of what was sent, and the page on which a sender decides about a file that can't be cleaned."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import files, renditions, times
from core.access import Who, account_of
from core.pages import page, redirect_with
from messaging import access
from messaging.downloads import as_picture
from verification.actions import pass_unchanged


@page(who=Who.SIGNED_IN)
def preview(request: HttpRequest, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    """Show a small picture of a picture that was sent."""
    conversation = access.get_for(account_of(request), conversation_id)
    return as_picture(access.preview_of(conversation, file_id, times.now()))


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def passing(request: HttpRequest, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    """Tell a file's sender what the other side gets of it, and have it passed as it is where the sender says so."""
    account, now = account_of(request), times.now()
    file, name = access.own_file(account, access.get_for(account, conversation_id), file_id)
    back = reverse("messaging:conversation", args=[conversation_id])
    if request.method == "POST":
        pass_unchanged(file_id=file.pk, by=account, now=now)
        return redirect_with(request, back, _("The other side can open the file now."))
    told: dict[str, object] = {
        "others_get": str(renditions.others_get(file, now)),
        "media_type": file.media_type,
        "back": back,
    }
    told |= {"name": name, "own_name": files.name_of(file), "size_bytes": file.size_bytes}
    return render(request, "messaging/passing.html", told)
