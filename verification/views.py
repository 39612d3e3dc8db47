"""The pages of one's own account, of identities and their review, and of a provider's service rules."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who, account_of
from core.errors import Invalid
from core.pages import page, redirect_with, show_refusal
from core.paging import keyset
from verification import access, actions, submissions
from verification.forms import IdentityForm, ReviewForm, on_form

ROWS = 50


@page(who=Who.SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """Show the account: who I am here, what is known of me, who looked at it."""
    user = account_of(request)
    openings, after, _before = keyset(access.openings_of(user), request.GET.get("cursor"), ROWS)
    roles = access.roles_behind({one.by for one in openings})
    told = {
        "memberships": access.memberships_of(user),
        "identity": access.current_identity(user, times.now()),
        "identities": access.identities_of(user),
        "openings": [{"opening": one, "by": roles[one.by]} for one in openings],
        "next": after,
        "acceptances": access.acceptances_of(user),
        "providers": access.providers(),
        "tokens": access.tokens_of(user)[:ROWS],
        "has_second_factor": access.has_second_factor(user),
        "now": times.now(),
    }
    return render(request, "verification/account.html", told)


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def submit(request: HttpRequest) -> HttpResponse:
    """Hand in who one is, in one form."""
    form = IdentityForm(request.POST or None, request.FILES or None, providers=access.providers())
    if request.method == "POST" and form.is_valid():
        try:
            submissions.submit(form.input(), form.cleaned_data["documents"], by=account_of(request), now=times.now())
        except Invalid as error:
            show_refusal(form, on_form(error))
        else:
            text = _("Received and sealed. A reviewer looks at it; you are told by e-mail.")
            return redirect_with(request, reverse("verification:account"), text)
    status = 400 if form.errors else 200
    current = access.current_identity(account_of(request), times.now())
    return render(request, "verification/submit.html", {"form": form, "identity": current}, status=status)


@page(who=Who.SIGNED_IN, methods=("POST",))
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the identity that counts."""
    actions.withdraw_identity(by=account_of(request), now=times.now())
    return redirect_with(request, reverse("verification:account"), _("Your identity is withdrawn and counts no more."))


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def erase(request: HttpRequest) -> HttpResponse:
    """Erase everything that was handed in, after a page that says what that means."""
    if request.method == "POST":
        actions.erase_identities(by=account_of(request), now=times.now())
        text = _("Erased: the keys are destroyed, nobody can open what you handed in.")
        return redirect_with(request, reverse("verification:account"), text)
    return render(request, "verification/erase.html", {"identities": access.identities_of(account_of(request))})


@page(who=Who.SIGNED_IN, methods=("POST",))
def become_rights_holder(request: HttpRequest) -> HttpResponse:
    """Take the role of a rights holder."""
    actions.become_rights_holder(by=account_of(request), now=times.now())
    text = _("You are a rights holder here. To act as one, have your identity verified.")
    return redirect_with(request, reverse("verification:account"), text)


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def tokens(request: HttpRequest) -> HttpResponse:
    """Make a new bearer token and show it, this once."""
    now = times.now()
    submissions.require_fresh_where_set_up(account_of(request), now)
    token, secret = actions.issue_token(account=account_of(request), by=account_of(request), now=now)
    return render(request, "verification/token.html", {"token": token, "secret": secret})


@page(who=Who.SIGNED_IN, methods=("POST",))
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke one of one's own tokens."""
    actions.revoke_token(token_id=token_id, by=account_of(request), now=times.now())
    return redirect_with(request, reverse("verification:account"), _("The token is revoked and works no more."))


@page(who=Who.SIGNED_IN)
def queue(request: HttpRequest) -> HttpResponse:
    """Show a reviewer what waits."""
    rows, after, before = keyset(access.queue_of(account_of(request)), request.GET.get("cursor"), ROWS)
    return render(request, "verification/queue.html", {"rows": rows, "next": after, "previous": before})


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def review(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Show a reviewer an identity without what is sealed, and take the decision."""
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = actions.review_identity(
                identity_id=identity_id, by=account_of(request), now=times.now(), **form.cleaned_data
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            text = _("Decided: %(state)s. The person is told.") % {"state": decided.get_state_display()}
            return redirect_with(request, reverse("verification:queue"), text)
    identity = submissions.for_review(account_of(request), identity_id)
    status = 400 if form.errors else 200
    return render(request, "verification/review.html", {"identity": identity, "form": form}, status=status)


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def opened(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Open what was submitted, recorded, and show it beside the document, this once."""
    plain = actions.open_identity(identity_id=identity_id, by=account_of(request), now=times.now())
    identity = submissions.for_review(account_of(request), identity_id)
    shown = {name: value.reveal() for name, value in plain.items()}
    told = {"identity": identity, "form": ReviewForm(), "opened": shown}
    return render(request, "verification/review.html", told)


@page(who=Who.PUBLIC)
def rules(request: HttpRequest, provider: str) -> HttpResponse:
    """Show a provider's service rules, and which version one accepted."""
    organisation = access.organisation(provider)
    accepted = access.accepted_at(account_of(request)) if request.user.is_authenticated else {}
    now = times.now()
    versions = [
        {"rules": one, "accepted_at": accepted.get(one.pk), "is_old": access.is_superseded(one, now)}
        for one in access.rules_of(organisation)[:ROWS]
    ]
    return render(request, "verification/rules.html", {"provider": organisation, "versions": versions})


@page(who=Who.SIGNED_IN, methods=("POST",))
def accept_rules(request: HttpRequest, provider: str, rules_id: UUID) -> HttpResponse:
    """Accept one version of a provider's service rules."""
    accepted = actions.accept_rules(rules_id=rules_id, by=account_of(request), now=times.now())
    to = reverse("verification:rules", args=[provider])
    return redirect_with(request, to, _("You accepted version %(version)s.") % {"version": accepted.rules.version})
