"""What the components need beyond Django's own tags: form fields with the right class, and links in plain text."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the field's control with Bootstrap's class for its kind, and its error state."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return field.as_widget()
    if isinstance(widget, forms.CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, forms.Select):
        name = "form-select"
    else:
        name = "form-control"
    classes = [name, str(widget.attrs.get("class", "")), "is-invalid" if field.errors else ""]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if str(field.label).lower() in str(widget.attrs.get("placeholder", "")).lower():
        attrs["placeholder"] = False  # the label stands above it already
    return field.as_widget(attrs=attrs)


@register.filter
def is_check(field: BoundField) -> bool:
    """Say whether the field is one box to tick, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Say whether the field is a list of boxes, which needs a legend instead of a label."""
    return bool(field.use_fieldset)


@register.filter
def cited(source: str) -> str:
    """Return the article of a law as the reader's language cites it; one that no catalogue knows stays as it is."""
    return gettext(source) if source else ""


@register.filter
def instant(text: str) -> dt.datetime:
    """Return the instant that an answer of ours writes as text (RFC 3339), to be shown as the locale writes it."""
    return dt.datetime.fromisoformat(text)


@register.simple_tag
def state(label: object, tone: str = "neutral") -> SafeString:
    """Return ``ui/state.html`` of a row: a list shows few different states many times, and each is written once."""
    return _state(str(label), tone)


@lru_cache(maxsize=500)
def _state(label: str, tone: str) -> SafeString:
    return get_template("ui/state.html").render({"label": label, "tone": tone})  # type: ignore[return-value]  # it is safe; the stubs say str


@register.simple_tag
def cell(label: str, value: object) -> SafeString:
    """Return a cell of a list with the head that it stands under, which narrow screens show beside it."""
    return format_html('<td data-label="{}">{}</td>', label, value)


@register.simple_tag
def day(at: dt.datetime) -> SafeString:
    """Return the day of an instant as a ``time`` element: what ``|date`` writes, at the cost of a list of many rows."""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), _day(local.date(), get_language()))


@register.simple_tag
def due(at: dt.datetime) -> SafeString:
    """Return an instant with its zone as a ``time`` element from which the page counts down."""
    local = timezone.localtime(at)
    words = _minute(local.replace(second=0, microsecond=0), get_language())
    return format_html('<time datetime="{}" data-until>{} {}</time>', local.isoformat(), words, local.tzname())


# A list shows few different days many times; each is written once in each language.
@lru_cache(maxsize=2000)
def _day(of: dt.date, _language: str) -> str:
    return date_format(of, "DATE_FORMAT")


@lru_cache(maxsize=2000)
def _minute(of: dt.datetime, _language: str) -> str:
    return date_format(of, "DATETIME_FORMAT")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return the value of a key that is itself a variable; nothing when there is none."""
    return mapping.get(key) if hasattr(mapping, "get") else None
