"""Of what a provider's service can be told. The apps above name their events at their start, each an act of the ledger."""

from django.utils.functional import Promise

_known: dict[str, str | Promise] = {}


def register(name: str, meaning: str | Promise) -> None:
    """Have services be able to ask for this event; ``meaning`` says to people when it comes."""
    _known[name] = meaning


def known() -> dict[str, str | Promise]:
    """Return the events by name, with what each means."""
    return dict(sorted(_known.items()))
