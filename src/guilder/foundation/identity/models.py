"""Users, organizations, memberships, login sessions, API keys and access tokens.

None of these tables has row level security: signing in reads them before an organization is known.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

from guilder.foundation.tenancy.ids import uuid7


class Role(models.TextChoices):
    """The columns of the permission table."""

    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    ACCOUNTANT = "accountant", "Accountant"
    AGENT = "agent", "Agent"
    VIEWER = "viewer", "Viewer"
    CLIENT = "client", "Client"


class TaxRounding(models.TextChoices):
    """Where VAT is rounded: per tax group (EN 16931, BR-CO-17), or per line by national law."""

    GROUP = "group", "Per tax group"
    LINE = "line", "Per line"


class UserManager(BaseUserManager["User"]):
    """Makes users for Django's own commands; the rooms use `operations.create_user`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with `password` (None: cannot sign in by password)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator of the installation."""
        return self.create_user(email, password, **{**fields, "is_operator": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """By mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person, global by mail address; what they may do is said by their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    formats = models.CharField(max_length=16, blank=True)  # a locale; "": as the language has it
    time_zone = models.CharField(max_length=64, blank=True)
    picture_mark = models.CharField(max_length=16, blank=True)  # tells pictures apart; "": none
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="identity_user_email_lowered"
            )
        ]

    def clean(self) -> None:
        """Lower-case the mail address."""
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """The name, else the mail address."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The same: names are not taken apart."""
        return self.get_full_name()


class UserPicture(models.Model):
    """A person's picture, cut square and set anew as PNG: never the bytes that were sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    png = models.BinaryField()
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.id)


class Organization(models.Model):
    """The legal entity that invoices."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    base_currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    tax_rounding = models.CharField(
        max_length=5, choices=TaxRounding.choices, default=TaxRounding.GROUP
    )
    is_demo = models.BooleanField(default=False)
    sealed_uploads = models.BooleanField(default=False)  # for managers only by signed links
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)


class CustomRole(models.Model):
    """A role that an organization made for itself, beside the six that there are.

    `based_on` is the built-in role that it began as and falls back to; `permissions` are names of
    the table, `own` those of them that hold for the person's own things only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    based_on = models.CharField(max_length=20, choices=Role.choices)
    permissions = models.JSONField(default=list)
    own = models.JSONField(default=list)
    row_rule = models.CharField(max_length=10, default="own")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="identity_role_name_once"),
            models.CheckConstraint(
                condition=models.Q(row_rule__in=["all", "team", "assigned", "own"]),
                name="identity_role_rule_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(based_on__in=[Role.ADMIN, Role.CLIENT]),
                name="identity_role_based_below_admin",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in an organization, with a role; `lead` is who has them in their team.

    With a `custom_role` that one says what they may, and `role` is what it is based on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    custom_role = models.ForeignKey(
        CustomRole, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lead = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="identity_membership_once"
            )
        ]


class Invitation(models.Model):
    """Somebody who was asked in by mail; the secret of the link is an AccessToken's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    custom_role = models.ForeignKey(
        CustomRole, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                name="identity_invited_once",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email


class LoginSession(models.Model):
    """One signed-in program: the family of refresh tokens that began with one login."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    refresh_hash = models.BinaryField(max_length=32)
    generation = models.PositiveIntegerField(default=1)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    refreshed_at = models.DateTimeField(db_default=Now(), editable=False)
    proved_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=40, blank=True)


class ApiKey(models.Model):
    """A program's key: belongs to one organization, acts with one role, narrowed by scopes.

    Only the SHA-256 of the secret is kept. `scopes` are permission names or `<thing>.*`; empty is
    all that the role may. `plan_count` per `plan_seconds` is the key's own throttle (0: none); null
    is what a signed-in user has.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.ADMIN)
    prefix = models.CharField(max_length=24, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)
    plan_count = models.PositiveIntegerField(null=True)
    plan_seconds = models.PositiveIntegerField(null=True)
    api_version = models.CharField(max_length=10)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class AccessToken(models.Model):
    """A link's secret (pay page, portal, approval, invitation), kept as SHA-256 only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    target_id = models.UUIDField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "kind", "target_id"], name="identity_token_target")
        ]
