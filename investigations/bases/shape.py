"""What a legal basis is, as data: who may use it, what it asks for, what it allows; it names no law itself."""

from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words: TypeAlias = str | Promise


class Capacity(TextChoices):
    """As what somebody asks who an uploader is."""

    RIGHTS_HOLDER = "rights_holder", _("rights holder")
    AUTHORITY = "authority", _("authority")


class Category(TextChoices):
    """A kind of data that can be asked for, and that nothing but itself is disclosed under."""

    NAME = "name", _("name")
    POSTAL_ADDRESS = "postal_address", _("postal address")
    EMAIL = "email", _("e-mail address")
    PHONE = "phone", _("telephone number")
    NETWORK_ADDRESS = "network_address", _("network address")
    UPLOAD_TIMES = "upload_times", _("times of upload")


ALL = tuple(Category)
CONTACT = (Category.NAME, Category.POSTAL_ADDRESS, Category.EMAIL, Category.PHONE)
IDENTIFYING = (*CONTACT, Category.NETWORK_ADDRESS)


@dataclass(frozen=True)
class Document:
    """A paper that the basis asks for. The copy of a notice is there when the request names the complaint."""

    code: str
    label: Words
    source: str
    is_in_complaint: bool = False


@dataclass(frozen=True)
class Ground:
    """A ground on which the uploader may be told later."""

    code: str
    label: Words
    source: str


@dataclass(frozen=True)
class Basis:
    """One legal basis in one version; a matter keeps the version under which it was filed."""

    code: str
    version: str  # the date since which the article stands as it is cited
    regime: str
    capacity: Capacity
    title: Words
    article: str
    summary: Words
    documents: tuple[Document, ...]
    categories: tuple[Category, ...]
    telling: Words
    telling_source: str
    hears_subject: bool = False
    hearing_source: str = ""
    needs_consent: bool = False
    delay_grounds: tuple[Ground, ...] = ()
    unsure: tuple[Words, ...] = ()  # what was not confirmed in a source; shown wherever the basis is shown


TOLD_AT_DISCLOSURE = _("The uploader is told when the data is collected.")
