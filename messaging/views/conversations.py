"""The pages of conversations. They work without scripts; with them the socket takes over."""

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import files, times
from core.access import Who, account_of
from core.errors import Invalid, NotFound
from core.pages import page, redirect_with, show_refusal
from messaging import access, actions, cards, scripting, shown, subjects
from messaging.downloads import as_download
from messaging.forms import MessageForm, SearchForm
from verification.access import organisations_by_role
from verification.actions import store_file
from verification.rules import Role

A_PAGE = 50
MOST_SHOWN = 500
BEFORE_THE_NEW = 10
FOUND_AT_ONCE = 20


@page(who=Who.SIGNED_IN)
def conversations(request: HttpRequest) -> HttpResponse:
    """List the reader's conversations: on the first page those with something to read before all others."""
    found, after, before = access.page_for(account_of(request), request.GET.get("cursor"), A_PAGE)
    if "cursor" not in request.GET:
        waiting = access.unread_ones(account_of(request))
        found = waiting + [one for one in found if one.pk not in {other.pk for other in waiting}]
    rows = [shown.row(conversation) for conversation in found]
    is_handler = Role.HANDLER in organisations_by_role(account_of(request))
    told = {"rows": rows, "after": after, "before": before, "is_handler": is_handler}
    return render(request, "messaging/list.html", told)


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show a conversation with its newest messages, and take a new one."""
    found = access.get_for(account_of(request), conversation_id)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else _fresh_form(request)
    kept = _handed_in(request, form) if form.is_bound else []
    hints = _hints(request, form) if form.is_bound and form.is_valid() else []
    if form.is_bound and form.is_valid() and not hints:
        try:
            sent = _post(request, found, form.cleaned_data, kept)
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect_with(request, _place_after(request, found, sent), _("Your message was sent."))
    form.offer([(one.pk, files.name_of(one), one.size_bytes) for one in access.unsent_of(account_of(request), kept)])
    number = _number(request, "before")
    messages = access.newest_messages(found, before=number, limit=A_PAGE if number is not None else _room_for(found))
    if request.method == "GET" and number is None and "q" not in request.GET:
        seen = messages[-1].seq if messages else 0
        actions.mark_read(conversation_id=found.pk, seq=seen, event=found.last_event, by=account_of(request))
    status = 400 if form.errors else 200
    told = shown.whole(found, messages, access.own_names(account_of(request), messages))
    if number is not None and not messages and found.last_seq:
        return redirect("messaging:conversation", found.pk)
    behind = access.messages_of(found, after=messages[-1].seq, limit=1) if number is not None and messages else []
    until = behind[0].sent_at if behind else None
    told["messages_"] = cards.woven(found, told["messages_"], shown.happened(found), until=until)
    told["is_apart"] = until is not None
    told["new_from"] = _first_new(found, messages) if number is None else None
    # The last message here stands there too, so that its reader sees where it goes on.
    told["later"] = told["last_shown"] + A_PAGE
    told["matter"] = subjects.page_for(account_of(request), found.subject)
    told["quoting"] = _quoting(found, form)
    told["settling"] = cards.settling(found)
    told |= _search(request, found)
    told |= {"form": form, "hints": hints, "script": scripting.for_script(found, told, times.now())}
    return render(request, "messaging/conversation.html", told, status=status)


def _first_new(conversation: Any, messages: list[Any]) -> int | None:
    """Return the number of the first message of others that its reader has not read, where read ones stand before it."""
    new = [one.seq for one in messages if one.seq > conversation.read_to and one.sender_id != conversation.me]
    return new[0] if new and new[0] > messages[0].seq else None


def _room_for(conversation: Any) -> int:
    """Return how many messages the newest page shows: all that its reader has not read, with some before, in bounds."""
    # Own words that are behind the mark are no reason to show more.
    since: int = conversation.last_seq - conversation.read_to if conversation.unread else 0
    return max(A_PAGE, min(MOST_SHOWN, since + BEFORE_THE_NEW))


def _number(request: HttpRequest, key: str) -> int | None:
    text = request.GET.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004


def _search(request: HttpRequest, conversation: Any) -> dict[str, Any]:
    """Return what the page says of what was looked for: nothing, as long as nothing was."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    if not (form.is_bound and form.is_valid()):
        return {"asked": form, "found": None}
    words = form.cleaned_data["q"]
    messages = access.found_messages(
        conversation, words=words, before=_number(request, "until"), limit=FOUND_AT_ONCE + 1
    )
    rest = messages[FOUND_AT_ONCE - 1].seq if len(messages) > FOUND_AT_ONCE else None
    rows = [shown.found(one, words, conversation) for one in messages[:FOUND_AT_ONCE]]
    return {"asked": form, "found": rows, "found_more": rest}


def _hints(request: HttpRequest, form: MessageForm) -> list[dict[str, str]]:
    """Return what the text tells of its writer, to be shown once before it is sent; whoever was told decides."""
    if request.POST.get("was_told"):
        return []
    return shown.pointed_out(form.cleaned_data["body"])


def _fresh_form(request: HttpRequest) -> MessageForm:
    return MessageForm(initial={"client_id": uuid.uuid4(), "quotes": request.GET.get("quotes")})


def _quoting(found: Any, form: MessageForm) -> dict[str, Any] | None:
    """Return the message that what is being written quotes, as the page shows it; None where it quotes none."""
    try:
        message = access.message_of(found, UUID(str(form["quotes"].value())))
    except (ValueError, NotFound):
        return None
    return shown.quotation(message, {party.pk: party for party in found.parties.all()}, found.me, message.seq)


def _place_after(request: HttpRequest, conversation: Any, sent: Any) -> str:
    """Return where the sender goes on: with a file that the other side can't open yet, to the decision about it."""
    for told in sent.attachments or ():
        if access.is_withheld(account_of(request), conversation, UUID(told["id"]), times.now()):
            return reverse("messaging:passing", args=[conversation.pk, told["id"]])
    return reverse("messaging:conversation", args=[conversation.pk])


def _handed_in(request: HttpRequest, form: MessageForm) -> list[UUID]:
    """Return the files of the message, those kept from an earlier try and those that come along, which are kept now.

    They are the sender's alone until they are sent, and not lost where something else is asked or refused first.
    """
    form.is_valid()
    handed_in: list[UUID] = list(form.cleaned_data.get("kept", ()))
    for upload in form.cleaned_data.get("file", ()):
        try:
            file = store_file(data=upload.read(), name=upload.name, by=account_of(request), now=times.now())
        except Invalid as error:
            form.add_error("file", [f"{upload.name}: {one.detail}" for one in error.problems])
        else:
            handed_in.append(file.pk)
    return handed_in


def _post(request: HttpRequest, found: Any, given: dict[str, Any], attachments: list[UUID]) -> Any:
    return actions.post_message(
        conversation_id=found.pk,
        client_id=str(given["client_id"]),
        body=given["body"],
        attachments=attachments,
        quotes=given["quotes"],
        by=account_of(request),
        now=times.now(),
    )


@page(who=Who.SIGNED_IN)
def attachment(request: HttpRequest, conversation_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand out a file of the conversation, to be saved and never shown as a page of ours."""
    conversation = access.get_for(account_of(request), conversation_id)
    return as_download(access.file_of(account_of(request), conversation, file_id, times.now()))
