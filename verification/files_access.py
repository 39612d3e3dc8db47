"""Who else than its owner may read a file: asked of the apps whose matters it was attached to."""

from collections.abc import Callable
from uuid import UUID

from core.actors import Actor
from core.errors import Denied, NotFound
from core.models import Attachment, StoredFile

# Told the account and the subject, a reader raises NotFound (or Denied) for who may not read files of that matter.
Reader = Callable[[Actor, str], object]
_readers: dict[str, Reader] = {}


def register(prefix: str, reader: Reader) -> None:
    """Let ``reader`` decide about files attached to subjects that begin with ``prefix`` ("C-"). Once for each prefix."""
    known = _readers.get(prefix)
    if known is not None and known is not reader:
        raise ValueError(f"two readers decide about files of {prefix}")
    _readers[prefix] = reader


def get_for(account: Actor, file_id: UUID) -> tuple[StoredFile, str]:
    """Return the file, and the subject through which the account may read it, empty for its owner.

    Raises NotFound for strangers.
    """
    file = StoredFile.objects.select_related("data_key").filter(pk=file_id).first()
    if file is None:
        raise NotFound
    return file, require_can_read(account, file)


def require_can_read(account: Actor, file: StoredFile) -> str:
    """Return the subject through which the account may read the file, empty for its owner; NotFound for strangers."""
    if file.owner == account.ledger_reference:
        return ""
    subjects = Attachment.objects.filter(file=file).order_by("pk").values_list("subject", flat=True)
    for subject in subjects:
        for prefix, reader in _readers.items():
            if subject.startswith(prefix) and _lets_in(reader, account, subject):
                return subject
    raise NotFound


def _lets_in(reader: Reader, account: Actor, subject: str) -> bool:
    try:
        reader(account, subject)
    except (NotFound, Denied):
        return False
    return True
