"""Samples for the gallery of components: every component in each of its states."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.desk import Waiting

# Nothing in it invites a line break, and no page may grow with it.
LONG_ADDRESS = "https://cloudhaven.example/v/01a2172c77d67a4aaf96a86708830739-of-a-long-name.webm"


class SampleForm(forms.Form):
    """A form with a field of each kind."""

    title = forms.CharField(
        label=_("Title of the work"), help_text=_("As it stands on the registration or the credits.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("film", _("Film")), ("series", _("Series"))])
    grounds = forms.CharField(label=_("Why is this an infringement?"), widget=forms.Textarea(attrs={"rows": 3}))
    capacity = forms.ChoiceField(
        label=_("You are"),
        choices=[("owner", _("the owner of the right")), ("agent", _("somebody acting for the owner"))],
        widget=forms.RadioSelect,
    )
    items = forms.MultipleChoiceField(
        label=_("What should return"),
        choices=[(LONG_ADDRESS, LONG_ADDRESS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("A note for the provider"), required=False)
    accuracy = forms.BooleanField(label=_("What I say here is accurate."))


def samples(now: dt.datetime) -> dict[str, Any]:
    """Return what the gallery's page shows."""
    day = dt.timedelta(days=1)
    clock = {
        "words": _("Day 3 of 15 working days; the content returns unless the other side sues."),
        "day": 3,
        "of": 15,
    }
    clock |= {"unit": _("working days"), "due_at": now + 12 * day, "percent": 20, "state": "running"}
    return {
        "clocks": [
            clock,
            clock | {"state": "paused", "percent": 60, "words": _("Paused: a document is being asked for.")},
            clock | {"state": "stopped", "percent": 45, "words": _("Stopped: the rights holder has sued.")},
            clock | {"state": "fired", "percent": 100, "words": _("Over: the content was restored.")},
        ],
        "timeline": _timeline(now),
        "elements": [
            {"label": _("Name and address"), "source": "17 USC 512(c)(3)(A)(iv)", "detail": "", "is_missing": False},
            {
                "label": _("Where it is"),
                "source": "17 USC 512(c)(3)(A)(iii)",
                "detail": _("Give the address of each page or file."),
                "is_missing": True,
            },
        ],
        "files": [
            {"name": "registration.pdf", "size_bytes": 482_133, "media_type": "application/pdf", "sha256": "9f" * 32}
            | {"state": state}
            for state in ("clean", "scanning", "refused")
        ],
        "tasks": [
            Waiting(
                title=_("Check a new complaint"),
                url="#desk",
                reference="C-7K3M9Q2XW8RT4VBN",
                role=str(_("handler")),
                since=now - 2 * day,
                due_at=now + day / 3,
                detail=_("filed under cn"),
            ),
            Waiting(
                title=_("Review an identity"),
                url="#desk",
                reference="ID-0042",
                role=str(_("reviewer")),
                since=now - 5 * day,
            ),
        ],
        "messages_": [
            {"sender": _("Rights holder"), "body": _("Could you take this down until Friday?"), "sent_at": now - day},
            {"sender": _("You"), "body": _("I have a licence."), "sent_at": now, "is_mine": True, "state": "read"},
            {"sender": _("You"), "body": _("Here it is."), "sent_at": None, "is_mine": True, "state": "unsent"},
        ],
        "steps": [_("The work"), _("Where it is"), _("About you"), _("Check and send")],
        "form": SampleForm({"title": "", "note": _("kept as it was")}),
    }


def _timeline(now: dt.datetime) -> list[dict[str, Any]]:
    day = dt.timedelta(days=1)
    return [
        {"title": _("Complaint filed"), "who": _("Rights holder"), "at": now - 4 * day, "text": "", "proof_url": "#"},
        {
            "title": _("Removal ordered"),
            "who": _("Handler"),
            "at": now - 3 * day,
            "text": _("The work and the place were shown; the uploader was told at the same time."),
            "proof_url": "#",
        },
        {"title": _("Objection filed"), "who": _("Uploader"), "at": now - day, "text": LONG_ADDRESS, "proof_url": ""},
    ]
