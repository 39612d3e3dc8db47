"""What a conversation can be opened on. Apps above register how a caller's words become a subject; content is our own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actors import Actor
from core.errors import Conflict, NotFound, invalid
from hosting.models import Subscriber
from messaging.models import Conversation
from verification.models import Account, Organisation

# Why a conversation can be neither ended nor blocked while its matter needs both sides.
STAYS = gettext_lazy(
    "While the complaint is open, both sides can write here; its clocks run by what is said. Mute it instead."
)


@dataclass(frozen=True)
class Subject:
    """What a conversation would be about, and between whom. ``reference`` is opaque to messaging."""

    provider: Organisation
    reference: str
    subscriber: Subscriber
    title: str = ""
    # Whose conversation it is; None: of the one who asks, who must then be a verified rights holder.
    rights_holder: Account | None = None


# Told who asks, the value under the key and the whole request; raises NotFound for what is not the caller's to see.
Resolver = Callable[[Actor, str, dict[str, Any], dt.datetime], Subject]
_resolvers: dict[str, Resolver] = {}
# Where people read what a conversation is about, by the letters with which its reference begins.
_pages: dict[str, Callable[[str], str]] = {}
_settled: dict[str, Callable[[Conversation], str]] = {}
_guards: dict[str, Callable[[Actor, str], object]] = {}
# Which of the subscriber's content a conversation is about, by the service's ids, by the same letters.
ContentOf = Callable[[str, Subscriber], list[str]]
_content_of: dict[str, ContentOf] = {}
# Whether what begins with these letters still needs both sides.
_needs: dict[str, Callable[[str], bool]] = {}


def register(key: str, resolver: Resolver) -> None:
    """Let a conversation be opened by ``{key: value}``; an app registers at its start, once."""
    other = _resolvers.get(key)
    if other is not None and other is not resolver:
        raise ValueError(f"two resolvers for the subject {key}")
    _resolvers[key] = resolver


def register_page(prefix: str, address_of: Callable[[str], str]) -> None:
    """Let conversations about what begins so lead to its page."""
    _pages[prefix] = address_of


def page_of(reference: str) -> str:
    """Return the address of the page of what a conversation is about; nothing where there is none."""
    return next((address_of(reference) for prefix, address_of in _pages.items() if reference.startswith(prefix)), "")


def register_guard(prefix: str, guard: Callable[[Actor, str], object]) -> None:
    """Let the app raise NotFound for who may not see the page of what begins so, where not all who take part may."""
    _guards[prefix] = guard


def page_for(reader: Actor, reference: str) -> str:
    """Return the address of the page of what a conversation is about; nothing where there is none for this reader."""
    guards = [guard for prefix, guard in _guards.items() if reference.startswith(prefix)]
    try:
        for guard in guards:
            guard(reader, reference)
    except NotFound:
        return ""
    return page_of(reference)


def register_settled(prefix: str, words: Callable[[Conversation], str]) -> None:
    """Let the app say, in the reader's language, what an agreement does to the matter of conversations about these."""
    _settled[prefix] = words


def settled_by(conversation: Conversation) -> str:
    """Return in a sentence what an agreement in the conversation does to its matter; nothing where it does nothing."""
    return next(
        (words(conversation) for prefix, words in _settled.items() if conversation.subject.startswith(prefix)), ""
    )


def register_content(prefix: str, content: ContentOf) -> None:
    """Let the provider's service be told which content conversations about what begins so are about."""
    _content_of[prefix] = content


def content_of(reference: str, subscriber: Subscriber | None) -> list[dict[str, str]]:
    """Return the uploader's content that a conversation is about, by the service's own ids; none where none is known."""
    if subscriber is None:
        return []
    found = next((content for prefix, content in _content_of.items() if reference.startswith(prefix)), None)
    return [{"external_id": one} for one in found(reference, subscriber)] if found else []


def register_need(prefix: str, needs: Callable[[str], bool]) -> None:
    """Let the app say of what begins so whether it still needs that both sides can speak: nobody is blocked there."""
    _needs[prefix] = needs


def needs_both_sides(reference: str) -> bool:
    """Say whether the matter of this reference still needs that both sides can write to each other."""
    return any(needs(reference) for prefix, needs in _needs.items() if reference.startswith(prefix))


def require_may_fall_silent(reference: str) -> None:
    """Raise Conflict while the matter of this reference needs that both sides can write to each other."""
    if needs_both_sides(reference):
        raise Conflict(STAYS, state="matter_open")


def known() -> list[str]:
    """Return the keys by which a subject can be named."""
    return sorted(_resolvers)


def resolve(by: Actor, given: dict[str, Any], now: dt.datetime) -> Subject:
    """Return the subject that the request names; Invalid unless it names exactly one."""
    named = [key for key in known() if given.get(key)]
    if len(named) != 1:
        raise invalid("", "subject", _("Name one thing to talk about: %(keys)s.") % {"keys": ", ".join(known())})
    return _resolvers[named[0]](by, given[named[0]], given, now)


def _content(by: Actor, external_id: str, given: dict[str, Any], now: dt.datetime) -> Subject:
    from hosting.access import content_for
    from messaging.access import require_can_open
    from verification.access import provider

    require_can_open(by, now)
    if not given.get("provider"):
        raise invalid("/provider", "required", _("Say at which provider the content is."))
    content = content_for(provider(given["provider"]), external_id)
    return Subject(content.provider, f"content:{content.pk}", content.subscriber, content.shown_title)


def _registered(reference: str, subscriber: Subscriber) -> list[str]:
    from hosting.access import external_ids_of

    return external_ids_of(subscriber, reference)


register("content", _content)
register_content("content:", _registered)
