"""What the demo's rights holder and uploader wrote to each other about the contested complaint."""

import datetime as dt

from complaints import access as complaints
from complaints import actions as complaint_actions
from messaging import access, actions
from portal.demo_world.people import People

DAY = dt.timedelta(days=1)
ABOUT = "River Without Banks"
# The ids make each message be sent once, however often this runs.
SAID = (
    ("rights_holder", "0198d8a0-0000-7000-8000-000000000001", "Good morning. Is this our film, or something else?"),
    ("uploader", "0198d8a0-0000-7000-8000-000000000002", "It is a lecture of mine; only the title is the same."),
    ("rights_holder", "0198d8a0-0000-7000-8000-000000000003", "Could you say at which minute one sees that best?"),
    ("uploader", "0198d8a0-0000-7000-8000-000000000004", "From 2:10 on. I have said so in my counter-notice too."),
)


def make(people: People, now: dt.datetime) -> None:
    """Open the conversation when it is not there, and send what was not sent yet."""
    complaint = complaints.visible_to(people.rights_holder).filter(works__title=ABOUT).get()
    conversation = access.conversation_on(people.rights_holder, complaint.reference)
    if conversation is None:
        conversation = complaint_actions.conversation_for(people.rights_holder, complaint.reference, now - 5 * DAY)
    for side, client_id, body in SAID[conversation.last_seq :]:
        said = actions.post_message(
            conversation_id=conversation.pk,
            client_id=client_id,
            body=body,
            attachments=[],
            by=getattr(people, side),
            now=now - 4 * DAY,
        )
        # Whoever answers has read what is answered.
        actions.mark_read(conversation_id=conversation.pk, seq=said.seq, by=getattr(people, side))
