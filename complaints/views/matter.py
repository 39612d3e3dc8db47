"""The page of a matter: the same for all who may see it, with what each can do now."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from complaints import access
from complaints.serializers import pages as matter_pages
from complaints.serializers import reasons as statements
from complaints.serializers import shown
from complaints.views.who import account_of
from core import files, times
from core.access import Who
from core.errors import NotFound
from core.pages import page


@never_cache
@page(who=Who.SIGNED_IN)
def matter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the matter: state and clock, what I can do, what happened, items, elements, documents, conversation."""
    complaint = access.get_for(account_of(request), reference)
    viewer = access.viewer_of(account_of(request), complaint)
    return render(request, "complaints/matter.html", matter_pages.matter(complaint, viewer, times.now()))


@never_cache
@page(who=Who.SIGNED_IN)
def matter_live(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the part of the page that moves: state, clocks, next step, timeline; 204 while nothing has moved."""
    complaint = access.get_for(account_of(request), reference)
    viewer = access.viewer_of(account_of(request), complaint)
    context = matter_pages.live(complaint, viewer, times.now())
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "complaints/_live.html", context)


@never_cache
@page(who=Who.SIGNED_IN)
def reasons(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the statement of reasons."""
    complaint = access.get_for(account_of(request), reference)
    viewer = access.viewer_of(account_of(request), complaint)
    statement = statements.statement_in(request.GET.get("language", ""), complaint, viewer, times.now())
    return render(request, "complaints/reasons.html", {"complaint": complaint, "statement": statement})


@never_cache
@page(who=Who.SIGNED_IN)
def document(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponse:
    """Hand out a document of the matter as an attachment, to whoever may see it."""
    complaint = access.get_for(account_of(request), reference)
    viewer = access.viewer_of(account_of(request), complaint)
    file = next((one for one in shown.evidence_for(complaint, viewer) if one.pk == file_id), None)
    if file is None:
        raise NotFound
    answer = HttpResponse(files.content_of(file), content_type=file.media_type)
    name = content_disposition_header(as_attachment=True, filename=files.name_of(file))
    answer["Content-Disposition"] = name or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
