"""A provider publishes its policy on repeated infringement and on misuse of notices."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.access import policies_of, require_policy_publisher
from complaints.models import Policy
from complaints.rules.policies import MOST_EXAMPLES, Numbers, check_numbers, numbers_as_data, takes_effect_from
from core.actors import Actor
from core.errors import Conflict, Invalid, Problem, invalid
from core.sealing import keyed_digest
from ledger.acts import action, record
from verification.access import provider as provider_of
from verification.models import Organisation


@dataclass(frozen=True)
class PolicyText:
    """What a policy says in one language: the text and the examples that DSA art. 23(4) asks for."""

    text: str
    examples: Sequence[str]


@action("policy.published")
def publish_policy(
    *,
    provider: str,
    version: str,
    numbers: Numbers,
    en: PolicyText,
    zh: PolicyText,
    by: Actor,
    now: dt.datetime,
    effective_at: dt.datetime | None = None,
) -> Policy:
    """Publish a version of the provider's policy, as its authorizer; return it. It holds a week later at the earliest.

    Raises NotFound for strangers, Denied for other staff, Invalid for numbers out of bounds, a text that is missing in
    a language, and a day too early; Conflict for a version, or a day, that is taken.
    """
    host = provider_of(provider)
    publisher = require_policy_publisher(by, host)
    _check(host, version=version, numbers=numbers, en=en, zh=zh, effective_at=effective_at, now=now)
    published = Policy(
        provider=host, version=version, numbers=numbers_as_data(numbers), text_en=en.text, text_zh=zh.text,
        examples_en=list(en.examples), examples_zh=list(zh.examples), published_at=now, published_by=publisher,
        effective_at=effective_at or takes_effect_from(now),
    )  # fmt: skip
    try:
        with transaction.atomic():
            published.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None
    said = json.dumps([published.numbers, en.text, zh.text, *en.examples, *zh.examples], sort_keys=True)
    facts = {
        "version": version,
        "digest": keyed_digest("policy", said),
        "effective_at": published.effective_at.isoformat(),
    }
    record(subject=f"policy:{published.pk}", provider=host.code, by=by, facts=facts, now=now)
    return published


def check_policy(
    *,
    provider: str,
    version: str,
    numbers: Numbers,
    en: PolicyText,
    zh: PolicyText,
    by: Actor,
    now: dt.datetime,
    effective_at: dt.datetime | None = None,
) -> None:
    """Raise what publishing this version now would raise, and do nothing else."""
    host = provider_of(provider)
    require_policy_publisher(by, host)
    _check(host, version=version, numbers=numbers, en=en, zh=zh, effective_at=effective_at, now=now)


def earliest_for_policy(now: dt.datetime) -> dt.datetime:
    """Return from when on a version holds that is published now and names no day."""
    return takes_effect_from(now)


def _check(
    host: Organisation,
    *,
    version: str,
    numbers: Numbers,
    en: PolicyText,
    zh: PolicyText,
    effective_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    check_numbers(numbers)
    _check_texts(en, zh)
    if effective_at is not None and effective_at < takes_effect_from(now):
        raise invalid("/effective_at", "too_early", _("A policy is published at least seven days before it holds."))
    begins = effective_at or takes_effect_from(now)
    if policies_of(host).filter(Q(version=version) | Q(effective_at=begins)).exists():
        raise _taken()


def _taken() -> Conflict:
    return Conflict(_("This version is published already, or another one begins at this very time."), state="published")


def _check_texts(en: PolicyText, zh: PolicyText) -> None:
    problems = []
    for name, one in (("en", en), ("zh-hans", zh)):
        if not one.text.strip():
            problems.append(Problem(f"/texts/{name}/text", "required", _("Give the text in this language too.")))
        if not [example for example in one.examples if example.strip()]:
            problems.append(Problem(f"/texts/{name}/examples", "required", _("Give at least one example.")))
        if len(one.examples) > MOST_EXAMPLES:
            text = _("Give at most %(most)s.") % {"most": MOST_EXAMPLES}
            problems.append(Problem(f"/texts/{name}/examples", "too_many", text))
    if problems:
        raise Invalid(problems)
