"""The page of the contact details that the law makes part of a forwarded counter-notice."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from complaints import actions
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import NotFound
from core.pages import page


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def counter_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the details to whom they were forwarded, and record that they were read."""
    found = actions.read_counter_contact(
        reference=reference, by=account_of(request), counter_notice=_chosen(request), now=times.now()
    )
    contact = {name: plain.reveal() for name, plain in found.items()}
    return render(request, "complaints/contact.html", {"contact": contact, "reference": reference})


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["counter_notice"]) if "counter_notice" in request.POST else None
    except ValueError:
        raise NotFound from None
