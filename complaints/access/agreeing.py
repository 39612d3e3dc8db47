"""Which complaint is settled by what its two sides agreed, and which one that is settled is opened again."""

from complaints.models import Complaint, ComplaintItem
from complaints.rules import MOVES, ItemState, State
from hosting.models import Subscriber
from messaging.access import conversation_of_reference, is_settling, uploader_of

OVER = (ItemState.RESTORED, ItemState.REJECTED)


def to_be_settled(about: str, kind: str, conversation: str) -> Complaint | None:
    """Return the complaint that an agreement of this kind settles; None where it settles none.

    It does where the chart of states lets it, and where every item that is still in question is of the uploader who
    agreed: nobody settles for another.
    """
    complaint = Complaint.objects.select_related("provider").filter(reference=about).first()
    if complaint is None or not is_settling(kind) or State.SETTLED not in MOVES[State(complaint.state)]:
        return None
    subscriber = uploader_of(conversation_of_reference(conversation))
    in_question = complaint.items.exclude(state__in=OVER)
    if subscriber is None or in_question.exclude(content__subscriber=subscriber).exists():
        return None
    # An address at which nothing was registered has no uploader who could have agreed.
    return None if in_question.filter(content__isnull=True).exists() else complaint


def external_ids_in(about: str, subscriber: Subscriber) -> list[str]:
    """Return the service's own ids of the uploader's content that is still in question in the complaint."""
    items = ComplaintItem.objects.filter(complaint__reference=about, content__subscriber=subscriber).exclude(
        state__in=OVER
    )
    found = items.order_by("position", "pk").values_list("content__external_id", flat=True)
    return list(dict.fromkeys(found))


def settled_one(about: str) -> Complaint | None:
    """Return the complaint of this reference if it is settled, else None."""
    return Complaint.objects.filter(reference=about, state=State.SETTLED).first()
