"""Partners and the partnerships with them."""

from uuid import UUID

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Partner(OrganizationModel):
    """A person or company in a commercial transaction."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        INDIVIDUAL = "individual"

    addresses: "models.Manager[PartnerAddress]"
    contacts: "models.Manager[PartnerContact]"
    tax_ids: "models.Manager[PartnerTaxId]"
    bank_accounts: "models.Manager[PartnerBankAccount]"
    partnerships: "models.Manager[Partnership]"

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    trading_name = models.CharField(max_length=200, blank=True, default="")
    legal_registration = models.CharField(max_length=80, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    website = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    custom_fields = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    # What a word is sought in, in small letters already: read of each partner of an organization.
    words = models.GeneratedField(
        expression=Lower(
            Concat("name", Value("\n"), "trading_name", Value("\n"), "code", Value("\n"), "email")
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="partner_code_once"),
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_a_name"),
        ]
        indexes = [
            models.Index("organization", Lower("name").asc(), "id", name="partner_by_name"),
            models.Index(fields=["organization", "-created_at", "-id"], name="partner_newest"),
            models.Index(
                "organization", Lower("email"), name="partner_by_email", condition=~Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerAddress(OrganizationModel):
    """A structured address (BG-5, BG-8) with what it is used for."""

    class Use(models.TextChoices):
        BILLING = "billing"
        DELIVERY = "delivery"
        LEGAL = "legal"

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="addresses")
    use = models.CharField(max_length=10, choices=Use, default=Use.BILLING)
    line1 = models.CharField(max_length=200, blank=True, default="")
    line2 = models.CharField(max_length=200, blank=True, default="")
    line3 = models.CharField(max_length=200, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    region = models.CharField(max_length=120, blank=True, default="")
    country = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner", "use"], name="one_address_for_each_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line1}, {self.postal_code} {self.city}"


class PartnerContact(OrganizationModel):
    """A person to write to or call at the partner."""

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    role = models.CharField(max_length=80, blank=True, default="")
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner"],
                name="one_primary_contact",
                condition=Q(is_primary=True),
            ),
        ]
        indexes = [models.Index("organization", "partner", "position", name="contact_of_partner")]

    def __str__(self) -> str:
        return self.name or self.email


class PartnerTaxId(OrganizationModel):
    """A number that an authority gave the partner; `is_valid` is None until it was checked."""

    class Scheme(models.TextChoices):
        VAT = "vat"
        TAX = "tax"
        REGISTRATION = "registration"
        GLN = "gln"
        ENDPOINT = "endpoint"
        OTHER = "other"

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="tax_ids")
    scheme = models.CharField(max_length=12, choices=Scheme)
    value = models.CharField(max_length=80)
    code = models.CharField(max_length=12, blank=True, default="")  # ISO 6523 ICD or EAS
    country = models.CharField(max_length=2, blank=True, default="")
    is_valid = models.BooleanField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner", "scheme", "value"],
                name="tax_id_once_for_a_partner",
            ),
        ]
        indexes = [models.Index("organization", "scheme", "value", name="partner_by_tax_id")]

    def __str__(self) -> str:
        return self.value


class PartnerBankAccount(OrganizationModel):
    """An account of the partner: an IBAN, or `account` where the country has none."""

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="bank_accounts")
    iban = models.CharField(max_length=34, blank=True, default="")
    bic = models.CharField(max_length=11, blank=True, default="")
    account = models.CharField(max_length=60, blank=True, default="")
    holder = models.CharField(max_length=200, blank=True, default="")
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~(Q(iban="") & Q(account="")), name="bank_account_has_a_number"
            ),
        ]
        indexes = [
            models.Index("organization", "partner", name="bank_account_of_partner"),
            models.Index("organization", "iban", name="partner_by_iban", condition=~Q(iban="")),
        ]

    def __str__(self) -> str:
        return self.iban or self.account


class Partnership(OrganizationModel):
    """What is agreed with a partner in one role: currency, terms, tax treatment, delivery."""

    class Side(models.TextChoices):
        CUSTOMER = "customer"
        SUPPLIER = "supplier"

    class TaxTreatment(models.TextChoices):
        AUTOMATIC = "automatic"
        DOMESTIC = "domestic"
        EXEMPT = "exempt"
        REVERSE_CHARGE = "reverse_charge"

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="partnerships")
    side = models.CharField(max_length=8, choices=Side)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=16, blank=True, default="")
    terms = models.JSONField(default=dict, blank=True)  # kernel.period.Terms; {} is the default
    tax_treatment = models.CharField(
        max_length=14, choices=TaxTreatment, default=TaxTreatment.AUTOMATIC
    )
    price_list = models.CharField(max_length=40, blank=True, default="")
    delivery_channel = models.CharField(max_length=12, default="mail")
    delivery_format = models.CharField(max_length=20, default="pdf")
    buyer_reference = models.CharField(max_length=100, blank=True, default="")  # BT-10
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner", "side"], name="one_partnership_for_each_side"
            ),
        ]
        indexes = [models.Index("organization", "side", "partner", name="partnership_by_side")]

    def __str__(self) -> str:
        return f"{self.side} {self.partner}"


class VatCheck(OrganizationModel):
    """What a tax office answered when it was asked about a VAT id: evidence, never changed. It goes
    only with a partner that nothing refers to."""

    app_may = ("SELECT", "INSERT", "DELETE")

    partner_id: UUID

    partner = reference("parties.Partner", on_delete=models.CASCADE, related_name="vat_checks")
    vat_id = models.CharField(max_length=30)
    requester = models.CharField(max_length=30, blank=True, default="")  # the own VAT id
    service = models.CharField(max_length=8)  # vies, hmrc
    is_valid = models.BooleanField()
    name = models.CharField(max_length=400, blank=True, default="")
    address = models.CharField(max_length=400, blank=True, default="")
    consultation = models.CharField(max_length=400, blank=True, default="")
    answer = models.JSONField(default=dict)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("organization", "partner", "id", name="vat_checks_of_partner")]

    def __str__(self) -> str:
        return f"{self.vat_id} {self.checked_at:%Y-%m-%d}"


class SellerProfile(OrganizationModel):
    """The organization itself, as its documents name it (BG-4, BG-16, BG-17)."""

    legal_name = models.CharField(max_length=200)  # BT-27
    trading_name = models.CharField(max_length=200, blank=True, default="")  # BT-28
    vat_id = models.CharField(max_length=30, blank=True, default="")  # BT-31
    tax_number = models.CharField(max_length=40, blank=True, default="")  # BT-32
    legal_registration = models.CharField(max_length=80, blank=True, default="")  # BT-30
    registration_scheme = models.CharField(max_length=12, blank=True, default="")
    legal_information = models.CharField(max_length=400, blank=True, default="")  # BT-33
    endpoint = models.CharField(max_length=80, blank=True, default="")  # BT-34
    endpoint_scheme = models.CharField(max_length=12, blank=True, default="")
    line1 = models.CharField(max_length=200, blank=True, default="")
    line2 = models.CharField(max_length=200, blank=True, default="")
    line3 = models.CharField(max_length=200, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=120, blank=True, default="")
    region = models.CharField(max_length=120, blank=True, default="")
    country = models.CharField(max_length=2)
    contact_name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    website = models.CharField(max_length=200, blank=True, default="")
    iban = models.CharField(max_length=34, blank=True, default="")  # BT-84
    bic = models.CharField(max_length=11, blank=True, default="")  # BT-86
    account_holder = models.CharField(max_length=200, blank=True, default="")  # BT-85
    creditor_id = models.CharField(max_length=35, blank=True, default="")  # BT-90
    # How BT-83 is made of the number (kernel.references); empty: the number itself is quoted.
    reference_scheme = models.CharField(max_length=3, blank=True, default="")
    terms = models.JSONField(default=dict, blank=True)  # the default kernel.period.Terms
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_seller_profile"),
        ]

    def __str__(self) -> str:
        return self.legal_name


class SellerAccount(OrganizationModel):
    """A bank account of the organization's own; the shown one stands on documents (BG-17)."""

    label = models.CharField(max_length=80)
    holder = models.CharField(max_length=200, blank=True, default="")
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True, default="")
    is_shown = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "iban"], name="own_iban_once"),
            models.UniqueConstraint(
                fields=["organization"], name="one_shown_account", condition=Q(is_shown=True)
            ),
        ]

    def __str__(self) -> str:
        return self.iban


class Assignment(OrganizationModel):
    """A client whom somebody looks after: with the rule "assigned" they see its documents."""

    partner_id: UUID

    partner = reference("parties.Partner", on_delete=models.CASCADE)
    user_id = models.UUIDField()
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user_id", "partner"], name="assigned_once"
            ),
        ]
        indexes = [models.Index("organization", "partner", name="assignments_of_partner")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.partner_id}"


class PortalAccess(OrganizationModel):
    """A client's own person, who sees what was issued to that client and nothing else."""

    partner_id: UUID

    partner = reference("parties.Partner", on_delete=models.CASCADE)
    user_id = models.UUIDField()
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user_id", "partner"], name="portal_access_once"
            ),
        ]
        indexes = [models.Index("organization", "partner", name="portal_access_of_partner")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.partner_id}"


class PortalInvitation(OrganizationModel):
    """Somebody of a client who is asked into the portal: whose papers they see once they come."""

    partner_id: UUID

    partner = reference("parties.Partner", on_delete=models.CASCADE)
    invitation_id = models.UUIDField()
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invitation_id", "partner"], name="portal_invited_once"
            ),
        ]
        indexes = [models.Index("organization", "partner", name="portal_invited_of_partner")]

    def __str__(self) -> str:
        return f"{self.invitation_id} of {self.partner_id}"
