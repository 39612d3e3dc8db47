"""The statement of reasons, made from the facts at the moment of a measure and kept as it was told (DSA art. 17)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import regimes
from complaints.access import told_uploaders
from complaints.models import Complaint, ComplaintItem, Measure, StatementOfReasons
from complaints.rules import Decision, MeasureKind
from core.times import rfc3339
from hosting.models import Subscriber


def state_reasons(complaint: Complaint, measure: Measure, now: dt.datetime) -> None:
    """Keep for each uploader what it is told of the measure; forwarding alone restricts nothing and needs none."""
    if measure.kind == MeasureKind.FORWARD_ONLY:
        return
    StatementOfReasons.objects.bulk_create(
        StatementOfReasons(
            measure=measure,
            subscriber=subscriber,
            language=language_of(subscriber),
            content=_in_every_language(complaint, measure, items),
            made_at=now,
        )
        for subscriber, items in told_uploaders(complaint, measure)
    )


def language_of(subscriber: Subscriber) -> str:
    """Return in which language the uploader is written to: its account's own, else the portal's."""
    chosen = subscriber.account.language if subscriber.account is not None else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _in_every_language(complaint: Complaint, measure: Measure, items: list[ComplaintItem]) -> dict[str, Any]:
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = _content(complaint, measure, items)
    return told


def _content(complaint: Complaint, measure: Measure, items: list[ComplaintItem]) -> dict[str, Any]:
    """Return the statement in today's language, in the order of DSA art. 17(3): (a), (b), (c), (d), (f)."""
    law = regimes.of(complaint)
    until = None if measure.ends_at is None else rfc3339(measure.ends_at)
    return {
        "restriction": {
            "kind": measure.kind,
            "kind_label": str(MeasureKind(measure.kind).label),
            "items": [item.url or item.external_id for item in items],
            "countries": measure.territory,
            "territory": place_words(measure.territory),
            "from": rfc3339(measure.ordered_at),
            "until": until,
            "duration": _("until %(until)s") % {"until": until} if until else _("until it is lifted"),
        },
        "facts": {
            "origin": _("a notice"),
            "filed_on": complaint.filed_at.date().isoformat(),
            "is_own_initiative": False,
            "capacity": complaint.get_capacity_display(),
            "works": [work.title or work.work for work in complaint.works.order_by("position")],
            "grounds_of_notice": complaint.grounds,
            "reasons": measure.reasons,
        },
        "automated": {
            "detection": False,
            "decision": False,
            "words": _("A person decided this; nothing of it was automatic."),
        },
        "legal_ground": {
            "title": str(law.title),
            "version": law.version,
            "words": _(
                "The provider was given a notice of infringing content under this law and holds it to be valid."
            ),
        },
        "terms_ground": None,
        "redress": redress_of(complaint),
    }


def place_words(territory: list[str]) -> str:
    """Return where a measure holds, in words."""
    if territory:
        return _("in %(countries)s only") % {"countries": ", ".join(territory)}
    return _("wherever the provider offers the content")


def redress_of(complaint: Complaint) -> list[dict[str, str]]:
    """Return the ways to contest what was decided, with the source and the address of each."""
    law, page = regimes.of(complaint), f"{settings.PORTAL_URL}/complaints/{complaint.reference}/"
    ways = []
    if law.counter is not None and complaint.decision != Decision.REJECTED:
        ways.append(
            {
                "way": _("counter-notice"),
                "what": str(law.counter.consequences),
                "source": law.counter.source,
                "url": f"{page}counter-notice/",
            }
        )
    ways.append(
        {
            "way": _("appeal"),
            "what": _("Somebody else than who decided looks at it again and answers with reasons."),
            "source": _("rule of this portal"),
            "url": f"{page}appeal/",
        }
    )
    if law.out_of_court:
        ways.append(
            {
                "way": _("out-of-court body"),
                "what": _("A certified body for out-of-court disputes can be asked to look at the decision."),
                "source": law.out_of_court,
                "url": "",
            }
        )
    ways.append(
        {
            "way": _("court or authority"),
            "what": _("Nothing here takes away your way to a court or to an authority."),
            "source": str(law.title),
            "url": "",
        }
    )
    return ways
