"""What is known when a notice comes: its provider, what is registered there, and under which names its sender is verified."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from core.actors import Actor
from core.planned import planned
from hosting.access import content_at, content_named, host_names, hosts_of
from hosting.models import Content
from hosting.rules import spellings_of
from verification import access as verification
from verification.access import VerifiedNames
from verification.models import Account, Organisation

NO_ACCOUNT = UUID(int=0)


@dataclass(frozen=True)
class Known:
    """What a notice is held against."""

    provider: Organisation
    # The content that its items name, by ``id:`` with the external id and by ``url:`` with the address.
    content: Mapping[str, Content]
    # Under which hosts the provider's content is registered.
    hosts: Sequence[str]
    # Under which the sender is verified; of whoever has no account, none.
    names: VerifiedNames


def known_at(code: str, items: Sequence[Mapping[str, Any]], *, by: Actor, now: dt.datetime) -> Known:
    """Return what is known of a notice by somebody to the provider of this code; Invalid when there is no such provider.

    It is one question, and a second one for content that is named: each costs more on its way than in its answer.
    """
    ids, urls = _named_in(items)
    account = by.pk if isinstance(by, Account) else NO_ACCOUNT
    provider: Any = verification.the_one(_known_at(code, account, now, ids, urls))
    content = content_named(provider, ids, urls) if provider.has_content else []
    names = VerifiedNames(provider.name_indexes, provider.own_organisations)
    return Known(provider, _by_key(content), provider.known_hosts, names)


def known_of(provider: Organisation, items: Sequence[Mapping[str, Any]]) -> Known:
    """Return what is known at this provider of a notice whose sender's name is not compared."""
    return Known(provider, found_content(provider, items), hosts_of(provider), VerifiedNames())


def found_content(provider: Organisation, items: Sequence[Mapping[str, Any]]) -> dict[str, Content]:
    """Return the provider's content by the external id or address that the items name; one query for all."""
    ids, urls = _named_in(items)
    return _by_key(content_named(provider, ids, urls)) if ids or urls else {}


@planned
def _known_at(code: Any, account: Any, now: Any, ids: Any, urls: Any) -> QuerySet[Organisation]:
    return verification.serving(code).annotate(
        known_hosts=ArraySubquery(host_names(OuterRef("pk"))),
        has_content=Exists(content_at(OuterRef("pk"), ids, urls)),
        name_indexes=ArraySubquery(verification.name_indexes(account, now)),
        own_organisations=ArraySubquery(verification.own_organisations(account)),
    )


def _named_in(items: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    ids = {str(item["external_id"]) for item in items if item.get("external_id")}
    urls = {spelling for item in items if item.get("url") for spelling in spellings_of(item["url"])}
    return list(ids), list(urls)


def _by_key(content: Sequence[Content]) -> dict[str, Content]:
    by_key: dict[str, Content] = {}
    for one in content:
        by_key |= {f"id:{one.external_id}": one, f"url:{one.url}": one}
    return by_key
