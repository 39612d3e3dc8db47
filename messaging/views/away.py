"""The page that stops mails by the link in them, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from core import times
from core.access import Who
from core.pages import page
from messaging import actions


# A mail program presses the button for its reader (RFC 8058): it has no cookie, and the token is all that it needs.
@csrf_exempt
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button and, when it is pressed, stop the mails; to look at the page changes nothing."""
    if request.method == "POST":
        actions.stop_mails(token=token, now=times.now())
    else:
        actions.account_of_stop(token)
    answer = render(request, "messaging/stop_mails.html", {"is_stopped": request.method == "POST"})
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
