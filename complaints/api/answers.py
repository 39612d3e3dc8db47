"""The shapes of the answers, for the schema; what fills them is in the serializers of what is shown."""

from typing import Any

from rest_framework import serializers

from complaints import rules

Char, Bool, Int = serializers.CharField, serializers.BooleanField, serializers.IntegerField


class Missing(serializers.Serializer[Any]):
    """Something that a notice lacks, or has not enough of; ``detail`` says how to mend it."""

    element, asks, detail, kind = Char(), Char(), Char(), Char()
    is_curable = Bool()
    source = Char()  # type: ignore[assignment]  # DRF takes fields out of the class before its own attribute is read
    label = Char()  # type: ignore[assignment]  # the same


class CureAnswer(serializers.Serializer[Any]):
    """What the provider's time to answer does, which day of receipt counts, what a defect means, until when it waits."""

    clock = serializers.ChoiceField(choices=rules.NoticeClock.choices)
    words = Char()
    counts_from = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    defect = serializers.DictField(allow_null=True)
    lapses_at = serializers.DateTimeField(allow_null=True)


class ClockAnswer(serializers.Serializer[Any]):
    """A deadline: when it is due, which day of how many it is, and the sentence for people.

    ``state`` is paused, running, stopped or fired; of those to come it is not_started, and nothing is due.
    """

    name, state, words, unit, unsure, whom = Char(), Char(), Char(), Char(), Char(), Char()
    source = Char()  # type: ignore[assignment]  # DRF takes fields out of the class before its own attribute is read
    started_at, due_at = serializers.DateTimeField(allow_null=True), serializers.DateTimeField(allow_null=True)
    earliest_at = serializers.DateTimeField(allow_null=True)
    latest_at = serializers.DateTimeField(allow_null=True)
    day, of = Int(allow_null=True), Int(allow_null=True)
    percent = Int()


class RowAnswer(serializers.Serializer[Any]):
    """A complaint as lists show it."""

    reference, provider, regime, regime_version, state = Char(), Char(), Char(), Char(), Char()
    filed_at, changed_at = serializers.DateTimeField(), serializers.DateTimeField()
    answer_due_at = serializers.DateTimeField(allow_null=True)
    is_earning = Bool()


class ReceiptAnswer(RowAnswer):
    """What whoever files a notice gets."""

    tracking_code, next_step = Char(), Char()
    is_mailed = Bool()
    notes = serializers.ListField(child=serializers.DictField())
    group = Char()
    goes_with = Char(allow_null=True)
    missing = Missing(many=True)
    cure = CureAnswer()
    clocks = ClockAnswer(many=True)


class ListAnswer(serializers.Serializer[Any]):
    """A page of complaints. Broken off, it is not all that there is: the search goes on from its next."""

    results = RowAnswer(many=True)
    next = Char(allow_null=True)
    previous = Char(allow_null=True)
    is_broken_off = serializers.BooleanField()


class WholeAnswer(RowAnswer):
    """A complaint with all that the caller may see of it."""

    confirmed_at = serializers.DateTimeField(allow_null=True)
    capacity, grounds, next_step = Char(), Char(), Char()
    complainant = serializers.DictField(allow_null=True)
    powers = serializers.DictField(allow_null=True)
    works = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField())
    statements = serializers.ListField(child=Char())
    evidence = serializers.ListField(child=serializers.DictField())
    missing = Missing(many=True)
    cure = CureAnswer()
    clocks = ClockAnswer(many=True)
    clocks_to_come = ClockAnswer(many=True)
    decision = serializers.DictField(allow_null=True)
    measures = serializers.ListField(child=serializers.DictField())
    counter_notices = serializers.ListField(child=serializers.DictField())
    suits = serializers.ListField(child=serializers.DictField())
    appeals = serializers.ListField(child=serializers.DictField())
    inquiries = serializers.ListField(child=serializers.DictField())
    law_settings = serializers.DictField()
    sides = serializers.ListField(child=Char())
    acts = serializers.ListField(child=Char())
    tracking_code = Char(required=False)
    is_trusted = Bool(required=False)
    name_claim = Char(required=False)
    group = Char(required=False)
    goes_with = Char(required=False, allow_null=True)
    letter = Char(required=False, allow_null=True)
    assignment = serializers.DictField(required=False, allow_null=True)


class StepAnswer(serializers.Serializer[Any]):
    """A recorded act of the complaint."""

    act, title, who, entry, proof_url = Char(), Char(), Char(), Char(), Char()
    at = serializers.DateTimeField()


class MailAnswer(serializers.Serializer[Any]):
    """What became of a mail: to the complainant or an uploader, on which act; never the address."""

    act, side, error = Char(), Char(), Char()
    state = serializers.ChoiceField(choices=["waiting", "sent", "delayed", "bounced", "failed"])
    attempts = Int()
    bounce_kind, bounce_status = Char(allow_null=True), Char(allow_null=True)
    created_at = serializers.DateTimeField()
    tried_at, sent_at, delayed_at, bounced_at = (serializers.DateTimeField(allow_null=True) for _ in range(4))


class TimelineAnswer(serializers.Serializer[Any]):
    """The recorded acts, the first first; and what became of the mails: all for staff, a party's own for it."""

    results = StepAnswer(many=True)
    mails = MailAnswer(many=True)


class SideAnswer(serializers.Serializer[Any]):
    """One of the three sides: what it did, what it has to do now, whether the matter waits for it, its clock."""

    side = serializers.ChoiceField(choices=["complainant", "uploader", "provider"])
    label = Char()  # type: ignore[assignment]  # DRF takes fields out of the class before its own attribute is read
    now, is_awaited = Char(), Bool()
    did = serializers.ListField(child=serializers.DictField())
    clock = ClockAnswer(allow_null=True)


class TrackedReceiptAnswer(serializers.Serializer[Any]):
    """The receipt: the exact time, the keyed digest of the notice as it came, and its place in the ledger once sealed."""

    reference, tracking_code, provider, regime, regime_version, state = Char(), Char(), Char(), Char(), Char(), Char()
    received_at, confirmed_at = serializers.DateTimeField(), serializers.DateTimeField(allow_null=True)
    received, confirmed = serializers.DictField(), serializers.DictField(allow_null=True)
    digest, entry, page = Char(), Char(), Char()
    ledger = serializers.DictField(allow_null=True)


class PublicAnswer(serializers.Serializer[Any]):
    """What a tracking code shows."""

    state, state_label, provider, regime, next_step = Char(), Char(), Char(), Char(), Char()
    filed_at, changed_at = serializers.DateTimeField(), serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    missing = Missing(many=True)
    cure = CureAnswer()
    clocks = ClockAnswer(many=True)
    clocks_to_come = ClockAnswer(many=True)
    dates = serializers.ListField(child=serializers.DictField())
    sides = SideAnswer(many=True)
    is_unreached = Bool()


class AnyAnswer(serializers.Serializer[Any]):
    """An object whose members the description names."""


class MailboxAnswer(serializers.Serializer[Any]):
    """Which mailbox is set and how it goes; all null where none is."""

    address, failure = Char(allow_null=True), Char(allow_null=True)
    set_at, checked_at, failing_since = (serializers.DateTimeField(allow_null=True) for _ in range(3))


class LetterAnswer(serializers.Serializer[Any]):
    """A kept letter and what was read in it."""

    id, kind, language, regime, file = Char(), Char(), Char(), Char(), Char()
    received_at, kept_at = serializers.DateTimeField(), serializers.DateTimeField()
    found = serializers.DictField()
    missing, items, originals, unsure = (serializers.ListField(child=Char()) for _ in range(4))
    sources, files = (serializers.ListField(child=serializers.DictField()) for _ in range(2))
    complaint = Char(allow_null=True)
