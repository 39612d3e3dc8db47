"""What strikes, restrictions and policies show to whom: the same facts to whom they concern and to the provider's staff."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from complaints import access, regimes
from complaints.rules import Side
from complaints.rules.policies import HOUSE_POLICY, Scale, Step, StrikeKind, numbers_as_data
from complaints.rules.restrictions import (
    NEXT_IN_RESTRICTION,
    RESTRICTION_TONES,
    Factor,
    RestrictionEnd,
    RestrictionState,
)
from complaints.rules.strikes import points_of
from complaints.serializers import words
from complaints.serializers.words import instant

if TYPE_CHECKING:
    from complaints.access import InForce, Viewer
    from complaints.access.strikes import Record
    from complaints.models import Policy, Restriction, RestrictionAppeal, Strike
    from verification.models import Organisation

TITLES = {
    "restriction.warned": _("The portal warned"),
    "restriction.proposed": _("The portal proposed it"),
    "restriction.ordered": _("It was ordered"),
    "restriction.declined": _("It was not ordered"),
    "restriction.dropped": _("The proposal lost its ground"),
    "restriction.lifted": _("It was lifted"),
    "restriction.expired": _("Its time was over"),
    "restriction.executed": _("The provider's service reported that it was done"),
    "restriction.appealed": _("It was contested"),
    "restriction.appeal_decided": _("The appeal was decided"),
}
ACT_LABELS = {
    "confirmation": _("Order it"),
    "dismissal": _("Order nothing"),
    "lifting": _("Lift it"),
    "appeal": _("Appeal"),
    "appeal/decision": _("Decide the appeal"),
}


def policy_shown(provider: Organisation, held: InForce) -> dict[str, Any]:
    """Return a policy as everybody may read it; the house's own says that it is."""
    policy = held.policy
    texts = _texts_of(policy) if policy is not None else None
    return {
        "provider": provider.code,
        "version": held.version,
        "is_own": policy is not None,
        "published_at": None if policy is None else instant(policy.published_at),
        "effective_at": None if policy is None else instant(policy.effective_at),
        "texts": texts
        or {"text": str(HOUSE_POLICY.text), "examples": [str(example) for example in HOUSE_POLICY.examples]},
        **numbers_as_data(held.numbers),
    }


def _texts_of(policy: Policy) -> dict[str, Any]:
    return {
        "en": {"text": policy.text_en, "examples": policy.examples_en},
        "zh-hans": {"text": policy.text_zh, "examples": policy.examples_zh},
    }


def policy_page(provider: Organisation, now: dt.datetime) -> dict[str, Any]:
    """Return what the public page of a provider's policy is filled with, in the reader's language."""
    held = access.policy_in_force(provider, now)
    is_chinese = (get_language() or "").startswith("zh")
    text, examples = HOUSE_POLICY.text, [str(example) for example in HOUSE_POLICY.examples]
    if held.policy is not None:
        own = held.policy
        text, examples = (own.text_zh, own.examples_zh) if is_chinese else (own.text_en, own.examples_en)
    return {
        "provider": provider,
        "held": held,
        "text": text,
        "examples": examples,
        "scales": [
            {"title": _("For uploaders"), **_scale_words(held.numbers.uploaders)},
            {"title": _("For whoever sends notices"), **_scale_words(held.numbers.complainants)},
        ],
        "pausing": [law for law in regimes.all_current() if law.suspension_source],
        "upcoming": [one for one in access.policies_of(provider) if one.effective_at > now],
    }


def policy_versions(provider: Organisation, now: dt.datetime) -> dict[str, Any]:
    """Return the version in force and those announced, the next first."""
    upcoming = [one for one in access.policies_of(provider) if one.effective_at > now]
    return {"provider": provider, "held": access.policy_in_force(provider, now), "upcoming": upcoming[::-1]}


def newest_policy(provider: Organisation, now: dt.datetime) -> InForce:
    """Return with what the next version begins: the one that will hold last, or the one in force."""
    newest = access.policies_of(provider).first()
    return access.policy_in_force(provider, now) if newest is None else access.version_of(newest)


def texts_in_both(held: InForce) -> list[tuple[str, list[str]]]:
    """Return what a version says, with its examples: in English, then in Chinese."""
    if held.policy is not None:
        own = held.policy
        return [(own.text_en, own.examples_en), (own.text_zh, own.examples_zh)]
    said = []
    for language in ("en", "zh-hans"):
        with override(language):
            said.append((str(HOUSE_POLICY.text), [str(example) for example in HOUSE_POLICY.examples]))
    return said


def _scale_words(scale: Scale) -> dict[str, Any]:
    return {
        "scale": scale,
        "kinds": [{"label": StrikeKind(kind).label, "points": points} for kind, points in scale.weights.items()],
        "rungs": [{"label": Step(rung.step).label, "rung": rung} for rung in scale.rungs],
    }


def strike_shown(strike: Strike, present: Scale, zone: str, now: dt.datetime) -> dict[str, Any]:
    """Return a strike with what it weighs now by itself, under its own version and the present scale."""
    weighs = 0 if strike.taken_back_at else points_of(access.counted(strike), now, zone, present)
    return {
        "complaint": strike.complaint.reference,
        "kind": strike.kind,
        "kind_label": str(StrikeKind(strike.kind).label),
        "points": weighs,
        "policy_version": strike.policy_version,
        "noticed_on": strike.noticed_on.isoformat(),
        "counted_at": instant(strike.counted_at),
        "taken_back_at": instant(strike.taken_back_at),
    }


def strike_rows(strikes: list[Strike], side: str, now: dt.datetime) -> list[dict[str, Any]]:
    """Return strikes of one provider and side as the pages show them."""
    if not strikes:
        return []
    provider = strikes[0].provider
    present = access.policy_in_force(provider, now).numbers.of(side)
    shown = [strike_shown(one, present, provider.time_zone, now) for one in strikes]
    return [{**row, "counted_on": one.counted_at} for row, one in zip(shown, strikes, strict=True)]


def record_shown(record: Record, now: dt.datetime) -> dict[str, Any]:
    """Return what stands against somebody at a provider: points, strikes, and from how many points on what can follow."""
    scale = access.policy_in_force(record.provider, now).numbers.of(record.side)
    return {
        "provider": record.provider.code,
        "side": record.side,
        "points": record.points,
        "strikes": [strike_shown(one, scale, record.provider.time_zone, now) for one in record.strikes],
        "steps": [
            {"step": rung.step.value, "label": str(rung.step.label), "from_points": rung.from_points}
            for rung in scale.rungs
        ],
    }


def row(restriction: Restriction) -> dict[str, Any]:
    """Return a restriction as lists show it, and all of it that the provider's service is shown."""
    return {
        "reference": restriction.reference,
        "provider": restriction.provider.code,
        "side": restriction.side,
        "subscriber": None if restriction.subscriber is None else restriction.subscriber.external_id,
        "state": restriction.state,
        "step": restriction.step,
        "proposed_at": instant(restriction.proposed_at),
        "decided_at": instant(restriction.decided_at),
        "until": instant(restriction.until_at),
        "executed_at": instant(restriction.executed_at),
        "undone_at": instant(restriction.undone_at),
    }


def whole(restriction: Restriction, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return all that this viewer may see of the restriction."""
    acts = access.acts_on(viewer, restriction, now)
    if viewer.sides == {Side.SERVICE}:
        return {**row(restriction), "acts": acts}
    appeal = access.appeal_of(restriction)
    return {
        **row(restriction),
        "proposed_step": restriction.proposed_step,
        "points": restriction.points,
        "policy_version": restriction.policy_version,
        "is_automatic": restriction.decided_at is not None and restriction.decided_by_id is None,
        "reasons": restriction.reasons,
        "weighing": restriction.weighing,
        "skip_reasons": restriction.skip_reasons,
        "ended_at": instant(restriction.ended_at),
        "ended_because": restriction.ended_because,
        "end_reasons": restriction.end_reasons,
        "matters": matters_shown(restriction, now),
        "appeal": None if appeal is None else appeal_shown(appeal),
        "sides": sorted(viewer.sides),
        "acts": acts,
        "next_step": str(NEXT_IN_RESTRICTION[RestrictionState(restriction.state)]),
    }


def matters_shown(restriction: Restriction, now: dt.datetime) -> list[dict[str, Any]]:
    """Return the matters that the restriction rests on, each with what it weighs now."""
    present, zone = (
        access.policy_in_force(restriction.provider, now).numbers.of(restriction.side),
        restriction.provider.time_zone,
    )
    return [strike_shown(one, present, zone, now) for one in access.matters_of(restriction)]


def appeal_shown(appeal: RestrictionAppeal) -> dict[str, Any]:
    """Return the appeal and what became of it; not by whom."""
    return {
        "reasons": appeal.reasons,
        "filed_at": instant(appeal.filed_at),
        "outcome": appeal.outcome or None,
        "answer": appeal.answer,
        "decided_at": instant(appeal.decided_at),
    }


def page_row(restriction: Restriction) -> dict[str, Any]:
    """Return a restriction as the lists of the pages show it."""
    state = RestrictionState(restriction.state)
    return {
        "reference": restriction.reference,
        "url": reverse("complaints:restriction", args=[restriction.reference]),
        "provider": restriction.provider.name,
        "step": Step(restriction.step).label,
        "who": who_of(restriction),
        "state": {"label": state.label, "tone": RESTRICTION_TONES.get(state, "neutral")},
        "proposed_at": restriction.proposed_at,
        "until_at": restriction.until_at,
        "points": restriction.points,
    }


def who_of(restriction: Restriction) -> str:
    """Return whom it concerns, by pseudonym or part; never by name."""
    return str(_("a complainant")) if restriction.subscriber is None else restriction.subscriber.pseudonym


def page_of(restriction: Restriction, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return everything on the page of a restriction."""
    acts = [act for act in access.acts_on(viewer, restriction, now) if act in ACT_LABELS]
    links = [
        {"label": ACT_LABELS[act], "url": f"{reverse('complaints:restriction', args=[restriction.reference])}{act}/"}
        for act in acts
    ]
    return {
        **page_row(restriction),
        "restriction": restriction,
        "is_automatic": restriction.decided_at is not None and restriction.decided_by_id is None,
        "clock": clock_shown(restriction, now),
        "next_step": NEXT_IN_RESTRICTION[RestrictionState(restriction.state)],
        "primary": links[0] if links else None,
        "others": links[1:],
        "timeline": [
            {**step, "title": TITLES[step["act"]]}
            for step in words.timeline_shown(access.restriction_timeline(restriction))
        ],
        "matters": strike_rows(access.matters_of(restriction), restriction.side, now),
        "weighing": [
            {"label": factor.label, "text": restriction.weighing[factor]}
            for factor in Factor
            if factor in restriction.weighing
        ],
        "ended": RestrictionEnd(restriction.ended_because).label if restriction.ended_because else "",
        "appeal": access.appeal_of(restriction),
    }


def clock_shown(restriction: Restriction, now: dt.datetime) -> dict[str, Any] | None:
    """Return until when the restriction lasts, shown as a clock; None before it was ordered."""
    if restriction.until_at is None or restriction.decided_at is None:
        return None
    until = min(now, restriction.ended_at or now)
    length = (restriction.until_at - restriction.decided_at).total_seconds()
    day = words.local_day(restriction.until_at, restriction.provider.time_zone)
    is_running = restriction.state == RestrictionState.IN_FORCE
    return {
        "state": "running" if is_running else "stopped",
        "due_at": restriction.until_at if is_running else None,
        "percent": max(0, min(100, int(100 * (until - restriction.decided_at).total_seconds() / length))),
        "words": (_("It ends by itself on %(day)s.") if is_running else _("It was to end on %(day)s.")) % {"day": day},
    }
