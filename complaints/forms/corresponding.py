"""The forms of letters to a party and of their templates."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.filing import Sound
from core.shapes import CHOOSE_ONE


class LetterStartForm(Sound):
    """To whom, and with which template."""

    to = forms.ChoiceField(
        label=gettext_lazy("To whom do you write?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE
    )
    template = forms.ChoiceField(label=gettext_lazy("Template"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE)

    def __init__(
        self, *args: Any, recipients: list[tuple[str, str]], templates: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("to", recipients), ("template", templates)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.initial = choices[0][0] if choices else None


class SendLetterForm(Sound):
    """The letter as it will be sent."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=rules.LONGEST_LETTER_SUBJECT)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=rules.LONGEST_LETTER_BODY,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Of the other side say nothing that tells who it is or how to reach it."),
    )


class TemplateForm(SendLetterForm):
    """A template: its name, what it is for, its language, its text."""

    name = forms.CharField(label=gettext_lazy("Name of the template"), max_length=80)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What is it for?"), choices=rules.Purpose.choices, initial=rules.Purpose.OTHER
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "purpose", "language", "subject", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = ""
