"""What a link opened: its target, read; who looks; and the addresses beneath it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord, QuoteRecord
from guilder.faces.web.languages import known
from guilder.faces.web.shell import address_of, request_id_of
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import AccessToken, Organization
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import NotFound
from guilder.registers.parties import queries as parties

PERMISSIONS = {
    "pay": frozenset({"invoice.view", "payment.view", "charge.start"}),
    "quote": frozenset({"quote.view", "quote.edit"}),
    "method": frozenset({"payment.view", "charge.start"}),
}
SALT = "guilder.preview"
PREVIEW_LASTS = 7 * 24 * 3600
COOKIE_LASTS = 24 * 3600


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """The client of a link that is about no document; `id` is the client's."""

    id: UUID
    partner_id: UUID
    partner_name: str
    language: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One page of a client: `base` is its address, under which pictures and forms lie."""

    kind: str
    by: Actor
    base: str
    organization: Organization
    record: InvoiceRecord | QuoteRecord | ClientRecord
    now: datetime
    link_id: UUID | None = None

    @property
    def is_preview(self) -> bool:
        """Whether this is what a client would see; nothing can be done on it."""
        return self.link_id is None

    @property
    def zone(self) -> ZoneInfo:
        """The organization's time zone."""
        return ZoneInfo(self.organization.time_zone)

    @property
    def today(self) -> date:
        """Today where the organization is."""
        return self.now.astimezone(self.zone).date()

    @property
    def language(self) -> str:
        """The language of the document, which is the client's; English where we lack it."""
        return known(self.record.language or self.organization.language) or "en"

    def document(self) -> Document:
        """The paper as a whole. Raises NotFound where the link is about none."""
        if isinstance(self.record, ClientRecord):
            raise NotFound("This link is about no document.")
        if isinstance(self.record, QuoteRecord):
            return queries.get_quote_document(self.record.id, by=self.by)
        return queries.get_document(self.record.id, by=self.by, at=self.now)


def by_cookie(request: HttpRequest, kind: str, link_id: UUID) -> Opened:
    """What the cookie of a link opens. Raises NoSuchToken, NoSuchInvoice, NoSuchQuote."""
    now = datetime.now(UTC)
    secret = request.COOKIES.get(cookie_name(kind, link_id), "")
    link = identities.find_access_token(kind, secret, at=now)
    if link.id != link_id:
        raise identities.NoSuchToken("This link is not valid any more; ask for a new one.")
    return opened(request, link, kind=kind, now=now, base=f"/{kind}/{link_id}/", link_id=link_id)


def by_signature(request: HttpRequest, kind: str, signed: str) -> Opened:
    """What a signed preview shows, drafts included. Raises NoSuchToken, NoSuchInvoice."""
    try:
        told = signing.loads(signed, salt=f"{SALT}.{kind}", max_age=PREVIEW_LASTS)
    except signing.BadSignature as error:
        raise identities.NoSuchToken("This preview has ended; ask for a new one.") from error
    link = AccessToken(organization_id=UUID(told[0]), target_id=UUID(told[1]))
    base = f"/{kind}/preview/{signed}/"
    return opened(request, link, kind=kind, now=datetime.now(UTC), base=base, link_id=None)


def opened(
    request: HttpRequest,
    link: AccessToken,
    *,
    kind: str,
    now: datetime,
    base: str,
    link_id: UUID | None,
) -> Opened:
    """The target of a link, read by an actor who may do what its page needs and no more."""
    by = identities.link_actor(
        link,
        permissions=PERMISSIONS[kind],
        request_id=request_id_of(request),
        address=address_of(request),
    )
    record: InvoiceRecord | QuoteRecord | ClientRecord
    if kind == "method":
        record = client_of(link)
    elif kind == "quote":
        record = queries.get_quote(link.target_id, by=by)
    else:
        record = queries.get_invoice(link.target_id, by=by)
    return Opened(
        kind=kind,
        by=replace(by, name=record.partner_name),
        base=base,
        organization=identities.get_organization(by.organization_id),
        record=record,
        now=now,
        link_id=link_id,
    )


def client_of(link: AccessToken) -> ClientRecord:
    """The client of a link. Raises NoSuchPartner."""
    whose = link.organization_id  # type: ignore[attr-defined]
    with transaction(whose):
        found = parties.get_partner(whose, link.target_id, side="customer")
    return ClientRecord(found.id, found.id, found.trading_name or found.name, found.language)


def signed_preview(kind: str, target_id: UUID, *, by: Actor) -> str:
    """The path of a preview that may be shown around for a week; the caller has seen the target."""
    told = [str(by.organization_id), str(target_id)]
    return f"/{kind}/preview/{signing.dumps(told, salt=f'{SALT}.{kind}')}/"


def cookie_name(kind: str, link_id: UUID) -> str:
    """One cookie a link, so that two tabs do not mix; bound to this host where it is HTTPS."""
    prefix = "__Host-" if settings.BASE_URL.startswith("https://") else ""
    return f"{prefix}{kind}-{link_id.hex}"


def is_own(request: HttpRequest, opened: Opened) -> bool:
    """Whether somebody of the organization itself looks."""
    if not request.user.is_authenticated:
        return False
    role = role_here(request, opened)
    return bool(role) and role != "client"


def is_guest(request: HttpRequest, opened: Opened) -> bool:
    """Whether a client's person looks who is signed in to the portal."""
    return request.user.is_authenticated and role_here(request, opened) == "client"


def role_here(request: HttpRequest, opened: Opened) -> str:
    """The role of who is signed in, in the organization of what is shown; "" for none."""
    of = identities.memberships_of(request.user.pk)  # type: ignore[arg-type]
    here = opened.by.organization_id
    return next((one.role for one in of if one.organization_id == here), "")


def is_first_today(opened: Opened) -> bool:
    """Whether the link was not used yet today; notes that it is now."""
    if opened.link_id is None:
        return False
    midnight = datetime.combine(opened.today, datetime.min.time(), opened.zone)
    return identity.first_use_since(opened.link_id, since=midnight, at=opened.now)
