"""The receipt of a notice, for whoever has its code: to print, and to keep as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from complaints import access
from complaints.serializers import receipts
from complaints.views.who import network_address
from core import times
from core.access import Who
from core.pages import page

if TYPE_CHECKING:
    from complaints.models import Complaint


def _complaint(request: HttpRequest, tracking_code: str) -> Complaint:
    access.require_room_to_look(network_address(request), times.now())
    return access.by_tracking_code(tracking_code)


@never_cache
@page(who=Who.PUBLIC)
def receipt(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Show the receipt, fit to be printed."""
    context = receipts.page(_complaint(request, tracking_code))
    return render(request, "complaints/receipt.html", {**context, "tracking_code": tracking_code})


@never_cache
@page(who=Who.PUBLIC)
def receipt_text(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Hand out the receipt as a text."""
    context = receipts.page(_complaint(request, tracking_code))
    answer = render(request, "complaints/receipt.txt", context, content_type="text/plain; charset=utf-8")
    name = f"{context['receipt']['reference']}.txt"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer
