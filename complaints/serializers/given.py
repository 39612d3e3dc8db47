"""The shapes of input: explicit fields, bounded by the rules, unknown keys refused."""

from typing import Any

from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import rules
from complaints.actions import CounterStatement, Notice, Proof, Terms
from core.shapes import LONG_TEXT, Shape, Text

# The names of an item, the surest first.
ITEM_NAMES = ("id", "external_id", "url")


class Optional(Text):
    """A text that may be left out, empty or null: nothing is demanded that the regime does not ask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the text without spaces around it."""
        return super().to_internal_value(data).strip()


class Files(serializers.ListField):
    """Files that were handed in before, by their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.UUIDField(), max_length=rules.MOST_FILES, required=False, **kwargs)


class Codes(serializers.ListField):
    """Short codes, as of statements or grounds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Text(max_length=40), max_length=20, required=False, **kwargs)


class PrivateContactInput(Shape):
    """How somebody is called and reached; sealed at once."""

    name = Optional()
    postal_address = Optional(lines=True, max_length=1000)
    email = Optional(
        max_length=254, validators=[EmailValidator(_("Give an e-mail address, as in name@films.example."))]
    )
    phone = Optional(max_length=60)


class ComplainantInput(PrivateContactInput):
    """Who complains, and in which capacity."""

    capacity = serializers.ChoiceField(choices=rules.Capacity.choices, required=False, default=rules.Capacity.OWNER)


class FilingComplainantInput(ComplainantInput):
    """Who complains, in which capacity, and of an agent by which powers of attorney of its own, by their id."""

    powers = serializers.UUIDField(required=False, allow_null=True)


class CorrectedComplainantInput(PrivateContactInput):
    """What changes in who complains."""

    capacity = serializers.ChoiceField(choices=rules.Capacity.choices, required=False)


class WorkInput(Shape):
    """A work that is said to be infringed: by its title, or its reference in the register of works."""

    title = Optional()
    kind = Optional(max_length=40)
    work = Optional(max_length=40)


class ItemInput(Shape):
    """A thing complained about: by its address, or the identifier that the provider gives it."""

    url = Optional(max_length=rules.LONGEST_URL)
    external_id = Optional(max_length=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an item that names nothing."""
        if not attrs.get("url") and not attrs.get("external_id"):
            raise serializers.ValidationError({"url": [_("Give the address of this item.")]}, code="required")
        return attrs


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": rules.LONGEST_URL},
            {"type": "object", "properties": {name: {"type": "string"} for name in ITEM_NAMES}},
        ]
    }
)
class ItemName(Text):
    """An item of the complaint: by its id, external id or address; or as an object that holds one of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=rules.LONGEST_URL, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the name; of an object the surest that it holds."""
        if isinstance(data, dict) and set(data) <= set(ITEM_NAMES):
            data = next((data[name] for name in ITEM_NAMES if data.get(name)), None)
        return super().to_internal_value(data)


class NoticeInput(Shape):
    """What a notice says."""

    complainant = ComplainantInput(required=False)
    works = WorkInput(many=True, required=False)
    items = ItemInput(many=True, required=False)
    grounds = Optional(lines=True, max_length=rules.LONGEST_GROUNDS)
    evidence = Files()
    statements = Codes()
    signature = Optional()

    def validate_items(self, items: list[Any]) -> list[Any]:
        """Refuse more items than are taken at once."""
        return _bounded(items, rules.MOST_ITEMS)

    def validate_works(self, works: list[Any]) -> list[Any]:
        """Refuse more works than are taken at once."""
        return _bounded(works, rules.MOST_WORKS)


class ComplaintInput(NoticeInput):
    """A notice to a provider under a regime."""

    complainant = FilingComplainantInput(required=False)
    regime = Text(max_length=10)
    provider = Text(max_length=40)


class LetterComplaintInput(NoticeInput):
    """The notice that a person made of a letter; its provider is the letter's."""

    regime = Text(max_length=10)
    provider = Optional(max_length=40)


def _bounded(values: list[Any], most: int) -> list[Any]:
    if len(values) > most:
        raise serializers.ValidationError(_("Give at most %(most)s.") % {"most": most}, code="too_many")
    return values


def notice_of(given: dict[str, Any]) -> Notice:
    """Return the notice of the validated input."""
    complainant = dict(given.get("complainant") or {})
    return Notice(
        powers=complainant.pop("powers", None),
        capacity=complainant.pop("capacity", rules.Capacity.OWNER),
        contact=complainant,
        works=given.get("works") or [],
        items=given.get("items") or [],
        grounds=given.get("grounds") or "",
        statements=given.get("statements") or [],
        signature=given.get("signature") or "",
        evidence=given.get("evidence") or [],
    )


def changes_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a notice that the validated input changes."""
    names = ("works", "items", "grounds", "statements", "signature", "evidence")
    changes = {name: given[name] for name in names if given.get(name) is not None}
    complainant = dict(given.get("complainant") or {})
    capacity = complainant.pop("capacity", None)
    if complainant:
        changes["contact"] = {name: value or "" for name, value in complainant.items()}
    if capacity:
        changes["capacity"] = capacity
    return changes


class NoticeCorrectionInput(NoticeInput):
    """What changes in a notice; what is left out stays, evidence is added."""

    complainant = CorrectedComplainantInput(required=False)  # type: ignore[assignment]  # DRF replaces fields so


class AcceptanceInput(Shape):
    """Why a notice is accepted, where somebody wants to say it."""

    reasons = Optional(lines=True, max_length=rules.LONGEST_REASONS)


class DecisionReasonsInput(Shape):
    """A decision's reasons."""

    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


class PartialAcceptanceInput(AcceptanceInput):
    """Why a notice is accepted; with ``items`` only for these, and the reasons say why not for the others."""

    items = serializers.ListField(child=ItemName(), max_length=rules.MOST_ITEMS, required=False, allow_null=True)


class RejectionInput(DecisionReasonsInput):
    """Why a notice is rejected; with ``items`` only for these."""

    items = serializers.ListField(child=ItemName(), max_length=rules.MOST_ITEMS, required=False, allow_null=True)


class MeasureInput(Shape):
    """A measure: of which kind, for which items (all without a choice), why."""

    kind = Text(max_length=40)
    items = serializers.ListField(child=ItemName(), max_length=rules.MOST_ITEMS, required=False, allow_null=True)
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)
    grounds = Codes()
    until = serializers.DateTimeField(required=False, allow_null=True)
    territory = serializers.ListField(
        child=Text(max_length=2), max_length=rules.MOST_COUNTRIES, required=False, allow_null=True
    )
    review_at = serializers.DateTimeField(required=False, allow_null=True)


def terms_of(given: dict[str, Any]) -> Terms:
    """Return the terms of a measure of the validated input."""
    return Terms(until=given.get("until"), territory=given.get("territory") or (), review_at=given.get("review_at"))


class ExecutionInput(Shape):
    """Which measure was carried out: by its id, or its kind and items; without a choice the oldest that waits.

    As a proof, where the service gives one: ``at`` (when it did so), ``http_status`` (what answered at the address
    afterwards) and ``detail`` (a sentence).
    """

    measure = serializers.UUIDField(required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=rules.MeasureKind.choices, required=False)
    items = serializers.ListField(child=ItemName(), max_length=rules.MOST_ITEMS, required=False, allow_null=True)
    at = serializers.DateTimeField(required=False, allow_null=True)
    http_status = serializers.IntegerField(min_value=100, max_value=599, required=False, allow_null=True)
    detail = Optional(max_length=rules.LONGEST_DETAIL)


def proof_of(given: dict[str, Any]) -> Proof:
    """Return what the validated input says to prove an execution."""
    return Proof(at=given.get("at"), http_status=given.get("http_status"), detail=given.get("detail") or "")


class CounterNoticeInput(Shape):
    """The uploader's answer. ``items``: external ids, addresses or item ids; all of the uploader's without a choice."""

    contact = PrivateContactInput(required=False)
    items = serializers.ListField(child=ItemName(), max_length=rules.MOST_ITEMS, required=False, allow_null=True)
    grounds = Optional(lines=True, max_length=rules.LONGEST_GROUNDS)
    evidence = Files()
    statements = Codes()
    signature = Optional()
    letter = serializers.UUIDField(required=False, allow_null=True)


class CounterContactInput(Shape):
    """Whose contact: of this counter-notice, or of the newest."""

    counter_notice = serializers.UUIDField(required=False, allow_null=True)


def counter_of(given: dict[str, Any]) -> CounterStatement:
    """Return the counter-notice of the validated input."""
    return CounterStatement(
        contact={name: value or "" for name, value in dict(given.get("contact") or {}).items()},
        items=given.get("items"),
        grounds=given.get("grounds") or "",
        statements=given.get("statements") or [],
        signature=given.get("signature") or "",
        evidence=given.get("evidence") or [],
    )


class SuitInput(Shape):
    """What the complainant filed: a lawsuit or a complaint to an authority; where, when, under which number."""

    kind = Text(max_length=40, required=False, default=rules.SuitKind.LAWSUIT)
    body = Optional()
    case_number = Optional(max_length=120)
    filed_on = serializers.DateField(required=False, allow_null=True)
    statement = Optional(lines=True, max_length=rules.LONGEST_REASONS)
    documents = Files()


class InquiryAnswerInput(Shape):
    """Whether the uploader consents, and why not where somebody wants to say it."""

    answer = serializers.ChoiceField(choices=rules.InquiryAnswer.choices)
    reasons = Optional(lines=True, max_length=rules.LONGEST_REASONS)


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 40}]})
class SettingValue(serializers.Field[Any, Any, Any, Any]):
    """A whole number or the code of a choice; which of them can be, the regime says."""

    def to_internal_value(self, data: Any) -> int | str:
        """Return the value as it was given."""
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            raise serializers.ValidationError(_("Give a whole number or the code of a choice."), code="type")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return the value."""
        return value


class LawSettingInput(Shape):
    """Which setting of a regime has which value at which provider, and why."""

    provider = Text(max_length=40)
    setting = Text(max_length=40)
    value = SettingValue()
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


class AppealDecisionInput(Shape):
    """What becomes of an appeal, and why."""

    decision = serializers.ChoiceField(choices=rules.AppealOutcome.choices)
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


class LetterInput(Shape):
    """A letter as it came."""

    text = Text(lines=True, max_length=rules.LONGEST_LETTER_BYTES)
    received_at = serializers.DateTimeField(required=False, allow_null=True)
    provider = Optional(max_length=40)
    name = Optional(max_length=120)

    def get_fields(self) -> dict[str, Any]:
        """Add ``from``, which Python does not let be an attribute."""
        return {**super().get_fields(), "from": Optional(max_length=LONG_TEXT // 40)}


class TokenInput(Shape):
    """The token of a mailed link."""

    token = Text(max_length=100)


class TrackingInput(Shape):
    """The code by which a complaint is followed."""

    tracking_code = Text(max_length=60)


class ExportInput(Shape):
    """What a list is asked for, as in the query of its address, and whether a mark for spreadsheets stands before it."""

    q, state, regime, provider, assigned, since, until, earning, sort = (Optional(max_length=300) for _ in range(9))
    mark = serializers.BooleanField(required=False, default=False)
