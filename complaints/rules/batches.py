"""One act over many matters: which acts, in which states each is possible, how many at once, and where it stands."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.rules.states import BEFORE_IT_COUNTS, MOVES, State

MOST_IN_BATCH = 5_000


class BatchAct(TextChoices):
    """What a handler does with many matters at once."""

    ACCEPTANCE = "acceptance", _("Accept the notices")
    REJECTION = "rejection", _("Reject the notices")
    MEASURE = "measure", _("Order a measure, or forward")
    ASSIGNMENT = "assignment", _("Take or give the matters")
    CLOSING = "closing", _("Close the matters")
    LETTER = "letter", _("Write to the complainants")


class BatchState(TextChoices):
    """Where a batch stands."""

    PREPARED = "prepared", _("to be confirmed")
    RUNNING = "running", _("at work")
    STOPPED = "stopped", _("stopped")
    DONE = "done", _("done")


class RowState(TextChoices):
    """Where one matter of a batch stands."""

    READY = "ready", _("will be done")
    BARRED = "barred", _("not possible")
    WAITING = "waiting", _("waits")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    SKIPPED = "skipped", _("not done, because it was stopped")


COUNTING = tuple(state for state in State if state not in BEFORE_IT_COUNTS)
# In which states a matter an act makes sense; the guards inside the actions decide.
POSSIBLE_IN: dict[BatchAct, tuple[State, ...]] = {
    BatchAct.ACCEPTANCE: (State.FILED,),
    BatchAct.REJECTION: (State.FILED, State.DEFECTIVE, State.ACCEPTED),
    BatchAct.MEASURE: (State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED),
    BatchAct.ASSIGNMENT: tuple(state for state in COUNTING if state is not State.CLOSED),
    BatchAct.LETTER: COUNTING,
    BatchAct.CLOSING: tuple(state for state in COUNTING if State.CLOSED in MOVES[state]),
}
# What else bars an act where its state allows it: the fact, and the code of the refusal.
BARS: dict[BatchAct, dict[str, str]] = {
    BatchAct.MEASURE: {"has_nothing_free": "nothing_free", "waits_for_answer": "inquiry_first"},
    BatchAct.CLOSING: {"has_open_appeal": "open_appeal", "has_open_window": "window_open"},
    BatchAct.ASSIGNMENT: {"is_barred_to_chosen": "cannot_handle"},
    BatchAct.LETTER: {"has_no_address": "no_address"},
}
# Why a matter is left out, as it is told beforehand and in the report.
WHY_NOT: dict[str, str | Promise] = {
    "not_found": _("There is no such matter on your desk."),
    "state": _("It is in a state in which this is not possible."),
    "own_matter": _("You are a party of it."),
    "conflict_declared": _("You declared a conflict of interest in it."),
    "nothing_free": _("Every item is under a measure already."),
    "inquiry_first": _("An uploader was asked whether it consents, and has time to answer or did not consent."),
    "open_appeal": _("An appeal waits to be decided first."),
    "window_open": _("A side can still appeal; the matter stays open until then."),
    "cannot_handle": _("Whom you chose cannot take this matter."),
    "no_address": _("The complainant has no address to which a letter could go."),
    "changed": _("It changed after the preview, so that it was left as it is."),
    "failed": _("Something went wrong on our side; nothing was changed."),
}


def why_not(act: str, state: str, found: dict[str, bool]) -> str:
    """Return the code of why the act is not possible in a matter of this state, or nothing.

    ``found`` says what is known of the matter, as `access.batching` asks for it for all matters at once.

    House rule: a preview tells beforehand what the guards of the act would refuse, in the order in which they ask.
    """
    if found["is_had_already"]:
        return ""
    if found["is_own"]:
        return "own_matter"
    if found["is_declared"]:
        return "conflict_declared"
    if State(state) not in POSSIBLE_IN[BatchAct(act)]:
        return "state"
    asked = {name: code for name, code in BARS.get(BatchAct(act), {}).items() if found[name]}
    return next(iter(asked.values()), "")
