"""What a transcript tells, line by line, in the reader's language: all that its package says. It reads no tables."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from messaging import words
from messaging.rules import EventKind, ProposalKind, ProposalState, Reporter, RevisionKind, Side, UndertakingKind

Given = Mapping[str, Any]
# What stands below the head of a line: ``said`` by somebody, a ``note`` of the portal's, a ``code``, or ``facts``.
Part = dict[str, Any]


def when(at: dt.datetime) -> str:
    """Return an instant as documents say it: day, time and seconds in UTC, whoever reads it and wherever."""
    at = at.astimezone(dt.UTC)
    return f"{formats.date_format(at, 'DATE_FORMAT')}, {at:%H:%M:%S} UTC"


def said_when(instant: str) -> str:
    """Return an instant as RFC 3339 writes it, as documents say it."""
    return when(dt.datetime.fromisoformat(instant))


def name_of(party: Given) -> str:
    """Return who a party is: the name that means nothing, where it has one, and its side."""
    return " · ".join(part for part in (party["pseudonym"], str(Side(party["side"]).label)) if part)


class Tale:
    """A transcript's content, as ``evidence`` writes it for programs, told to people."""

    def __init__(self, said: Given) -> None:
        self.said = said
        self.names = {party["id"]: name_of(party) for party in said["parties"]}
        self._numbers = {one["id"]: one["seq"] for one in said["messages"]}
        self._proposals = {one["id"]: one for one in said["proposals"]}
        self._undertakings = {one["id"]: one for one in said["undertakings"]}

    def lines(self) -> list[dict[str, Any]]:
        """Return messages and what else happened, by time; what is of one instant with the message first."""
        told = [((one["sent_at"], 0), self._message(one)) for one in self.said["messages"]]
        told += [((one["at"], 1), self._event(one)) for one in self.said["events"]]
        return [line for _at, line in sorted(told, key=lambda one: one[0])]

    def outcomes(self) -> list[dict[str, Any]]:
        """Return the parts that say where proposals, and what was undertaken, stand; none where there are none."""
        proposals = [(self._title(one), self._outcome(one)) for one in self.said["proposals"]]
        undertaken = [
            (str(UndertakingKind(one["kind"]).label), "\n".join(self._undertaken(one)))
            for one in self.said["undertakings"]
        ]
        parts = [(_("Proposals and what became of them"), proposals), (_("What was undertaken"), undertaken)]
        return [{"title": title, "facts": facts} for title, facts in parts if facts]

    # --- messages

    def _message(self, one: Given) -> dict[str, Any]:
        head = f"{one['seq']} · {self.names[one['sender']]} · {said_when(one['sent_at'])}"
        parts: list[Part] = []
        if one["quotes"]:
            parts.append({"note": self._answered(one["quotes"])})
        revisions = one["revisions"]
        if any(change["kind"] == RevisionKind.WITHDRAWN for change in revisions):
            return {"head": head, "parts": parts + _withdrawn(one)}
        if one["body"] is None:
            return {"head": head, "parts": [*parts, {"note": _("What this said was erased.")}, *_digests(one)]}
        # The last wording first, as the page shows it; then the earlier ones, back to what was first said.
        changed = [words.revision(change["kind"], said_when(change["made_at"])) for change in revisions]
        labels = [_("As it was first said:"), *(_("Before that: %(what)s") % {"what": what} for what in changed)]
        labels[-1] = changed[-1] if changed else ""
        wordings = list(zip(labels, (one, *revisions), strict=True))[::-1]
        for place, (label, wording) in enumerate(wordings):
            parts += [{"note": label}] if label else []
            parts += [{"said": wording["body"]}] if wording["body"] else []
            parts += [_file(file) for file in one["attachments"]] if place == 0 else []
            parts.append({"code": f"SHA-256 {wording['digest']}"})
        return {"head": head, "parts": parts}

    def _answered(self, message_id: str) -> str:
        number = self._numbers.get(message_id)
        return _("Answers message %(number)s.") % {"number": number if number is not None else message_id}

    # --- what else happened

    def _event(self, one: Given) -> dict[str, Any]:
        kind, who = EventKind(one["kind"]), self.names.get(one["by"] or "", "")
        head = " · ".join(part for part in (str(kind.label), who, said_when(one["at"])) if part)
        parts: list[Part] = []
        if "seq" in one:
            parts.append({"note": _("Message %(number)s") % {"number": one["seq"]}})
        if one.get("proposal") in self._proposals:
            parts += self._about_proposal(kind, self._proposals[one["proposal"]], one)
        if one.get("undertaking") in self._undertakings:
            undertaken = self._undertakings[one["undertaking"]]
            told = [str(UndertakingKind(undertaken["kind"]).label), *self._agreed(undertaken)]
            parts.append({"note": "\n".join(told)})
        return {"head": head, "parts": parts}

    def _about_proposal(self, kind: EventKind, proposal: Given, event: Given) -> list[Part]:
        told = {
            EventKind.PROPOSAL_MADE: lambda: self._made(proposal),
            EventKind.PROPOSAL_DECLINED: lambda: _declined(proposal),
            EventKind.PROPOSAL_COUNTERED: lambda: self._countered(event),
        }
        nothing: Callable[[], list[Part]] = list
        return [{"note": self._title(proposal)}, *told.get(kind, nothing)()]

    def _title(self, proposal: Given) -> str:
        label = _("Proposal %(number)s") % {"number": proposal["number"]}
        return f"{label}: {ProposalKind(proposal['kind']).label}"

    def _made(self, proposal: Given) -> list[Part]:
        notes = [_("It can be answered until %(until)s.") % {"until": said_when(proposal["expires_at"])}]
        if proposal["counters"] in self._proposals:
            answered = self._proposals[proposal["counters"]]["number"]
            notes.insert(0, _("It answers proposal %(number)s.") % {"number": answered})
        if proposal["terms"] is None:
            return [{"note": "\n".join([*notes, _("What it said was erased.")])}]
        return [{"note": "\n".join(notes)}, {"facts": words.said_terms(proposal)}]

    def _countered(self, event: Given) -> list[Part]:
        counter = self._proposals.get(event.get("counter", ""))
        return [] if counter is None else [{"note": f"→ {self._title(counter)}"}]

    def _outcome(self, proposal: Given) -> str:
        made = _("%(who)s, on %(when)s") % {
            "who": self.names[proposal["sender"]],
            "when": said_when(proposal["made_at"]),
        }
        state = str(ProposalState(proposal["state"]).label)
        if proposal["ended_at"] is None:
            return "\n".join(
                [made, state, _("It can be answered until %(until)s.") % {"until": said_when(proposal["expires_at"])}]
            )
        ended = [state, self.names.get(proposal["ended_by"] or "", ""), said_when(proposal["ended_at"])]
        return "\n".join([made, " · ".join(part for part in ended if part)])

    def _agreed(self, undertaking: Given) -> list[str]:
        proposal = self._proposals.get(undertaking["proposal"])
        return [] if proposal is None else [self._title(proposal)]

    def _undertaken(self, one: Given) -> list[str]:
        """Return of what was undertaken by which proposal it was, until when, and what became of it."""
        told = self._agreed(one)
        if one["asked_at"]:
            told.append(_("Asked of the provider's service on %(when)s") % {"when": said_when(one["asked_at"])})
        told.append(_("To be done by %(when)s") % {"when": said_when(one["due_at"])})
        if one["overdue_at"]:
            told.append(_("Found not done on %(when)s") % {"when": said_when(one["overdue_at"])})
        if one["done_at"]:
            whom = {"when": said_when(one["done_at"]), "whom": Reporter(one["done_by"]).label}
            told.append(_("Reported as done on %(when)s by %(whom)s") % whom)
        return told


def _withdrawn(one: Given) -> list[Part]:
    """Return that a message was withdrawn; of what it said nothing but the digests."""
    changes = [words.revision(change["kind"], said_when(change["made_at"])) for change in one["revisions"]]
    note = _("What it said is shown to nobody any more; its digests stay.")
    return [{"note": "\n".join([*changes, note])}, *_digests(one)]


def _digests(one: Given) -> list[Part]:
    """Return the digests of all that a message ever said, in the order of its changes."""
    return [{"code": "\n".join(f"SHA-256 {wording['digest']}" for wording in (one, *one["revisions"]))}]


def _file(file: Given) -> Part:
    size = formats.number_format(file["size"], use_l10n=True, force_grouping=True)
    label = _("File: %(name)s") % {"name": f"{file['name']} · {file['media_type']} · {size} B"}
    return {"note": f"{label}\nSHA-256 {file['sha256'] or '–'}"}


def _declined(proposal: Given) -> list[Part]:
    """Return why a proposal was declined, where the other side said so."""
    reasons = proposal["reasons"]
    return [{"note": _("Why it was declined")}, {"said": reasons}] if reasons else []
