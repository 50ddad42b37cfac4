"""Tables of signing in: browsers that are signed in, links by mail, directories and who is in them.

They belong to people, who are global: none has row level security.
"""

from django.db import models
from django.db.models.functions import Now

from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.ids import uuid7


class BrowserSession(models.Model):
    """A browser that is signed in: what its person sees of it, and ends it by.

    `key` is the session's own; the session is gone when that of Django is.
    """

    class Method(models.TextChoices):
        PASSWORD = "password"  # noqa: S105
        PASSKEY = "passkey"
        DIRECTORY = "directory"
        LINK = "link"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    method = models.CharField(max_length=10, choices=Method.choices)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.method} from {self.address}"


class PersonalLink(models.Model):
    """A link that goes to one mail address, kept as SHA-256 only; it works once."""

    class Kind(models.TextChoices):
        ACTIVATE = "activate"
        RESET = "reset"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["email", "kind"], name="identity_link_of_address")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="reset") | models.Q(user__isnull=False),
                name="identity_reset_is_of_a_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.email}"


class Directory(models.Model):
    """A provider of OpenID Connect that people of this installation sign in with.

    `groups_claim` is the path of the claim that names groups or roles ("realm_access.roles");
    each of `rules` gives who has `value` there a `role` in an `organization`. `trusts_mail`: the
    provider proves addresses without saying so. `makes_users`: who is new gets an account.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=300)
    sealed_secret = models.BinaryField(null=True)
    scopes = models.CharField(max_length=300, default="openid email profile")
    groups_claim = models.CharField(max_length=200, default="groups")
    rules = models.JSONField(default=list)
    trusts_mail = models.BooleanField(default=False)
    makes_users = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class DirectoryAccount(models.Model):
    """Who somebody is in a directory; `granted` are the organizations that it let them into."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    granted = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "subject"], name="identity_subject_once")
        ]

    def __str__(self) -> str:
        return self.subject
