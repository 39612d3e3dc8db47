"""The tables of accounts, organisations and roles, tokens, identities and service rules."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.ids import uuid7
from core.models import DataKey
from verification.rules import DocumentType, IdentityKind, IdentityState, Level, OrganisationKind, Role


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a normalised e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "Account":
        """Return a new account; without a password it cannot sign in until one was set by its owner."""
        account = self.model(email=self.normalize_email(email).lower(), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of this e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who can sign in. It says nothing of who that is: identities and memberships do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    suspended_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    # Set at the edge for the request at hand: when the second factor was last given (aware), or None.
    second_factor_at: Any = None
    # Set at the edge: the bearer token by which the request came, or None.
    token: Any = None

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.ledger_reference

    @property
    def ledger_reference(self) -> str:
        """Return the opaque reference by which the ledger knows this account."""
        return f"account:{self.pk}"


class Organisation(models.Model):
    """A provider, an authority, or a rights holder's organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    contact_email = models.EmailField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=OrganisationKind.values))
        ]

    def __str__(self) -> str:
        return self.code


class Membership(models.Model):
    """That an account has a role, in an organisation or (rights holder) for itself, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_organisation_where_needed",
                condition=Q(organisation__isnull=False) | Q(role=Role.RIGHTS_HOLDER),
            ),
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="membership_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="membership_by_role")]


class Token(models.Model):
    """A bearer token; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    stepped_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="token_expires_later", condition=Q(expires_at__gt=models.F("created_at")))
        ]


class UsedCode(models.Model):
    """A one-time code that was used, so that it cannot be used again while it would still be valid."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="code_works_once")]


class Identity(models.Model):
    """A real name with its document: submitted by its owner, sealed at once, checked by a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="identities")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=IdentityKind.choices)
    state = models.CharField(max_length=20, choices=IdentityState.choices)
    legal_name_sealed = models.BinaryField()
    document_type = models.CharField(max_length=40)
    document_country = models.CharField(max_length=2)
    document_number_sealed = models.BinaryField()
    document_expires_on = models.DateField(null=True)
    postal_address_sealed = models.BinaryField()
    phone_sealed = models.BinaryField()
    # Equal for the same document whoever submits it: two accounts of one natural person are one person.
    person_index = models.BinaryField(max_length=32)
    # Equal for the same legal name, whatever its case and spacing: a changed name is seen without opening it.
    name_index = models.BinaryField(max_length=32)
    submitted_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=200, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    reasons = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="identity_state_known", condition=Q(state__in=IdentityState.values)),
            models.CheckConstraint(name="identity_kind_known", condition=Q(kind__in=IdentityKind.values)),
            models.CheckConstraint(
                name="identity_reviewed_by_somebody",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="identity_verified_says_how",
                condition=~Q(state=IdentityState.VERIFIED)
                | Q(reviewed_at__isnull=False, expires_at__isnull=False, level__in=Level.values) & ~Q(method=""),
            ),
            models.CheckConstraint(
                name="identity_refused_says_why",
                condition=~Q(state=IdentityState.REFUSED) | Q(reviewed_at__isnull=False) & ~Q(reasons=""),
            ),
            models.UniqueConstraint(
                fields=["account", "provider"],
                condition=Q(state=IdentityState.VERIFIED),
                name="identity_verified_once",
            ),
            models.UniqueConstraint(
                fields=["account", "provider"],
                condition=Q(state=IdentityState.SUBMITTED),
                name="identity_submitted_once",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], condition=Q(state="submitted"), name="identity_queue"),
            models.Index(fields=["person_index"], name="identity_by_person"),
            models.Index(fields=["name_index"], name="identity_by_name"),
        ]

    @property
    def document_label(self) -> str:
        """The kind of document, in words."""
        return str(DocumentType(self.document_type).label)

    @property
    def level_label(self) -> str:
        """How sure it is, in words; nothing before it was verified."""
        return str(Level(self.level).label) if self.level else ""


class ServiceRules(models.Model):
    """One version of a provider's service rules."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rules")
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    text = models.TextField()
    published_at = models.DateTimeField()
    effective_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "version"], name="rules_version_once"),
            models.CheckConstraint(
                name="rules_published_before_effect", condition=Q(effective_at__gte=models.F("published_at"))
            ),
        ]


class Acceptance(models.Model):
    """That an account accepted one version of a provider's service rules."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="acceptances")
    rules = models.ForeignKey(ServiceRules, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "rules"], name="acceptance_once")]
