"""Shortcuts to strikes and restrictions: matters that became final, warnings, proposals, orders; all by the portal's acts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from complaints import access, actions
from complaints.followers import strikes
from complaints.models import Complaint, Policy, Restriction, Strike
from complaints.rules.policies import HOUSE_POLICY, Step
from complaints.rules.restrictions import Factor
from core import clocks
from core.actors import SYSTEM
from core.ids import uuid7
from ledger.models import Entry
from tests.complaints.world import NOW, World, content, follow

DAY = dt.timedelta(days=1)
FINAL = NOW + 31 * DAY
WEIGHED = {factor.value: "Looked at." for factor in Factor}


def listen() -> None:
    """Have the followers that begin with what comes be there before it comes."""
    follow()


def acted_on_new_content(w: World, now: dt.datetime = NOW, **changes: Any) -> Complaint:
    """Return a matter in which something new of the uploader is under a measure."""
    item = content(w.subscriber)
    return w.acted(now=now, items=[{"url": item.url, "external_id": item.external_id}], **changes)


def struck(w: World, day: int = 0) -> Strike:
    """Return the strike of one more matter of that day, which is final now."""
    made = acted_on_new_content(w, NOW + day * DAY)
    [strike] = actions.count_strikes(reference=made.reference, by=SYSTEM, now=FINAL + day * DAY)
    return strike


def warned(w: World) -> Restriction:
    return actions.warn(strike=struck(w), prompted_by=uuid7(), by=SYSTEM, now=FINAL)


def proposed(w: World, step: Step = Step.PUBLISHING_CHECKED) -> Restriction:
    """Return what is proposed after a warning."""
    warned(w)
    return propose(struck(w, 1), step)


def propose(strike: Strike, step: Step) -> Restriction:
    now = strike.counted_at
    return actions.propose_restriction(strike=strike, step=step, prompted_by=uuid7(), by=SYSTEM, now=now)


def order(**changes: Any) -> actions.Order:
    values: dict[str, Any] = {"days": 30, "reasons": "It went on after the warning.", "weighing": WEIGHED, **changes}
    return actions.Order(**values)


def ordered(w: World, step: Step = Step.PUBLISHING_CHECKED) -> Restriction:
    made = proposed(w, step)
    skip = "" if step is Step.PUBLISHING_CHECKED else "Checking would come too late."
    given = order(skip_reasons=skip)
    return actions.order_restriction(reference=made.reference, by=w.handler, order=given, now=FINAL + DAY)


def rejected(w: World, day: int = 0, **changes: Any) -> Complaint:
    now = NOW + day * DAY
    made = w.filed(now=now, **changes)
    return actions.reject(reference=made.reference, by=w.handler, reasons="The film is their own.", now=now)


def misused(w: World, day: int = 0, kind: str = "manifestly_unfounded", **changes: Any) -> Complaint:
    """Return a rejected notice that a handler found to be a misuse."""
    made = rejected(w, day, **changes)
    actions.find_misuse(
        reference=made.reference, by=w.handler, kind=kind, reasons="No right in it.", now=NOW + day * DAY
    )
    return made


def misuse_counted(w: World, day: int = 0, **changes: Any) -> Strike:
    made = misused(w, day, **changes)
    [strike] = actions.count_strikes(reference=made.reference, by=SYSTEM, now=FINAL + day * DAY)
    return strike


def sender_held(w: World, step: Step = Step.FILING_PAUSED) -> Restriction:
    """Order a step against the rights holder, whose notices were misuses and who was warned."""
    actions.warn(strike=misuse_counted(w), prompted_by=uuid7(), by=SYSTEM, now=FINAL)
    made = propose(misuse_counted(w, 1), step)
    given = order(skip_reasons="It is in somebody else's name.")
    return actions.order_restriction(reference=made.reference, by=w.handler, order=given, now=FINAL + DAY)


def waiting(w: World) -> Complaint:
    """Return a notice of the restricted rights holder under the law that lets it wait."""
    sender_held(w)
    return w.filed("eu", now=FINAL + 2 * DAY)


def held(w: World) -> Complaint:
    made = waiting(w)
    actions.hold_back(reference=made.reference, by=SYSTEM, now=FINAL + 2 * DAY)
    return made


HEARD: dict[str, Callable[[Entry], None]] = {
    **dict.fromkeys(strikes.MOVING, strikes.follow_finality),
    "strike.counted": strikes.propose,
    "strike.taken_back": strikes.end_without_ground,
}


_heard: set[Any] = set()


def hear() -> None:
    """Run what follows for strikes alone, on what was recorded since, until nothing new comes of it."""
    while new := list(Entry.objects.filter(act__in=HEARD).exclude(pk__in=_heard).order_by("pk")):
        for entry in new:
            HEARD[entry.act](entry)
        _heard.update(entry.pk for entry in new)


def run(now: dt.datetime) -> None:
    """Let time come to this instant: clocks that are due fire, and what follows from that follows."""
    hear()
    clocks.fire_due(now)
    hear()


def points(w: World, now: dt.datetime) -> int:
    return access.points_at(w.provider, [f"subscriber:{w.subscriber.pk}"], "uploader", now)


def published(w: World, now: dt.datetime = NOW, **changes: Any) -> Policy:
    """Publish a version of the provider's own policy; the house's numbers without others."""
    values: dict[str, Any] = {
        "provider": w.provider.code, "version": "1", "numbers": HOUSE_POLICY.numbers, "by": w.authorizer, "now": now,
        "en": actions.PolicyText("Who goes on is warned first.", ["Three films in one notice are one strike."]),
        "zh": actions.PolicyText("再犯者先予警告。", ["同一通知中的三部影片记为一次。"]),
    }  # fmt: skip
    return actions.publish_policy(**{**values, **changes})


def appealed(w: World) -> Restriction:
    made = ordered(w)
    actions.appeal_restriction(reference=made.reference, by=w.uploader, reasons="They are mine.", now=FINAL + 2 * DAY)
    return made


def undone_matter(w: World) -> Complaint:
    """Return a matter that counted and was restored since."""
    made = struck(w).complaint
    return actions.restore(reference=made.reference, by=w.handler, reasons="It is theirs.", now=FINAL)


def _on(made: Restriction, by: Any, **given: Any) -> dict[str, Any]:
    return {"reference": made.reference, "by": by, "now": FINAL + 3 * DAY, **given}


WHY = "The reasons."
# What an act needs first, and the act on it.
ACTS: dict[str, tuple[Callable[[World], Any], Callable[[World, Any], object]]] = {
    "policy.published": (lambda w: None, lambda w, _: published(w)),
    "misuse.found": (
        rejected,
        lambda w, made: actions.find_misuse(
            reference=made.reference, by=w.handler, kind="manifestly_unfounded", reasons=WHY, now=NOW
        ),
    ),
    "notice.held_back": (
        waiting, lambda w, made: actions.hold_back(reference=made.reference, by=SYSTEM, now=FINAL + 2 * DAY),
    ),
    "notice.taken_up": (
        held, lambda w, made: actions.take_up(reference=made.reference, by=SYSTEM, now=FINAL + 3 * DAY),
    ),
    "strike.counted": (
        acted_on_new_content,
        lambda w, made: actions.count_strikes(reference=made.reference, by=SYSTEM, now=FINAL),
    ),
    "strike.taken_back": (
        undone_matter,
        lambda w, made: actions.take_back_strikes(reference=made.reference, because="test", by=SYSTEM, now=FINAL),
    ),
    "restriction.warned": (
        struck, lambda w, strike: actions.warn(strike=strike, prompted_by=uuid7(), by=SYSTEM, now=FINAL),
    ),
    "restriction.proposed": (struck, lambda w, strike: propose(strike, Step.PUBLISHING_CHECKED)),
    "restriction.ordered": (
        proposed, lambda w, made: actions.order_restriction(**_on(made, w.handler, order=order())),
    ),
    "restriction.declined": (
        proposed, lambda w, made: actions.decline_restriction(**_on(made, w.handler, reasons=WHY)),
    ),
    "restriction.dropped": (proposed, lambda w, made: actions.drop_proposal(**_on(made, SYSTEM))),
    "restriction.lifted": (ordered, lambda w, made: actions.lift_restriction(**_on(made, w.handler, reasons=WHY))),
    "restriction.expired": (ordered, lambda w, made: actions.expire_restriction(**_on(made, SYSTEM))),
    "restriction.executed": (ordered, lambda w, made: actions.report_restriction(**_on(made, w.service))),
    "restriction.appealed": (
        ordered, lambda w, made: actions.appeal_restriction(**_on(made, w.uploader, reasons=WHY)),
    ),
    "restriction.appeal_decided": (
        appealed,
        lambda w, made: actions.decide_restriction_appeal(**_on(made, w.reviewer, outcome="granted", reasons=WHY)),
    ),
}  # fmt: skip
