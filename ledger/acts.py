"""How an act is declared and recorded: one transaction, one entry. It decides nothing about what acts there are."""

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model

from core.actors import Actor
from core.ids import uuid7
from core.inserts import Made, insert
from ledger import canonical, keys, rules
from ledger.models import Entry

P = ParamSpec("P")
R = TypeVar("R")

# Every action of the portal by the name of its act.
ACTIONS: dict[str, Callable[..., Any]] = {}

_ACT = re.compile(rules.ACT_PATTERN)
_REFERENCE = re.compile(rules.REFERENCE_PATTERN)
_PROVIDER = re.compile(rules.PROVIDER_PATTERN)


class ActionMisuse(RuntimeError):
    """The code of an action breaks the rules of actions; the act was rolled back."""


@dataclass
class _Running:
    act: str
    entries: list[Entry] = field(default_factory=list)


_running: ContextVar[_Running | None] = ContextVar("ledger_running_action", default=None)


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a keyword-only function to be the act of this name.

    It runs in a transaction and must call `record` exactly once, else ActionMisuse rolls it back. Actions don't call
    actions: what two of them share is a plain function.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        _check_declaration(name, function)

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            if (outer := _running.get()) is not None:
                raise ActionMisuse(f"{name} was called inside {outer.act}: actions don't call actions")
            with transaction.atomic():
                return _run(name, function, *args, **kwargs)

        ACTIONS[name] = act
        return act

    return declare


def _check_declaration(name: str, function: Callable[..., Any]) -> None:
    if not _ACT.fullmatch(name):
        raise ActionMisuse(f"{name!r} is not the name of an act, such as complaint.filed")
    if inspect.iscoroutinefunction(function):
        raise ActionMisuse(f"{name} is async: an action is one transaction in one thread")
    if any(p.kind is not p.KEYWORD_ONLY for p in inspect.signature(function).parameters.values()):
        raise ActionMisuse(f"{name} takes something else than keyword-only arguments")
    other = ACTIONS.get(name)
    if other is not None and (other.__module__, other.__qualname__) != (function.__module__, function.__qualname__):
        raise ActionMisuse(f"{name} is declared twice: {other.__module__} and {function.__module__}")


def _run(name: str, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    running = _Running(name)
    # Left before the commit: what runs on commit is outside of the action and may call another.
    token = _running.set(running)
    try:
        result = function(*args, **kwargs)
    finally:
        _running.reset(token)
    if len(running.entries) != 1:
        raise ActionMisuse(f"{name} recorded {len(running.entries)} entries; an act is exactly one")
    return result


def record(
    *,
    subject: str,
    provider: str,
    by: Actor,
    facts: Mapping[str, object],
    now: datetime,
    rows: Iterable[Model | Made] = (),
) -> Entry:
    """Write the entry of the running action and return it; it is sealed about a second after the commit.

    ``rows`` are new rows of the act that go into their tables with it, in the same statement.

    Facts are references and keyed digests, never personal data: they are kept for ever. Raises WrongFacts for what
    can't be written exactly (floats, NUL, too much), ActionMisuse outside of an action.
    """
    running = _running.get()
    if running is None:
        raise ActionMisuse("record was called outside of an action")
    if now.tzinfo is None:
        raise ActionMisuse(f"{running.act} was given a time without a zone")
    actor = by.ledger_reference
    for text, pattern in ((subject, _REFERENCE), (actor, _REFERENCE), (provider, _PROVIDER)):
        if not pattern.fullmatch(text):
            raise ActionMisuse(f"{running.act}: {text!r} is not a reference that the ledger can keep")
    entry = _signed(Entry(
        id=uuid7(), act=running.act, subject=subject, provider=provider, actor=actor, at=now,
        facts_text=canonical.facts_text(facts), key_id=keys.signer().key_id, signature=b"",
    ))  # fmt: skip
    insert(*rows, entry)
    running.entries.append(entry)
    return entry


def _signed(entry: Entry) -> Entry:
    entry.signature = keys.signer().sign(canonical.entry_signed_bytes(entry.row))
    return entry
