"""The world of the demo: the accounts, content and matters of the contract, made by the portal's own acts.

Every step looks whether it was done, so making it twice changes nothing, and one that was killed is gone on with.
"""

import datetime as dt

from portal.demo_world import channel, complaints, conversations, investigations, people, restrictions, uploads


def make(now: dt.datetime) -> None:
    """Make what is missing of the demo world, as of this instant."""
    who = people.make(now)
    uploads.make(who, now)
    people.identify(now)
    channel.make(who, now)
    complaints.make(who, now)
    restrictions.make(who, now)
    conversations.make(who, now)
    investigations.make(who, now)
