"""The forms of one act over many matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.filing import Sound, lines_of
from complaints.rules import BatchAct
from core.shapes import CHOOSE_ONE

if TYPE_CHECKING:
    from verification.models import Account


class BatchActForm(Sound):
    """What is done with the chosen matters."""

    act = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        choices=BatchAct.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )


class BatchForm(Sound):
    """The matters, and what the act needs; fields that it does not need are left out."""

    references = forms.CharField(
        label=gettext_lazy("The matters, one reference a line"),
        max_length=rules.MOST_IN_BATCH * 50,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Measure"),
        choices=rules.MeasureKind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    to = forms.ChoiceField(label=gettext_lazy("Who handles it?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("They are told to whom the decision concerns."),
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Only for forwarding alone: all three must hold"),
        required=False,
        choices=rules.ForwardGround.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    template = forms.ChoiceField(label=gettext_lazy("Template"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)

    NEEDS = {
        BatchAct.ACCEPTANCE: ("references", "reasons"),
        BatchAct.REJECTION: ("references", "reasons"),
        BatchAct.MEASURE: ("references", "kind", "reasons", "grounds"),
        BatchAct.ASSIGNMENT: ("references", "to"),
        BatchAct.CLOSING: ("references",),
        BatchAct.LETTER: ("references", "template"),
    }

    def __init__(
        self,
        *args: Any,
        act: BatchAct,
        colleagues: list[Account],
        myself: Account,
        templates: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)
        template.choices = templates
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [(str(myself.pk), _("I do"))]
        to.choices += [(str(one.pk), one.email) for one in colleagues if one.pk != myself.pk]
        to.initial = str(myself.pk)
        self.fields["reasons"].required = act is not BatchAct.ACCEPTANCE
        for name in [name for name in self.fields if name not in self.NEEDS[act]]:
            del self.fields[name]

    def chosen(self) -> list[str]:
        """Return the references, one more than are taken at most."""
        return lines_of(self.cleaned_data["references"], rules.MOST_IN_BATCH)
