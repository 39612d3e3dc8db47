"""The ledger for people: the entries that somebody may read, and how each proves itself."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from complaints.rules import Side
from core.access import Who
from core.errors import NotFound, Unavailable
from core.pages import page
from core.paging import keyset
from ledger import access, proofs
from messaging import access as conversations
from verification import access as accounts
from verification.rules import Role

ROWS = 50


@page(who=Who.SIGNED_IN)
def entries(request: HttpRequest) -> HttpResponse:
    """Show what was recorded about a matter (``?subject=``), or to auditors everything of their provider."""
    account: Any = request.user
    subject = request.GET.get("subject", "")
    audited = list(accounts.organisations_where(account, Role.AUDITOR))
    if subject:
        found = access.entries_of(account, subject)
    elif audited:
        wanted = request.GET.get("provider", audited[0].code)
        found = access.entries_of_provider(account, wanted)
    else:
        raise NotFound
    rows, after, before = keyset(found, request.GET.get("cursor"), ROWS)
    roles = _roles([row.actor for row in rows])
    rows_by = [(row, _by(row, roles)) for row in rows]
    told = {"rows": rows_by, "next": after, "previous": before, "subject": subject, "audited": audited}
    return render(request, "portal/ledger.html", {**told, "checkpoint": _newest()})


@page(who=Who.SIGNED_IN)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one recorded act, its proof, and how to check it without us."""
    found = access.get_for(request.user, entry_id)
    try:
        proof = proofs.inclusion(found.pk)
    except Unavailable:
        proof = None
    by = _by(found, _roles([found.actor]))
    facts = json.dumps(found.shown_facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return render(request, "portal/ledger_entry.html", {"entry": found, "facts": facts, "proof": proof, "by": by})


def _by(entry: Any, roles: dict[str, str]) -> str:
    """Return in which role somebody acted: the side of a complaint where the act says it, else what the account is."""
    side = entry.facts.get("as")
    return str(Side(side).label) if side in Side.values else roles.get(entry.actor, "")


def _roles(actors: list[str]) -> dict[str, str]:
    """Return in which role each actor acted: an account by what it is, a party by its side of its conversation."""
    return accounts.roles_behind(actors) | conversations.sides_behind(actors)


def _newest() -> object:
    try:
        return proofs.checkpoint()
    except Unavailable:
        return None
