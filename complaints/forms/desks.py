"""The forms of who handles a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.acts import ReasonsForm
from complaints.forms.filing import Sound
from core.shapes import CHOOSE_ONE

if TYPE_CHECKING:
    from complaints.models import DeclaredInterest
    from verification.models import Account


class AssignmentForm(Sound):
    """To whom the matter is given."""

    to = forms.ChoiceField(label=gettext_lazy("Who handles it?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)

    def __init__(self, *args: Any, colleagues: list[Account], myself: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        others = [(str(one.pk), one.email) for one in colleagues if one.pk != myself.pk]
        field.choices = [(str(myself.pk), _("I do")), *others]
        field.initial = str(myself.pk)


class InterestForm(ReasonsForm):
    """In what somebody has an interest, and why."""

    about = forms.ChoiceField(
        label=gettext_lazy("Where is your interest?"),
        choices=rules.Interest.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    field_order = ("about", "reasons")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].help_text = _("Kept sealed; only an authorizer who decides on an exception reads it.")


class ExceptionForm(ReasonsForm):
    """For whom, and why it must be so."""

    handler = forms.ChoiceField(label=gettext_lazy("For whom?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)
    field_order = ("handler", "reasons")

    def __init__(self, *args: Any, interests: list[DeclaredInterest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list({str(one.account_id): one.account.email for one in interests}.items())
        self.fields["reasons"].help_text = _("Kept with the matter: why nobody else can handle it.")
