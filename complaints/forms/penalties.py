"""The forms of findings and restrictions: what was found, what is ordered, what was weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.actions import Order
from complaints.forms.acts import ReasonsForm
from complaints.forms.filing import ask
from complaints.rules.policies import LADDERS, Step, StrikeKind
from complaints.rules.restrictions import LONGEST_FACTOR, Factor
from complaints.rules.strikes import FOUND_IN
from core.shapes import CHOOSE_ONE

if TYPE_CHECKING:
    from complaints.models import Complaint, Restriction
    from complaints.rules.policies import Scale


class MisuseForm(ReasonsForm):
    """Which misuse a notice was, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("What was it?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)
    field_order = ("kind", "reasons")

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in StrikeKind if complaint.state in FOUND_IN.get(kind, ())]


class OrderForm(ReasonsForm):
    """What is ordered of what was proposed, for how long, why, and what was weighed."""

    step = forms.ChoiceField(label=gettext_lazy("What to order"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)
    days = forms.IntegerField(label=gettext_lazy("For how many days"), min_value=1)
    skip_reasons = forms.CharField(
        label=gettext_lazy("Only where a step is left out: why the milder one would not do"),
        required=False,
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, restriction: Restriction, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ladder = LADDERS[restriction.side]
        upto = ladder[: ladder.index(Step(restriction.proposed_step)) + 1]
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.initial = [(step.value, step.label) for step in upto], restriction.proposed_step
        longest = scale.rung(restriction.proposed_step).longest_days
        self.fields["days"].initial = longest
        self.fields["days"].help_text = gettext_lazy("At most %(most)s for what was proposed.") % {"most": longest}
        for factor in Factor:
            area = forms.Textarea(attrs={"rows": 2})
            self.fields[factor.value] = forms.CharField(label=factor.label, max_length=LONGEST_FACTOR, widget=area)
        self.order_fields(["step", "days", "reasons", *Factor.values, "skip_reasons"])
        ask(self, "skip_reasons")

    def order(self) -> Order:
        """Return what was ordered."""
        given = self.cleaned_data
        return Order(
            days=given["days"],
            reasons=given["reasons"],
            weighing={factor.value: given[factor.value] for factor in Factor},
            step=given["step"],
            skip_reasons=given["skip_reasons"],
        )
