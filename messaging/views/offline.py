"""What the browser keeps for the time without a network: a page that says so, and the small worker that shows it."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.access import Who
from core.pages import page
from messaging import scripting
from messaging.rules import LONGEST_BODY

WORKER = Path(__file__).parents[1] / "static" / "messaging" / "worker.js"


@page(who=Who.PUBLIC)
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network; it is the same for everybody, so that it may be kept."""
    length = {"longest": LONGEST_BODY, "words": scripting.length_words()}
    return render(request, "messaging/offline.html", {"length": length})


@page(who=Who.PUBLIC)
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the worker of the conversations' pages, which may serve these and no others."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("messaging:list")
    # A browser asks for it anew each time, so that a new one is there with the next visit.
    answer["Cache-Control"] = "no-cache"
    return answer
