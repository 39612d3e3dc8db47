"""Staff takes a list out of the portal: what is in it is fixed and recorded before the first of it leaves."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.access import Wanted, ids_for
from complaints.rules import EXPORTERS, Side, search
from core import sealing
from core.errors import Denied, invalid
from core.ids import uuid7
from ledger.acts import action, record
from verification.access import organisations_where, require_staff
from verification.models import Account, Organisation
from verification.rules import Role


@dataclass(frozen=True)
class Exported:
    """What was taken out: which complaints, in order, and whether that is not all because there are too many."""

    ids: list[UUID]
    is_cut: bool


@action("complaint.list_exported")
def export_list(*, by: Account, wanted: Wanted, asked: Mapping[str, str], now: dt.datetime) -> Exported:
    """Record that the account takes out what it may see of one provider's and asked for; return which complaints.

    Raises Denied for others than its handlers and auditors, Invalid where the account works for several and names none.
    """
    provider = _provider_of(by, wanted.provider)
    require_staff(by, provider, *EXPORTERS)
    found = ids_for(by, replace(wanted, provider=provider.code), search.MOST_EXPORTED + 1)
    exported = Exported(found[: search.MOST_EXPORTED], is_cut=len(found) > search.MOST_EXPORTED)
    is_handler = organisations_where(by, Role.HANDLER).filter(pk=provider.pk).exists()
    facts = {
        "as": (Side.HANDLER if is_handler else Side.AUDITOR).value,
        # A digest: what somebody looks for may be a person.
        "asked_digest": sealing.keyed_digest("list", json.dumps(dict(asked), sort_keys=True, ensure_ascii=False)),
        "count": len(exported.ids),
        "is_cut": exported.is_cut,
    }
    record(subject=f"export:{uuid7()}", provider=provider.code, by=by, facts=facts, now=now)
    return exported


def _provider_of(by: Account, code: str) -> Organisation:
    mine = organisations_where(by, *EXPORTERS)
    found = list((mine.filter(code=code) if code else mine)[:2])
    if not found:
        raise Denied(_("Only a handler or an auditor of the provider may take lists out."))
    if len(found) > 1:
        raise invalid("/provider", "required", _("You work for several providers: say whose list you take."))
    return found[0]
