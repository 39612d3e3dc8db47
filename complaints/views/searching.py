"""Lists that are searched: the form above them, one page of what was found, and the ways on."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import SearchForm
from complaints.serializers import asked, sheets
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Invalid
from core.pages import page, show_refusal
from core.sheets import MARK, streamed


def searched(request: HttpRequest, rows: int) -> dict[str, Any]:
    """Return what a searched list shows: the form, the complaints found, the cursors, and the status of the page."""
    given = {name: str(text).strip() for name, text in request.GET.items() if name != "tab"}
    query = {name: text for name, text in given.items() if text}
    form, found, status = SearchForm(request.GET), access.Found([], None, None), 200
    form.full_clean()
    try:
        wanted = asked.wanted_of(query, also=("cursor",))
        found = access.page_for(account_of(request), wanted, query.get("cursor"), rows)
    except Invalid as error:
        show_refusal(form, error)
        status = 400
    asks = {name: text for name, text in query.items() if name != "cursor"}
    is_oldest_first = asks.get("sort") == "oldest"
    turned = {**asks, "sort": "newest" if is_oldest_first else "oldest"}
    return {
        "form": form,
        "found": found.rows,
        "next": found.next,
        "previous": found.previous,
        "is_broken_off": found.is_broken_off,
        "asks": urlencode(asks),
        "turned": urlencode(turned),
        "is_oldest_first": is_oldest_first,
        "is_narrowed": bool(asks.keys() - {"sort"}),
        "status": status,
    }


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the searched list as a sheet that a spreadsheet opens; the act is recorded first."""
    now, asks = times.now(), {name: str(text) for name, text in QueryDict(request.POST.get("asks", "")).items()}
    wanted = asked.wanted_of(asks, also=())
    exported = actions.export_list(by=account_of(request), wanted=wanted, asked=asked.query_of(wanted), now=now)
    lines = sheets.sheet_of(account_of(request), exported.ids, is_cut=exported.is_cut, mark=MARK)
    return streamed(request, lines, f"complaints-{now:%Y%m%d-%H%M%S}.csv")
