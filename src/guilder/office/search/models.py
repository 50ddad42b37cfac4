"""The index: a row for each thing that can be found, and its words."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Entry(OrganizationModel):
    """One thing; its id is the thing's own. Amounts are minor units of `currency`.

    Prefixes are compared by byte order, since only that may use an index behind row level
    security (docs/adr/0019).
    """

    words: "models.Manager[Word]"

    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=240)
    subtitle = models.CharField(max_length=240, blank=True, default="")
    text = models.TextField(blank=True, default="")
    key = models.CharField(max_length=80, blank=True, default="", db_collation="C")
    tail = models.CharField(max_length=20, blank=True, default="", db_collation="C")
    amount = models.BigIntegerField(null=True, blank=True)
    payable = models.BigIntegerField(null=True, blank=True)  # where it differs from the amount
    currency = models.CharField(max_length=3, blank=True, default="")
    dated_on = models.DateField(null=True, blank=True)
    partner_id = models.UUIDField(null=True, blank=True)
    owner_id = models.UUIDField(null=True, blank=True)
    is_archived = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("organization", "key", "id", name="search_by_key", condition=~Q(key="")),
            models.Index(
                "organization", "tail", "id", name="search_by_tail", condition=~Q(tail="")
            ),
            models.Index(
                "organization",
                "amount",
                "id",
                name="search_by_amount",
                condition=Q(amount__isnull=False),
            ),
            models.Index(
                "organization",
                "payable",
                "id",
                name="search_by_payable",
                condition=Q(payable__isnull=False),
            ),
            models.Index(
                "organization",
                F("dated_on").desc(),
                "id",
                name="search_by_day",
                condition=Q(dated_on__isnull=False),
            ),
            models.Index(
                "organization",
                "partner_id",
                "id",
                name="search_by_partner",
                condition=Q(partner_id__isnull=False),
            ),
            models.Index(
                "organization",
                "owner_id",
                "id",
                name="search_by_owner",
                condition=Q(owner_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Word(OrganizationModel):
    """A word of a name, a reference or an address, that an entry is found by."""

    entry_id: UUID

    entry = reference("search.Entry", on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=40, db_collation="C")

    class Meta:
        indexes = [
            models.Index("organization", "word", "entry", name="search_by_word"),
            models.Index("organization", "entry", name="search_words_of"),
        ]

    def __str__(self) -> str:
        return self.word
